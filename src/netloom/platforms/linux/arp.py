"""The kernel's neighbour table of a Linux host, IPv4 and IPv6."""

from __future__ import annotations

from dataclasses import replace

from netloom.model.arp import ArpState
from netloom.platforms import ip_mib, iproute2
from netloom.platforms.contract import Columns

READ = replace(iproute2.NEIGHBOURS, where="cli")
WALK = ip_mib.COLUMNS


def observed(output: str) -> list[ArpState]:
    """Entries from `ip neigh`."""
    return iproute2.neighbours(output)


def walked(columns: Columns) -> list[ArpState]:
    """Entries from IP-MIB."""
    return ip_mib.arps(columns)
