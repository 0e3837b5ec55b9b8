"""Getters of BGP sessions."""

from __future__ import annotations

import re
from collections.abc import Iterable

from netloom.compat.napalm.replies import Replies, spelled
from netloom.compat.napalm.shapes import Shape
from netloom.model.bgp_session import BgpSessionState
from netloom.platforms.as_numbers import as_number
from netloom.platforms.cisco_ios import bgp_session


def get_bgp_neighbors(replies: Replies) -> dict[str, Shape]:
    """The rows of `show bgp all summary`, completed from `show bgp FAMILY neighbors`."""
    rows = bgp_session.observed(replies.first("show bgp all summary"))
    details = {
        stem: bgp_session.observed(text) for stem, text in replies.starting("show bgp").items() if "neighbors" in stem
    }
    found: dict[str, Shape] = {}
    for row in rows:
        family = f"{row.afi} {row.safi}"
        detail = _detail(details, row, family)
        vrf = "global" if detail is None or detail.vrf == "default" else detail.vrf
        instance = found.setdefault(vrf, {"router_id": row.local_router_id or "", "peers": {}})
        peer = instance["peers"].setdefault(row.peer, _peer(row, detail))
        peer["address_family"][family] = _prefixes(row, detail)
    return found


def _detail(details: dict[str, list[BgpSessionState]], row: BgpSessionState, family: str) -> BgpSessionState | None:
    """The session at length, of the reply for this family before the others; each counts once."""
    spelled = family.replace(" ", "_")
    for stem in sorted(details, key=lambda stem: not stem.startswith(spelled)):
        for session in details[stem]:
            same = (session.afi, session.safi) == (row.afi, row.safi) or (
                session.vrf != "default" and row.afi == f"vpn{session.afi[2:]}"
            )
            if session.peer == row.peer and same:
                details[stem].remove(session)
                return session
    return None


def _peer(row: BgpSessionState, detail: BgpSessionState | None) -> Shape:
    return {
        "local_as": row.asn,
        "remote_as": row.peer_asn,
        "remote_id": (detail.router_id if detail else None) or "0.0.0.0",  # noqa: S104 - as IOS writes an unknown id
        "is_up": row.state == "Established",
        "is_enabled": row.enabled is not False,
        "description": (detail.description if detail else None) or "",
        "uptime": -1 if row.uptime_s is None else row.uptime_s,
        "address_family": {},
    }


def _prefixes(row: BgpSessionState, detail: BgpSessionState | None) -> Shape:
    """Nothing of a session that is down; the summary's count where nothing tells more."""
    if row.state != "Established":
        return {"received_prefixes": -1, "accepted_prefixes": -1, "sent_prefixes": -1}
    accepted = detail.pfx_accepted if detail and detail.pfx_accepted is not None else row.pfx_rx
    received = detail.pfx_rx if detail and detail.pfx_rx is not None else accepted
    sent = detail.pfx_tx if detail else None
    return {
        "received_prefixes": -1 if received is None else received,
        "accepted_prefixes": -1 if accepted is None else accepted,
        "sent_prefixes": -1 if sent is None else sent,
    }


_VRF = re.compile(r"(?m)^BGP neighbor is \S+,\s+vrf (\S+),")
_FOUR_OCTETS = re.compile(r"Four-octets ASN Capability: +(.*\S)")
_ROUTER = re.compile(r"remote router ID ([\d.]+)")
_PATTERNS = {
    "local_address": r"(?m)^Local host: ([0-9A-Fa-f.:]+), Local port",
    "local_port": r"Local port: (\d+)",
    "remote_address": r"(?m)^BGP neighbor is \*?([0-9A-Fa-f.:]+)",
    "remote_port": r"Foreign port: (\d+)",
    "import_policy": r"Route map for incoming advertisements is \*?(\S+)",
    "export_policy": r"Route map for outgoing advertisements is \*?(\S+)",
    "output_messages": r"(?m)^\s+Total:\s+(\d+)",
    "input_messages": r"(?m)^\s+Total:\s+\d+\s+(\d+)",
    "output_updates": r"(?m)^\s+Updates:\s+(\d+)",
    "input_updates": r"(?m)^\s+Updates:\s+\d+\s+(\d+)",
    "connection_state": r"BGP state = (\w+)",
    "holdtime": r"hold time is (\d+)",
    "keepalive": r"keepalive interval is (\d+)",
    "active_prefix_count": r"Used as bestpath:\s+\S+\s+(\d+)",
    "accepted_prefix_count": r"Prefixes Current:\s+\S+\s+(\d+)",
    "advertised_prefix_count": r"Prefixes Current:\s+(\d+)",
    "suppressed_prefix_count": r"(?s)Local Policy Denied Prefixes:.*?Total:\s+\d+\s+(\d+)",
    "flap_count": r"Connections established \d+; dropped (\d+)",
    "last_event": r"(?m)^\s+Last reset (?!never)(.*\S)",
}
_TEXTS = ("local_address", "remote_address", "import_policy", "export_policy", "connection_state", "last_event")
_NUMBERS = frozenset(_PATTERNS) - frozenset(_TEXTS)


