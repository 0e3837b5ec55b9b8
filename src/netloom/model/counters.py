"""Counters that an agent sends of itself: sFlow's, structure by structure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from netloom.model.noun import Record
from netloom.model.stream import Stream
from netloom.model.width import Nanoseconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Counters(Record):
    """One structure of a counter sample."""

    type: str = "SFLOW_5"
    time_received_ns: Nanoseconds
    """When the datagram came, in nanoseconds since 1970."""
    sampler_address: str | None = None
    """The agent, by its own account."""
    observation_domain_id: int | None = None
    """The sub-agent."""
    sequence_num: int | None = None
    """The datagram's sequence number."""
    uptime: float | None = None
    """Seconds since the agent started."""
    source_type: int
    """0 an interface, 1 a VLAN, 2 a physical entity."""
    source_index: int
    """The ifIndex, VLAN or entity."""
    structure: str
    """sflow.org's name: if_counters, processor, host_cpu; its number where it is not known: 4413.9."""
    values: Mapping[str, Any]
    """sflow.org's fields; of an unknown structure its octets as `data`, in hexadecimal digits."""


STREAM = Stream("counters", "counters", Counters, "time_received_ns")
"""Counters."""
