"""Charts as data: what is drawn, whoever draws it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

PALETTE = ("#0072B2", "#E69F00", "#009E73", "#D55E00", "#56B4E9", "#CC79A7", "#B8A800", "#6B5BA8")
"""Okabe and Ito's colours, which people of every colour vision tell apart; the yellow is darkened for white paper."""
REST = "#A8A8A8"
"""What is none of the series."""


@dataclass(frozen=True, slots=True)
class Series:
    """One quantity over time."""

    name: str
    points: tuple[tuple[float, float | None], ...]
    """Seconds since 1970 and the value that holds from there to the next point; None is unknown."""
    rest: bool = False
    """Whether it is all others together."""

    @property
    def values(self) -> list[float]:
        """The known values."""
        return [value for _, value in self.points if value is not None]

    @property
    def mean(self) -> float:
        """Their mean, 0 of none."""
        return sum(self.values) / len(self.values) if self.values else 0.0

    @property
    def peak(self) -> float:
        """The largest, 0 of none."""
        return max(self.values, default=0.0)

    @property
    def last(self) -> float:
        """The latest, 0 of none."""
        return self.values[-1] if self.values else 0.0


@dataclass(frozen=True, slots=True)
class Mark:
    """Something that happened at a moment."""

    at: float
    """Seconds since 1970."""
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeChart:
    """Quantities over time."""

    title: str
    subtitle: str
    """The span, the steps, what was asked."""
    unit: str
    since: float
    until: float
    series: tuple[Series, ...]
    former: Series | None = None
    """The total of the span before, moved on to this one."""
    marks: tuple[Mark, ...] = ()
    stacked: bool = True
    """Whether the series add up."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One quantity."""

    name: str
    value: float
    share: float | None = None
    """Of everything, up to 1."""
    former: float | None = None
    """What it was in the span before."""
    rest: bool = False
    """Whether it is all others together: told in figures alone, for its bar would dwarf the others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BarChart:
    """Quantities side by side, the largest first."""

    title: str
    subtitle: str
    unit: str
    bars: tuple[Bar, ...]


Chart = TimeChart | BarChart


def longest(chart: BarChart) -> float:
    """The largest value that a bar or its former value has."""
    return max((max(bar.value, bar.former or 0.0) for bar in chart.bars if not bar.rest), default=0.0)


def colour(at: int, *, rest: bool = False) -> str:
    """The colour of the series at a place."""
    return REST if rest else PALETTE[at % len(PALETTE)]


def stacked(series: Sequence[Series]) -> list[float]:
    """The sum of series at each point that any of them has."""
    sums: dict[float, float] = {}
    for each in series:
        for moment, value in each.points:
            sums[moment] = sums.get(moment, 0.0) + (value or 0.0)
    return list(sums.values())


def extent(chart: TimeChart) -> tuple[float, float]:
    """The least and the largest value to be shown; what adds up starts at nothing."""
    values = stacked(chart.series) if chart.stacked else [value for each in chart.series for value in each.values]
    values += chart.former.values if chart.former else []
    low, high = min(values, default=0.0), max(values, default=0.0)
    if chart.stacked or 0 <= low < high * 0.6 or low == high:
        low = min(low, 0.0)
    return low, max(high, 0.0) if low <= 0 else high
