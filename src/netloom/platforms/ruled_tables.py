"""Tables under a line of dashes, which tells where their columns stand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

_RULER = re.compile(r" *-{2,}(?:[+ ]+-+)+ *")


@dataclass(frozen=True, slots=True)
class Table:
    """One table."""

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def column(self, heading: re.Pattern[str]) -> int | None:
        """The place of the first column whose heading matches wholly."""
        return next((at for at, text in enumerate(self.headings) if heading.fullmatch(text)), None)


def tables(text: str) -> Iterator[Table]:
    """Every table; its rows end with a blank line, or where the next heading begins."""
    lines = text.expandtabs().splitlines()
    rulers = [at for at, line in enumerate(lines) if at and _RULER.fullmatch(line)]
    for place, at in enumerate(rulers):
        starts = [match.start() for match in re.finditer(r"-+", lines[at])]
        end = rulers[place + 1] - 1 if place + 1 < len(rulers) else len(lines)
        rows = []
        for line in lines[at + 1 : end]:
            if not line.strip():
                break
            rows.append(_cells(line, starts))
        yield Table(_cells(lines[at - 1], starts), tuple(rows))


def _cells(line: str, starts: list[int]) -> tuple[str, ...]:
    bounds = [0, *starts[1:], len(line)]
    return tuple(line[first:last].strip() for first, last in pairwise(bounds))
