"""Series beside one another as lines: of dots, eight to a cell, or of marks that tell them apart without colour."""

from __future__ import annotations

from netloom.app.charts.axis import Axis
from netloom.app.charts.chart import Series, TimeChart, colour
from netloom.cli.plot.canvas import Grid, Screen, blank
from netloom.cli.plot.sampling import columns

MARKS = "*+xo#%@&"
REST = "."
_BRAILLE = 0x2800
_DOTS = ((0x01, 0x02, 0x04, 0x40), (0x08, 0x10, 0x20, 0x80))
"""The bits of a cell's two columns of dots, from the top."""


def mark(at: int, *, rest: bool, screen: Screen, alone: bool) -> str:
    """What stands for a series in the legend."""
    if dotted(screen, alone=alone):
        return "⠒⠒"
    return REST if rest else MARKS[at % len(MARKS)]


def dotted(screen: Screen, *, alone: bool) -> bool:
    """Whether lines are drawn in dots; without colour only one alone is."""
    return screen.unicode and (screen.colour or alone)


def draw(chart: TimeChart, scale: Axis, width: int, screen: Screen) -> Grid:
    """The plot's cells."""
    grid = blank(width, screen.height)
    for at, each in reversed(list(enumerate(chart.series))):  # the first series lies on top
        paint = colour(at, rest=each.rest) if screen.colour else ""
        if dotted(screen, alone=len(chart.series) == 1):
            _dots(grid, each, (chart.since, chart.until), scale, paint)
        else:
            character = mark(at, rest=each.rest, screen=screen, alone=False)
            _marks(grid, each, (chart.since, chart.until), scale, (character, paint))
    return grid


def _dots(grid: Grid, series: Series, span: tuple[float, float], scale: Axis, paint: str) -> None:
    height = len(grid) * 4
    values = columns(series, *span, len(grid[0]) * 2)
    before: int | None = None
    for at, value in enumerate(values):
        if value is None:
            before = None
            continue
        level = _level(value, scale, height)
        low, high = sorted((level, level if before is None else before))
        # a step is joined by dots one above the other, half of them in each column
        for dot in range(low if level == low else low + 1, high + 1 if level == high else high):
            _set(grid, at, height - 1 - dot, paint)
        _set(grid, at, height - 1 - level, paint)
        before = level


def _set(grid: Grid, column: int, row: int, paint: str) -> None:
    cell = grid[row // 4][column // 2]
    bits = ord(cell.text) - _BRAILLE if ord(cell.text) >= _BRAILLE else 0
    cell.text = chr(_BRAILLE | bits | _DOTS[column % 2][row % 4])
    cell.front = paint


def _marks(grid: Grid, series: Series, span: tuple[float, float], scale: Axis, look: tuple[str, str]) -> None:
    for at, value in enumerate(columns(series, *span, len(grid[0]))):
        if value is not None:
            cell = grid[len(grid) - 1 - _level(value, scale, len(grid))][at]
            cell.text, cell.front = look


def _level(value: float, scale: Axis, height: int) -> int:
    return max(0, min(height - 1, round(scale.share(value) * (height - 1))))
