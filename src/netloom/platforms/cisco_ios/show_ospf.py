"""`show ip ospf neighbor` and `show ip ospf neighbor detail`, and OSPFv3's like them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from netloom.model.ospf_neighbor import OspfNeighborState
from netloom.platforms.cisco_ios import screen
from netloom.platforms.durations import seconds
from netloom.platforms.replies import Reader

_STATES = {
    "DOWN": "Down",
    "ATTEMPT": "Attempt",
    "INIT": "Init",
    "2WAY": "2-Way",
    "EXSTART": "ExStart",
    "EXCHANGE": "Exchange",
    "LOADING": "Loading",
    "FULL": "Full",
}
"""RFC 2328 section 10.1."""
_ROLES = {"DR": "DR", "BDR": "Backup", "DROTHER": "DROther"}
_HEADER = re.compile(r"(?m)^\s*Neighbor ID\s+Pri\s+State\s+Dead Time\s+(?:Address|Interface ID)\s+Interface")
_ROW = re.compile(
    r"^\s*(?P<id>\d+\.\d+\.\d+\.\d+)\s+(?P<priority>\d+|N/A)\s+(?P<state>\w+)/\s*(?P<role>\w+|-)\s+"
    r"(?P<dead>[\d:.]+|-)\s+(?P<address>[\d.]+)\s+(?P<interface>\S+)"
)
_BEGINS = re.compile(r"^\s*\d+\.\d+\.\d+\.\d+\s")
_VRF = re.compile(r"\b(?:VRF|vrf)[ :]+(?P<vrf>[^\s,)]+)")

_NEIGHBOR = re.compile(
    r"(?m)^\s*Neighbor (?P<id>\d+\.\d+\.\d+\.\d+)(?:, interface address (?P<address>[\d.]+))?"
    r"(?:, interface-id \S+)?\s*$"
)
_VIA = re.compile(r"In the area (?P<area>\S+) via interface (?P<interface>\S+)")
_STATE = re.compile(r"Neighbor priority is (?P<priority>\d+)(?: \([^)]*\))?, State is (?P<state>\w+)")
_DESIGNATED = re.compile(r"DR is (?P<dr>[\d.]+) BDR is (?P<bdr>[\d.]+)")
_DEAD = re.compile(r"Dead timer due in (\S+)")
_UP = re.compile(r"Neighbor is up for (\S+)")


def _table(text: str) -> Iterator[OspfNeighborState]:
    vrf = "default"
    for line in text.splitlines():
        if match := _ROW.match(line):
            yield OspfNeighborState(
                neighbor_id=match["id"],
                interface=screen.interface(match["interface"]),
                address=match["address"] if "." in match["address"] else None,
                vrf=vrf,
                state=_STATES.get(match["state"], match["state"]),
                role=_ROLES.get(match["role"]),
                priority=screen.integer(match["priority"]),
                dead_s=seconds(match["dead"]),
            )
        elif _BEGINS.match(line):
            raise ValueError(f"expected an OSPF neighbor, got {line.strip()[:100]!r}")
        elif "Process ID" in line or "address-family" in line:
            found = _VRF.search(line)
            vrf = found["vrf"] if found else "default"


def _details(text: str) -> Iterator[OspfNeighborState]:
    for head, block in screen.blocks(text, _NEIGHBOR):
        via, state = _VIA.search(block), _STATE.search(block)
        if via is None or state is None:
            raise ValueError(f"expected the interface and state of OSPF neighbor {head['id']}, got {block[:80]!r}")
        dead, up = _DEAD.search(block), _UP.search(block)
        yield OspfNeighborState(
            neighbor_id=head["id"],
            interface=screen.interface(via["interface"]),
            address=head["address"],
            state=_STATES.get(state["state"], state["state"]),
            role=_role(block, head["address"]),
            priority=int(state["priority"]),
            uptime_s=seconds(up[1]) if up else None,
            dead_s=seconds(dead[1]) if dead else None,
            area=via["area"],
        )


def _role(block: str, address: str | None) -> str | None:
    """What the neighbor is, where the link has a designated router."""
    match = _DESIGNATED.search(block)
    if match is None or match["dr"].strip("0.") == "":
        return None
    return {match["bdr"]: "Backup", match["dr"]: "DR"}.get(address or "", "DROther")


READERS = (Reader(_NEIGHBOR, _details), Reader(_HEADER, _table))
