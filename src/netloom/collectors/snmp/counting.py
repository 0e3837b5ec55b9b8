"""One device's counters between its polls: what stood where, and the rates that follow."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable

from netloom.collectors.rates import CEILING, Gap, Moment, Verdict, gap, rate


class Counting:
    """The last readings of a device's counters, by a key that outlives restarts: a name, not a number."""

    def __init__(self) -> None:
        self.verdicts: Counter[Verdict] = Counter()
        """What became of readings."""
        self._before: dict[Hashable, int] = {}
        self._now: dict[Hashable, int] = {}
        self._moments: dict[Hashable, Moment] = {}
        self._moments_now: dict[Hashable, Moment] = {}

    def gap(self, key: Hashable, moment: Moment) -> Gap:
        """The time since the last reading of what the key names."""
        self._moments_now[key] = moment
        return gap(self._moments.get(key), moment)

    def rate(
        self, key: Hashable, value: int, between: Gap, *, width: int = 64, ceiling: float = CEILING
    ) -> float | None:
        """A counter's rate a second; None where there is none."""
        self._now[key] = value
        found = rate(self._before.get(key), value, between, width=width, ceiling=ceiling)
        self.verdicts[found.verdict] += 1
        return found.value

    def end(self) -> None:
        """A poll is over: what it did not tell of is forgotten, and with it any rate over the hole."""
        self._before, self._now = self._now, {}
        self._moments, self._moments_now = self._moments_now, {}
