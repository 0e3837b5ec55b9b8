"""`show interface transceiver`, with and without details."""

from __future__ import annotations

import re
from collections.abc import Iterator

from netloom.model.optics import OpticsState
from netloom.platforms.cisco_nxos import inventory
from netloom.platforms.cisco_nxos.screens import decimal, long_name, sections, value
from netloom.platforms.cisco_nxos.tables import decimal as amount
from netloom.platforms.cisco_nxos.tables import everywhere, holds, replies, rows, word
from netloom.platforms.contract import Read
from netloom.platforms.interface_names import CISCO_NXOS
from netloom.platforms.json_output import Object

READ = Read("show interface transceiver details | json")
KNOWS_REPLY = holds(r"sfp|partnum|TABLE_lane|tx_pwr")
KNOWS = re.compile(r"^\s*transceiver is ", re.MULTILINE)

_HEADING = re.compile(r"^([A-Za-z][\w/.-]*\d)[ \t]*$", re.MULTILINE)
_PRESENT = re.compile(r"transceiver is (present|not present|not applicable|.*)")
_TYPE = re.compile(r"^\s*type is[ \t]+(.*?)[ \t]*$", re.MULTILINE)
_VENDOR = re.compile(r"^\s*name is[ \t]+(.*?)[ \t]*$", re.MULTILINE)
_PART = re.compile(r"^\s*part number is[ \t]+(.*?)[ \t]*$", re.MULTILINE)
REVISION = re.compile(r"^\s*revision is[ \t]+(.*?)[ \t]*$", re.MULTILINE)
_SERIAL = re.compile(r"^\s*serial number is[ \t]+(.*?)[ \t]*$", re.MULTILINE)
_LANE = re.compile(r"^\s*Lane Number:\s*(\d+)[^\n]*$", re.MULTILINE)
_NUMBER = r"[ \t]+(-?[\d.]+|N/A)"
_TEMPERATURE = re.compile(rf"^\s*Temperature{_NUMBER}", re.MULTILINE)
_VOLTAGE = re.compile(rf"^\s*Voltage{_NUMBER}", re.MULTILINE)
_CURRENT = re.compile(rf"^\s*Current{_NUMBER}", re.MULTILINE)
_SENT = re.compile(rf"^\s*Tx Power{_NUMBER}", re.MULTILINE)
_RECEIVED = re.compile(rf"^\s*Rx Power{_NUMBER}", re.MULTILINE)


def transceivers(output: str) -> Iterator[tuple[str, str]]:
    """Each interface and what the screen says of its transceiver."""
    for heading, body in sections(output, _HEADING):
        if CISCO_NXOS.knows(heading[1]):
            yield long_name(heading[1]), body


def lanes(output: str) -> list[OpticsState]:
    """A record a lane of every transceiver that is there."""
    return [
        state
        for name, body in transceivers(output)
        if (present := _PRESENT.search(body)) and present[1].strip() == "present"
        for state in _lanes(name, body)
    ]


def listed(output: str) -> list[OpticsState]:
    """The transceivers in an inventory: the description is their vendor, the version their part number."""
    return [
        OpticsState(
            interface=long_name(part.name),
            type=part.product,
            vendor=part.description,
            part_number=part.version,
            serial_number=part.serial,
        )
        for part in inventory.parts(output)
        if CISCO_NXOS.knows(part.name)
    ]


def _lanes(name: str, body: str) -> Iterator[OpticsState]:
    numbered = [(int(match[1]), text) for match, text in sections(body, _LANE)]
    for lane, text in numbered or [(0, body)]:
        yield OpticsState(
            interface=name,
            lane=lane,
            rx_power_dbm=decimal(value(text, _RECEIVED)),
            tx_power_dbm=decimal(value(text, _SENT)),
            bias_ma=decimal(value(text, _CURRENT)),
            temperature_c=decimal(value(text, _TEMPERATURE)),
            voltage_v=decimal(value(text, _VOLTAGE)),
            type=value(body, _TYPE),
            vendor=value(body, _VENDOR),
            part_number=value(body, _PART),
            serial_number=value(body, _SERIAL),
        )


def lane_replies(output: str) -> list[OpticsState]:
    """A record a lane of every transceiver in the replies."""
    return [
        _reply(name, at, lane, row)
        for reply in replies(output)
        for row in everywhere(reply, "interface")
        if (name := word(row, "interface")) and (word(row, "sfp") or "").startswith("present")
        for at, lane in enumerate(list(rows(row, "lane")) or [row])
    ]


def _reply(name: str, at: int, lane: Object, row: Object) -> OpticsState:
    number = amount(lane, "lane_number")
    return OpticsState(
        interface=long_name(name),
        lane=int(number) if number is not None else at,
        rx_power_dbm=amount(lane, "rx_pwr"),
        tx_power_dbm=amount(lane, "tx_pwr"),
        bias_ma=amount(lane, "current"),
        temperature_c=amount(lane, "temperature"),
        voltage_v=amount(lane, "voltage"),
        type=word(row, "type"),
        vendor=word(row, "name"),
        part_number=word(row, "partnum"),
        serial_number=word(row, "serialnum"),
    )
