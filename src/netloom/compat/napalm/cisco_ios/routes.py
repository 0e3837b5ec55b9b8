"""`get_route_to`: one route in every VRF, with what BGP says of it."""

from __future__ import annotations

import re

from netloom.compat.napalm.replies import Replies
from netloom.compat.napalm.shapes import Shape
from netloom.platforms.as_numbers import as_number
from netloom.platforms.durations import seconds

_ENTRY = re.compile(r"(?m)^Routing entry for (?P<prefix>\S+)")
_VRF = re.compile(r"(?m)^Routing Table: (\S+)")
_KNOWN = re.compile(r'Known via "(?P<protocol>[\w-]+)(?: [^"]*)?"')
_HOP = re.compile(
    r"(?m)^ +(?P<best>\*)? *(?:(?P<address>\d+\.\d+\.\d+\.\d+)(?: \([^)]*\))?|directly connected)"
    r"(?:, from (?P<source>[\d.]+))?(?:, (?P<age>[\w:]+) ago)?(?:, via (?P<interface>\S+?))?[ ]*$"
    r"(?:\n +Route metric is (?P<metric>\d+))?"
)
_OWN_AS = re.compile(r'Routing Protocol is "bgp ([\d.]+)')
_REMOTE_AS = re.compile(r"remote AS ([\d.]+)")
_PATH = re.compile(
    r"(?m)^ {2}(?P<path>(?:[\d{(][\d .,{}()]*|Local)[^\n]*?)\n"
    r" +(?P<next_hop>[\d.]+)(?: [^\n]*?)? from (?P<source>[\d.]+)"
    r"[^\n]*\n(?P<rest>(?: {6,}.*(?:\n|$))+)"
)
_PREFERENCE = re.compile(r"localpref (\d+)")
_COMMUNITIES = re.compile(r"Community: (.*\S)")


def get_route_to(replies: Replies) -> dict[str, list[Shape]]:
    """From `show ip route [vrf NAME] NETWORK MASK`, `show ip bgp [vpnv4 vrf NAME] PREFIX` and the neighbors' AS."""
    found: dict[str, list[Shape]] = {}
    for text in replies.starting("show ip route").values():
        entry, known, vrf = _ENTRY.search(text), _KNOWN.search(text), _VRF.search(text)
        if entry is None or known is None:
            continue
        table = vrf[1] if vrf else "default"
        for hop in _HOP.finditer(text):
            found.setdefault(entry["prefix"], []).append(_route(hop, known["protocol"], table))
            if known["protocol"] == "bgp":
                route = found[entry["prefix"]][-1]
                route["protocol_attributes"] = _bgp(replies, entry["prefix"], table, route["next_hop"])
    # VRFs before the default one, as NAPALM goes
    return {
        prefix: sorted(routes, key=lambda route: route["routing_table"] == "default")
        for prefix, routes in found.items()
    }


def _route(hop: re.Match[str], protocol: str, table: str) -> Shape:
    best = hop["best"] is not None
    return {
        "protocol": protocol,
        "outgoing_interface": hop["interface"] or "",
        "age": (seconds(hop["age"]) or 0) if hop["age"] else "",
        "current_active": best,
        "routing_table": table,
        "last_active": best,
        "protocol_attributes": {},
        "next_hop": hop["address"] or "",
        "selected_next_hop": best,
        "inactive_reason": "",
        "preference": int(hop["metric"] or 0),
    }


def _bgp(replies: Replies, prefix: str, table: str, next_hop: str) -> Shape:
    asked = "show ip bgp" if table == "default" else f"show ip bgp vpnv4 vrf {table}"
    own = _OWN_AS.search(replies.first("show ip protocols | include bgp", "show ip protocols"))
    paths = [path for path in _PATH.finditer(replies.first(f"{asked} {prefix}")) if path["next_hop"] == next_hop]
    attributes: Shape = {"local_as": as_number(own[1]) if own else 0}
    if paths:
        path = paths[0]
        remote = _REMOTE_AS.search(replies.first(f"{asked} neighbors | include is {path['source']}"))
        preference, communities = _PREFERENCE.search(path["rest"]), _COMMUNITIES.search(path["rest"])
        attributes |= {
            "as_path": path["path"].split(",")[0].strip(),
            "remote_address": path["source"],
            "communities": communities[1].split() if communities else [],
            "local_preference": int(preference[1]) if preference else 0,
            "remote_as": as_number(remote[1]) if remote else 0,
        }
    return attributes
