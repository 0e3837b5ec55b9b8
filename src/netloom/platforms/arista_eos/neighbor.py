"""LLDP neighbors."""

from __future__ import annotations

from netloom.model.neighbor import NeighborState
from netloom.platforms.arista_eos import show_lldp

READ = show_lldp.READ


def observed(*outputs: str) -> list[NeighborState]:
    """Every neighbor, as eAPI or the command line tells."""
    return show_lldp.neighbors(outputs)
