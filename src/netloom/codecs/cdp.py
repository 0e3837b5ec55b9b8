"""CDP, Cisco's discovery protocol: what a neighbor says of itself (as Cisco and others' decoders document it)."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from netloom.codecs.lldp import text
from netloom.errors import CodecError

_HEADER = 4


class CdpError(CodecError):
    """The bytes are no CDP message, or not a whole one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cdp:
    """One message."""

    version: int
    ttl_s: int
    device_id: str | None = None
    addresses: tuple[str, ...] = ()
    port_id: str | None = None
    capabilities: int | None = None
    """Bits: 0 router, 1 transparent bridge, 2 source-route bridge, 3 switch, 4 host, 5 IGMP, 6 repeater, 7 phone,
    8 remotely managed, 9 CVTA, 10 two-port MAC relay."""
    software: str | None = None
    platform: str | None = None
    vtp_domain: str | None = None
    native_vlan: int | None = None
    full_duplex: bool | None = None
    voice_vlan: int | None = None
    consumption_w: float | None = None
    mtu: int | None = None
    system_name: str | None = None
    system_oid: str | None = None
    management_addresses: tuple[str, ...] = ()
    location: str | None = None
    unknown: tuple[tuple[int, bytes], ...] = ()
    """Elements of other types as they came."""


def parse(data: bytes | memoryview) -> Cdp:
    """A message, from behind the SNAP header on; raises CdpError."""
    view = memoryview(data)
    if len(view) < _HEADER or view[0] not in (1, 2):
        raise CdpError(f"expected version 1 or 2, got {view[0] if view else 'nothing'}", offset=0)
    found: dict[str, Any] = {"unknown": ()}
    for kind, value in _elements(view):
        name, read = _KNOWN.get(kind, ("unknown", None))
        try:
            known = read(value) if read is not None else None
        except (IndexError, ValueError):
            known = None
        if known is None:
            found["unknown"] += ((kind, value),)
        else:
            found[name] = known
    return Cdp(version=view[0], ttl_s=view[1], **found)


def _elements(view: memoryview) -> Iterator[tuple[int, bytes]]:
    """Type and value of each; the length counts its own header."""
    at = _HEADER
    while at + 4 <= len(view):
        kind, size = int.from_bytes(view[at : at + 2]), int.from_bytes(view[at + 2 : at + 4])
        if size < 4 or at + size > len(view):
            raise CdpError(f"expected an element of {size} bytes, {len(view) - at} are left", offset=at)
        yield kind, bytes(view[at + 4 : at + size])
        at += size


def _addresses(value: bytes) -> tuple[str, ...]:
    """A count, then for each address its protocol (0xCC is IPv4, 0x86DD IPv6) and itself."""
    found = []
    at = 4
    for _ in range(int.from_bytes(value[:4])):
        if at + 2 > len(value):
            raise IndexError
        protocol = value[at + 2 : at + 2 + value[at + 1]]
        at += 2 + len(protocol)
        size = int.from_bytes(value[at : at + 2])
        raw = value[at + 2 : at + 2 + size]
        at += 2 + size
        if at > len(value):
            raise IndexError
        if (len(raw) == 4 and protocol == b"\xcc") or len(raw) == 16:
            found.append(str(ipaddress.ip_address(raw)))
    return tuple(found)


def _number(at: int, size: int) -> Callable[[bytes], int]:
    def read(value: bytes) -> int:
        if at + size > len(value):
            raise IndexError
        return int.from_bytes(value[at : at + size])

    return read


def _oid(value: bytes) -> str:
    """An object identifier in BER, without its header."""
    parts, number = [], 0
    for octet in value[2:] if value[:1] == b"\x06" else value:
        number = number << 7 | octet & 0x7F
        if not octet & 0x80:
            parts.append(number)
            number = 0
    return ".".join(map(str, (*divmod(parts[0], 40), *parts[1:])))


_KNOWN: Mapping[int, tuple[str, Callable[[bytes], Any]]] = {
    0x01: ("device_id", text),
    0x02: ("addresses", _addresses),
    0x03: ("port_id", text),
    0x04: ("capabilities", _number(0, 4)),
    0x05: ("software", text),
    0x06: ("platform", text),
    0x09: ("vtp_domain", text),
    0x0A: ("native_vlan", _number(0, 2)),
    0x0B: ("full_duplex", lambda value: bool(value[0])),
    0x0E: ("voice_vlan", _number(1, 2)),
    0x10: ("consumption_w", lambda value: _number(0, 2)(value) / 1000),
    0x11: ("mtu", lambda value: int.from_bytes(value[:4])),
    0x14: ("system_name", text),
    0x15: ("system_oid", _oid),
    0x16: ("management_addresses", _addresses),
    0x17: ("location", lambda value: text(value[1:])),
}
