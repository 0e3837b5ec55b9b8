"""`show bgp … neighbors`: everything about each session, a record an address family."""

from __future__ import annotations

import re
from dataclasses import replace

from netloom.model.bgp_session import BgpSessionState
from netloom.platforms.as_numbers import asn
from netloom.platforms.cisco_nxos import bgp_words
from netloom.platforms.cisco_nxos.screens import age, number, sections, value
from netloom.platforms.cisco_nxos.tables import everywhere, holds, replies, word
from netloom.platforms.cisco_nxos.tables import number as count
from netloom.platforms.json_output import Object

KNOWS_REPLY = holds("connsestablished|connsdropped|remote-id|TABLE_peraf")
KNOWS = re.compile(r"^BGP neighbor is ", re.MULTILINE)

_HEADING = re.compile(r"^BGP neighbor is ([^,\s]+),\s+remote AS (\d[\d.]*)([^\n]*)$", re.MULTILINE)
_LOCAL_AS = re.compile(r"local AS (\d[\d.]*)")
_VRF = re.compile(r"\bvrf:? (\S+?)(?:,|\s|$)", re.IGNORECASE)
_DESCRIPTION = re.compile(r"^\s*Description:[ \t]*(.*?)[ \t]*$", re.MULTILINE)
_ROUTER = re.compile(r"remote router ID (\S+)")
_GROUP = re.compile(r"^\s*Inherits peer configuration from peer-template (\S+)", re.MULTILINE)
_STATE = re.compile(r"BGP state = ([^,\n]*?)(?:, (up|down) for ([^,\n]+))?[ \t]*(?:,|$)", re.MULTILINE)
_RECEIVED = re.compile(r"Received (\d+) messages, \d+ notifications, (\d+)")
_SENT = re.compile(r"Sent (\d+) messages, \d+ notifications, (\d+)")
_TOTAL = re.compile(r"^\s*Total:\s+(\d+)\s+(\d+)", re.MULTILINE)
"""The messages sent and received, of every type."""
_DROPPED = re.compile(r"Connections established \d+, dropped (\d+)")
_LOCAL = re.compile(r"^\s*Local host: ([^,\s]+)", re.MULTILINE)
_CAPABILITY = re.compile(r"^\s*Address family (\S[^:\n]*): advertised", re.MULTILINE)
_FAMILY = re.compile(r"^\s*For address family: (.*?)[ \t]*$", re.MULTILINE)
_TABLE = re.compile(r"neighbor versions? (\d+)")
_ACCEPTED = re.compile(r"(\d+) accepted (?:paths|prefixes)")
_PATHS_OUT = re.compile(r"(\d+) sent (?:paths|prefixes)")
_RECEIVED_PREFIXES = re.compile(r"(\d+) received (?:paths|prefixes)")


def sessions(output: str) -> list[BgpSessionState]:
    """A record a neighbor and address family."""
    found = []
    for heading, body in sections(output, _HEADING):
        session = _session(heading, body)
        families = [(match[1], text) for match, text in sections(body, _FAMILY)]
        if not families:
            families = [(name, "") for name in _CAPABILITY.findall(body)] or [("IPv4 Unicast", "")]
        found += [_in_family(session, name, text) for name, text in families]
    return found


def _session(heading: re.Match[str], body: str) -> BgpSessionState:
    peer, remote, rest = heading.groups()
    state = _STATE.search(body)
    words = state[1] if state else "Idle"
    up = state is not None and state[2] == "up"
    received, sent, total = _RECEIVED.search(body), _SENT.search(body), _TOTAL.search(body)
    vrf = _VRF.search(rest) or _VRF.search(body[:200])
    return BgpSessionState(
        peer=peer,
        vrf=vrf[1] if vrf else "default",
        state=bgp_words.state(words),
        asn=asn(value(rest, _LOCAL_AS) or value(body, _LOCAL_AS)),
        peer_asn=asn(remote),
        router_id=value(body, _ROUTER),
        description=value(body, _DESCRIPTION),
        peer_group=value(body, _GROUP),
        enabled=bgp_words.enabled(words),
        local_address=value(body, _LOCAL),
        uptime_s=age(state[3]) if state and up else None,
        flaps=number(value(body, _DROPPED)),
        messages_rx=int(total[2]) if total else int(received[1]) if received else None,
        messages_tx=int(total[1]) if total else int(sent[1]) if sent else None,
        in_queue=int(received[2]) if received else None,
        out_queue=int(sent[2]) if sent else None,
    )


def _in_family(session: BgpSessionState, name: str, text: str) -> BgpSessionState:
    afi, safi = bgp_words.family(name)
    return replace(
        session,
        afi=afi,
        safi=safi,
        pfx_rx=number(value(text, _RECEIVED_PREFIXES)),
        pfx_accepted=number(value(text, _ACCEPTED)),
        pfx_tx=number(value(text, _PATHS_OUT)),
        table_version=number(value(text, _TABLE)),
    )


def session_replies(output: str) -> list[BgpSessionState]:
    """The same from the replies."""
    found = []
    for reply in replies(output):
        for row in everywhere(reply, "neighbor"):
            if peer := word(row, "neighbor"):
                families = [(word(saf, "per-af-name", "af-name"), saf) for saf in everywhere(row, "persaf")]
                session = _reply(peer, row)
                found += [_reply_in_family(session, name or "IPv4 Unicast", saf) for name, saf in families] or [session]
    return found


def _reply(peer: str, row: Object) -> BgpSessionState:
    state = word(row, "state") or "Idle"
    established = bgp_words.state(state) == "Established"
    return BgpSessionState(
        peer=peer,
        vrf=word(row, "vrf", "vrf-name-out") or "default",
        state=bgp_words.state(state),
        asn=asn(word(row, "localas")),
        peer_asn=asn(word(row, "remoteas")),
        router_id=word(row, "remote-id"),
        description=word(row, "description", "desc"),
        peer_group=word(row, "peer-template", "inheritingfrom"),
        enabled=bgp_words.enabled(state),
        local_address=word(row, "localaddr"),
        uptime_s=age(word(row, "elapsedtime")) if established else None,
        flaps=count(row, "connsdropped"),
        messages_rx=count(row, "msgrecvd"),
        messages_tx=count(row, "msgsent"),
        in_queue=count(row, "recvbufbytesinq"),
        out_queue=count(row, "sentbytesoutstanding"),
    )


def _reply_in_family(session: BgpSessionState, name: str, saf: Object) -> BgpSessionState:
    afi, safi = bgp_words.family(name)
    return replace(
        session,
        afi=afi,
        safi=safi,
        pfx_accepted=count(saf, "pathsrecvd", "pfxrecvd"),
        pfx_tx=count(saf, "pathssent", "pfxsent"),
        table_version=count(saf, "neighbortableversion", "tableversion"),
    )
