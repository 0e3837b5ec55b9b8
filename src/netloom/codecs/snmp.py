"""SNMP messages: v1 and v2c (RFC 1157, 3416, 1901) and v3's frame (RFC 3412 §6); any bytes decode or raise BerError."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import NamedTuple

from netloom.codecs import ber
from netloom.codecs.ber import BerError, header, integer, read_integer, read_octets, tlv

Value = int | bytes | str
MAX_MESSAGE = 65507
"""The largest UDP payload over IPv4."""
BINDINGS = 10_000


class Operation(IntEnum):
    """A PDU's tag."""

    GET = 0xA0
    GET_NEXT = 0xA1
    RESPONSE = 0xA2
    SET = 0xA3
    GET_BULK = 0xA5
    INFORM = 0xA6
    TRAP = 0xA7
    REPORT = 0xA8


class Missing(IntEnum):
    """Why there is no value (RFC 3416 §3)."""

    OBJECT = 0x80
    INSTANCE = 0x81
    END_OF_VIEW = 0x82


_OPERATIONS = frozenset(Operation)
_MISSING = {int(reason): reason for reason in Missing}
_UNSIGNED = {0x41: 1 << 32, 0x42: 1 << 32, 0x43: 1 << 32, 0x46: 1 << 64, 0x47: 1 << 32}
"""Counter32, Gauge32, TimeTicks, Counter64 and the old UInteger32, with their bounds."""
_STRINGS = frozenset((0x04, 0x40, 0x44, 0x45))
"""OCTET STRING, IpAddress, Opaque and the old NsapAddress."""

Binding = tuple[bytes, "Value | Missing | None"]
"""An object identifier's content, and its value."""


@dataclass(frozen=True, slots=True)
class Pdu:
    """One request or answer."""

    operation: Operation
    request_id: int
    bindings: Sequence[Binding] = ()
    error_status: int = 0
    """GETBULK's non-repeaters."""
    error_index: int = 0
    """GETBULK's max-repetitions."""


class Reply(NamedTuple):
    """A PDU whose bindings nobody has looked at yet: they stand in `data` from `at` to `end`."""

    operation: int
    request_id: int
    error_status: int
    error_index: int
    data: bytes
    at: int
    end: int

    def bindings(self) -> list[Binding]:
        """All of them; raises BerError."""
        return _decode_bindings(self.data, self.at, self.end)

    def whole(self) -> Pdu:
        """With its bindings decoded; raises BerError."""
        return Pdu(Operation(self.operation), self.request_id, self.bindings(), self.error_status, self.error_index)


class Message3(NamedTuple):
    """A v3 message before its security model has looked at it."""

    message_id: int
    flags: int
    """1 authenticated, 2 private, 4 reportable."""
    security: bytes
    """The security parameters."""
    security_at: int
    """Where they start in the message: the digest is computed over the whole."""
    payload: bytes
    """The scoped PDU, or its ciphertext."""


def encode_pdu(pdu: Pdu) -> bytes:
    """A PDU whose bindings are NULL, as in requests, or have values of the plain types."""
    bindings = b"".join(tlv(ber.SEQUENCE, tlv(ber.OID, name) + _encode_value(value)) for name, value in pdu.bindings)
    return tlv(
        pdu.operation,
        integer(pdu.request_id) + integer(pdu.error_status) + integer(pdu.error_index) + tlv(ber.SEQUENCE, bindings),
    )


def open_pdu(data: bytes, at: int, end: int) -> Reply:
    """The PDU at this place; nothing may follow it."""
    tag, at, stop = header(data, at, end)
    if tag not in _OPERATIONS or stop != end:
        raise BerError(f"expected a PDU, got tag {tag:#04x}")
    request_id, at = read_integer(data, at, stop)
    status, at = read_integer(data, at, stop)
    index, at = read_integer(data, at, stop)
    at, end = ber.expect(data, at, stop, ber.SEQUENCE)
    return Reply(tag, request_id, status, index, data, at, end)


def decode_pdu(data: bytes, at: int, end: int) -> Pdu:
    """The PDU at this place with its bindings; nothing may follow it."""
    found = open_pdu(data, at, end)
    return found.whole()


