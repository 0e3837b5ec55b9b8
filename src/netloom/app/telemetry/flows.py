"""Questions about flows: the largest of a kind, and how they ran over time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from netloom.app.telemetry.window import Window, aligned, moment_of, steps_of
from netloom.model.expression import And, In, Word
from netloom.model.filter import Filter
from netloom.store.stream_schema import stream_table
from netloom.store.streams import Streams

Key = tuple[Any, ...]
MEASURES = ("bytes", "packets", "flows")
SERVICE = "service_port"
"""The one name that the store computes."""


@dataclass(frozen=True, slots=True)
class Counts:
    """What flows add up to, scaled by their sampling rates."""

    bytes: int = 0
    packets: int = 0
    flows: int = 0
    """Records, as they came."""
    bytes_unscaled: int = 0
    """The part of the bytes whose sampling rate nobody told."""
    packets_unscaled: int = 0

    def of(self, measure: str) -> int:
        """One of bytes, packets and flows."""
        found: int = getattr(self, measure)
        return found

    def unscaled(self, measure: str) -> float:
        """The share, up to 1, of a measure whose sampling rate nobody told."""
        part: int = getattr(self, f"{measure}_unscaled", 0)
        return part / self.of(measure) if self.of(measure) else 0.0

    def rate(self, measure: str, seconds: float) -> float:
        """Bits, packets or flows a second."""
        return self.of(measure) * (8 if measure == "bytes" else 1) / seconds if seconds else 0.0

    def __sub__(self, other: Counts) -> Counts:
        return Counts(*(max(0, getattr(self, name) - getattr(other, name)) for name in COUNTS))


COUNTS = ("bytes", "packets", "flows", "bytes_unscaled", "packets_unscaled")


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowQuestion:
    """Which flows, and how they are told apart."""

    window: Window
    by: tuple[str, ...] = ()
    measure: str = "bytes"
    """What the largest are the largest of: bytes, packets or flows."""
    where: Filter = field(default_factory=Filter)
    n: int = 10
    """So many groups; all others are one."""


@dataclass(frozen=True, slots=True)
class Group:
    """One of the largest."""

    key: Key
    counts: Counts
    before: Counts | None = None
    """In the span before, where it was asked for."""


@dataclass(frozen=True, slots=True)
class FlowTop:
    """The largest groups, and what all flows add up to."""

    question: FlowQuestion
    groups: tuple[Group, ...]
    total: Counts
    before: Counts | None = None
    """All flows of the span before."""
    aside: tuple[str, ...] = ()
    """Damaged files whose rows may be missing here."""

    @property
    def rest(self) -> Counts:
        """What is in none of the groups."""
        left = self.total
        for group in self.groups:
            left -= group.counts
        return left


@dataclass(frozen=True, slots=True)
class FlowSeries:
    """The largest groups over time."""

    question: FlowQuestion
    """Its window begins where a step does."""
    step: timedelta
    steps: tuple[tuple[datetime, float], ...]
    """Where each begins, and how many of its seconds are in the window."""
    groups: tuple[tuple[Key, tuple[Counts, ...]], ...]
    """The largest first, each with its counts step by step."""
    totals: tuple[Counts, ...]
    """All flows, step by step."""
    before: tuple[Counts, ...] | None = None
    """All flows of the span before, where it was asked for."""
    aside: tuple[str, ...] = ()

    @property
    def rest(self) -> tuple[Counts, ...]:
        """What is in none of the groups, step by step."""
        left = list(self.totals)
        for _, counts in self.groups:
            left = [each - part for each, part in zip(left, counts, strict=True)]
        return tuple(left)


def fields() -> list[str]:
    """Every name that a filter on flows may use, and by which they may be told apart."""
    return [*stream_table("flow").paths(), SERVICE]


def top(streams: Streams, question: FlowQuestion, *, compare: bool = False) -> FlowTop:
    """The largest groups; raises UsageError and StoreError."""
    found = _asked(streams, question, question.window, question.by, question.n)
    total = _total(streams, question, question.window)
    groups = [Group(_key(row, question.by), _counts(row)) for row in found]
    if not compare:
        return FlowTop(question, tuple(groups), total, aside=found.aside)
    window = question.window.before
    known = _same(question, [group.key for group in groups])
    rows = _asked(streams, known, window, question.by, None) if groups else ()
    before = {_key(row, question.by): _counts(row) for row in rows}
    compared = tuple(Group(group.key, group.counts, before.get(group.key, Counts())) for group in groups)
    return FlowTop(question, compared, total, _total(streams, question, window), found.aside)


def series(streams: Streams, question: FlowQuestion, step: timedelta, *, compare: bool = False) -> FlowSeries:
    """The largest groups over time; raises UsageError and StoreError."""
    window = aligned(question.window, step)
    steps = steps_of(window, step)
    totals, aside = _over_time(streams, question, window, step, ())
    groups: list[tuple[Key, tuple[Counts, ...]]] = []
    if question.by:
        largest = _asked(streams, question, window, question.by, question.n)
        keys = [_key(row, question.by) for row in largest]
        found, _ = _over_time(streams, _same(question, keys), window, step, question.by) if keys else ({}, ())
        groups = [(key, _filled(found.get(key, {}), steps)) for key in keys]
    before = None
    if compare:
        shift = len(steps) * step
        earlier, _ = _over_time(streams, question, Window(window.since - shift, window.since), step, ())
        moved = {moment + shift: counts for moment, counts in earlier.get((), {}).items()}
        before = _filled(moved, steps)
    return FlowSeries(
        _on(question, window), step, tuple(steps), tuple(groups), _filled(totals.get((), {}), steps), before, aside
    )


def rows(streams: Streams, question: FlowQuestion, columns: Sequence[str] | None = None) -> Any:
    """The latest flows themselves, oldest first; raises UsageError and StoreError."""
    window = question.window
    return streams.query(
        "flow", question.where, since=window.since, until=window.until, columns=columns, limit=question.n
    )


def both(*filters: Filter) -> Filter:
    """A filter that holds where all of them do."""
    parts = tuple(each.expression for each in filters if each.expression is not None)
    return Filter(And(parts) if len(parts) > 1 else parts[0] if parts else None)


def one_of(name: str, values: Iterable[str]) -> Filter:
    """A filter for rows with one of these texts."""
    return Filter(In(name, tuple(Word(value, quoted=True) for value in values)))


def any_of(by: Sequence[str], keys: Sequence[Key]) -> Filter:
    """A filter that holds for rows of some groups, and for some others: field by field it is one of their values."""
    fields_of_keys = zip(by, zip(*keys, strict=True), strict=True)
    return both(*(Filter(In(name, tuple(dict.fromkeys(map(_word, values))))) for name, values in fields_of_keys))


def _asked(streams: Streams, question: FlowQuestion, window: Window, by: Sequence[str], n: int | None) -> Any:
    of = (question.measure, *(name for name in MEASURES if name != question.measure))
    return streams.top("flow", question.where, by=by, of=of, n=n, since=window.since, until=window.until)


def _total(streams: Streams, question: FlowQuestion, window: Window) -> Counts:
    return next(map(_counts, _asked(streams, question, window, (), None)), Counts())


def _over_time(
    streams: Streams, question: FlowQuestion, window: Window, step: timedelta, by: Sequence[str]
) -> tuple[dict[Key, dict[datetime, Counts]], tuple[str, ...]]:
    """Each group's counts by the beginnings of their steps."""
    found = streams.series("flow", question.where, step=step, by=by, since=window.since, until=window.until)
    series: dict[Key, dict[datetime, Counts]] = {}
    for row in found:
        series.setdefault(_key(row, by), {})[moment_of(row["time_ns"])] = _counts(row)
    return series, found.aside


