"""`show ip bgp` and its likes for IPv6 and VPNs: the routes that BGP knows, used or not."""

from __future__ import annotations

import re
from collections.abc import Iterator

from netloom.model.route import RouteState
from netloom.platforms import bgp_table, rib
from netloom.platforms.replies import Reader

_PART = re.compile(
    r"(?m)^ *(?:For address family: (?P<family>\S.*?)"
    r"|Route Distinguisher: (?P<rd>\S+)(?: \(default for vrf (?P<vrf>[^)\s]+)\).*)?.*?)[ \t]*$"
)
_ROUTED = re.compile(r"(?:IPv[46]|VPNv[46])(?: Unicast)?$", re.IGNORECASE)
"""Other families carry no prefixes of a routing table."""

_USED = ">m"


def _routes(text: str) -> list[RouteState]:
    return rib.merged(_paths(text))


def _paths(text: str) -> Iterator[RouteState]:
    """A VPN's parts follow one heading; those of no VRF here stand under their route distinguisher."""
    parts = list(_PART.finditer(text))
    ends = [*(part.start() for part in parts), len(text)]
    yield from bgp_table.paths(text[: ends[0]], "default", used=_USED)
    routed, vrf = True, "default"
    for part, end in zip(parts, ends[1:], strict=True):
        if part["family"]:
            routed, vrf = bool(_ROUTED.match(part["family"])), "default"
        else:
            vrf = part["vrf"] or part["rd"]
        headings = list(bgp_table.HEADER.finditer(text, 0, part.start()))
        heading = headings[-1][0] if headings and not part["family"] else ""
        if routed:
            yield from bgp_table.paths(f"{heading}\n{text[part.end() : end]}", vrf, used=_USED)


READERS = (Reader(bgp_table.HEADER, _routes),)
"""BGP's routes."""
