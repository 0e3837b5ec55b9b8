"""`show ip bgp` and `show bgp … detail`: the routes that BGP knows, used or not."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from netloom.model.route import NextHop, RouteState
from netloom.platforms import bgp_table
from netloom.platforms.cisco_nxos import screens
from netloom.platforms.cisco_nxos.screens import number, sections
from netloom.platforms.rib import merged

KNOWS = re.compile(r"^\s*Network\s+Next Hop\s+Metric|^BGP routing table (?:information|entry) for", re.MULTILINE)

_TABLE = re.compile(r"^BGP routing table information for VRF (\S+?), address family ([^\n]*)$", re.MULTILINE)
_UNICAST = re.compile(r"IPv[46] Unicast")
"""Other families carry no prefixes of a routing table."""
_SOURCES = {
    "i": "internal",
    "e": "external",
    "c": "confed",
    "l": "local",
    "a": "aggregate",
    "r": "redistributed",
    "I": "injected",
}
_ENTRY = re.compile(r"^BGP routing table entry for (\S+/\d+)[^\n]*$", re.MULTILINE)
_KIND = re.compile(r"^\s*Path type: (\w+)([^\n]*)$", re.MULTILINE)
_HOP = re.compile(r"^\s+([0-9a-fA-F.:]+)(?: \([^)\n]*\))* from \S+ \(", re.MULTILINE)
_METRIC = re.compile(r"\bMED (\d+)")
_AS_PATH = re.compile(r"^\s*AS-Path: (?P<path>NONE|[\d. {},()]*\d[\d. {}()]*)", re.MULTILINE)
_TOLD = re.compile(
    r"^\s*Origin (?P<origin>\w+)(?:,.*?localpref (?P<preference>\d+))?(?:.*?weight (?P<weight>\d+))?", re.MULTILINE
)
_KINDS = {"redist": "redistributed"}


def routes(output: str) -> list[RouteState]:
    """A route a prefix, with the next hops of all its paths; active are the best and those beside it."""
    parts = [(match[1], match[2], body) for match, body in sections(output, _TABLE)]
    tables = [(vrf, body) for vrf, family, body in parts if _UNICAST.match(family)]
    return merged(route for vrf, body in tables or _only(output, parts) for route in _routes(vrf, body))


def _only(output: str, parts: Sequence[object]) -> list[tuple[str, str]]:
    """The screen of older releases, which names no table."""
    return [] if parts else [("default", output)]


def _routes(vrf: str, body: str) -> Iterator[RouteState]:
    if _ENTRY.search(body):
        for entry, text in sections(body, _ENTRY):
            yield from (_detailed(vrf, entry[1], kind, path) for kind, path in sections(text, _KIND))
    else:
        yield from bgp_table.paths(body, vrf, used=">|", kinds=_SOURCES)


def _detailed(vrf: str, prefix: str, kind: re.Match[str], path: str) -> RouteState:
    hop, metric = _HOP.search(path), _METRIC.search(path)
    way, told = _AS_PATH.search(path), _TOLD.search(path)
    if hop is None:
        raise ValueError(f"expected the next hop of a path to {prefix}, got none")
    best = "is best path" in kind[2]
    return RouteState(
        prefix=screens.prefix(prefix),
        protocol="bgp",
        vrf=vrf,
        selected=best,
        metric=int(metric[1]) if metric else None,
        next_hops=(
            NextHop(
                address=screens.address(hop[1]),
                weight=number(told["weight"]) if told else None,
                active=best or "multipath" in kind[2],
                metric=int(metric[1]) if metric else None,
                local_preference=number(told["preference"]) if told else None,
                as_path=None if way is None else "" if way["path"] == "NONE" else way["path"].strip(" ,"),
                origin=told["origin"].lower() if told else None,
            ),
        ),
        type=_KINDS.get(kind[1], kind[1]),
    )
