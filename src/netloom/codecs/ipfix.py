"""NetFlow version 9 (RFC 3954) and IPFIX (RFC 7011): messages, templates, records and values in one shape.

Sets before a torn one are given, then FlowError tells where it tears. What a message promises is never believed beyond
its end, and every value takes at least one octet of it, so work and memory stay proportional to the input.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from struct import Struct

from netloom.errors import CodecError

NETFLOW9 = 9
IPFIX = 10
VARIABLE = 0xFFFF
"""The length of a field whose records carry its length (RFC 7011 §7)."""
SCOPE = -1
"""Stands for the enterprise of NetFlow v9's scope types, which are no information elements (RFC 3954 §6.1)."""
UNUSED = -2
"""Stands for the enterprise of octets that a fixed form leaves unused."""
FIELDS = 1024
"""A template of more fields is refused: real ones have up to about a hundred."""
FIRST_DATA_SET = 256

_HEADER9 = Struct(">HHIIII")
_HEADER10 = Struct(">HHIII")
_PAIR = Struct(">HH")
_PEN = Struct(">I")


class FlowError(CodecError):
    """The bytes are not what NetFlow or IPFIX say."""


@dataclass(frozen=True, slots=True)
class Field:
    """What a template says of one field."""

    pen: int
    number: int
    length: int
    """In octets; VARIABLE where each record tells."""

    @property
    def key(self) -> str:
        """The element as people write it: 0/8, 6876/880."""
        return f"{self.pen}/{self.number}"


@dataclass(frozen=True, slots=True)
class Template:
    """The form of records: scopes first, where they are of an options template."""

    id: int
    fields: tuple[Field, ...]
    scopes: tuple[Field, ...] = ()
    options: bool = False
    """Its records tell of the exporter, not of a flow."""

    @property
    def layout(self) -> tuple[Field, ...]:
        """The fields in the order of a record's values: those that take no room are left out."""
        return tuple(field for field in (*self.scopes, *self.fields) if field.length)

    @property
    def size(self) -> int:
        """The fewest octets of a record."""
        return sum(1 if field.length == VARIABLE else field.length for field in (*self.scopes, *self.fields))


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """A template is no longer valid (RFC 7011 §8.1)."""

    id: int
    """2 stands for all templates, 3 for all options templates."""


@dataclass(frozen=True, slots=True)
class Data:
    """Records of one template."""

    id: int
    body: memoryview
    offset: int
    """Where it starts in the datagram."""


Set = Template | Withdrawal | Data


@dataclass(frozen=True, slots=True)
class Message:
    """One export message: its header, and the sets still packed."""

    version: int
    domain: int
    """The observation domain; NetFlow v9's source id; version 5's engine type and id."""
    sequence: int
    export_time_ns: int
    body: memoryview
    offset: int = 0
    """Where the body starts in the datagram."""
    uptime_ms: int | None = None
    """Milliseconds since the exporter started, at the time of export; IPFIX does not say."""
    template: Template | None = None
    """The form of all records, where the version itself gives it."""
    sampling: int | None = None
    """NetFlow 5's mode in two bits, and one of how many packets was sampled in fourteen."""
    missing: int = 0
    """Octets that the header promises and that are not there."""


def parse(datagram: bytes | memoryview) -> Message:
    """The one message of a datagram."""
    view = memoryview(datagram).toreadonly()
    message, end = message_at(view, 0)
    if end != len(view):
        raise FlowError(f"expected the message to end here, got {len(view) - end} octets more", offset=end)
    return message


def message_at(view: memoryview, at: int) -> tuple[Message, int]:
    """The message here, and where it ends."""
    if len(view) - at < 2:
        raise FlowError(f"expected a version in two octets, got {len(view) - at}", offset=at)
    version = int.from_bytes(view[at : at + 2])
    if version == IPFIX:
        return _message10(view, at)
    if version == NETFLOW9:
        return _message9(view, at)
    raise FlowError(f"expected version 9 or 10, got {version}", offset=at)


def sets(message: Message) -> Iterator[Set]:
    """The message's templates, withdrawals and data in their order; raises FlowError where it tears."""
    if message.template is not None:
        yield Data(message.template.id, message.body, message.offset)
    else:
        yield from _sets(message)
    if message.missing:
        end = message.offset + len(message.body)
        raise FlowError(f"expected {message.missing} octets more, got the end", offset=end)