def encode_v2c(community: bytes, pdu: Pdu, *, version: int = 1) -> bytes:
    """A whole message; version 1 on the wire means v2c, and 0 means v1."""
    return tlv(ber.SEQUENCE, integer(version) + tlv(ber.OCTETS, community) + encode_pdu(pdu))


def decode_v2c(data: bytes) -> tuple[bytes, Pdu]:
    """The community and the PDU."""
    at, end = ber.expect(data, 0, len(data), ber.SEQUENCE)
    _, at = read_integer(data, at, end, low=1, high=1)
    community, at = read_octets(data, at, end)
    return community, decode_pdu(data, at, end)


def open_community(data: bytes) -> tuple[int, bytes, Reply]:
    """The version, the community and the PDU of a message of v1 or v2c."""
    at, end = ber.expect(data, 0, len(data), ber.SEQUENCE)
    version, at = read_integer(data, at, end, low=0, high=1)
    community, at = read_octets(data, at, end)
    return version, community, open_pdu(data, at, end)


def number_of(data: bytes) -> int:
    """The number that an answer shares with its request: v3's message id, else the request id; -1 where none is seen.

    It only finds who waits: what the message says else is checked by those.
    """
    try:
        at = 2 + (data[1] & 0x7F if data[1] & 0x80 else 0)
        version, at = data[at + 2], at + 3
        if version != 3:
            at += 2 + data[at + 1]
        at += 2 + (data[at + 1] & 0x7F if data[at + 1] & 0x80 else 0)
        return int.from_bytes(data[at + 2 : at + 6]) if data[at] == ber.INTEGER and data[at + 1] == 4 else -1
    except IndexError:
        return -1


def request(operation: Operation, request_id: int, names: Sequence[bytes], repetitions: int = 0) -> bytes:
    """A PDU that asks for these names: `encode_pdu` in a fraction of its time."""
    if len(names) == 1 and len(names[0]) < 100 and repetitions < 0x80:
        (name,) = names
        size = len(name)
        return b"%c%c\x02\x04%b\x02\x01\0\x02\x01%c0%c0%c\x06%c%b\x05\0" % (
            operation,
            size + 20,
            request_id.to_bytes(4),
            repetitions,
            size + 6,
            size + 4,
            size,
            name,
        )
    bindings = b"".join([tlv(ber.SEQUENCE, tlv(ber.OID, name) + b"\x05\0") for name in names])
    head = b"\x02\x04%b\x02\x01\0%b" % (request_id.to_bytes(4), integer(repetitions))
    return tlv(operation, head + tlv(ber.SEQUENCE, bindings))


def open_response(data: bytes, at: int, request_id: int) -> Reply | None:
    """The response without an error to a request, to the end of a message, where it is encoded as all encode it.

    None where it is not: `open_pdu` tells what it is then.
    """
    try:
        size, at = data[at + 1], at + 2
        if size & 0x80:
            size, at = int.from_bytes(data[at : at + (size & 7)]), at + (size & 0x7F)
        end = len(data)
        if at + size != end or data[at : at + 12] != b"\x02\x04%b\x02\x01\0\x02\x01\0" % request_id.to_bytes(4):
            return None
        at += 12
        if data[at] != ber.SEQUENCE:
            return None
        size, at = data[at + 1], at + 2
        if size & 0x80:
            size, at = int.from_bytes(data[at : at + (size & 7)]), at + (size & 0x7F)
    except IndexError:
        return None
    return Reply(Operation.RESPONSE, request_id, 0, 0, data, at, end) if at + size == end else None


def encode_v3(message: Message3) -> tuple[bytes, int]:
    """A whole message, and where the security parameters start in it."""
    # the largest message is MAX_MESSAGE, the security model the user-based one
    head = b"%b\x02\x03\x00\xff\xe3\x04\x01%c\x02\x01\x03" % (integer(message.message_id), message.flags)
    payload = tlv(ber.OCTETS, message.payload) if message.flags & 2 else message.payload
    encoded = tlv(ber.SEQUENCE, integer(3) + tlv(ber.SEQUENCE, head) + tlv(ber.OCTETS, message.security) + payload)
    return encoded, len(encoded) - len(payload) - len(message.security)


