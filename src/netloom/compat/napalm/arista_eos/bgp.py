"""BGP sessions, in brief and at length."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator

from netloom.compat.napalm import shapes
from netloom.compat.napalm.replies import Replies
from netloom.compat.napalm.shapes import Shape
from netloom.model.bgp_session import BgpSessionState
from netloom.platforms.arista_eos import bgp_session, reply, show_bgp_neighbors
from netloom.platforms.arista_eos.reply import objects, structured
from netloom.platforms.as_numbers import asn
from netloom.platforms.json_output import Object, items, members, text

_FAMILIES = {"ipv4": "show ip bgp summary", "ipv6": "show ipv6 bgp summary"}
_NEIGHBORS = ("show ip bgp neighbors", "show ipv6 bgp peers", "show ipv6 bgp neighbors")


def bgp_neighbors(replies: Replies) -> dict[str, Shape]:
    """Every VRF that runs BGP; peers as the summaries list them, with what their descriptions tell."""
    told = {(session.vrf, session.peer): session for session in _described(replies)}
    counted = {(session.vrf, session.peer, session.afi): session for session in _described(replies)}
    found: dict[str, Shape] = {}
    for family, output in _summaries(replies):
        for vrf, table, peer, values in _summarised(output):
            name = "global" if vrf == "default" else vrf
            found.setdefault(name, {"router_id": text(table, "routerId") or "", "peers": {}})
            if not peer:
                continue
            known = told.get((vrf, peer))
            row = found[name]["peers"].setdefault(peer, _peer(table, values, known))
            details = counted.get((vrf, peer, family))
            row["address_family"][family] = {
                "received_prefixes": _count(details.pfx_rx if details else values.get("prefixReceived")),
                "accepted_prefixes": _count(values.get("prefixAccepted", details.pfx_rx if details else None)),
                "sent_prefixes": _count(details.pfx_tx if details else None),
            }
    _count_both(found, replies)
    return found


def _count_both(found: dict[str, Shape], replies: Replies) -> None:
    """Structured details count both families of every peer; in a family that a summary does not have it has 0."""
    listed = {(vrf, peer, family) for family, output in _summaries(replies) for vrf, _, peer, _ in _summarised(output)}
    outputs = [output for asked in _NEIGHBORS for output in replies.starting(asked).values() if structured(output)]
    for vrf, table in (row for output in outputs for each in objects(output) for row in members(each.get("vrfs"))):
        peers = found.get("global" if vrf == "default" else vrf, {}).get("peers", {})
        for values in items(table.get("peerList")):
            address = text(values, "peerAddress") or ""
            for family, start in (("ipv4", "p"), ("ipv6", "v6P")):
                if address in peers and (vrf, address, family) not in listed:
                    peers[address]["address_family"][family] = {
                        "received_prefixes": _count(values.get(f"{start}refixesReceived")),
                        "accepted_prefixes": 0,
                        "sent_prefixes": _count(values.get(f"{start}refixesSent")),
                    }


def _count(value: object) -> int:
    return value if isinstance(value, int) else -1


def _summaries(replies: Replies) -> Iterator[tuple[str, str]]:
    for family, asked in _FAMILIES.items():
        for output in replies.starting(asked).values():
            yield family, output


def _summarised(output: str) -> Iterator[tuple[str, Object, str, Object]]:
    """The VRF, its table, a peer and what is told of it; a VRF without peers once, without one."""
    for document in objects(output):
        for vrf, table in members(document.get("vrfs")):
            yield vrf, table, "", {}
            for peer, values in members(table.get("peers")):
                yield vrf, table, peer, values


def _described(replies: Replies) -> list[BgpSessionState]:
    outputs = [output for asked in _NEIGHBORS for output in replies.starting(asked).values()]
    return bgp_session.observed(*outputs)


def _peer(table: Object, values: Object, known: BgpSessionState | None) -> Shape:
    up = text(values, "peerState") == "Established"
    reason = text(values, "peerStateIdleReason", "idleReason")
    local = known.asn if known and known.asn else asn(table.get("asn"))
    remote = known.peer_asn if known and known.peer_asn else asn(values.get("asn") or values.get("peerAsn"))
    return {
        "local_as": -1 if local is None else local,
        "remote_as": -1 if remote is None else remote,
        "remote_id": (known.router_id if known else None) or "",
        "is_up": up,
        "is_enabled": reason != "Admin",
        "description": (known.description if known else None) or text(values, "description") or "",
        "uptime": _uptime(values, known, up=up),
        "address_family": {family: shapes.prefixes() for family in _FAMILIES},
    }


def _uptime(values: Object, known: BgpSessionState | None, *, up: bool) -> int:
    """Summaries tell the moment of the last change, descriptions the seconds since then."""
    if known and known.uptime_s is not None:
        return known.uptime_s
    since = values.get("upDownTime")
    return int(time.time() - since) if up and isinstance(since, int | float) else -1


_TEXTS = {
    "previous_connection_state": r"Last state was (\w+)",
    "last_event": r"Last event was (\w+)",
    "holdtime": r"^ +Hold time is (\d+)",
    "keepalive": r"^ +Hold time is \d+, keepalive interval is (\d+)",
    "configured_holdtime": r"Configured hold time is (\d+)",
    "configured_keepalive": r"Configured hold time is \d+, keepalive interval is (\d+)",
    "output_updates": r"Updates: +(\d+)",
    "input_updates": r"Updates: +\d+ +(\d+)",
    "local_port": r"Local TCP address is [^\s,]+, local port is (\d+)",
    "remote_port": r"Remote TCP address is [^\s,]+, remote port is (\d+)",
    "import_policy": r"Inbound route map is (\S+)",
    "export_policy": r"Outbound route map is (\S+)",
    "ttl": r"TTL is (\d+)",
}
_SAID = {name: re.compile(pattern, re.MULTILINE) for name, pattern in _TEXTS.items()}
_PREFIXES = re.compile(r"^ +IPv(?P<version>[46]) Unicast: +(?P<sent>\d+) +(?P<received>\d+)", re.MULTILINE)


def bgp_neighbors_detail(replies: Replies) -> dict[str, dict[int, list[Shape]]]:
    """By VRF and the neighbor's AS, from the long descriptions; what was accepted, from the summaries."""
    accepted = {
        (vrf, peer): _count(values.get("prefixAccepted", 0))
        for _, output in _summaries(replies)
        for vrf, _, peer, values in _summarised(output)
        if peer
    }
    found: dict[str, dict[int, list[Shape]]] = {}
    for output in (output for asked in _NEIGHBORS for output in replies.starting(asked).values()):
        for head, body in show_bgp_neighbors.paragraphs(output):
            row = _detail(head, body)
            row["accepted_prefix_count"] = accepted.get((row["routing_table"], head["peer"]), -1)
            found.setdefault(row["routing_table"], {}).setdefault(row["remote_as"], []).append(row)
    return found


