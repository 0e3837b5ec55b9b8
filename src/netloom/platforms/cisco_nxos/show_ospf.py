"""`show ip ospf neighbors`, brief and in detail, and the same of OSPFv3."""

from __future__ import annotations

import re

from netloom.model.ospf_neighbor import OspfNeighborState
from netloom.platforms.cisco_nxos.screens import age, long_name, number, sections, value
from netloom.platforms.cisco_nxos.tables import everywhere, holds, replies, word
from netloom.platforms.json_output import Object

KNOWS_REPLY = holds(r"TABLE_ctx|TABLE_nbr\w*")
KNOWS = re.compile(
    r"OSPF(?:v3)? Process ID|Neighbor ID\s+Pri\s+State|^\s*Neighbor \S+, interface address", re.MULTILINE
)

_PROCESS = re.compile(r"^\s*OSPF(?:v3)? Process ID (\S+) VRF (\S+)[ \t]*$", re.MULTILINE)
_ROW = re.compile(
    r"^[ \t]*(\d+\.\d+\.\d+\.\d+)[ \t]+(\d+)[ \t]+(\w[\w-]*)/[ \t]*(\S+)[ \t]+(\S+)\s+(\S+)[ \t]+(\S+)[ \t]*$",
    re.MULTILINE,
)
_DETAIL = re.compile(r"^\s*Neighbor (\S+), interface address (\S+)[ \t]*$", re.MULTILINE)
_WHERE = re.compile(r"Process ID \S+ VRF (\S+), in area (\S+) via interface (\S+)")
_STATE = re.compile(r"State is (\w[\w-]*)(?:,.*?last change (\S+))?")
_PRIORITY = re.compile(r"Neighbor priority is (\d+)")
_DR = re.compile(r"\bDR is (\S+)")
_BDR = re.compile(r"\bBDR is (\S+)")
_DEAD = re.compile(r"Dead timer due in (\S+)")
_STATES = {
    "FULL": "Full",
    "2WAY": "2-Way",
    "TWOWAY": "2-Way",
    "2-WAY": "2-Way",
    "INIT": "Init",
    "EXSTART": "ExStart",
    "EXCHANGE": "Exchange",
    "LOADING": "Loading",
    "DOWN": "Down",
    "ATTEMPT": "Attempt",
}
_ROLES = {"DR": "DR", "BDR": "Backup", "DROTHER": "DROther"}


def neighbors(output: str) -> list[OspfNeighborState]:
    """Every adjacency of every process and VRF."""
    found = []
    for vrf, text in [(match[2], body) for match, body in sections(output, _PROCESS)] or [("default", output)]:
        for key, priority, state, role, uptime, address, interface in _ROW.findall(text):
            found.append(
                OspfNeighborState(
                    neighbor_id=key,
                    interface=long_name(interface),
                    # OSPFv3 tells the interface's number instead
                    address=address if "." in address or ":" in address else None,
                    vrf=vrf,
                    state=_state(state),
                    role=_ROLES.get(role.upper()),
                    priority=int(priority),
                    uptime_s=age(uptime),
                )
            )
    return found or [_detailed(heading, body) for heading, body in sections(output, _DETAIL)]


def _detailed(heading: re.Match[str], body: str) -> OspfNeighborState:
    where, state = _WHERE.search(body), _STATE.search(body)
    if where is None or state is None:
        raise ValueError(f"expected the interface and the state of OSPF neighbor {heading[1]}, got neither")
    address = heading[2]
    return OspfNeighborState(
        neighbor_id=heading[1],
        interface=long_name(where[3]),
        address=address,
        vrf=where[1],
        state=_state(state[1]),
        role="DR" if value(body, _DR) == address else "Backup" if value(body, _BDR) == address else None,
        priority=number(value(body, _PRIORITY)),
        uptime_s=age(state[2]),
        dead_s=age(value(body, _DEAD)),
        area=where[2],
    )


def neighbor_replies(output: str) -> list[OspfNeighborState]:
    """Every adjacency of the replies."""
    return [
        _reply(word(context, "cname") or "default", key, row)
        for reply in replies(output)
        for context in everywhere(reply, "ctx")
        for row in everywhere(context, r"nbr\w*")
        if (key := word(row, "rid"))
    ]


def _reply(vrf: str, key: str, row: Object) -> OspfNeighborState:
    return OspfNeighborState(
        neighbor_id=key,
        interface=long_name(word(row, "intf") or ""),
        address=word(row, "addr"),
        vrf=vrf,
        state=_state(word(row, "state") or "DOWN"),
        role=_ROLES.get((word(row, "drstate") or "").upper()),
        priority=number(word(row, "priority")),
        uptime_s=age(word(row, "uptime", "lastchange")),
        dead_s=age(word(row, "deadtimer", "dead")),
        area=word(row, "area"),
    )


def _state(text: str) -> str:
    return _STATES.get(text.upper(), text.capitalize())
