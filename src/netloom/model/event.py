"""What happened to a network, in the same words whichever vendor's device tells it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from netloom.model.noun import Record
from netloom.model.stream import Stream


@dataclass(frozen=True, slots=True, kw_only=True)
class Event(Record):
    """One event, recognised in a log message; None is what the message does not tell."""

    time_received_ns: int
    """When the message came, in nanoseconds since 1970."""
    timestamp: datetime | None = None
    """When the device says that it happened."""
    source_address: str | None = None
    """Who sent the message."""
    hostname: str | None = None
    """As the device calls itself."""
    name: str
    """INTERFACE_DOWN, BGP_NEIGHBOR_STATE_CHANGED, …: napalm-logs' names where it has one."""
    code: str | None = None
    """The device's own name for it."""
    interface: str | None = None
    peer: str | None = None
    """The other side: a BGP peer, a routing neighbor."""
    vrf: str | None = None
    user: str | None = None
    state: str | None = None
    """What it is now: down, up, Established, Full, …"""
    old_state: str | None = None
    reason: str | None = None
    details: Mapping[str, str] | None = None
    """What else the message tells."""


STREAM = Stream("event", "events", Event, "time_received_ns")
"""Events."""
