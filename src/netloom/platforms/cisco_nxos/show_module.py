"""`show module`, `show inventory` and `show fex`: cards, fabric extenders, and what else can be replaced."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from netloom.model.environment import EnvironmentState
from netloom.platforms import replaceable_parts
from netloom.platforms.cisco_nxos import inventory
from netloom.platforms.cisco_nxos.screens import sections, value
from netloom.platforms.cisco_nxos.tables import everywhere, holds, replies, word
from netloom.platforms.complement import filled
from netloom.platforms.interface_names import CISCO_NXOS
from netloom.platforms.replies import Reader

_KNOWS_REPLY = holds("TABLE_modinfo|TABLE_fex")
_FEX = re.compile(r"^\s*FEX\s+FEX\s+FEX\s+FEX|^FEX:\s+\d+\s+Description:", re.MULTILINE)
_FEX_ROW = re.compile(
    r"^[ \t]*(?P<number>\d+)[ \t]+(?:(?P<description>\S.*?)[ \t]+)?(?P<state>[A-Z][\w/]*(?: [A-Z]\w+)?)[ \t]+"
    r"(?P<model>[A-Z\d][\w-]*-[\w-]+)[ \t]+(?P<serial>\w+)[ \t]*$",
    re.MULTILINE,
)
_FEX_DETAIL = re.compile(
    r"^FEX:\s+(?P<number>\d+)\s+Description:\s*(?P<description>.*?)\s+state:\s+(?P<state>\S.*?)[ \t]*$", re.MULTILINE
)
_FEX_SERIAL = re.compile(r"Extender Serial:\s+(\w+)")
_FEX_MODEL = re.compile(r"Extender Model:\s+([^,\s]+)")


def _listed(output: str) -> Iterator[EnvironmentState]:
    """All but transceivers, which are optics; parts of one name are told apart by a number."""
    known: dict[tuple[str, str], int] = {}
    for part in inventory.parts(output):
        if CISCO_NXOS.knows(part.name):
            continue
        state = replaceable_parts.listed(part.name, (part.description or "").strip(), part.product, part.serial)
        known[state.kind, state.name] = times = known.get((state.kind, state.name), 0) + 1
        yield state if times == 1 else replace(state, name=f"{state.name} {times}")


def _extenders(output: str) -> Iterator[EnvironmentState]:
    for row in _FEX_ROW.finditer(output):
        yield _fex(row["number"], row["description"], row["state"], (row["model"], row["serial"]))
    for heading, body in sections(output, _FEX_DETAIL):
        told = (value(body, _FEX_MODEL), value(body, _FEX_SERIAL))
        yield _fex(heading["number"], heading["description"], heading["state"], told)


def _fex(number: str, description: str | None, state: str, told: tuple[str | None, str | None]) -> EnvironmentState:
    return EnvironmentState(
        "module",
        f"fex {number}",
        ok=state.lower() == "online",
        status=state,
        model=told[0],
        serial_number=told[1],
        description=description or None,
    )


def _replies(output: str) -> Iterable[EnvironmentState]:
    found: dict[str, EnvironmentState] = {}
    for reply in replies(output):
        for row in everywhere(reply, "modinfo|modmacinfo"):
            name, status = word(row, "modinf", "mod", "modmac"), word(row, "status")
            state = EnvironmentState(
                "module",
                name or "",
                ok=None if status is None else replaceable_parts.is_good(status),
                status=status,
                model=word(row, "model"),
                serial_number=word(row, "serialnum"),
                description=word(row, "modtype"),
            )
            found[state.name] = filled(found[state.name], state) if state.name in found else state
        for row in everywhere(reply, "fex"):
            state = _fex(
                word(row, "fex_number", "chas_id") or "",
                word(row, "descr"),
                word(row, "fex_state", "state") or "",
                (word(row, "model"), word(row, "serial")),
            )
            found[state.name] = state
    return [state for state in found.values() if state.name]


READERS = (
    Reader(_KNOWS_REPLY, _replies),
    Reader(inventory.KNOWS, _listed),
    Reader(replaceable_parts.MODULES, replaceable_parts.modules),
    Reader(_FEX, _extenders),
)
