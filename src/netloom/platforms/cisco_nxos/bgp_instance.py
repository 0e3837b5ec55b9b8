"""Where BGP's lines stand in a Nexus' configuration: one process, a section a VRF, a section a neighbor."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator
from functools import lru_cache

from netloom.errors import Unsupported
from netloom.model.config import Config, Tree, once
from netloom.model.text import SEEN
from netloom.platforms.as_numbers import as_number
from netloom.platforms.bgp_lines import UNICAST_HEADERS

Path = tuple[str, ...]

_HEADER = re.compile(r"router bgp (\d+(?:\.\d+)?)")
_NEIGHBOR = re.compile(r"neighbor (\S+)(?: remote-as (.+))?")
FAMILIES = UNICAST_HEADERS
"""The model's names and NX-OS' headers."""


@once
def instances(config: Config) -> list[tuple[int, str, Path, Tree]]:
    """AS number, VRF, path and section of every instance."""
    return list(_instances(config))


def _instances(config: Config) -> Iterator[tuple[int, str, Path, Tree]]:
    for header, below in config.sections("router bgp "):
        if match := _HEADER.fullmatch(header):
            asn = as_number(match[1])
            yield asn, "default", (header,), below
            for text, section in below.items():
                if text.startswith("vrf "):
                    yield asn, text.removeprefix("vrf "), (header, text), section


def process_of(config: Config) -> str | None:
    """The header of the one process."""
    return next((path[0] for _, vrf, path, _ in instances(config) if vrf == "default"), None)


def path_for(config: Config, vrf: str, peer: str) -> Path:
    """Where a neighbor can be set; raises Unsupported where there is no BGP."""
    header = process_of(config)
    if header is None:
        raise Unsupported(f"bgp_neighbor {peer}: there is no BGP process", device="", hint="wish for one under `bgp:`")
    return path_in(header, vrf)


def path_in(header: str, vrf: str) -> Path:
    """The section of a VRF in a process."""
    return (header,) if vrf == "default" else (header, f"vrf {vrf}")


def neighbors(section: Tree) -> Iterator[tuple[str, str | None, str, Tree]]:
    """Peer, AS number where the header names it (before release 9), header and section."""
    for header, below in section.items():
        if header.startswith("neighbor ") and (match := _NEIGHBOR.fullmatch(header)):
            yield canonical_peer(match[1]), match[2], header, below


@lru_cache(SEEN)
def canonical_peer(text: str) -> str:
    """An address or a prefix in its one spelling; an interface's name as it is."""
    try:
        return str(ipaddress.ip_network(text) if "/" in text else ipaddress.ip_address(text))
    except ValueError:
        return text
