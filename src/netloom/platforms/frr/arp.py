"""The kernel's neighbour table of an FRR router, IPv4 and IPv6."""

from __future__ import annotations

from netloom.model.arp import ArpState
from netloom.platforms import ip_mib, iproute2
from netloom.platforms.contract import Columns

READ = iproute2.NEIGHBOURS
WALK = ip_mib.COLUMNS


def observed(output: str) -> list[ArpState]:
    """Entries from `ip neigh`."""
    return iproute2.neighbours(output)


def walked(columns: Columns) -> list[ArpState]:
    """Entries from IP-MIB."""
    return ip_mib.arps(columns)
