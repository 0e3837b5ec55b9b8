"""Values and instances as people read them: labels, display hints (RFC 2579 §3.1), indices (RFC 2578 §7.7)."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Sequence

from netloom.collectors.mibs.objects import MibObject, Mibs

Value = int | bytes | str
_HINT = re.compile(r"(\*?)(\d+)([xdoat])([^\d*]?)([^\d*]?)")
_ADDRESS_TYPES = {1: 4, 2: 16, 3: 8, 4: 20}
"""InetAddressType → octets (RFC 4001 §3); those with a zone end with four octets of it."""
_TEXT = frozenset("at")


def shown(value: Value | None, of: MibObject | None, *, address_type: int | None = None) -> Value | None:
    """A value as its definition says: a label for an enumeration, text for octets, numbers as they are."""
    if isinstance(value, int):
        return of.labels.get(value, value) if of is not None and of.labels else value
    if not isinstance(value, bytes) or of is None:
        return octets(value) if isinstance(value, bytes) else value
    if of.type == "BITS":
        return _bits(value, of)
    if of.type == "InetAddress" or (of.type == "IpAddress" and len(value) == 4):
        return _address(value, address_type)
    text = hinted(value, of.hint) if of.hint else None
    return octets(value) if text is None else text


def _bits(value: bytes, of: MibObject) -> str:
    numbers = [8 * at + bit for at, octet in enumerate(value) for bit in range(8) if octet & (0x80 >> bit)]
    return " ".join(of.labels.get(number, str(number)) for number in numbers)


def octets(value: bytes) -> str:
    """Text where the octets are printable, hexadecimal digits where not; agents may end text with NUL."""
    try:
        text = value.rstrip(b"\0").decode()
    except UnicodeDecodeError:
        return value.hex(":")
    return text if all(one.isprintable() or one in "\r\n\t" for one in text) else value.hex(":")


def hinted(value: bytes, hint: str) -> str | None:
    """Octets by a display hint; None where the hint does not fit them."""
    rules = [(star, int(size), form, after, end) for star, size, form, after, end in _HINT.findall(hint)]
    if not rules:
        return None
    parts: list[str] = []
    at = rule = 0
    while at < len(value):
        star, size, form, after, end = rules[min(rule, len(rules) - 1)]
        rule += 1
        count = 1
        if star:
            count, at = value[at], at + 1
        for turn in range(count):
            chunk = value[at : at + size]
            if not chunk or size == 0:
                return None if size == 0 else "".join(parts)
            written = _written(chunk, form)
            if written is None:
                return None
            at += len(chunk)
            last = at >= len(value)
            parts.append(written + ("" if last else (end if end and turn == count - 1 else after)))
    return "".join(parts)


def _written(chunk: bytes, form: str) -> str | None:
    if form in _TEXT:
        text = octets(chunk)
        return None if text == chunk.hex(":") and not chunk.isascii() else text
    if form == "x":
        return chunk.hex()
    number = int.from_bytes(chunk)
    return f"{number:o}" if form == "o" else str(number)


def _address(value: bytes, kind: int | None) -> str:
    size = _ADDRESS_TYPES.get(kind or 0, len(value))
    if len(value) == size and size in (4, 16):
        return str(ipaddress.ip_address(value))
    if len(value) == size and size in (8, 20):
        return f"{ipaddress.ip_address(value[:-4])}%{int.from_bytes(value[-4:])}"
    return octets(value)


def instance(mibs: Mibs, entry: MibObject, text: str) -> dict[str, Value] | None:
    """An instance's index columns with their values; None where it does not fit the entry's index."""
    rest = [int(part) for part in text.split(".")] if text else []
    found: dict[str, Value] = {}
    address_type: int | None = None
    for at, name in enumerate(entry.index):
        implied, bare = name.startswith("!"), name.removeprefix("!")
        column = mibs.named(bare)
        if column is None or not rest:
            return None
        if column.type in ("OCTETS", "OID", "InetAddress", "IpAddress", "BITS"):
            taken = _size(column, rest, implied=implied, last=at == len(entry.index) - 1, address_type=address_type)
            if taken is None:
                return None
            skip, size = taken
            chosen, rest = rest[skip : skip + size], rest[skip + size :]
            found[bare] = _index_value(column, chosen, address_type)
        else:
            number = rest.pop(0)
            address_type = number
            found[bare] = column.labels.get(number, number)
    return found if not rest else None


def _size(
    column: MibObject, rest: Sequence[int], *, implied: bool, last: bool, address_type: int | None
) -> tuple[int, int] | None:
    """How many numbers to skip and to take."""
    if column.type == "IpAddress":
        return (0, 4) if len(rest) >= 4 else None
    if column.size is not None:
        return (0, column.size) if len(rest) >= column.size else None
    if implied:
        return 0, len(rest)
    if rest[0] <= len(rest) - 1 and not (last and rest[0] != len(rest) - 1):
        return 1, rest[0]
    # Some agents leave an address's length out.
    if column.type == "InetAddress" and (size := _ADDRESS_TYPES.get(address_type or 0)) and len(rest) >= size:
        return 0, size
    return None


def _index_value(column: MibObject, numbers: Sequence[int], address_type: int | None) -> Value:
    if column.type == "OID" or any(number > 255 for number in numbers):
        return ".".join(map(str, numbers))
    value = shown(bytes(numbers), column, address_type=address_type)
    return "" if value is None else value
