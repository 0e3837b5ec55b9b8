"""OSPF neighbors."""

from __future__ import annotations

from netloom.model.ospf_neighbor import OspfNeighborState
from netloom.platforms.arista_eos import reply, show_ospf

READ = show_ospf.READ
ABSENT = reply.ABSENT


def observed(*outputs: str) -> list[OspfNeighborState]:
    """Neighbors of every instance, as eAPI or the command line tells."""
    return show_ospf.neighbors(outputs)
