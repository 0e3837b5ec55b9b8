"""Processors and memory: `show system resources`, `show processes cpu`, `show processes memory shared`."""

from __future__ import annotations

import re

from netloom.model.environment import EnvironmentState
from netloom.platforms.cisco_nxos.tables import decimal, everywhere, holds, number, replies

KNOWS_REPLY = holds(r"cpu_state_\w+|memory_usage_\w+|idle_percent|TABLE_process_\w+|TABLE_cpu_usage")
KNOWS = re.compile(
    r"^CPU (?:states|util)\s*:|^CPU utilization for five seconds|^Load average:|Memory usage:|shared memory totals",
    re.MULTILINE | re.IGNORECASE,
)

_ALL = re.compile(r"^CPU (?:states|util)\s*:.*?([\d.]+)% idle", re.MULTILINE)
_ONE = re.compile(r"^\s*CPU(\d+) states\s*:.*?([\d.]+)% idle", re.MULTILINE)
_UTILIZATION = re.compile(r"CPU utilization for five seconds: (\d+)%")
_MEMORY = re.compile(r"Memory usage:\s*(\d+)K total,\s*(\d+)K used,\s*(\d+)K free")
_SHARED = re.compile(r"Size: (\d+) MB, Used: (\d+) MB, Available: (\d+) MB", re.IGNORECASE)
_MEGABYTE = 1 << 20


def parts(output: str) -> list[EnvironmentState]:
    """The processors and the memories of a screen."""
    found = [_cpu(name, 100 - float(idle)) for name, idle in _ONE.findall(output)]
    if not found and (match := _ALL.search(output)):
        found = [_cpu("0", 100 - float(match[1]))]
    if match := _UTILIZATION.search(output):
        found.append(_cpu("0", float(match[1])))
    if match := _MEMORY.search(output):
        found.append(_memory("system", *(int(text) * 1024 for text in match.groups())))
    if match := _SHARED.search(output):
        found.append(_memory("shared", *(int(text) * _MEGABYTE for text in match.groups())))
    return found


def part_replies(output: str) -> list[EnvironmentState]:
    """The processors and the memories of the replies."""
    found = []
    for reply in replies(output):
        cpus = [
            _cpu(str(name), 100 - idle)
            for row in everywhere(reply, "cpu_usage")
            if (name := number(row, "cpuid")) is not None and (idle := decimal(row, "idle")) is not None
        ]
        idle = decimal(reply, "idle_percent", "cpu_state_idle")
        found += cpus or ([_cpu("0", 100 - idle)] if idle is not None else [])
        total, used, free = (number(reply, f"memory_usage_{word}") for word in ("total", "used", "free"))
        if total is not None and used is not None and free is not None:
            found.append(_memory("system", total * 1024, used * 1024, free * 1024))
        for row in everywhere(reply, "process_tag"):
            size, used, free = (
                number(row, f"process-memory-share-total-shm-{word}") for word in ("size", "used", "avail")
            )
            if size is not None and used is not None and free is not None:
                found.append(_memory("shared", size * _MEGABYTE, used * _MEGABYTE, free * _MEGABYTE))
    return found


def _cpu(name: str, usage: float) -> EnvironmentState:
    return EnvironmentState("cpu", name, usage_percent=round(usage, 2))


def _memory(name: str, total: int, used: int, free: int) -> EnvironmentState:
    return EnvironmentState("memory", name, total_bytes=total, used_bytes=used, available_bytes=free)
