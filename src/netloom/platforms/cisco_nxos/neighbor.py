"""The neighbors on the links of a Nexus, by LLDP and CDP."""

from __future__ import annotations

from netloom.model.neighbor import NeighborState
from netloom.platforms import lldp
from netloom.platforms.cisco_nxos import show_cdp, show_lldp
from netloom.platforms.cisco_nxos.absent import NO_NEIGHBOR
from netloom.platforms.cisco_nxos.screens import telling
from netloom.platforms.contract import Columns
from netloom.platforms.replies import Reader, merged

READ = (show_lldp.READ, show_cdp.READ)
ABSENT = NO_NEIGHBOR

_READERS = (
    Reader(show_lldp.KNOWS_REPLY, show_lldp.neighbor_replies),
    Reader(show_cdp.KNOWS_REPLY, show_cdp.neighbor_replies),
    Reader(show_lldp.KNOWS, show_lldp.neighbors),
    Reader(show_cdp.KNOWS, show_cdp.neighbors),
)
WALK = lldp.COLUMNS
COMPLEMENT = True
"""Without `feature lldp` only CDP answers."""


def observed(*outputs: str) -> list[NeighborState]:
    """Every neighbor, by each protocol that saw it."""
    return merged(telling(outputs), _READERS)


def walked(columns: Columns) -> list[NeighborState]:
    """LLDP neighbors from LLDP-MIB."""
    return lldp.neighbors(columns)