def _sets(message: Message) -> Iterator[Set]:
    view, at = message.body, 0
    while len(view) - at >= 4:
        kind, length = _PAIR.unpack_from(view, at)
        place = message.offset + at
        if length < 4 and not any(view[at:]):
            return  # some exporters fill the datagram with zeros
        if length < 4 or at + length > len(view):
            raise FlowError(f"expected a set of 4 to {len(view) - at} octets, got {length}", offset=place)
        body = view[at + 4 : at + length]
        if kind >= FIRST_DATA_SET:
            yield Data(kind, body, place + 4)
        elif message.version == IPFIX and kind in (2, 3):
            yield from _templates10(body, place + 4, kind)
        elif message.version == NETFLOW9 and kind in (0, 1):
            yield from _templates9(body, place + 4, kind)
        # The other numbers are reserved: their sets are passed over (RFC 7011 §3.3.2).
        at += length
    if at < len(view) and any(view[at:]):
        raise FlowError(f"expected a set, got {len(view) - at} octets", offset=message.offset + at)


def records(template: Template, body: memoryview | bytes) -> Iterator[tuple[bytes, ...]]:
    """Each record's raw values in the order of the template's layout; what is left at the end is padding."""
    lengths = tuple(field.length for field in template.layout)
    if not lengths:
        raise FlowError(f"template {template.id} describes records of no octets")
    size = template.size
    if len(body) < size:
        if any(body):
            raise FlowError(f"expected records of {size} octets for template {template.id}, got {len(body)} in all")
        return
    if VARIABLE in lengths:
        yield from _variable_records(lengths, size, bytes(body))
    else:
        yield from unpacker(lengths).iter_unpack(body[: len(body) // size * size])


@lru_cache(512)
def unpacker(lengths: tuple[int, ...]) -> Struct:
    """Cuts a record of fields of fixed lengths."""
    return Struct(">" + "".join(f"{length}s" for length in lengths))


def basic_list(raw: bytes) -> tuple[Field, list[bytes]]:
    """What kind of element a basicList holds, and their raw values (RFC 6313 §4.5.1)."""
    if len(raw) < 5:
        raise FlowError(f"expected a basicList of 5 octets or more, got {len(raw)}")
    number, length = _PAIR.unpack_from(raw, 1)
    at, pen = 5, 0
    if number & 0x8000:
        if len(raw) < 9:
            raise FlowError(f"expected an enterprise number in a basicList of {len(raw)} octets")
        (pen,), at = _PEN.unpack_from(raw, 5), 9
    field = _field(pen, number & 0x7FFF, length)
    if not length:
        return field, []
    values = [record[0] for record in records(Template(0, (field,)), raw[at:])] if at < len(raw) else []
    return field, values


def _variable_records(lengths: tuple[int, ...], least: int, body: bytes) -> Iterator[tuple[bytes, ...]]:
    at, end = 0, len(body)
    while end - at >= least:
        values = []
        for length in lengths:
            if length == VARIABLE:
                length, at = _length(body, at)  # noqa: PLW2901 - the record's own length replaces the template's
            if at + length > end:
                raise FlowError(f"expected a field of {length} octets, got {end - at}", offset=at)
            values.append(body[at : at + length])
            at += length
        yield tuple(values)


def _length(body: bytes, at: int) -> tuple[int, int]:
    """A variable length in one octet or three, and where the value starts (RFC 7011 §7)."""
    short = body[at] if at < len(body) else 0
    if short < 255 and at < len(body):
        return short, at + 1
    if at + 3 > len(body):
        raise FlowError(f"expected a length in three octets, got {len(body) - at}", offset=at)
    return int.from_bytes(body[at + 1 : at + 3]), at + 3


def _message9(view: memoryview, at: int) -> tuple[Message, int]:
    if len(view) - at < _HEADER9.size:
        raise FlowError(f"expected a header of {_HEADER9.size} octets, got {len(view) - at}", offset=at)
    _, _, uptime, seconds, sequence, domain = _HEADER9.unpack_from(view, at)
    start = at + _HEADER9.size
    end = _end9(view, start)
    return (
        Message(NETFLOW9, domain, sequence, seconds * 1_000_000_000, view[start:end], start, uptime_ms=uptime),
        end,
    )


def _end9(view: memoryview, at: int) -> int:
    """Where the last set ends: no header tells. Numbers up to 10 are no sets' but versions: the next message starts."""
    while len(view) - at >= 4:
        kind, length = _PAIR.unpack_from(view, at)
        if kind in (5, 7, 9, 10) and len(view) - at >= _HEADER10.size:
            return at
        if length < 4 or at + length > len(view):
            break
        at += length
    return len(view)


def _message10(view: memoryview, at: int) -> tuple[Message, int]:
    if len(view) - at < _HEADER10.size:
        raise FlowError(f"expected a header of {_HEADER10.size} octets, got {len(view) - at}", offset=at)
    _, length, seconds, sequence, domain = _HEADER10.unpack_from(view, at)
    if length < _HEADER10.size:
        raise FlowError(f"expected a message of {_HEADER10.size} octets or more, got {length}", offset=at)
    start = at + _HEADER10.size
    # A datagram cut short keeps its whole sets: `sets` tells where it tears.
    end, missing = min(at + length, len(view)), max(at + length - len(view), 0)
    return Message(IPFIX, domain, sequence, seconds * 1_000_000_000, view[start:end], start, missing=missing), end


def _templates10(body: memoryview, place: int, kind: int) -> Iterator[Template | Withdrawal]:
    at = 0
    while len(body) - at >= 4:
        number, count = _PAIR.unpack_from(body, at)
        if number == 0 and count == 0:
            return  # padding
        if count == 0:
            yield Withdrawal(number)
            at += 4
            continue
        here, at = at, at + 4
        _check_template(number, count, place + here)
        scopes = 0
        if kind == 3:
            scopes, at = _scope_count(body, at, place), at + 2
            if scopes > count:
                raise FlowError(f"expected up to {count} scope fields, got {scopes}", offset=place + at)
        found, at = _fields10(body, at, count, place)
        yield Template(number, found[scopes:], found[:scopes], options=kind == 3)


def _fields10(body: memoryview, at: int, count: int, place: int) -> tuple[tuple[Field, ...], int]:
    found = []
    for _ in range(count):
        if at + 4 > len(body):
            raise FlowError(f"expected a field in 4 octets, got {len(body) - at}", offset=place + at)
        number, length = _PAIR.unpack_from(body, at)
        at, pen = at + 4, 0
        if number & 0x8000:
            if at + 4 > len(body):
                raise FlowError(f"expected an enterprise number, got {len(body) - at} octets", offset=place + at)
            (pen,), at = _PEN.unpack_from(body, at), at + 4
        found.append(_field(pen, number & 0x7FFF, length))
    return tuple(found), at


def _templates9(body: memoryview, place: int, kind: int) -> Iterator[Template]:
    at = 0
    while len(body) - at >= 4:
        number, count = _PAIR.unpack_from(body, at)
        if number < FIRST_DATA_SET and not any(body[at:]):
            return  # padding
        here, at = at, at + 4
        if kind == 0:
            _check_template(number, count, place + here)
            found, at = _fields9(body, at, count, place)
            yield Template(number, found)
            continue
        scope_octets, octets = count, _scope_count(body, at, place)
        at += 2
        if scope_octets % 4 or octets % 4:
            raise FlowError(f"expected fields of 4 octets each, got {scope_octets} and {octets}", offset=place + here)
        _check_template(number, (scope_octets + octets) // 4, place + here)
        scopes, at = _fields9(body, at, scope_octets // 4, place, SCOPE)
        found, at = _fields9(body, at, octets // 4, place)
        yield Template(number, found, scopes, options=True)


def _fields9(body: memoryview, at: int, count: int, place: int, pen: int = 0) -> tuple[tuple[Field, ...], int]:
    """NetFlow v9 knows no enterprises: numbers take all sixteen bits."""
    end = at + 4 * count
    if end > len(body):
        raise FlowError(f"expected {count} fields in {4 * count} octets, got {len(body) - at}", offset=place + at)
    return tuple(_field(pen, number, length) for number, length in _PAIR.iter_unpack(body[at:end])), end


def _scope_count(body: memoryview, at: int, place: int) -> int:
    if at + 2 > len(body):
        raise FlowError(f"expected a scope count in two octets, got {len(body) - at}", offset=place + at)
    return int.from_bytes(body[at : at + 2])


def _check_template(number: int, count: int, place: int) -> None:
    if number < FIRST_DATA_SET:
        raise FlowError(f"expected a template of number {FIRST_DATA_SET} or more, got {number}", offset=place)
    if count > FIELDS:
        raise FlowError(f"expected a template of up to {FIELDS} fields, got {count}", offset=place)


@lru_cache(16_384)
def _field(pen: int, number: int, length: int) -> Field:
    """Few differ: templates share them."""
    return Field(pen, number, length)
