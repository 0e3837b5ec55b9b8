"""Moments and spans of time as people name them: `10 min ago`, `2h`, `monday 14:00`, `last week`, ISO 8601."""

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
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_STEP = re.compile(r"(\d+(?:\.\d+)?|an?)\s*([a-z]+)")
_DAY = re.compile(r"(?:on )?(?:last )?([a-z]+)(?:\s+(?:at\s+)?(.+))?")
_DAYS_AGO = re.compile(r"(\d+|a) days? ago (?:at )?([\d:a-z]+)")
_CLOCK = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?")
_NAMED_CLOCKS = {"noon": (12, 0, 0), "midnight": (0, 0, 0)}
_PERIOD = re.compile(r"(this|last) (hour|day|week|month|year)")
_HINT = 'expected such as "10 min ago", "2h", "yesterday 14:00", "monday" or "2026-11-20 10:00"'
_SPAN_HINT = 'expected such as "90s", "15 min", "1h", "2 days" or "1h30m"'


def parse_when(text: str, now: datetime) -> datetime:
    """The moment in UTC; raises SourceError. Clock times without a zone are in `now`'s zone."""
    if now.tzinfo is None:
        raise ValueError("now needs a time zone")
    lowered = " ".join(text.lower().split())
    try:
        readings = (_ago, _day, _days_ago, _period)
        found = next((moment for read in readings if (moment := read(lowered, now))), None) or _iso(text.strip(), now)
        if found is not None:
            return found.astimezone(UTC)
    except OverflowError as exc:
        raise SourceError(f"{text!r} is out of the calendar", file="time", hint=_HINT) from exc
    raise SourceError(f"{text!r} is not a time", file="time", hint=_HINT)


def parse_span(text: str) -> timedelta:
    """How long something is: `1h`, `15 min`, `2 days`, always positive; raises SourceError."""
    try:
        found = _span(" ".join(text.lower().split()))
    except OverflowError as exc:
        raise SourceError(f"{text!r} is longer than the calendar", file="time", hint=_SPAN_HINT) from exc
    if not found:
        raise SourceError(f"{text!r} is not a span of time", file="time", hint=_SPAN_HINT)
    return found


def _ago(text: str, now: datetime) -> datetime | None:
    if text == "now":
        return now
    span = _span(text.removesuffix(" ago"))
    return None if span is None else now - span


def _span(text: str) -> timedelta | None:
    steps = text.replace(" and ", " ")
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
    return timedelta(seconds=seconds)


def _day(text: str, now: datetime) -> datetime | None:
    """A clock time of today, or a day's name with or without one; a weekday is the latest that is past."""
    if (today := _at(now, text)) is not None:
        return today
    found = _DAY.fullmatch(text)
    if found is None:
        return None
    word, clock = found.groups()
    back = _days_back(word, now)
    return None if back is None else _at(now - timedelta(days=back), clock or "midnight")


def _days_back(word: str, now: datetime) -> int | None:
    if word in ("today", "yesterday"):
        return int(word == "yesterday")
    weekday = next((at for at, name in enumerate(_WEEKDAYS) if word in (name, name[:3])), None)
    return None if weekday is None else (now.weekday() - weekday - 1) % 7 + 1


def _days_ago(text: str, now: datetime) -> datetime | None:
    """`2 days ago 14:00`."""
    found = _DAYS_AGO.fullmatch(text)
    if found is None:
        return None
    count, clock = found.groups()
    return _at(now - timedelta(days=1 if count == "a" else int(count)), clock)


def _at(day: datetime, clock: str) -> datetime | None:
    """A day's clock time: `14:00`, `noon`."""
    found = _CLOCK.fullmatch(clock)
    if found is None and clock not in _NAMED_CLOCKS:
        return None
    hour, minute, second = (int(part or 0) for part in found.groups()) if found else _NAMED_CLOCKS[clock]
    return day.replace(hour=hour, minute=minute, second=second, microsecond=0)


def _period(text: str, now: datetime) -> datetime | None:
    """Where this or the last hour, day, week, month or year began."""
    found = _PERIOD.fullmatch(text)
    if found is None:
        return None
    which, unit = found.groups()
    start = _beginning(unit, now)
    return start if which == "this" else _beginning(unit, start - timedelta(seconds=1))


def _beginning(unit: str, moment: datetime) -> datetime:
    hour = moment.replace(minute=0, second=0, microsecond=0)
    day = hour.replace(hour=0)
    return {
        "hour": hour,
        "day": day,
        "week": day - timedelta(days=day.weekday()),
        "month": day.replace(day=1),
        "year": day.replace(month=1, day=1),
    }[unit]


def _iso(text: str, now: datetime) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=now.tzinfo)
