"""How many rows of a stream there are: of which kind, and when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from netloom.app.charts.chart import Bar, BarChart, Mark, Series, TimeChart
from netloom.app.telemetry.flows import Key, any_of, both
from netloom.app.telemetry.names import label
from netloom.app.telemetry.window import Window, aligned, moment_of, span_words, steps_of
from netloom.model.filter import Filter
from netloom.store.streams import Streams

OTHERS = "all others"


@dataclass(frozen=True, slots=True, kw_only=True)
class CountQuestion:
    """Which rows, and how they are told apart."""

    stream: str
    window: Window
    where: Filter
    by: tuple[str, ...] = ()
    n: int = 10
    """So many groups; all others are one."""


@dataclass(frozen=True, slots=True)
class Counted:
    """The groups with the most rows, and how many rows there are."""

    question: CountQuestion
    groups: tuple[tuple[Key, int], ...]
    total: int

    @property
    def rest(self) -> int:
        """Rows of none of the groups."""
        return self.total - sum(count for _, count in self.groups)


@dataclass(frozen=True, slots=True)
class CountSeries:
    """Rows step by step."""

    question: CountQuestion
    step: timedelta
    steps: tuple[datetime, ...]
    groups: tuple[tuple[Key, tuple[int, ...]], ...]
    totals: tuple[int, ...]

    @property
    def rest(self) -> tuple[int, ...]:
        """Rows of none of the groups."""
        return tuple(total - sum(counts[at] for _, counts in self.groups) for at, total in enumerate(self.totals))


def count(streams: Streams, question: CountQuestion) -> Counted:
    """The groups with the most rows; raises UsageError and StoreError."""
    found = tuple((_key(row, question.by), row["rows"]) for row in _top(streams, question, question.by, question.n))
    total = sum(row["rows"] for row in _top(streams, question, (), None))
    return Counted(question, found, total)


def count_series(streams: Streams, question: CountQuestion, step: timedelta) -> CountSeries:
    """Rows over time, the groups with the most apart; raises UsageError and StoreError."""
    window = aligned(question.window, step)
    steps = tuple(moment for moment, _ in steps_of(window, step))
    totals = _over_time(streams, question, question.where, (window, step), ())
    keys = [_key(row, question.by) for row in _top(streams, question, question.by, question.n)] if question.by else []
    groups: dict[Key, dict[datetime, int]] = {}
    if keys:
        narrowed = both(question.where, any_of(question.by, keys))
        groups = _over_time(streams, question, narrowed, (window, step), question.by)
    return CountSeries(
        question,
        step,
        steps,
        tuple((key, _filled(groups.get(key, {}), steps)) for key in keys),
        _filled(totals.get((), {}), steps),
    )


def count_chart(answer: Counted) -> BarChart:
    """The groups as bars."""
    bars = [Bar(label(answer.question.by, key), rows, rows / answer.total) for key, rows in answer.groups]
    if answer.rest:
        bars.append(Bar(OTHERS, answer.rest, answer.rest / answer.total, rest=True))
    title = f"Top {len(answer.groups)} {' and '.join(answer.question.by)} of {answer.question.stream}s"
    return BarChart(title=title, subtitle=_subtitle(answer.question), unit="", bars=tuple(bars))


def count_series_chart(answer: CountSeries, marks: Sequence[Mark] = ()) -> TimeChart:
    """The groups over time, upon one another."""
    question, moments = answer.question, [moment.timestamp() for moment in answer.steps]

    def line(name: str, counts: Sequence[int], *, rest: bool = False) -> Series:
        return Series(name, tuple(zip(moments, map(float, counts), strict=True)), rest)

    lines = [line(label(question.by, key), counts) for key, counts in answer.groups]
    if not question.by:
        lines = [line(f"all {question.stream}s", answer.totals)]
    elif any(answer.rest):
        lines.append(line(OTHERS, answer.rest, rest=True))
    by = f" by {' and '.join(question.by)}" if question.by else ""
    return TimeChart(
        title=f"{question.stream.capitalize()}s{by}",
        subtitle=f"{_subtitle(question)}, in each {span_words(answer.step)}",
        unit="",
        since=moments[0],
        until=question.window.until.timestamp(),
        series=tuple(lines),
        marks=tuple(marks),
    )


def _top(streams: Streams, question: CountQuestion, by: Sequence[str], n: int | None) -> Any:
    window = question.window
    return streams.top(question.stream, question.where, by=by, of="rows", n=n, since=window.since, until=window.until)


def _over_time(
    streams: Streams, question: CountQuestion, where: Filter, how: tuple[Window, timedelta], by: Sequence[str]
) -> dict[Key, dict[datetime, int]]:
    window, step = how
    found: dict[Key, dict[datetime, int]] = {}
    rows = streams.series(question.stream, where, step=step, by=by, of="rows", since=window.since, until=window.until)
    for row in rows:
        found.setdefault(_key(row, by), {})[moment_of(row["time_ns"])] = row["rows"]
    return found


def _filled(found: dict[datetime, int], steps: Sequence[datetime]) -> tuple[int, ...]:
    return tuple(found.get(moment, 0) for moment in steps)


def _key(row: dict[str, Any], by: Sequence[str]) -> Key:
    return tuple(row[name] for name in by)


def _subtitle(question: CountQuestion) -> str:
    asked = str(question.where)
    return f"{question.window}" + (f", where {asked}" if asked else "")
