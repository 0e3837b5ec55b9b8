"""Forms of text that records hold: addresses, prefixes and names in one canonical spelling each."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

if TYPE_CHECKING:
    from pydantic import GetCoreSchemaHandler
    from pydantic_core import CoreSchema


@dataclass(frozen=True, slots=True)
class Form:
    """A canonical spelling: a function that returns it or raises ValueError."""

    name: str
    canonical: Callable[[str], str]

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        from pydantic_core import core_schema  # noqa: PLC0415 - only validation needs it, and it is slow to import

        return core_schema.no_info_after_validator_function(self.canonical, handler(source))


def canonical_address(text: str) -> str:
    """An IPv4 or IPv6 address, compressed (RFC 5952)."""
    return str(ipaddress.ip_address(text))


def canonical_interface_address(text: str) -> str:
    """An address with its prefix length, host bits kept: 10.0.0.1/31."""
    if "/" not in text:
        raise ValueError(f"expected an address with its prefix length, such as 10.0.0.1/31, got {text!r}")
    return str(ipaddress.ip_interface(text))


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


Address = Annotated[str, Form("address", canonical_address)]
InterfaceAddress = Annotated[str, Form("address/length", canonical_interface_address)]
Prefix = Annotated[str, Form("prefix", canonical_prefix)]
MacAddress = Annotated[str, Form("MAC address", canonical_mac)]
Word = Annotated[str, Form("word", canonical_word)]
FreeText = Annotated[str, Form("text", canonical_line)]
