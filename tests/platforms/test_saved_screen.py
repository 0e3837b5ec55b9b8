"""Screens as people save them: prompts, time stamps, pagers and line ends are not the command's own."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from pathlib import Path

import pytest

from netloom.platforms.saved_screen import apart

HERE = Path(__file__).parent / "observed"
SCREENS = [
    path
    for platform in ("arista_eos", "cisco_ios", "cisco_nxos")
    for path in sorted((HERE / platform).glob("*/*/input.txt"))
    if path.read_text().lstrip()[:1] not in "{[<"
]
STAMP = "Load for five secs: 1%/0%; one minute: 1%; five minutes: 1%\nTime source is NTP, 10:00:00 UTC Mon Mar 7 2022\n"
SAVED: dict[str, Callable[[str], str]] = {
    "between prompts": lambda text: f"sw-1# show something | include x\n{text}\nsw-1# ",
    "with a time stamp": lambda text: f"sw1>show something\n{STAMP}\n{text}\nsw1>exit",
    "after the command alone": lambda text: f"show something\n{text}",
    "with carriage returns": lambda text: text.replace("\n", "\r\n"),
    "between blank lines": lambda text: f"\n\n{text}\n\n\n",
    "from a test's log": lambda text: f"[2022-03-07 10:00:00,000] +++ sw1: executing 'show x' +++\nshow x\n{text}",
}


@pytest.mark.parametrize("saved", SAVED)
@pytest.mark.parametrize("path", SCREENS, ids=lambda path: "/".join(path.parts[-4:-1]))
def test_what_surrounds_a_screen_changes_nothing(path: Path, saved: str) -> None:
    module = importlib.import_module(f"netloom.platforms.{path.parts[-4]}.{path.parts[-3]}")
    text = path.read_text()
    assert module.observed(SAVED[saved](text)) == module.observed(text)


def test_prompts_part_a_text_that_holds_several_outputs() -> None:
    text = "r1#sh clock\n10:00\nr1(config)#do show users\nnobody\nr1(config)#end\nr1#"
    assert apart([text, "more"]) == ["10:00", "nobody", "more"]


def test_a_pager_leaves_nothing_behind() -> None:
    assert apart(["one\n --More-- \x08\x08\x08\x08\x08\x08\x08\x08\x08two"]) == ["one\ntwo"]


@pytest.mark.parametrize("text", ['{"a": "sw1#show x"}', "<a>\nsw1#\n</a>", '[{"a": 1}]\n'])
def test_structured_replies_stay_as_they_are(text: str) -> None:
    assert apart([text]) == [text]


def test_a_row_that_begins_as_a_command_does_stays() -> None:
    assert apart(["Alias  Command\nshow me   show version"]) == ["Alias  Command\nshow me   show version"]
