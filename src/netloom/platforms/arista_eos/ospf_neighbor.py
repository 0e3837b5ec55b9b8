"""OSPF neighbors."""

from __future__ import annotations

from netloom.model.ospf_neighbor import OspfNeighborState
from netloom.platforms.arista_eos import show_ospf

READ = show_ospf.READ


def observed(*outputs: str) -> list[OspfNeighborState]:
    """Neighbors of every instance, as eAPI or the command line tells."""
    return show_ospf.neighbors(outputs)
