"""Counters to rates: wraps, restarts, discontinuities and nonsense told apart; never a negative or an absurd rate.

A counter that went down says nothing by itself (RFC 2578 §7.1.6: counters have no defined initial value, and other
moments than a restart may set them back, which discontinuity times tell). So a wrap is believed only where the agent
is known not to have restarted, and where the rate that follows is one that the interface can have. After anything else
there is no rate: the new value is where the next one starts.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

CEILING = 12.5e12
"""A hundred terabits in octets a second: nothing on one interface is faster."""
SLACK_S = 5.0
"""Agents answer from caches some seconds old."""
SLACK_SHARE = 0.1
_TICKS = 1 << 32
"""sysUpTime is a TimeTicks: it wraps after 497 days."""


class Verdict(Enum):
    """What came of two readings."""

    RATE = "rate"
    WRAP = "wrap"
    """A rate, over the counter's end."""
    FIRST = "first"
    """There was no reading before."""
    NO_TIME = "no time"
    """The clock has not moved, or went back."""
    RESTART = "restart"
    """The agent started anew: by its uptime."""
    DISCONTINUITY = "discontinuity"
    """The agent says that the counter was set back or is another one's."""
    RESET = "reset"
    """The counter went down, and a wrap does not explain it."""
    AMBIGUOUS = "ambiguous"
    """The interface is fast enough for the counter to wrap more than once in between."""
    IMPLAUSIBLE = "implausible"
    """More than the interface can do."""


@dataclass(frozen=True, slots=True)
class Moment:
    """When counters were read, by the reader's clock and by the agent's."""

    at_s: float
    uptime_ticks: int | None = None
    """sysUpTime, in hundredths of seconds."""
    discontinuity: int | None = None
    """ifCounterDiscontinuityTime or its like: it changes where counters jumped."""


@dataclass(frozen=True, slots=True)
class Gap:
    """The time between two moments."""

    elapsed_s: float
    verdict: Verdict
    """RATE where counters went on counting all the time."""
    known: bool = False
    """The agent's uptime says so; without it, a counter that went down was reset for all that is known."""


@dataclass(frozen=True, slots=True)
class Rate:
    """A rate a second, or why there is none."""

    value: float | None
    verdict: Verdict


_NONE = {verdict: Rate(None, verdict) for verdict in Verdict}
FIRST = _NONE[Verdict.FIRST]


def gap(before: Moment | None, after: Moment) -> Gap:
    """Whether counters went on between two moments."""
    if before is None:
        return Gap(0.0, Verdict.FIRST)
    elapsed = after.at_s - before.at_s
    if elapsed <= 0:
        return Gap(elapsed, Verdict.NO_TIME)
    if before.discontinuity != after.discontinuity and None not in (before.discontinuity, after.discontinuity):
        return Gap(elapsed, Verdict.DISCONTINUITY)
    if before.uptime_ticks is None or after.uptime_ticks is None:
        return Gap(elapsed, Verdict.RATE)
    if _restarted(before.uptime_ticks, after.uptime_ticks, elapsed):
        return Gap(elapsed, Verdict.RESTART)
    return Gap(elapsed, Verdict.RATE, known=True)


def _restarted(before: int, after: int, elapsed: float) -> bool:
    """Whether the uptime fell behind the clock; one that wrapped at 497 days did not."""
    behind = (before + round(elapsed * 100) - after) % _TICKS
    if behind > _TICKS // 2:
        behind -= _TICKS  # ahead of the clock: the answer to the first request was old, or the clock is slow
    if behind > 100 * max(SLACK_S, SLACK_SHARE * elapsed):
        return True
    # Far ahead: not by this clock. After a restart the uptime is less than it was, but for a wrap.
    return after < before and behind < -100 * max(SLACK_S, SLACK_SHARE * elapsed)


def rate(before: int | None, after: int, between: Gap, *, width: int = 64, ceiling: float = CEILING) -> Rate:
    """A counter's rate a second; `ceiling` is the most that it can be, with the caller's own margin."""
    if before is None or between.verdict is not Verdict.RATE:
        return FIRST if before is None else _NONE[between.verdict]
    if not (0 <= before < 1 << width and 0 <= after < 1 << width):
        return _NONE[Verdict.IMPLAUSIBLE]
    if ceiling < CEILING and ceiling * between.elapsed_s >= 1 << width:
        return _NONE[Verdict.AMBIGUOUS]
    wrapped = after < before
    more = after - before + (wrapped << width)
    # Without a ceiling half the range tells a wrap from a reset: as far below the end as it is likely above it.
    if wrapped and (not between.known or (ceiling >= CEILING and more >= 1 << (width - 1))):
        return _NONE[Verdict.RESET]
    value = more / between.elapsed_s
    if value > ceiling:
        return _NONE[Verdict.RESET if wrapped else Verdict.IMPLAUSIBLE]
    return Rate(value, Verdict.WRAP if wrapped else Verdict.RATE)
