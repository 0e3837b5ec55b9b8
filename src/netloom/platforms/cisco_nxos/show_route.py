"""`show ip route` and `show ipv6 route`: the routes of all VRFs."""

from __future__ import annotations

import re
from collections.abc import Iterator

from netloom.model.route import NextHop, RouteState
from netloom.platforms.cisco_nxos import screens
from netloom.platforms.cisco_nxos.screens import age, long_name
from netloom.platforms.cisco_nxos.tables import everywhere, holds, number, replies, rows, word
from netloom.platforms.contract import Read
from netloom.platforms.json_output import Object
from netloom.platforms.rib import merged

READ = (Read("show ip route vrf all | json"), Read("show ipv6 route vrf all | json"))
KNOWS_REPLY = holds("TABLE_addrf|TABLE_prefix|ipprefix")
KNOWS = re.compile(r'^IP(?:v6)? Rout(?:e|ing) Table for VRF "|^\S+/\d+, (?:ubest/mbest:|\d+ ucast)', re.MULTILINE)

_VRF = re.compile(r'IP(?:v6)? Rout(?:e|ing) Table for VRF "([^"]+)"')
_PREFIX = re.compile(r"([0-9a-fA-F:.]+/\d+), (?:ubest/mbest: \d+/\d+|\d+ ucast next-hops).*")
_HOP = re.compile(
    r"(\*{0,2})\s*via (?:vrf \S+?,\s*)?(\S+?)(?:%(\S+?))?,\s*"
    r"(?:(?!\[)([^,\[\]]+),\s*)?\[(\d+)/(\d+)\],\s*([^,]+),\s*([^,]+)(.*)"
)
_TAG = re.compile(r"\btag (\d+)")
_PROTOCOLS = {"direct": "connected"}
_KINDS = {
    "intra": "intra-area",
    "inter": "inter-area",
    "type-1": "external-1",
    "type-2": "external-2",
    "nssa type-1": "nssa-1",
    "nssa type-2": "nssa-2",
    "L1": "level-1",
    "L2": "level-2",
}
_DISCARD = ("discard", "Null0")


def routes(output: str) -> list[RouteState]:
    """A route a prefix and protocol, with all its next hops; raises ValueError for a next hop that does not read."""
    return merged(_routes(output))


def _routes(output: str) -> Iterator[RouteState]:
    vrf, prefix = "default", None
    for line in output.splitlines():
        text = line.strip()
        if match := _VRF.match(text):
            vrf, prefix = match[1], None
        elif match := _PREFIX.fullmatch(text):
            prefix = screens.prefix(match[1])
        elif prefix and re.match(r"\*{0,2}\s*via ", text):
            hop = _HOP.fullmatch(text)
            if hop is None:
                raise ValueError(f"expected a next hop with its preference, age and protocol, got {text!r}")
            yield _route(vrf, prefix, hop)


def _route(vrf: str, prefix: str, hop: re.Match[str]) -> RouteState:
    best, address, other, interface, preference, metric, uptime, source, rest = hop.groups()
    words = [word.strip() for word in rest.split(",") if word.strip()]
    kind = next((word for word in words if not word.startswith(("tag ", "segid", "("))), None)
    named = bool(re.search(r"[.:]", address))
    if not named:
        interface, address = address, None
    tag = _TAG.search(rest)
    blackhole = kind in _DISCARD or (interface or "").strip() in _DISCARD
    return RouteState(
        prefix=prefix,
        protocol=_protocol(source),
        vrf=vrf,
        selected=bool(best),
        preference=int(preference),
        metric=int(metric),
        next_hops=(
            NextHop(
                address=address,
                interface=long_name(interface) if interface else None,
                vrf=other if other != vrf else None,
                active=bool(best),
                kind="blackhole" if blackhole else "receive" if source.strip() == "local" else "forward",
            ),
        ),
        uptime_s=age(uptime),
        tag=int(tag[1]) if tag else None,
        type=_KINDS.get(kind, kind) if kind else None,
    )


def _protocol(source: str) -> str:
    """`ospf-UNDERLAY` is OSPF, whatever its process is called."""
    name = source.strip().partition("-")[0]
    return _PROTOCOLS.get(name, name)


def route_replies(output: str) -> list[RouteState]:
    """The routes of the replies."""
    return merged(
        _reply(word(table, "vrf-name-out") or "default", prefix, path)
        for reply in replies(output)
        for table in everywhere(reply, "vrf")
        for row in everywhere(table, "prefix")
        if (prefix := word(row, "ipprefix"))
        for path in rows(row, "path")
    )


def _reply(vrf: str, prefix: str, path: Object) -> RouteState:
    source, kind = word(path, "clientname") or "unknown", word(path, "type")
    address, _, other = (word(path, "ipnexthop") or "").partition("%")
    interface = word(path, "ifname")
    best = word(path, "ubest", "mbest") in ("true", "True", None)
    blackhole = kind in _DISCARD or (interface or "") in _DISCARD
    return RouteState(
        prefix=screens.prefix(prefix),
        protocol=_protocol(source),
        vrf=vrf,
        selected=best,
        preference=number(path, "pref"),
        metric=number(path, "metric"),
        next_hops=(
            NextHop(
                address=address or None,
                interface=long_name(interface) if interface else None,
                vrf=word(path, "nexthop-vrf") or other or None,
                active=best,
                kind="blackhole" if blackhole else "receive" if source == "local" else "forward",
            ),
        ),
        uptime_s=age(word(path, "uptime")),
        tag=number(path, "tag"),
        type=_KINDS.get(kind, kind) if kind else None,
    )
