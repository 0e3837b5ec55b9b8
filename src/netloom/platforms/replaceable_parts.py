"""Parts that can be replaced: `show module`, `show inventory`, as cards, switches of a stack, fans and supplies."""

from __future__ import annotations

import re
from dataclasses import replace

from netloom.model.environment import EnvironmentState
from netloom.platforms.complement import filled
from netloom.platforms.ruled_tables import Table, tables

MODULES = re.compile(r"(?m)^ *(?:Mod(?:ule)?|Switch) +Ports +\S")
"""How `show module` begins."""
_SWITCH = re.compile(r"(?m)^ *Switch Number:? +(\d+)")
_KEY = re.compile(r"(?i)m|mod|module|xbar|switch")
_MODEL = re.compile(r"(?i)model")
_TYPE = re.compile(r"(?i)card type|module[- ]type|type")
_SUB = re.compile(r"(?i)sub-?module")
_SERIAL = re.compile(r"(?i)serial(?: no\.?|-num)?")
_STATUS = re.compile(r"(?i)status")
_GOOD = ("ok", "active", "standby", "ha-standby", "ready", "present")
_KINDS = (
    ("power", re.compile(r"(?i)power[- ]?(?:suppl|entry|module)|\bpsu?\b|\bps\d|\bpem\b")),
    ("fan", re.compile(r"(?i)\bfan")),
)
_NOTHING = ("", "-", "--", "na", "n/a")


def modules(text: str) -> list[EnvironmentState]:
    """Cards and switches of all tables of `show module`, each once."""
    found: dict[str, EnvironmentState] = {}
    switches = list(_SWITCH.finditer(text))
    ends = [*(match.start() for match in switches), len(text)]
    parts = [("", text[: ends[0]])] + [
        (f"switch {match[1]} ", text[match.end() : end]) for match, end in zip(switches, ends[1:], strict=True)
    ]
    for place, part in parts:
        for table in tables(part):
            if _KEY.fullmatch(table.headings[0]):
                for state in _of_table(table, place):
                    found[state.name] = filled(found[state.name], state) if state.name in found else state
    return list(found.values())


def _of_table(table: Table, place: str) -> list[EnvironmentState]:
    kind = table.headings[0].lower()
    before = f"{place}{kind} " if kind in ("xbar", "switch") else place
    sub = table.column(_SUB)
    places = {name: table.column(heading) for name, heading in _COLUMNS.items()}
    if sub is None and not any(at is not None for at in places.values()):
        return []
    found = []
    for row in table.rows:
        cells = {name: _told(row[at]) for name, at in places.items() if at is not None}
        state = EnvironmentState("module", f"{before}{row[0]}", **cells)  # type: ignore[arg-type]  # fields by their names
        if sub is not None:
            state = replace(state, name=f"{state.name} {row[sub]}", description=row[sub])
        if row[0]:
            found.append(replace(state, ok=None if state.status is None else is_good(state.status)))
    return found


_COLUMNS = {"model": _MODEL, "description": _TYPE, "serial_number": _SERIAL, "status": _STATUS}


def is_good(status: str) -> bool:
    """What a card's status says: `active *`, `Ok`, `powered-dn`."""
    return status.lower().strip("* ") in _GOOD


def listed(name: str, description: str, model: str | None, serial_number: str | None) -> EnvironmentState:
    """A part of `show inventory`."""
    words = f"{name} {description}"
    kind = next((kind for kind, pattern in _KINDS if pattern.search(words)), "module")
    return EnvironmentState(
        kind,
        name or description,
        model=_told(model or ""),
        serial_number=_told(serial_number or ""),
        description=description or None,
    )


def _told(cell: str) -> str | None:
    return None if cell.lower() in _NOTHING else cell
