"""IOS screens as people save them: without what is not the command's own, and apart where a file holds several."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

from netloom.model.noun import Record
from netloom.platforms import replies
from netloom.platforms.interface_names import CISCO_IOS
from netloom.platforms.saved_screen import NOISE, apart

State = TypeVar("State", bound=Record)

_NOISE = re.compile(rf"{NOISE}|\s*\^\s*$|%|\*?\w{{3}} {{1,2}}\d{{1,2}} [\d:.]+(?: \w+)?: %")
"""Besides, messages, and the caret under a mistake."""
_FLOAT = re.compile(r"-?\d+(?:\.\d+)?")
_MINUTE_S = 60


def outputs(texts: Iterable[str]) -> list[str]:
    """Each command's own words; prompts part the outputs in one text."""
    return apart(texts, _NOISE)


def records(
    texts: Sequence[str], readers: Sequence[replies.Reader[State]], *, unite: tuple[str, ...] = ()
) -> list[State]:
    """What the outputs tell together, the first readers' words first; raises ValueError."""
    return replies.merged(outputs(texts), readers, ranked=True, unite=unite)


def rows(text: str, row: re.Pattern[str], begins: re.Pattern[str] | None = None) -> Iterator[re.Match[str]]:
    """The lines that are rows of a table; raises ValueError for one that begins as a row and is none."""
    for line in text.splitlines():
        if match := row.match(line):
            yield match
        elif begins is not None and begins.match(line):
            raise ValueError(f"expected a row of the table, got {line.strip()[:100]!r}")


def blocks(text: str, header: re.Pattern[str]) -> Iterator[tuple[re.Match[str], str]]:
    """Each match of a header and the text up to the next one."""
    found = list(header.finditer(text))
    ends = [*(match.start() for match in found[1:]), len(text)]
    yield from ((match, text[match.start() : end]) for match, end in zip(found, ends, strict=False))


def interface(name: str) -> str:
    """An interface's name as the running configuration spells it."""
    return CISCO_IOS.long(name)


def interfaces(names: str) -> tuple[str, ...]:
    """The interfaces of a list with commas or spaces."""
    return tuple(interface(name) for name in re.split(r"[,\s]+", names.strip(", \n")) if name)


def number(text: str | None) -> float | None:
    """A number, whatever marks and units follow it; None for N/A and the like."""
    match = _FLOAT.match((text or "").strip())
    return float(match[0]) if match else None


def integer(text: str | None) -> int | None:
    """A whole number; None where there is none."""
    text = (text or "").strip()
    return int(text) if text.isdigit() else None


def minutes(text: str | None) -> float | None:
    """An age in minutes, in seconds; None for `-`, which never ages."""
    found = integer(text)
    return None if found is None else float(found * _MINUTE_S)


def known(text: str | None) -> str | None:
    """Text that says something: None for nothing, N/A, not set and the like."""
    text = (text or "").strip()
    return None if text.lower().strip("<>") in ("", "-", "--", "n/a", "na", "none", "not set", "unassigned") else text
