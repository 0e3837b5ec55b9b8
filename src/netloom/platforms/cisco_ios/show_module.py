"""`show module`, `show inventory` and `show switch`: cards, supplies, fans, and the switches of a stack."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from netloom.model.environment import EnvironmentState
from netloom.platforms.cisco_ios.show_transceiver import is_transceiver
from netloom.platforms.cisco_ios.show_version import INVENTORY, inventory
from netloom.platforms.replaceable_parts import MODULES, is_good, listed, modules
from netloom.platforms.replies import Reader

_STACK = re.compile(r"(?m)^ *Switch# +Role\b.*\bState *$")
_MEMBER = re.compile(
    r"(?m)^ *\*? *(?P<number>\d+) +(?P<role>[A-Z]\w+) +[0-9A-Fa-f]{4}(?:\.[0-9A-Fa-f]{4}){2} +\d+ +"
    r"(?:(?:V\d\S*|\d\S*) +)?(?P<state>[A-Z][A-Za-z/-]*(?: [A-Za-z]+)*) *$"
)


def _parts(text: str) -> Iterator[EnvironmentState]:
    """Chassis and all, but for transceivers, which are optics; parts of one name are told apart by a number."""
    known: dict[tuple[str, str], int] = {}
    for part in inventory(text):
        if is_transceiver(part.name):
            continue
        state = listed(part.name, part.description, part.part_number, part.serial_number)
        known[state.kind, state.name] = times = known.get((state.kind, state.name), 0) + 1
        yield state if times == 1 else replace(state, name=f"{state.name} {times}")


def _members(text: str) -> Iterator[EnvironmentState]:
    for row in _MEMBER.finditer(text):
        yield EnvironmentState(
            "module",
            f"switch {row['number']}",
            ok=is_good(row["state"]),
            status=row["state"],
            description=row["role"],
        )


READERS = (Reader(MODULES, modules), Reader(INVENTORY, _parts), Reader(_STACK, _members))
