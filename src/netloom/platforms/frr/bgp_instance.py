"""Where BGP's lines stand in FRR's configuration: the instance of a VRF, and what is said of each peer in it."""

from __future__ import annotations

import re

from netloom.errors import Unsupported
from netloom.model.config import Config, Tree, once
from netloom.platforms import bgp_lines
from netloom.platforms.bgp_lines import UNICAST_HEADERS, Said

_HEADER = re.compile(r"router bgp (\d+)(?: vrf (\S+))?")
FAMILIES = UNICAST_HEADERS
"""The model's names and FRR's headers."""


@once
def instances(config: Config) -> list[tuple[int, str, str, Tree]]:
    """AS number, VRF, header and section of every instance; views are left out."""
    found = ((_HEADER.fullmatch(header), below) for header, below in config.sections("router bgp "))
    return [(int(match[1]), match[2] or "default", match[0], below) for match, below in found if match is not None]


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
    """What is said of every peer and group."""
    return bgp_lines.said(bgp, {name: bgp.get(header, {}) for name, header in FAMILIES.items()})
