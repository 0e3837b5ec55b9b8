"""Numbers of autonomous systems as devices write them: plain, or as two halves with a dot (RFC 5396)."""

from __future__ import annotations

import re

_NUMBER = re.compile(r"(?:(\d+)\.)?(\d+)")


def asn(shown: object) -> int | None:
    """A number or the text of one; None for anything else."""
    match = _NUMBER.fullmatch(str(shown).strip())
    return (int(match[1] or 0) << 16) + int(match[2]) if match else None


def as_number(text: str) -> int:
    """The number that a line is known to hold; raises ValueError where it does not."""
    found = asn(text)
    if found is None:
        raise ValueError(f"expected an AS number, got {text!r}")
    return found
