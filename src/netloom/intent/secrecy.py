"""Lines for people's eyes: no secrets, and nothing that a terminal obeys."""

from __future__ import annotations

import re
from collections.abc import Iterable

from netloom.model.config import Line


def shown(line: Line, secrets: Iterable[re.Pattern[str]]) -> str:
    """A line with its sections, what its platform says is secret replaced by an ellipsis."""
    patterns = tuple(secrets)
    return printable(" > ".join(_masked(part, patterns) for part in (*line.path, line.text)))


def printable(text: str) -> str:
    """Text of a device's without control characters."""
    return "".join(letter if letter.isprintable() else f"\\x{ord(letter):02x}" for letter in text)


def _masked(text: str, patterns: tuple[re.Pattern[str], ...]) -> str:
    for pattern in patterns:
        text = pattern.sub(_hidden, text)
    return text


def _hidden(match: re.Match[str]) -> str:
    start, end = (place - match.start() for place in match.span("secret"))
    return match.group() if start < 0 else match.group()[:start] + "…" + match.group()[end:]
