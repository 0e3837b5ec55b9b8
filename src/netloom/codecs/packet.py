"""Frames and packets: the headers from the wire to the transport, tunnels included.

A header that is cut off, and whatever stands behind it, is left out; what is there is given. Nothing is checked (no
checksums), for captures and samples often cut packets or take them before the card has filled them in.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from netloom.codecs.pcap import ETHERNET, IPV4, IPV6, LINUX_SLL, LINUX_SLL2, LOOP, NULL, PPP, RAW

TUNNELS = 4
"""So many packets within packets are read."""
_HEADERS = 24
"""No packet has more headers: tags, labels and extensions together."""

_ETYPES = {
    0x0800: "ipv4",
    0x0806: "arp",
    0x6558: "ethernet",
    0x86DD: "ipv6",
    0x8100: "vlan",
    0x88A8: "vlan",
    0x9100: "vlan",
    0x8847: "mpls",
    0x8848: "mpls",
    0x8864: "pppoe",
    0x88CC: "lldp",
    0x8809: "slow",
    0x888E: "eapol",
}
"""EtherType (IANA ieee-802-numbers) → the header behind it."""
_PROTOCOLS = {
    0: "hop_by_hop",
    1: "icmp",
    2: "igmp",
    4: "ipv4",
    6: "tcp",
    17: "udp",
    41: "ipv6",
    43: "ipv6_route",
    44: "ipv6_fragment",
    47: "gre",
    50: "esp",
    51: "ah",
    58: "icmpv6",
    60: "ipv6_options",
    88: "eigrp",
    89: "ospf",
    103: "pim",
    112: "vrrp",
    132: "sctp",
    135: "ipv6_options",
    137: "mpls",
}
"""IP protocol (IANA protocol-numbers) → the header behind it."""
_PPP = {0x0021: "ipv4", 0x0057: "ipv6", 0x0281: "mpls"}
_TUNNEL_PORTS = {4789: "vxlan", 8472: "vxlan", 6081: "geneve", 6635: "mpls"}
"""UDP destination port → the tunnel behind it (RFC 7348, RFC 8926, RFC 7510)."""
_SNAP = {(0x00000C, 0x2000): "cdp", (0x00000C, 0x2004): "dtp", (0x00000C, 0x010B): "pvst"}


@dataclass(slots=True, kw_only=True)
class Packet:
    """What the headers of one packet say."""

    layers: list[str] = field(default_factory=list)
    """The headers' names from the outside, without those of `inner`."""
    src_mac: str | None = None
    dst_mac: str | None = None
    vlans: list[int] = field(default_factory=list)
    """The outer tag first."""
    etype: int | None = None
    """The EtherType behind all tags."""
    mpls_labels: list[int] = field(default_factory=list)
    src_addr: str | None = None
    dst_addr: str | None = None
    ip_bytes: int | None = None
    """As the IP header has it, that header included."""
    ip_tos: int | None = None
    """The whole octet: DSCP and ECN."""
    ip_ttl: int | None = None
    proto: int | None = None
    """Behind all extension headers."""
    flow_label: int | None = None
    fragment_id: int | None = None
    """Of a fragment alone."""
    fragment_offset: int = 0
    """In bytes."""
    more_fragments: bool = False
    src_port: int | None = None
    dst_port: int | None = None
    tcp_flags: int | None = None
    tcp_sequence: int | None = None
    icmp_type: int | None = None
    icmp_code: int | None = None
    vni: int | None = None
    """Of the tunnel that holds `inner` (RFC 7348, RFC 8926)."""
    ip_payload: bytes = b""
    """Of a fragment: all that stands behind IP's headers."""
    payload: bytes = b""
    """What stands behind the last header, without the padding of short frames."""
    inner: Packet | None = None
    """The packet within a tunnel."""


def dissect(data: bytes | memoryview, link_type: int = ETHERNET) -> Packet:
    """The headers of a frame, as far as they are there and known."""
    return _Dissection(memoryview(data), 0).packet(_LINKS.get(link_type, _unknown))


