"""Cards, supplies and fans, as `show inventory` and `show module` tell them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from netloom.model.environment import EnvironmentState
from netloom.platforms import replaceable_parts
from netloom.platforms.json_output import Object, members, text
from netloom.platforms.replies import Reader

_SECTION = re.compile(r"System has \d+ (?P<what>[a-z ]+)")
_KNOWS = re.compile(r"^System information\s*$|^\s*System has \d+ ", re.MULTILINE)
_ROWS = {
    "power supply slots": ("power", re.compile(r"(?P<name>\d+)\s+(?P<model>(?!Not\b)\S+)\s+(?P<serial>\S+)")),
    "fan modules": ("fan", re.compile(r"(?P<name>\d+)\s+\d+\s+(?P<model>(?!Not\b)\S+)\s+(?P<serial>\S+)")),
    "card slots": (
        "module",
        re.compile(r"(?P<name>[A-Z][a-z]+\d+)\s+(?P<model>\S+)\s+(?:\S+\s+)?(?P<serial>[A-Z]{2,}\w{6,})(?:\s+\S+)?"),
    ),
}
_SLOTS = {"powerSupplySlots": "power", "fanTraySlots": "fan", "cardSlots": "module"}
_NOTHING = (None, "", "N/A", "Not Inserted", "Unknown")


def inventory(output: str) -> Iterator[EnvironmentState]:
    """The parts below each title of the screen."""
    row: tuple[str, re.Pattern[str]] | None = None
    for line in map(str.strip, output.splitlines()):
        if section := _SECTION.match(line):
            row = _ROWS.get(section["what"].strip())
        elif row and (match := row[1].fullmatch(line)):
            yield _part(row[0], match["name"], match["model"], match["serial"])


def inventory_reply(document: Object) -> Iterator[EnvironmentState]:
    """The same from eAPI."""
    for slots, kind in _SLOTS.items():
        for name, values in members(document.get(slots)):
            yield _part(kind, name, text(values, "name", "modelName"), text(values, "serialNum"))


def modules_reply(document: Object) -> Iterator[EnvironmentState]:
    """`show module` from eAPI."""
    for name, values in members(document.get("modules")):
        status = text(values, "status")
        yield EnvironmentState(
            "module",
            name,
            ok=None if status is None else replaceable_parts.is_good(status),
            status=status,
            model=text(values, "modelName"),
            serial_number=text(values, "serialNum", "serialNumber"),
            description=text(values, "typeDescription"),
        )


def _part(kind: str, name: str, model: str | None, serial: str | None) -> EnvironmentState:
    return EnvironmentState(
        kind,
        name,
        model=None if model in _NOTHING else model,
        serial_number=None if serial in _NOTHING else serial,
    )


READERS = (
    Reader(replaceable_parts.MODULES, replaceable_parts.modules),
    Reader(_KNOWS, lambda output: list(inventory(output))),
)
