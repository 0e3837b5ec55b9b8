"""Charts on white paper, for reports, drawn by Matplotlib: import this only when a chart is drawn, for it is slow."""

from __future__ import annotations

import math
import warnings
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from matplotlib.transforms import blended_transform_factory

from netloom.app.charts.axis import Axis, time_axis, value_axis
from netloom.app.charts.chart import Bar, BarChart, Chart, Series, TimeChart, colour, extent, longest
from netloom.app.telemetry.quantity import change_words, quantity

DPI = 160
_INK, _QUIET, _GRID = "#222222", "#666666", "#E3E3E3"
_STYLE: Any = {
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans", "Arial", "Helvetica", "sans-serif"],
    "font.size": 9,
    "svg.fonttype": "none",
    "svg.hashsalt": "netloom",
    "text.color": _INK,
    "axes.labelcolor": _QUIET,
    "xtick.color": _QUIET,
    "ytick.color": _QUIET,
    "hatch.linewidth": 0.6,
    "text.parse_math": False,
}


def save(chart: Chart, path: Path) -> None:
    """Draw a chart into a file whose ending tells the format; raises OSError."""
    # a name in a script that no font of this machine has is drawn as a box: the chart is right but for that
    with mpl.rc_context(_STYLE), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        figure = _bars(chart) if isinstance(chart, BarChart) else _time(chart)
        form = path.suffix.lower()[1:]
        about: dict[str, Any] = {"Title": chart.title}
        # no dates: the same chart is the same file
        about |= {"svg": {"Date": None}, "pdf": {"CreationDate": None}}.get(form, {"Software": "netloom"})
        figure.savefig(path, format=form, dpi=DPI, metadata=about, facecolor="white")


def _time(chart: TimeChart) -> Figure:
    figure = Figure(figsize=(9.2, 4.4))
    low, high = extent(chart)
    scale = value_axis(low, high, chart.unit)
    shown = [*chart.series, *([chart.former] if chart.former is not None else [])]
    names = [f"{_short(each.name)}\n{_figures(each, chart.unit)}" for each in shown]
    # both margins are as wide as their texts
    left = 0.022 + 0.0078 * max((len(label) for _, label in scale.ticks), default=0)
    right = 0.945 - 0.0066 * max((len(line) for name in names for line in name.splitlines()), default=0)
    axes = figure.add_axes((left, 0.105, right - left, 0.70))
    _titles(figure, chart)
    handles = _stack(axes, chart) if chart.stacked else _lines(axes, chart)
    if chart.former is not None:
        handles.append(_former(axes, chart.former, chart.until))
    _marks(axes, chart)
    _frame(axes, scale, time_axis(chart.since, chart.until))
    order = list(range(len(handles)))
    if chart.stacked:  # as they lie upon one another
        order = [*reversed(range(len(chart.series))), *order[len(chart.series) :]]
    figure.legend(
        [handles[at] for at in order],
        [names[at] for at in order],
        loc="upper left",
        bbox_to_anchor=(right + 0.008, 0.825),
        frameon=False,
        fontsize=8,
        labelspacing=0.75,
        handlelength=1.4,
    )
    return figure


def _figures(series: Series, unit: str) -> str:
    return f"mean {quantity(series.mean, unit)}, max {quantity(series.peak, unit)}"


def _titles(figure: Figure, chart: Chart) -> None:
    height = figure.get_size_inches()[1]
    figure.text(0.018, 1 - 0.20 / height, chart.title, fontsize=13, fontweight="bold", va="top")
    figure.text(0.018, 1 - 0.50 / height, chart.subtitle, fontsize=9, color=_QUIET, va="top")


def _edges(chart_until: float, series: Series) -> tuple[list[float], list[float]]:
    """The points with one more at the end, so that the last step has its width."""
    moments = [moment for moment, _ in series.points]
    values = [math.nan if value is None else value for _, value in series.points]
    return [*moments, chart_until], [*values, values[-1] if values else math.nan]


def _stack(axes: Axes, chart: TimeChart) -> list[Any]:
    if not chart.series:
        return []
    moments = _edges(chart.until, chart.series[0])[0]
    heights = [[0.0 if math.isnan(value) else value for value in _edges(chart.until, each)[1]] for each in chart.series]
    colours = [colour(at, rest=each.rest) for at, each in enumerate(chart.series)]
    axes.stackplot(moments, heights, colors=colours, step="post", linewidth=0, alpha=0.92)
    return [Patch(facecolor=each, alpha=0.92) for each in colours]


