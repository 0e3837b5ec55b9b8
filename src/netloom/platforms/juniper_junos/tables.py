"""Tables on screens, cut at the columns of their headings."""

from __future__ import annotations

import re
from collections.abc import Iterator

_GAP = re.compile(r"\S+(?: \S+)*")


def rows(shown: str, heading: re.Pattern[str]) -> Iterator[tuple[str, ...]]:
    """The cells of every line below a heading, as many as its words set apart by two spaces or more."""
    starts: list[int] = []
    for line in shown.expandtabs().splitlines():
        if heading.search(line):
            starts = [match.start() for match in _GAP.finditer(line)]
        elif starts and line.strip():
            yield _cells(line, starts)


def _cells(line: str, starts: list[int]) -> tuple[str, ...]:
    """Cut at the columns; where a word runs across a border, by the gaps between words if they are as many."""
    if any(line[start - 1 : start].strip() and line[start : start + 1].strip() for start in starts[1:]):
        words = line.split()
        if len(words) == len(starts):
            return tuple(words)
    ends = [*starts[1:], len(line)]
    return tuple(line[start:end].strip() for start, end in zip(starts, ends, strict=True))
