"""Host patterns of inventory files: `leaf[01:20]`, `db-[a:f:2]` and `leaf1:2222`."""

from __future__ import annotations

import re
from string import ascii_letters

PORT = re.compile(r"((?:[^:\[\]]|\[[^\]]*\])+):([0-9]+)")
BRACKETED_PORT = re.compile(r"\[([^\]]+)\]:([0-9]+)")
LIMIT = 1_000_000
"""Names that one pattern may stand for."""


def expand(pattern: str) -> tuple[list[str], int | None]:
    """The names a pattern stands for, and its port; raises ValueError."""
    if ":" not in pattern and "[" not in pattern:
        return [pattern], None
    name, port = _split_port(pattern)
    if name.endswith(":") and name.count("[") == name.count("]"):
        raise ValueError(f"host pattern {pattern!r}: expected a port after the colon")
    if "[" not in name:
        return [name], port
    return _expand(name), port


def _split_port(pattern: str) -> tuple[str, int | None]:
    found = BRACKETED_PORT.fullmatch(pattern) or PORT.fullmatch(pattern)
    return (found[1], int(found[2])) if found else (pattern, None)


def _expand(pattern: str) -> list[str]:
    names = [""]
    rest = pattern
    while "[" in rest:
        head, _, after = rest.partition("[")
        inside, closed, rest = after.partition("]")
        if not closed:
            raise ValueError(f"host pattern {pattern!r}: expected a closing ']'")
        values = _values(inside, pattern)
        if len(names) * len(values) > LIMIT:
            raise ValueError(f"host pattern {pattern!r} stands for more than {LIMIT} hosts")
        names = [f"{name}{head}{value}" for name in names for value in values]
    return [name + rest for name in names]


def _values(inside: str, pattern: str) -> list[str]:
    bounds = inside.split(":")
    if len(bounds) not in (2, 3):
        raise ValueError(f"host range [{inside}] in {pattern!r}: expected [begin:end] or [begin:end:step]")
    begin, end = bounds[0] or "0", bounds[1]
    if not end:
        raise ValueError(f"host range [{inside}] in {pattern!r}: expected an end after the colon")
    step = int(bounds[2]) if len(bounds) == 3 and bounds[2].isdigit() else 1
    if len(bounds) == 3 and (not bounds[2].isdigit() or step == 0):
        raise ValueError(f"host range [{inside}] in {pattern!r}: expected a step above zero, got {bounds[2]!r}")
    if begin.isdigit() and end.isdigit():
        return _numbers(begin, end, step, f"host range [{inside}] in {pattern!r}")
    if begin in ascii_letters and end in ascii_letters and len(begin) == len(end) == 1:
        first, last = ascii_letters.index(begin), ascii_letters.index(end)
        if first > last:
            raise ValueError(f"host range [{inside}] in {pattern!r}: expected begin before end (a…z, A…Z)")
        return list(ascii_letters[first : last + 1 : step])
    raise ValueError(f"host range [{inside}] in {pattern!r}: expected two numbers or two single letters")


def _numbers(begin: str, end: str, step: int, what: str) -> list[str]:
    width = len(begin) if begin.startswith("0") and len(begin) > 1 else 0
    if width and len(end) != width:
        raise ValueError(f"{what}: expected begin and end of equal length, as in [01:20]")
    if (int(end) - int(begin)) // step > LIMIT:
        raise ValueError(f"{what} stands for more than {LIMIT} hosts")
    return [str(number).zfill(width) for number in range(int(begin), int(end) + 1, step)]