def with_payload(first: Packet, data: bytes) -> Packet:
    """The whole packet of which this is the first fragment, from all that stands behind its IP headers."""
    last = max(at for at, name in enumerate(first.layers) if name in ("ipv4", "ipv6_fragment"))
    whole = replace(
        first, layers=first.layers[: last + 1], fragment_id=None, more_fragments=False, ip_payload=b"", inner=None
    )
    following = _PROTOCOLS.get(first.proto or 0)
    return _Dissection(memoryview(data), 0, whole).packet(lambda _: following)


@dataclass(slots=True)
class _Dissection:
    """One packet being read: each header says which one follows and moves `view` behind itself."""

    view: memoryview
    depth: int
    found: Packet = field(default_factory=Packet)

    def packet(self, link: Header) -> Packet:
        following = link(self)
        for _ in range(_HEADERS):
            if following is None or (header := _HEADER.get(following)) is None:
                break
            self.found.layers.append(following)
            following = header(self)
        else:
            following = None
        if following is not None:
            self.found.layers.append(following)
        self.found.payload = bytes(self.view)
        return self.found

    def number(self, at: int, size: int) -> int:
        return int.from_bytes(self.view[at : at + size])

    def has(self, size: int) -> bool:
        return len(self.view) >= size

    def skip(self, size: int) -> None:
        self.view = self.view[size:]

    def tunnelled(self, link: Header, size: int) -> None:
        """What follows `size` more bytes is a packet of its own."""
        self.skip(size)
        if self.depth < TUNNELS:
            self.found.inner = _Dissection(self.view, self.depth + 1).packet(link)
            self.view = self.view[len(self.view) :]


Header = Callable[[_Dissection], str | None]


def _unknown(_: _Dissection) -> str | None:
    return None


def _begins(name: str) -> Header:
    return lambda _: name


def _of_version(reading: _Dissection) -> str | None:
    """Bare IP: its first half octet tells which."""
    return {4: "ipv4", 6: "ipv6"}.get(reading.view[0] >> 4) if reading.has(1) else None


def _loopback(reading: _Dissection) -> str | None:
    """Four octets of address family in the capturing machine's own order; IPv6's number differs among systems."""
    if not reading.has(5):
        return None
    reading.skip(4)
    return _of_version(reading)


def _linux_cooked(etype_at: int, size: int) -> Header:
    def header(reading: _Dissection) -> str | None:
        if not reading.has(size):
            return None
        etype = reading.number(etype_at, 2)
        reading.skip(size)
        reading.found.layers.append("linux_cooked")
        return _by_etype(reading, etype)

    return header


def _ppp(reading: _Dissection) -> str | None:
    if reading.has(4) and bytes(reading.view[:2]) == b"\xff\x03":
        reading.skip(2)
    if not reading.has(2):
        return None
    protocol = reading.number(0, 2)
    reading.skip(2)
    return _PPP.get(protocol)


def mac(raw: bytes | memoryview) -> str:
    """Six octets as people write them."""
    return bytes(raw).hex(":")


def _ethernet(reading: _Dissection) -> str | None:
    if not reading.has(14):
        return None
    found = reading.found
    found.dst_mac, found.src_mac = mac(reading.view[:6]), mac(reading.view[6:12])
    etype = reading.number(12, 2)
    reading.skip(14)
    return _by_etype(reading, etype)


def _by_etype(reading: _Dissection, etype: int) -> str | None:
    """The header that an EtherType announces; up to 1500 it is a length, and LLC follows (IEEE 802.3 §3.2.6)."""
    if etype <= 1500:
        reading.view = reading.view[:etype]
        return _llc(reading)
    reading.found.etype = etype
    return _ETYPES.get(etype)


def _llc(reading: _Dissection) -> str | None:
    if not reading.has(3):
        return None
    saps = reading.number(0, 2)
    reading.skip(3)
    if saps == 0x4242:
        return "stp"
    if saps == 0xFEFE:
        return "isis"
    if saps != 0xAAAA or not reading.has(5):
        return None
    organization, protocol = reading.number(0, 3), reading.number(3, 2)
    reading.skip(5)
    if organization == 0:
        reading.found.etype = protocol
        return _ETYPES.get(protocol)
    return _SNAP.get((organization, protocol))


