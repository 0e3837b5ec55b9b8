"""LLDP neighbors of a Linux host, as its lldpd tells."""

from __future__ import annotations

from dataclasses import replace

from netloom.model.neighbor import NeighborState
from netloom.platforms import lldp
from netloom.platforms.contract import Columns

READ = replace(lldp.READ, where="cli")
WALK = lldp.COLUMNS


def observed(output: str) -> list[NeighborState]:
    """Neighbors from lldpd's client."""
    return lldp.observed(output)


def walked(columns: Columns) -> list[NeighborState]:
    """Neighbors from LLDP-MIB."""
    return lldp.neighbors(columns)
