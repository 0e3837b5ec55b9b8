"""What one LLDP or CDP frame says of its sender."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from netloom.model.neighbor import NeighborState
from netloom.model.stream import Stream
from netloom.model.width import Nanoseconds


@dataclass(frozen=True, slots=True, kw_only=True)
class NeighborFrame(NeighborState):
    """A neighbor at the moment at which it spoke; `local_interface` is where it was heard, empty where unknown."""

    time_received_ns: Nanoseconds
    """When it came, in nanoseconds since 1970."""
    src_mac: str | None = None
    """The frame's sender."""
    extensions: Mapping[str, Any] | None = None
    """What else it says: power, mac_phy, med_policy, …; unknown ones by organization and subtype: 000142.1."""


STREAM = Stream("neighbor_frame", "neighbor_frames", NeighborFrame, "time_received_ns")
"""Neighbors' frames."""
