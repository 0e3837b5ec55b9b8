"""`show ospf neighbor` and `show ospf3 neighbor`, brief or in full."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from netloom.model.ospf_neighbor import OspfNeighborState
from netloom.platforms.juniper_junos import notation
from netloom.platforms.replies import Reader
from netloom.platforms.xml_output import integer, number_of, text

if TYPE_CHECKING:
    from netloom.platforms.xml_output import Element

_HEADING = re.compile(r"^Address\s+Interface\s+State\s+ID\s+Pri\s+Dead", re.MULTILINE)
_HEADING_3 = re.compile(r"^ID\s+Interface\s+State\s+Pri\s+Dead", re.MULTILINE)
_ROW = re.compile(r"^(\d\S*)\s+(\S+)\s+([0-9A-Za-z-]+)\s+((?:\d+\.){3}\d+)\s+(\d+)\s+(\S+)")
_ROW_3 = re.compile(r"^((?:\d+\.){3}\d+)\s+(\S+)\s+([0-9A-Za-z-]+)\s+(\d+)\s+(\S+)")
_INSTANCE = re.compile(r"^(?:OSPF3? )?[Ii]nstance: (\S+)")
_AREA = re.compile(r"^\s+[Aa]rea (\S+?),")
_DESIGNATED = re.compile(r"\bDR (\S+?)(?:,| |$)(?:\s*BDR (\S+))?")
_UP = re.compile(r"^\s+Up (.+?), adjacent (.+)$")
_NEIGHBOR_ADDRESS = re.compile(r"^\s+Neighbor-address (\S+)")
_STATES = {"2way": "2-Way", "2-way": "2-Way", "exstart": "ExStart"}


def neighbors(reply: Element) -> Iterator[OspfNeighborState]:
    """Every neighbor, of one instance or of all."""
    for element in reply.iter("ospf-neighbor", "ospf3-neighbor"):
        address = notation.address(text(element, "neighbor-address"))
        yield OspfNeighborState(
            neighbor_id=text(element, "neighbor-id") or "",
            interface=text(element, "interface-name") or "",
            address=address,
            vrf=_vrf(element),
            state=state_of(text(element, "ospf-neighbor-state", "ospf3-neighbor-state", "neighbor-state") or "Down"),
            role=role(address, text(element, "dr-address", "dr-id"), text(element, "bdr-address", "bdr-id")),
            priority=integer(element, "neighbor-priority"),
            uptime_s=number_of(element, "neighbor-up-time", "seconds"),
            dead_s=integer(element, "activity-timer"),
            area=text(element, "ospf-area", "area"),
        )


def _vrf(element: Element) -> str:
    for ancestor in element.iterancestors():
        if name := text(ancestor, "ospf-instance-name", "instance-name"):
            return notation.vrf(name)
    return "default"


def state_of(shown: str) -> str:
    """The model's word for a state."""
    return _STATES.get(shown.lower(), shown)


def role(address: str | None, designated: str | None, backup: str | None) -> str | None:
    """What the neighbor is on its network, None where nobody is designated."""
    if designated is None or not int(ipaddress.ip_address(designated)):
        return None
    if address == designated:
        return "DR"
    return "Backup" if address == backup else "DROther"


def screen(shown: str) -> list[OspfNeighborState]:
    """OSPFv2's or OSPFv3's table; details stand below each neighbor's line."""
    found: list[OspfNeighborState] = []
    vrf = "default"
    for line in shown.splitlines():
        if match := _INSTANCE.match(line):
            vrf = notation.vrf(match[1])
        elif row := _ROW.match(line):
            found.append(_neighbor((row[4], row[2], row[3], row[5], row[6]), vrf, row[1]))
        elif row := _ROW_3.match(line):
            found.append(_neighbor((row[1], row[2], row[3], row[4], row[5]), vrf, None))
        elif found:
            found[-1] = _with_details(found[-1], line)
    return found


def _neighbor(cells: tuple[str, str, str, str, str], vrf: str, address: str | None) -> OspfNeighborState:
    identity, interface, state, priority, dead = cells
    return OspfNeighborState(
        neighbor_id=identity,
        interface=interface,
        address=notation.address(address),
        vrf=vrf,
        state=state_of(state),
        priority=int(priority),
        dead_s=int(dead) if dead.isdigit() else notation.seconds(dead),
    )


def _with_details(neighbor: OspfNeighborState, line: str) -> OspfNeighborState:
    if match := _NEIGHBOR_ADDRESS.match(line):
        return replace(neighbor, address=notation.address(match[1]))
    if match := _UP.match(line):
        return replace(neighbor, uptime_s=notation.seconds(match[1]))
    if match := _AREA.match(line):
        neighbor = replace(neighbor, area=match[1])
    if match := _DESIGNATED.search(line):
        neighbor = replace(neighbor, role=role(neighbor.address, match[1], match[2]))
    return neighbor


SCREENS: tuple[Reader[OspfNeighborState], ...] = (Reader(_HEADING, screen), Reader(_HEADING_3, screen))
