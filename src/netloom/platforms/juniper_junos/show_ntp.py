"""`show ntp associations`, which Junos tells as a screen even in its replies."""

from __future__ import annotations

import re

from netloom.model.ntp import NtpState
from netloom.platforms.replies import Reader

_HEADING = re.compile(r"^\s*remote\s+refid\s+st\s+t\s+when\s+poll\s+reach", re.MULTILINE)
_ROW = re.compile(
    r"^([ *+#xo.-]?)([0-9A-Za-z][\w.:-]*)\s+(\S+)\s+(\d+)\s+(\S)\s+(-|\d+[smhdy]?)\s+(\d+)([smhd]?)\s+([0-7]+)"
    r"\s+(-?[\d.]+)\s+([+-]?[\d.]+)\s+([\d.]+)\s*$"
)
_STATES = {
    "*": "synchronized",
    "o": "synchronized",
    "+": "candidate",
    "#": "candidate",
    "-": "outlyer",
    "x": "falseticker",
    ".": "outlyer",
}
_UNITS = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86400, "y": 365 * 86400}


def screen(shown: str) -> list[NtpState]:
    """ntpq's table of peers."""
    rows = (_ROW.match(line) for line in shown.splitlines())
    return [_association(row) for row in rows if row]


def _association(row: re.Match[str]) -> NtpState:
    when = row[6]
    unit = when[-1] if when[-1].isalpha() else ""
    return NtpState(
        address=row[2],
        state=_STATES.get(row[1], "configured"),
        reference_id=row[3],
        stratum=int(row[4]),
        when_s=None if when == "-" else int(when.removesuffix(unit) if unit else when) * _UNITS[unit],
        poll_s=int(row[7]) * _UNITS[row[8]],
        reachability=int(row[9], 8),
        delay_ms=float(row[10]),
        offset_ms=float(row[11]),
        jitter_ms=float(row[12]),
    )


SCREENS: tuple[Reader[NtpState], ...] = (Reader(_HEADING, screen),)
