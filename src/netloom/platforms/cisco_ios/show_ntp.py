"""`show ntp associations`, with its detail, and `show ntp status`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from netloom.model.ntp import NtpState
from netloom.model.text import canonical_address
from netloom.platforms.cisco_ios import screen
from netloom.platforms.durations import seconds
from netloom.platforms.replies import Reader

_HEADER = re.compile(r"(?m)^\s*address\s+ref clock\s+st\s+when\s+poll\s+reach\s+delay\s+offset\s+(?:disp|jitter)")
_FLAGS = r"(?P<flags>[*#+x.o~ -]{0,3}?)"
_COUNTS = (
    r"(?P<reference>\S+)\s+(?P<stratum>\d+)\s+(?P<when>\d+[mhdwy]?|-)\s+(?P<poll>\d+|-)\s+(?P<reach>\d+)\s+"
    r"(?P<delay>-?[\d.]+)\s+(?P<offset>-?[\d.]+)\s+(?P<jitter>-?[\d.]+)\s*$"
)
ROW = re.compile(rf"^\s*{_FLAGS}(?P<address>[0-9A-Za-z:][\w.:-]*)\s+{_COUNTS}")
_ALONE = re.compile(rf"^\s*{_FLAGS}(?P<address>[0-9A-Za-z:][\w.:-]*)\s*$")
_REST = re.compile(rf"^\s+{_COUNTS}")
_LEGEND = re.compile(r"^\s*\* (?:sys\.peer|master)")
_STATES = {"*": "synchronized", "#": "candidate", "+": "candidate", "-": "outlyer", "x": "falseticker", ".": "outlyer"}


def _associations(text: str) -> Iterator[NtpState]:
    header, alone = _HEADER.search(text), None
    for line in text[header.end() if header else 0 :].splitlines():
        if _LEGEND.match(line):
            break
        if row := ROW.match(line):
            yield _association(row, row["flags"], row["address"])
        elif alone is not None and (row := _REST.match(line)):
            yield _association(row, alone["flags"], alone["address"])
            alone = None
        elif single := _ALONE.match(line):
            alone = single
        elif line.strip():
            raise ValueError(f"expected an NTP association, got {line.strip()[:100]!r}")


def _association(row: re.Match[str], flags: str, address: str) -> NtpState:
    mark = next((flag for flag in flags if flag in _STATES), None)
    return NtpState(
        address=_canonical(address),
        state=_STATES[mark] if mark else "configured" if "~" in flags else None,
        reference_id=row["reference"],
        stratum=int(row["stratum"]),
        when_s=seconds(row["when"]),
        poll_s=screen.integer(row["poll"]),
        reachability=int(row["reach"], 8),
        delay_ms=float(row["delay"]),
        offset_ms=float(row["offset"]),
        jitter_ms=float(row["jitter"]),
    )


def _canonical(address: str) -> str:
    """An address in its one spelling; a name as it is."""
    try:
        return canonical_address(address)
    except ValueError:
        return address


_DETAIL = re.compile(
    r"(?m)^(?P<address>[0-9A-Fa-f.:]+|\S+) (?:configured|dynamic|selected)[^\n]*?, [^\n]*?stratum (?P<stratum>\d+) *$"
)
_REFERENCE = re.compile(r"ref ID (?P<id>\S+?),? ")
_PEER_MODE = re.compile(r"our mode (?P<own>\w+), peer mode (?P<peer>\w+), our poll intvl (?P<poll>\d+)")
_REACH = re.compile(r"\breach (\d+)")
_TIMES = re.compile(
    r"(?m)^delay (?P<delay>-?[\d.]+) msec, offset (?P<offset>-?[\d.]+) msec, dispersion (?P<dispersion>[\d.]+)"
    r"(?:, jitter (?P<jitter>[\d.]+))?"
)


def _details(text: str) -> Iterator[NtpState]:
    for head, block in screen.blocks(text, _DETAIL):
        reference, mode = _REFERENCE.search(block), _PEER_MODE.search(block)
        reach, times = _REACH.search(block), _TIMES.search(block)
        words = head[0]
        yield NtpState(
            address=_canonical(head["address"]),
            state=_state(words),
            type=None if mode is None else "peer" if mode["own"] in ("active", "passive") else "server",
            reference_id=reference["id"] if reference else None,
            stratum=int(head["stratum"]),
            poll_s=int(mode["poll"]) if mode else None,
            reachability=int(reach[1], 8) if reach else None,
            delay_ms=float(times["delay"]) if times else None,
            offset_ms=float(times["offset"]) if times else None,
            jitter_ms=float(times["jitter"] or times["dispersion"]) if times else None,
        )


_SELECTIONS = {
    "our_master": "synchronized",
    "sys_peer": "synchronized",
    "selected": "candidate",
    "candidate": "candidate",
    "outlyer": "outlyer",
    "falseticker": "falseticker",
    "configured": "configured",
}


def _state(words: str) -> str | None:
    """By the most telling word of the first line."""
    return next((state for word, state in _SELECTIONS.items() if word in words), None)


_STATUS = re.compile(
    r"(?m)^Clock is (?P<un>un)?synchronized, stratum (?P<stratum>\d+), "
    r"(?:reference is (?P<reference>\S+)|no reference clock)"
)


def _status(text: str) -> Iterator[NtpState]:
    """The server that the clock follows; its stratum is one less than ours (RFC 5905)."""
    match = _STATUS.search(text)
    if match and match["un"] is None and match["reference"]:
        yield NtpState(address=_canonical(match["reference"]), state="synchronized", stratum=int(match["stratum"]) - 1)


READERS = (Reader(_DETAIL, _details), Reader(_HEADER, _associations), Reader(_STATUS, _status))
