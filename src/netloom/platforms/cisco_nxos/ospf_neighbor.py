"""The OSPF adjacencies of a Nexus."""

from __future__ import annotations

from netloom.model.ospf_neighbor import OspfNeighborState
from netloom.platforms.cisco_nxos import show_ospf
from netloom.platforms.cisco_nxos.absent import FEATURE_OFF
from netloom.platforms.cisco_nxos.screens import telling
from netloom.platforms.contract import Read
from netloom.platforms.replies import Reader, merged

READ = Read("show ip ospf neighbors vrf all | json")
ABSENT = FEATURE_OFF

_READERS = (
    Reader(show_ospf.KNOWS_REPLY, show_ospf.neighbor_replies),
    Reader(show_ospf.KNOWS, show_ospf.neighbors),
)


def observed(*outputs: str) -> list[OspfNeighborState]:
    """Every adjacency of every process."""
    return merged(telling(outputs), _READERS)
