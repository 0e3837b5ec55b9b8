"""`show vlans` of switches old and new, and `show bridge domain` of routers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from netloom.model.vlan import VlanState
from netloom.platforms.replies import Reader
from netloom.platforms.xml_output import text

if TYPE_CHECKING:
    from netloom.platforms.xml_output import Element

_ENTRIES = ("l2ng-l2ald-vlan-instance-group", "vlan", "l2ald-bridge-instance-group")
_NAMES = ("l2ng-l2rtb-vlan-name", "vlan-name", "l2rtb-bridging-domain", "l2rtb-bridge-domain", "l2rtb-bridge-name")
_TAGS = ("l2ng-l2rtb-vlan-tag", "vlan-tag", "l2rtb-bridge-vlan", "vlan-id")
_INTERFACE = re.compile(r"(?!.*\bl3\b).*interface")
"""Elements that name a member; a VLAN's own interface is none."""
_ACTIVE = ("vlan-status", "vlan-admin-state")

_HEADING = re.compile(
    r"^(Routing instance)\s+(?:VLAN|Bridge)\s*(?:name|domain)\s+(?:Tag|VLAN ID)\s+Interfaces", re.MULTILINE
)
_OLD_HEADING = re.compile(r"^Name\s+Tag\s+Interfaces", re.MULTILINE)
_ROW = re.compile(r"^(\S+)\s+(\S+)(?:\s+(\d+|NA|none|all|\d+-\d+))?(?:\s+([a-z]\S*))?\s*$")
_OLD_ROW = re.compile(r"^(\S+)(?:[ \t]+(\d+))?(?:[ \t]+(.*\S))?\s*$")
_PORT = re.compile(r"[a-z]+[-\w/:.]*\d[\w/:.]*")


def vlans(reply: Element) -> Iterator[VlanState]:
    """Every VLAN or bridge domain; the old switches' VLAN without a tag is VLAN 0."""
    for entry in reply.iter(*_ENTRIES):
        tag = text(entry, *_TAGS)
        name = text(entry, *_NAMES)
        if name is None and tag is None:
            continue
        named = (below.text for below in entry.iter() if _INTERFACE.match(str(below.tag)))
        ports = [port.strip() for port in named if port and _PORT.fullmatch(port.strip().rstrip("*"))]
        yield VlanState(
            id=int(tag) if tag and tag.isdigit() else 0,
            name=name,
            status=(text(entry, *_ACTIVE) or "").lower() or None,
            interfaces=_ports(ports),
        )


def _ports(shown: Iterable[str]) -> tuple[str, ...]:
    """Interfaces without the star of those that are up."""
    names = (found.strip().rstrip("*") for found in shown)
    return tuple(dict.fromkeys(name for name in names if name and name.lower() != "none"))


def screen(shown: str) -> list[VlanState]:
    """A VLAN a line, below it an interface a line."""
    found: list[tuple[str, str | None, list[str]]] = []
    for line in _below(shown, _HEADING):
        if line[:1].isspace() and found:
            found[-1][2].append(line.strip())
        elif row := _ROW.match(line):
            found.append((row[2], row[3], [row[4]] if row[4] else []))
    return [_vlan(name, tag, ports) for name, tag, ports in found]


def old_screen(shown: str) -> list[VlanState]:
    """A VLAN a line, its interfaces on the lines below, with commas between."""
    found: list[tuple[str, str | None, list[str]]] = []
    for line in _below(shown, _OLD_HEADING):
        if line[:1].isspace() and found:
            found[-1][2].extend(line.replace(",", " ").split())
        elif row := _OLD_ROW.match(line):
            found.append((row[1], row[2], (row[3] or "").replace(",", " ").split()))
    return [_vlan(name, tag, ports) for name, tag, ports in found]


def _below(shown: str, heading: re.Pattern[str]) -> Iterator[str]:
    match = heading.search(shown)
    for line in shown[match.end() if match else 0 :].splitlines():
        if line.strip() and not heading.match(line):
            yield line


def _vlan(name: str, tag: str | None, ports: list[str]) -> VlanState:
    known = [port for port in ports if _PORT.fullmatch(port.rstrip("*"))]
    return VlanState(id=int(tag) if tag and tag.isdigit() else 0, name=name, interfaces=_ports(known))


SCREENS: tuple[Reader[VlanState], ...] = (Reader(_HEADING, screen), Reader(_OLD_HEADING, old_screen))
