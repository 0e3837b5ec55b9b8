"""An interface: what is set on it, and what it does (openconfig-interfaces, RFC 2863)."""

from __future__ import annotations

from dataclasses import dataclass

from netloom.model.noun import Noun, Record
from netloom.model.text import FreeText, InterfaceAddress, Word


@dataclass(frozen=True, slots=True)
class Interface(Record):
    """An interface as configured."""

    name: Word
    description: FreeText | None = None
    addresses: tuple[InterfaceAddress, ...] = ()
    """IPv4 and IPv6, the primary first."""
    mtu: int | None = None
    """Bytes, as the system counts them; None leaves the system's default."""
    enabled: bool = True

    IDENTITY = ("name",)


@dataclass(frozen=True, slots=True)
class InterfaceState(Record):
    """An interface as seen."""

    name: str
    ifindex: int | None = None
    description: str | None = None
    type: str | None = None
    """IANA ifType's name: ethernetCsmacd, softwareLoopback, …"""
    admin_status: str | None = None
    """up, down or testing (RFC 2863)."""
    oper_status: str | None = None
    """up, down, testing, unknown, dormant, notPresent or lowerLayerDown (RFC 2863)."""
    mtu: int | None = None
    speed_bps: int | None = None
    mac_address: str | None = None
    addresses: tuple[str, ...] = ()
    last_change_s: int | None = None
    """Seconds of the system's uptime at which it entered its present state."""
    in_octets: int | None = None
    in_packets: int | None = None
    in_errors: int | None = None
    in_discards: int | None = None
    out_octets: int | None = None
    out_packets: int | None = None
    out_errors: int | None = None
    out_discards: int | None = None

    IDENTITY = ("name",)


NOUN = Noun("interface", "interfaces", record=Interface, state=InterfaceState)
