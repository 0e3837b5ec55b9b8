"""Spans of time as people ask for them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from netloom.app.telemetry.window import Asked, Window, aligned, moment_of, nanoseconds, span_words, step_for, steps_of
from netloom.errors import SourceError, UsageError

NOW = datetime(2026, 11, 20, 10, 30, 15, tzinfo=UTC)

WINDOWS = {
    Asked(): ("2026-11-20T09:30:15", "2026-11-20T10:30:15"),
    Asked(last="15 min"): ("2026-11-20T10:15:15", "2026-11-20T10:30:15"),
    Asked(since="yesterday 14:00"): ("2026-11-19T14:00:00", "2026-11-20T10:30:15"),
    Asked(since="yesterday 14:00", last="1h"): ("2026-11-19T14:00:00", "2026-11-19T15:00:00"),
    Asked(since="2026-11-19", until="2026-11-20"): ("2026-11-19T00:00:00", "2026-11-20T00:00:00"),
    Asked(until="10:00", last="2h"): ("2026-11-20T08:00:00", "2026-11-20T10:00:00"),
    Asked(at="yesterday 10:00"): ("2026-11-19T09:00:00", "2026-11-19T10:00:00"),
    Asked(at="yesterday 10:00", since="2h ago"): ("2026-11-19T08:00:00", "2026-11-19T10:00:00"),
    Asked(since="5 min ago", last="1h"): ("2026-11-20T10:25:15", "2026-11-20T10:30:15"),
}


@pytest.mark.parametrize("asked", WINDOWS, ids=str)
def test_a_span_is_understood(asked: Asked) -> None:
    since, until = (datetime.fromisoformat(text).replace(tzinfo=UTC) for text in WINDOWS[asked])
    assert asked.window(NOW) == Window(since, until)


def test_clock_times_are_those_of_the_one_who_asks() -> None:
    there = NOW.astimezone(timezone(timedelta(hours=2)))
    assert Asked(since="12:00").window(there).since == datetime(2026, 11, 20, 10, tzinfo=UTC)
    assert Asked(at="yesterday 12:00", since="11:00").window(there).since == datetime(2026, 11, 19, 9, tzinfo=UTC)


def test_what_is_no_span_is_refused() -> None:
    with pytest.raises(UsageError, match="at most two of"):
        Asked(last="1h", since="today", until="now").window(NOW)
    with pytest.raises(UsageError, match="before it begins"):
        Asked(since="now", until="1h ago").window(NOW)
    with pytest.raises(SourceError, match="not a span of time"):
        Asked(last="yesterday").window(NOW)


@pytest.mark.parametrize(
    ("length", "step"),
    [
        ("5 min", "5 s"),
        ("1h", "1 min"),
        ("1 day", "30 min"),
        ("7 days", "3 h"),
        ("1 week", "3 h"),
        ("600 weeks", "7 d"),
    ],
)
def test_a_step_is_one_that_people_count_in(length: str, step: str) -> None:
    assert span_words(step_for(Asked(last=length).window(NOW))) == step


def test_too_many_steps_are_refused() -> None:
    with pytest.raises(UsageError, match="ask for longer ones"):
        step_for(Asked(last="30 days").window(NOW), "1s")


def test_steps_are_whole_but_the_last() -> None:
    window = aligned(Asked(last="150s").window(NOW), timedelta(minutes=1))
    assert [(moment.minute, seconds) for moment, seconds in steps_of(window, timedelta(minutes=1))] == [
        (27, 60),
        (28, 60),
        (29, 60),
        (30, 15),
    ]


def test_moments_keep_their_microseconds() -> None:
    exact = NOW.replace(microsecond=123456)
    assert moment_of(nanoseconds(exact)) == exact
