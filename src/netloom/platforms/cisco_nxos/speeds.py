"""Speeds as NX-OS writes them: «1000 Mb/s», `10G(D)`, `a-1000`, `auto(D)`."""

from __future__ import annotations

import re

_SPEED = re.compile(
    r"(?:a-)?(\d+(?:\.\d+)?) ?([KMGT]?)(?:b(?:it|ps|/s)?(?:/s(?:ec)?)?)?(?:\(D\)|\(S\))?", re.IGNORECASE
)
_UNITS = {"": 1_000_000, "K": 1_000, "M": 1_000_000, "G": 1_000_000_000, "T": 1_000_000_000_000}
"""A bare number counts megabits."""


def bits_per_second(text: str | None) -> int | None:
    """The speed of a cell; None where it is negotiated, inherited or left empty."""
    match = _SPEED.fullmatch((text or "").strip())
    return int(float(match[1]) * _UNITS[match[2].upper()]) if match else None
