"""VRFs, as `show vrf` tells them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from netloom.model.vrf import VrfState
from netloom.platforms.arista_eos import reply
from netloom.platforms.contract import Read
from netloom.platforms.json_output import Object, integer, members, text
from netloom.platforms.replies import Reader

READ = Read("show vrf | json")

_HEAD = re.compile(r"^ *(?:VRF|Vrf)(?: +RD)? +Protocols +State +Interfaces", re.MULTILINE)
_WITH_RD = re.compile(r" *(?P<name>\S+) +(?P<rd><not set>|[\w.]+:\d+) +(?P<protocols>[\w,]+)(?P<rest>(?: .*)?)")
_WITHOUT_RD = re.compile(r" *(?P<name>\S+) +(?P<protocol>IPv[46]) +(?P<rest>\S.*)")
_INTERFACE = re.compile(r"(?<![\w:.-])[A-Z][A-Za-z-]*\d[\d/.]*(?![\w:-])")
_STATE = re.compile(r"v[46]:[a-z][a-z ;-]*[a-z]|(?:no )?routing|multicast")


def vrfs(outputs: tuple[str, ...]) -> list[VrfState]:
    """Every VRF with its interfaces."""
    return reply.observed(outputs, READERS)


def _json(document: Object) -> Iterator[VrfState]:
    if "vrfs" not in document:
        raise ValueError(f"expected a reply about VRFs, got members {', '.join(document)[:80]!r}")
    for name, values in members(document["vrfs"]):
        yield VrfState(
            name=name,
            id=integer(values, "vrfId"),
            rd=text(values, "routeDistinguisher"),
            status=text(values, "vrfState"),
            protocols=tuple(
                family for family, told in members(values.get("protocols")) if told.get("supported") is not False
            ),
            interfaces=tuple(reply.long(interface) for interface in _interfaces(values)),
        )


def _interfaces(values: Object) -> list[str]:
    named: Any = values.get("interfaces") or []
    return [str(name) for name in named]


def _table(output: str) -> Iterator[VrfState]:
    """Newer releases give each address family a line, older ones a VRF; interfaces go on on the lines that follow."""
    found: dict[str, VrfState] = {}
    name = ""
    for line in output[_end_of_head(output) :].splitlines():
        rest = line
        if row := _WITH_RD.fullmatch(line):
            name, rest = row["name"], row["rest"]
            rd = None if row["rd"] == "<not set>" else row["rd"]
            found[name] = VrfState(name=name, rd=rd, protocols=tuple(row["protocols"].split(",")))
        elif row := _WITHOUT_RD.fullmatch(line):
            name, rest = row["name"], row["rest"]
            known = found.get(name, VrfState(name=name))
            found[name] = replace(known, protocols=(*known.protocols, row["protocol"].lower()))
            rest = f"{row['protocol'][2:]}:{rest}"
        if name:
            found[name] = _grown(found[name], rest)
    yield from found.values()


def _end_of_head(output: str) -> int:
    match = _HEAD.search(output)
    return match.end() if match else 0


def _grown(vrf: VrfState, rest: str) -> VrfState:
    interfaces = tuple(reply.long(name) for name in _INTERFACE.findall(rest))
    said = [state.strip() for state in _STATE.findall(rest)]
    status = ", ".join(([vrf.status] if vrf.status else []) + said) or None
    return replace(vrf, interfaces=(*vrf.interfaces, *interfaces), status=status)


READERS = (reply.json_reader(_json), Reader(_HEAD, lambda output: list(_table(output))))
