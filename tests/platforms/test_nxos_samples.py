"""Others' Nexus configurations: nothing is lost, nothing is invented, and changes lead there and back."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
import yaml
from tests.platforms.nxos_records import ORDER
from tests.platforms.promises import Promises
from tests.platforms.test_nxos_properties import PERMANENT

from netloom.model.config import Config, Line
from netloom.platforms.contract import load_platform
from netloom.platforms.lines import unmodelled
from netloom.platforms.vlan_lines import singly

SAMPLES = Path(__file__).resolve().parents[2].parent / "shared" / "samples"
NXOS = load_platform("cisco_nxos")
FIXED = (*PERMANENT, ("interface", ("Vlan1",)))
PROMISES = Promises(NXOS, ORDER, Config({}), permanent=FIXED)
_CONFIG = re.compile(r"^(?:feature |vdc \S+ id )", re.MULTILINE)
_VALUES = re.compile(r"(ip name-server) (\S+(?: (?!use-vrf)\S+)*)( use-vrf \S+)?")

pytestmark = pytest.mark.samples


def configurations() -> list[Path]:
    """Every file of the samples that holds a Nexus' configuration."""
    found = sorted(SAMPLES.glob("lab-validation/snapshots/*/configs/*/show_running-config.txt"))
    found += sorted(SAMPLES.glob("napalm/test/nxos*/mocked_data/**/show_running*"))
    found += sorted(SAMPLES.glob("napalm/test/nxos*/mocked_data/**/show_startup*"))
    found += sorted(SAMPLES.glob("napalm/test/nxos*/mocked_data/**/show_file_temp*"))
    return [path for path in found if path.is_file() and _CONFIG.search(path.read_text())]


def stated(text: str) -> Counter[str]:
    """The lines of a text that say something, each object by itself."""
    lines = [line.strip() for line in text.splitlines()]
    single = [part for line in lines if line and not line.startswith("!") for part in singly(line)]
    return Counter(part for line in single for part in _apart(line))


def _apart(line: str) -> list[str]:
    match = _VALUES.fullmatch(line)
    return [f"{match[1]} {server}{match[3] or ''}" for server in match[2].split()] if match else [line]


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the samples of others' devices are not beside the checkout")
@pytest.mark.parametrize("path", configurations(), ids=lambda path: "/".join(path.parts[-4:-1]))
def test_a_real_configuration_is_kept_whole_and_every_record_stands_by_itself(path: Path) -> None:
    text = path.read_text()
    config = NXOS.parse(text)
    in_tree = Counter(line.text for line in config.lines())
    lost = stated(text) - in_tree
    # a VLAN that stands in the list and has a section of its own is one
    assert [line for line in lost if not re.fullmatch(r"vlan \d+", line)] == []
    assert set(in_tree) <= set(stated(text))
    PROMISES.is_kept_whole(text)
    PROMISES.every_record_stands_by_itself(config)


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the samples of others' devices are not beside the checkout")
def test_records_and_the_unknown_account_for_every_line_of_a_real_configuration() -> None:
    for path in configurations():
        config = NXOS.parse(path.read_text())
        unknown = set(unmodelled(NXOS, config))
        known: set[Line] = set()
        for noun in ORDER:
            module = PROMISES.module(noun)
            for record in module.configured(config):
                known.update(module.lines(record, config))
        headers = {Line(header, line.path[:depth]) for line in known for depth, header in enumerate(line.path)}
        assert set(config.lines()) - unknown == known | headers


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the samples of others' devices are not beside the checkout")
def test_others_before_and_after_are_reached() -> None:
    cases = yaml.safe_load((SAMPLES / "annet/tests/annet/test_patch/nexus_lag_member_remove.yaml").read_text())
    for case in cases:
        before, after = NXOS.parse(case["before"]), NXOS.parse(case["after"])
        lines = NXOS.delta(before, after)
        assert NXOS.apply_lines(before, lines) == after
        ours = {line for line in NXOS.script(lines) if line != "exit"}
        # theirs leaves the port channel once more, which went with the port channel itself
        theirs = {line.strip() for line in case["patch"].splitlines()} - {
            "conf t",
            "exit",
            "copy running-config startup-config",
            "no channel-group",
        }
        assert ours == theirs
