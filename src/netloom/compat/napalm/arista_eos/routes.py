"""Routes to a destination, and the VRFs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from netloom.compat.napalm import shapes
from netloom.compat.napalm.replies import Replies
from netloom.compat.napalm.shapes import Shape
from netloom.platforms.arista_eos import interface, vrf
from netloom.platforms.arista_eos.reply import objects
from netloom.platforms.as_numbers import asn
from netloom.platforms.json_output import Object, items, members, text

_ASN = re.compile(r"\d+(?:\.\d+)?")


def network_instances(replies: Replies) -> dict[str, Shape]:
    """VRFs; interfaces that are in none are the default one's."""
    states = vrf.observed(*replies.starting("show vrf").values())
    found = shapes.network_instances(states)
    if "default" not in found:
        taken = {name for state in states for name in state.interfaces}
        outputs = [replies.first("show ip interface"), replies.first("show ipv6 interface")]
        free = [state.name for state in interface.observed(*outputs) if state.name not in taken]
        found["default"] = {
            "name": "default",
            "type": "DEFAULT_INSTANCE",
            "state": {"route_distinguisher": ""},
            "interfaces": {"interface": {name: {} for name in free}},
        }
    return found


def route_to(replies: Replies) -> dict[str, list[Shape]]:
    """Every way to a destination, VRF by VRF; BGP's own table tells the paths that are not in use."""
    paths = _bgp_paths(replies)
    found: dict[str, list[Shape]] = {}
    for name, table in sorted(_tables(replies, "show ip route", "show ipv6 route")):
        for prefix, values in members(table.get("routes")):
            bgp = paths.get((name, prefix))
            rows = _by_bgp(name, values, *bgp) if bgp else _by_others(name, values)
            found.setdefault(prefix, []).extend(rows)
    return found


def _tables(replies: Replies, *asked: str) -> Iterator[tuple[str, Object]]:
    for question in asked:
        for output in replies.starting(question).values():
            for document in objects(output):
                yield from members(document.get("vrfs")) if "vrfs" in document else [("default", document)]


def _bgp_paths(replies: Replies) -> dict[tuple[str, str], tuple[Object, Object]]:
    """By VRF and prefix: the VRF's table, and the prefix's entry."""
    found: dict[tuple[str, str], tuple[Object, Object]] = {}
    for name, table in _tables(replies, "show ip bgp", "show ipv6 bgp"):
        for prefix, entry in members(table.get("bgpRouteEntries")):
            found.setdefault((name, prefix), (table, entry))
    return found


def _row(name: str, values: Object, **more: Any) -> Shape:
    return {
        "current_active": True,
        "last_active": True,
        "age": 0,
        "next_hop": "",
        "protocol": text(values, "routeType") or "",
        "outgoing_interface": "",
        "preference": values.get("preference", 0),
        "inactive_reason": "",
        "routing_table": name,
        "selected_next_hop": True,
        "protocol_attributes": {},
    } | more


def _by_bgp(name: str, values: Object, table: Object, entry: Object) -> Iterator[Shape]:
    ways = {_address(via): _way_out(via) for via in items(values.get("vias"))}
    for path in items(entry.get("bgpRoutePaths")):
        kind, details = path.get("routeType") or {}, path.get("routeDetail") or {}
        peer = path.get("peerEntry") or details.get("peerEntry") or {}
        hop = text(path, "nextHop") or ""
        as_path = text(path.get("asPathEntry") or {}, "asPath") or ""
        active = kind.get("active") is True
        yield _row(
            name,
            values,
            current_active=active,
            last_active=active,
            selected_next_hop=active,
            next_hop=hop,
            outgoing_interface=ways.get(hop) or "",
            inactive_reason=text(path, "reasonNotBestpath") or "",
            protocol_attributes={
                "metric": values.get("metric", 0),
                "as_path": as_path,
                "local_preference": path.get("localPreference", 0),
                "local_as": asn(table.get("asn")) or 0,
                "remote_as": _origin(as_path),
                "remote_address": text(peer, "peerAddr") or "",
                "preference2": path.get("weight", 0),
                "communities": list(details.get("communityList") or []),
            },
        )


def _origin(as_path: str) -> int:
    """The last AS of a path; confederations stand in brackets, and an origin code may follow."""
    numbers = _ASN.findall(as_path)
    return (asn(numbers[-1]) or 0) if numbers else 0


def _by_others(name: str, values: Object) -> Iterator[Shape]:
    vias = list(items(values.get("vias")))
    for via in vias:
        yield _row(name, values, next_hop=_address(via), outgoing_interface=_way_out(via))
    if not vias and text(values, "routeAction") in ("drop", "discard"):
        yield _row(name, values, next_hop="NULL")


def _address(via: Object) -> str:
    return text(via, "nexthopAddr", "vtepAddr") or ""


def _way_out(via: Object) -> str:
    return "vxlan1" if "vtepAddr" in via else text(via, "interface") or ""
