"""SNMP's notifications: v1's traps (RFC 1157 §4.1.6), v2c's and v3's traps and informs (RFC 3416 §4.2.6).

A notification never holds its community: that is a secret. What v3 encrypts stays so here.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, field

from netloom.codecs import ber
from netloom.codecs.ber import BerError, expect, header, integer, read_integer, read_octets, tlv
from netloom.codecs.snmp import BINDINGS, Missing, Operation, Value, decode_v3, decode_value
from netloom.codecs.usm import PRIVATE, decode_parameters

_V1_TRAP = 0xA4
_GENERIC = "1.3.6.1.6.3.1.1.5"
"""snmpTraps: v1's generic trap n is n + 1 below it (RFC 3584 §3.1)."""
_ENTERPRISE_SPECIFIC = 6
_UPTIME = "1.3.6.1.2.1.1.3.0"
_TRAP_OID = "1.3.6.1.6.3.1.1.4.1.0"
_TRAP_ENTERPRISE = "1.3.6.1.6.3.1.1.4.3.0"
_TRAP_ADDRESS = "1.3.6.1.6.3.18.1.3.0"
_TYPES = {
    0x02: "INTEGER",
    0x04: "OCTET STRING",
    0x05: "NULL",
    0x06: "OBJECT IDENTIFIER",
    0x40: "IpAddress",
    0x41: "Counter32",
    0x42: "Gauge32",
    0x43: "TimeTicks",
    0x44: "Opaque",
    0x46: "Counter64",
    0x47: "Gauge32",
}


@dataclass(frozen=True, slots=True)
class TypedBinding:
    """An object's instance, the name of its type, and its value."""

    oid: str
    type: str
    value: Value | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Notification:
    """One trap or inform."""

    version: str
    """v1, v2c or v3."""
    inform: bool
    request_id: int | None = None
    """What an inform's answer repeats."""
    user: bytes | None = None
    """Of v3."""
    encrypted: bool = False
    """Nothing below is known."""
    trap_oid: str | None = None
    enterprise: str | None = None
    agent_address: str | None = None
    uptime_ticks: int | None = None
    """Hundredths of seconds."""
    bindings: tuple[TypedBinding, ...] = ()
    """Without those that the fields above tell."""


@dataclass(frozen=True, slots=True)
class Enveloped:
    """A message of v1 or v2c, opened."""

    version: str
    community: bytes = field(repr=False)
    pdu: bytes
    """Whole, with its tag."""


def is_snmp(data: bytes | memoryview) -> bool:
    """Whether a datagram is as long as it says and begins as a message of any version does."""
    whole = bytes(data)
    try:
        at, end = expect(whole, 0, len(whole), ber.SEQUENCE)
        version, _ = read_integer(whole, at, end)
    except BerError:
        return False
    return version in (0, 1, 3)


def decode(data: bytes) -> Notification | None:
    """The notification in a message, None where it is a request or an answer; raises BerError."""
    at, end = expect(data, 0, len(data), ber.SEQUENCE)
    version, at = read_integer(data, at, end)
    if version == 3:
        return _version3(data)
    if version not in (0, 1):
        raise BerError(f"expected version 0, 1 or 3, got {version}")
    _, at = read_octets(data, at, end)
    return _pdu(data, at, end, "v1" if version == 0 else "v2c")


def opened(data: bytes) -> Enveloped | None:
    """A message of v1 or v2c, None where it is one of v3; raises BerError."""
    at, end = expect(data, 0, len(data), ber.SEQUENCE)
    version, at = read_integer(data, at, end)
    if version == 3:
        return None
    if version not in (0, 1):
        raise BerError(f"expected version 0, 1 or 3, got {version}")
    community, at = read_octets(data, at, end)
    return Enveloped("v1" if version == 0 else "v2c", community, data[at:end])


def scoped_pdu(data: bytes) -> bytes:
    """The PDU in a scoped one, without the padding that may follow it; raises BerError."""
    at, end = expect(data, 0, len(data), ber.SEQUENCE)
    for _ in range(2):
        _, at = read_octets(data, at, end)
    _, _, stop = header(data, at, end)
    return data[at:stop]


def decode_pdu(pdu: bytes, version: str, user: bytes | None = None) -> Notification | None:
    """The notification in a PDU, None where it is a request or an answer; raises BerError."""
    return _pdu(pdu, 0, len(pdu), version, user)


