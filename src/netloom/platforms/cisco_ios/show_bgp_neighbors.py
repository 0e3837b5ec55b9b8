"""`show ip bgp neighbors` and its likes for other address families and VRFs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from netloom.model.bgp_session import BgpSessionState
from netloom.model.text import canonical_address
from netloom.platforms.as_numbers import as_number
from netloom.platforms.cisco_ios import screen
from netloom.platforms.cisco_ios.show_bgp import family
from netloom.platforms.complement import filled
from netloom.platforms.durations import seconds
from netloom.platforms.replies import Reader

_NEIGHBOR = re.compile(
    r"(?m)^BGP neighbor is \*?(?P<peer>[0-9A-Fa-f.:]+(?:%[^\s,]+)?),\s+(?:vrf (?P<vrf>\S+),\s+)?"
    r"remote AS (?P<asn>[\d.]+)(?:,\s+local AS (?P<local>[\d.]+)[^,\n]*)?"
)
_FAMILY = re.compile(r"(?m)^ +For address family: (?P<family>\S.*?)\s*$")
_TRANSLATED = re.compile(r"Translates address family (?P<family>.+?) for VRF (?P<vrf>\S+)")
_DESCRIPTION = re.compile(r"(?m)^ *Description: (.*\S)")
_GROUP = re.compile(r"Member of peer-group (\S+)")
_ROUTER = re.compile(r"remote router ID ([\d.]+)")
_STATE = re.compile(r"BGP state = (?P<state>\w+)(?:, up for (?P<up>[\w:]+))?")
_TOTAL = re.compile(r"(?m)^ +Total:? +(\d+) +(\d+)\s*$")
_QUEUES = re.compile(r"InQ depth is (\d+)\s+OutQ depth is (\d+)")
_DROPPED = re.compile(r"Connections established \d+; dropped (\d+)")
_LOCAL = re.compile(r"(?m)^Local host: ([0-9A-Fa-f.:]+), Local port")
_CURRENT = re.compile(r"Prefixes Current:\s+(?P<tx>\d+|n/a)\s+(?P<rx>\d+|n/a)")
_OLD_PREFIXES = re.compile(r"(?P<rx>\d+) accepted prefixes")
_SAVED = re.compile(r"Saved \(soft-reconfig\):\s+\S+\s+(?P<rx>\d+)")
_VERSION = re.compile(r"BGP table version \d+, neighbor version (\d+)")
_SHUT = re.compile(r"(?i)administratively shut ?down")


def _sessions(text: str) -> list[BgpSessionState]:
    found: dict[tuple[str, ...], BgpSessionState] = {}
    for head, block in screen.blocks(text, _NEIGHBOR):
        peer = _peer(head, block)
        for session in _families(peer, block):
            found.setdefault(session.key, session)
    return list(found.values())


def _peer(head: re.Match[str], block: str) -> BgpSessionState:
    """What holds for every family."""
    state, total, queues = _STATE.search(block), _TOTAL.search(block), _QUEUES.search(block)
    description, router, local = _DESCRIPTION.search(block), _ROUTER.search(block), _LOCAL.search(block)
    dropped, group = _DROPPED.search(block), _GROUP.search(block)
    return BgpSessionState(
        peer=canonical_address(head["peer"]),
        vrf=head["vrf"] or "default",
        state=state["state"] if state else "Idle",
        asn=as_number(head["local"]) if head["local"] else None,
        peer_asn=as_number(head["asn"]),
        router_id=router[1] if router else None,
        description=description[1] if description else None,
        enabled=not _SHUT.search(block),
        local_address=canonical_address(local[1]) if local else None,
        uptime_s=seconds(state["up"]) if state and state["up"] else None,
        flaps=int(dropped[1]) if dropped else None,
        messages_tx=int(total[1]) if total else None,
        messages_rx=int(total[2]) if total else None,
        in_queue=int(queues[1]) if queues else None,
        out_queue=int(queues[2]) if queues else None,
        peer_group=group[1] if group else None,
    )


def _families(peer: BgpSessionState, block: str) -> Iterator[BgpSessionState]:
    parts = list(screen.blocks(block, _FAMILY))
    if not parts:
        yield replace(peer, afi="ipv6" if ":" in peer.peer else "ipv4")
    for head, part in parts:
        translated = _TRANSLATED.search(part)
        afi, safi = family((translated or head)["family"])
        current, version = _CURRENT.search(part) or _OLD_PREFIXES.search(part), _VERSION.search(part)
        accepted = screen.integer(current["rx"]) if current else None
        yield replace(
            peer,
            vrf=translated["vrf"] if translated else peer.vrf,
            afi=afi,
            safi=safi,
            # with inbound soft reconfiguration all that the peer sent is kept
            pfx_rx=int(saved["rx"]) if (saved := _SAVED.search(part)) else accepted,
            pfx_accepted=accepted,
            pfx_tx=screen.integer(current.groupdict().get("tx")) if current else None,
            table_version=int(version[1]) if version else None,
        )


def folded(sessions: Iterable[BgpSessionState]) -> list[BgpSessionState]:
    """Rows of a VPN's summary, which names no VRF, put into the VRF's own session with that peer."""
    found = {session.key: session for session in sessions}
    homes: dict[tuple[str, str], list[BgpSessionState]] = {}
    for session in found.values():
        if session.vrf != "default":
            homes.setdefault((session.peer, f"vpn{session.afi[2:]}"), []).append(session)
    for session in list(found.values()):
        home = homes.get((session.peer, session.afi), [])
        if session.vrf == "default" and len(home) == 1:
            found[home[0].key] = filled(found[home[0].key], session)
            del found[session.key]
    return list(found.values())


READERS = (Reader(_NEIGHBOR, _sessions),)
