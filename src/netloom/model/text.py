"""Forms of text that records hold: addresses, prefixes and names in one canonical spelling each."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Annotated, Any

if TYPE_CHECKING:
    from pydantic import GetCoreSchemaHandler
    from pydantic_core import CoreSchema

SEEN = 16_384
"""How many texts a parser of one word or line remembers: a network's configurations say the same over and over."""


@dataclass(frozen=True, slots=True)
class Form:
    """A canonical spelling: a function that returns it or raises ValueError."""

    name: str
    canonical: Callable[[str], str]

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        from pydantic_core import core_schema  # noqa: PLC0415 - only validation needs it, and it is slow to import

        return core_schema.no_info_after_validator_function(self.canonical, handler(source))


@lru_cache(SEEN)
def canonical_address(text: str) -> str:
    """An IPv4 or IPv6 address, compressed (RFC 5952)."""
    return str(ipaddress.ip_address(text))


@lru_cache(SEEN)
def canonical_interface_address(text: str) -> str:
    """An address with its prefix length, host bits kept: 10.0.0.1/31."""
    if "/" not in text:
        raise ValueError(f"expected an address with its prefix length, such as 10.0.0.1/31, got {text!r}")
    return str(ipaddress.ip_interface(text))


@lru_cache(SEEN)
def canonical_prefix(text: str) -> str:
    """A network with its prefix length, no host bits set: 10.0.0.0/24."""
    if "/" not in text:
        raise ValueError(f"expected a prefix such as 10.0.0.0/24, got {text!r}")
    return str(ipaddress.ip_network(text))


def canonical_mac(text: str) -> str:
    """A MAC address as six lower-case pairs: 00:1b:21:3c:9d:f8 (IEEE 802)."""
    digits = re.sub(r"[^0-9a-fA-F]", "", text)
    if len(digits) != 12:
        raise ValueError(f"expected a MAC address, got {text!r}")
    return ":".join(digits[at : at + 2] for at in range(0, 12, 2)).lower()


def canonical_word(text: str) -> str:
    """A name that devices take as one word."""
    if not text or any(character.isspace() for character in text):
        raise ValueError(f"expected one word without spaces, got {text!r}")
    return text


def canonical_line(text: str) -> str:
    """Free text on one line, without control characters or space at its ends."""
    if any(ord(character) < 32 or ord(character) == 127 for character in text):
        raise ValueError("expected text on one line, without control characters")
    return text.strip()


def canonical_block(text: str) -> str:
    """Text of several lines, without control characters, blank lines at its ends or space at the lines' ends."""
    lines = [line.rstrip() for line in text.splitlines()]
    if any(ord(character) < 32 or ord(character) == 127 for line in lines for character in line):
        raise ValueError("expected text without control characters")
    return "\n".join(lines).strip("\n")


def canonical_vlan_set(text: str) -> str:
    """VLANs in ascending order, neighbors joined: `1-3,10`; or `none`."""
    if text == "none":
        return text
    tags: set[int] = set()
    for part in text.replace(" ", "").split(","):
        first, _, last = part.partition("-")
        if not first.isdigit() or (last and not last.isdigit()):
            raise ValueError(f"expected VLANs such as 10,20-29 or none, got {text!r}")
        span = range(int(first), int(last or first) + 1)
        if not span or span[0] < 1 or span[-1] > 4094:
            raise ValueError(f"expected VLANs from 1 to 4094 in ascending ranges, got {text!r}")
        tags.update(span)
    return vlan_ranges(tags)


def vlan_ranges(tags: Iterable[int]) -> str:
    """VLANs as ranges: `1-3,10`; `none` where there are none."""
    spans: list[tuple[int, int]] = []
    for tag in sorted(set(tags)):
        if spans and spans[-1][1] == tag - 1:
            spans[-1] = (spans[-1][0], tag)
        else:
            spans.append((tag, tag))
    return ",".join(str(first) if first == last else f"{first}-{last}" for first, last in spans) or "none"


def vlan_tags(text: str | None) -> frozenset[int]:
    """The VLANs of a canonical set; None is every one."""
    if text is None:
        return frozenset(range(1, 4095))
    if text == "none":
        return frozenset()
    pairs = (part.partition("-") for part in text.split(","))
    return frozenset(tag for first, _, last in pairs for tag in range(int(first), int(last or first) + 1))


@lru_cache(SEEN)
def canonical_acl_address(text: str) -> str:
    """`any`, a prefix, `address wildcard-mask` where that is no prefix, or `group NAME`."""
    words = text.split()
    if words == ["any"] or (len(words) == 2 and words[0] in ("group", "addrgroup")):
        return "any" if words == ["any"] else f"group {words[1]}"
    if len(words) == 2 and words[0] == "host":
        words = words[1:]
    if len(words) == 1:
        return str(ipaddress.ip_network(words[0], strict=False))
    if len(words) != 2:
        raise ValueError(f"expected any, a prefix, or an address and a wildcard mask, got {text!r}")
    address, wildcard = int(ipaddress.IPv4Address(words[0])), int(ipaddress.IPv4Address(words[1]))
    kept = address & ~wildcard & 0xFFFFFFFF
    if wildcard & (wildcard + 1) == 0:
        length = 32 - wildcard.bit_length()
        return "any" if length == 0 else str(ipaddress.IPv4Network((kept, length)))
    return f"{ipaddress.IPv4Address(kept)} {ipaddress.IPv4Address(wildcard)}"


def canonical_acl_ports(text: str) -> str:
    """`eq`, `neq`, `gt`, `lt` or `range`, with numbers."""
    operator, *ports = text.split()
    if operator not in ("eq", "neq", "gt", "lt", "range") or not ports or not all(port.isdigit() for port in ports):
        raise ValueError(f"expected ports such as eq 80, or range 5000 5010, got {text!r}")
    if operator == "range" and len(ports) != 2:
        raise ValueError(f"expected two ports after range, got {text!r}")
    if max(map(int, ports)) > 65535:
        raise ValueError(f"expected ports up to 65535, got {text!r}")
    return " ".join((operator, *(str(int(port)) for port in ports)))


Address = Annotated[str, Form("address", canonical_address)]
Mac = Annotated[str, Form("MAC address", canonical_mac)]
InterfaceAddress = Annotated[str, Form("address/length", canonical_interface_address)]
Prefix = Annotated[str, Form("prefix", canonical_prefix)]
Word = Annotated[str, Form("word", canonical_word)]
FreeText = Annotated[str, Form("text", canonical_line)]
Block = Annotated[str, Form("text", canonical_block)]
VlanSet = Annotated[str, Form("set of VLANs", canonical_vlan_set)]
AclAddress = Annotated[str, Form("any, prefix or wildcard", canonical_acl_address)]
AclPorts = Annotated[str, Form("ports", canonical_acl_ports)]
SecretText = Annotated[str, Form("secret", canonical_line)]
"""Shown to nobody: whatever prints a record hides it."""
