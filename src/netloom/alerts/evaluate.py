"""One rule at one moment: which groups it holds for, and with what number."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from netloom.alerts.duration import words
from netloom.alerts.measuring import Group, Judgement, Span, Streams, measured, summed
from netloom.alerts.rule import Absent, Anomaly, Labels, Measure, Rule, Threshold
from netloom.alerts.rule_conditions import names_of

Hosts = Callable[[str], Collection[str]]
"""A host pattern to the names of its hosts; raises NetloomError."""
MIN_DAYS = 2
"""Fewer days of history say nothing of what is usual."""
_FLOOR = 0.01
"""What never varies may still vary by so much of itself."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One group, now."""

    labels: Labels
    holds: bool
    value: float | None
    note: str = ""
    """What else there is to say: the usual value, since when nothing came."""


@dataclass(slots=True)
class Usual:
    """A group's numbers in one hour of former days, added up."""

    days: int = 0
    windows: int = 0
    total: float = 0.0
    squares: float = 0.0


@dataclass(slots=True)
class Memory:
    """What evaluations keep from one to the next."""

    seen: dict[str, dict[Labels, float]] = field(default_factory=dict)
    """For rules of absence: group → when it was last there, in seconds since 1970."""
    usual: dict[tuple[str, str], dict[Labels, Usual]] = field(default_factory=dict)
    """For anomalies: rule and hour → group → what it was in that hour of former days."""


@dataclass(frozen=True, slots=True)
class _Look:
    """What one evaluation stands on."""

    streams: Streams
    chosen: frozenset[str] | None
    """The hosts of the rule's pattern; None where it has none."""
    now: datetime
    window: Span
    memory: Memory


def evaluate(
    rule: Rule,
    streams: Streams,
    hosts: Hosts,
    now: datetime,
    memory: Memory,
    watched: Collection[Labels] = (),
) -> list[Finding]:
    """The groups for which a rule holds, of the others those that are watched, or all; raises NetloomError."""
    chosen = None if rule.on is None else frozenset(hosts(rule.on))
    window = Span(now - timedelta(seconds=rule.measure.over_s), now)
    look = _Look(streams, chosen, now, window, memory)
    match rule.condition:
        case Absent() as absent:
            return _absent(rule, absent, look)
        case Anomaly() as anomaly:
            return _anomaly(rule, anomaly, look)
        case Threshold() as threshold:
            return _by_threshold(rule, threshold, look, frozenset(watched))
        case formula:
            columns = {name: f"m{_index(rule, metric)}" for name, metric in names_of(rule.measure).items()}
            holds, value = formula.sql(columns)
            judgement = Judgement(holds, value, watched=frozenset(watched))
            found = measured(streams, rule.measure, window, chosen, judgement)
            return [Finding(group.labels, group.holds, group.value) for group in found]


def _index(rule: Rule, metric: str) -> int:
    return rule.measure.names.index(metric) if len(rule.measure.names) > 1 else 0


def _by_threshold(rule: Rule, threshold: Threshold, look: _Look, watched: frozenset[Labels]) -> list[Finding]:
    """Where a group that is not there counts as zero, all are asked for; else only those that matter."""
    fills = _fills(rule, look.chosen)
    judgement = None if fills else Judgement(threshold.sql("m0"), "m0", threshold.word == "above", watched)
    found = measured(look.streams, rule.measure, look.window, look.chosen, judgement)
    if fills:
        found = _zeros(rule, found, look.chosen)
    return [Finding(each.labels, threshold.holds(each.value), each.value) for each in found if each.value is not None]


def _fills(rule: Rule, chosen: Collection[str] | None) -> bool:
    """Whether it is known which groups there should be, and nothing is zero."""
    return _is_counting(rule.measure) and (
        not rule.measure.by or (rule.measure.by == ("hostname",) and chosen is not None)
    )


def _zeros(rule: Rule, found: list[Group], chosen: Collection[str] | None) -> list[Group]:
    if not rule.measure.by:
        return found or [Group((), 0.0)]
    there = {group.labels for group in found}
    missing = [labels for host in sorted(chosen or ()) if (labels := (("hostname", host),)) not in there]
    return [*found, *(Group(labels, 0.0) for labels in missing)]


def _is_counting(measure: Measure) -> bool:
    """Whether nothing is zero rather than unknown."""
    return measure.how in ("count", "rate", "distinct") or (measure.stream == "flow" and measure.how == "sum")


