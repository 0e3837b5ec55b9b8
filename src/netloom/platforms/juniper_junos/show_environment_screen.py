"""Screens of the chassis: environment, routing engines, fans, hardware, and the processes' use of the system."""

from __future__ import annotations

import re
from collections.abc import Iterator

from netloom.model.environment import EnvironmentState
from netloom.platforms.juniper_junos import notation, show_environment
from netloom.platforms.juniper_junos.show_hardware import HEADING, modules
from netloom.platforms.replies import Reader

_ENVIRONMENT = re.compile(r"^Class\s+Item\s+Status\s+Measurement", re.MULTILINE)
_CLASS = re.compile(r"^(Temp|Power|Fans|Fan|Misc|Routing Engine)\s+(?=\S)")
_ITEM = re.compile(r"^\s*(\S.*?)\s{2,}(OK|Absent|Failed|Testing|Check|Online|Offline|Present|Ready|Empty|\w+)\s*(.*)$")
_ENGINE = re.compile(r"^\s*Routing Engine status:", re.MULTILINE)
_SLOT = re.compile(r"^\s*Slot (\d+):")
_MEMORY = re.compile(r"^\s*(?:DRAM|Total memory|Memory)\s+(\d+) MB", re.MULTILINE)
_USED = re.compile(r"^\s*(?:Memory utilization|Total memory.*?|.*Max.*?)\s+(\d+) percent", re.MULTILINE)
_IDLE = re.compile(r"^\s*Idle\s+(\d+(?:\.\d+)?) percent", re.MULTILINE)
_HEAT = re.compile(r"^\s*(CPU temperature|Temperature)\s+(\d+) degrees C", re.MULTILINE)
_MODEL = re.compile(r"^\s*Model\s+(\S.*\S)", re.MULTILINE)
_FAN = re.compile(r"^\s*Item\s+Status\s+(?:RPM|% RPM)\s+Measurement", re.MULTILINE)
_FAN_ROW = re.compile(r"^\s*(\S.*?)\s{2,}(\w+)\s+(?:\d+%?|\S+)\s+(\d+)(?: RPM)?\s*$")

_TOP = re.compile(r"^last\s+pid:|^top - ", re.MULTILINE)
_NODE = re.compile(r"^node:\s+(\S+)", re.MULTILINE)
_CPU_IDLE = re.compile(r"(\d+(?:\.\d+)?)(?:%\s+idle|\s+id\b)")
_MEM = re.compile(r"^\s*Mem:\s*(.*)$", re.MULTILINE)
_MEM_PART = re.compile(r"(\d+[KMGTB]?)\s+(\w+)")
_MEM_EVO = re.compile(
    r"^([KMGT])iB Mem\s*:\s*(\d+(?:\.\d+)?) total,\s*(\d+(?:\.\d+)?) free,\s*(\d+(?:\.\d+)?) used",
    re.MULTILINE | re.IGNORECASE,
)
_NOT_ADDED = frozenset({"Buf", "ARC", "Other"})
"""Parts of the others: buffers lie in active, inactive and wired memory."""


def environment(shown: str) -> list[EnvironmentState]:
    """Classes with their items."""
    found = []
    kind = ""
    for line in shown.splitlines():
        if match := _CLASS.match(line):
            kind = {"temp": "temperature", "power": "power", "fans": "fan", "fan": "fan"}.get(match[1].lower(), "")
            line = line[match.end() :]  # noqa: PLW2901 - the item stands behind its class
        if kind and (item := _ITEM.match(f"{line}  ")) and not _ENVIRONMENT.match(line):
            found.append(show_environment.part(kind, item[1], item[2], item[3].strip(), None))
    return found


def engines(shown: str) -> list[EnvironmentState]:
    """`show chassis routing-engine`, a paragraph each."""
    starts = [match.end() for match in _ENGINE.finditer(shown)]
    found: list[EnvironmentState] = []
    for at, start in enumerate(starts):
        below = shown[start : starts[at + 1] if at + 1 < len(starts) else len(shown)]
        slot = _SLOT.search(below.lstrip("\n"))
        found += _engine(slot[1] if slot else str(at), below)
    return found


def _engine(slot: str, below: str) -> Iterator[EnvironmentState]:
    idle, size, used, model = _IDLE.search(below), _MEMORY.search(below), _USED.search(below), _MODEL.search(below)
    if idle:
        yield EnvironmentState("cpu", slot, usage_percent=100.0 - float(idle[1]), model=model[1] if model else None)
    yield from show_environment.memory(slot, int(size[1]) * 1024**2 if size else None, float(used[1]) if used else None)
    for heat in _HEAT.finditer(below):
        title = " CPU" if heat[1].startswith("CPU") else ""
        yield EnvironmentState("temperature", f"Routing Engine {slot}{title}", temperature_c=float(heat[2]))


def fans(shown: str) -> list[EnvironmentState]:
    """`show chassis fan`."""
    rows = (_FAN_ROW.match(line) for line in shown.splitlines())
    return [
        EnvironmentState("fan", row[1], ok=show_environment.judged(row[2]), status=row[2], speed_rpm=int(row[3]))
        for row in rows
        if row
    ]


def hardware(shown: str) -> list[EnvironmentState]:
    """`show chassis hardware`: supplies, fans and cards; transceivers are optics."""
    return [
        show_environment.replaceable(
            module.name, " ".join((*module.parents, module.name)), module.description, module.serial_number
        )
        for module in modules(shown)
        if module.name != "Chassis" and not module.name.startswith("Xcvr")
    ]


def processes(shown: str) -> list[EnvironmentState]:
    """`show system processes`, brief to extensive: the header of `top`, on each node of a chassis."""
    nodes = list(_NODE.finditer(shown))
    ends = [*(node.start() for node in nodes[1:]), len(shown)]
    if not nodes:
        return list(_top("0", shown))
    return [state for node, end in zip(nodes, ends, strict=True) for state in _top(node[1], shown[node.end() : end])]


def _top(place: str, shown: str) -> Iterator[EnvironmentState]:
    if idle := _CPU_IDLE.search(shown):
        yield EnvironmentState("cpu", place, usage_percent=round(100.0 - float(idle[1]), 2))
    if evo := _MEM_EVO.search(shown):
        total, free, used = (notation.octets(f"{evo[at]}{evo[1]}") for at in (2, 3, 4))
        yield EnvironmentState("memory", place, total_bytes=total, used_bytes=used, available_bytes=free)
    elif line := _MEM.search(shown):
        sizes = {name: notation.octets(size) or 0 for size, name in _MEM_PART.findall(line[1])}
        total = sum(size for name, size in sizes.items() if name not in _NOT_ADDED)
        free = sizes.get("Free")
        used = None if free is None else total - free
        yield EnvironmentState("memory", place, total_bytes=total, used_bytes=used, available_bytes=free)


SCREENS: tuple[Reader[EnvironmentState], ...] = (
    Reader(HEADING, hardware),
    Reader(_ENVIRONMENT, environment),
    Reader(_ENGINE, engines),
    Reader(_FAN, fans),
    Reader(_TOP, processes),
)
