"""`show etherchannel summary`."""

from __future__ import annotations

import re

from netloom.model.lag import LagMember, LagState
from netloom.platforms.cisco_ios import screen
from netloom.platforms.replies import Reader

_HEADER = re.compile(r"(?m)^Group\s+Port-channel\s+(?:Protocol\s+)?Ports")
_ROW = re.compile(
    r"^(?P<group>\d+)\s+(?P<name>Po\d+)\s*\((?P<flags>[A-Za-z]+)\)\s*(?P<protocol>LACP|PAgP|-)?(?P<ports>.*)$"
)
_MEMBER = re.compile(r"(?P<name>[A-Za-z][A-Za-z-]*\d[\d/.]*)\s*\((?P<flag>[A-Za-z/-]+)\)")
_STATUSES = {
    "P": "bundled",
    "bndl": "bundled",
    "D": "down",
    "I": "individual",
    "s": "suspended",
    "susp": "suspended",
    "H": "hot-standby",
    "hot-sby": "hot-standby",
    "w": "waiting",
    "u": "unsuitable",
    "d": "default",
    "M": "minimum-links",
    "m": "minimum-links",
    "f": "failed",
    "N": "not-in-use",
}
"""The legend of `show etherchannel summary`."""


def _lags(text: str) -> list[LagState]:
    found: list[LagState] = []
    for line in text.splitlines():
        if row := _ROW.match(line):
            found.append(_lag(row))
        elif found and line.startswith((" ", "\t")) and (members := _members(line)):
            last = found.pop()
            found.append(LagState(last.name, last.oper_status, last.protocol, last.layer, (*last.members, *members)))
        elif re.match(r"^\d+\s", line):
            raise ValueError(f"expected a port channel, got {line.strip()[:100]!r}")
    return found


def _lag(row: re.Match[str]) -> LagState:
    flags = row["flags"]
    return LagState(
        name=screen.interface(row["name"]),
        oper_status="up" if "U" in flags else "down",
        protocol={"LACP": "LACP", "PAgP": "PAgP", "-": "none"}.get(row["protocol"] or ""),
        layer=3 if "R" in flags else 2 if "S" in flags else None,
        members=_members(row["ports"]),
    )


def _members(text: str) -> tuple[LagMember, ...]:
    return tuple(LagMember(screen.interface(match["name"]), _status(match["flag"])) for match in _MEMBER.finditer(text))


def _status(flag: str) -> str:
    """By the whole flag or, of several letters, the first."""
    return _STATUSES.get(flag) or _STATUSES.get(flag[0], flag)


READERS = (Reader(_HEADER, _lags),)
