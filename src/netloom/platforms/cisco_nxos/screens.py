"""NX-OS' screens: what stands below a heading, and values beside their labels."""

from __future__ import annotations

import re
from collections.abc import Iterator

from netloom.platforms.durations import seconds
from netloom.platforms.interface_names import CISCO_NXOS

_EMPTY = ("", "-", "--", "N/A", "n/a", "not advertised", "null")


def sections(text: str, heading: re.Pattern[str]) -> Iterator[tuple[re.Match[str], str]]:
    """Each place where a heading stands, and the text up to the next."""
    found = list(heading.finditer(text))
    for at, match in enumerate(found):
        end = found[at + 1].start() if at + 1 < len(found) else len(text)
        yield match, text[match.end() : end]


def value(text: str, label: re.Pattern[str]) -> str | None:
    """What the label's group catches first; None where the device leaves it empty."""
    match = label.search(text)
    return told(match[1]) if match else None


def told(cell: str | None) -> str | None:
    """A cell's text without the spaces around it; None for the ways to leave one empty."""
    stripped = (cell or "").strip()
    return None if stripped in _EMPTY else stripped


def number(cell: str | None) -> int | None:
    """A cell's whole number, None where it holds none."""
    stripped = (cell or "").strip()
    return int(stripped) if stripped.isdigit() else None


def decimal(cell: str | None) -> float | None:
    """A cell's number, None where it holds none."""
    match = re.fullmatch(r"\s*(-?\d+(?:\.\d+)?)\s*", cell or "")
    return float(match[1]) if match else None


def long_name(name: str) -> str:
    """An interface's name as the running configuration spells it."""
    return CISCO_NXOS.long(name.strip())


def age(text: str | None) -> int | None:
    """A duration's seconds; None for none, and for what is no duration."""
    try:
        return seconds(text)
    except ValueError:
        return None
