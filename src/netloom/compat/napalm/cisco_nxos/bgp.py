"""NAPALM's getters about BGP, on NX-OS."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from netloom.compat.napalm import shapes
from netloom.compat.napalm.cisco_nxos.names import is_json, spelled
from netloom.compat.napalm.replies import Replies
from netloom.model.bgp_session import BgpSessionState
from netloom.model.route import NextHop, RouteState
from netloom.platforms.cisco_nxos import bgp_session, route, show_bgp_summary

_SUMMARY = ("show bgp all summary vrf all", "show bgp vrf all all summary", "show bgp all summary vrf all | json")
_NEIGHBORS = (
    "show bgp vrf all all neighbors",
    "show bgp all neighbors vrf all",
    "show ip bgp neighbors vrf all",
    "show bgp neighbors",
    "show ip bgp neighbors",
)
_SCREEN_ID = "0.0.0.0"  # noqa: S104 - an identifier, nothing binds to it
"""The summary does not tell a neighbor's id."""
_TAG = re.compile(r"BGP Protocol Tag\s*:\s*(\d+)")
_REMOTE_AS = re.compile(r"remote AS (\d+)")
_FROM = re.compile(r"^\s*\S+(?: \([^)\n]*\))*(?: \(inaccessible\))? from ([0-9a-fA-F.:]+) \(", re.MULTILINE)
_PREFERENCE = re.compile(r"localpref (\d+)")
_AS_PATH = re.compile(r"AS-Path:\s*(\d[\d. ]*)")
_COMMUNITY = re.compile(r"^\s*Community: (.*)$", re.MULTILINE)
_EXTENDED = re.compile(r"^\s*Extcommunity:[ \t]*\n?((?:[ \t]+\S.*:.*\n?)*)", re.MULTILINE)


def get_bgp_neighbors(asked: Replies) -> object:
    """Every VRF in which BGP runs, also without neighbors where the reply is JSON."""
    reply = asked.first(*_SUMMARY) or next(iter(asked.starting("show bgp").values()), "")
    known = show_bgp_summary.instances(reply)
    sessions = [_as_napalm(session, in_json=is_json(reply)) for session in bgp_session.observed(reply)]
    shown = {session.vrf for session in sessions}
    instances = {vrf: told for vrf, told in known.items() if is_json(reply) or vrf in shown}
    return shapes.bgp_neighbors(sessions, router_ids={vrf: router for vrf, (router, _) in instances.items()})


def _as_napalm(session: BgpSessionState, *, in_json: bool) -> BgpSessionState:
    return replace(
        session,
        safi="unicast",
        router_id=session.peer if in_json else _SCREEN_ID,
        uptime_s=None if in_json else session.uptime_s,
        pfx_rx=session.pfx_rx or 0 if in_json else session.pfx_rx,
    )


def get_bgp_neighbors_detail(asked: Replies) -> object:
    """Sessions by VRF and remote AS."""
    found: dict[str, Any] = {}
    for session in bgp_session.observed(asked.first(*_NEIGHBORS) or asked.first(*_SUMMARY)):
        vrf = "global" if session.vrf == "default" else session.vrf
        found.setdefault(vrf, {}).setdefault(str(session.peer_asn or 0), []).append(_detail(session))
    return found


def _detail(session: BgpSessionState) -> dict[str, Any]:
    return {
        "up": session.state == "Established",
        "local_as": session.asn if session.asn is not None else -1,
        "remote_as": session.peer_asn if session.peer_asn is not None else -1,
        "router_id": session.local_router_id or "",
        "remote_address": session.peer,
        "local_address": session.local_address or "",
        "local_address_configured": False,
        "local_port": -1,
        "remote_port": -1,
        "routing_table": session.vrf,
        "multihop": False,
        "multipath": False,
        "remove_private_as": False,
        "import_policy": "",
        "export_policy": "",
        "input_messages": session.messages_rx if session.messages_rx is not None else -1,
        "output_messages": session.messages_tx if session.messages_tx is not None else -1,
        "input_updates": -1,
        "output_updates": -1,
        "messages_queued_out": session.out_queue if session.out_queue is not None else -1,
        "connection_state": session.state,
        "previous_connection_state": "",
        "last_event": "",
        "suppress_4byte_as": False,
        "local_as_prepend": False,
        "holdtime": -1,
        "configured_holdtime": -1,
        "keepalive": -1,
        "configured_keepalive": -1,
        "active_prefix_count": -1,
        "received_prefix_count": session.pfx_rx if session.pfx_rx is not None else -1,
        "accepted_prefix_count": session.pfx_accepted if session.pfx_accepted is not None else -1,
        "suppressed_prefix_count": -1,
        "advertised_prefix_count": session.pfx_tx if session.pfx_tx is not None else -1,
        "flap_count": session.flaps if session.flaps is not None else -1,
    }


def get_route_to(asked: Replies) -> object:
    """The routes to a prefix: BGP's, as NAPALM's case asks, else every protocol's."""
    reply = next(iter(asked.starting("show ip route").values()), "") or next(
        iter(asked.starting("show ipv6 route").values()), ""
    )
    states = route.observed(reply)
    found: dict[str, list[dict[str, Any]]] = {}
    for state in [each for each in states if each.protocol == "bgp"] or states:
        for hop in state.next_hops:
            found.setdefault(state.prefix, []).append(_hop(asked, state, hop))
    return found


def _hop(asked: Replies, state: RouteState, hop: NextHop) -> dict[str, Any]:
    return {
        "protocol": "direct" if state.protocol == "connected" else state.protocol,
        "outgoing_interface": spelled(hop.interface) if hop.interface else "",
        "age": state.uptime_s or 0,
        "current_active": hop.active,
        "routing_table": state.vrf,
        "last_active": hop.active,
        "protocol_attributes": _attributes(asked, state) if state.protocol == "bgp" else {},
        "next_hop": hop.address or "",
        "selected_next_hop": hop.active,
        "inactive_reason": "",
        "preference": state.metric or 0,
    }


def _attributes(asked: Replies, state: RouteState) -> dict[str, Any]:
    """Those of the best path, nothing where none is told."""
    process = _TAG.search(next(iter(asked.starting("show bgp process").values()), ""))
    paths = asked.first(f"show ip bgp vrf {state.vrf} {state.prefix}", f"show ipv6 bgp vrf {state.vrf} {state.prefix}")
    best = next((path for path in paths.split("Path type")[1:] if "is best path" in path), "")
    if not best:
        return {}
    source = _FROM.search(best)
    address = source[1] if source else ""
    told = _neighbor(asked, state.vrf, address)
    preference = _PREFERENCE.search(best)
    as_path = _AS_PATH.search(best)
    return {
        "as_path": as_path[1].strip() if as_path else "",
        "remote_address": address,
        "local_preference": int(preference[1]) if preference else 0,
        "communities": list(_communities(best)),
        "local_as": int(process[1]) if process else 0,
        "remote_as": int(told[1]) if told else 0,
    }


def _neighbor(asked: Replies, vrf: str, address: str) -> re.Match[str] | None:
    replies = asked.starting(f"show ip bgp neighbors vrf {vrf}")
    wanted = re.sub(r"[^0-9a-f]+", "_", address.lower()).strip("_")
    return next((_REMOTE_AS.search(text) for stem, text in replies.items() if wanted in stem), None)


def _communities(path: str) -> Iterator[str]:
    if match := _COMMUNITY.search(path):
        yield from match[1].split()
    if match := _EXTENDED.search(path):
        yield from (line.strip() for line in match[1].splitlines() if line.strip())
