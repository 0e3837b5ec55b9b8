"""Syslog messages to rows: plain tuples for the common forms, the same from `parse` for all others."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, tzinfo
from functools import lru_cache
from typing import Any, NamedTuple

from netloom.codecs.syslog import WORDED, Parameters, code_of, parse, structured_of
from netloom.codecs.syslog_forms import COMMON, EPOCH, MICROSECOND, Moments

Zones = Mapping[str | None, tzinfo]
"""The zone of every sender, for messages that name none."""


class Row(NamedTuple):
    """What a message says; the fields of `Log` without those of its reception."""

    moment_us: int | None
    """Microseconds since 1970."""
    synchronized: bool
    part: str | None
    message: str
    priority: int | None
    severity: int | None
    """The device's own, where there is no priority."""
    version: str | None
    host: str | None
    app: str | None
    process: str | None
    msgid: str | None
    data: list[tuple[str, str]] | None
    """RFC 5424's elements, each as JSON."""
    code: str | None
    sequence: int | None


_CODED = ("%", "[")
"""How a device's own name for the event begins, or what stands before it."""
_HIGHEST = 191
"""The last priority: local7.debug."""
AnyRow = tuple[Any, ...]
"""A Row's fields: a plain tuple is made four times as fast."""


class Rows:
    """Takes messages apart; keeps what nearly all of them have in common."""

    def __init__(self, zones: Zones) -> None:
        self._zones = zones
        self._moments = Moments()

    def read(self, texts: Sequence[str], sources: Sequence[str | None], received_ns: Sequence[int]) -> list[AnyRow]:
        """A row for each message, in their order."""
        rows: list[AnyRow] = []
        common, zones, modern, loose = COMMON.match, self._zones, self._modern, self._loose
        zone, last, second = None, None, 0
        for text, source, received in zip(texts, sources, received_ns, strict=True):
            its_zone = zones[source]
            if received != last or its_zone is not zone:
                zone, last, second = its_zone, received, received // 1_000_000_000
                self._moments.enter(second, zone)
            row = None
            if found := common(text):
                groups = found.groups()
                row = (modern if groups[1] else loose)(groups, text[found.end() :])
            rows.append(row or any_row(text, second, its_zone))
        return rows

    def _modern(self, groups: AnyRow, rest: str) -> AnyRow | None:
        """RFC 5424."""
        priority, day, fraction, offset, host, app, process, msgid, no_data = groups[:9]
        try:
            moment = self._moments.known[day + offset]
        except KeyError:
            moment = self._moments.read(day, offset)  # a whole day and time is always a moment
        if fraction and moment is not None:
            moment += int(f"{fraction:0<6.6}")
        number = int(priority)
        if number > _HIGHEST:
            return None
        data = None
        if not no_data:
            elements, end = structured_of(rest, 0)
            data, rest = _elements(elements), rest[end:]
        rest = rest.strip().removeprefix("\ufeff")
        code, rest, _ = code_of(rest) if rest[:1] in _CODED or WORDED.match(rest) else (None, rest, None)
        return (
            moment, True, None, rest, number, None, "1", None if host == "-" else host, None if app == "-" else app,
            None if process == "-" else process, None if msgid == "-" else msgid, data, code or _worded(msgid), None,
        )  # fmt: skip

    def _loose(self, groups: AnyRow, rest: str) -> AnyRow | None:
        """RFC 3164 and what vendors make of it."""
        (
            first, another, name, part, mark, day, fraction, offset, engine, host, app, process, code, worded,
        ) = groups[9:]  # fmt: skip
        priority = int(groups[0])
        if priority > _HIGHEST or (name and host):
            return None
        if not code:
            if worded:
                code = worded
            elif rest[:1] in _CODED:
                code, rest, _ = code_of(rest)
            if code is None and app and not process and "_" in app and app.isupper():
                return None  # that may be the device's own name for the event
        try:
            moment = self._moments.known[day + offset if offset else day]
        except KeyError:
            try:
                moment = self._moments.read(day, offset or "")
            except LookupError:
                return None
        if fraction and moment is not None:
            moment += int(f"{fraction:0<6.6}")
        number = another or first
        return (
            moment, not mark, part or engine, rest, priority, None, None, name or host, app, process, None, None, code,
            int(number) if number else None,
        )  # fmt: skip


def any_row(text: str, second: int, zone: tzinfo) -> Row:
    """The row of a message of any form."""
    found = parse(text.encode("utf-8", "surrogatepass"), datetime.fromtimestamp(second, UTC), zone)
    facility, severity = found.facility, found.severity
    headed = facility is not None and severity is not None
    return Row(
        moment_us=None if found.timestamp is None else (found.timestamp - EPOCH) // MICROSECOND,
        synchronized=found.synchronized,
        part=found.part,
        message=found.message,
        priority=facility * 8 + severity if facility is not None and severity is not None else None,
        severity=None if headed else severity,
        version=None if found.version is None else str(found.version),
        host=found.hostname,
        app=found.appname,
        process=found.procid,
        msgid=found.msgid,
        data=_elements(found.structured_data),
        code=found.code,
        sequence=found.sequence,
    )


def _elements(found: Sequence[tuple[str, Parameters]]) -> list[tuple[str, str]] | None:
    """As the store keeps mappings: the last of those with the same name counts."""
    data = {name: dict(pairs) for name, pairs in found}
    return [
        (name, json.dumps(pairs, ensure_ascii=False, separators=(",", ":"))) for name, pairs in data.items()
    ] or None


@lru_cache(maxsize=4096)
def _worded(msgid: str) -> str | None:
    return msgid if WORDED.fullmatch(f"{msgid}: ") else None
