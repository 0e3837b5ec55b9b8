"""`show route instance`: routing instances, their kinds and interfaces."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from netloom.model.interface import InterfaceState
from netloom.model.vrf import VrfState
from netloom.platforms.contract import Read
from netloom.platforms.juniper_junos import notation
from netloom.platforms.replies import Reader
from netloom.platforms.xml_output import every, text, texts

if TYPE_CHECKING:
    from netloom.platforms.xml_output import Element

READ = Read(
    "show route instance detail | display xml | no-more",
    rpc="<get-instance-information><detail/></get-instance-information>",
)

_HEADING = re.compile(r"^Instance\s+Type\s*$", re.MULTILINE)
_ROW = re.compile(r"^(\S+)\s+([a-z][a-z0-9-]*)\s*$")
_DETAIL = re.compile(r"^(\S+):\s*\n(?:\s+Router ID: (\S+)\s*\n)?\s+Type: (\S+)(?:\s+State: (\S+))?", re.MULTILINE)
_DISTINGUISHER = re.compile(r"Route-distinguisher: (\S+)")
_INTERFACES = re.compile(r"^\s+Interfaces:\n((?:[ \t]+\S+[ \t]*\n)+)", re.MULTILINE)


def vrfs(reply: Element) -> Iterator[VrfState]:
    """Every instance, without those that Junos keeps for itself (`__juniper_private1__`)."""
    for instance in every(reply, "instance-core"):
        name = text(instance, "instance-name") or ""
        if not name.startswith("__"):
            yield VrfState(
                name=notation.vrf(name),
                rd=text(instance, "instance-route-distinguisher", "route-distinguisher", ".//rd-type"),
                type=text(instance, "instance-type"),
                status=(text(instance, "instance-state") or "").lower() or None,
                interfaces=texts(instance, "instance-interface/interface-name"),
            )


def interface_vrfs(reply: Element) -> Iterator[InterfaceState]:
    """The interfaces of instances other than the default one, by name and VRF alone."""
    for vrf in vrfs(reply):
        if vrf.name != "default":
            yield from (InterfaceState(name=name, vrf=vrf.name) for name in vrf.interfaces)


def screen(shown: str) -> list[VrfState]:
    """The table of all instances."""
    rows = (_ROW.match(line) for line in shown[_heading_end(shown) :].splitlines())
    return [
        VrfState(name=notation.vrf(row[1]), type=row[2])
        for row in rows
        if row is not None and not row[1].startswith("__")
    ]


def detail_screen(shown: str) -> list[VrfState]:
    """A paragraph an instance."""
    heads = list(_DETAIL.finditer(shown))
    found = []
    for head, after in zip(heads, [*(each.start() for each in heads[1:]), len(shown)], strict=True):
        if head[1].startswith("__"):
            continue
        below = shown[head.start() : after] + "\n"
        distinguisher, listed = _DISTINGUISHER.search(below), _INTERFACES.search(below)
        found.append(
            VrfState(
                name=notation.vrf(head[1]),
                type=head[3],
                status=head[4].lower() if head[4] else None,
                rd=distinguisher[1] if distinguisher else None,
                interfaces=tuple(listed[1].split()) if listed else (),
            )
        )
    return found


def _heading_end(shown: str) -> int:
    heading = _HEADING.search(shown)
    return heading.end() if heading else 0


SCREENS: tuple[Reader[VrfState], ...] = (Reader(_DETAIL, detail_screen), Reader(_HEADING, screen))
