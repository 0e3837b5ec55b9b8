"""Spans of time as people write them: 30s, 5m, 1h30m, 7d."""

from __future__ import annotations

import re
from typing import Any

_UNITS = {"ms": 0.001, "s": 1, "m": 60, "min": 60, "h": 3600, "d": 86400, "w": 604800}
_STEP = re.compile(r"(\d+(?:\.\d+)?)\s*(ms|s|min|m|h|d|w)\s*")
_LONGEST = 366 * 86400.0


def seconds(value: Any) -> float:
    """A span in seconds; raises ValueError."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        found = float(value)
    elif isinstance(value, str) and re.fullmatch(f"(?:{_STEP.pattern})+", value.strip()):
        found = sum(float(amount) * _UNITS[unit] for amount, unit in _STEP.findall(value))
    else:
        raise ValueError(f"expected a time such as 30s, 5m or 2h, got {value!r}")
    if not 0 <= found <= _LONGEST:
        raise ValueError(f"expected a time of at most a year, got {value!r}")
    return found


def words(span: float) -> str:
    """Seconds as people write them: 1h30m."""
    if span < 1:
        return f"{span:g}s"
    left, parts = int(span), []
    for unit, size in (("d", 86400), ("h", 3600), ("m", 60), ("s", 1)):
        if amount := left // size:
            parts.append(f"{amount}{unit}")
        left %= size
    return "".join(parts[:2])
