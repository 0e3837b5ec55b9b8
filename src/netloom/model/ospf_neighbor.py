"""An OSPF neighbor as seen (RFC 2328 section 10, openconfig-ospfv2)."""

from __future__ import annotations

from dataclasses import dataclass

from netloom.model.noun import Noun, Record


@dataclass(frozen=True, slots=True)
class OspfNeighborState(Record):
    """An adjacency over one interface."""

    neighbor_id: str
    """The neighbor's router id."""
    interface: str
    address: str | None = None
    vrf: str = "default"
    state: str = "Down"
    """Down, Attempt, Init, 2-Way, ExStart, Exchange, Loading or Full (RFC 2328)."""
    role: str | None = None
    """DR, Backup or DROther; None on links without one."""
    priority: int | None = None
    uptime_s: int | None = None
    dead_s: int | None = None
    """Seconds until it is given up."""
    area: str | None = None

    IDENTITY = ("vrf", "interface", "neighbor_id")


NOUN = Noun("ospf_neighbor", "ospf_neighbors", state=OspfNeighborState)
