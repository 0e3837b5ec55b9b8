"""The forms that nearly all syslog messages have, taken apart by one expression, as `syslog.parse` does it.

What the expression does not match exactly is for `parse`: a form stands here only where there is no doubt.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, tzinfo

from netloom.codecs.syslog_time import ZONES, read_stamp

_MONTH = "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec"
_DAY = rf"(?:\d{{4}} )?(?:{_MONTH}) {{1,2}}\d{{1,2}} (?:\d{{4}} )?\d\d:\d\d:\d\d"
_ISO = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d"
_OFFSET = r"Z|[+-]\d\d:\d\d"
_STAMP_BEGINS = rf"[*.:\d\s]|(?i:{_MONTH})"
"""What a second moment, a relay's, could begin with."""
_NO_NAME = rf"[A-Z]{{3,5}}\s*:|(?:{'|'.join(ZONES)})\b|20\d\d\b"
"""What belongs to the moment: a zone, a year."""

COMMON = re.compile(
    r"<(\d{1,3})>(?:"
    # RFC 5424: <165>1 2026-11-20T20:50:00.123Z host app 12 ID47 - text
    rf"1 ({_ISO})(?:\.(\d{{1,9}}))?({_OFFSET}) (\S+) (\S+) (\S+) (\S+) (?:(-)(?: |$)|(?=\[))"
    r"|"
    # Cisco's numbers and name: <189>45: 000046: r1:   gw2 LC/0/2/CPU0:
    r"(?:: |(?:(\d{1,12}): (?:(\d{1,12}): )?)?"
    r"(?:([A-Za-z_][A-Za-z0-9_.-]*)(?:: | ([A-Za-z0-9_./-]+):(?=[JFMASOND])))?)"
    # the moment: *Nov 14 22:13:20.123 UTC   2026-11-20T20:50:00.123+01:00
    rf"([*.]?)({_DAY}|{_ISO})(?:\.(\d{{1,9}}))?({_OFFSET}| [A-Z]{{3,5}}(?= ?:))?"
    # a colon says that no name follows, as Cisco's does
    rf"(?: ?: (?!:)|  ?(?:(re[01])\.)?(?!{_NO_NAME})([A-Za-z0-9_][A-Za-z0-9_.:/-]*)(?<!:) (?!{_STAMP_BEGINS}))"
    # the program, or at once the device's own name for the event
    r"(?:(?=%)|/?([A-Za-z0-9_][A-Za-z0-9_./()-]{0,47})(?:\[([^\]\s]{1,20})\])?:(?:\s+|$))"
    r")"
)
"""Groups: priority · of RFC 5424 date, fraction, offset, host, app, process, message's name, no data · two numbers, name, part ·
mark, day, fraction, zone · engine, host · program, process. What follows the match is the text."""

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
_KNOWN = 4096
"""So many seconds of moments are remembered; a sender may make up any."""


class Moments:
    """Moments by their text: nearly all messages of a second say the same one."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str, tzinfo], int | None] = {}
        self._second = -1
        self._received = EPOCH

    def at(self, second: int) -> dict[tuple[str, str, tzinfo], int | None]:
        """What is known of messages received in this second since 1970: which year is meant depends on it."""
        if second != self._second or len(self._known) > _KNOWN:
            self._known.clear()
            self._second = second
            self._received = datetime.fromtimestamp(second, UTC)
        return self._known

    def read(self, text: str, offset: str, zone: tzinfo) -> int | None:
        """Microseconds since 1970 of a day and time and what follows its fraction.

        None for a day that does not exist; raises LookupError where it is not the whole that is a moment.
        """
        # A colon behind, for names of zones that count only before one.
        stamp = read_stamp(f"{text}{offset}:", 0, self._received, zone)
        if stamp is None or stamp.end != len(text) + len(offset):
            raise LookupError(text)
        found = None if stamp.moment is None else (stamp.moment - EPOCH) // MICROSECOND
        self._known[text, offset, zone] = found
        return found
