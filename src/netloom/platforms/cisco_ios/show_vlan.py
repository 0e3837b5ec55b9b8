"""`show vlan` (brief, id), `show vlan-switch`, and `show vlans` of routers."""

from __future__ import annotations

import re
from collections.abc import Iterator

from netloom.model.vlan import VlanState
from netloom.platforms.cisco_ios import screen
from netloom.platforms.interface_names import CISCO_IOS
from netloom.platforms.replies import Reader

_HEADER = re.compile(r"(?m)^VLAN\s+Name\s+Status\s+Ports\s*$")
_ROW = re.compile(
    r"^(?P<id>\d{1,4})\s+(?P<name>\S.*?)\s+(?P<status>active|suspended|sus\S*|act/\S+|shut\S*|inactive)"
    r"(?:\s+(?P<ports>\S.*))?$"
)
_MORE = re.compile(r"^\s{8,}(?P<ports>[A-Za-z][\w/., -]*\d[\w/., -]*)$")
_NEXT_TABLE = re.compile(r"^(?:VLAN\s+Type\s+SAID|Remote SPAN|Primary\s+Secondary)")


def _vlans(text: str) -> list[VlanState]:
    """Rows with their ports; several tables in a row are one."""
    found: list[VlanState] = []
    inside = False
    for line in text.splitlines():
        if _HEADER.match(line):
            inside = True
        elif _NEXT_TABLE.match(line):
            inside = False
        elif inside and (row := _ROW.match(line)):
            found.append(_vlan(int(row["id"]), row["name"], row["status"], screen.interfaces(row["ports"] or "")))
        elif inside and found and (more := _MORE.match(line)):
            last = found.pop()
            ports = (*last.interfaces, *screen.interfaces(more["ports"]))
            found.append(_vlan(last.id, last.name, last.status, ports))
        elif inside and re.match(r"^\d+\s", line):
            raise ValueError(f"expected a VLAN, got {line.strip()[:100]!r}")
    return found


def _vlan(number: int, name: str | None, status: str | None, ports: tuple[str, ...]) -> VlanState:
    return VlanState(id=number, name=name, status=status, interfaces=tuple(dict.fromkeys(ports)))


_ROUTED = re.compile(r"(?m)^(?:VLAN|Virtual LAN) ID:\s+(?P<id>\d+)\b.*$")
_TRUNK = re.compile(r"^\s+v?LAN Trunk Interfaces?:\s+(\S+)\s*$", re.IGNORECASE)
_MEMBER = re.compile(r"^(?P<name>[A-Za-z][\w./:-]*\d)(?:\s+Native-vlan Tx-type:.*|\s+\(\d+(?:/\d+)?\))?\s*$")


def _routed(text: str) -> Iterator[VlanState]:
    for head, block in screen.blocks(text, _ROUTED):
        names = [
            match[1]
            for line in block.splitlines()[1:]
            if (match := _TRUNK.match(line) or _MEMBER.match(line)) is not None
        ]
        known = tuple(CISCO_IOS.long(name) for name in names if CISCO_IOS.knows(name))
        yield VlanState(id=int(head["id"]), interfaces=tuple(dict.fromkeys(known)))


def _united(text: str) -> list[VlanState]:
    found: dict[int, VlanState] = {}
    for vlan in _routed(text):
        known = found.get(vlan.id)
        ports = (*known.interfaces, *vlan.interfaces) if known else vlan.interfaces
        found[vlan.id] = _vlan(vlan.id, None, None, ports)
    return list(found.values())


READERS = (
    Reader(_HEADER, _vlans),
    Reader(_ROUTED, _united),
    Reader(re.compile("^No Virtual LANs configured"), _united),
)