def _detail(head: re.Match[str], body: str) -> Shape:
    told = show_bgp_neighbors.said(body)
    said = {name: match[1] for name, pattern in _SAID.items() if (match := pattern.search(body))}
    version = "6" if ":" in head["peer"] else "4"
    counts = next((match for match in _PREFIXES.finditer(body) if match["version"] == version), None)
    whole = {name: reply.integer(said.get(name)) or 0 for name in _NUMBERS}
    return whole | {
        "up": told.get("state") == "Established",
        "routing_table": told.get("vrf", "default"),
        "connection_state": told.get("state", ""),
        "previous_connection_state": said.get("previous_connection_state", ""),
        "last_event": said.get("last_event", ""),
        # the switch sends to neighbors of its own AS with 255 hops, and to others with one unless it is told otherwise
        "multihop": head["link"] == "external" and int(said.get("ttl", "1")) > 1,
        "remote_as": asn(head["asn"]) or 0,
        "local_as": asn(told.get("local_as")) or 0,
        "router_id": told.get("router_id", ""),
        "local_address": told.get("local_address", ""),
        "local_address_configured": bool(told.get("local_address")),
        "remote_address": head["peer"],
        "import_policy": said.get("import_policy", ""),
        "export_policy": said.get("export_policy", ""),
        "input_messages": int(told.get("received", "0")),
        "output_messages": int(told.get("sent", "0")),
        "messages_queued_out": int(told.get("out_queue", "0")),
        "received_prefix_count": int(counts["received"]) if counts else 0,
        "advertised_prefix_count": int(counts["sent"]) if counts else 0,
        "flap_count": 0,
        "active_prefix_count": 0,
        "suppressed_prefix_count": 0,
        "multipath": False,
        "remove_private_as": False,
        "suppress_4byte_as": False,
        "local_as_prepend": False,
    }


_NUMBERS = (
    "holdtime",
    "keepalive",
    "configured_holdtime",
    "configured_keepalive",
    "input_updates",
    "output_updates",
    "local_port",
    "remote_port",
)
