"""Questions about metrics: which there are, and how they ran over time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from netloom.app.telemetry.flows import both, one_of
from netloom.app.telemetry.window import Window, moment_of, step_for
from netloom.errors import UsageError
from netloom.model.expression import Compare, Word, path_of
from netloom.model.filter import Filter
from netloom.store.stream_schema import near, stream_table
from netloom.store.streams import Streams

UNITS = (
    ("_bps", "bit/s"), ("_octets", "B"), ("_bytes", "B"), (".utilization", "%"), ("_utilization", "%"),
    ("_percent", "%"), ("_pps", "pkt/s"), ("_seconds", "s"), ("_celsius", "°C"), ("temperature", "°C"),
    ("_dbm", "dBm"), ("_volts", "V"), ("_watts", "W"), ("_amperes", "A"), ("_hertz", "Hz"), ("_rpm", "rpm"),
)  # fmt: skip
"""What ends a metric's name, and its unit."""

FEW = 64
"""Series of so many devices are asked for by their names."""
Key = tuple[str | None, ...]
Tags = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricQuestion:
    """Which samples, and how they are told apart."""

    window: Window
    name: str = ""
    """One metric's name."""
    by: tuple[str, ...] | None = None
    """Beside the device: `tags.interface`; None is all tags there are."""
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
    """Where the last step that has any begins."""


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
    kinds: dict[str, list[tuple[str | None, Tags]]] = {}
    for row in _groups(streams, question, ("name", "hostname", "tags")):
        kinds.setdefault(row["name"], []).append((row["hostname"], _tags(row["tags"])))
    counts: dict[str, int] = {}
    latest: dict[str, datetime] = {}
    step = step_for(question.window)
    rows = streams.series("metric", question.filter, step=step, by=("name",), of="rows", **_span(question))
    for row in rows:
        counts[row["name"]] = counts.get(row["name"], 0) + row["rows"]
        latest[row["name"]] = moment_of(row["time_ns"])
    return [
        Known(
            name,
            len({host for host, _ in kinds[name]}),
            len(kinds[name]),
            tuple(sorted({tag for _, tags in kinds[name] for tag, _ in tags})),
            counts[name],
            latest[name],
        )
        for name in sorted(counts)
    ]


@dataclass(frozen=True, slots=True)
class MetricAnswer:
    """One metric over time."""

    by: tuple[str, ...]
    """What tells the series apart beside the device."""
    series: tuple[MetricSeries, ...]
    """The highest first."""
    count: int
    """So many there are."""


def tags_of(streams: Streams, question: MetricQuestion) -> dict[tuple[str | None, Tags], float]:
    """Each device and its tags of which a metric has samples, with the largest value; raises as `series`."""
    rows = _groups(streams, question, ("hostname", "tags"), of="value", agg="max")
    return {(row["hostname"], _tags(row["tags"])): row["value"] for row in rows}


def series(
    streams: Streams, question: MetricQuestion, step: timedelta, agg: str = "avg", most: int | None = None
) -> MetricAnswer:
    """One metric's highest series; steps without samples are left out; raises UsageError and StoreError."""
    found = tags_of(streams, question)
    every = tuple(path_of(("tags", tag)) for tag in sorted({tag for _, tags in found for tag, _ in tags}))
    for name in question.by or ():
        if name not in every and every:
            raise UsageError(f"the metric has no {name!r}", hint=near(name, every))
    told_apart = every if question.by is None else question.by
    peaks: dict[Key, float] = {}
    for (host, tags), peak in found.items():
        told = {path_of(("tags", tag)): value for tag, value in tags}
        key = (host, *(told.get(name) for name in told_apart))
        peaks[key] = max(peak, peaks.get(key, peak))
    highest = sorted(peaks, key=lambda key: (-peaks[key], [part or "" for part in key]))[:most]
    points = _points(streams, question, step, agg, (told_apart, highest))
    made = tuple(MetricSeries(key, tuple(points[key])) for key in highest if points[key])
    return MetricAnswer(told_apart, made, len(peaks))


def _points(
    streams: Streams, question: MetricQuestion, step: timedelta, agg: str, wanted: tuple[tuple[str, ...], list[Key]]
) -> dict[Key, list[tuple[datetime, float]]]:
    """The steps of some groups."""
    told_apart, keys = wanted
    found: dict[Key, list[tuple[datetime, float]]] = {key: [] for key in keys}
    hosts = {key[0] for key in keys}
    asked = question.filter
    if len(hosts) <= FEW and None not in hosts:
        asked = both(asked, one_of("hostname", [host for host in sorted(hosts, key=str) if host is not None]))
    by = ("hostname", *told_apart)
    for row in streams.series("metric", asked, step=step, by=by, of="value", agg=agg, **_span(question)):
        key = tuple(row[name] for name in by)
        if key in found and row["value"] is not None:
            found[key].append((moment_of(row["time_ns"]), row["value"]))
    return found


def levels(
    streams: Streams, question: MetricQuestion, step: timedelta
) -> dict[tuple[str | None, str, Tags], list[float]]:
    """The means of every series of every metric, step by step, in order of time; raises UsageError and StoreError."""
    found: dict[tuple[str | None, str, Tags], list[float]] = {}
    by = ("hostname", "name", "tags")
    for row in streams.series("metric", question.filter, step=step, by=by, of="value", **_span(question)):
        found.setdefault((row["hostname"], row["name"], _tags(row["tags"])), []).append(row["value"])
    return found


def _groups(streams: Streams, question: MetricQuestion, by: Sequence[str], of: str = "rows", **asked: Any) -> Any:
    """Every group, the largest first."""
    return streams.top("metric", question.filter, by=by, of=of, n=None, **_span(question), **asked)


def _span(question: MetricQuestion) -> dict[str, Any]:
    return {"since": question.window.since, "until": question.window.until}


def _tags(found: Mapping[str, str] | None) -> Tags:
    return tuple(sorted((found or {}).items()))
