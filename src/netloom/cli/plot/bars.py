"""Bars side by side, to an eighth of a column."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netloom.app.charts.chart import Bar, BarChart, colour, longest
from netloom.app.telemetry.quantity import change_words, quantity
from netloom.cli.plot.canvas import Cell, Screen, cut, line, shown

if TYPE_CHECKING:
    from rich.text import Text

LEAST_BAR = 12
"""Columns."""
EIGHTHS = " ▏▎▍▌▋▊▉█"


def draw_bars(chart: BarChart, screen: Screen) -> list[Text]:
    """A line a bar: its name, the bar, its value, its share, its change."""
    names = [cut(shown(bar.name, screen), screen.width * 2 // 5, screen) for bar in chart.bars]
    beside = [_beside(bar, chart.unit, screen) for bar in chart.bars]
    widths = [max((len(words[at]) for words in beside), default=0) for at in range(3)]
    margin = max(map(len, names), default=0) + 2
    for least in (1, 2):  # where there is no room, first the share goes, then the change
        if screen.width - margin - sum(width + 2 for width in widths if width) < LEAST_BAR:
            widths[least] = 0
    width = max(1, screen.width - margin - sum(width + 2 for width in widths if width))
    largest = longest(chart) or 1.0
    found = []
    for bar, name, words in zip(chart.bars, names, beside, strict=True):
        cells = _bar(bar, largest, width, screen)
        told = "".join(f"  {word:>{width}}" for word, width in zip(words, widths, strict=True) if width)
        found.append(line(f"{name:<{margin - 2}}  ", [*cells, Cell(told)], quiet=False))
    if any(bar.former is not None for bar in chart.bars):
        found.append(line(f"{'':{margin}}{_former(screen)} in the span before"))
    return found


def _bar(bar: Bar, largest: float, width: int, screen: Screen) -> list[Cell]:
    if bar.rest:
        return [Cell(" " * width)]
    paint = colour(0) if screen.colour else ""
    eighths = round(bar.value / largest * width * 8)
    if bar.value > 0:
        eighths = max(1, eighths)
    whole, part = divmod(eighths, 8)
    if screen.unicode:
        text = "█" * whole + (EIGHTHS[part] if part else "")
    else:
        text = "#" * max(round(eighths / 8), 1 if eighths else 0)
    cells = [Cell(character, paint) for character in f"{text:<{width}}"[:width]]
    if bar.former is not None:
        cell = cells[min(width - 1, int(bar.former / largest * width))]
        cell.back = paint if cell.text == "█" else ""
        cell.text, cell.front = _former(screen), "#FFFFFF" if cell.back else ""
    return cells


def _former(screen: Screen) -> str:
    return "┆" if screen.unicode else "|"


def _beside(bar: Bar, unit: str, screen: Screen) -> tuple[str, str, str]:
    share = "" if bar.share is None else quantity(bar.share * 100, "%", digits=2)
    change = "" if bar.former is None else change_words(bar.value, bar.former)
    return shown(quantity(bar.value, unit), screen), share, change
