"""VRFs: `show vrf`, `show vrf detail` and `show vrf interface`."""

from __future__ import annotations

import re
from dataclasses import replace

from netloom.model.vrf import VrfState
from netloom.platforms.cisco_nxos.screens import long_name, number, sections, value
from netloom.platforms.cisco_nxos.tables import everywhere, holds, replies, word
from netloom.platforms.cisco_nxos.tables import number as count
from netloom.platforms.contract import Read
from netloom.platforms.json_output import Object

READ = (Read("show vrf all detail | json"), Read("show vrf all interface | json"))
KNOWS_REPLY = holds("TABLE_vrf|TABLE_if")
KNOWS = re.compile(r"^\s*(?:VRF-Name\s+VRF-ID\s+State|VRF-Name:|Interface\s+VRF-Name\s+VRF-ID)", re.MULTILINE)

_ROW = re.compile(r"^[ \t]*(\S+)\s+(\d+)\s+(Up|Down|\w+)\s+(\S.*?)[ \t]*$", re.MULTILINE)
_DETAIL = re.compile(r"^\s*VRF-Name: (\S+), VRF-ID: (\d+), State: (\S+)[ \t]*$", re.MULTILINE)
_RD = re.compile(r"^\s*RD: (\S+)", re.MULTILINE)
_FAMILY = re.compile(r"\bAF: (IPv[46])\b")
_MEMBER = re.compile(r"^[ \t]*(\S+)[ \t]+(\S+)[ \t]+(\d+)[ \t]+(\S+)[ \t]*$", re.MULTILINE)


def vrfs(output: str) -> list[VrfState]:
    """The VRFs of a screen."""
    if re.search(r"^\s*Interface\s+VRF-Name", output, re.MULTILINE):
        return _members([(name, vrf, int(number)) for name, vrf, number, _ in _MEMBER.findall(output)])
    if "VRF-Name:" in output:
        return [
            VrfState(
                name=heading[1],
                id=number(heading[2]),
                status=heading[3].lower(),
                rd=value(body, _RD),
                protocols=tuple(dict.fromkeys(family.lower() for family in _FAMILY.findall(body))),
            )
            for heading, body in sections(output, _DETAIL)
        ]
    return [VrfState(name=name, id=int(key), status=state.lower()) for name, key, state, _ in _ROW.findall(output)]


def vrf_replies(output: str) -> list[VrfState]:
    """The VRFs of the replies."""
    found: list[VrfState] = []
    for reply in replies(output):
        names = ("vrf_name", "vrf-name", "vrf-name-out")
        found += [_vrf(name, row) for row in everywhere(reply, "vrf") if (name := word(row, *names))]
        found += _members(
            [
                (name, word(row, "vrf_name") or "default", count(row, "vrf_id"))
                for row in everywhere(reply, "if")
                if (name := word(row, "if_name"))
            ]
        )
    return found


def _vrf(name: str, row: Object) -> VrfState:
    state = word(row, "vrf_state", "vrf-state")
    return VrfState(
        name=name, id=count(row, "vrf_id", "vrf-id"), rd=word(row, "rd"), status=state.lower() if state else None
    )


def _members(rows: list[tuple[str, str, int | None]]) -> list[VrfState]:
    found: dict[str, VrfState] = {}
    for name, vrf, key in rows:
        state = found.setdefault(vrf, VrfState(name=vrf, id=key))
        found[vrf] = replace(state, interfaces=(*state.interfaces, long_name(name)))
    return list(found.values())
