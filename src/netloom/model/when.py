"""Moments as people name them: `10 min ago`, `2h`, `yesterday 14:00`, ISO 8601."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from netloom.errors import SourceError

_UNITS = {
    "s": 1, "sec": 1, "secs": 1, "second": 1, "seconds": 1,
    "m": 60, "min": 60, "mins": 60, "minute": 60, "minutes": 60,
    "h": 3600, "hr": 3600, "hrs": 3600, "hour": 3600, "hours": 3600,
    "d": 86400, "day": 86400, "days": 86400,
    "w": 604800, "week": 604800, "weeks": 604800,
}  # fmt: skip
_STEP = re.compile(r"(\d+(?:\.\d+)?|an?)\s*([a-z]+)")
_DAY = re.compile(r"(today|yesterday)(?:\s+(?:at\s+)?(.+))?")
_CLOCK = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?")
_HINT = 'expected such as "10 min ago", "2h", "yesterday 14:00" or "2026-11-20 10:00"'


def parse_when(text: str, now: datetime) -> datetime:
    """The moment in UTC; raises SourceError. Clock times without a zone are in `now`'s zone."""
    if now.tzinfo is None:
        raise ValueError("now needs a time zone")
    lowered = " ".join(text.lower().split())
    try:
        found = _ago(lowered, now) or _day(lowered, now) or _iso(text.strip(), now)
        if found is not None:
            return found.astimezone(UTC)
    except OverflowError as exc:
        raise SourceError(f"{text!r} is out of the calendar", file="time", hint=_HINT) from exc
    raise SourceError(f"{text!r} is not a time", file="time", hint=_HINT)


def _ago(text: str, now: datetime) -> datetime | None:
    if text == "now":
        return now
    steps = text.removesuffix(" ago").replace(" and ", " ")
    seconds = 0.0
    at = 0
    for found in _STEP.finditer(steps):
        amount, unit = found.groups()
        if steps[at : found.start()].strip() or unit not in _UNITS:
            return None
        seconds += _UNITS[unit] * (1 if amount.startswith("a") else float(amount))
        at = found.end()
    if at == 0 or steps[at:].strip():
        return None
    return now - timedelta(seconds=seconds)


def _day(text: str, now: datetime) -> datetime | None:
    found = _DAY.fullmatch(text)
    word, clock = found.groups() if found else ("today", text)
    at = _CLOCK.fullmatch(clock) if clock else None
    if at is None and (clock or not found):
        return None
    day = now - timedelta(days=1) if word == "yesterday" else now
    hour, minute, second = (int(part or 0) for part in at.groups()) if at else (0, 0, 0)
    return day.replace(hour=hour, minute=minute, second=second, microsecond=0)


def _iso(text: str, now: datetime) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=now.tzinfo)
