"""How unusual it is that something moved: in spreads of what it was before."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import sqrt
from statistics import fmean, pstdev

LEAST_SPREAD = 0.05
"""Of the mean: what hardly ever moves is no wonder when it moves by so little."""
MOST = 999.0


def level_score(before: Sequence[float], after: Sequence[float]) -> float:
    """By how many of its former spreads the mean of a level moved; 0 where either is unknown."""
    if not before or not after:
        return 0.0
    mean, now = fmean(before), fmean(after)
    spread = max(pstdev(before), LEAST_SPREAD * abs(mean))
    if spread <= 0:  # it was nothing all the time
        spread = LEAST_SPREAD * abs(now)
    if spread <= 0:
        return 0.0
    return _bounded((now - mean) / spread)


def count_score(before: int, after: int, ratio: float = 1.0) -> float:
    """By how many spreads a number of events differs from the one before, whose span was `1 / ratio` of this one.

    Events that come by themselves are Poisson's: their number's variance is that number.
    """
    expected = before * ratio
    variance = after + before * ratio * ratio
    return _bounded((after - expected) / sqrt(max(1.0, variance)))


def rates_of(values: Sequence[float]) -> list[float] | None:
    """The steps between the values of a counter, None for what is no counter: it went down, or hardly ever up."""
    steps = [later - earlier for earlier, later in pairwise(values)]
    rising = sum(step > 0 for step in steps)
    if len(steps) < 3 or any(step < 0 for step in steps) or rising < len(steps) * 0.6:
        return None
    return steps


def _bounded(score: float) -> float:
    return max(-MOST, min(MOST, score))
