"""Where BGP's lines stand in FRR's configuration: the instance of a VRF, and what is said of each peer in it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from netloom.errors import Unsupported
from netloom.model.config import Config, Tree

_HEADER = re.compile(r"router bgp (\d+)(?: vrf (\S+))?")
_FAMILY = "address-family "
FAMILIES = {"ipv4-unicast": "address-family ipv4 unicast", "ipv6-unicast": "address-family ipv6 unicast"}
"""The model's names and FRR's headers."""


@dataclass(slots=True)
class Said:
    """What is said of one peer or group, without its name."""

    lines: Tree = field(default_factory=dict)
    families: dict[str, Tree] = field(default_factory=dict)
    """By header; lines that begin with `no` keep it."""


def instances(config: Config) -> Iterator[tuple[int, str, str, Tree]]:
    """AS number, VRF, header and section of every instance; views are left out."""
    for header, below in config.sections("router bgp "):
        if match := _HEADER.fullmatch(header):
            yield int(match[1]), match[2] or "default", header, below


def instance(config: Config, vrf: str) -> str | None:
    """The header of a VRF's instance."""
    return next((header for _, found, header, _ in instances(config) if found == vrf), None)


def instance_for(config: Config, vrf: str, peer: str) -> str:
    """The header under which a peer can be set; raises Unsupported where there is none."""
    header = instance(config, vrf)
    if header is None:
        raise Unsupported(
            f"BGP neighbor {peer}: there is no BGP instance in VRF {vrf}", device="", hint="wish for one under `bgp:`"
        )
    return header


def said(bgp: Tree) -> dict[str, Said]:
    """What is said of every peer and group, in one pass."""
    found: dict[str, Said] = {}
    for text, below in bgp.items():
        if text.startswith("neighbor "):
            _, peer, *rest = text.split(" ", 2)
            found.setdefault(peer, Said()).lines[rest[0] if rest else ""] = {}
        elif below and text.startswith(_FAMILY):
            for line in below:
                negative = line.startswith("no neighbor ")
                if negative or line.startswith("neighbor "):
                    _, peer, *rest = line.removeprefix("no ").split(" ", 2)
                    stated = f"{'no ' if negative else ''}{rest[0] if rest else ''}"
                    found.setdefault(peer, Said()).families.setdefault(text, {})[stated] = {}
    return found