def _filled(found: dict[datetime, Counts], steps: Sequence[tuple[datetime, float]]) -> tuple[Counts, ...]:
    return tuple(found.get(moment, _NOTHING) for moment, _ in steps)


_NOTHING = Counts()


def _on(question: FlowQuestion, window: Window) -> FlowQuestion:
    return FlowQuestion(window=window, by=question.by, measure=question.measure, where=question.where, n=question.n)


def _same(question: FlowQuestion, keys: Sequence[Key]) -> FlowQuestion:
    """The question narrowed to some groups, and perhaps to ones that a filter cannot tell from them."""
    if not question.by or not keys:
        return question
    narrowed = both(question.where, any_of(question.by, keys))
    return FlowQuestion(window=question.window, by=question.by, measure=question.measure, where=narrowed, n=question.n)


def _word(value: Any) -> Word:
    """What rows of a group have in common; of a list its first element."""
    if isinstance(value, list | tuple):
        value = value[0] if value else None
    return Word("none") if value is None else Word(str(value), quoted=True)


def _key(row: dict[str, Any], by: Sequence[str]) -> Key:
    return tuple(tuple(value) if isinstance(value := row[name], list) else value for name in by)


def _counts(row: dict[str, Any]) -> Counts:
    return Counts(*(int(row.get(name) or 0) for name in COUNTS))
