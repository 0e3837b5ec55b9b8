"""Processors and memory: `show processes cpu`, `show processes memory`, `show memory statistics`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from netloom.model.environment import EnvironmentState
from netloom.platforms.replies import Reader

_CPU = re.compile(
    r"(?m)^ *(?:(?:Core|Slot|CPU) (?P<core>\S+?): )?CPU utilization for five seconds: *(?P<five>\d+)%(?:/\d+%)?[;,] +"
    r"one minute: *(?P<one>\d+)%[;,] +five minutes: *(?P<long>\d+)%"
)


def _processors(text: str) -> Iterator[EnvironmentState]:
    """The load of the last minute."""
    cores = list(_CPU.finditer(text))
    named = [match for match in cores if match["core"]]
    for match in named or cores[:1]:
        yield EnvironmentState(kind="cpu", name=match["core"] or "0", usage_percent=float(match["one"]))


_POOL = re.compile(r"(?m)^ *(?P<name>\S.*?) Pool Total: *(?P<total>\d+) Used: *(?P<used>\d+) Free: *(?P<free>\d+)")
_OLD_TOTAL = re.compile(r"(?m)^Total: (?P<total>\d+), Used: (?P<used>\d+), Free: (?P<free>\d+)")


def _pools(text: str) -> Iterator[EnvironmentState]:
    for match in _POOL.finditer(text):
        yield _memory(match["name"], match)
    for match in _OLD_TOTAL.finditer(text):
        yield _memory("Processor", match)


def _memory(name: str, match: re.Match[str]) -> EnvironmentState:
    return EnvironmentState(
        kind="memory",
        name=name,
        total_bytes=int(match["total"]),
        used_bytes=int(match["used"]),
        available_bytes=int(match["free"]),
    )


_STATISTICS_HEADER = re.compile(r"(?m)^ *Head +Total\(b\) +Used\(b\) +Free\(b\)")
_STATISTICS_ROW = re.compile(
    r"(?m)^ *(?P<name>[A-Za-z][^\s].*?) +(?P<head>[0-9A-Fa-f]{4,}) +(?P<total>\d+) +(?P<used>\d+)"
    r" +(?P<free>\d+) +\d+ +\d+ *$"
)


def _statistics(text: str) -> Iterator[EnvironmentState]:
    for match in _STATISTICS_ROW.finditer(text):
        yield _memory(match["name"], match)


READERS = (
    Reader(_CPU, _processors),
    Reader(_STATISTICS_HEADER, _statistics),
    Reader(lambda text: bool(_POOL.search(text) or _OLD_TOTAL.search(text)), _pools),
)
