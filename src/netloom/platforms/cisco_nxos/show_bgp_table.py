"""`show ip bgp` and `show bgp … detail`: the routes that BGP knows, used or not."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from netloom.model.route import NextHop, RouteState
from netloom.platforms.cisco_nxos import screens
from netloom.platforms.cisco_nxos.screens import sections
from netloom.platforms.rib import merged

KNOWS = re.compile(r"^\s*Network\s+Next Hop\s+Metric|^BGP routing table (?:information|entry) for", re.MULTILINE)

_TABLE = re.compile(r"^BGP routing table information for VRF (\S+?), address family ([^\n]*)$", re.MULTILINE)
_UNICAST = re.compile(r"IPv[46] Unicast")
"""Other families carry no prefixes of a routing table."""
_HEADER = re.compile(r"^\s*Network\s+Next Hop\s+Metric", re.MULTILINE)
_PATH = re.compile(
    r"(?P<status>[*sxSdh ])(?P<best>[>|&2 ]?) ?(?P<source>[iecalrI])(?P<prefix>\S+/\d+)?(?:\s+(?P<rest>\S.*))?"
)
_ALONE = re.compile(r"\s{10,}(?P<rest>[0-9a-fA-F.:]+\s.*)")
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
    elif header := _HEADER.search(body):
        # columns are told apart by their places, unless somebody squeezed the blanks out of the screen
        metric = header.end() - header.start() if "    " in header[0] else None
        yield from _table(vrf, body[header.end() :], metric)


def _table(vrf: str, text: str, metric: int | None) -> Iterator[RouteState]:
    prefix, waiting = "", None
    for line in text.splitlines():
        if match := _PATH.fullmatch(line):
            prefix = match["prefix"] or prefix
            waiting = match if prefix and not match["rest"] else None
            if prefix and match["rest"]:
                yield _route(vrf, prefix, match, line, metric)
        elif waiting and _ALONE.fullmatch(line):
            yield _route(vrf, prefix, waiting, line, metric)
            waiting = None


def _route(vrf: str, prefix: str, path: re.Match[str], line: str, metric: int | None) -> RouteState:
    cells = line[path.end("prefix") if path["prefix"] and path["rest"] else 4 :].split()
    address = screens.address(cells[0])
    before = line[line.index(cells[0], 3) + len(cells[0]) : metric].strip() if metric else ""
    active = path["best"] in (">", "|")
    return RouteState(
        prefix=screens.prefix(prefix),
        protocol="bgp",
        vrf=vrf,
        selected=path["best"] == ">",
        metric=int(before) if before.isdigit() else None,
        next_hops=(NextHop(address=address, active=active),),
        type=_SOURCES[path["source"]],
    )


def _detailed(vrf: str, prefix: str, kind: re.Match[str], path: str) -> RouteState:
    hop, metric = _HOP.search(path), _METRIC.search(path)
    if hop is None:
        raise ValueError(f"expected the next hop of a path to {prefix}, got none")
    best = "is best path" in kind[2]
    return RouteState(
        prefix=screens.prefix(prefix),
        protocol="bgp",
        vrf=vrf,
        selected=best,
        metric=int(metric[1]) if metric else None,
        next_hops=(NextHop(address=screens.address(hop[1]), active=best or "multipath" in kind[2]),),
        type=_KINDS.get(kind[1], kind[1]),
    )