def _vlan(reading: _Dissection) -> str | None:
    if not reading.has(4):
        return None
    reading.found.vlans.append(reading.number(0, 2) & 0x0FFF)
    etype = reading.number(2, 2)
    reading.skip(4)
    return _by_etype(reading, etype)


def _mpls(reading: _Dissection) -> str | None:
    """A label (RFC 3032); behind the last stands IP, or a frame whose control word begins with 0 (RFC 4385)."""
    if not reading.has(4):
        return None
    entry = reading.number(0, 4)
    reading.found.mpls_labels.append(entry >> 12)
    reading.skip(4)
    if not entry & 0x100:
        return "mpls"
    if (version := _of_version(reading)) is not None:
        return version
    if reading.has(18) and reading.view[0] >> 4 == 0:
        reading.tunnelled(_begins("ethernet"), 4)
    return None


def _pppoe(reading: _Dissection) -> str | None:
    if not reading.has(8):
        return None
    protocol = reading.number(6, 2)
    reading.skip(8)
    return _PPP.get(protocol)


def _ipv4(reading: _Dissection) -> str | None:
    if reading.found.proto is not None:
        reading.tunnelled(_begins("ipv4"), 0)
        reading.found.layers.pop()
        return None
    size = (reading.view[0] & 0x0F) * 4 if reading.has(20) else 0
    if size < 20 or not reading.has(size):
        return None
    found, view = reading.found, reading.view
    found.src_addr, found.dst_addr = (str(ipaddress.IPv4Address(bytes(view[at : at + 4]))) for at in (12, 16))
    found.ip_tos, found.ip_bytes, found.ip_ttl, found.proto = view[1], reading.number(2, 2), view[8], view[9]
    fragment = reading.number(6, 2)
    found.more_fragments, found.fragment_offset = bool(fragment & 0x2000), (fragment & 0x1FFF) * 8
    if found.more_fragments or found.fragment_offset:
        found.fragment_id = reading.number(4, 2)
    if found.ip_bytes >= size:  # 0 where the card was to fill it in
        reading.view = view[: found.ip_bytes]
    reading.skip(size)
    if found.fragment_id is not None:
        found.ip_payload = bytes(reading.view)
    return None if found.fragment_offset else _PROTOCOLS.get(found.proto)


def _ipv6(reading: _Dissection) -> str | None:
    if reading.found.proto is not None:
        reading.tunnelled(_begins("ipv6"), 0)
        reading.found.layers.pop()
        return None
    if not reading.has(40):
        return None
    found, view = reading.found, reading.view
    start, length = reading.number(0, 4), reading.number(4, 2)
    found.ip_tos, found.flow_label = start >> 20 & 0xFF, start & 0xFFFFF
    found.proto, found.ip_ttl, found.ip_bytes = view[6], view[7], length + 40
    found.src_addr, found.dst_addr = (str(ipaddress.IPv6Address(bytes(view[at : at + 16]))) for at in (8, 24))
    if length:  # 0 for jumbograms (RFC 2675)
        reading.view = view[: 40 + length]
    reading.skip(40)
    return _PROTOCOLS.get(found.proto)


def _extension(reading: _Dissection) -> str | None:
    """Hop-by-hop, destination options, routing (RFC 8200 §4.3-4.6): the next header and a length in eights."""
    size = reading.view[1] * 8 + 8 if reading.has(8) else 0
    if not size or not reading.has(size):
        return None
    return _after(reading, size)


def _authentication(reading: _Dissection) -> str | None:
    """AH (RFC 4302 §2): its length is in fours, less two."""
    size = reading.view[1] * 4 + 8 if reading.has(12) else 0
    if not size or not reading.has(size):
        return None
    return _after(reading, size)


def _after(reading: _Dissection, size: int) -> str | None:
    reading.found.proto = reading.view[0]
    reading.skip(size)
    return _PROTOCOLS.get(reading.found.proto)


