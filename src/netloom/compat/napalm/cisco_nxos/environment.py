"""NAPALM's get_environment, on NX-OS: its two drivers ask different commands."""

from __future__ import annotations

from typing import Any

from netloom.compat.napalm import shapes
from netloom.compat.napalm.cisco_nxos.names import is_json
from netloom.compat.napalm.replies import Replies
from netloom.model.environment import EnvironmentState
from netloom.platforms.cisco_nxos import environment, show_environment

_INVALID_FAN = {"invalid": {"status": True}}
_INVALID_POWER = {"invalid": {"status": True, "output": -1.0, "capacity": -1.0}}
_KILO = 1000


def get_environment(asked: Replies) -> object:
    """From structured replies everything; from screens temperatures, processors and memory."""
    reply = asked.first("show environment", "show environment | json")
    if is_json(reply):
        return _structured(reply, asked)
    temperatures = asked.first("show environment temperature", "show environment")
    resources = environment.observed(asked.first("show system resources", "show system resources | json"))
    found = shapes.environment([part for part in resources if part.kind == "cpu"])
    memory = next((part for part in resources if part.kind == "memory"), None)
    return found | {
        "fans": _INVALID_FAN,
        "power": _INVALID_POWER,
        "memory": _memory(memory, 1024),
        "temperature": {
            f"{sensor.name}-{sensor.module}": _temperature(sensor) for sensor in show_environment.sensors(temperatures)
        },
    }


def _memory(part: EnvironmentState | None, unit: int) -> dict[str, int]:
    """NAPALM counts all of the memory as available."""
    if part is None or part.total_bytes is None or part.used_bytes is None:
        return {"available_ram": -1, "used_ram": -1}
    return {"available_ram": part.total_bytes // unit, "used_ram": part.used_bytes // unit}


def _structured(reply: str, asked: Replies) -> dict[str, Any]:
    parts = environment.observed(reply, asked.first("show processes cpu", "show system resources"))
    shared = environment.observed(asked.first("show processes memory shared"))
    kept = [part for part in parts if part.kind in ("power", "cpu") or _is_fan(part)]
    memory = next((part for part in shared if part.kind == "memory"), None)
    return shapes.environment(kept) | {
        # the device counts megabytes; NAPALM multiplies them by a thousand
        "memory": {
            "available_ram": (memory.available_bytes or 0) // (1 << 20) * _KILO if memory else -1,
            "used_ram": (memory.used_bytes or 0) // (1 << 20) * _KILO if memory else -1,
        },
        "temperature": dict(_temperatures(reply)),
    }


def _is_fan(part: EnvironmentState) -> bool:
    """Fans of power supplies count with those."""
    return part.kind == "fan" and "_in_PS" not in part.name


def _temperatures(reply: str) -> list[tuple[str, dict[str, Any]]]:
    """Sensors are counted within their module."""
    found, counts = [], dict[str, int]()
    for sensor in show_environment.sensors(reply):
        counts[sensor.module] = counts.get(sensor.module, 0) + 1
        found.append((f"{sensor.module}-{counts[sensor.module]} {sensor.name}", _temperature(sensor)))
    return found


def _temperature(sensor: show_environment.Sensor) -> dict[str, Any]:
    degrees = -1.0 if sensor.degrees is None else sensor.degrees
    return {
        "temperature": degrees,
        "is_alert": sensor.minor is not None and degrees > sensor.minor,
        "is_critical": sensor.major is not None and degrees > sensor.major,
    }
