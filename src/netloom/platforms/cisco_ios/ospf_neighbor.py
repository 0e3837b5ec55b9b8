"""OSPF adjacencies of a Cisco IOS device."""

from __future__ import annotations

from netloom.model.ospf_neighbor import OspfNeighborState
from netloom.platforms.cisco_ios import screen, show_ospf
from netloom.platforms.contract import Read

READ = (Read("show ip ospf neighbor detail"), Read("show ip ospf neighbor"))
COMPLEMENT = True


def observed(*outputs: str) -> list[OspfNeighborState]:
    """One adjacency a neighbor and interface."""
    return screen.records(outputs, show_ospf.READERS)
