"""The moments that syslog messages begin with: RFC 5424's, RFC 3164's, and those that vendors write instead.

Many leave out the year, the zone, or both. The year is the last that puts the message before it was received, or little
after: clocks differ.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo

AHEAD = timedelta(days=7)
"""A message that names no year may be so much later than when it was received."""

_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTHS = {name: at for at, name in enumerate(_NAMES, 1)}
_MONTH = r"(?P<month>Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
_TIME = r"(?P<hour>\d\d?):(?P<minute>\d\d):(?P<second>\d\d)(?:[.,](?P<fraction>\d{1,9}))?"
_OFFSET = r"(?P<zone>Z|UTC|[+-]\d\d:?\d\d)"
ZONES: Mapping[str, float] = {
    "UTC": 0, "GMT": 0, "Z": 0, "WET": 0, "WEST": 1, "BST": 1, "CET": 1, "MET": 1, "CEST": 2, "MEST": 2, "MESZ": 2,
    "MEZ": 1, "EET": 2, "EEST": 3, "SAST": 2, "MSK": 3, "JST": 9, "KST": 9, "HKT": 8, "SGT": 8, "AEST": 10,
    "AEDT": 11, "NZST": 12, "NZDT": 13, "EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8,
    "PDT": -7, "BRT": -3,
}  # fmt: skip
"""Hours east; names that stand for several zones mean what network devices are most often set to."""
_ZONE = rf"(?:\s?(?P<zone>[+-]\d\d:?\d\d|(?-i:(?:{'|'.join(ZONES)})\b|[A-Z]{{3,5}}(?=\s*:))))"
"""A name that is not known must be followed by a colon, or it may be the device's."""
_MARK = r"(?P<mark>[*.]?)"
"""Cisco: the clock was never set (*), or has lost its source (.)."""

_FORMS = tuple(
    re.compile(pattern, re.IGNORECASE if "month" in pattern else 0)
    for pattern in (
        # 2020-03-31T08:41:59.123+00:00, 2020-03-31 08:41:59
        rf"{_MARK}(?P<year>\d{{4}})-(?P<number>\d\d)-(?P<day>\d\d)(?:T|\s){_TIME}{_OFFSET}?",
        # 2018 Apr 20 13:15:07.123 UTC, 2018-Nov- 9 15:42:06.972
        rf"{_MARK}(?P<year>\d{{4}})[ -]{_MONTH}(?:\s+|-\s?)(?P<day>\d\d?)\s+{_TIME}{_ZONE}?",
        # Mar 28 2020 15:08:30.941 UTC
        rf"{_MARK}{_MONTH}\s+(?P<day>\d\d?)\s+(?P<year>\d{{4}})\s+{_TIME}{_ZONE}?",
        # Mar 28 15:08:30.941 UTC 2020, Mar 28 15:08:30
        rf"{_MARK}{_MONTH}\s+(?P<day>\d\d?)\s+{_TIME}{_ZONE}?(?:\s(?P<year>20\d\d)(?=[:\s]))?",
    )
)
_UPTIME = re.compile(
    r"[*.]?(?:(?P<years>\d+)y)?(?:(?P<weeks>\d+)w)?(?:(?P<days>\d+)d)?(?:(?P<hours>\d+)h|(?P<clock>\d+:\d\d:\d\d))?:"
)
"""Cisco's `service timestamps log uptime`: 00:01:02, 3d04h, 2w1d."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """A moment at the beginning of a text."""

    moment: datetime | None
    """None for an uptime, and for a day that does not exist."""
    end: int
    """Where the text goes on."""
    synchronized: bool = True
    """False where a Cisco device marks its clock as not to be trusted."""


def read_stamp(text: str, at: int, received: datetime, zone: tzinfo = UTC) -> Stamp | None:
    """The moment that stands at a place, None where there is none; `zone` where it names none that is known."""
    for form in _FORMS:
        if match := form.match(text, at):
            words = match.groupdict()
            return Stamp(_moment(words, received, zone), match.end(), not words["mark"])
    match = _UPTIME.match(text, at)
    if match and match.end() > at + 2:
        return Stamp(None, match.end() - 1)
    return None


def _moment(words: Mapping[str, str | None], received: datetime, zone: tzinfo) -> datetime | None:
    month = _MONTHS[(words["month"] or "").lower()] if words.get("month") else int(words["number"] or 0)
    where = _zone(words.get("zone")) or zone
    fraction = (words["fraction"] or "").ljust(6, "0")[:6]
    clock = int(words["hour"] or 0), int(words["minute"] or 0), int(words["second"] or 0), int(fraction)
    year = words.get("year")
    found = []
    for candidate in [int(year)] if year else [received.year - 1, received.year, received.year + 1]:
        try:
            hour, minute, second, microsecond = clock
            whole = datetime(
                candidate, month, int(words["day"] or 0), hour, minute, min(second, 59), microsecond, where
            )
            found.append(whole + timedelta(seconds=second - min(second, 59)))
        except (ValueError, OverflowError):  # the 29th of February, or a day that no month has
            continue
    # To the second, as it is received: what a fraction says never changes the year.
    past = [moment for moment in found if moment.replace(microsecond=0) <= received + AHEAD]
    return max(past) if past else min(found, default=None)


def _zone(name: str | None) -> tzinfo | None:
    if not name:
        return None
    if name[0] in "+-":
        digits = name[1:].replace(":", "")
        minutes = int(digits[:2]) * 60 + int(digits[2:])
        return timezone(timedelta(minutes=minutes if name[0] == "+" else -minutes)) if minutes < 24 * 60 else None
    hours = ZONES.get(name.upper())
    return None if hours is None else timezone(timedelta(hours=hours))
