"""Rates of counters: true ones come out right, and nothing that happens to a counter makes a wrong one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netloom.collectors.rates import CEILING, Gap, Moment, Verdict, gap, rate

GIGABIT = 125e6 * 1.5
TICKS = 1 << 32
DAYS_497 = TICKS - 100
WIDTHS = st.sampled_from([32, 64])
ELAPSED = st.floats(0.5, 3600, allow_nan=False)


def between(elapsed: float = 60.0, *, known: bool = True) -> Gap:
    return Gap(elapsed, Verdict.RATE, known=known)


@pytest.mark.parametrize(
    ("before", "after", "verdict"),
    [
        (None, Moment(0.0, 100), Verdict.FIRST),
        (Moment(10.0, 100), Moment(10.0, 100), Verdict.NO_TIME),
        (Moment(10.0, 100), Moment(9.0, 100), Verdict.NO_TIME),
        (Moment(0.0, 100_000), Moment(60.0, 106_000), Verdict.RATE),
        (Moment(0.0), Moment(60.0), Verdict.RATE),
        # caches: an answer some seconds old
        (Moment(0.0, 100_000), Moment(60.0, 105_600), Verdict.RATE),
        (Moment(0.0, 100_000), Moment(60.0, 106_400), Verdict.RATE),
        # restarts: long before the second reading, and shortly before it
        (Moment(0.0, 100_000), Moment(60.0, 5_000), Verdict.RESTART),
        (Moment(0.0, 100_000), Moment(60.0, 10), Verdict.RESTART),
        # a device off for an hour, whose uptime is above the former one
        (Moment(0.0, 1_000), Moment(3600.0, 60_000), Verdict.RESTART),
        # 497 days are over
        (Moment(0.0, DAYS_497), Moment(60.0, (DAYS_497 + 6_000) % TICKS), Verdict.RATE),
        # a restart just when they were
        (Moment(0.0, DAYS_497), Moment(60.0, 10), Verdict.RESTART),
        (Moment(0.0, 100_000, 7), Moment(60.0, 106_000, 7), Verdict.RATE),
        (Moment(0.0, 100_000, 7), Moment(60.0, 106_000, 105_000), Verdict.DISCONTINUITY),
        (Moment(0.0, 100_000, None), Moment(60.0, 106_000, 105_000), Verdict.RATE),
    ],
)
def test_gaps_are_told_apart(before: Moment | None, after: Moment, verdict: Verdict) -> None:
    found = gap(before, after)
    assert found.verdict is verdict
    assert found.known is (verdict is Verdict.RATE and after.uptime_ticks is not None)


@pytest.mark.parametrize(
    ("before", "after", "how", "value", "verdict"),
    [
        (None, 5, {}, None, Verdict.FIRST),
        (1000, 7000, {}, 100.0, Verdict.RATE),
        (7000, 7000, {}, 0.0, Verdict.RATE),
        # a 32-bit counter goes over its end, at a rate that a gigabit has
        (4_294_967_000, 5_704, {"width": 32, "ceiling": 70e6}, 100.0, Verdict.WRAP),
        # the same fall on an interface that is too slow for it
        (3_000_000_000, 0, {"width": 32, "ceiling": 1e6}, None, Verdict.RESET),
        # nothing wraps 64 bits in our lives
        (10**12, 5, {"ceiling": GIGABIT}, None, Verdict.RESET),
        (10**12, 5, {}, None, Verdict.RESET),
        # without a speed: a fall from near the top to near zero is a wrap, any other one is not
        (4_294_967_000, 5_704, {"width": 32}, 100.0, Verdict.WRAP),
        (2_000_000_000, 5_704, {"width": 32}, None, Verdict.RESET),
        # ten gigabits wrap 32 bits every four seconds: what was counted in a minute nobody knows
        (1000, 7000, {"width": 32, "ceiling": 1.25e9}, None, Verdict.AMBIGUOUS),
        # more than the interface can do, or anything
        (0, 10**12, {"ceiling": GIGABIT}, None, Verdict.IMPLAUSIBLE),
        (0, 1 << 63, {}, None, Verdict.IMPLAUSIBLE),
        (1 << 40, (1 << 40) + 6000, {"width": 32}, None, Verdict.IMPLAUSIBLE),
        (0, -1, {}, None, Verdict.IMPLAUSIBLE),
    ],
)
def test_counters_are_judged(
    before: int | None, after: int, how: dict[str, int], value: float | None, verdict: Verdict
) -> None:
    found = rate(before, after, between(), **how)
    assert (found.value, found.verdict) == (value, verdict)


@pytest.mark.parametrize("verdict", [Verdict.RESTART, Verdict.DISCONTINUITY, Verdict.NO_TIME, Verdict.FIRST])
def test_no_rate_over_a_gap(verdict: Verdict) -> None:
    assert rate(5, 10, Gap(60.0, verdict)).verdict is verdict


def test_a_fall_without_an_uptime_is_no_wrap() -> None:
    assert rate(4_294_967_000, 5_704, between(known=False), width=32).verdict is Verdict.RESET


@given(WIDTHS, st.integers(0, (1 << 64) - 1), st.integers(0, (1 << 64) - 1), ELAPSED, st.floats(1, 1e14), st.booleans())
def test_no_rate_is_ever_negative_or_above_what_can_be(
    width: int, before: int, after: int, elapsed: float, ceiling: float, known: bool
) -> None:
    found = rate(before, after, Gap(elapsed, Verdict.RATE, known=known), width=width, ceiling=min(ceiling, CEILING))
    assert found.value is None or 0 <= found.value <= min(ceiling, CEILING)
    assert (found.value is None) == (found.verdict not in (Verdict.RATE, Verdict.WRAP))


@given(WIDTHS, st.integers(0, (1 << 64) - 1), st.floats(0, 1), ELAPSED)
def test_true_rates_come_out_whatever_the_counter_stands_at(
    width: int, start: int, share: float, elapsed: float
) -> None:
    start %= 1 << width
    ceiling = min(GIGABIT, ((1 << width) - 1) / elapsed * 0.99)
    more = int(ceiling * elapsed * share)
    found = rate(start, (start + more) % (1 << width), between(elapsed), width=width, ceiling=ceiling)
    assert found.value == pytest.approx(more / elapsed)
    assert found.verdict is (Verdict.WRAP if start + more >= 1 << width else Verdict.RATE)


@given(st.integers(0, TICKS - 1), st.floats(1, 86_400), st.floats(-4.9, 4.9))
def test_an_agent_that_runs_on_did_not_restart(ticks: int, elapsed: float, late: float) -> None:
    later = (ticks + round((elapsed + late) * 100)) % TICKS
    assert gap(Moment(0.0, ticks), Moment(elapsed, later)).verdict is Verdict.RATE


@given(st.integers(0, TICKS // 4), st.floats(30, 86_400), st.floats(0, 1))
def test_an_agent_that_started_in_between_did_restart(ticks: int, elapsed: float, share: float) -> None:
    """Unless it started within the slack of the first reading's own start: then nothing tells."""
    uptime = round(elapsed * share * 100)
    found = gap(Moment(0.0, ticks), Moment(elapsed, uptime))
    behind = ticks + elapsed * 100 - uptime
    if behind > 100 * max(5.1, 0.11 * elapsed):
        assert found.verdict is Verdict.RESTART
