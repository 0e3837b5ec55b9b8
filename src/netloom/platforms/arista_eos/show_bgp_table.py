"""The routes that BGP knows, used or not, as `show ip bgp` and its detail tell them."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator

from netloom.model.route import NextHop, RouteState
from netloom.platforms import bgp_table
from netloom.platforms.arista_eos import reply
from netloom.platforms.json_output import Object, integer, items, members, text
from netloom.platforms.replies import Reader

_VRF = re.compile(r"^BGP routing table information for VRF (\S+)[ \t]*$", re.MULTILINE)
_ENTRY = re.compile(r"^ ?BGP routing table entry for (\S+)[^\n]*$", re.MULTILINE)
_PATH = re.compile(
    r"^ +(?P<way>Local|[\d.{][^\n]*?)(?: \([^)\n]*\))*[ \t]*\n"
    r" +(?P<hop>\S+)(?: \([^)\n]*\))* from (?P<source>\S+) \([^\n]*\n"
    r" +Origin (?P<origin>\w+), metric (?P<metric>\d+|-)(?:, localpref (?P<preference>\d+|-))?"
    r"(?:, IGP metric [\d-]+)?(?:, weight (?P<weight>\d+|-))?(?P<rest>[^\n]*)$",
    re.MULTILINE,
)
_USED = ">Ee"
_ORIGINS = {"i": "igp", "e": "egp", "?": "incomplete", "igp": "igp", "egp": "egp", "incomplete": "incomplete"}


def _tables(output: str) -> Iterator[RouteState]:
    """Each VRF's, one after another."""
    for vrf, body in reply.sections(_VRF, output):
        if _ENTRY.search(body):
            for entry, paths in reply.sections(_ENTRY, body):
                yield from (_detailed(vrf[1], entry[1], path) for path in _PATH.finditer(paths))
        else:
            yield from bgp_table.paths(body, vrf[1], used=_USED)


def _detailed(vrf: str, prefix: str, path: re.Match[str]) -> RouteState:
    words = [word.strip() for word in path["rest"].split(",")]
    best, metric = "best" in words, reply.integer(path["metric"])
    return RouteState(
        prefix=str(ipaddress.ip_network(prefix, strict=False)),
        protocol="bgp",
        vrf=vrf,
        selected=best,
        metric=metric,
        next_hops=(
            NextHop(
                address=_address(path["hop"]),
                weight=reply.integer(path["weight"]),
                active=best or "ECMP" in words or "ECMP head" in words,
                metric=metric,
                local_preference=reply.integer(path["preference"]),
                as_path="" if path["way"] == "Local" else path["way"],
                origin=_ORIGINS.get(path["origin"].lower()),
            ),
        ),
        type=next((word for word in words if word in ("internal", "external", "local", "aggregate")), None),
    )


def replied(document: Object) -> Iterator[RouteState]:
    """The same from eAPI."""
    for vrf, table in members(document.get("vrfs")):
        for prefix, entry in members(table.get("bgpRouteEntries")):
            for path in items(entry.get("bgpRoutePaths")):
                yield _replied(vrf, prefix, path)


def _replied(vrf: str, prefix: str, path: Object) -> RouteState:
    kind, way = path.get("routeType") or {}, path.get("asPathEntry") or {}
    *numbers, last = (text(way, "asPath") or "i").split()
    best, metric = kind.get("active") is True, integer(path, "med")
    return RouteState(
        prefix=str(ipaddress.ip_network(prefix, strict=False)),
        protocol="bgp",
        vrf=vrf,
        selected=best,
        metric=metric,
        next_hops=(
            NextHop(
                address=_address(text(path, "nextHop") or ""),
                weight=integer(path, "weight"),
                active=best or kind.get("ecmp") is True,
                metric=metric,
                local_preference=integer(path, "localPreference"),
                as_path=" ".join(numbers if last in _ORIGINS else [*numbers, last]),
                origin=_ORIGINS.get((text(kind, "origin") or last).lower()),
            ),
        ),
        type=(text(way, "asPathType") or "").lower() or None,
    )


def _address(shown: str) -> str | None:
    """A next hop; a dash, or nothing, for what is originated here."""
    return str(ipaddress.ip_address(shown.partition("%")[0])) if shown not in ("", "-") else None


READERS = (
    Reader(_VRF, lambda output: list(_tables(output))),
    Reader(bgp_table.HEADER, lambda output: list(bgp_table.paths(output, "default", used=_USED))),
)
