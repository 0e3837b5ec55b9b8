"""Moments as people name them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from netloom.errors import SourceError
from netloom.model.when import parse_span, parse_when

NOW = datetime(2026, 11, 20, 10, 30, 15, tzinfo=UTC)

MOMENTS = {
    "now": "2026-11-20T10:30:15",
    "10 min ago": "2026-11-20T10:20:15",
    "10min ago": "2026-11-20T10:20:15",
    "2h": "2026-11-20T08:30:15",
    "2h30m": "2026-11-20T08:00:15",
    "1 hour and 30 minutes ago": "2026-11-20T09:00:15",
    "an hour ago": "2026-11-20T09:30:15",
    "1.5 days": "2026-11-18T22:30:15",
    "1w": "2026-11-13T10:30:15",
    "today": "2026-11-20T00:00:00",
    "yesterday": "2026-11-19T00:00:00",
    "Yesterday 14:00": "2026-11-19T14:00:00",
    "yesterday at 9:05:30": "2026-11-19T09:05:30",
    "14:00": "2026-11-20T14:00:00",
    "noon": "2026-11-20T12:00:00",
    "yesterday noon": "2026-11-19T12:00:00",
    "monday": "2026-11-16T00:00:00",
    "last mon 9:30": "2026-11-16T09:30:00",
    "on thursday at 14:00": "2026-11-19T14:00:00",
    "friday": "2026-11-13T00:00:00",
    "2 days ago 14:00": "2026-11-18T14:00:00",
    "3 days ago at noon": "2026-11-17T12:00:00",
    "this hour": "2026-11-20T10:00:00",
    "last hour": "2026-11-20T09:00:00",
    "this week": "2026-11-16T00:00:00",
    "last week": "2026-11-09T00:00:00",
    "last month": "2026-10-01T00:00:00",
    "this year": "2026-01-01T00:00:00",
    "2026-11-20 10:00": "2026-11-20T10:00:00",
    "2026-11-20": "2026-11-20T00:00:00",
    "2026-11-20T10:00:00Z": "2026-11-20T10:00:00",
    "2026-11-20T10:00:00+02:00": "2026-11-20T08:00:00",
}


@pytest.mark.parametrize("text", MOMENTS)
def test_moment_is_read(text: str) -> None:
    assert parse_when(text, NOW) == datetime.fromisoformat(MOMENTS[text]).replace(tzinfo=UTC)


def test_clock_times_are_in_the_zone_of_now() -> None:
    there = NOW.astimezone(timezone(timedelta(hours=2)))
    assert parse_when("yesterday 14:00", there) == datetime(2026, 11, 19, 12, tzinfo=UTC)
    assert parse_when("2026-11-20 10:00", there) == datetime(2026, 11, 20, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    ["", "soon", "10 parsecs ago", "25:00", "yesterday evening", "moonday", "last", "2026-13-01", "9e9", "99999999w"],
)
def test_other_text_is_refused_with_examples(text: str) -> None:
    with pytest.raises(SourceError, match='expected such as "10 min ago"'):
        parse_when(text, NOW)


SPANS = {"90s": 90, "15 min": 900, "1h": 3600, "an hour": 3600, "1h30m": 5400, "2 days": 172_800, "0.5 h": 1800}


@pytest.mark.parametrize("text", SPANS)
def test_a_span_is_read(text: str) -> None:
    assert parse_span(text) == timedelta(seconds=SPANS[text])


@pytest.mark.parametrize("text", ["", "0s", "1", "yesterday", "1h ago", "-1h", "99999999999w"])
def test_what_is_no_span_is_refused_with_examples(text: str) -> None:
    with pytest.raises(SourceError, match='expected such as "90s"'):
        parse_span(text)
