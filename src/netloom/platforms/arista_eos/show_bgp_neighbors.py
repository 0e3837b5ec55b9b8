"""BGP sessions, as `show ip bgp neighbors` and `show ipv6 bgp peers` describe them at length."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from netloom.model.bgp_session import BgpSessionState
from netloom.platforms.arista_eos import reply
from netloom.platforms.as_numbers import asn
from netloom.platforms.json_output import Object, integer, items, members, text
from netloom.platforms.replies import Reader

_CAPABILITY = re.compile(r"(ipv4|ipv6|l2Vpn|l2vpn|vpnIpv4|vpnIpv6|linkState)([A-Z]\w*)")
_COUNTERS = {
    ("ipv4", "unicast"): ("prefixesReceived", "prefixesSent"),
    ("ipv6", "unicast"): ("v6PrefixesReceived", "v6PrefixesSent"),
    ("l2vpn", "evpn"): ("evpnPrefixesReceived", "evpnPrefixesSent"),
}


def family_of(peer: str) -> tuple[str, str]:
    """The family that a session with this address carries, where nothing else is said."""
    return ("ipv6" if ":" in peer else "ipv4"), "unicast"


def peers(vrf: str, table: Object) -> Iterator[BgpSessionState]:
    """eAPI's peers of one VRF."""
    for peer in items(table["peerList"]):
        address = str(peer["peerAddress"])
        for family in _negotiated(peer) or [family_of(address)]:
            yield _session(vrf, address, family, peer)


def _negotiated(peer: Object) -> list[tuple[str, str]]:
    capabilities: Any = peer.get("neighborCapabilities") or {}
    found = []
    for name, told in members(capabilities.get("multiprotocolCaps")):
        if told.get("enabled") is True and (match := _CAPABILITY.fullmatch(name)):
            words = re.findall(r"[A-Z][a-z0-9]*", match[2])
            found.append((match[1].lower(), "-".join(word.lower() for word in words)))
    return found


def _session(vrf: str, address: str, family: tuple[str, str], peer: Object) -> BgpSessionState:
    state = text(peer, "state") or "Idle"
    received, sent = _COUNTERS.get(family, ("", ""))
    transitions = integer(peer, "establishedTransitions")
    up = state == "Established"
    return BgpSessionState(
        peer=address,
        vrf=text(peer, "vrf") or vrf,
        afi=family[0],
        safi=family[1],
        state=state,
        asn=asn(peer.get("localAsn")),
        peer_asn=asn(peer.get("asn")),
        router_id=text(peer, "routerId"),
        description=text(peer, "description"),
        enabled=not (text(peer, "idleReason") or "").lower().startswith("admin"),
        local_address=text(peer, "updateSource"),
        local_router_id=text(peer, "localRouterId"),
        pfx_rx=integer(peer, received),
        pfx_tx=integer(peer, sent),
        uptime_s=integer(peer, "establishedTime") if up else None,
        flaps=max(0, transitions - up) if transitions is not None else None,
        messages_rx=integer(peer, "receivedMessages"),
        messages_tx=integer(peer, "sentMessages"),
        in_queue=integer(peer, "inMessageQueueDepth", "inQDepth"),
        out_queue=integer(peer, "outMessageQueueDepth", "outQDepth"),
    )


_HEAD = re.compile(r"^BGP neighbor is (?P<peer>[^\s,]+), +remote AS (?P<asn>[\d.]+), +(?P<link>\w+) link", re.MULTILINE)
_TEXTS = {
    "description": r"^ +Description: *(.+?) *$",
    "router_id": r"remote router ID ([^\s,]+)",
    "vrf": r"remote router ID [^\n]*?VRF (\S+)",
    "state": r"BGP state is (\w+)",
    "admin": r"BGP state is \w+[^\n]*?(?:Admin|administratively)|peer is administratively (shut)",
    "uptime": r"BGP state is \w+, up for +(\S+)",
    "transitions": r"Number of transitions to established: (\d+)",
    "sent": r"Total messages: +(\d+)",
    "received": r"Total messages: +\d+ +(\d+)",
    "in_queue": r"InQ depth is (\d+)",
    "out_queue": r"OutQ depth is (\d+)",
    "local_as": r"^ *Local AS is ([\d.]+)",
    "local_router_id": r"[Ll]ocal router ID ([\d.]+)",
    "local_address": r"Local TCP address is ([^\s,]+)",
}
_SAID = {name: re.compile(pattern, re.MULTILINE) for name, pattern in _TEXTS.items()}
_MULTIPROTOCOL = re.compile(r"^ +Multiprotocol (.+?): (.*)$", re.MULTILINE)
_PREFIXES = re.compile(r"^ +(IPv[46] Unicast|L2VPN EVPN): +(\d+) +(\d+)", re.MULTILINE)


def said(body: str) -> dict[str, str]:
    """What a paragraph about a neighbor says, by our names."""
    found = {name: pattern.search(body) for name, pattern in _SAID.items()}
    return {name: match[1] or "" for name, match in found.items() if match}


def paragraphs(output: str) -> Iterator[tuple[re.Match[str], str]]:
    """The heads of the paragraphs and what stands below each."""
    yield from reply.sections(_HEAD, output)


def _told(output: str) -> Iterator[BgpSessionState]:
    for head, body in paragraphs(output):
        told = said(body)
        counted = {_words(name): (int(sent), int(received)) for name, sent, received in _PREFIXES.findall(body)}
        families = [_words(name) for name, state in _MULTIPROTOCOL.findall(body) if state.endswith("negotiated")]
        state = told.get("state", "Idle")
        transitions = reply.integer(told.get("transitions"))
        for family in families or [family_of(head["peer"])]:
            sent, received = counted.get(family, (None, None))
            yield BgpSessionState(
                peer=head["peer"],
                vrf=told.get("vrf", "default"),
                afi=family[0],
                safi=family[1],
                state=state,
                asn=asn(told.get("local_as")),
                peer_asn=asn(head["asn"]),
                router_id=told.get("router_id"),
                description=told.get("description"),
                enabled="admin" not in told,
                local_address=told.get("local_address"),
                local_router_id=told.get("local_router_id"),
                pfx_rx=received,
                pfx_tx=sent,
                uptime_s=reply.age(told.get("uptime")),
                flaps=max(0, transitions - (state == "Established")) if transitions is not None else None,
                messages_rx=reply.integer(told.get("received")),
                messages_tx=reply.integer(told.get("sent")),
                in_queue=reply.integer(told.get("in_queue")),
                out_queue=reply.integer(told.get("out_queue")),
            )


def _words(name: str) -> tuple[str, str]:
    """«IPv4 Unicast» → ipv4, unicast."""
    afi, _, safi = name.lower().partition(" ")
    return afi, safi.replace(" ", "-")


PARAGRAPHS = (Reader(_HEAD, lambda output: list(_told(output))),)
