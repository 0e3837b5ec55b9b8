"""What IOS says that has changed since its timer was started: the copy in the archive beside what runs.

IOS has no candidate that it could compare, but the timer keeps a copy (Contextual Configuration Diff Utility). Lines
have their sign behind their indentation; those with `!` are comments, or stand elsewhere in a list whose order counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from netloom.errors import CommandRejected
from netloom.model.config import Config
from netloom.platforms.contract import Ask, Shift, Talk
from netloom.platforms.counted_lines import planned_shift, told_shift
from netloom.platforms.vlan_lines import singly

_NEWEST = re.compile(r"(?m)^ *\d+ +(?P<place>\S+) *<- *Most Recent")
_SIGNED = re.compile(r" *(?P<sign>[+-])(?P<line>.*)")
_SIGNS = {"+": 1, "-": -1}
_NUMBERED = re.compile(r"\d+ (?=permit |deny |remark )")
"""Rules of a list have numbers in the tree, which most releases do not print."""
_COMES_AND_GOES = re.compile(r"ntp clock-period \d+|end|version .*")


def told_afterwards() -> Talk[str]:
    """IOS's own difference, empty where it keeps no copy or cannot compare."""
    try:
        newest = _NEWEST.search((yield Ask("show archive")))
        if newest is None:
            return ""
        shown = yield Ask(f"show archive config differences {newest['place']} system:running-config")
    except CommandRejected:
        return ""
    return "\n".join(line.rstrip() for line in shown.splitlines() if line.strip())


def difference(shown: str, base: Config, predicted: Config) -> tuple[Shift, Shift]:
    """The lines, without their sections, that the device's difference and the plan shift."""
    return told_shift(_signed(shown), _texts), planned_shift(base, predicted, _texts)


def _signed(shown: str) -> Iterator[tuple[int, str]]:
    for line in shown.splitlines():
        if match := _SIGNED.fullmatch(line):
            yield _SIGNS[match["sign"]], match["line"]


def _texts(line: str) -> Iterable[str]:
    text = _NUMBERED.sub("", line.strip(), count=1)
    if not text or text.startswith(("!", "exit")) or _COMES_AND_GOES.fullmatch(text):
        return ()
    return singly(text)
