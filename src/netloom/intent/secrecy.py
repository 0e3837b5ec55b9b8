"""Lines for people's eyes: no secrets, and nothing that a terminal obeys."""

from __future__ import annotations

import re
from collections.abc import Iterable

from netloom.model.config import Line
from netloom.platforms.redaction import redact


def shown(line: Line, secrets: Iterable[re.Pattern[str]]) -> str:
    """A line with its sections; what its platform, or the form of the words, says is secret becomes an ellipsis."""
    parts, patterns = (*line.path, line.text), tuple(secrets)
    # a section's header may be what makes a word below it a secret: snmp > community NAME
    found = {secret for text in (*parts, " ".join(parts)) for secret in redact(text, patterns, b"").secrets.values()}
    told = " > ".join(parts)
    for secret in sorted(found, key=len, reverse=True):
        told = re.sub(rf"(?<![\w.:-]){re.escape(secret)}(?![\w.:-])", "…", told)
    return printable(told)


def printable(text: str) -> str:
    """Text of a device's without control characters."""
    return "".join(letter if letter.isprintable() else f"\\x{ord(letter):02x}" for letter in text)
