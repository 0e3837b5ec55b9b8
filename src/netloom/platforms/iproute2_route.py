"""Linux's routing tables through iproute2's JSON."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from netloom.model.route import NextHop, RouteState
from netloom.platforms.contract import Read
from netloom.platforms.json_output import Object, elements, integer, items, text, words
from netloom.platforms.rib import merged

READ = (
    Read("ip -4 -d -j route show table all", where="shell"),
    Read("ip -6 -d -j route show table all", where="shell"),
    Read("ip -j vrf show", where="shell"),
)

_KINDS = {
    "unicast": "forward",
    "local": "receive",
    "blackhole": "blackhole",
    "unreachable": "unreachable",
    "prohibit": "prohibit",
}
_ZEBRA = {"11": "zebra", "186": "bgp", "187": "isis", "188": "ospf", "189": "rip", "190": "ripng"} | {
    "191": "nhrp",
    "192": "eigrp",
    "193": "ldp",
    "194": "sharp",
    "195": "pbr",
    "196": "static",
    "197": "openfabric",
}
"""rtnetlink protocol numbers that FRR takes and older iproute2 cannot name (zebra/rt_netlink.h)."""


def routes(v4: str, v6: str, vrfs: str = "") -> list[RouteState]:
    """One route a VRF, prefix and protocol; broadcast, anycast and multicast entries are left out."""
    tables = {text(vrf, "table"): text(vrf, "name") or "" for vrf in elements(vrfs)}
    found = [
        _route(entry, family, tables)
        for family, output in ((4, v4), (6, v6))
        for entry in elements(output)
        if text(entry, "type") in (None, *_KINDS) and text(entry, "dst")
    ]
    return merged(_with_best_selected(found))


def _with_best_selected(found: list[RouteState]) -> Iterator[RouteState]:
    """The kernel takes the lowest metric of a prefix, whoever set it."""
    best: dict[tuple[str, str], int] = {}
    for route in found:
        place = (route.vrf, route.prefix)
        best[place] = min(best.get(place, route.metric or 0), route.metric or 0)
    for route in found:
        yield replace(route, selected=(route.metric or 0) == best[route.vrf, route.prefix])


def _route(entry: Object, family: int, tables: dict[str | None, str]) -> RouteState:
    kind = _KINDS.get(text(entry, "type") or "unicast", "forward")
    return RouteState(
        prefix=_prefix(text(entry, "dst") or "", family),
        protocol=_protocol(entry, kind),
        vrf=_vrf(text(entry, "table") or "main", tables),
        metric=integer(entry, "metric"),
        next_hops=tuple(_next_hop(hop, kind) for hop in items(entry.get("nexthops") or entry)),
    )


def _prefix(destination: str, family: int) -> str:
    if destination == "default":
        return "0.0.0.0/0" if family == 4 else "::/0"
    return destination if "/" in destination else f"{destination}/{32 if family == 4 else 128}"


def _protocol(entry: Object, kind: str) -> str:
    protocol = text(entry, "protocol") or "boot"
    if kind == "receive" and protocol == "kernel":
        return "local"
    if protocol == "kernel":
        # what the kernel adds with an address is connected; what it learned by redirects and the like is not
        gateway = text(entry, "gateway") or entry.get("via") or entry.get("nexthops")
        return "kernel" if gateway or kind != "forward" else "connected"
    return {"boot": "static"}.get(protocol, _ZEBRA.get(protocol, protocol))


def _vrf(table: str, tables: dict[str | None, str]) -> str:
    """The VRF that owns the table; a table that policy rules point to stays visible under its number."""
    if table in ("main", "local", "default"):
        return "default"
    return tables.get(table, f"table-{table}")


def _next_hop(hop: Object, kind: str) -> NextHop:
    via = next(items(hop.get("via")), {})
    flags = words(hop, "flags")
    return NextHop(
        address=text(hop, "gateway") or text(via, "host"),
        interface=text(hop, "dev") if kind in ("forward", "receive") else None,
        weight=integer(hop, "weight"),
        active="dead" not in flags and "linkdown" not in flags,
        kind=kind,
    )
