"""Associations with time servers, as `show ntp associations` and `show ntp status` tell them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from netloom.model.ntp import NtpState
from netloom.platforms.arista_eos import reply
from netloom.platforms.contract import Read
from netloom.platforms.json_output import Object, integer, members, text
from netloom.platforms.replies import Reader

READ = Read("show ntp associations | json")

_CONDITIONS = {
    "sys.peer": "synchronized",
    "pps.peer": "synchronized",
    "candidate": "candidate",
    "outlier": "outlyer",
    "outlyer": "outlyer",
    "backup": "candidate",
    "falsetick": "falseticker",
    "falseticker": "falseticker",
    "excess": "outlyer",
    "reject": "configured",
}
"""ntpq's select field (RFC 9327)."""
_TALLIES = {
    "*": "synchronized",
    "o": "synchronized",
    "+": "candidate",
    "#": "candidate",
    "-": "outlyer",
    "x": "falseticker",
}
_TYPES = {"u": "server", "s": "peer", "unicast": "server", "symmetric": "peer"}

_HEAD = re.compile(r"^ *remote +refid +st +t +when +poll +reach +delay +offset +jitter", re.MULTILINE)
_ROW = re.compile(
    r"(?P<tally>[*o+#x.-])?(?P<remote>[\w.:%-]+) +(?P<refid>\S+) +(?P<stratum>\d+) +(?P<type>\S) +(?P<when>\S+) +"
    r"(?P<poll>\S+) +(?P<reach>[0-7]+) +(?P<delay>[-\d.]+) +(?P<offset>[-\d.]+) +(?P<jitter>[-\d.]+)"
)
_STATUS = re.compile(
    r"^(?:un)?synchroni[sz]ed(?: to NTP server \((?P<server>[^)]+)\) at stratum (?P<stratum>\d+))?", re.MULTILINE
)
_POLL = re.compile(r"polling server every (\d+) s")
_UNITS = {"m": 60, "h": 3600, "d": 86400}


def associations(outputs: tuple[str, ...]) -> list[NtpState]:
    """Every association."""
    return reply.observed(outputs, READERS)


def _json(document: Object) -> Iterator[NtpState]:
    if "peers" not in document and "status" not in document:
        raise ValueError(f"expected a reply about NTP, got members {', '.join(document)[:80]!r}")
    for name, values in members(document.get("peers")):
        condition, kind = text(values, "condition"), text(values, "peerType")
        history = values.get("reachabilityHistory")
        yield NtpState(
            address=text(values, "peerIpAddr") or name,
            state=_CONDITIONS.get(condition, condition) if condition else None,
            type=_TYPES.get(kind, kind) if kind else None,
            reference_id=text(values, "refid"),
            stratum=integer(values, "stratumLevel"),
            when_s=integer(values, "lastReceived"),
            poll_s=integer(values, "pollInterval"),
            reachability=_reach(history) if isinstance(history, list) else None,
            delay_ms=_number(values, "delay"),
            offset_ms=_number(values, "offset"),
            jitter_ms=_number(values, "jitter"),
        )


def _reach(history: list[object]) -> int:
    """The latest poll first, as the register's lowest bit."""
    return sum(1 << at for at, answered in enumerate(history[:8]) if answered)


def _number(values: Object, name: str) -> float | None:
    value = values.get(name)
    return float(value) if isinstance(value, int | float) else None


def rows(output: str) -> Iterator[re.Match[str]]:
    """The lines of ntpq's table."""
    for line in output.splitlines():
        if row := _ROW.fullmatch(line.strip()):
            yield row


def _table(output: str) -> Iterator[NtpState]:
    for row in rows(output):
        yield NtpState(
            address=row["remote"],
            state=_TALLIES.get(row["tally"] or "", "configured"),
            type=_TYPES.get(row["type"], row["type"]),
            reference_id=row["refid"],
            stratum=int(row["stratum"]),
            when_s=_seconds(row["when"]),
            poll_s=_seconds(row["poll"]),
            reachability=int(row["reach"], 8),
            delay_ms=reply.number(row["delay"]),
            offset_ms=reply.number(row["offset"]),
            jitter_ms=reply.number(row["jitter"]),
        )


def _seconds(word: str) -> int | None:
    """Seconds, or «5m», «2h», «1d»; a dash is none."""
    if word[-1] in _UNITS and word[:-1].isdigit():
        return int(word[:-1]) * _UNITS[word[-1]]
    return reply.integer(word)


def _status(output: str) -> Iterator[NtpState]:
    match = _STATUS.search(output)
    if match and match["server"]:
        poll = _POLL.search(output)
        yield NtpState(
            address=match["server"],
            state="synchronized",
            stratum=int(match["stratum"]),
            poll_s=int(poll[1]) if poll else None,
        )


READERS = (
    reply.json_reader(_json),
    Reader(_HEAD, lambda output: list(_table(output))),
    Reader(_STATUS, lambda output: list(_status(output))),
)
