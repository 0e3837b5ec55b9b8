"""Processor and memory, as `show processes top once` and `show version` print them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from netloom.model.environment import EnvironmentState
from netloom.platforms.replies import Reader

_UNITS = {"k": 1024, "m": 1024**2, "g": 1024**3, "t": 1024**4}
_CPU = re.compile(r"^%?Cpu(?P<number>\(s\)|\d+) *:.*?(?P<idle>\d+(?:\.\d+)?) ?%?id", re.MULTILINE)
_MEMORY = re.compile(r"^(?:(?P<unit>[KMGT])iB )?Mem *:(?P<cells>.*)$", re.MULTILINE)
_CELL = re.compile(r"(?P<amount>\d+(?:\.\d+)?)(?P<unit>[kmgt])? +(?P<what>total|used|free)")
_VERSION = re.compile(r"^Total memory: *(?P<total>\d+) kB\s*\n^Free memory: *(?P<free>\d+) kB", re.MULTILINE)


def memory(total: int, free: int) -> EnvironmentState:
    """The system's memory in bytes."""
    return EnvironmentState(
        kind="memory", name="system", total_bytes=total, used_bytes=total - free, available_bytes=free
    )


def _top(output: str) -> Iterator[EnvironmentState]:
    for match in _CPU.finditer(output):
        name = "0" if match["number"] == "(s)" else match["number"]
        yield EnvironmentState(kind="cpu", name=name, usage_percent=round(100 - float(match["idle"]), 1))
    if row := _MEMORY.search(output):
        told = {
            cell["what"]: round(float(cell["amount"]) * _UNITS[(row["unit"] or cell["unit"] or "k").lower()])
            for cell in _CELL.finditer(row["cells"])
        }
        yield EnvironmentState(
            kind="memory",
            name="system",
            total_bytes=told.get("total"),
            used_bytes=told.get("used"),
            available_bytes=told.get("free"),
        )


def _version(output: str) -> Iterator[EnvironmentState]:
    for match in _VERSION.finditer(output):
        yield memory(int(match["total"]) * 1024, int(match["free"]) * 1024)


PROCESSES = (
    Reader(re.compile(r"^(?:top - |%?Cpu\S*:)", re.MULTILINE), lambda output: list(_top(output))),
    Reader(_VERSION, lambda output: list(_version(output))),
)
