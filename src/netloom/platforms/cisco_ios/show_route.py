"""`show ip route`, of one VRF or of all."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator

from netloom.model.route import NextHop, RouteState
from netloom.platforms import rib
from netloom.platforms.cisco_ios import screen
from netloom.platforms.durations import seconds
from netloom.platforms.replies import Reader

PROTOCOLS = {
    "C": "connected",
    "L": "local",
    "&": "local",
    "S": "static",
    "U": "static",
    "P": "static",
    "R": "rip",
    "M": "mobile",
    "B": "bgp",
    "D": "eigrp",
    "O": "ospf",
    "i": "isis",
    "I": "igrp",
    "E": "egp",
    "o": "odr",
    "H": "nhrp",
    "G": "nhrp",
    "l": "lisp",
    "a": "application",
    "n": "nat",
    "N": "nat",
    "m": "omp",
    "r": "rpl",
    "V": "vxlan",
}
"""Cisco IOS IP Routing Command Reference, `show ip route`."""
_TYPES = {
    "IA": "inter-area",
    "E1": "external-1",
    "E2": "external-2",
    "N1": "nssa-1",
    "N2": "nssa-2",
    "EX": "external",
    "L1": "level-1",
    "L2": "level-2",
    "ia": "inter-area",
    "su": "summary",
}
_INTERNAL = {"ospf": "intra-area", "eigrp": "internal"}
"""The kind of a route whose code names none."""

_HEADER = re.compile(
    r"(?m)^(?:Codes: (?:L - local, )?C - connected|Gateway of last resort is|Routing Table: "
    r"|\s+[\d.]+(?:/\d+)? is (?:variably )?subnetted)"
)
_VRF = re.compile(r"^Routing Table: (\S+)")
_SUBNETTED = re.compile(r"^\s+\d+\.\d+\.\d+\.\d+(?:/(?P<length>\d+))? is (?P<variably>variably )?subnetted")
_ROUTE = re.compile(
    r"^(?P<code>[A-Za-z&])[ *%+&p]*?(?P<type>IA|N1|N2|E1|E2|EX|L1|L2|ia|su|SU|Nd|Ni|No|[dio](?= ))?[ *%+&p]*\s+"
    r"(?P<network>\d+\.\d+\.\d+\.\d+)(?:/(?P<length>\d+)|\s+(?P<mask>255\.[\d.]+|0\.0\.0\.0))?(?P<rest>\s.*)?$"
)
_VIA = re.compile(
    r"\[(?P<distance>\d+)/(?P<metric>\d+)\](?: via (?P<address>\d+\.\d+\.\d+\.\d+)(?: \((?P<vrf>[^)]+)\))?)?"
    r"(?:, (?P<uptime>\d[\w:]*))?(?:, (?P<interface>[A-Za-z][^\s,]*(?: \d\S*)?))?"
)
_CONNECTED = re.compile(
    r"is (?:directly connected|a summary)(?:, (?P<uptime>\d[\w:]*))?(?:, (?P<interface>[A-Za-z][^\s,]*))?"
)


def _routes(text: str) -> list[RouteState]:
    return rib.merged(_lines(text))


def _lines(text: str) -> Iterator[RouteState]:
    vrf, length, route = "default", None, None
    for line in text.splitlines():
        if match := _VRF.match(line):
            vrf, length, route = match[1], None, None
        elif match := _SUBNETTED.match(line):
            length, route = (None if match["variably"] else match["length"]), None
        elif match := _ROUTE.match(line):
            route = _begun(match, length, vrf)
            if rest := (match["rest"] or "").strip():
                yield _with_hop(route, rest)
        elif route is not None and line.startswith(" ") and (rest := line.strip()).startswith(("[", "is ")):
            yield _with_hop(route, rest)


def _begun(match: re.Match[str], inherited: str | None, vrf: str) -> RouteState:
    length = match["length"] or match["mask"] or inherited
    if length is None:
        raise ValueError(f"expected a prefix length, got {match[0].strip()[:80]!r}")
    # later releases know more protocols
    protocol = PROTOCOLS.get(match["code"], match["code"])
    return RouteState(
        prefix=str(ipaddress.IPv4Network(f"{match['network']}/{length}", strict=False)),
        protocol=protocol,
        vrf=vrf,
        type=_TYPES.get(match["type"] or "") or _INTERNAL.get(protocol),
    )


def _with_hop(route: RouteState, rest: str) -> RouteState:
    match = _VIA.match(rest) or _CONNECTED.match(rest)
    if match is None:
        raise ValueError(f"expected where the route {route.prefix} leads to, got {rest[:80]!r}")
    found = match.groupdict()
    interface = screen.interface(found["interface"]) if found["interface"] else None
    hop = NextHop(
        address=found.get("address"), interface=interface, vrf=found.get("vrf"), kind=_kind(route.protocol, interface)
    )
    return RouteState(
        prefix=route.prefix,
        protocol=route.protocol,
        vrf=route.vrf,
        preference=screen.integer(found.get("distance")),
        metric=screen.integer(found.get("metric")),
        next_hops=(hop,),
        uptime_s=seconds(found["uptime"]),
        type="summary" if rest.startswith("is a summary") else route.type,
    )


def _kind(protocol: str, interface: str | None) -> str:
    if protocol == "local":
        return "receive"
    return "blackhole" if interface == "Null0" else "forward"


READERS = (Reader(_HEADER, _routes),)
