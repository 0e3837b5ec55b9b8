"""Questions about metrics: which there are, and how they ran over time."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from netloom.app.telemetry.flows import both, one_of
from netloom.app.telemetry.window import Window, moment_of
from netloom.model.expression import Compare, Word
from netloom.model.filter import Filter
from netloom.store.stream_schema import stream_table
from netloom.store.streams import Streams

AGGREGATES = ("avg", "max", "min", "p95", "last", "sum")
UNITS = (
    ("_bps", "bit/s"), ("_octets", "B"), ("_bytes", "B"), (".utilization", "%"), ("_utilization", "%"),
    ("_percent", "%"), ("_pps", "packets/s"), ("_seconds", "s"), ("_celsius", "°C"), ("temperature", "°C"),
    ("_dbm", "dBm"), ("_volts", "V"), ("_watts", "W"), ("_amperes", "A"), ("_hertz", "Hz"), ("_rpm", "rpm"),
)  # fmt: skip
"""What ends a metric's name, and its unit."""

Key = tuple[str | None, ...]
Tags = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricQuestion:
    """Which samples, and how they are told apart."""

    window: Window
    name: str = ""
    """One metric's name."""
    by: tuple[str, ...] = ()
    """Beside the device: `tags.interface`."""
    hosts: Sequence[str] | None = None
    where: Filter = field(default_factory=Filter)

    @property
    def filter(self) -> Filter:
        """All of it as one."""
        named = Filter(Compare("name", "=", Word(self.name, quoted=True))) if self.name else Filter()
        devices = Filter() if self.hosts is None else one_of("hostname", self.hosts)
        return both(named, devices, self.where)


@dataclass(frozen=True, slots=True)
class Known:
    """A metric that there is."""

    name: str
    hosts: int
    series: int
    """Of all devices, tags told apart."""
    tags: tuple[str, ...]
    samples: int
    last: datetime


@dataclass(frozen=True, slots=True)
class MetricSeries:
    """One device's samples of a metric, step by step."""

    key: Key
    """The device, then the values of `by`."""
    points: tuple[tuple[datetime, float], ...]

    @property
    def peak(self) -> float:
        """The largest value."""
        return max((value for _, value in self.points), default=0.0)


def fields() -> list[str]:
    """Every name that a filter on metrics may use."""
    return stream_table("metric").paths()


def unit_of(name: str) -> str:
    """A metric's unit, by its name's end; empty where it has none."""
    return next((unit for end, unit in UNITS if name.endswith(end)), "")


def known(streams: Streams, question: MetricQuestion) -> list[Known]:
    """The metrics that have samples in a span, by name; raises UsageError and StoreError."""
    hosts: dict[str, set[str | None]] = {}
    kinds: dict[str, set[tuple[str | None, Tags]]] = {}
    counts: dict[str, int] = {}
    latest: dict[str, int] = {}
    for host, name, tags, moment, _ in _samples(streams, question):
        hosts.setdefault(name, set()).add(host)
        kinds.setdefault(name, set()).add((host, tags))
        counts[name] = counts.get(name, 0) + 1
        latest[name] = max(latest.get(name, 0), moment)
    return [
        Known(
            name,
            len(hosts[name]),
            len(kinds[name]),
            tuple(sorted({tag for _, tags in kinds[name] for tag, _ in tags})),
            counts[name],
            moment_of(latest[name]),
        )
        for name in sorted(counts)
    ]


def series(streams: Streams, question: MetricQuestion, step: timedelta, agg: str = "avg") -> list[MetricSeries]:
    """One metric's series, the highest first; steps without samples are left out; raises UsageError and StoreError."""
    length = step // timedelta(microseconds=1) * 1000
    found: dict[Key, dict[int, list[float]]] = {}
    for host, _, tags, moment, value in _samples(streams, question):
        told = dict(tags)
        key = (host, *(told.get(name.removeprefix("tags.")) for name in question.by))
        found.setdefault(key, {}).setdefault(moment - moment % length, []).append(value)
    made = [
        MetricSeries(key, tuple((moment_of(at), _aggregated(values, agg)) for at, values in sorted(steps.items())))
        for key, steps in found.items()
    ]
    return sorted(made, key=lambda each: (-each.peak, [part or "" for part in each.key]))


def tags_of(streams: Streams, question: MetricQuestion) -> tuple[str, ...]:
    """The tags that a metric's samples have, as `by` names them: tags.interface."""
    found = {tag for _, _, tags, _, _ in _samples(streams, question) for tag, _ in tags}
    return tuple(f"tags.{tag}" for tag in sorted(found))


def _samples(streams: Streams, question: MetricQuestion) -> Iterator[tuple[str | None, str, Tags, int, float]]:
    """Each sample: its device, name, tags, moment and value."""
    window = question.window
    columns = ["hostname", "name", "tags", "timestamp_ns", "value"]
    rows = streams.query("metric", question.filter, since=window.since, until=window.until, columns=columns)
    decoded: dict[Tags, Tags] = {}
    for batch in rows.data.to_batches():
        for host, name, pairs, moment, value in zip(*(batch.column(at).to_pylist() for at in columns), strict=True):
            raw = tuple(pairs or ())
            if raw not in decoded:
                decoded[raw] = tuple((tag, str(json.loads(text))) for tag, text in raw)
            yield host, name, decoded[raw], moment, value


def _aggregated(values: list[float], agg: str) -> float:
    match agg:
        case "max":
            return max(values)
        case "min":
            return min(values)
        case "last":
            return values[-1]
        case "sum":
            return math.fsum(values)
        case "p95":
            return sorted(values)[max(0, math.ceil(0.95 * len(values)) - 1)]
    return math.fsum(values) / len(values)


def levels(
    streams: Streams, question: MetricQuestion, step: timedelta
) -> dict[tuple[str | None, str, Tags], list[float]]:
    """The means of every series of every metric, step by step, in order of time; raises UsageError and StoreError."""
    length = step // timedelta(microseconds=1) * 1000
    found: dict[tuple[str | None, str, Tags], dict[int, list[float]]] = {}
    for host, name, tags, moment, value in _samples(streams, question):
        found.setdefault((host, name, tags), {}).setdefault(moment - moment % length, []).append(value)
    return {key: [math.fsum(steps[at]) / len(steps[at]) for at in sorted(steps)] for key, steps in found.items()}
