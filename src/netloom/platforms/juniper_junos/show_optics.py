"""`show interfaces diagnostics optics`: power, current and temperature of transceivers, lane by lane."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from netloom.model.optics import OpticsState
from netloom.platforms.juniper_junos import show_hardware
from netloom.platforms.juniper_junos.show_hardware import HEADING
from netloom.platforms.replies import Reader
from netloom.platforms.xml_output import attribute, every, first, integer, text

if TYPE_CHECKING:
    from netloom.platforms.xml_output import Element

_RX = ("laser-rx-optical-power-dbm", "rx-signal-avg-optical-power-dbm")
_TX = ("laser-output-power-dbm", "laser-output-power-1-dbm")
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")

_HEADING = re.compile(r"^Physical interface: (\S+?),?\s*$", re.MULTILINE)
_LANE = re.compile(r"^\s+Lane (\d+)\s*$")
_FIELD = re.compile(r"^\s+(\S.*?)\s+:\s+(.*\S)\s*$")
_NAMES = {
    "laser bias current": "bias_ma",
    "laser output power": "tx_power_dbm",
    "laser receiver power": "rx_power_dbm",
    "receiver signal average optical power": "rx_power_dbm",
    "module temperature": "temperature_c",
    "module voltage": "voltage_v",
}
_LANES = ("rx_power_dbm", "tx_power_dbm", "bias_ma")


def optics(reply: Element) -> Iterator[OpticsState]:
    """A record a lane; nothing where there is no transceiver, or one without diagnostics."""
    for physical in every(reply, "physical-interface"):
        name = text(physical, "name") or ""
        told = first(physical, "optics-diagnostics")
        if told is None or told.find("optic-diagnostics-not-available") is not None:
            continue
        module = OpticsState(
            interface=name,
            temperature_c=_number(attribute(told, "module-temperature", "celsius") or text(told, "module-temperature")),
            voltage_v=_number(text(told, "module-voltage")),
        )
        lanes = every(told, "optics-diagnostics-lane-values")
        for at, lane in enumerate(lanes or [told]):
            yield replace(
                module,
                lane=(integer(lane, "lane-index") if lanes else None) or at,
                rx_power_dbm=_number(text(lane, *_RX)),
                tx_power_dbm=_number(text(lane, *_TX)),
                bias_ma=_number(text(lane, "laser-bias-current")),
            )


def _number(shown: str | None) -> float | None:
    """The number that a value begins with; `- Inf` is darkness."""
    match = _NUMBER.match((shown or "").strip())
    return float(match[0]) if match else None


def screen(shown: str) -> list[OpticsState]:
    """The screen: an interface a paragraph, its lanes indented below."""
    found: list[OpticsState] = []
    heads = list(_HEADING.finditer(shown))
    ends = [*(head.start() for head in heads[1:]), len(shown)]
    for head, end in zip(heads, ends, strict=True):
        below = shown[head.end() : end]
        if not re.search(r"diagnostics\s*:\s*N/A", below):
            found += _lanes(head[1], below)
    return found


def _lanes(interface: str, below: str) -> Iterator[OpticsState]:
    module: dict[str, float] = {}
    lanes: dict[int, dict[str, float]] = {}
    values = module
    for line in below.splitlines():
        if lane := _LANE.match(line):
            values = lanes.setdefault(int(lane[1]), {})
        elif (field := _FIELD.match(line)) and field[1].lower() in _NAMES:
            shown = field[2].rpartition("/")[2] if "dBm" in field[2] else field[2]
            if (number := _number(shown)) is not None:
                values.setdefault(_NAMES[field[1].lower()], number)
    if not module and not lanes:
        return
    for at, own in (lanes or {0: module}).items():
        shared: dict[str, Any] = {name: value for name, value in module.items() if not lanes or name not in _LANES}
        yield OpticsState(interface, at, **(shared | own))


def named(found: list[OpticsState]) -> list[OpticsState]:
    """Transceivers of the inventory under the names of the interfaces that the diagnostics tell in their places."""
    measured = {_place(each): each.interface for each in found if not _is_part(each)}
    parts = {measured[_place(each)]: each for each in found if _is_part(each) and _place(each) in measured}
    told = []
    for each in found:
        part = parts.get(each.interface)
        if part is not None and not _is_part(each):
            told.append(replace(each, type=part.type, part_number=part.part_number, serial_number=part.serial_number))
        elif not _is_part(each) or _place(each) not in measured:
            told.append(each)
    return told


def _place(each: OpticsState) -> str:
    return each.interface.partition("-")[2]


def _is_part(each: OpticsState) -> bool:
    """Whether it is known from the inventory alone."""
    values = (each.rx_power_dbm, each.tx_power_dbm, each.bias_ma, each.temperature_c, each.voltage_v)
    return each.type is not None and not any(value is not None for value in values)


SCREENS: tuple[Reader[OpticsState], ...] = (
    Reader(HEADING, show_hardware.transceiver_screen),
    Reader(_HEADING, screen),
)
