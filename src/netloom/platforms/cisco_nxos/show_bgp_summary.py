"""`show bgp … summary`: the sessions of every VRF and address family."""

from __future__ import annotations

import re

from netloom.model.bgp_session import BgpSessionState
from netloom.platforms.as_numbers import asn
from netloom.platforms.cisco_nxos import bgp_words
from netloom.platforms.cisco_nxos.screens import age, sections
from netloom.platforms.cisco_nxos.tables import everywhere, holds, number, replies, rows, word
from netloom.platforms.contract import Read
from netloom.platforms.json_output import Object

READ = (Read("show bgp vrf all all summary | json"), Read("show bgp vrf all all neighbors | json"))
"""The summary knows every session's prefixes, the neighbors their addresses, templates and flaps."""
KNOWS_REPLY = holds("vrf-router-id|TABLE_saf|neighborid")
KNOWS = re.compile(r"^BGP summary information for|^Neighbor\s+V\s+AS\s+MsgRcvd", re.MULTILINE)

_HEADING = re.compile(r"^BGP summary information for VRF (\S+?), address family (\S.*?)[ \t]*$", re.MULTILINE)
_ROUTER = re.compile(r"BGP router identifier (\S+?), local AS number (\S+)")
_ROW = re.compile(
    r"^(\S+)\s+(\d)[ \t]+([\d.]+)\s+(\d+)[ \t]+(\d+)[ \t]+(\d+)[ \t]+(\d+)[ \t]+(\d+)\s+(\S+)[ \t]+(\S.*?)[ \t]*$",
    re.MULTILINE,
)


def sessions(output: str) -> list[BgpSessionState]:
    """A session a neighbor, address family and VRF."""
    found = []
    parts = [(match[1], match[2], body) for match, body in sections(output, _HEADING)]
    for vrf, family, body in parts or [("default", "IPv4 Unicast", output)]:
        router = _ROUTER.search(body)
        found += [_session(vrf, family, router, row) for row in _ROW.findall(body)]
    return found


def _session(vrf: str, family: str, router: re.Match[str] | None, row: tuple[str, ...]) -> BgpSessionState:
    peer, _, remote, received, sent, version, in_queue, out_queue, changed, state = row
    afi, safi = bgp_words.family(family)
    established = bgp_words.state(state) == "Established"
    return BgpSessionState(
        peer=peer,
        vrf=vrf,
        afi=afi,
        safi=safi,
        state=bgp_words.state(state),
        asn=asn(router[2]) if router else None,
        peer_asn=asn(remote),
        enabled=bgp_words.enabled(state),
        local_router_id=router[1] if router else None,
        pfx_rx=int(state) if state.isdigit() else None,
        uptime_s=age(changed) if established else None,
        messages_rx=int(received),
        messages_tx=int(sent),
        table_version=int(version),
        in_queue=int(in_queue),
        out_queue=int(out_queue),
    )


def session_replies(output: str) -> list[BgpSessionState]:
    """The sessions of the replies."""
    return [
        _reply(vrf, saf, peer, row)
        for reply in replies(output)
        for vrf in rows(reply, "vrf")
        for saf in everywhere(vrf, "saf")
        for row in rows(saf, "neighbor")
        if (peer := word(row, "neighborid"))
    ]


def instances(output: str) -> dict[str, tuple[str, int | None]]:
    """Every VRF in which BGP runs, with its router id and autonomous system, sessions or none."""
    if KNOWS_REPLY.search(output):
        return {
            word(vrf, "vrf-name-out") or "default": (
                word(vrf, "vrf-router-id") or "",
                asn(word(vrf, "vrf-local-as")),
            )
            for reply in replies(output)
            for vrf in rows(reply, "vrf")
        }
    found: dict[str, tuple[str, int | None]] = {}
    for heading, body in sections(output, _HEADING):
        if router := _ROUTER.search(body):
            found.setdefault(heading[1], (router[1], asn(router[2])))
    return found


def _reply(vrf: Object, saf: Object, peer: str, row: Object) -> BgpSessionState:
    afi, safi = bgp_words.family(word(saf, "af-name") or "IPv4 Unicast")
    state = word(row, "state") or "Idle"
    established = bgp_words.state(state) == "Established"
    return BgpSessionState(
        peer=peer,
        vrf=word(vrf, "vrf-name-out") or "default",
        afi=afi,
        safi=safi,
        state=bgp_words.state(state),
        asn=asn(word(vrf, "vrf-local-as")),
        peer_asn=asn(word(row, "neighboras")),
        enabled=bgp_words.enabled(state),
        local_router_id=word(vrf, "vrf-router-id"),
        pfx_rx=number(row, "prefixreceived") if established else None,
        uptime_s=age(word(row, "time")) if established else None,
        messages_rx=number(row, "msgrecvd"),
        messages_tx=number(row, "msgsent"),
        table_version=number(row, "neighbortableversion"),
        in_queue=number(row, "inq"),
        out_queue=number(row, "outq"),
    )
