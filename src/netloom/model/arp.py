"""An entry of the neighbour table, ARP or IPv6 ND, as seen (openconfig-if-ip)."""

from __future__ import annotations

from dataclasses import dataclass

from netloom.model.noun import Noun, Record


@dataclass(frozen=True, slots=True)
class ArpState(Record):
    """Which MAC address answers for an IP address."""

    address: str
    interface: str
    mac_address: str | None = None
    """None while unresolved."""
    state: str | None = None
    """reachable, stale, delay, probe, incomplete, failed or permanent (RFC 4861)."""
    vrf: str = "default"
    age_s: float | None = None
    """Seconds since it was learned or refreshed; None where it never ages."""
    type: str | None = None
    """The device's word for the entry: ARPA, …"""
    port: str | None = None
    """The port behind the interface, where the device tells it of a VLAN's."""

    IDENTITY = ("vrf", "interface", "address")


NOUN = Noun("arp", "arps", state=ArpState)