def _absent(rule: Rule, absent: Absent, look: _Look) -> list[Finding]:
    """Groups that were there before, and hosts that should be, from which nothing came for too long."""
    now, chosen = look.now, look.chosen
    known = look.memory.seen.get(rule.name)
    # The first look goes back as far as anything is missed: what vanished while nobody looked has vanished, too.
    back = absent.forget_s if known is None else absent.after_s
    seen = look.memory.seen[rule.name] = {} if known is None else known
    measure = replace(rule.measure, how="count", of=None, over_s=back)
    for group in measured(look.streams, measure, Span(now - timedelta(seconds=back), now), chosen):
        seen[group.labels] = max(seen.get(group.labels, -math.inf), group.last_ns / 1e9)
    expected: set[Labels] = set()
    if chosen is not None and rule.measure.by == ("hostname",):
        expected = {(("hostname", host),) for host in chosen}
    for labels in expected:
        seen.setdefault(labels, -math.inf)
    for labels, last in list(seen.items()):
        forgotten = labels not in expected and now.timestamp() - last >= absent.forget_s
        host = dict(labels).get("hostname")
        if forgotten or (chosen is not None and host is not None and host not in chosen):
            del seen[labels]
    return [_silent(labels, last, absent, now) for labels, last in seen.items()]


def _silent(labels: Labels, last: float, absent: Absent, now: datetime) -> Finding:
    if last == -math.inf:
        return Finding(labels, holds=True, value=None, note=f"nothing came within {words(absent.forget_s)}")
    age = max(0.0, now.timestamp() - last)
    return Finding(labels, age >= absent.after_s, age, f"the last came {words(age)} ago")


def _anomaly(rule: Rule, anomaly: Anomaly, look: _Look) -> list[Finding]:
    """How far each group is from what it was in the same hour of former days."""
    groups = measured(look.streams, rule.measure, look.window, look.chosen)
    current = {group.labels: group.value for group in groups if group.value is not None}
    usual = _usual(rule, anomaly, look)
    if _is_counting(rule.measure):
        current = dict.fromkeys(usual, 0.0) | current
    return [_compared(rule, anomaly, (labels, value), usual.get(labels)) for labels, value in current.items()]


def _compared(rule: Rule, anomaly: Anomaly, now: tuple[Labels, float], usual: Usual | None) -> Finding:
    labels, value = now
    if usual is None or usual.days < MIN_DAYS or usual.windows < MIN_DAYS:
        days = 0 if usual is None else usual.days
        note = f"too little history: {days} of {anomaly.days} days, at least {MIN_DAYS} are needed"
        return Finding(labels, holds=False, value=value, note=note)
    mean = usual.total / usual.windows
    # What happens by chance varies by the root of how often it does.
    least = max(1.0, math.sqrt(abs(mean))) if rule.measure.how == "count" else max(_FLOOR * abs(mean), 1e-9)
    spread = math.sqrt(max(0.0, usual.squares / usual.windows - mean * mean))
    away = (value - mean) / max(spread, least)
    far = {"both": abs(away), "above": away, "below": -away}[anomaly.way]
    note = f"{away:+.1f} deviations from the usual {mean:.6g} ({usual.days} days)"
    return Finding(labels, far > anomaly.deviations, value, note)


def _usual(rule: Rule, anomaly: Anomaly, look: _Look) -> dict[Labels, Usual]:
    """Each group's numbers in this hour of former days; found once an hour."""
    hour = look.now.replace(minute=0, second=0, microsecond=0)
    key = (rule.name, f"{hour.isoformat()} {sorted(look.chosen or ())!r} {rule.measure}")
    if key in look.memory.usual:
        return look.memory.usual[key]
    for old in [each for each in look.memory.usual if each[0] == rule.name]:
        del look.memory.usual[old]
    length = timedelta(seconds=max(3600.0, rule.measure.over_s))
    windows = max(1, int(length.total_seconds() // rule.measure.over_s))
    found: dict[Labels, Usual] = {}
    days = 0
    for day in range(1, anomaly.days + 1):
        since = hour - timedelta(days=day)
        groups = summed(look.streams, rule.measure, Span(since, since + length), look.chosen)
        days += bool(groups)
        for group in groups:
            kept = found.setdefault(group.labels, Usual())
            kept.days, kept.windows = kept.days + 1, kept.windows + group.windows
            kept.total, kept.squares = kept.total + (group.value or 0.0), kept.squares + group.squares
    if _is_counting(rule.measure):
        # Windows without rows were zero, on days on which anything was collected at all.
        for kept in found.values():
            kept.days, kept.windows = days, max(kept.windows, days * windows)
    look.memory.usual[key] = found
    return found
