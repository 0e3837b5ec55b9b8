"""`show ethernet-switching interface(s)`: the VLANs of a switch's ports."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from netloom.model.switchport import SwitchportState
from netloom.model.text import vlan_ranges
from netloom.platforms.replies import Reader
from netloom.platforms.xml_output import text

if TYPE_CHECKING:
    from netloom.platforms.xml_output import Element

_OLD_HEADING = re.compile(r"^\s*Interface\s+State\s+VLAN members\s+Tag\s+Tagging", re.MULTILINE)
_HEADING = re.compile(r"^Logical\s+Vlan\s+TAG\s+MAC", re.MULTILINE)
_OLD_ROW = re.compile(
    r"^(?:(\S+)[ \t]+(up|down)\b)?[ \t]+(\S+)(?:[ \t]+(\d+))?(?:[ \t]+((?:un)?tagged))?(?:[ \t]+(.*))?$"
)
_ROW = re.compile(
    r"^(\S+)?[ \t]+(?:(\S+)[ \t]+(\d+)[ \t]+)?(\d+)[ \t]+"
    r"(?:(Forwarding|Discarding|Blocking\S*|\S+ing)\b)?.*?((?:un)?tagged(?:,tagged)?)?\s*$"
)


class _Membership(NamedTuple):
    interface: str
    vlan: int | None
    tagged: bool | None


def switchports(reply: Element) -> list[SwitchportState]:
    """Old switches' interfaces, each with its members; new ones' entries, an interface at a time."""
    found: list[_Membership] = []
    for entry in reply.iter("interface", "l2ng-l2ald-iff-interface-entry"):
        name = text(entry, "interface-name", "l2iff-interface-name", "l2ng-l2-mac-logical-interface")
        members = [
            _Membership(name or "", _number(text(below, *_TAGS)), _tagged(text(below, *_TAGGING)))
            for below in entry.iter()
            if any(below.find(tag) is not None for tag in _TAGS)
        ]
        if name and not members and entry.tag == "interface":
            members = [_Membership(name, None, None)]
        previous = found[-1].interface if found else ""
        found += [member._replace(interface=member.interface or previous) for member in members]
    return _grouped(found)


_TAGS = ("interface-vlan-member-tagid", "l2iff-interface-vlan-id", "vlan-tag")
_TAGGING = ("interface-vlan-member-tagness", "l2iff-interface-vlan-member-tagness", "l2iff-interface-tagging")


def _number(shown: str | None) -> int | None:
    return int(shown) if shown and shown.isdigit() and int(shown) else None


def _tagged(shown: str | None) -> bool | None:
    return None if not shown else not shown.strip().lower().startswith("un")


def _grouped(memberships: Iterable[_Membership]) -> list[SwitchportState]:
    """A trunk has tagged VLANs, and its untagged one is the native one; an access port has just one, untagged."""
    ports: dict[str, list[_Membership]] = {}
    for membership in memberships:
        ports.setdefault(membership.interface, []).append(membership)
    return [_switchport(name, members) for name, members in ports.items()]


def _switchport(name: str, members: list[_Membership]) -> SwitchportState:
    tagged = [member.vlan for member in members if member.tagged and member.vlan is not None]
    untagged = next((member.vlan for member in members if not member.tagged and member.vlan is not None), None)
    if tagged:
        allowed = vlan_ranges([*tagged, *([untagged] if untagged else [])])
        return SwitchportState(interface=name, mode="trunk", native_vlan=untagged, allowed_vlans=allowed)
    mode = "access" if any(member.tagged is False for member in members) else None
    return SwitchportState(interface=name, mode=mode, access_vlan=untagged)


def old_screen(shown: str) -> list[SwitchportState]:
    """`show ethernet-switching interfaces`: further VLANs stand on lines of their own."""
    found: list[_Membership] = []
    for line in _below(shown, _OLD_HEADING):
        if row := _OLD_ROW.match(line):
            name = row[1] or (found[-1].interface if found else "")
            if name:
                found.append(_Membership(name, _number(row[4]), _tagged(row[5])))
    return _grouped(found)


def screen(shown: str) -> list[SwitchportState]:
    """`show ethernet-switching interface`: a line for the interface, then one a VLAN."""
    found: list[_Membership] = []
    for line in _below(shown, _HEADING):
        row = _ROW.match(line)
        if row is None or line.lstrip().startswith(("interface", "limit", "members")):
            continue
        name = row[1] or (found[-1].interface if found else "")
        if name:
            found.append(_Membership(name, _number(row[3]), None if row[3] is None else _tagged(row[6])))
    return _grouped(found)


def _below(shown: str, heading: re.Pattern[str]) -> list[str]:
    match = heading.search(shown)
    return [line for line in shown[match.end() if match else 0 :].splitlines() if line.strip()]


SCREENS: tuple[Reader[SwitchportState], ...] = (Reader(_OLD_HEADING, old_screen), Reader(_HEADING, screen))
