"""Durations in the words of devices."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netloom.platforms.durations import seconds

MINUTE, HOUR, DAY, WEEK, YEAR = 60, 3600, 86400, 7 * 86400, 365 * 86400

SPELLINGS = {
    "00:01:02": 62,
    "26:10:00": 26 * HOUR + 600,
    "01:02": 62,
    "1w2d": WEEK + 2 * DAY,
    "3d04h": 3 * DAY + 4 * HOUR,
    "2y3w": 2 * YEAR + 3 * WEEK,
    "1d 02:03:04": DAY + 2 * HOUR + 184,
    "2w1d 03:04": 2 * WEEK + DAY + 3 * HOUR + 240,
    "5 days, 1:02:03": 5 * DAY + HOUR + 123,
    "2 years, 3 weeks, 1 day, 4 hours, 5 minutes": 2 * YEAR + 3 * WEEK + DAY + 4 * HOUR + 300,
    "1 week, 3 days and 2 hours": WEEK + 3 * DAY + 2 * HOUR,
    "44 day(s), 2 hour(s), 5 minute(s), 3 second(s)": 44 * DAY + 2 * HOUR + 303,
    "25 days 4 hours": 25 * DAY + 4 * HOUR,
    "13 days, 22 hours, 45 minutes ago": 13 * DAY + 22 * HOUR + 45 * MINUTE,
    "P1DT2H3M4S": DAY + 2 * HOUR + 184,
    "PT5M": 300,
    "P2W": 2 * WEEK,
    "0.5": 0,
    "107": 107,
    "1m30s": 90,
    "3 months, 2 days": 92 * DAY,
}


@pytest.mark.parametrize(("words", "expected"), SPELLINGS.items())
def test_a_duration_reads(words: str, expected: int) -> None:
    assert seconds(words) == expected


@pytest.mark.parametrize("words", ["never", "-", "", None, "Never", "n/a"])
def test_no_duration_is_none(words: str | None) -> None:
    assert seconds(words) is None


@pytest.mark.parametrize("words", ["soon", "1x", "12 msec", "P", "1:2:3:4", "d1", "10.0.0.1"])
def test_what_is_none_is_refused(words: str) -> None:
    with pytest.raises(ValueError, match="expected a duration"):
        seconds(words)


@given(st.integers(0, 99), st.integers(0, 51), st.integers(0, 6), st.integers(0, 23))
def test_counts_add_up(years: int, weeks: int, days: int, hours: int) -> None:
    expected = years * YEAR + weeks * WEEK + days * DAY + hours * HOUR
    assert seconds(f"{years}y{weeks}w{days}d{hours:02}h") == expected
    assert seconds(f"{years} years, {weeks} weeks, {days} days, {hours} hours") == expected


@given(st.text(alphabet="0123456789dhwmsy:,. ()PTago", max_size=30))
def test_any_text_reads_or_is_refused(text: str) -> None:
    with contextlib.suppress(ValueError):
        assert seconds(text) is None or isinstance(seconds(text), int)
