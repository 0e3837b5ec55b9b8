"""Screens of BGP: `show bgp summary` and `show bgp neighbor`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from netloom.model.bgp_session import BgpSessionState
from netloom.platforms.as_numbers import asn
from netloom.platforms.juniper_junos import notation, show_bgp
from netloom.platforms.replies import Reader

_HEADING = re.compile(r"^Peer\s+AS\s+InPkt\s+OutPkt", re.MULTILINE)
_PEER = re.compile(
    r"^(\S+)\s+(\d+(?:\.\d+)?)\s+(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s+((?:\d+[wdy]\S*\s+)?(?:[\d:]+|\S+))\s+([A-Za-z]\S*|\d+/\S+.*)$"
)
_TABLE = re.compile(r"^\s+(\S+): (\d+)/(\d+)(?:/(\d+))?(?:/(\d+))?\s*$")
_COUNTS = re.compile(r"(\d+)/(\d+)/(\d+)(?:/(\d+))?")

_NEIGHBOR = re.compile(
    r"^Peer: (\S+)(?:\s+AS (\d+(?:\.\d+)?))?(?:\s+Local: (\S+))?(?:\s+AS (\d+(?:\.\d+)?))?", re.MULTILINE
)
_FIELDS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("description", re.compile(r"^\s+Description: (.*\S)", re.MULTILINE)),
    ("group", re.compile(r"^\s+Group: (\S+)", re.MULTILINE)),
    ("instance", re.compile(r"Routing-Instance: (\S+)", re.IGNORECASE)),
    ("state", re.compile(r"\bState: (\S+)")),
    ("flaps", re.compile(r"Number of flaps: (\d+)")),
    ("peer_id", re.compile(r"Peer ID: (\S+)")),
    ("local_id", re.compile(r"Local ID: (\S+)")),
    ("families", re.compile(r"(?:Address families configured|NLRI for this session): (.+)")),
    ("messages_rx", re.compile(r"Input messages:\s+Total (\d+)")),
    ("messages_tx", re.compile(r"Output messages:\s+Total (\d+)")),
    ("options", re.compile(r"^\s+Options: <(.*)>", re.MULTILINE)),
)
_RIB = re.compile(r"^\s+Table (\S+)(?: Bit: \S+)?\s*$(.*?)(?=^\s+Table |^\s+Last traffic|\Z)", re.MULTILINE | re.DOTALL)
_PREFIXES = {"pfx_rx": "Received", "pfx_accepted": "Accepted", "pfx_tx": "Advertised"}


def summary(shown: str) -> list[BgpSessionState]:
    """One session a line, and its tables below it or, in older releases, beside it."""
    found: list[BgpSessionState] = []
    peer: re.Match[str] | None = None
    tables = False
    for line in shown.splitlines():
        if row := _PEER.match(line.rstrip()):
            if peer is not None and not tables:
                found.append(_peer(peer))
            peer, tables = row, False
            if _COUNTS.match(row[8]):
                found += _beside(row)
                tables = True
        elif peer is not None and (table := _TABLE.match(line)):
            found.append(_of_table(_peer(peer), table))
            tables = True
    if peer is not None and not tables:
        found.append(_peer(peer))
    return found


def _peer(row: re.Match[str]) -> BgpSessionState:
    state = "Established" if _COUNTS.match(row[8]) else show_bgp.state_of(row[8])
    peer = show_bgp.peer_name(row[1])
    return BgpSessionState(
        peer=peer,
        afi="ipv6" if ":" in peer else "ipv4",
        state=state,
        peer_asn=asn(row[2]),
        messages_rx=int(row[3]),
        messages_tx=int(row[4]),
        out_queue=int(row[5]),
        flaps=int(row[6]),
        uptime_s=notation.seconds(row[7]) if state == "Established" else None,
    )


def _of_table(session: BgpSessionState, table: re.Match[str]) -> BgpSessionState:
    vrf = show_bgp.instance_of([table[1]])
    afi, safi = show_bgp.family_of(table[1], vrf) or (session.afi, session.safi)
    return replace(
        session, vrf=vrf, afi=afi, safi=safi, pfx_rx=int(table[3]), pfx_accepted=int(table[4]) if table[4] else None
    )


def _beside(row: re.Match[str]) -> Iterator[BgpSessionState]:
    """`4/4/4/0 0/0/0/0`: inet.0, and what was summed up of others; only the first is told apart."""
    counts = _COUNTS.match(row[8])
    if counts is not None:
        yield replace(_peer(row), pfx_rx=int(counts[2]), pfx_accepted=int(counts[3]) if counts[4] else None)


def neighbors(shown: str) -> list[BgpSessionState]:
    """Every neighbor in full."""
    heads = list(_NEIGHBOR.finditer(shown))
    ends = [*(head.start() for head in heads[1:]), len(shown)]
    return [
        session for head, end in zip(heads, ends, strict=True) for session in _neighbor(head, shown[head.end() : end])
    ]


def _neighbor(head: re.Match[str], below: str) -> Iterator[BgpSessionState]:
    told = {name: match[1] for name, pattern in _FIELDS if (match := pattern.search(below))}
    tables = list(_RIB.finditer(below))
    vrf = notation.vrf(told["instance"]) if "instance" in told else show_bgp.instance_of([rib[1] for rib in tables])
    base = BgpSessionState(
        peer=show_bgp.peer_name(head[1]),
        vrf=vrf,
        state=show_bgp.state_of(told.get("state", "Idle")),
        asn=asn(head[4]),
        peer_asn=asn(head[2]),
        peer_group=told.get("group"),
        router_id=told.get("peer_id"),
        description=told.get("description"),
        enabled=False if "Shutdown" in told.get("options", "").split() else None,
        local_address=notation.address(head[3]),
        local_router_id=told.get("local_id"),
        flaps=int(told["flaps"]) if "flaps" in told else None,
        messages_rx=int(told["messages_rx"]) if "messages_rx" in told else None,
        messages_tx=int(told["messages_tx"]) if "messages_tx" in told else None,
    )
    found = False
    for rib in tables:
        if family := show_bgp.family_of(rib[1], vrf):
            found = True
            counts = {
                field: int(match[1])
                for field, word in _PREFIXES.items()
                if (match := re.search(rf"{word} prefixes:\s+(\d+)", rib[2]))
            }
            counted = replace(base, pfx_rx=counts.get("pfx_rx"), pfx_accepted=counts.get("pfx_accepted"))
            yield replace(counted, afi=family[0], safi=family[1], pfx_tx=counts.get("pfx_tx"))
    if not found:
        yield from show_bgp.of_families(base, told.get("families"))


SCREENS: tuple[Reader[BgpSessionState], ...] = (Reader(_HEADING, summary), Reader(_NEIGHBOR, neighbors))
