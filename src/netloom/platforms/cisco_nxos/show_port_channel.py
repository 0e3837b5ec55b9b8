"""`show port-channel summary`: aggregates and their members, by flags."""

from __future__ import annotations

import re
from collections.abc import Iterable

from netloom.model.lag import LagMember, LagState
from netloom.platforms.cisco_nxos.screens import long_name, told
from netloom.platforms.cisco_nxos.tables import everywhere, holds, replies, rows, word

KNOWS_REPLY = holds("TABLE_channel")
KNOWS = re.compile(r"^(?:Group\s+Port-|Port-Channel\s+Protocol\s+Ports)", re.MULTILINE)

_ROW = re.compile(r"(?:\d+\s+)?(Po\d+)\((\w+)\)\s+(?:Eth\s+)?(\w+)(?:\((\w+)\))?\s*(.*)")
_MEMBER = re.compile(r"([A-Za-z][\w/.]*)\(([^)\s]*)\)")
_STATUSES = {
    "P": "bundled",
    "D": "down",
    "s": "suspended",
    "I": "individual",
    "H": "hot-standby",
    "r": "module-removed",
    "w": "waiting",
    "b": "waiting",
    "i": "incompatible",
    "G": "down",
}
"""The first flag that is one of these decides; others, such as S for a short timeout, say less."""
_ORDER = "PIsHrwbiDG"


def lags(output: str) -> list[LagState]:
    """Every aggregate, with its members from the lines below it too."""
    found: list[tuple[str, str, str, list[str]]] = []
    for line in output.splitlines():
        text = line.strip()
        if match := _ROW.fullmatch(text):
            name, flags, protocol, _, members = match.groups()
            found.append((name, flags, protocol, [members]))
        elif found and line[:1].isspace() and _MEMBER.match(text):
            found[-1][3].append(text)
    return [_lag(name, flags, protocol, _MEMBER.findall(" ".join(members))) for name, flags, protocol, members in found]


def lag_replies(output: str) -> list[LagState]:
    """Every aggregate of the replies."""
    return [
        _lag(
            name,
            "".join(word(row, flag) or "" for flag in ("layer", "status")),
            word(row, "prtcl") or "",
            [
                (port, word(member, "port-status") or "")
                for member in rows(row, "member")
                if (port := word(member, "port"))
            ],
        )
        for reply in replies(output)
        for row in everywhere(reply, "channel")
        if (name := word(row, "port-channel"))
    ]


def _lag(name: str, flags: str, protocol: str, members: Iterable[tuple[str, str]]) -> LagState:
    named = told(protocol)
    return LagState(
        name=long_name(name),
        oper_status="up" if "U" in flags else "down",
        protocol="none" if named and named.upper() == "NONE" else named,
        layer=3 if "R" in flags else 2 if "S" in flags else None,
        members=tuple(LagMember(long_name(port), _status(status)) for port, status in members),
    )


def _status(flags: str) -> str | None:
    known = next((flag for flag in _ORDER if flag in flags), None)
    return _STATUSES[known] if known else flags or None
