"""Values of information elements: octets to numbers and text, by the registry's types (RFC 7011 §6)."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address
from math import isfinite
from struct import Struct

from netloom.codecs.information_elements import Type, element
from netloom.codecs.ipfix import SCOPE, Field

Value = str | int | float
"""Octets are text in hexadecimal digits; a number that JSON does not know (NaN) is text too."""
Reader = Callable[[bytes], Value | None]

NTP_TO_UNIX = 2_208_988_800
"""Seconds from 1900, where NTP's time starts, to 1970."""
_INTEGER = 32
"""More octets than unsigned256 has are no number."""
_MAPPED = bytes(10) + b"\xff\xff"
"""IPv4 addresses in IPv6 begin so."""
_FLOATS = {4: Struct(">f"), 8: Struct(">d")}


def value(field: Field, raw: bytes) -> Value | None:
    """What a field holds; None where it is empty and its type is no text.

    Times are numbers in the unit their element's name tells, since 1970. An unknown element's octets are hexadecimal
    digits, as are those of lists (RFC 6313), and of a value whose size its type cannot have.
    """
    return reader(field.pen, field.number)(raw)


@lru_cache(65_536)
def reader(pen: int, number: int) -> Reader:
    """Reads one element's values."""
    if pen == SCOPE:
        return _unsigned  # RFC 3954 §6.1: an interface's index, a line card's number, …
    known = element(pen, number)
    return _READERS[known.type] if known is not None else bytes.hex


def ntp_ns(raw: bytes) -> int:
    """Nanoseconds since 1970 of an NTP time stamp in eight octets (RFC 7011 §6.1.9)."""
    stamp = int.from_bytes(raw)
    return ((stamp >> 32) - NTP_TO_UNIX) * 1_000_000_000 + ((stamp & 0xFFFFFFFF) * 1_000_000_000 >> 32)


@lru_cache(65_536)
def address(raw: bytes) -> str:
    """An IPv4 or IPv6 address as text, or hexadecimal digits where it is neither."""
    if len(raw) == 4:
        return str(IPv4Address(raw))
    if raw.startswith(_MAPPED) and len(raw) == 16:
        return f"::ffff:{IPv4Address(raw[12:])}"  # RFC 5952 §5
    return str(IPv6Address(raw)) if len(raw) == 16 else raw.hex()


def mac(raw: bytes) -> str:
    """Six octets as pairs: 00:1b:21:3c:9d:f8."""
    return raw.hex(":") if len(raw) == 6 else raw.hex()


def _unsigned(raw: bytes) -> Value | None:
    if len(raw) > _INTEGER:
        return raw.hex()
    return int.from_bytes(raw) if raw else None


def _signed(raw: bytes) -> Value | None:
    if len(raw) > _INTEGER:
        return raw.hex()
    return int.from_bytes(raw, signed=True) if raw else None


def _float(raw: bytes) -> Value | None:
    form = _FLOATS.get(len(raw))
    if form is None:
        return raw.hex() or None
    number: float = form.unpack(raw)[0]
    return number if isfinite(number) else str(number)


def _boolean(raw: bytes) -> Value | None:
    """RFC 7011 §6.1.5: 1 is true, 2 is false, the others are undefined."""
    return {b"\x01": True, b"\x02": False}.get(raw, _unsigned(raw))


def _string(raw: bytes) -> Value | None:
    """Exporters fill fields of fixed length with zeros."""
    return raw.rstrip(b"\0").decode(errors="backslashreplace")


def _address(raw: bytes) -> Value | None:
    return address(raw) or None


def _mac(raw: bytes) -> Value | None:
    return mac(raw) or None


def _stamp(raw: bytes, unit: int) -> Value | None:
    """Before 1970 it is no NTP time: some exporters send a plain number of the unit."""
    if len(raw) != 8 or int.from_bytes(raw[:4]) < NTP_TO_UNIX:
        return _unsigned(raw)
    return ntp_ns(raw) // unit


_READERS: dict[Type, Reader] = {
    Type.UNSIGNED: _unsigned,
    Type.SIGNED: _signed,
    Type.FLOAT: _float,
    Type.BOOLEAN: _boolean,
    Type.OCTETS: bytes.hex,
    Type.STRING: _string,
    Type.MAC: _mac,
    Type.IPV4: _address,
    Type.IPV6: _address,
    Type.SECONDS: _unsigned,
    Type.MILLISECONDS: _unsigned,
    Type.MICROSECONDS: lambda raw: _stamp(raw, 1000),
    Type.NANOSECONDS: lambda raw: _stamp(raw, 1),
    Type.BASIC_LIST: bytes.hex,
    Type.SUB_TEMPLATE_LIST: bytes.hex,
    Type.SUB_TEMPLATE_MULTI_LIST: bytes.hex,
}
