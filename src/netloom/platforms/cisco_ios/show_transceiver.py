"""`show interfaces transceiver` and its detail."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from netloom.model.optics import OpticsState
from netloom.platforms.cisco_ios import screen
from netloom.platforms.cisco_ios.show_version import INVENTORY, inventory
from netloom.platforms.complement import filled
from netloom.platforms.interface_names import CISCO_IOS
from netloom.platforms.replies import Reader

_UNITS = re.compile(r"^(?:Port|Interface)\s+(?:Lane\s+)?\((?:Celsius|Volts|mA|milliamperes|dBm)\)")
_HEADER = re.compile(
    r"(?m)^(?:Port|Interface)\s+(?:Lane\s+)?\((?:Celsius|Volts|mA|milliamperes|dBm)\)"
    r"|^Transceiver monitoring is disabled"
)
_VALUE = re.compile(r"(?P<number>-?\d+(?:\.\d+)?|N/A|NA|n/a|--\s*(?=$))(?:\s*(?:\+\+|--|\+|-)(?=\s|$))?")
_ROW = re.compile(r"^(?P<port>[A-Z][A-Za-z-]*\d[\d/.]*)\s+(?P<values>\S.*)$")
_WORDS = {
    "temperature": "temperature_c",
    "voltage": "voltage_v",
    "current": "bias_ma",
    "tx": "tx_power_dbm",
    "transmit": "tx_power_dbm",
    "rx": "rx_power_dbm",
    "receive": "rx_power_dbm",
}


def _lanes(text: str) -> list[OpticsState]:
    """One table of everything, or a table a quantity with its thresholds."""
    found: dict[tuple[str, ...], OpticsState] = {}
    columns: tuple[str, ...] = ()
    laned, before = False, ["", ""]
    for line in text.splitlines():
        if _UNITS.match(line):
            columns = _columns(before)
            laned = " Lane " in line
        elif columns and (row := _ROW.match(line)) and CISCO_IOS.knows(row["port"]):
            lane = _lane(row, columns, laned=laned)
            found[lane.key] = filled(lane, found.get(lane.key))
        before = [before[-1], line]
    return list(found.values())


def _columns(before: list[str]) -> tuple[str, ...]:
    """The fields of the columns, from the words over their units; a table with thresholds has one."""
    words = [word.lower() for word in re.findall(r"[A-Za-z]+", " ".join(before))]
    if "threshold" in words:
        return tuple(dict.fromkeys(_WORDS[word] for word in words if word in _WORDS))[:1]
    return tuple(dict.fromkeys(_WORDS[word] for word in words if word in _WORDS))


def _lane(row: re.Match[str], columns: tuple[str, ...], *, laned: bool) -> OpticsState:
    values = [match["number"] for match in _VALUE.finditer(row["values"])]
    lane = 0
    if laned and values and values[0].isdigit():
        lane, values = int(values[0]), values[1:]
    if len(values) < len(columns):
        raise ValueError(f"expected {len(columns)} values of a transceiver, got {row[0].strip()[:100]!r}")
    state = OpticsState(interface=screen.interface(row["port"]), lane=lane)
    measured: Mapping[str, float | None] = {
        name: screen.number(value) for name, value in zip(columns, values, strict=False)
    }
    return _measured(state, measured)


def _measured(state: OpticsState, values: Mapping[str, float | None]) -> OpticsState:
    return replace(
        state,
        temperature_c=values.get("temperature_c"),
        voltage_v=values.get("voltage_v"),
        bias_ma=values.get("bias_ma"),
        tx_power_dbm=values.get("tx_power_dbm"),
        rx_power_dbm=values.get("rx_power_dbm"),
    )


_PLACE = re.compile(r"(?i)^(?:subslot|transceiver|module)\s+")


def is_transceiver(name: str) -> bool:
    """Whether a part of the inventory sits in a port: it has the interface's name."""
    return CISCO_IOS.knows(_PLACE.sub("", name))


def _modules(text: str) -> Iterator[OpticsState]:
    """Transceivers stand in the inventory under their interface's name."""
    for part in inventory(text):
        if is_transceiver(part.name):
            yield OpticsState(
                interface=screen.interface(_PLACE.sub("", part.name)),
                type=part.description or None,
                part_number=part.part_number or None,
                serial_number=part.serial_number or None,
            )


READERS = (Reader(_HEADER, _lanes), Reader(INVENTORY, _modules))
