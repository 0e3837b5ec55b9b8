"""The neighbour tables of a Nexus, IPv4 and IPv6."""

from __future__ import annotations

from netloom.model.arp import ArpState
from netloom.platforms import ip_mib
from netloom.platforms.cisco_nxos import show_arp
from netloom.platforms.cisco_nxos.screens import telling
from netloom.platforms.contract import Columns
from netloom.platforms.replies import Reader, merged

READ = show_arp.READ
WALK = ip_mib.COLUMNS

_READERS = (
    Reader(show_arp.KNOWS_REPLY, show_arp.arp_replies),
    Reader(show_arp.KNOWS, show_arp.arps),
)


def observed(*outputs: str) -> list[ArpState]:
    """Every entry of every VRF."""
    return merged(telling(outputs), _READERS)


def walked(columns: Columns) -> list[ArpState]:
    """Entries from IP-MIB."""
    return ip_mib.arps(columns)
