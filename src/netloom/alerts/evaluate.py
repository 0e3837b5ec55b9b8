"""One rule at one moment: which groups it holds for, and with what number."""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from netloom.alerts.duration import words
from netloom.alerts.formula import Formula
from netloom.alerts.measuring import Group, Span, Streams, measured
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
class Memory:
    """What evaluations keep from one to the next."""

    seen: dict[str, dict[Labels, float]] = field(default_factory=dict)
    """For rules of absence: group → when it was last there, in seconds since 1970."""
    usual: dict[tuple[str, str], dict[Labels, tuple[list[float], int]]] = field(default_factory=dict)
    """For anomalies: rule and hour → group → its numbers in that hour of former days, and on how many days."""


@dataclass(frozen=True, slots=True)
class _Look:
    """What one evaluation stands on."""

    streams: Streams
    chosen: frozenset[str] | None
    """The hosts of the rule's pattern; None where it has none."""
    now: datetime
    window: Span
    memory: Memory


def evaluate(rule: Rule, streams: Streams, hosts: Hosts, now: datetime, memory: Memory) -> list[Finding]:
    """Each group that there is, or should be; raises NetloomError."""
    chosen = None if rule.on is None else frozenset(hosts(rule.on))
    window = Span(now - timedelta(seconds=rule.measure.over_s), now)
    look = _Look(streams, chosen, now, window, memory)
    match rule.condition:
        case Absent() as absent:
            return _absent(rule, absent, look)
        case Anomaly() as anomaly:
            return _anomaly(rule, anomaly, look)
        case Threshold() as threshold:
            found = _zeros(rule, measured(streams, rule.measure, window, chosen), chosen)
            return [Finding(group.labels, threshold.holds(group.value), group.value) for group in found]
        case formula:
            return _by_formula(rule, formula, measured(streams, rule.measure, window, chosen))


def _by_formula(rule: Rule, formula: Formula, found: list[Group]) -> list[Finding]:
    names = names_of(rule.measure)
    judged = []
    for labels, values in _by_labels(found, rule).items():
        holds, value = formula.judge({name: values[metric] for name, metric in names.items() if metric in values})
        judged.append(Finding(labels, holds, value))
    return judged


def _zeros(rule: Rule, found: list[Group], chosen: Collection[str] | None) -> list[Group]:
    """Counted rows of which there are none are zero, wherever it is known what should be there."""
    if not _is_counting(rule.measure):
        return found
    if not rule.measure.by:
        return found or [Group((), 0.0)]
    if tuple(rule.measure.by) == ("hostname",) and chosen is not None:
        there = {group.labels for group in found}
        missing = [labels for host in sorted(chosen) if (labels := (("hostname", host),)) not in there]
        return [*found, *(Group(labels, 0.0) for labels in missing)]
    return found


def _by_labels(found: list[Group], rule: Rule) -> dict[Labels, dict[str, float]]:
    """The numbers of each group: those of several metrics together."""
    alone = rule.measure.names[0] if rule.measure.names else "value"
    together: dict[Labels, dict[str, float]] = {}
    for group in found:
        together.setdefault(group.labels, {})[group.name or alone] = group.value
    return together


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
    current = {group.labels: group.value for group in measured(look.streams, rule.measure, look.window, look.chosen)}
    usual = _usual(rule, anomaly, look)
    if _is_counting(rule.measure):
        current = dict.fromkeys(usual, 0.0) | current
    return [_compared(rule, anomaly, labels, value, usual.get(labels)) for labels, value in current.items()]


def _compared(
    rule: Rule, anomaly: Anomaly, labels: Labels, value: float, usual: tuple[list[float], int] | None
) -> Finding:
    numbers, days = usual or ([], 0)
    if days < MIN_DAYS or len(numbers) < MIN_DAYS:
        note = f"too little history: {days} of {anomaly.days} days, at least {MIN_DAYS} are needed"
        return Finding(labels, holds=False, value=value, note=note)
    mean = statistics.fmean(numbers)
    # What happens by chance varies by the root of how often it does.
    least = max(1.0, math.sqrt(abs(mean))) if rule.measure.how == "count" else max(_FLOOR * abs(mean), 1e-9)
    away = (value - mean) / max(statistics.pstdev(numbers), least)
    far = {"both": abs(away), "above": away, "below": -away}[anomaly.way]
    note = f"{away:+.1f} deviations from the usual {mean:.6g} ({days} days)"
    return Finding(labels, far > anomaly.deviations, value, note)


def _usual(rule: Rule, anomaly: Anomaly, look: _Look) -> dict[Labels, tuple[list[float], int]]:
    """Each group's numbers in this hour of former days, and on how many; found once an hour."""
    hour = look.now.replace(minute=0, second=0, microsecond=0)
    key = (rule.name, f"{hour.isoformat()} {sorted(look.chosen or ())!r} {rule.measure}")
    if key in look.memory.usual:
        return look.memory.usual[key]
    for old in [each for each in look.memory.usual if each[0] == rule.name]:
        del look.memory.usual[old]
    length = timedelta(seconds=max(3600.0, rule.measure.over_s))
    windows = max(1, int(length.total_seconds() // rule.measure.over_s))
    found: dict[Labels, tuple[list[float], int]] = {}
    whole_days = 0
    for day in range(1, anomaly.days + 1):
        since = hour - timedelta(days=day)
        groups = measured(look.streams, rule.measure, Span(since, since + length), look.chosen)
        whole_days += bool(groups)
        there: dict[Labels, list[float]] = {}
        for group in (each for each in groups if each.slot < windows):
            there.setdefault(group.labels, []).append(group.value)
        for labels, numbers in there.items():
            kept, days = found.get(labels, ([], 0))
            found[labels] = ([*kept, *numbers], days + 1)
    if _is_counting(rule.measure):
        found = {
            labels: (numbers + [0.0] * max(0, whole_days * windows - len(numbers)), whole_days)
            for labels, (numbers, _) in found.items()
        }
    look.memory.usual[key] = found
    return found
