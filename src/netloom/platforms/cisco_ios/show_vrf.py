"""`show vrf`, `show ip vrf`, their details, and which interfaces belong to which VRF."""

from __future__ import annotations

import re
from collections.abc import Iterator

from netloom.model.vrf import VrfState
from netloom.platforms.cisco_ios import screen
from netloom.platforms.cisco_ios.show_interface_tables import VRF_HEADER, VRF_ROW
from netloom.platforms.replies import Reader

_HEADER = re.compile(r"(?m)^ *Name +Default RD +(?:Protocols +)?Interfaces?")
_ROW = re.compile(
    r"^ *(?P<name>\S+)?\s+(?P<rd><not set>|[\d.]+:\d+)(?:\s+(?P<protocols>ipv[46][\w,-]*))?"
    r"(?:\s+(?P<interface>[A-Za-z]\S*))?\s*$"
)
_ALONE = re.compile(r"^ {0,4}(?P<name>[^\s:]+)\s*$")
"""A name that is too long for its column."""
_MORE = re.compile(r"^ {20,}(?P<interface>[A-Za-z]\S*)\s*$")
_END = re.compile(r"^ *Platform iVRF Name")


def _vrfs(text: str) -> list[VrfState]:
    found: list[VrfState] = []
    header, alone = _HEADER.search(text), None
    for line in text[header.end() if header else 0 :].splitlines():
        if _END.match(line):
            break
        if (row := _ROW.match(line)) and (name := row["name"] or alone):
            protocols = tuple((row["protocols"] or "").split(",")) if row["protocols"] else ()
            found.append(_vrf(name, row["rd"], protocols, screen.interfaces(row["interface"] or "")))
            alone = None
        elif alone is None and (single := _ALONE.match(line)):
            alone = single["name"]
        elif found and (more := _MORE.match(line)):
            last = found.pop()
            interfaces = (*last.interfaces, screen.interface(more["interface"]))
            found.append(_vrf(last.name, last.rd, last.protocols, interfaces))
        elif line.strip():
            raise ValueError(f"expected a VRF, got {line.strip()[:100]!r}")
    return found


def _vrf(name: str, rd: str | None, protocols: tuple[str, ...], interfaces: tuple[str, ...]) -> VrfState:
    return VrfState(name=name, rd=screen.known(rd), protocols=protocols, interfaces=interfaces)


_DETAIL = re.compile(
    r"(?m)^ *VRF (?P<name>\S+)(?: \(VRF Id = (?P<id>\d+)\))?; default RD (?P<rd><not set>|[^;\n]+); default VPNID"
)
_DESCRIPTION = re.compile(r"(?m)^ *Description: *(\S.*?) *$")
_INTERFACES = re.compile(r"(?m)^ *Interfaces: *\n(?P<names>(?: +[A-Za-z][\w/.:-]*\d\S*(?: +\S+)* *\n?)+)")
_FAMILY = re.compile(r"(?m)^ *Address family (?P<name>ipv4|ipv6)(?: unicast)? \(Table ID")
_TARGETS = re.compile(
    r"(?m)^ *(?P<which>Export|Import) VPN route-target communities *\n(?P<targets>(?: +(?:RT:\S+ *)+\n?)+)"
)


def _details(text: str) -> Iterator[VrfState]:
    for head, block in screen.blocks(text, _DETAIL):
        description, names = _DESCRIPTION.search(block), _INTERFACES.search(f"{block}\n")
        targets: dict[str, list[str]] = {"Import": [], "Export": []}
        for match in _TARGETS.finditer(f"{block}\n"):
            targets[match["which"]] += re.findall(r"RT:(\S+)", match["targets"])
        yield VrfState(
            name=head["name"],
            id=screen.integer(head["id"]),
            rd=screen.known(head["rd"]),
            description=description[1] if description else None,
            import_targets=tuple(dict.fromkeys(targets["Import"])),
            export_targets=tuple(dict.fromkeys(targets["Export"])),
            protocols=tuple(dict.fromkeys(match["name"] for match in _FAMILY.finditer(block))),
            interfaces=screen.interfaces(names["names"]) if names else (),
        )


def _memberships(text: str) -> list[VrfState]:
    members: dict[str, tuple[str, ...]] = {}
    for row in screen.rows(text, VRF_ROW):
        members[row["vrf"]] = (*members.get(row["vrf"], ()), screen.interface(row["name"]))
    return [VrfState(name=name, interfaces=interfaces) for name, interfaces in members.items()]


READERS = (
    Reader(_DETAIL, _details),
    Reader(_HEADER, _vrfs),
    Reader(VRF_HEADER, _memberships),
    # filtered (`| include`), without the heading
    Reader(re.compile(_ROW.pattern, re.MULTILINE), _vrfs),
)
