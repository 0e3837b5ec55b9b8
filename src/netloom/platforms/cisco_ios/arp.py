"""ARP entries and IPv6 neighbors of a Cisco IOS device."""

from __future__ import annotations

from dataclasses import replace

from netloom.model.arp import ArpState
from netloom.platforms import ip_mib
from netloom.platforms.cisco_ios import screen, show_arp
from netloom.platforms.contract import Columns, Read

READ = (Read("show ip arp"), Read("show ipv6 neighbors"))
WALK = ip_mib.COLUMNS
COMPLEMENT = True


def observed(*outputs: str) -> list[ArpState]:
    """Entries of both families."""
    return screen.records(outputs, show_arp.READERS)


def walked(columns: Columns) -> list[ArpState]:
    """Entries from IP-MIB, whose ifName is the short one."""
    return [replace(entry, interface=screen.interface(entry.interface)) for entry in ip_mib.arps(columns)]
