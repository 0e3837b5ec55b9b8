"""Answers about flows as charts."""

from __future__ import annotations

from collections.abc import Sequence

from netloom.app.charts.chart import Bar, BarChart, Mark, Series, TimeChart
from netloom.app.telemetry.flows import Counts, FlowQuestion, FlowSeries, FlowTop
from netloom.app.telemetry.names import label
from netloom.app.telemetry.window import Window, span_words

OTHERS = "all others"
FORMER = "all flows of the span before"
DRAWN = 7
"""So many series have a colour of their own in a chart."""
UNITS = {"bytes": "B", "packets": "pkt", "flows": "flows"}
RATES = {"bytes": "bit/s", "packets": "pkt/s", "flows": "flows/s"}
MIN_COVERED = 0.5
"""The last step is drawn where so much of it is over."""


def top_chart(answer: FlowTop) -> BarChart:
    """The largest groups as bars, all others below them."""
    question, total = answer.question, answer.total.of(answer.question.measure)

    def bar(name: str, counts: Counts, before: Counts | None, *, rest: bool = False) -> Bar:
        value = counts.of(question.measure)
        former = None if before is None else float(before.of(question.measure))
        return Bar(name, value, value / total if total else None, former, rest)

    bars = [bar(label(question.by, group.key), group.counts, group.before) for group in answer.groups]
    if answer.rest.of(question.measure):
        rest_before = answer.before
        if rest_before is not None:
            for group in answer.groups:
                rest_before -= group.before or Counts()
        bars.append(bar(OTHERS, answer.rest, rest_before, rest=True))
    return BarChart(
        title=f"Top {len(answer.groups)} {_by(question)} by {question.measure}",
        subtitle=_subtitle(question),
        unit=UNITS[question.measure],
        bars=tuple(bars),
    )


def series_chart(answer: FlowSeries, marks: Sequence[Mark] = ()) -> TimeChart:
    """The largest groups over time, upon one another."""
    question = answer.question
    steps, window = answer.steps, question.window
    if len(steps) > 1 and steps[-1][1] < answer.step.total_seconds() * MIN_COVERED:
        steps = steps[:-1]
        window = Window(window.since, steps[-1][0] + answer.step)

    def line(name: str, counts: Sequence[Counts], *, rest: bool = False) -> Series:
        points = [
            (at.timestamp(), each.rate(question.measure, covered))
            for (at, covered), each in zip(steps, counts, strict=False)
        ]
        return Series(name, tuple(points), rest)

    kept = answer.groups[:DRAWN]
    rest = list(answer.rest)
    for _, counts in answer.groups[DRAWN:]:
        rest = [_sum(left, more) for left, more in zip(rest, counts, strict=True)]
    lines = [line(label(question.by, key), counts) for key, counts in kept]
    if not question.by:
        lines = [line("all flows", answer.totals)]
    elif any(each.of(question.measure) for each in rest):
        lines.append(line(OTHERS, rest, rest=True))
    former = None
    if answer.before is not None:
        whole = answer.step.total_seconds()
        points = [
            (at.timestamp(), each.rate(question.measure, whole))
            for (at, _), each in zip(steps, answer.before, strict=False)
        ]
        former = Series(FORMER, tuple(points))
    return TimeChart(
        title="Traffic" + (f" by {_by(question)}" if question.by else ""),
        subtitle=f"{_subtitle(question, window)}, steps of {span_words(answer.step)}",
        unit=RATES[question.measure],
        since=window.since.timestamp(),
        until=window.until.timestamp(),
        series=tuple(lines),
        former=former,
        marks=tuple(marks),
    )


def _sum(one: Counts, other: Counts) -> Counts:
    return Counts(one.bytes + other.bytes, one.packets + other.packets, one.flows + other.flows)


def _by(question: FlowQuestion) -> str:
    return " and ".join(question.by)


def _subtitle(question: FlowQuestion, window: Window | None = None) -> str:
    asked = str(question.where)
    return f"{window or question.window}" + (f", where {asked}" if asked else "")
