"""Answers about metrics as charts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from itertools import pairwise

from netloom.app.charts.chart import Mark, Series, TimeChart
from netloom.app.telemetry.metrics import MetricAnswer, MetricQuestion, MetricSeries, unit_of
from netloom.app.telemetry.window import span_words

DRAWN = 8


def metric_chart(
    question: MetricQuestion,
    found: MetricAnswer,
    step: timedelta,
    agg: str,
    marks: Sequence[Mark] = (),
) -> TimeChart:
    """The highest series as lines; gaps are where steps have no samples."""
    drawn = found.series[:DRAWN]
    more = f", the highest {len(drawn)} of {found.count}" if found.count > len(drawn) else ""
    asked = f", where {question.where}" if question.where.expression is not None else ""
    return TimeChart(
        title=question.name,
        subtitle=f"{question.window}, {agg} of {span_words(step)}{more}{asked}",
        unit=unit_of(question.name),
        since=question.window.since.timestamp(),
        until=question.window.until.timestamp(),
        series=tuple(line(each, question, step) for each in drawn),
        marks=tuple(marks),
        stacked=False,
    )


def name_of(series: MetricSeries) -> str:
    """The device and what stands beside it."""
    return " ".join(part for part in series.key if part) or "(unknown)"


def line(series: MetricSeries, question: MetricQuestion, step: timedelta) -> Series:
    """A series with gaps where samples are missing; that they come less often than steps is none."""
    times = [moment for moment, _ in series.points]
    pace = max(step, min((later - earlier for earlier, later in pairwise(times)), default=step))
    points: list[tuple[float, float | None]] = []
    for (moment, value), following in zip(series.points, [*times[1:], question.window.until], strict=True):
        points.append((moment.timestamp(), value))
        if following - moment > 2 * pace:
            points.append(((moment + pace).timestamp(), None))
    return Series(name_of(series), tuple(points))
