"""Optical transceivers, as `show interfaces transceiver` and `show inventory` tell them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from netloom.model.optics import OpticsState
from netloom.platforms.arista_eos import reply
from netloom.platforms.arista_eos.show_version import present
from netloom.platforms.contract import Read
from netloom.platforms.json_output import Object, members, text
from netloom.platforms.replies import Reader

READ = Read("show interfaces transceiver | json")

_VALUES = ("temperature", "voltage", "txBias", "txPower", "rxPower", "mediaType", "vendorSn")
_HEAD = re.compile(r"^ *Port +\(Celsius\) +\(Volts\) +\(mA\) +\(dBm\) +\(dBm\)", re.MULTILINE)
_ROW = re.compile(r"(?P<port>[A-Z][\w/.-]*\d)(?P<values>(?: +(?:-?\d+(?:\.\d+)?|N/A)){5})(?: +.*)?")
_DETAIL = re.compile(r"^ *(Temperature|Voltage|(?:Bias )?Current|Tx Power|Rx Power) +Threshold", re.MULTILINE)
_DETAIL_ROW = re.compile(r"(?P<port>[A-Z][\w/.-]*\d) +(?P<value>-?\d+(?:\.\d+)?|N/A)(?:\s*[+-]{1,2})?(?: .*)?")
_FIELDS = {
    "Temperature": "temperature_c",
    "Voltage": "voltage_v",
    "Current": "bias_ma",
    "Bias Current": "bias_ma",
    "Tx Power": "tx_power_dbm",
    "Rx Power": "rx_power_dbm",
}
_NAME = re.compile(r"^Name: *(\S+)", re.MULTILINE)
_MEDIA = re.compile(r"^Media type: *(.*?) *$", re.MULTILINE)
_SLOTS = re.compile(r"^System has \d+ (?:transceiver|switched transceiver) slots", re.MULTILINE)
_SLOT = re.compile(r"(?P<port>\d[\d/]*) +(?P<vendor>\S.*?) +(?P<model>\S+) +(?P<serial>\S+)(?: +(?P<revision>\S+))?")


def optics(outputs: tuple[str, ...]) -> list[OpticsState]:
    """Every lane that has an interface of its own."""
    return reply.observed(outputs, READERS)


def _json(document: Object) -> Iterator[OpticsState]:
    if "xcvrSlots" in document:
        yield from (_slot(port, values) for port, values in members(document["xcvrSlots"]) if text(values, "modelName"))
        return
    if "interfaces" not in document:
        raise ValueError(f"expected a reply about transceivers, got members {', '.join(document)[:80]!r}")
    for name, values in members(document["interfaces"]):
        if any(member in values for member in _VALUES):
            yield OpticsState(
                interface=reply.long(name),
                rx_power_dbm=_number(values, "rxPower"),
                tx_power_dbm=_number(values, "txPower"),
                bias_ma=_number(values, "txBias"),
                temperature_c=_number(values, "temperature"),
                voltage_v=_number(values, "voltage"),
                type=text(values, "mediaType"),
                serial_number=text(values, "vendorSn"),
            )


def _slot(port: str, values: Object) -> OpticsState:
    return OpticsState(
        interface=f"Ethernet{port}",
        type=text(values, "modelName"),
        vendor=text(values, "mfgName"),
        serial_number=present(text(values, "serialNum")),
    )


def _number(values: Object, name: str) -> float | None:
    value = values.get(name)
    if isinstance(value, dict):
        return next((float(lane) for lane in value.values() if isinstance(lane, int | float)), None)
    return float(value) if isinstance(value, int | float) else None


def _table(output: str) -> Iterator[OpticsState]:
    for line in output.splitlines():
        if row := _ROW.fullmatch(line.strip()):
            temperature, voltage, bias, sent, received = (reply.number(cell) for cell in row["values"].split())
            yield OpticsState(
                interface=reply.long(row["port"]),
                rx_power_dbm=received,
                tx_power_dbm=sent,
                bias_ma=bias,
                temperature_c=temperature,
                voltage_v=voltage,
            )


def _details(output: str) -> Iterator[OpticsState]:
    """A table for each quantity, with its thresholds."""
    found: dict[str, dict[str, float | None]] = {}
    field = ""
    for line in output.splitlines():
        if head := _DETAIL.match(line):
            field = _FIELDS[head[1]]
        elif field and (row := _DETAIL_ROW.fullmatch(line.strip())):
            found.setdefault(reply.long(row["port"]), {})[field] = reply.number(row["value"])
    for name, values in found.items():
        yield replace(
            OpticsState(name),
            rx_power_dbm=values.get("rx_power_dbm"),
            tx_power_dbm=values.get("tx_power_dbm"),
            bias_ma=values.get("bias_ma"),
            temperature_c=values.get("temperature_c"),
            voltage_v=values.get("voltage_v"),
        )


def _hardware(output: str) -> Iterator[OpticsState]:
    for head, body in reply.sections(_NAME, output):
        media = _MEDIA.search(body)
        yield OpticsState(interface=reply.long(head[1]), type=media[1] or None if media else None)


def _inventory(output: str) -> Iterator[OpticsState]:
    begin = _SLOTS.search(output)
    for line in output[begin.end() if begin else 0 :].splitlines():
        if line.strip().startswith("System has"):
            return
        if (row := _SLOT.fullmatch(line.strip())) and row["vendor"] != "Not Present":
            yield OpticsState(
                interface=f"Ethernet{row['port']}",
                type=row["model"],
                vendor=row["vendor"],
                part_number=row["model"],
                serial_number=present(row["serial"]),
            )


READERS = (
    reply.json_reader(_json),
    Reader(_HEAD, lambda output: list(_table(output))),
    Reader(_DETAIL, lambda output: list(_details(output))),
    Reader(_MEDIA, lambda output: list(_hardware(output))),
    Reader(re.compile(r"^Module presence:", re.MULTILINE), lambda output: list(_hardware(output))),
    Reader(_SLOTS, lambda output: list(_inventory(output))),
)
