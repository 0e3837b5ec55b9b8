"""What moved in what flowed in: metrics, traffic, logs, events."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import partial
from itertools import chain
from statistics import fmean
from typing import TYPE_CHECKING, Any

from netloom.app.telemetry import metrics
from netloom.app.telemetry.devices import Devices, devices_of
from netloom.app.telemetry.flow_charts import RATES
from netloom.app.telemetry.flows import Counts, Key, any_of, both
from netloom.app.telemetry.impact import Compared, Moved, Scope
from netloom.app.telemetry.names import label
from netloom.app.telemetry.score import count_score, level_score, rates_of
from netloom.app.telemetry.window import Window, moment_of, steps_of
from netloom.model.filter import Filter
from netloom.store.streams import Streams

if TYPE_CHECKING:
    from netloom.app.wiring import App

PIECES = 15
"""Into so many steps the span before is cut, to see how much things move by themselves."""
LEAST_STEP = timedelta(seconds=10)
TOLD_APART: Sequence[tuple[str, ...]] = ((), ("in_if_name",), ("out_if_name",), ("dst_port", "proto"), ("dst_as",))
"""How a device's traffic is looked at."""
MOST = 50
"""So many groups of each kind are looked at: those with the most traffic."""
LEAST_BPS = 1000.0
"""Less traffic than this is no news, however it moves."""
WORSE = 4
"""Messages this severe or worse count double."""
ANEW = 3.0
"""Events are rare: one that never came before the change is news."""


def step_of(scope: Scope) -> timedelta:
    """The steps into which both spans are cut."""
    seconds = int(scope.before.seconds / PIECES)
    return max(LEAST_STEP, timedelta(seconds=seconds))


def metrics_moved(app: App, scope: Scope) -> Compared:
    """Each series of each metric: its mean after the change beside the one before."""
    step = step_of(scope)
    before = _levels(app.streams, scope, scope.before, step)
    after = _levels(app.streams, scope, scope.after, step)
    if not before and not after:
        return Compared(missing="no metrics of these devices: `netloom watch` polls them with its snmp collector")
    moved = []
    for key in sorted(before.keys() | after.keys(), key=repr):
        host, name, tags = key
        then, now = before.get(key, []), after.get(key, [])
        unit = metrics.unit_of(name)
        if (rates := rates_of(then)) is not None and (later := rates_of(now)) is not None:
            seconds = step.total_seconds()
            then, now, unit = [each / seconds for each in rates], [each / seconds for each in later], f"{unit}/s"
        what = " ".join([name, *(value for _, value in tags)])
        score = level_score(then, now) if then and now else (ANEW if now else -ANEW)
        moved.append(
            Moved(
                kind="metric",
                hostname=host or "?",
                what=what,
                before=fmean(then) if then else None,
                after=fmean(now) if now else None,
                unit=unit,
                score=score,
            )
        )
    return Compared(moved)


def _levels(
    streams: Streams, scope: Scope, window: Window, step: timedelta
) -> dict[tuple[str | None, str, metrics.Tags], list[float]]:
    """Each series' means, step by step."""
    question = metrics.MetricQuestion(window=window, hosts=scope.devices)
    return metrics.levels(streams, question, step)


def traffic_moved(app: App, scope: Scope) -> Compared:
    """Each device's traffic: all of it, by interface, by service, by network."""
    owners = devices_of(app, scope.devices)
    told = [(by, *_rates(app.streams, scope, by, owners)) for by in TOLD_APART]
    if not any(before or after for _, before, after in told):
        return Compared(missing="no flows from these devices: have them export to `netloom watch`'s flow collector")
    moved = []
    for by, before, after in told:
        steps = max(map(len, chain(before.values(), after.values())), default=0)
        nothing = [0.0] * steps
        for host, key in sorted(before.keys() | after.keys(), key=repr):
            then, now = before.get((host, key), nothing), after.get((host, key), nothing)
            if max(fmean(then), fmean(now)) < LEAST_BPS:
                continue
            what = f"{by[0]} {label(by, key)}" if by else "all traffic"
            moved.append(
                Moved(
                    kind="traffic",
                    hostname=host,
                    what=what,
                    before=fmean(then),
                    after=fmean(now),
                    unit=RATES["bytes"],
                    score=level_score(then, now),
                )
            )
    return Compared(moved)


Levels = dict[tuple[str, tuple[Any, ...]], list[float]]


