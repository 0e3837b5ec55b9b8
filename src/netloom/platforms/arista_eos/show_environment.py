"""Fans, sensors and power supplies, as `show system environment …` tells them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from netloom.model.environment import EnvironmentState
from netloom.platforms.arista_eos import reply, show_inventory
from netloom.platforms.arista_eos.show_processes import PROCESSES, memory
from netloom.platforms.contract import Read
from netloom.platforms.json_output import Object, integer, items, members, text
from netloom.platforms.replies import Reader

READ = (
    Read("show processes top once"),
    Read("show version | json"),
    Read("show system environment cooling | json"),
    Read("show system environment temperature | json"),
    Read("show system environment power | json"),
)

_GOOD = ("ok", "connected", "good")

_FAN_HEAD = re.compile(r"^ *Fan +Status +.*Speed", re.MULTILINE)
_FAN_ROW = re.compile(
    r"(?P<name>\S+) +(?P<status>[A-Z][a-z]+(?: [A-Z]?[a-z]+)*) +"
    r"(?:(?P<set>\d+)%|N/A|-+) *(?:(?P<speed>\d+)%|N/A|-+)?(?: .*)?"
)
_POWER_HEAD = re.compile(r"^ *Supply +Model +.*\bStatus", re.MULTILINE)
_POWER_ROW = re.compile(
    r"(?P<name>\d+) +(?P<model>\S+) +(?P<capacity>\d+)W +(?P<input>[\d.]+)A +(?P<current>[\d.]+)A +"
    r"(?P<output>[\d.]+)W +(?P<status>[A-Z][A-Za-z]*(?: [A-Z][a-z]+)*)(?: +(?P<uptime>\S.*|-+))?"
)
_HEAT_HEAD = re.compile(r"^ *Sensor +Description", re.MULTILINE)
_HEAT_ROW = re.compile(
    r"(?P<sensor>\S+) +(?P<description>\S.*?) +(?P<now>-?\d+(?:\.\d+)?)C?(?: +\((?P<set>[^)]*)\))? *(?:C)?(?: +\S+)? +"
    r"(?P<alert>-?\d+(?:\.\d+)?)C? +(?P<critical>-?\d+(?:\.\d+)?)C?"
)
_MODULE = re.compile(r"(?P<kind>[A-Z][\w ]*?) ?(?P<slot>\d+):")


def parts(outputs: tuple[str, ...]) -> list[EnvironmentState]:
    """Processors, memory, fans, sensors and supplies."""
    return reply.observed(outputs, READERS)


def _json(document: Object) -> Iterator[EnvironmentState]:
    if "systemInformation" in document:
        yield from show_inventory.inventory_reply(document)
    elif "modules" in document:
        yield from show_inventory.modules_reply(document)
    elif "memTotal" in document:
        yield memory(int(document["memTotal"]) * 1024, int(document["memFree"]) * 1024)
    elif "fanTraySlots" in document:
        yield from _fans(document)
    elif "powerSupplies" in document:
        yield from (_supply(name, values) for name, values in members(document["powerSupplies"]))
    elif "tempSensors" in document or "cardSlots" in document:
        yield from _sensors(document)
    elif "cpuInfo" in document or "processes" in document:
        yield from _processors(document)
    elif "version" not in document:
        raise ValueError(f"expected a reply about the environment, got members {', '.join(document)[:80]!r}")


def _fans(document: Object) -> Iterator[EnvironmentState]:
    for group in ("fanTraySlots", "powerSupplySlots"):
        for slot in items(document.get(group)):
            for fan in items(slot.get("fans")):
                status = text(fan, "status")
                yield EnvironmentState(
                    kind="fan",
                    name=text(fan, "label") or "",
                    ok=_ok(status),
                    status=status,
                    speed_percent=_number(fan, "actualSpeed"),
                )


def _supply(name: str, values: Object) -> EnvironmentState:
    state = text(values, "state")
    return EnvironmentState(
        kind="power",
        name=name,
        ok=_ok(state),
        status=state,
        capacity_w=_number(values, "capacity"),
        output_w=_number(values, "outputPower"),
        input_w=_number(values, "inputPower"),
        model=text(values, "modelName"),
    )


def _sensors(document: Object) -> Iterator[EnvironmentState]:
    groups = [*items(document.get("cardSlots")), *items(document.get("powerSupplySlots")), document]
    for group in groups:
        for sensor in items(group.get("tempSensors")):
            status = text(sensor, "hwStatus")
            yield EnvironmentState(
                kind="temperature",
                name=text(sensor, "name") or "",
                ok=None if status is None else _ok(status) and sensor.get("inAlertState") is not True,
                status=status,
                temperature_c=_number(sensor, "currentTemperature"),
                warning_c=_number(sensor, "overheatThreshold"),
                critical_c=_number(sensor, "criticalThreshold"),
            )


def _processors(document: Object) -> Iterator[EnvironmentState]:
    """`show processes top once | json`."""
    for name, values in members(document.get("cpuInfo")):
        idle = _number(values, "idle")
        if idle is not None:
            number = name.strip("%Cpu(s)") or "0"
            yield EnvironmentState(kind="cpu", name=number, usage_percent=round(100 - idle, 1))
    ram = document.get("memInfo")
    if isinstance(ram, dict):
        told = ram.get("physicalMem", ram)
        total, free = integer(told, "memTotal"), integer(told, "memFree")
        if total is not None and free is not None:
            yield memory(total * 1024, free * 1024)


def _number(values: Object, name: str) -> float | None:
    value = values.get(name)
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _ok(status: str | None) -> bool | None:
    return None if status is None else status.lower() in _GOOD


def _screen(output: str) -> Iterator[EnvironmentState]:
    """Tables after one another, told apart by their headings; sensors in cards stand below the card's name."""
    reading, module = "", ""
    for line in output.splitlines():
        words = line.strip()
        head = next((name for name, pattern in _HEADS.items() if pattern.match(line)), None)
        if head:
            reading, module = head, "" if head != "temperature" else module
        elif named := _MODULE.fullmatch(words):
            module = f"{named['kind'].replace(' ', '')}{named['slot']}"
        elif reading == "fan" and (row := _FAN_ROW.fullmatch(words)):
            speed = reply.number(row["speed"] or row["set"])
            status = row["status"]
            yield EnvironmentState("fan", row["name"], ok=_ok(status), status=status, speed_percent=speed)
        elif reading == "power" and (row := _POWER_ROW.fullmatch(words)):
            yield EnvironmentState(
                kind="power",
                name=row["name"],
                ok=_ok(row["status"]),
                status=row["status"],
                capacity_w=float(row["capacity"]),
                output_w=float(row["output"]),
                model=row["model"],
            )
        elif reading == "temperature" and (row := _HEAT_ROW.fullmatch(words)):
            yield _sensor(row, module)


def _sensor(row: re.Match[str], module: str) -> EnvironmentState:
    """Named as eAPI names it: TempSensor1, and TempSensorP1/1 in a supply, TempSensor3/1 in a card."""
    label = row["sensor"]
    if label.isdigit():
        slot = re.sub(r"^(?:PowerSupply|Power|PSU)(?=\d)", "P", module)
        slot = re.sub(r"^[A-Za-z]+(?=\d)", "", slot) if not slot.startswith("P") else slot
        label = f"TempSensor{slot}/{label}" if slot else f"TempSensor{label}"
    now, alert, critical = float(row["now"]), float(row["alert"]), float(row["critical"])
    return EnvironmentState(
        kind="temperature",
        name=label,
        ok=now < alert,
        temperature_c=now,
        warning_c=alert,
        critical_c=critical,
    )


_HEADS = {"fan": _FAN_HEAD, "power": _POWER_HEAD, "temperature": _HEAT_HEAD}
_ANY = re.compile("|".join(f"(?:{pattern.pattern})" for pattern in _HEADS.values()), re.MULTILINE)

READERS = (
    reply.json_reader(_json),
    *PROCESSES,
    *show_inventory.READERS,
    Reader(_ANY, lambda output: list(_screen(output))),
)
