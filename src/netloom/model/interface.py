"""An interface: what is set on it, and what it does (openconfig-interfaces, RFC 2863)."""

from __future__ import annotations

from dataclasses import dataclass

from netloom.model.noun import Noun, Record, Ref
from netloom.model.text import FreeText, InterfaceAddress, Word


@dataclass(frozen=True, slots=True)
class Interface(Record):
    """An interface as configured: physical, subinterface, VLAN interface, loopback, tunnel or aggregate."""

    name: Word
    description: FreeText | None = None
    addresses: tuple[InterfaceAddress, ...] = ()
    """IPv4 and IPv6, the primary of each first, then the secondary ones."""
    mtu: int | None = None
    """Bytes, as the system counts them; None leaves the system's default."""
    enabled: bool = True
    vrf: Word | None = None
    """None is the default VRF."""
    vlan: int | None = None
    """The IEEE 802.1Q tag of a subinterface."""
    acl_in: Word | None = None
    """An IPv4 ACL's name."""
    acl_out: Word | None = None
    ipv6_acl_in: Word | None = None
    ipv6_acl_out: Word | None = None

    IDENTITY = ("name",)

    @property
    def refs(self) -> tuple[Ref, ...]:
        found = [Ref("acl", ("ipv4", name)) for name in (self.acl_in, self.acl_out) if name]
        found += [Ref("acl", ("ipv6", name)) for name in (self.ipv6_acl_in, self.ipv6_acl_out) if name]
        if self.vrf:
            found.append(Ref("vrf", (self.vrf,)))
        return tuple(found)


@dataclass(frozen=True, slots=True)
class InterfaceState(Record):
    """An interface as seen."""

    name: str
    ifindex: int | None = None
    description: str | None = None
    type: str | None = None
    """IANA ifType's name (ethernetCsmacd, softwareLoopback, …), or the device's word for the hardware."""
    admin_status: str | None = None
    """up, down or testing (RFC 2863)."""
    oper_status: str | None = None
    """up, down, testing, unknown, dormant, notPresent or lowerLayerDown (RFC 2863)."""
    reason: str | None = None
    """Why it is down, in the device's word: notconnect, errdisabled, xcvrAbsent, …"""
    mtu: int | None = None
    speed_bps: int | None = None
    duplex: str | None = None
    """full, half or auto."""
    mac_address: str | None = None
    vrf: str | None = None
    vlan: int | None = None
    """The IEEE 802.1Q tag of a subinterface."""
    addresses: tuple[str, ...] = ()
    last_change_s: int | None = None
    """Seconds of the system's uptime at which it entered its present state."""
    last_flap_s: float | None = None
    """Seconds since it entered its present state."""
    in_octets: int | None = None
    in_packets: int | None = None
    in_unicast_packets: int | None = None
    in_multicast_packets: int | None = None
    in_broadcast_packets: int | None = None
    in_errors: int | None = None
    in_crc_errors: int | None = None
    in_discards: int | None = None
    out_octets: int | None = None
    out_packets: int | None = None
    out_unicast_packets: int | None = None
    out_multicast_packets: int | None = None
    out_broadcast_packets: int | None = None
    out_errors: int | None = None
    out_discards: int | None = None
    in_bps: int | None = None
    """The device's own average of the last minutes."""
    out_bps: int | None = None

    IDENTITY = ("name",)


NOUN = Noun("interface", "interfaces", record=Interface, state=InterfaceState)