def _rates(streams: Streams, scope: Scope, by: tuple[str, ...], owners: Devices) -> tuple[Levels, Levels]:
    """Bits a second before and after, step by step, for each device and group."""
    asked = owners.of("flow")
    names = ("exporter_name", "sampler_address", *by)
    keys = _largest(streams, asked, names, scope)
    asked = both(asked, any_of(names, keys)) if keys else asked
    found: list[Levels] = []
    step = step_of(scope)
    for window in _spans(scope):
        covered = {moment: seconds for moment, seconds in steps_of(window, step) if seconds >= step.total_seconds() / 2}
        at = {moment: place for place, moment in enumerate(covered)}
        levels: Levels = {}
        rows = streams.series("flow", asked, step=step, by=names, of="bytes", since=window.since, until=window.until)
        for row in rows:
            moment = moment_of(row["time_ns"])
            if moment not in at or tuple(row[name] for name in names) not in keys:
                continue
            host = row["exporter_name"] or owners.addresses.get(row["sampler_address"], row["sampler_address"])
            values = levels.setdefault((host, tuple(row[name] for name in by)), [0.0] * len(at))
            values[at[moment]] += Counts(bytes=row["bytes"]).rate("bytes", covered[moment])
        found.append(levels)
    return found[0], found[1]


def _largest(streams: Streams, asked: Filter, names: Sequence[str], scope: Scope) -> list[Key]:
    """The groups with the most traffic before the change, and after it."""
    found: dict[Key, None] = {}
    for window in _spans(scope):
        rows = streams.top("flow", asked, by=names, of="bytes", n=MOST, since=window.since, until=window.until)
        found |= dict.fromkeys(tuple(row[name] for name in names) for row in rows)
    return list(found)


def logs_moved(app: App, scope: Scope) -> Compared:
    """Messages by their codes, or else by their severity."""
    devices = devices_of(app, scope.devices)
    before, after = (_messages(app.streams, devices, window) for window in _spans(scope))
    if not before and not after:
        return Compared(missing="no logs of these devices: have them send syslog to `netloom watch`")
    return Compared(
        [
            _count_moved("log", key, (before[key], after[key]), scope, weight=2.0 if (key[2] or 9) <= WORSE else 1.0)
            for key in sorted(before.keys() | after.keys(), key=repr)
        ]
    )


def _messages(streams: Streams, devices: Devices, window: Window) -> Counter[CountKey]:
    """How many messages of each kind came, by device."""
    code, number, name = "event.code", "log.syslog.severity.code", "log.syslog.severity.name"
    by = ("hostname", "source_address", code, number, name)
    found: Counter[CountKey] = Counter()
    asked = devices.of("log")
    for row in streams.top("log", asked, by=by, of="rows", n=None, since=window.since, until=window.until):
        what = row[code] or f"{(row[name] or 'other').lower()} messages"
        found[_sender(row, devices), what, row[number]] += row["rows"]
    return found


def events_moved(app: App, scope: Scope) -> Compared:
    """Events and traps by their names and what they are about."""
    find = partial(_counted, app.streams, devices_of(app, scope.devices))
    before, after = (find("event", window, _event_key) + find("trap", window, _trap_key) for window in _spans(scope))
    return Compared(
        [
            _count_moved("event", key, (before[key], after[key]), scope, weight=ANEW)
            for key in sorted(before.keys() | after.keys(), key=repr)
        ]
    )


def _spans(scope: Scope) -> tuple[Window, Window]:
    return scope.before, scope.after


CountKey = tuple[str, str, int | None]


def _counted(streams: Streams, devices: Devices, stream: str, window: Window, key: Any) -> Counter[CountKey]:
    """How often each kind of row came, by device."""
    rows = streams.query(stream, devices.of(stream), since=window.since, until=window.until)
    return Counter((_sender(row, devices), *key(row)) for row in rows)


def _sender(row: Mapping[str, Any], devices: Devices) -> str:
    address = row["source_address"]
    return str(row["hostname"] or devices.addresses.get(address, address))


def _event_key(row: Mapping[str, Any]) -> tuple[str, int | None]:
    parts = (row["name"], row["interface"] or row["peer"] or row["user"], row["state"])
    return " ".join(part for part in parts if part), None


def _trap_key(row: Mapping[str, Any]) -> tuple[str, int | None]:
    return f"trap {row['trap_name'] or row['trap_oid']}", None


def _count_moved(kind: Any, key: CountKey, counts: tuple[int, int], scope: Scope, *, weight: float) -> Moved:
    before, after = counts
    host, what, _ = key
    score = count_score(before, after, scope.ratio)
    score *= weight if score > 0 else 1.0  # that something became quiet is the lesser news
    return Moved(kind=kind, hostname=host, what=what, before=before, after=after, unit="", score=score)
