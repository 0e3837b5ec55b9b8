"""Sampled headers, all at once: Ethernet, 802.1Q, MPLS, IPv4 and IPv6, TCP, UDP, SCTP, ICMP.

It tells what `codecs.packet` tells of the same octets, or that they are odd; then that one is asked.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from netloom.collectors.flow.sflow_walk import FlowSamples, Octets

Places = NDArray[np.int64]
Flags = NDArray[np.bool_]
_ETHERNET = 1
_IPV4, _IPV6 = 0x0800, 0x86DD
_TAGS = 2
_LABELS = 6
_TCP, _UDP, _SCTP, _ICMP, _ICMP6 = 6, 17, 132, 1, 58
_MPLS_PORT = 6635
_EXTENSIONS = np.isin(np.arange(256), (0, 43, 44, 51, 60, 135, 137))
"""Protocols behind which more headers follow that a flow is told by."""
_FOLLOWED = (0x6558, 0x8864)
"""EtherTypes behind which frames or PPP follow."""
_LAST = 64
"""No structure that is read here is longer."""


def _at(**places: tuple[str, int]) -> np.dtype[Any]:
    """A structure of fields at their places."""
    size = max(at + np.dtype(kind).itemsize for kind, at in places.values())
    formats, offsets = [kind for kind, _ in places.values()], [at for _, at in places.values()]
    return np.dtype({"names": list(places), "formats": formats, "offsets": offsets, "itemsize": size})


_LINK = _at(
    protocol=(">u4", 0),
    frame=(">u4", 4),
    size=(">u4", 12),
    dst_mac=("V6", 16),
    src_mac=("V6", 22),
    etype=(">u2", 28),
    tag=(">u2", 30),
)
_HEADER4 = _at(
    version=("u1", 0),
    tos=("u1", 1),
    total=(">u2", 2),
    fragment=(">u2", 6),
    proto=("u1", 9),
    source=(">u4", 12),
    target=(">u4", 16),
    first=(">u2", 20),
    second=(">u2", 22),
    flags=("u1", 33),
)
_HEADER6 = _at(
    start=(">u4", 0),
    length=(">u2", 4),
    proto=("u1", 6),
    source_high=(">u8", 8),
    source_low=(">u8", 16),
    target_high=(">u8", 24),
    target_low=(">u8", 32),
    first=(">u2", 40),
    second=(">u2", 42),
    flags=("u1", 53),
)
_MAPPED = np.uint64(0xFFFF << 32)


@dataclass(slots=True)
class Headers:
    """What headers tell; what stands where nothing is told means nothing."""

    frame_bytes: Places
    src_mac: NDArray[Any]
    dst_mac: NDArray[Any]
    etype: Places
    vlan: Places
    has_vlan: Flags
    labels: list[tuple[Places, Places]]
    """MPLS: rows and their label, the top one first."""
    source: NDArray[Any]
    """Addresses, shape (n, 2), as the wire has them."""
    target: NDArray[Any]
    tos: NDArray[np.uint8]
    proto: NDArray[np.uint8]
    has_ip: Flags
    first: NDArray[np.uint16]
    """The port, or ICMP's type and code."""
    second: NDArray[np.uint16]
    has_ports: Flags
    has_control: Flags
    flags: NDArray[np.uint8]
    has_flags: Flags
    usual: Flags
    """False: ask another."""

    def only(self, which: Flags) -> Headers:
        """Some of them."""
        place = np.cumsum(which) - 1
        labels = [(place[rows[which[rows]]], label[which[rows]]) for rows, label in self.labels]
        names = (each.name for each in fields(self) if each.name != "labels")
        return Headers(labels=labels, **{name: getattr(self, name)[which] for name in names})


def read_headers(samples: FlowSamples, octets: Octets) -> Headers:
    """The headers of samples' sampled packets."""
    found, place, end = _link(samples, octets)
    etype = _tags(found, octets, place, end)
    _mpls(found, octets, place, end, etype)
    usual = found.usual & (place + _LAST <= octets.size)
    is_ipv4, is_ipv6 = usual & (etype == _IPV4), usual & (etype == _IPV6)
    odd = etype <= 1500
    for followed in _FOLLOWED:
        odd |= etype == followed
    found.usual = usual & ~odd
    _ipv4(found, octets, np.flatnonzero(is_ipv4), place, end)
    _ipv6(found, octets, np.flatnonzero(is_ipv6), place, end)
    return found


