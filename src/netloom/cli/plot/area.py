"""Series upon one another: in colour to an eighth of a row, without colour by patterns."""

from __future__ import annotations

from collections.abc import Sequence

from netloom.app.charts.axis import Axis
from netloom.app.charts.chart import TimeChart, colour
from netloom.cli.plot.canvas import Cell, Grid, Screen, blank
from netloom.cli.plot.sampling import columns

EIGHTHS = " ▁▂▃▄▅▆▇█"
PATTERNS = "█▓▒░▚▤▞▥"
ASCII_PATTERNS = "#=+:*%o-"
REST_PATTERN, ASCII_REST = "·", "."
PARTS = 8


def pattern(at: int, *, rest: bool, screen: Screen) -> str:
    """What stands for a series where there is no colour."""
    if rest:
        return REST_PATTERN if screen.unicode else ASCII_REST
    return (PATTERNS if screen.unicode else ASCII_PATTERNS)[at % len(PATTERNS)]


def draw(chart: TimeChart, scale: Axis, width: int, screen: Screen) -> Grid:
    """The plot's cells."""
    grid = blank(width, screen.height)
    sampled = [columns(each, chart.since, chart.until, width) for each in chart.series]
    for at in range(width):
        tops = _tops([values[at] or 0.0 for values in sampled], scale, screen.height)
        for row in range(screen.height):
            grid[screen.height - 1 - row][at] = _cell(chart, _within(tops, row * PARTS), screen)
    return grid


def _tops(values: Sequence[float], scale: Axis, height: int) -> list[int]:
    """Where each series ends, in eighths of a row from the bottom."""
    found, total = [], 0.0
    for value in values:
        total += max(0.0, value)
        found.append(min(height * PARTS, round(scale.share(total) * height * PARTS)))
    if found and found[-1] == 0 and total > 0:  # something is never shown as nothing
        found[-1] = 1
    return found


def _within(tops: Sequence[int], bottom: int) -> list[tuple[int | None, int]]:
    """What lies in a row, from below: a series or None for nothing, and its eighths."""
    found: list[tuple[int | None, int]] = []
    at = bottom
    for series, top in enumerate(tops):
        end = min(top, bottom + PARTS)
        if end > at:
            found.append((series, end - at))
            at = end
    if at < bottom + PARTS:
        found.append((None, bottom + PARTS - at))
    return found


def _cell(chart: TimeChart, parts: list[tuple[int | None, int]], screen: Screen) -> Cell:
    if not screen.colour:
        most = max(parts, key=lambda part: part[1])[0]
        return Cell() if most is None else Cell(pattern(most, rest=chart.series[most].rest, screen=screen))
    largest = sorted(sorted(range(len(parts)), key=lambda at: -parts[at][1])[:2])
    kept = [parts[at] for at in largest]
    if len(kept) == 1:
        return Cell() if kept[0][0] is None else Cell(EIGHTHS[PARTS], _colour(chart, kept[0][0]))
    (lower, low), (upper, high) = kept
    eighths = min(PARTS - 1, max(1, round(PARTS * low / (low + high))))
    if not screen.unicode:
        most = lower if low >= high else upper
        return Cell() if most is None else Cell("#", _colour(chart, most))
    return Cell(EIGHTHS[eighths], _colour(chart, lower), "" if upper is None else _colour(chart, upper))


def _colour(chart: TimeChart, at: int | None) -> str:
    return "" if at is None else colour(at, rest=chart.series[at].rest)
