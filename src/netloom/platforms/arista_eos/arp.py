"""Neighbours' MAC addresses, by ARP and IPv6 ND."""

from __future__ import annotations

from netloom.model.arp import ArpState
from netloom.platforms.arista_eos import reply, show_arp

READ = show_arp.READ
ABSENT = reply.ABSENT


def observed(*outputs: str) -> list[ArpState]:
    """Entries of every VRF, as eAPI or the command line tells."""
    return show_arp.arps(outputs)