def _link(samples: FlowSamples, octets: Octets) -> tuple[Headers, Places, Places]:
    """Ethernet's addresses, and where the rest begins and the header ends."""
    count = len(samples.header)
    there = samples.header + _LAST <= octets.size
    link = octets.records(_LINK, np.where(there, samples.header, 0))
    size = link["size"].astype(np.int64)
    first = samples.header + 16
    usual = there & (link["protocol"] == _ETHERNET) & (size >= 14) & (size <= samples.header_end - first)
    found = Headers(
        frame_bytes=link["frame"].astype(np.int64),
        src_mac=link["src_mac"],
        dst_mac=link["dst_mac"],
        etype=link["etype"].astype(np.int64),
        vlan=(link["tag"] & 0x0FFF).astype(np.int64),
        has_vlan=np.zeros(count, np.bool_),
        labels=[],
        source=np.zeros((count, 2), ">u8"),
        target=np.zeros((count, 2), ">u8"),
        tos=np.zeros(count, np.uint8),
        proto=np.zeros(count, np.uint8),
        has_ip=np.zeros(count, np.bool_),
        first=np.zeros(count, np.uint16),
        second=np.zeros(count, np.uint16),
        has_ports=np.zeros(count, np.bool_),
        has_control=np.zeros(count, np.bool_),
        flags=np.zeros(count, np.uint8),
        has_flags=np.zeros(count, np.bool_),
        usual=usual,
    )
    return found, first + 14, first + size


def _is_tag(etype: Places) -> Flags:
    found: Flags = (etype == 0x8100) | (etype == 0x88A8) | (etype == 0x9100)
    return found


def _tags(found: Headers, octets: Octets, place: Places, end: Places) -> Places:
    """Move behind VLAN tags; the EtherType behind them."""
    etype = found.etype
    for number in range(_TAGS + 1):
        at = np.flatnonzero(_is_tag(etype) & found.usual)
        if not at.size:
            break
        whole = (end[at] - place[at] >= 4) & (place[at] + 4 <= octets.size) & (number < _TAGS)
        found.usual[at[~whole]] = False
        at = at[whole]
        found.has_vlan[at] = True
        etype[at] = octets.u32(place[at]) & 0xFFFF
        place[at] += 4
    return etype


def _mpls(found: Headers, octets: Octets, place: Places, end: Places, etype: Places) -> None:
    """Move behind MPLS labels to what their first half octet says is IP (RFC 3032); `etype` becomes IP's then."""
    at = np.flatnonzero(((etype == 0x8847) | (etype == 0x8848)) & found.usual)
    for _ in range(_LABELS):
        if not at.size:
            return
        whole = (end[at] - place[at] >= 4) & (place[at] + 8 <= octets.size)
        found.usual[at[~whole]] = False
        at = at[whole]
        entry = octets.u32(place[at])
        found.labels.append((at, entry >> 12))
        place[at] += 4
        bottom = (entry & 0x100) != 0
        last = at[bottom]
        version = octets.u32(place[last]) >> 28
        version[end[last] - place[last] < 1] = 0
        etype[last] = np.where(version == 4, _IPV4, np.where(version == 6, _IPV6, etype[last]))
        at = at[~bottom]
    found.usual[at] = False


def _ipv4(found: Headers, octets: Octets, at: Places, place: Places, end: Places) -> None:
    if not at.size:
        return
    header, there = octets.records(_HEADER4, place[at]), end[at] - place[at]
    total, fragment = header["total"].astype(np.int64), header["fragment"]
    found.usual[at] = ((header["version"] & 15) == 5) & (there >= 20)
    size = np.where(total >= 20, np.minimum(total, there), there) - 20
    found.source[at, 1] = header["source"] | _MAPPED
    found.target[at, 1] = header["target"] | _MAPPED
    found.tos[at] = header["tos"]
    size[(fragment & 0x1FFF) != 0] = 0  # a later fragment has no header of the transport
    _transport(found, at, header, size)


def _ipv6(found: Headers, octets: Octets, at: Places, place: Places, end: Places) -> None:
    if not at.size:
        return
    header, there = octets.records(_HEADER6, place[at]), end[at] - place[at]
    length = header["length"].astype(np.int64)
    found.usual[at] = there >= 40
    size = np.where(length > 0, np.minimum(length + 40, there), there) - 40
    for side, name in ((found.source, "source"), (found.target, "target")):
        side[at, 0], side[at, 1] = header[f"{name}_high"], header[f"{name}_low"]
    found.tos[at] = header["start"] >> 20 & 0xFF
    _transport(found, at, header, size)


def _transport(found: Headers, at: Places, header: NDArray[Any], size: Places) -> None:
    """Ports, types and flags of packets whose transport has so many octets."""
    proto = header["proto"]
    first, second = header["first"].astype(np.uint16), header["second"].astype(np.uint16)
    found.has_ip[at], found.proto[at] = True, proto
    found.first[at], found.second[at], found.flags[at] = first, second, header["flags"]
    is_tcp, is_udp, long = proto == _TCP, proto == _UDP, size >= 4
    found.has_ports[at] = (is_tcp | is_udp | (proto == _SCTP)) & long
    found.has_control[at] = ((proto == _ICMP) | (proto == _ICMP6)) & long
    found.has_flags[at] = is_tcp & (size >= 20)
    odd = _EXTENSIONS[proto] | (is_udp & (second == _MPLS_PORT) & (size >= 8))
    if odd.any():
        found.usual[at[odd]] = False
