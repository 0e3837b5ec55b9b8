"""A metric: one number that a device or a probe told at a moment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from netloom.model.noun import Record
from netloom.model.stream import Stream
from netloom.model.width import Nanoseconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric(Record):
    """One sample; the device that it is of stands beside it in the store, as `hostname`."""

    timestamp_ns: Nanoseconds
    """When it was read, in nanoseconds since 1970."""
    name: str
    """OpenConfig's words, dotted: interface.in_octets, interface.in_bps, cpu.utilization; units end the name."""
    tags: Mapping[str, str] | None = None
    """What it is of on its device: interface, component, peer, …"""
    value: float
    """Counters as they stand, rates a second, shares in percent."""


STREAM = Stream("metric", "metrics", Metric, "timestamp_ns")
"""Metrics."""
