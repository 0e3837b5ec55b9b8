"""`show lacp interfaces`: aggregates and how their members stand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from netloom.model.lag import LagMember, LagState
from netloom.platforms.replies import Reader
from netloom.platforms.xml_output import every, text

if TYPE_CHECKING:
    from netloom.platforms.xml_output import Element

_HEADING = re.compile(r"^Aggregated interface: (\S+)", re.MULTILINE)
_AGGREGATE = re.compile(r"^Aggregated interface: (\S+)")
_PROTOCOL = re.compile(r"^\s+LACP protocol:")
_OTHER = re.compile(r"^\s+LACP (?:state|Statistics|info)\b", re.IGNORECASE)
_MEMBER = re.compile(
    r"^\s+(\S+)\s+(\S+?(?: [a-z]\w*)?)\s+((?:Fast|Slow|No) periodic|None|\S+)\s+"
    r"(Collecting distributing|\S.*\S|\S)\s*$"
)
_STATUS = {
    "collecting distributing": "bundled",
    "collecting": "bundled",
    "distributing": "bundled",
    "detached": "down",
}


def lags(reply: Element) -> Iterator[LagState]:
    """Every aggregate that speaks LACP."""
    for entry in reply.iter("lacp-interface-information"):
        name = text(entry, "lag-lacp-header/aggregate-name")
        if name:
            members = [
                LagMember(text(member, "name") or "", status(text(member, "lacp-mux-state")))
                for member in every(entry, "lag-lacp-protocol")
            ]
            yield lag(name, members or [LagMember(each) for each in _named(entry)])


def _named(entry: Element) -> list[str]:
    names = (text(member, "name") for member in every(entry, "lag-lacp-state"))
    return list(dict.fromkeys(name for name in names if name))


def status(shown: str | None) -> str | None:
    """The model's word for a multiplexer's state (IEEE 802.1AX)."""
    return _STATUS.get((shown or "").strip().lower(), (shown or "").strip().lower() or None)


def lag(name: str, members: list[LagMember]) -> LagState:
    """An aggregate; it is up where a member carries frames."""
    oper = None
    if any(member.status for member in members):
        oper = "up" if any(member.status == "bundled" for member in members) else "down"
    return LagState(name=name, oper_status=oper, protocol="LACP", members=tuple(members))


def screen(shown: str) -> list[LagState]:
    """An aggregate a paragraph; the members' states stand under `LACP protocol`."""
    found: list[tuple[str, list[LagMember]]] = []
    listing = False
    for line in shown.splitlines():
        if head := _AGGREGATE.match(line):
            found.append((head[1], []))
            listing = False
        elif _PROTOCOL.match(line):
            listing = True
        elif _OTHER.match(line):
            listing = False
        elif listing and found and (row := _MEMBER.match(line)):
            found[-1][1].append(LagMember(row[1], status(row[4])))
    return [lag(name, members) for name, members in found]


SCREENS: tuple[Reader[LagState], ...] = (Reader(_HEADING, screen),)
