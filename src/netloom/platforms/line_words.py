"""Values out of lines: what follows a beginning, and what kind of word it is."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import TypeVar

from netloom.model.config import Tree
from netloom.model.noun import Record
from netloom.model.text import SEEN

AnyRecord = TypeVar("AnyRecord", bound=Record)


def value(lines: Iterable[str], beginning: str) -> str | None:
    """What follows a beginning in the first line that has it."""
    for text in lines:
        if text.startswith(beginning):
            return text[len(beginning) :]
    return None


def number(lines: Iterable[str], beginning: str) -> int | None:
    """The number that ends the first line with this beginning; None where it is not a number alone."""
    found = value(lines, beginning)
    return int(found) if found is not None and found.isdigit() else None


def word(lines: Iterable[str], beginning: str) -> str | None:
    """The one word that ends a line with this beginning; None where more follows."""
    found = value(lines, beginning)
    return found if found is not None and found and " " not in found else None


def address_word(lines: Iterable[str], beginning: str) -> str | None:
    """The address that ends a line with this beginning; None where it is another word, such as an interface's name."""
    found = word(lines, beginning)
    return found if found is not None and is_address(found) else None


def existing(section: Tree, line: str) -> str:
    """The line of a section that begins so and says more, or the line itself."""
    if line in section:
        return line
    return next((text for text in section if text.startswith(f"{line} ")), line)


def told(lines: Iterable[str], read: Callable[[str], AnyRecord | None]) -> dict[AnyRecord, str]:
    """The records that lines tell one by one, each with its line; of those with the same key the first."""
    found: dict[tuple[str, ...], tuple[AnyRecord, str]] = {}
    for text in lines:
        if (record := read(text)) is not None:
            found.setdefault(record.key, (record, text))
    return dict(found.values())


@lru_cache(SEEN)
def is_address(text: str) -> bool:
    """Whether a word is an IPv4 or IPv6 address."""
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True
