"""`show ipv6 route`, of one VRF or of all."""

from __future__ import annotations

import re
from collections.abc import Iterator

from netloom.model.route import NextHop, RouteState
from netloom.model.text import canonical_address, canonical_prefix
from netloom.platforms import rib
from netloom.platforms.cisco_ios import screen
from netloom.platforms.replies import Reader

_PROTOCOLS = {
    "C": "connected",
    "L": "local",
    "LC": "local",
    "S": "static",
    "U": "static",
    "P": "static",
    "R": "rip",
    "B": "bgp",
    "D": "eigrp",
    "EX": "eigrp",
    "O": "ospf",
    "OI": "ospf",
    "OE1": "ospf",
    "OE2": "ospf",
    "ON1": "ospf",
    "ON2": "ospf",
    "I1": "isis",
    "I2": "isis",
    "IA": "isis",
    "IS": "isis",
    "ND": "nd",
    "NDp": "nd",
    "NDr": "nd",
    "HA": "home-agent",
    "MR": "mobile",
    "MN": "mobile",
    "H": "nhrp",
    "l": "lisp",
    "lr": "lisp",
    "ld": "lisp",
    "lA": "lisp",
    "le": "lisp",
    "ls": "lisp",
    "a": "application",
    "m": "omp",
    "RL": "rpl",
}
"""Cisco IOS IPv6 Command Reference, `show ipv6 route`."""
_TYPES = {
    "O": "intra-area",
    "OI": "inter-area",
    "OE1": "external-1",
    "OE2": "external-2",
    "ON1": "nssa-1",
    "ON2": "nssa-2",
    "D": "internal",
    "EX": "external",
    "I1": "level-1",
    "I2": "level-2",
    "IA": "inter-area",
    "IS": "summary",
}
_HEADER = re.compile(r"(?m)^ *IPv6 Routing Table")
_VRF = re.compile(r"^ *IPv6 Routing Table - (?:VRF )?(?P<vrf>[A-Za-z]\S*)(?: VRF)? - ")
_ROUTE = re.compile(
    r"^ *(?P<code>[A-Za-z]\w{0,2})(?P<flags>[ *%+]*)\s+(?P<prefix>[0-9A-Fa-f]*:[0-9A-Fa-f:.]*/\d+) +"
    r"\[(?P<distance>\d+)/(?P<metric>\d+)\](?:, tag (?P<tag>\d+))?"
)
_ADDRESS = re.compile(
    r"via (?P<address>[0-9A-Fa-f]*:[0-9A-Fa-f:.]*|\d+\.\d+\.\d+\.\d+)(?:%(?P<vrf>[^\s,]+))?"
    r"(?:, (?P<interface>[A-Za-z][^\s,]*)(?!\S* connected))?"
)
_INTERFACE = re.compile(r"via (?P<interface>[A-Za-z][^\s,]*)(?:, (?P<how>directly connected|receive))?")


def _routes(text: str) -> list[RouteState]:
    return rib.merged(_lines(text))


def _lines(text: str) -> Iterator[RouteState]:
    vrf, route = "default", None
    for line in text.splitlines():
        if line.lstrip().startswith("IPv6 Routing Table"):
            match = _VRF.match(line)
            vrf, route = (match["vrf"] if match and match["vrf"] != "Default" else "default"), None
        elif match := _ROUTE.match(line):
            route = _begun(match, vrf)
            yield route
        elif route is not None and line.strip().startswith("via "):
            yield _with_hop(route, line.strip())


def _begun(match: re.Match[str], vrf: str) -> RouteState:
    return RouteState(
        prefix=canonical_prefix(match["prefix"]),
        # later releases know more protocols
        protocol=_PROTOCOLS.get(match["code"], match["code"]),
        vrf=vrf,
        preference=int(match["distance"]),
        metric=int(match["metric"]),
        tag=screen.integer(match["tag"]),
        type=_TYPES.get(match["code"]),
    )


def _with_hop(route: RouteState, line: str) -> RouteState:
    match = _ADDRESS.match(line) or _INTERFACE.match(line)
    if match is None:
        raise ValueError(f"expected where the route {route.prefix} leads to, got {line[:80]!r}")
    found = match.groupdict()
    interface = screen.interface(found["interface"]) if found["interface"] else None
    address = found.get("address")
    hop = NextHop(
        # older systems write :: for a connected network
        address=canonical_address(address) if address and address != "::" else None,
        interface=None if interface in ("indirectly", "directly") else interface,
        vrf=None if found.get("vrf") == route.vrf else found.get("vrf"),
        kind=_kind(found.get("how"), interface),
    )
    return RouteState(
        prefix=route.prefix,
        protocol=route.protocol,
        vrf=route.vrf,
        preference=route.preference,
        metric=route.metric,
        next_hops=(hop,),
        tag=route.tag,
        type=route.type,
    )


def _kind(how: str | None, interface: str | None) -> str:
    if how == "receive":
        return "receive"
    return "blackhole" if interface == "Null0" else "forward"


READERS = (Reader(_HEADER, _routes),)