def decode_v3(data: bytes) -> Message3:
    """A message's frame."""
    at, end = ber.expect(data, 0, len(data), ber.SEQUENCE)
    _, at = read_integer(data, at, end, low=3, high=3)
    inner, after = ber.expect(data, at, end, ber.SEQUENCE)
    message_id, inner = read_integer(data, inner, after, low=0)
    _, inner = read_integer(data, inner, after, low=484)
    flags, inner = read_octets(data, inner, after)
    read_integer(data, inner, after, low=3, high=3)
    if len(flags) != 1 or flags[0] & 3 == 2:
        raise BerError(f"flags {flags.hex()}")
    start, stop = ber.expect(data, after, end, ber.OCTETS)
    payload = read_octets(data, stop, end)[0] if flags[0] & 2 else data[stop:end]
    return Message3(message_id, flags[0], data[start:stop], start, payload)


def encode_scoped(engine_id: bytes, pdu: Pdu) -> bytes:
    """A scoped PDU in the default context (RFC 3412 §6.8)."""
    return scoped(engine_id, encode_pdu(pdu))


def scoped(engine_id: bytes, pdu: bytes) -> bytes:
    """An encoded PDU in the default context."""
    return tlv(ber.SEQUENCE, tlv(ber.OCTETS, engine_id) + b"\x04\0" + pdu)


def open_scoped(data: bytes) -> Reply:
    """The PDU in a scoped one; a block cipher's padding may follow."""
    at, end = ber.expect(data, 0, len(data), ber.SEQUENCE)
    _, at = read_octets(data, at, end)
    _, at = read_octets(data, at, end)
    return open_pdu(data, at, end)


def decode_scoped(data: bytes) -> Pdu:
    """The PDU in a scoped one with its bindings; a block cipher's padding may follow."""
    found = open_scoped(data)
    return found.whole()


def _decode_bindings(data: bytes, at: int, end: int) -> list[Binding]:
    """The hot loop: twenty thousand of these a device."""
    bindings: list[Binding] = []
    while at < end:
        if len(bindings) >= BINDINGS:
            raise BerError("too many variable bindings")
        # Nearly all are of this shape: short lengths throughout, and all of them agree.
        if at + 6 <= end and data[at] == 0x30 and data[at + 2] == 0x06 and 0 < data[at + 3] < 0x80:
            after = at + 2 + data[at + 1]
            stop = at + 4 + data[at + 3]
            if data[at + 1] < 0x80 and after <= end and stop + 2 <= after and stop + 2 + data[stop + 1] == after:
                bindings.append((data[at + 4 : stop], decode_value(data[stop], data[stop + 2 : after])))
                at = after
                continue
        binding, at = _decode_binding(data, at, end)
        bindings.append(binding)
    return bindings


def _decode_binding(data: bytes, at: int, end: int) -> tuple[Binding, int]:
    at, after = ber.expect(data, at, end, ber.SEQUENCE)
    start, stop = ber.expect(data, at, after, ber.OID)
    tag, value, last = header(data, stop, after)
    if last != after or start == stop:
        raise BerError("a variable binding that is no pair")
    return (data[start:stop], decode_value(tag, data[value:last])), after


def decode_value(tag: int, content: bytes) -> Value | Missing | None:
    """The value behind a tag; raises BerError."""
    if tag in _STRINGS:
        return content
    if tag in _UNSIGNED:
        # Agents send a leading zero octet or none; a value with the top bit set must not turn negative.
        if not 1 <= len(content) <= 9 or (value := int.from_bytes(content)) >= _UNSIGNED[tag]:
            raise BerError(f"tag {tag:#04x} with {len(content)} octets")
        return value
    if tag == ber.INTEGER:
        if not 1 <= len(content) <= 8:
            raise BerError(f"an integer in {len(content)} octets")
        return int.from_bytes(content, signed=True)
    if tag == ber.OID:
        return ber.dotted(content) if content else ""
    if tag == ber.NULL:
        return None
    if tag in _MISSING:
        return _MISSING[tag]
    raise BerError(f"a value of unknown tag {tag:#04x}")


def _encode_value(value: Value | Missing | None) -> bytes:
    match value:
        case None:
            return b"\x05\x00"
        case Missing():
            return tlv(value, b"")
        case int():
            return integer(value)
        case str():
            return tlv(ber.OID, ber.oid(value))
        case _:
            return tlv(ber.OCTETS, value)
