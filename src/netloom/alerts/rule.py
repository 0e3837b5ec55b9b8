"""A rule: what is measured, for whom, and when that is an alert."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from netloom.alerts.duration import words
from netloom.alerts.formula import Formula
from netloom.alerts.wording import Wording
from netloom.model.filter import Filter

SEVERITIES = ("info", "warning", "critical")
Labels = tuple[tuple[str, str], ...]
"""What tells one alert of a rule from its others: hostname, tags.interface, …"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """Numbers out of a stream: one for each group of rows."""

    stream: str
    """Its name: metric, flow, log, event, trap, probe, counters."""
    where: Filter = field(default_factory=Filter)
    by: tuple[str, ...] = ()
    """The fields whose values make a group; a mapping such as `tags` stands for all of its keys."""
    how: str = "count"
    """avg, max, min, last, sum, p50 to p99, count, distinct, or rate: a second."""
    of: str | None = None
    """The field; None counts rows."""
    names: tuple[str, ...] = ()
    """The metrics, each of which has a number of its own."""
    over_s: float = 300.0
    """The window: rows of so many seconds up to now."""


@dataclass(frozen=True, slots=True)
class Threshold:
    """Holds where the number is beyond a limit."""

    word: Literal["above", "below", "outside", "equals", "differs"]
    numbers: tuple[float, ...]

    def holds(self, value: float) -> bool:
        """Whether it is an alert."""
        match self.word:
            case "above":
                return value > self.numbers[0]
            case "below":
                return value < self.numbers[0]
            case "outside":
                return not self.numbers[0] <= value <= self.numbers[1]
            case "equals":
                return value == self.numbers[0]
            case "differs":
                return value != self.numbers[0]

    def sql(self, column: str) -> str:
        """The same in the words of the store's engine, over a column."""
        first, last = (f"CAST({number!r} AS DOUBLE)" for number in (self.numbers[0], self.numbers[-1]))
        match self.word:
            case "above":
                return f"{column} > {first}"
            case "below":
                return f"{column} < {first}"
            case "outside":
                return f"NOT {column} BETWEEN {first} AND {last}"
            case "equals":
                return f"{column} = {first}"
            case "differs":
                return f"{column} <> {first}"

    def __str__(self) -> str:
        return f"{self.word} {' to '.join(f'{number:g}' for number in self.numbers)}"


@dataclass(frozen=True, slots=True)
class Absent:
    """Holds where what was there tells nothing for so long."""

    after_s: float
    forget_s: float = 86400.0
    """After so long nothing is missed any more, but for hosts that the rule's pattern names."""

    def __str__(self) -> str:
        return f"absent for {words(self.after_s)}"


@dataclass(frozen=True, slots=True)
class Anomaly:
    """Holds where the number is far from those of the same hour of former days."""

    days: int = 7
    deviations: float = 4.0
    """Standard deviations."""
    way: Literal["both", "above", "below"] = "both"

    def __str__(self) -> str:
        side = "from" if self.way == "both" else self.way
        return f"{self.deviations:g} deviations {side} the same hour of {self.days} days"


Condition = Threshold | Absent | Anomaly | Formula


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule of `alerts/*.yml`."""

    name: str
    place: str
    """file:line"""
    on: str | None = None
    """A host pattern; None takes rows of any host, known or not."""
    measure: Measure
    condition: Condition
    for_s: float = 0.0
    """It must hold for so long before it is told."""
    keep_firing_s: float = 0.0
    """It goes on for so long after it held the last time."""
    severity: str = "warning"
    labels: Mapping[str, Wording] = field(default_factory=dict)
    annotations: Mapping[str, Wording] = field(default_factory=dict)
    runbook: str | None = None
    notify: tuple[str, ...] = ()
    """Receivers; none are the default ones."""

    def __str__(self) -> str:
        measure = self.measure
        what = ", ".join(measure.names) or measure.stream
        return f"{measure.how} of {what} over {words(measure.over_s)} {self.condition}"
