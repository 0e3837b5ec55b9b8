"""`show ip route PREFIX`: one entry at length."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator

from netloom.model.route import NextHop, RouteState
from netloom.platforms.cisco_ios import screen
from netloom.platforms.durations import seconds
from netloom.platforms.replies import Reader

_ENTRY = re.compile(r"(?m)^Routing entry for (?P<prefix>\S+)")
_VRF = re.compile(r"(?m)^Routing Table: (\S+)")
_KNOWN = re.compile(r'Known via "(?P<protocol>[^"]+)"(?:, distance (?P<distance>\d+))?(?:, metric (?P<metric>\d+))?')
_TYPE = re.compile(r"type (intra area|inter area|extern 1|extern 2|NSSA extern 1|NSSA extern 2|level-1|level-2|\w+)")
_TAG = re.compile(r"(?m)^ +Tag (\d+)")
_HOP = re.compile(
    r"(?m)^ +(?P<best>\*)? +(?:(?P<address>\d+\.\d+\.\d+\.\d+)(?: \((?P<vrf>[^)]+)\))?|directly connected)"
    r"(?:, from (?P<source>[\d.]+))?(?:, (?P<uptime>[\w:]+) ago)?(?:, via (?P<interface>\S+?))?\s*$"
)
_TYPES = {
    "intra area": "intra-area",
    "inter area": "inter-area",
    "extern 1": "external-1",
    "extern 2": "external-2",
    "NSSA extern 1": "nssa-1",
    "NSSA extern 2": "nssa-2",
}


def _entries(text: str) -> Iterator[RouteState]:
    vrf = _VRF.search(text)
    for head, block in screen.blocks(text, _ENTRY):
        known = _KNOWN.search(block)
        if known is None:
            raise ValueError(f"expected how the route {head['prefix']} is known, got {block[:80]!r}")
        kind, tag = _TYPE.search(block), _TAG.search(block)
        hops = list(_HOP.finditer(block))
        yield RouteState(
            prefix=str(ipaddress.ip_network(head["prefix"], strict=False)),
            protocol=known["protocol"].split()[0],
            vrf=vrf[1] if vrf else "default",
            preference=screen.integer(known["distance"]),
            metric=screen.integer(known["metric"]),
            next_hops=tuple(_hop(hop) for hop in hops),
            uptime_s=next((seconds(hop["uptime"]) for hop in hops if hop["uptime"]), None),
            tag=int(tag[1]) if tag else None,
            type=_TYPES.get(kind[1], kind[1]) if kind else None,
        )


def _hop(match: re.Match[str]) -> NextHop:
    interface = screen.interface(match["interface"]) if match["interface"] else None
    return NextHop(
        address=match["address"],
        interface=interface,
        vrf=match["vrf"],
        kind="blackhole" if interface == "Null0" else "forward",
    )


READERS = (Reader(_ENTRY, _entries),)
