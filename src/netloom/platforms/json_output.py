"""JSON as devices print it: after warnings, several documents in a row, or none at all."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

_START = re.compile(r"^\s*([\[{])", re.MULTILINE)
_NOTHING_THERE = re.compile(
    r"(?i)^\s*(?:%.*\b(?:not found|no .*(?:configured|found)|not (?:exist|configured|enabled))\b"
    r"|\S+ is not running\s*$|.*\binstance\b.*\bnot found|no \S+ (?:process|instance)\b)"
)
"""vtysh's ways to say that a daemon does not run, or runs without an instance."""
_DECODER = json.JSONDecoder()

Object = Mapping[str, Any]


def documents(output: str) -> list[Any]:
    """Every JSON document of an output; none where the device says that there is nothing; raises ValueError."""
    found, at = [], 0
    while match := _START.search(output, at):
        try:
            value, at = _DECODER.raw_decode(output, match.start(1))
        except json.JSONDecodeError as exc:
            line_end = output.find("\n", match.start(1))
            if output[match.start(1)] == "[" and exc.pos <= line_end:
                at = line_end  # a log line such as «[WARN] …», not a list
                continue
            raise ValueError(f"expected whole JSON, got {_shortened(output[match.start(1) :])!r} ({exc})") from exc
        found.append(value)
    if not found:
        for line in output.splitlines():
            if line.strip() and not _NOTHING_THERE.search(line):
                raise ValueError(f"expected JSON, got {_shortened(line)!r}")
    return found


def objects(output: str) -> list[Object]:
    """The documents that are objects; raises ValueError where another kind stands."""
    return [_expect_object(document) for document in documents(output)]


def elements(output: str) -> list[Object]:
    """The objects of every document that is a list; raises ValueError where another kind stands."""
    found = []
    for document in documents(output):
        if not isinstance(document, list):
            raise ValueError(f"expected a JSON list, got {_shortened(json.dumps(document))!r}")  # noqa: TRY004 - a text is wrong, no type
        found += [_expect_object(element) for element in document if element]
    return found


def members(value: Any) -> Iterator[tuple[str, Object]]:
    """The members of an object that are objects themselves; nothing where it is none."""
    if isinstance(value, Mapping):
        yield from ((name, member) for name, member in value.items() if isinstance(member, Mapping))


def items(value: Any) -> Iterator[Object]:
    """The objects of a list, or the one object that stands for a list of one."""
    if isinstance(value, Mapping):
        yield value
    elif isinstance(value, Sequence) and not isinstance(value, str):
        yield from (item for item in value if isinstance(item, Mapping))


def text(value: Object, *names: str) -> str | None:
    """The first of these members that holds text or a number, None where none does or it is empty."""
    for name in names:
        member = value.get(name)
        if isinstance(member, str | int | float) and not isinstance(member, bool) and str(member):
            return str(member)
    return None


def integer(value: Object, *names: str) -> int | None:
    """The first of these members that is a whole number, also as text; None where none is."""
    for name in names:
        member = value.get(name)
        if isinstance(member, bool):
            continue
        if isinstance(member, int) or (isinstance(member, float) and member.is_integer()):
            return int(member)
        if isinstance(member, str) and re.fullmatch(r"-?\d+", member.strip()):
            return int(member)
    return None


def flag(value: Object, *names: str) -> bool:
    """Whether one of these members is true, also as text."""
    for name in names:  # noqa: SIM110 - twice as fast as any(), in what large routing tables are read with
        if value.get(name) in (True, "true", "yes", "on"):
            return True
    return False


def words(value: Object, name: str) -> tuple[str, ...]:
    """The texts of a list, or the one text that stands for a list of one."""
    member = value.get(name)
    listed = member if isinstance(member, list) else [member]
    return tuple(word for word in listed if isinstance(word, str))


def _expect_object(value: Any) -> Object:
    if isinstance(value, Mapping):
        return value
    raise ValueError(f"expected a JSON object, got {_shortened(json.dumps(value))!r}")


def _shortened(words: str) -> str:
    line = " ".join(words.split())
    return line if len(line) <= 80 else f"{line[:79]}…"
