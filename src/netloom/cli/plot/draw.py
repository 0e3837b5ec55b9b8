"""A chart as lines of styled text, with its title, axes, marks and legend."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netloom.app.charts.axis import Axis, time_axis, value_axis
from netloom.app.charts.chart import BarChart, Chart, Series, TimeChart, colour, extent
from netloom.app.telemetry.quantity import quantity
from netloom.cli.plot import area, lines
from netloom.cli.plot.bars import draw_bars
from netloom.cli.plot.canvas import Cell, Grid, Screen, cut, line, shown
from netloom.cli.plot.sampling import columns

if TYPE_CHECKING:
    from rich.text import Text

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def draw(chart: Chart, screen: Screen) -> list[Text]:
    """The lines of a chart."""
    if isinstance(chart, BarChart):
        return [*_titles(chart, screen), *draw_bars(chart, screen)]
    low, high = extent(chart)
    scale = value_axis(low, high, chart.unit, max(2, screen.height // 4))
    labels = [shown(label, screen) for _, label in scale.ticks]
    margin = max(map(len, labels)) + 2
    width = max(10, screen.width - margin - 1)
    kind = area if chart.stacked else lines
    grid = kind.draw(chart, scale, width, screen)
    if chart.former is not None:
        _former(grid, chart.former, chart, scale, screen)
    letters = _marks(grid, chart, screen)
    found = _titles(chart, screen)
    if letters:
        found.append(line(" " * margin + letters, quiet=False))
    found += _rows(grid, scale, margin, screen)
    found += _times(time_axis(chart.since, chart.until, max(2, width // 12)), width, margin, screen)
    return [*found, *_legend(chart, screen), *_marks_told(chart, screen)]


def _titles(chart: Chart, screen: Screen) -> list[Text]:
    from rich.text import Text

    bold = Text(cut(shown(chart.title, screen), screen.width, screen), style="bold")
    return [bold, line(cut(shown(chart.subtitle, screen), screen.width, screen))]


def _rows(grid: Grid, scale: Axis, margin: int, screen: Screen) -> list[Text]:
    """The plot with the values' axis to its left."""
    height = len(grid)
    tick, bare = ("┤", "│") if screen.unicode else ("+", "|")
    labels = {round((1 - scale.share(value)) * (height - 1)): label for value, label in scale.ticks}
    found = []
    for row, cells in enumerate(grid):
        label = shown(labels.get(row, ""), screen)
        found.append(line(f"{label:>{margin - 2}} {tick if label else bare}", cells))
    return found


def _times(axis: Axis, width: int, margin: int, screen: Screen) -> list[Text]:
    """The axis of times, and their labels where there is room."""
    rule = ["─" if screen.unicode else "-"] * width
    words = [" "] * width
    free = 0
    for moment, label in axis.ticks:
        at = min(width - 1, int(axis.share(moment) * width))
        rule[at] = "┬" if screen.unicode else "+"
        start = max(0, min(at - len(label) // 2, width - len(label)))
        if start >= free:
            words[start : start + len(label)] = label
            free = start + len(label) + 2
    corner = "└" if screen.unicode else "+"
    return [line(" " * (margin - 1) + corner + "".join(rule)), line(" " * margin + "".join(words).rstrip())]


def _former(grid: Grid, former: Series, chart: TimeChart, scale: Axis, screen: Screen) -> None:
    """A dashed line for the total of the span before, over what is drawn."""
    height = len(grid)
    for at, value in enumerate(columns(former, chart.since, chart.until, len(grid[0]))):
        if not value:
            continue
        cell = grid[height - 1 - max(0, min(height - 1, int(scale.share(value) * height)))][at]
        cell.back = cell.front if cell.text == "█" else cell.back
        cell.text, cell.front = ("╌" if screen.unicode else "~"), ("#FFFFFF" if screen.colour else "")


def _marks(grid: Grid, chart: TimeChart, screen: Screen) -> str:
    """A dotted line down from each mark; the letters above them."""
    width = len(grid[0])
    letters = [" "] * width
    for letter, mark in zip(LETTERS, chart.marks, strict=False):
        at = int((mark.at - chart.since) / (chart.until - chart.since) * width)
        if not 0 <= at < width:
            continue
        letters[at] = letter if letters[at] == " " else "+"
        for row in grid:
            cell = row[at]
            cell.back = cell.front if cell.text == "█" else cell.back
            cell.text, cell.front = ("┊" if screen.unicode else "|"), ("#FFFFFF" if screen.colour and cell.back else "")
    return "".join(letters).rstrip()


def _marks_told(chart: TimeChart, screen: Screen) -> list[Text]:
    found = []
    for letter, mark in zip(LETTERS, chart.marks, strict=False):
        found.append(line(cut(f"{letter} {shown(mark.text, screen)}", screen.width, screen), quiet=False))
    if len(chart.marks) > len(LETTERS):
        found.append(line(f"and {len(chart.marks) - len(LETTERS)} more"))
    return found


def _legend(chart: TimeChart, screen: Screen) -> list[Text]:
    """A line a series: what stands for it, its name, its mean and its largest value; the uppermost first."""
    rows: list[tuple[Cell, Series]] = []
    for at, each in enumerate(chart.series):
        paint = colour(at, rest=each.rest) if screen.colour else ""
        if chart.stacked:
            solid = "█" if screen.unicode else "#"
            text = solid if screen.colour else area.pattern(at, rest=each.rest, screen=screen)
        else:
            text = lines.mark(at, rest=each.rest, screen=screen, alone=len(chart.series) == 1)
        rows.append((Cell(f"{text[:1] * 2} ", paint), each))
    if chart.stacked:
        rows.reverse()
    if chart.former is not None:
        rows.append((Cell("╌╌ " if screen.unicode else "~~ "), chart.former))
    if not rows:
        return []
    names = [shown(each.name, screen) for _, each in rows]
    figures = [_figures(each, chart.unit, screen) for _, each in rows]
    widths = [max(map(len, column)) for column in zip(*figures, strict=True)]
    longest = max(map(len, names))
    kept = next((at for at in (3, 2, 1) if _room(screen, widths[:at]) >= min(longest, 20)), 1)
    room = min(longest, max(8, _room(screen, widths[:kept])))
    found = []
    for (cell, _), name, values in zip(rows, names, figures, strict=True):
        told = "".join(f"  {value:<{width}}" for value, width in zip(values[:kept], widths, strict=False))
        found.append(line("", [cell, Cell(cut(f"{cut(name, room, screen):<{room}}{told}", screen.width - 3, screen))]))
    return found


def _figures(series: Series, unit: str, screen: Screen) -> list[str]:
    known = (("mean", series.mean), ("max", series.peak), ("last", series.last))
    return [f"{name} {shown(quantity(value, unit), screen)}" for name, value in known]


def _room(screen: Screen, widths: list[int]) -> int:
    """What is left for a name beside figures of these widths."""
    return screen.width - 3 - sum(width + 2 for width in widths)
