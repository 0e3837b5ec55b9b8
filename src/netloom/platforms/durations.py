"""Durations as devices write them, in seconds."""

from __future__ import annotations

import re

_UNITS = {"y": 365 * 86400, "w": 7 * 86400, "d": 86400, "h": 3600, "m": 60, "s": 1}
_WORDS = {"mo": 30 * 86400}
_NEVER = ("", "-", "--", "never", "n/a", "na", "none", "unknown", "not set")

_CLOCK = re.compile(r"(?:(\d+):)?(\d+):(\d\d)(?:\.\d+)?")
_DAYS_AND_CLOCK = re.compile(r"((?:\d+\s*[a-z()]+[\s,]*)+?)(?:and\s+)?(\d+):(\d\d)(?::(\d\d))?(?:\.\d+)?")
_SPANS = re.compile(r"\d+(?:\.\d+)?\s*[a-z]+(?:\(s\))?(?:(?:\s*,?\s*(?:and\s+)?)\d+(?:\.\d+)?\s*[a-z]+(?:\(s\))?)*")
_SPAN = re.compile(r"(\d+(?:\.\d+)?)\s*([a-z]+)(?:\(s\))?")
_ISO = re.compile(r"p(?:(\d+)y)?(?:(\d+)m)?(?:(\d+)w)?(?:(\d+)d)?(?:t(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)(?:\.\d+)?s)?)?")
_ISO_UNITS = (365 * 86400, 30 * 86400, 7 * 86400, 86400, 3600, 60, 1)


def seconds(text: str | None) -> int | None:
    """Whole seconds; None for `never` and the like; raises ValueError for what is no duration.

    Known are 00:01:02, 01:02 (minutes first), 1w2d, 3d04h, 1d 02:03:04, «2 years, 3 weeks, 5 minutes»,
    «44 day(s), 2 hour(s)», ISO 8601's P1DT2H and plain seconds; `ago` after any of them says nothing.
    """
    words = (text or "").strip().lower().removesuffix("ago").strip()
    if words in _NEVER:
        return None
    if re.fullmatch(r"\d+(?:\.\d+)?", words):
        return int(float(words))
    if clock := _CLOCK.fullmatch(words):
        hours, minutes, rest = (int(part or 0) for part in clock.groups())
        return hours * 3600 + minutes * 60 + rest
    found = _iso(words) if words.startswith("p") else _spans(words)
    if found is None:
        raise ValueError(f"expected a duration such as 1d02h or 00:01:02, got {text!r}")
    return found


def _iso(words: str) -> int | None:
    match = _ISO.fullmatch(words)
    if match is None or not any(match.groups()):
        return None
    return sum(int(count or 0) * unit for count, unit in zip(match.groups(), _ISO_UNITS, strict=True))


def _spans(words: str) -> int | None:
    """Counts with their units, and after them perhaps a clock, which begins with hours."""
    clock = 0
    if match := _DAYS_AND_CLOCK.fullmatch(words):
        words = match[1].rstrip(" ,")
        clock = int(match[2]) * 3600 + int(match[3]) * 60 + int(match[4] or 0)
    if not _SPANS.fullmatch(words):
        return None
    total = 0.0
    for count, unit in _SPAN.findall(words):
        size = _WORDS.get(unit[:2]) or _UNITS.get(unit[0])
        if size is None or unit.startswith(("mil", "ms", "us", "mic")):
            return None
        total += float(count) * size
    return int(total) + clock
