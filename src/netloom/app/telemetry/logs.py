"""Questions about log messages."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from difflib import get_close_matches
from typing import Any

from netloom.app.telemetry.devices import Devices
from netloom.app.telemetry.flows import both
from netloom.app.telemetry.window import Window, nanoseconds
from netloom.errors import UsageError
from netloom.model.expression import Compare, Or, Word
from netloom.model.filter import Filter
from netloom.store.stream_schema import stream_table
from netloom.store.streams import Streams

SEVERITIES = {
    "emergency": 0, "emerg": 0, "panic": 0, "alert": 1, "critical": 2, "crit": 2, "error": 3, "err": 3,
    "warning": 4, "warn": 4, "notice": 5, "informational": 6, "info": 6, "debug": 7,
}  # fmt: skip
LEVELS = ("emergency", "alert", "critical", "error", "warning", "notice", "info", "debug")
OVERLAP = timedelta(seconds=15)
"""Rows that come late, by so much at most, are still followed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LogQuestion:
    """Which messages."""

    window: Window
    words: Sequence[str] = ()
    """Each stands in the message or is its code, whatever the case; `*` is any text."""
    devices: Devices | None = None
    """All where none are named."""
    severity: int | None = None
    """This severe or worse."""
    where: Filter = field(default_factory=Filter)
    most: int | None = 100
    """The latest so many."""

    @property
    def filter(self) -> Filter:
        """All of it as one."""
        parts = [_said(word) for word in self.words]
        if self.severity is not None:
            parts.append(Filter(Compare("log.syslog.severity.code", "<=", Word(str(self.severity)))))
        if self.devices is not None:
            parts.append(self.devices.of("log"))
        return both(*parts, self.where)


def fields() -> list[str]:
    """Every name that a filter on logs may use."""
    return stream_table("log").paths()


def severity_of(text: str) -> int:
    """A severity by its name or number; raises UsageError."""
    word = text.strip().lower()
    if word.isdecimal() and int(word) < len(LEVELS):
        return int(word)
    if word not in SEVERITIES:
        near = get_close_matches(word, SEVERITIES, n=1)
        hint = f'did you mean "{near[0]}"?' if near else f"expected one of {', '.join(LEVELS)}"
        raise UsageError(f"no severity {text!r}", hint=hint)
    return SEVERITIES[word]


def search(streams: Streams, question: LogQuestion) -> Any:
    """The latest messages as asked, oldest first; raises UsageError and StoreError."""
    window = question.window
    return streams.query("log", question.filter, since=window.since, until=window.until, limit=question.most)


async def follow(
    streams: Streams, question: LogQuestion, *, clock: Callable[[], datetime], wait: Callable[[], Awaitable[Any]]
) -> AsyncIterator[dict[str, Any]]:
    """The messages as asked, and then each that comes, until nobody listens any more.

    Several writers' rows come in no strict order: what was stored in the last seconds is looked through again.
    """
    shown: Counter[tuple[Any, ...]] = Counter()
    asked, looked = question, question.window.until
    while True:
        again: Counter[tuple[Any, ...]] = Counter()
        for row in search(streams, asked):
            key = (row["time_received_ns"], row["hostname"], row["source_address"], row["message"])
            again[key] += 1
            if again[key] > shown[key]:
                yield row
        await wait()
        since = max(question.window.since, looked - OVERLAP)
        looked = clock()
        kept = nanoseconds(since)
        shown = Counter({key: max(count, again[key]) for key, count in (shown | again).items() if key[0] >= kept})
        asked = replace(question, window=Window(since, looked + OVERLAP), most=None)


def _said(word: str) -> Filter:
    text = f"*{word}*"
    return Filter(Or((Compare("message", "=", Word(text)), Compare("event.code", "=", Word(text)))))


def people(row: dict[str, Any]) -> dict[str, Any]:
    """What people look for in a message, brought to the top."""
    syslog = (row.get("log") or {}).get("syslog") or {}
    severity = syslog.get("severity") or {}
    return {
        "hostname": row["hostname"] or syslog.get("hostname") or row["source_address"],
        "severity": severity.get("name"),
        "code": (row.get("event") or {}).get("code"),
        "message": row["message"],
    }