def _lines(axes: Axes, chart: TimeChart) -> list[Any]:
    found: list[Any] = []
    for at, each in enumerate(chart.series):
        moments, values = _edges(chart.until, each)
        alone = len(each.values) < 3
        found += axes.plot(
            moments,
            values,
            color=colour(at, rest=each.rest),
            linewidth=1.6,
            linestyle=("-", "--", "-.", ":")[at // 8 % 4],
            drawstyle="steps-post" if alone else "default",
        )
    return found


def _former(axes: Axes, former: Series, until: float) -> Any:
    moments, values = _edges(until, former)
    (line,) = axes.plot(moments, values, color=_INK, linewidth=1.1, linestyle=(0, (4, 2.5)), drawstyle="steps-post")
    return line


def _marks(axes: Axes, chart: TimeChart) -> None:
    """Vertical lines with their words beside them, each on a level of its own where they stand close together."""
    width = chart.until - chart.since
    taken: list[float] = []
    for mark in sorted(chart.marks, key=lambda mark: mark.at):
        text = _short(mark.text, 44)
        right = (mark.at - chart.since) / width
        extent_of = len(text) * 0.0125
        leftward = right + extent_of > 1
        start, end = (right - extent_of, right) if leftward else (right, right + extent_of)
        level = next((at for at, until in enumerate(taken) if until < start), len(taken))
        taken[level : level + 1] = [end]
        axes.axvline(mark.at, color=_INK, linewidth=0.9, linestyle=(0, (1, 1.5)))
        axes.annotate(
            text,
            (mark.at, 1),
            xycoords=("data", "axes fraction"),
            xytext=(-3 if leftward else 3, -3 - 12 * (level % 6)),
            textcoords="offset points",
            ha="right" if leftward else "left",
            va="top",
            fontsize=7.5,
            bbox={"boxstyle": "square,pad=0.2", "facecolor": "white", "edgecolor": "none", "alpha": 0.85},
        )


def _frame(axes: Axes, values: Axis, times: Axis) -> None:
    axes.set_xlim(times.low, times.high)
    axes.set_ylim(values.low, values.high)
    axes.set_yticks([value for value, _ in values.ticks], [label for _, label in values.ticks])
    axes.set_xticks([value for value, _ in times.ticks], [label for _, label in times.ticks])
    axes.grid(visible=True, axis="y", color=_GRID, linewidth=0.8)
    axes.set_axisbelow(True)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color("#888888")
    axes.tick_params(axis="y", length=0)
    axes.tick_params(axis="x", length=3)


def _bars(chart: BarChart) -> Figure:
    height = 1.25 + 0.34 * max(1, len(chart.bars))
    figure = Figure(figsize=(9.2, height))
    names = [_short(bar.name, 46) for bar in chart.bars]
    left = min(0.42, 0.03 + 0.0088 * max(map(len, names), default=0))
    axes = figure.add_axes((left, 0.40 / height, 0.80 - left, 1 - 1.22 / height))
    _titles(figure, chart)
    scale = value_axis(0, longest(chart), chart.unit, 4)
    beside = blended_transform_factory(figure.transFigure, axes.transData)
    for at, bar in enumerate(chart.bars):
        axes.barh(at, 0.0 if bar.rest else bar.value, height=0.68, color=colour(0), linewidth=0)
        if bar.former is not None and not bar.rest:
            axes.plot([bar.former] * 2, [at - 0.42, at + 0.42], color=_INK, linewidth=1.6, linestyle=(0, (2, 1)))
        for place, text in zip((0.872, 0.925, 0.985), _beside(bar, chart.unit), strict=True):
            axes.text(place, at, text, transform=beside, ha="right", va="center", fontsize=8.5)
    axes.set_yticks(range(len(names)), names, color=_INK)
    axes.set_ylim(len(names) - 0.4, -0.6)
    axes.set_xlim(0, scale.high)
    axes.set_xticks([value for value, _ in scale.ticks], [label for _, label in scale.ticks])
    axes.grid(visible=True, axis="x", color=_GRID, linewidth=0.8)
    axes.set_axisbelow(True)
    for side in ("top", "right", "bottom"):
        axes.spines[side].set_visible(False)
    axes.spines["left"].set_color("#888888")
    axes.tick_params(length=0)
    return figure


def _beside(bar: Bar, unit: str) -> tuple[str, str, str]:
    """The value, its share, its change."""
    share = "" if bar.share is None else quantity(bar.share * 100, "%", digits=2)
    change = "" if bar.former is None else change_words(bar.value, bar.former)
    return quantity(bar.value, unit), share, change


def _short(text: str, most: int = 34) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"