SUMMARIES = ("show ip bgp all sum", "show ip bgp all summary", "show bgp all summary", "show ip bgp summary")


def get_bgp_neighbors_detail(replies: Replies) -> dict[str, dict[int, list[Shape]]]:
    """The rows of `show ip bgp all summary` and, for each, `show ip bgp FAMILY neighbors ADDRESS`."""
    found: dict[str, dict[int, list[Shape]]] = {}
    summary = replies.first(*SUMMARIES)
    for row in bgp_session.observed(summary):
        text = _asked(replies, row)
        vrf = _VRF.search(text)
        name = vrf[1] if vrf else "global"
        found.setdefault(name, {}).setdefault(row.peer_asn or 0, []).append(_at_length(row, text, name))
    return found


def _asked(replies: Replies, row: BgpSessionState) -> str:
    """The neighbor's own reply, for its family before others, or its part of one of all neighbors."""
    family, peer = spelled(f"{row.afi} {row.safi}"), spelled(row.peer)
    asked = {**replies.starting("show bgp"), **replies.starting("show ip bgp")}
    own = {stem: text for stem, text in asked.items() if "neigh" in stem and stem.endswith(f"_{peer}")}
    if own:
        return own[min(own, key=lambda stem: family not in stem)]
    every = [text for stem, text in asked.items() if "neigh" in stem]
    return next((part for text in every for part in _parts(text, row.peer)), "")


def _parts(text: str, peer: str) -> Iterable[str]:
    header = re.compile(rf"(?m)^BGP neighbor is \*?{re.escape(peer)},")
    for start in header.finditer(text):
        following = re.search(r"(?m)^BGP neighbor is ", text[start.end() :])
        yield text[start.start() : start.end() + following.start()] if following else text[start.start() :]


def _at_length(row: BgpSessionState, text: str, vrf: str) -> Shape:
    told: Shape = {name: 0 if name in _NUMBERS else "" for name in _PATTERNS}
    for name, pattern in _PATTERNS.items():
        if match := re.search(pattern, text):
            told[name] = as_number(match[1]) if name in _NUMBERS else match[1]
    told["remote_address"] = told["remote_address"] or row.peer
    denied = told["suppressed_prefix_count"]
    return {
        **told,
        "up": row.state == "Established",
        "local_as": row.asn or 0,
        "remote_as": row.peer_asn or 0,
        # NAPALM's word for the neighbor's identifier here, where its other getters mean the device's own
        "router_id": remote[1] if (remote := _ROUTER.search(text)) else "",
        "local_address_configured": False,
        "routing_table": vrf,
        "multihop": "hops away" in text,
        "multipath": bool(re.search(r"Used as multipath:\s+\S+\s+[1-9]", text)),
        "remove_private_as": False,
        "messages_queued_out": row.out_queue or 0,
        "previous_connection_state": "",
        "suppress_4byte_as": (shown := _FOUR_OCTETS.search(text)) is not None and shown[1] != "advertised and received",
        "local_as_prepend": False,
        "configured_holdtime": 0,
        "configured_keepalive": 0,
        "received_prefix_count": told["accepted_prefix_count"] + denied,
    }
