"""Real configurations of Cisco IOS made by others, and pairs of them before and after a change."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.platforms.cisco_ios_records import ORDER
from tests.platforms.promises import Promises, differences
from yaml import CSafeLoader, load

from netloom.platforms.cisco_ios.acl_numbers import header_of
from netloom.platforms.contract import load_platform
from netloom.platforms.lines import unmodelled

IOS = load_platform("cisco_ios")
PROMISES = Promises(IOS, ORDER, IOS.parse(""))
SAMPLES = Path(__file__).parents[2].parent / "shared/samples"
CONFIGS = sorted(
    [
        *SAMPLES.glob("lab-validation/snapshots/ios*/configs/**/*.txt"),
        *SAMPLES.glob("napalm/test/ios/mocked_data/**/show_running_config*.txt"),
        *SAMPLES.glob("ntc-templates/tests/cisco_ios/show_running-config*/*.raw"),
    ]
)
PAIRS = sorted(SAMPLES.glob("annet/tests/annet/test_patch/cisco_*.yaml"))
_NUMBER = re.compile(r"(?:sequence )?\d+ ")
_LEFT_OUT = re.compile(
    r"Building conf.*|Current conf.*|end|exit(-\S+)?|!.*|ntp clock-period.*|Load for.*|Time source.*|\S+#.*"
)

pytestmark = [
    pytest.mark.samples,
    pytest.mark.skipif(not CONFIGS, reason="the samples of others are not beside this checkout"),
]


def cases() -> Iterator[tuple[str, str, str]]:
    """Name, before and after of every pair; a difference is both."""
    for path in PAIRS:
        document = load(path.read_text(), CSafeLoader)
        for number, case in enumerate(document if isinstance(document, list) else [document]):
            if "diff" in case:
                before = "\n".join(_side(case["diff"], "-"))
                after = "\n".join(_side(case["diff"], "+"))
            else:
                before, after = case["before"], case["after"]
            yield f"{path.stem}-{number}", before, after


def _side(diff: str, sign: str) -> Iterator[str]:
    for line in diff.splitlines():
        mark = line.strip()[:1]
        if mark not in "+-" or not mark:
            yield line
        elif mark == sign:
            yield line.replace(sign, " " if line.startswith(" ") else "", 1)


@pytest.mark.parametrize("path", CONFIGS, ids=lambda path: "-".join(path.parts[-3:]))
def test_no_line_of_a_real_configuration_is_lost(path: Path) -> None:
    text = path.read_text(errors="replace")
    config = IOS.parse(text)
    shown = [_NUMBER.sub("", part) for line in config.lines() for part in line.text.split("\n")]
    kept = {" ".join(part.split()) for part in shown}
    for line in IOS.normalise(text).splitlines():
        words = " ".join(line.split())
        numbered = re.match(r"access-list (\d+) (.*)", words)
        if numbered and header_of(int(numbered[1])):
            words = numbered[2]
        assert _LEFT_OUT.fullmatch(words) or not words or _NUMBER.sub("", words) in kept or words in kept, line
    remarks = re.findall(r"(?m)^ remark .*|^access-list \d+ remark .*", text)
    assert sum(" remark " in f" {part}" for part in shown if part.startswith("remark")) >= len(remarks)


@pytest.mark.parametrize("path", CONFIGS, ids=lambda path: "-".join(path.parts[-3:]))
def test_a_real_configuration_keeps_the_promises(path: Path) -> None:
    text = path.read_text(errors="replace")
    PROMISES.is_kept_whole(text)
    PROMISES.every_record_stands_by_itself(IOS.parse(text))


def test_records_and_what_is_told_as_unmodelled_are_all_that_there_is() -> None:
    for path in CONFIGS:
        config = IOS.parse(path.read_text(errors="replace"))
        told = set(unmodelled(IOS, config))
        for noun in ORDER:
            module = IOS.module(noun)
            assert module is not None
            for record in module.configured(config):
                told.update(module.lines(record, config))
        headers = {header for line in told for header in line.path}
        assert {line for line in config.lines() if line not in told and line.text not in headers} == set()


@pytest.mark.parametrize(("name", "before", "after"), list(cases()), ids=lambda value: value if len(value) < 60 else "")
def test_the_delta_of_a_pair_leads_from_one_to_the_other(name: str, before: str, after: str) -> None:
    here, there = IOS.parse(before), IOS.parse(after)
    lines = IOS.delta(here, there)
    if name == "cisco_physical_iface_delete-0":
        # annet resets some of its lines and shuts it; IOS has one command that resets them all
        assert [str(line) for line in lines] == ["default interface Ethernet1/2"]
    assert differences(IOS.apply_lines(here, lines), there) == [], name
