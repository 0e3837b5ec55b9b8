"""BGP sessions, as the summaries and the long descriptions of neighbors tell them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from netloom.model.bgp_session import BgpSessionState
from netloom.platforms.arista_eos import reply
from netloom.platforms.arista_eos.show_bgp_neighbors import PARAGRAPHS, family_of, peers
from netloom.platforms.as_numbers import asn
from netloom.platforms.contract import Read
from netloom.platforms.json_output import Object, integer, members, text
from netloom.platforms.replies import Reader

READ = (Read("show ip bgp neighbors vrf all | json"), Read("show ipv6 bgp peers vrf all | json"))

_SUMMARY = re.compile(r"^ *(?:Description +)?Neighbor +V +AS +MsgRcvd", re.MULTILINE)
_VRF = re.compile(r"BGP .*?\bVRF:? +(\S+)")
_ROUTER = re.compile(r"[Rr]outer identifier (\S+), [Ll]ocal AS(?: number)? (\S+)")
_ROW = re.compile(
    r"(?:m +)?(?:(?P<description>\S.*?) +)?(?P<peer>[0-9a-fA-F.:]*[.:][0-9a-fA-F.:]*(?:%\S+)?) +"
    r"(?P<version>\d) +(?P<asn>[\d.]+) +"
    r"(?P<rx>\d+) +(?P<tx>\d+) +(?P<inq>\d+) +(?P<outq>\d+) +(?P<since>\S+) *(?P<rest>.*)"
)
_STATE = re.compile(
    r"(?P<state>[A-Z][A-Za-z]*(?: ?\(\w+\))?)?(?: *(?P<received>\d+))?(?: +(?P<accepted>\d+))?(?: +.*)?"
)
_FAMILIES = re.compile(r"^ *Neighbor +AS +Session State +AFI/SAFI", re.MULTILINE)
_FAMILY_ROW = re.compile(
    r"(?:m +)?(?:(?P<description>\S.*?) +)?(?P<peer>[0-9a-fA-F.:]*[.:][0-9a-fA-F.:]*(?:%\S+)?) +(?P<asn>[\d.]+) +"
    r"(?P<state>[A-Z]\w*(?:\(\w+\))?) +(?P<afi>IPv4|IPv6|L2VPN|VPN-IPv4|VPN-IPv6) +(?P<safi>[\w-]+(?: [A-Z]{3,})?) +"
    r"(?P<negotiated>[A-Z]\w*(?: \w+)*?)(?: +(?P<received>\d+))?(?: +(?P<accepted>\d+))?"
)
_STATES = {"estab": "Established", "established": "Established", "opensent": "OpenSent", "openconfirm": "OpenConfirm"}


def sessions(outputs: tuple[str, ...]) -> list[BgpSessionState]:
    """Sessions of every VRF, one record a family."""
    return reply.observed(outputs, READERS)


def _json(document: Object) -> Iterator[BgpSessionState]:
    if "vrfs" not in document:
        raise ValueError(f"expected a reply about BGP, got members {', '.join(document)[:80]!r}")
    for vrf, table in members(document["vrfs"]):
        if "peerList" in table:
            yield from peers(vrf, table)
            continue
        for peer, values in members(table.get("peers")):
            yield _summarised(vrf, table, peer, values)


def _summarised(vrf: str, table: Object, peer: str, values: Object) -> BgpSessionState:
    state = text(values, "peerState") or "Idle"
    afi, safi = family_of(peer)
    return BgpSessionState(
        peer=peer,
        vrf=vrf,
        afi=afi,
        safi=safi,
        state=state_of(state),
        asn=asn(table.get("asn")),
        peer_asn=asn(values.get("asn") or values.get("peerAsn")),
        description=text(values, "description"),
        enabled=(text(values, "peerStateIdleReason", "idleReason") or "").lower() != "admin",
        local_router_id=text(table, "routerId"),
        pfx_rx=integer(values, "prefixReceived"),
        pfx_accepted=integer(values, "prefixAccepted"),
        messages_rx=integer(values, "msgReceived"),
        messages_tx=integer(values, "msgSent"),
        in_queue=integer(values, "inMsgQueue"),
        out_queue=integer(values, "outMsgQueue"),
    )


def state_of(word: str) -> str:
    """RFC 4271's name of a state, without the reason in brackets."""
    plain = word.partition("(")[0].strip()
    return _STATES.get(plain.lower(), plain)


def _rows(output: str, pattern: re.Pattern[str]) -> Iterator[tuple[re.Match[str], str, str | None, int | None]]:
    """Rows with what stands above them: the VRF, the router's identifier and its AS number."""
    vrf, router_id, local_as = "default", None, None
    for line in output.splitlines():
        if named := _VRF.search(line):
            vrf = named[1]
        elif router := _ROUTER.search(line):
            router_id, local_as = router[1], asn(router[2])
        elif row := pattern.fullmatch(line.strip()):
            yield row, vrf, router_id, local_as


def _summary(output: str) -> Iterator[BgpSessionState]:
    return (_row(*told) for told in _rows(output, _ROW))


def _row(row: re.Match[str], vrf: str, router_id: str | None, local_as: int | None) -> BgpSessionState:
    """A number alone after the time is that of the prefixes received, of a session that is up."""
    said = _STATE.fullmatch(row["rest"])
    word = (said["state"] if said else None) or ("Established" if said and said["received"] else "Idle")
    afi, safi = family_of(row["peer"])
    state = state_of(word)
    return BgpSessionState(
        peer=row["peer"],
        vrf=vrf,
        afi=afi,
        safi=safi,
        state=state,
        asn=local_as,
        peer_asn=asn(row["asn"]),
        description=row["description"],
        enabled="Admin" not in word,
        local_router_id=router_id,
        pfx_rx=reply.integer(said["received"]) if said else None,
        pfx_accepted=reply.integer(said["accepted"]) if said else None,
        uptime_s=reply.age(row["since"]) if state == "Established" else None,
        messages_rx=int(row["rx"]),
        messages_tx=int(row["tx"]),
        in_queue=int(row["inq"]),
        out_queue=int(row["outq"]),
    )


def _families(output: str) -> Iterator[BgpSessionState]:
    """`show bgp summary`: a line each for the families of a session."""
    for row, vrf, router_id, local_as in _rows(output, _FAMILY_ROW):
        yield BgpSessionState(
            peer=row["peer"],
            vrf=vrf,
            afi=row["afi"].lower(),
            safi=row["safi"].lower().replace(" ", "-"),
            state=state_of(row["state"]),
            asn=local_as,
            peer_asn=asn(row["asn"]),
            description=row["description"],
            enabled="Admin" not in row["state"],
            local_router_id=router_id,
            pfx_rx=reply.integer(row["received"]),
            pfx_accepted=reply.integer(row["accepted"]),
        )


READERS = (
    reply.json_reader(_json),
    Reader(_SUMMARY, lambda output: list(_summary(output))),
    Reader(_FAMILIES, lambda output: list(_families(output))),
    *PARAGRAPHS,
)