def response_to(pdu: bytes) -> bytes:
    """The PDU that acknowledges an inform: the same, as a response (RFC 3416 §4.2.7)."""
    return bytes((Operation.RESPONSE,)) + pdu[1:]


def scoped_response_to(data: bytes) -> bytes:
    """The scoped PDU that acknowledges an inform: in its own context (RFC 3412 §7.1); raises BerError."""
    at, end = expect(data, 0, len(data), ber.SEQUENCE)
    start = at
    for _ in range(2):
        _, at = read_octets(data, at, end)
    return tlv(ber.SEQUENCE, data[start:at] + response_to(scoped_pdu(data)))


def response_v2c(community: bytes, pdu: bytes) -> bytes:
    """The message that acknowledges an inform of v2c."""
    return tlv(ber.SEQUENCE, integer(1) + tlv(ber.OCTETS, community) + response_to(pdu))


def _version3(data: bytes) -> Notification | None:
    message = decode_v3(data)
    user = decode_parameters(message).user
    if message.flags & PRIVATE:
        return Notification(version="v3", inform=False, user=user, encrypted=True)
    return decode_pdu(scoped_pdu(message.payload), "v3", user)


def _pdu(data: bytes, at: int, end: int, version: str, user: bytes | None = None) -> Notification | None:
    tag, at, stop = header(data, at, end)
    if tag == _V1_TRAP:
        return _v1_trap(data, at, stop)
    if tag not in (Operation.TRAP, Operation.INFORM):
        return None
    request_id, at = read_integer(data, at, stop)
    for _ in range(2):
        _, at = read_integer(data, at, stop)
    found = {binding.oid: binding for binding in _bindings(data, at, stop)}
    uptime, trap = (found.pop(oid, None) for oid in (_UPTIME, _TRAP_OID))
    enterprise, agent = (found.pop(oid, None) for oid in (_TRAP_ENTERPRISE, _TRAP_ADDRESS))
    return Notification(
        version=version,
        inform=tag == Operation.INFORM,
        request_id=request_id,
        user=user,
        trap_oid=_text(trap),
        enterprise=_text(enterprise),
        agent_address=_text(agent),
        uptime_ticks=uptime.value if uptime and isinstance(uptime.value, int) else None,
        bindings=tuple(found.values()),
    )


def _v1_trap(data: bytes, at: int, end: int) -> Notification:
    start, stop = expect(data, at, end, ber.OID)
    enterprise = ber.dotted(data[start:stop]) if start < stop else "0.0"
    tag, start, stop = header(data, stop, end)
    address = decode_value(tag, data[start:stop])
    generic, at = read_integer(data, stop, end)
    specific, at = read_integer(data, at, end)
    tag, start, at = header(data, at, end)
    ticks = decode_value(tag, data[start:at])
    specific_oid = f"{enterprise}.0.{specific}"
    return Notification(
        version="v1",
        inform=False,
        trap_oid=specific_oid if generic == _ENTERPRISE_SPECIFIC else f"{_GENERIC}.{generic + 1}",
        enterprise=enterprise,
        agent_address=str(ipaddress.IPv4Address(address)) if isinstance(address, bytes) and len(address) == 4 else None,
        uptime_ticks=ticks if isinstance(ticks, int) else None,
        bindings=tuple(_bindings(data, at, end)),
    )


def _bindings(data: bytes, at: int, end: int) -> list[TypedBinding]:
    at, end = expect(data, at, end, ber.SEQUENCE)
    found: list[TypedBinding] = []
    while at < end:
        if len(found) >= BINDINGS:
            raise BerError("too many variable bindings")
        inner, at = expect(data, at, end, ber.SEQUENCE)
        start, stop = expect(data, inner, at, ber.OID)
        tag, value, last = header(data, stop, at)
        if last != at or start == stop:
            raise BerError("a variable binding that is no pair")
        content = decode_value(tag, data[value:last])
        if tag == 0x40 and isinstance(content, bytes) and len(content) == 4:
            content = str(ipaddress.IPv4Address(content)).encode()
        typed = TypedBinding(
            ber.dotted(data[start:stop]),
            _TYPES.get(tag, f"tag {tag:#04x}"),
            None if isinstance(content, Missing) else content,
        )
        found.append(typed)
    return found


def _text(binding: TypedBinding | None) -> str | None:
    if binding is None:
        return None
    return binding.value.decode(errors="replace") if isinstance(binding.value, bytes) else str(binding.value)
