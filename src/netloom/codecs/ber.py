"""BER (X.690) as far as SNMP uses it (RFC 3417 §8): definite lengths, primitive strings, integers, object identifiers.

Nothing here recurses, and no length is believed beyond its container: deep or long bombs end in BerError.
"""

from __future__ import annotations

INTEGER, OCTETS, NULL, OID, SEQUENCE = 0x02, 0x04, 0x05, 0x06, 0x30
SUBIDENTIFIERS = 128
"""RFC 2578 §3.5: an object identifier has at most so many."""


class BerError(ValueError):
    """The bytes are not what SNMP sends."""


def tlv(tag: int, content: bytes) -> bytes:
    """Tag, length, content."""
    size = len(content)
    if size < 0x80:
        return bytes((tag, size)) + content
    octets = size.to_bytes((size.bit_length() + 7) // 8)
    return bytes((tag, 0x80 | len(octets))) + octets + content


def integer(value: int, tag: int = INTEGER) -> bytes:
    """A two's complement integer in the fewest octets."""
    magnitude = value if value >= 0 else ~value
    return tlv(tag, value.to_bytes(magnitude.bit_length() // 8 + 1, signed=True))


def oid(dotted: str) -> bytes:
    """An object identifier's content; raises ValueError."""
    try:
        parts = [int(part) for part in dotted.strip(".").split(".")]
    except ValueError as exc:
        raise ValueError(f"{dotted!r} is not an object identifier") from exc
    small = len(parts) >= 2 and parts[0] <= 2 and (parts[0] == 2 or parts[1] < 40)
    if not small or len(parts) > SUBIDENTIFIERS or not all(0 <= part < 1 << 32 for part in parts):
        raise ValueError(f"{dotted!r} is not an object identifier")
    content = bytearray()
    for part in (parts[0] * 40 + parts[1], *parts[2:]):
        group = [part & 0x7F]
        while part := part >> 7:
            group.append(part & 0x7F | 0x80)
        content += bytes(reversed(group))
    return bytes(content)


def header(data: bytes, at: int, end: int) -> tuple[int, int, int]:
    """The tag here, and where its content starts and stops; both within `end`."""
    if at + 2 > end:
        raise BerError("it breaks off before a length")
    tag, size = data[at], data[at + 1]
    at += 2
    if size & 0x80:
        count = size & 0x7F
        if not 1 <= count <= 4 or at + count > end:
            raise BerError(f"a length in {count} octets")
        size = int.from_bytes(data[at : at + count])
        at += count
    if at + size > end:
        raise BerError(f"{size} octets are promised, {end - at} are there")
    return tag, at, at + size


def expect(data: bytes, at: int, end: int, tag: int) -> tuple[int, int]:
    """Where the content of this tag starts and stops; raises BerError where another one stands here."""
    actual, start, stop = header(data, at, end)
    if actual != tag:
        raise BerError(f"expected tag {tag:#04x}, got {actual:#04x}")
    return start, stop


def read_integer(
    data: bytes, at: int, end: int, *, low: int = -(1 << 31), high: int = (1 << 31) - 1
) -> tuple[int, int]:
    """An INTEGER between these bounds, and the place after it."""
    start, stop = expect(data, at, end, INTEGER)
    if not 1 <= stop - start <= 8:
        raise BerError(f"an integer in {stop - start} octets")
    value = int.from_bytes(data[start:stop], signed=True)
    if not low <= value <= high:
        raise BerError(f"{value} is not between {low} and {high}")
    return value, stop


def read_octets(data: bytes, at: int, end: int) -> tuple[bytes, int]:
    """An OCTET STRING, and the place after it."""
    start, stop = expect(data, at, end, OCTETS)
    return data[start:stop], stop


def dotted(content: bytes) -> str:
    """An object identifier's content in dotted form."""
    parts = subidentifiers(content)
    first = min(parts[0] // 40, 2)
    return ".".join(map(str, (first, parts[0] - 40 * first, *parts[1:])))


def suffix(content: bytes) -> str:
    """The end of an object identifier, an instance, in dotted form."""
    # One octet each is the rule: indices below 128.
    if content.isascii():
        return ".".join(map(str, content))
    return ".".join(map(str, subidentifiers(content)))


def subidentifiers(content: bytes) -> list[int]:
    """The numbers in an object identifier's content; the first stands for two (X.690 §8.19)."""
    if not content or content[-1] & 0x80:
        raise BerError("an object identifier breaks off")
    parts: list[int] = []
    value = size = 0
    for octet in content:
        value = value << 7 | octet & 0x7F
        size += 1
        if size > 5 or value >= 1 << 32:
            raise BerError("a sub-identifier beyond 32 bits")
        if not octet & 0x80:
            parts.append(value)
            value = size = 0
    if len(parts) > SUBIDENTIFIERS:
        raise BerError(f"an object identifier of {len(parts)} parts")
    return parts
