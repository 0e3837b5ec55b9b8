"""Rules over what was stored: when they would have fired."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from netloom.alerts.evaluate import Hosts, Memory, evaluate
from netloom.alerts.lifecycle import Alert, State, advance
from netloom.alerts.measuring import Answer, Streams
from netloom.alerts.round import Round
from netloom.alerts.rule import Labels, Rule
from netloom.alerts.rule_measures import STATE
from netloom.model.filter import Filter

STEPS = 1500
"""So many evaluations at most; a longer span is looked at in longer steps."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A change that the rule would have told."""

    when: datetime
    alert: Alert
    state: State


def step_of(span: timedelta, every: timedelta) -> timedelta:
    """How far apart evaluations of a span are."""
    return max(every, span / STEPS)


def replay(
    rule: Rule, streams: Streams, hosts: Hosts, span: tuple[datetime, datetime], every: timedelta
) -> Iterator[Moment]:
    """What the rule would have told in a span; raises NetloomError."""
    since, until = span
    ahead = timedelta(seconds=rule.measure.over_s)
    remembered = _Remembered(streams, since - ahead, until + timedelta(seconds=1))
    memory, alerts = Memory(), dict[Labels, Alert]()
    now = since
    while now <= until:
        findings = evaluate(rule, remembered, hosts, now, memory, alerts)
        alerts, changes = advance(rule, alerts, findings, now.timestamp())
        for alert, state in changes:
            yield Moment(now, alert, state)
        now += every


class _Remembered(Round):
    """The store, of which a span is read once and then cut into windows."""

    def __init__(self, streams: Streams, since: datetime, until: datetime) -> None:
        super().__init__(streams)
        self._since = since
        self._until = until
        self._read: dict[tuple[Any, ...], Any] = {}

    def query(
        self,
        stream: str,
        filter: Filter | None = None,  # noqa: A002 - the store's name
        *,
        since: datetime | None = None,
        until: datetime | None = None,
        columns: Sequence[str] | None = None,
    ) -> Answer:
        """As the store's, out of what was read."""
        within = since is not None and until is not None and self._since <= since and until <= self._until
        if not within or since is None or until is None or not columns or stream.startswith(STATE):
            return self._streams.query(stream, filter, since=since, until=until, columns=columns)
        key = (stream, str(filter), *columns)
        if key not in self._read:
            whole = self._streams.query(stream, filter, since=self._since, until=self._until, columns=columns)
            self._read[key] = (whole.data, whole.data.column(columns[0]).to_numpy())
        rows, moments = self._read[key]
        first, last = moments.searchsorted([_nanoseconds(since), _nanoseconds(until)])
        return _Cut(rows.slice(int(first), int(last - first)))


@dataclass(frozen=True, slots=True)
class _Cut:
    data: Any


def _nanoseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1_000_000) * 1000


def summary(moments: Collection[Moment]) -> dict[str, int]:
    """How often it fired and was resolved."""
    states = [moment.state for moment in moments]
    return {state: states.count(state) for state in ("firing", "resolved")}
