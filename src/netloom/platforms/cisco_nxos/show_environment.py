"""`show environment`: fans, temperatures and power supplies."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from netloom.model.environment import EnvironmentState
from netloom.platforms.cisco_nxos.screens import decimal, told
from netloom.platforms.cisco_nxos.tables import decimal as amount
from netloom.platforms.cisco_nxos.tables import everywhere, holds, replies, word
from netloom.platforms.json_output import Object

KNOWS_REPLY = holds(r"TABLE_(?:tempinfo|psinfo\w*|faninfo|fan_zone_speed)|fandetails\w*|powersup")
KNOWS = re.compile(
    r"^\s*(?:Fan|Temperature|Power Supply|Power Usage Summary)\s*:?\s*$|^Module\s+Sensor\s+Major", re.MULTILINE
)

_OK = ("ok", "none", "powered-up", "normal", "green")
_PART = re.compile(
    r"^\s*(Fan|Temperature(?:: \w+)?|Power Supply|Clock|Power Usage Summary|LED)\s*:?\s*$", re.IGNORECASE
)
_SENSOR = re.compile(r"(\S+)\s+(\S.*?)\s+(-?\d+|-|--|N/A)\s+(-?\d+|-|--|N/A)\s+(-?\d+|-|--|N/A)\s+([A-Za-z].*?)")
_FAN = re.compile(r"(\S+(?: \S+)*?)\s+(\S+)\s+(\S+)\s+(?:(\w+-to-\w+)\s+)?(\S.*?)")
_SUPPLY = re.compile(r"(\d+)\s+(\S+)\s+(.*?)\s*([A-Za-z][A-Za-z/-]*(?: [A-Za-z/-]+)*)")
_WATTS = re.compile(r"(-?\d+(?:\.\d+)?)\s*W\b")
_BARE = re.compile(r"-?\d+(?:\.\d+)?")
_MODEL_WATTS = re.compile(r"(\d+)W\b")


@dataclass(frozen=True, slots=True)
class Sensor:
    """A temperature, by the module that it is in."""

    module: str
    name: str
    degrees: float | None
    minor: float | None
    major: float | None
    status: str | None


def parts(output: str) -> list[EnvironmentState]:
    """Everything that the screen tells of."""
    supplies = [state for line in _rows(output, "power") if (state := _supply(line))]
    fans = [state for line in _rows(output, "fan") if (state := _fan(line))]
    return [*supplies, *fans, *_temperatures(sensors(output))]


def part_replies(output: str) -> list[EnvironmentState]:
    """Everything that the replies tell of."""
    found: list[EnvironmentState] = []
    for reply in replies(output):
        rows = everywhere(reply, r"psinfo\w*")
        found += [_supply_reply(str(at), row) for at, row in enumerate(rows, 1)]
        found += [
            EnvironmentState(
                "fan", name, ok=_ok(word(row, "fanstatus")), status=word(row, "fanstatus"), model=word(row, "fanmodel")
            )
            for row in everywhere(reply, "faninfo")
            if (name := word(row, "fanname"))
        ]
    return [*found, *_temperatures(sensors(output))]


def sensors(output: str) -> list[Sensor]:
    """Every temperature sensor, in the device's order."""
    if KNOWS_REPLY.search(output):
        return [
            Sensor(
                word(row, "tempmod") or "",
                name,
                amount(row, "curtemp"),
                amount(row, "minthres"),
                amount(row, "majthres"),
                word(row, "alarmstatus"),
            )
            for reply in replies(output)
            for row in everywhere(reply, "tempinfo")
            if (name := word(row, "sensor"))
        ]
    found = []
    for line in _rows(output, "temperature"):
        if match := _SENSOR.fullmatch(line):
            module, name, major, minor, degrees, status = match.groups()
            found.append(Sensor(module, name, decimal(degrees), decimal(minor), decimal(major), status))
        elif line[:1].isdigit():
            raise ValueError(f"expected module, sensor, thresholds and temperature, got {line!r}")
    return found


def _temperatures(found: Iterable[Sensor]) -> Iterator[EnvironmentState]:
    """Sensors of one name in one module are told apart by a number."""
    known: dict[str, int] = {}
    for sensor in found:
        name = " ".join(f"{sensor.module} {sensor.name}".split())
        known[name] = known.get(name, 0) + 1
        yield EnvironmentState(
            "temperature",
            name if known[name] == 1 else f"{name} {known[name]}",
            ok=_ok(sensor.status),
            status=sensor.status,
            temperature_c=sensor.degrees,
            warning_c=sensor.minor,
            critical_c=sensor.major,
        )


def _rows(output: str, kind: str) -> Iterator[str]:
    """The lines below a part's title; the modules' table of power stands there too."""
    inside = kind == "temperature" and not re.search(r"^\s*Temperature", output, re.MULTILINE)
    for line in output.splitlines():
        text = line.strip()
        if title := _PART.match(line):
            inside = title[1].lower().startswith(kind)
        elif kind == "power" and re.match(r"Mod(?:ule)?\s", text):
            inside = False
        elif inside and text and not text.startswith(("---", "(", "Fan Zone", "Module", "Voltage")):
            yield text


def _supply(line: str) -> EnvironmentState | None:
    match = _SUPPLY.fullmatch(line)
    if match is None:
        return None
    number, model, cells, status = match.groups()
    watts = [float(text) for text in _WATTS.findall(cells)]
    bare = [float(text) for text in _BARE.findall(cells)]
    # Nexus 3000 and 5000 print watts and amperes of the output, and the capacity in the model's name
    numbers = watts or bare
    drawn = numbers[0] if numbers else None
    capacity = (watts[-1] if len(watts) > 1 else None) if watts else rated(model)
    return EnvironmentState(
        "power",
        number,
        ok=_ok(status),
        status=status,
        capacity_w=capacity,
        output_w=drawn,
        input_w=watts[1] if len(watts) == 3 else None,
        model=None if set(model) == {"-"} else model,
    )


def _supply_reply(position: str, row: Object) -> EnvironmentState:
    status, model = word(row, "ps_status", "ps_status_3k"), word(row, "psmodel")
    capacity = amount(row, "tot_capa", "watts_capacity")
    return EnvironmentState(
        "power",
        word(row, "psnum") or position,
        ok=_ok(status),
        status=status,
        capacity_w=capacity if capacity is not None else rated(model),
        output_w=amount(row, "actual_out", "watts"),
        input_w=amount(row, "actual_in", "actual_input"),
        model=model,
    )


def rated(model: str | None) -> float | None:
    """The watts in a supply's model: NXA-PAC-500W."""
    match = _MODEL_WATTS.search(model or "")
    return float(match[1]) if match else None


def _fan(line: str) -> EnvironmentState | None:
    match = _FAN.fullmatch(line)
    if match is None or match[1] == "Fan":
        return None
    name, model, _, _, status = match.groups()
    return EnvironmentState("fan", name, ok=_ok(status), status=status, model=told(model))


def _ok(status: str | None) -> bool | None:
    return None if status is None else status.strip().lower() in _OK
