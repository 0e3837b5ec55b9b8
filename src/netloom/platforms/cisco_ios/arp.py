"""ARP entries and IPv6 neighbors of a Cisco IOS device."""

from __future__ import annotations

from netloom.model.arp import ArpState
from netloom.platforms.cisco_ios import screen, show_arp
from netloom.platforms.contract import Read

READ = (Read("show ip arp"), Read("show ipv6 neighbors"))


def observed(*outputs: str) -> list[ArpState]:
    """Entries of both families."""
    return screen.records(outputs, show_arp.READERS)
