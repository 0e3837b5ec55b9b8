"""`get_environment`."""

from __future__ import annotations

import re

from netloom.compat.napalm import shapes
from netloom.compat.napalm.juniper_junos import reading
from netloom.compat.napalm.replies import Replies
from netloom.compat.napalm.shapes import Shape
from netloom.model.environment import EnvironmentState
from netloom.platforms.juniper_junos import show_environment
from netloom.platforms.juniper_junos.environment import observed
from netloom.platforms.xml_output import decimal, integer, text

_POWER = ("get-power-usage-information-detail", "get-power-usage-information")
_OUTPUTS = ("get-environment-information", "get-temperature-threshold-information")


def get_environment(replies: Replies) -> Shape:
    """Sensors that are absent show 0 degrees; of several routing engines the last one's memory counts."""
    found: Shape = {"fans": {}, "temperature": {}, "power": {}, "cpu": {}, "memory": {}}
    fallback = _default_thresholds(replies)
    for part in observed(*(replies.first(asked) for asked in _OUTPUTS)):
        if part.kind == "fan":
            found["fans"][part.name] = {"status": part.ok is True}
        elif part.kind == "temperature":
            shown = shapes.temperature(_limited(part, *fallback))
            found["temperature"][part.name] = shown | {"temperature": max(shown["temperature"], 0.0)}
        elif part.kind == "power":
            found["power"][_supply(part.name)] = {"status": part.ok is True, "capacity": -1.0, "output": -1.0}
    for element in reading.reply(replies, *_POWER):
        for part in show_environment.supplies(element):
            found["power"][_supply(part.name)] = {
                "status": part.ok is True,
                "capacity": -1.0 if part.capacity_w is None else part.capacity_w,
                "output": -1.0 if part.output_w is None else part.output_w,
            }
    return found | _engines(replies)


def _supply(name: str) -> str:
    return re.sub("PEM", "Power Supply", name)


def _limited(part: EnvironmentState, warning: float | None, critical: float | None) -> EnvironmentState:
    """A sensor of no known card has the chassis's limits."""
    if part.warning_c is not None:
        return part
    return EnvironmentState(
        part.kind, part.name, temperature_c=part.temperature_c, warning_c=warning, critical_c=critical
    )


def _default_thresholds(replies: Replies) -> tuple[float | None, float | None]:
    entries = reading.every(replies, "get-temperature-threshold-information", "temperature-threshold")
    for entry in sorted(entries, key=lambda each: text(each, "name") != "Chassis default")[:1]:
        return decimal(entry, "yellow-alarm"), decimal(entry, "red-alarm")
    return None, None


def _engines(replies: Replies) -> Shape:
    cpu: Shape = {}
    memory: Shape = {}
    for at, engine in enumerate(reading.every(replies, "get-route-engine-information", "route-engine")):
        cpu[text(engine, "slot") or str(at)] = {"%usage": 100.0 - (decimal(engine, "cpu-idle") or 0.0)}
        size = int(re.sub(r"\D", "", (text(engine, "memory-dram-size") or "").split("(")[0]) or 0)
        used = integer(engine, "memory-system-total-used")
        percent = decimal(engine, "memory-buffer-utilization") or 0.0
        memory = {"available_ram": size, "used_ram": round(size / 100 * percent) if used is None else used}
    return {"cpu": cpu, "memory": memory}