def _ipv6_fragment(reading: _Dissection) -> str | None:
    if not reading.has(8):
        return None
    found = reading.found
    fragment = reading.number(2, 2)
    found.fragment_offset, found.more_fragments = fragment & 0xFFF8, bool(fragment & 1)
    found.fragment_id = reading.number(4, 4)
    following = _after(reading, 8)
    found.ip_payload = bytes(reading.view)
    return None if found.fragment_offset else following


def _tcp(reading: _Dissection) -> str | None:
    if not _ports(reading, 20):
        return None
    found = reading.found
    found.tcp_sequence = reading.number(4, 4)
    found.tcp_flags = reading.number(12, 2) & 0x01FF
    reading.skip(max(20, (reading.view[12] >> 4) * 4))
    return None


def _udp(reading: _Dissection) -> str | None:
    if not _ports(reading, 8):
        return None
    length = reading.number(4, 2)
    reading.view = reading.view[8 : length if length >= 8 else None]
    return _TUNNEL_PORTS.get(reading.found.dst_port or 0)


def _sctp(reading: _Dissection) -> str | None:
    if _ports(reading, 12):
        reading.skip(12)
    return None


def _ports(reading: _Dissection, size: int) -> bool:
    """The ports, which stand first; whether the whole header is there."""
    if reading.has(4):
        reading.found.src_port, reading.found.dst_port = reading.number(0, 2), reading.number(2, 2)
    return reading.has(size)


def _icmp(reading: _Dissection) -> str | None:
    if reading.has(4):
        reading.found.icmp_type, reading.found.icmp_code = reading.view[0], reading.view[1]
        reading.skip(4)
    return None


def _gre(reading: _Dissection) -> str | None:
    """RFC 2784 and 2890; version 1 carries PPP (RFC 2637)."""
    if not reading.has(4):
        return None
    flags, protocol = reading.number(0, 2), reading.number(2, 2)
    size = 4 + 4 * sum(bool(flags & bit) for bit in (0x8000, 0x2000, 0x1000))
    size += 4 if flags & 0x0087 == 0x0081 else 0
    name = "ppp" if flags & 7 == 1 else _ETYPES.get(protocol)
    if name is None or not reading.has(size):
        return None
    reading.tunnelled(_ppp if name == "ppp" else _begins(name), size)
    return None


def _vxlan(reading: _Dissection) -> str | None:
    if not reading.has(8) or not reading.view[0] & 0x08:
        return None
    reading.found.vni = reading.number(4, 3)
    reading.tunnelled(_begins("ethernet"), 8)
    return None


def _geneve(reading: _Dissection) -> str | None:
    if not reading.has(8):
        return None
    name = _ETYPES.get(reading.number(2, 2))
    reading.found.vni = reading.number(4, 3)
    if name is not None:
        reading.tunnelled(_begins(name), 8 + (reading.view[0] & 0x3F) * 4)
    return None


_LINKS: dict[int, Header] = {
    ETHERNET: _begins("ethernet"),
    NULL: _loopback,
    LOOP: _loopback,
    RAW: _of_version,
    IPV4: _begins("ipv4"),
    IPV6: _begins("ipv6"),
    PPP: _ppp,
    LINUX_SLL: _linux_cooked(14, 16),
    LINUX_SLL2: _linux_cooked(0, 20),
}
_HEADER: dict[str, Header] = {
    "ethernet": _ethernet,
    "vlan": _vlan,
    "mpls": _mpls,
    "pppoe": _pppoe,
    "ipv4": _ipv4,
    "ipv6": _ipv6,
    "hop_by_hop": _extension,
    "ipv6_options": _extension,
    "ipv6_route": _extension,
    "ipv6_fragment": _ipv6_fragment,
    "ah": _authentication,
    "tcp": _tcp,
    "udp": _udp,
    "sctp": _sctp,
    "icmp": _icmp,
    "icmpv6": _icmp,
    "gre": _gre,
    "vxlan": _vxlan,
    "geneve": _geneve,
}
