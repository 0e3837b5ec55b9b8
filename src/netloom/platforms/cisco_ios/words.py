"""Values out of the lines of IOS: masks, addresses, and what spelling a configuration prefers."""

from __future__ import annotations

import ipaddress
import re
from functools import lru_cache

from netloom.model.config import Config
from netloom.model.text import SEEN
from netloom.platforms.line_words import is_address

_VERSION = re.compile(r"version (\d+)\.(\d+)")


def version(config: Config) -> tuple[int, int] | None:
    """The release that the configuration names: 15.7 is (15, 7)."""
    for text in config.tree:
        if match := _VERSION.match(text):
            return int(match[1]), int(match[2])
    return None


@lru_cache(SEEN)
def address(text: str) -> str | None:
    """A word as a canonical address, None where it is none."""
    return str(ipaddress.ip_address(text)) if is_address(text) else None


def shown_address(text: str) -> str:
    """An address or name as IOS shows it: IPv6 in capitals."""
    return text.upper() if ":" in text and is_address(text.partition("/")[0]) else text


@lru_cache(SEEN)
def network(start: str, mask: str | None = None) -> str | None:
    """A network by its mask or its class as a prefix; None where it is none."""
    try:
        return str(ipaddress.IPv4Network((start, mask if mask is not None else _class_length(start))))
    except ValueError:
        return None


@lru_cache(SEEN)
def wildcard_network(start: str, wildcard: str) -> str | None:
    """A network by its wildcard mask as a prefix; None where it is none."""
    try:
        bits = int(ipaddress.IPv4Address(wildcard))
        if bits & (bits + 1):
            return None
        return str(ipaddress.IPv4Network((start, 32 - bits.bit_length()), strict=False))
    except ValueError:
        return None


@lru_cache(SEEN)
def with_mask(prefix: str) -> str:
    """`10.0.0.0 255.0.0.0` of 10.0.0.0/8, also of an interface's address."""
    found = ipaddress.ip_interface(prefix)
    return f"{found.ip} {found.netmask}"


@lru_cache(SEEN)
def with_wildcard(prefix: str) -> str:
    """`10.0.0.0 0.255.255.255` of 10.0.0.0/8."""
    found = ipaddress.ip_network(prefix)
    return f"{found.network_address} {found.hostmask}"


@lru_cache(SEEN)
def interface_address(start: str, mask: str) -> str | None:
    """An address with its mask as address/length; None where it is none."""
    try:
        return str(ipaddress.IPv4Interface(f"{start}/{mask}"))
    except ValueError:
        return None


@lru_cache(SEEN)
def ipv6_interface(text: str) -> str | None:
    """An IPv6 address with its length as canonical text; None where it is none."""
    try:
        return str(ipaddress.IPv6Interface(text))
    except ValueError:
        return None


def is_classful(prefix: str) -> bool:
    """Whether IOS leaves the mask out, because the network's class says it."""
    found = ipaddress.ip_network(prefix)
    return found.version == 4 and found.prefixlen == _class_length(str(found.network_address))


def _class_length(start: str) -> int:
    first = int(start.partition(".")[0])
    return 8 if first < 128 else 16 if first < 192 else 24
