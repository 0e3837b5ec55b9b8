"""The forms that nearly all syslog messages have, taken apart by one expression, as `syslog.parse` does it.

What the expression does not match exactly is for `parse`: a form stands here only where there is no doubt.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, tzinfo

from netloom.codecs.syslog_time import ZONES, read_stamp

_DAY = r"(?:\d{4} )?[JFMASOND][a-z]{2} {1,2}\d{1,2} (?:\d{4} )?\d\d:\d\d:\d\d"
_ISO = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d"
_OFFSET = r"Z|[+-]\d\d:\d\d"
_CISCO_CODE = r"[A-Z][A-Za-z0-9_]*+(?:[-/](?![0-7]-)[A-Za-z0-9_]++)*+-[0-7]-[A-Za-z0-9_]++"
"""BGP-5-ADJCHANGE."""
WORDED_CODE = r"[A-Z][A-Z0-9]*+(?:_[A-Z0-9]++)++"
"""Junos': RPD_BGP_NEIGHBOR_STATE_CHANGED."""
_STAMP_BEGINS = r"[*.:\d\s]|[A-Za-z]{3}\s"
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
    r"(?:([A-Za-z_][A-Za-z0-9_.-]*+)(?:: | ([A-Za-z0-9_./-]++):(?=[JFMASOND])))?)"
    # the moment: *Nov 14 22:13:20.123 UTC   2026-11-20T20:50:00.123+01:00
    rf"([*.]?)({_DAY}|{_ISO})(?:\.(\d{{1,9}}))?({_OFFSET}| [A-Z]{{3,5}}(?= ?:))?"
    # a colon says that no name follows, as Cisco's does
    rf"(?: ?: (?!:)|"
    rf"  ?(?:(re[01])\.)?(?!{_NO_NAME})([A-Za-z0-9_][A-Za-z0-9_.:/-]*+)"
    rf"(?<!:) (?!{_STAMP_BEGINS}))"
    # the program, or at once the device's own name for the event
    r"(?:(?=%)|/?([A-Za-z0-9_][A-Za-z0-9_./()-]{0,47}+)(?:\[([^\]\s]{1,20})\])?:(?:\s+|$))"
    # the device's name for the event
    rf"(?:%({_CISCO_CODE})\s?:\s?|({WORDED_CODE}):\s+)?"
    r")"
)
"""Groups: priority · of RFC 5424 date, fraction, offset, host, app, process, message's name, no data · two numbers,
name, part · mark, day, fraction, zone · engine, host · program, process · Cisco's code, Junos'."""

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
_KNOWN = 4096
"""So many texts are remembered; a sender may make up any."""
_KEPT = 64
"""The same for seconds and zones."""


class Moments:
    """Moments by their text: nearly all messages of a second say the same one."""

    def __init__(self) -> None:
        self.known: dict[str, int | None] = {}
        """What a text means for messages received in one second from a sender in one zone."""
        self._kept: dict[tuple[int, tzinfo], dict[str, int | None]] = {}
        self._received = EPOCH
        self._zone: tzinfo = UTC

    def enter(self, second: int, zone: tzinfo) -> None:
        """Turn to messages received in a second since 1970: which year is meant depends on it."""
        if len(self._kept) > _KEPT:
            self._kept.clear()
        self.known = self._kept.setdefault((second, zone), {})
        self._received, self._zone = datetime.fromtimestamp(second, UTC), zone

    def read(self, text: str, offset: str = "") -> int | None:
        """Microseconds since 1970 of a day and time and what follows its fraction.

        None for a day that does not exist; raises LookupError where it is not the whole that is a moment.
        """
        # A colon behind, for names of zones that count only before one.
        stamp = read_stamp(f"{text}{offset}:", 0, self._received, self._zone)
        if stamp is None or stamp.end != len(text) + len(offset):
            raise LookupError(text)
        found = None if stamp.moment is None else (stamp.moment - EPOCH) // MICROSECOND
        if len(self.known) > _KNOWN:
            self.known.clear()
        self.known[text + offset] = found
        return found
