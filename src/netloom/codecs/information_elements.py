"""Information elements of NetFlow and IPFIX: names and types, by enterprise and number.

`information_elements.tsv` holds IANA's registry (enterprise 0), numbers that vendors took for themselves in NetFlow v9
(from 8192 on, which IANA has not assigned), and vendors' own elements. Derived, not listed: reverse elements
(RFC 5103), and nProbe's numbers in NetFlow v9.
"""

from __future__ import annotations

import pkgutil
from dataclasses import dataclass
from enum import Enum
from functools import cache, lru_cache

REVERSE = 29305
"""The enterprise of IANA's elements in the reverse direction of a biflow (RFC 5103 §6.1)."""
CERT = 6871
NTOP = 35632
_REVERSE_BIT = 0x4000
"""CERT's elements are reversed by this bit (RFC 5103 §6.2)."""
_NTOP_V9 = 57472
"""nProbe adds this to its numbers in NetFlow v9, which knows no enterprises."""
_NTOP_COUNT = 1024


class Type(Enum):
    """An abstract data type (RFC 7012 §3.1, RFC 6313 §4.1)."""

    UNSIGNED = "unsigned"
    SIGNED = "signed"
    FLOAT = "float"
    BOOLEAN = "boolean"
    OCTETS = "octetArray"
    STRING = "string"
    MAC = "macAddress"
    IPV4 = "ipv4Address"
    IPV6 = "ipv6Address"
    SECONDS = "dateTimeSeconds"
    MILLISECONDS = "dateTimeMilliseconds"
    MICROSECONDS = "dateTimeMicroseconds"
    NANOSECONDS = "dateTimeNanoseconds"
    BASIC_LIST = "basicList"
    SUB_TEMPLATE_LIST = "subTemplateList"
    SUB_TEMPLATE_MULTI_LIST = "subTemplateMultiList"


@dataclass(frozen=True, slots=True)
class Element:
    """One information element."""

    pen: int
    """The private enterprise number; 0 is IANA."""
    number: int
    name: str
    type: Type
    octets: int
    """Its full size; 0 where that varies. Exporters may send fewer (RFC 7011 §6.2)."""


_OCTETS = {
    Type.BOOLEAN: 1,
    Type.MAC: 6,
    Type.IPV4: 4,
    Type.IPV6: 16,
    Type.SECONDS: 4,
    Type.MILLISECONDS: 8,
    Type.MICROSECONDS: 8,
    Type.NANOSECONDS: 8,
}


@lru_cache(65_536)
def element(pen: int, number: int) -> Element | None:
    """What this is, or None where nobody has told us."""
    if (found := registry().get((pen, number))) is not None:
        return found
    if pen == REVERSE and (forward := registry().get((0, number))) is not None:
        return _reversed(forward, pen, number)
    if pen == CERT and number & _REVERSE_BIT and (forward := registry().get((pen, number ^ _REVERSE_BIT))) is not None:
        return _reversed(forward, pen, number)
    if pen == 0 and _NTOP_V9 <= number < _NTOP_V9 + _NTOP_COUNT:
        return registry().get((NTOP, number - _NTOP_V9))
    return None


@cache
def registry() -> dict[tuple[int, int], Element]:
    """Every listed element by enterprise and number."""
    data = pkgutil.get_data("netloom.codecs", "information_elements.tsv") or b""
    found = {}
    for line in data.decode().splitlines()[1:]:
        pen, number, name, kind = line.split("\t")
        found[int(pen), int(number)] = _element(int(pen), int(number), name, kind)
    return found


@cache
def numbers() -> dict[str, tuple[int, int]]:
    """Enterprise and number by name; IANA's name wins over a vendor's."""
    return {item.name: key for key, item in sorted(registry().items(), reverse=True)}


def _element(pen: int, number: int, name: str, kind: str) -> Element:
    """Widths stand in the names of the numeric types only: unsigned32."""
    plain = kind.rstrip("0123456789")
    if plain in ("unsigned", "signed", "float"):
        return Element(pen, number, name, Type(plain), int(kind.removeprefix(plain)) // 8)
    return Element(pen, number, name, Type(kind), _OCTETS.get(Type(kind), 0))


def _reversed(forward: Element, pen: int, number: int) -> Element:
    name = f"reverse{forward.name[0].upper()}{forward.name[1:]}"
    return Element(pen, number, name, forward.type, forward.octets)
