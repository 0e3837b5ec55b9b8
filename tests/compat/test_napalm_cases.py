"""NAPALM's recorded cases, through our view: the same replies give the same results."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from netloom.compat.napalm.view import getters, view
from netloom.platforms.contract import load_platform

SAMPLES = Path(__file__).parents[3] / "shared" / "samples" / "napalm" / "test"
DRIVERS = ("eos", "ios", "nxos", "nxos_ssh", "junos")
CASES = sorted(
    path.parent for driver in DRIVERS for path in SAMPLES.glob(f"{driver}/mocked_data/**/expected_result.json")
)

MISSES: dict[str, str] = {
    "ios/test_get_interfaces_counters/no_canonical_for_mgmt": "NAPALM reads «416 multicasts» as 6, its last digit",
    "ios/test_get_optics/vss_setup": "NAPALM reads the mark of an alarm (--) as a column, and light sent as received",
    "junos/test_get_facts/normal": "name, serial number, model and uptime stand in NAPALM's test double, in no reply",
}
"""Cases that do not come out the same, and why."""

pytestmark = [pytest.mark.samples, pytest.mark.skipif(not CASES, reason="needs ../shared/samples/napalm")]


def name(case: Path) -> str:
    return str(case.relative_to(SAMPLES)).replace("/mocked_data/", "/")


def parts(case: Path) -> tuple[str, str]:
    """The driver and the getter."""
    driver, _, getter = case.relative_to(SAMPLES).parts[:3]
    return driver, getter.removeprefix("test_")


@pytest.mark.parametrize("case", CASES, ids=name)
def test_the_same_replies_give_the_same_result(case: Path) -> None:
    driver, getter = parts(case)
    if getter not in getters(load_platform(driver).name):
        pytest.fail(f"{driver} has no {getter}")
    if name(case) in MISSES:
        pytest.skip(MISSES[name(case)])
    replies = {path.stem: path.read_text() for path in case.iterdir() if path.name != "expected_result.json"}
    text = (case / "expected_result.json").read_text()
    # a checkpoint is expected as the text that it is
    expected = json.loads(text) if text.lstrip().startswith(("{", "[")) else text
    assert json.loads(json.dumps(view(driver, getter, replies))) == expected
