"""Round numbers and times for the axes of charts."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from netloom.app.telemetry.quantity import quantity

Ticks = tuple[tuple[float, str], ...]
_FACTORS = (1, 2, 2.5, 5, 10)
_STEPS_S = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 14400, 21600, 43200)
_STEPS_DAYS = (1, 2, 3, 7, 14, 30, 61, 122, 365)


@dataclass(frozen=True, slots=True)
class Axis:
    """A scale between two round values."""

    low: float
    high: float
    ticks: Ticks
    """Values and their labels."""

    def share(self, value: float) -> float:
        """Where a value lies, from 0 at the lower end to 1 at the upper one."""
        return (value - self.low) / (self.high - self.low)


def value_axis(low: float, high: float, unit: str, count: int = 5) -> Axis:
    """A scale from at most `low` to at least `high` with about so many ticks."""
    if high <= low:
        high = low + (abs(low) or 1.0)
    rough = (high - low) / max(1, count)
    size = 10.0 ** math.floor(math.log10(rough))
    step = next(factor * size for factor in _FACTORS if factor * size >= rough * 0.999)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    values = [at * step for at in range(first, last + 1)]
    ticks = tuple((value, quantity(value, unit) if value else "0") for value in values)
    return Axis(values[0], values[-1], ticks)


def time_axis(since: float, until: float, count: int = 8) -> Axis:
    """A scale between two moments with at most about so many ticks, at round local times."""
    length = until - since
    step = next((step for step in _STEPS_S if length / step <= count), None)
    start = datetime.fromtimestamp(since, UTC).astimezone()
    midnight = start.replace(hour=0, minute=0, second=0, microsecond=0)
    if step is not None:
        first = math.ceil((since - midnight.timestamp()) / step)
        moments = [midnight + timedelta(seconds=at * step) for at in range(first, first + int(length // step) + 2)]
    else:
        days = next((days for days in _STEPS_DAYS if length / days / 86400 <= count), _STEPS_DAYS[-1])
        moments = [midnight + timedelta(days=at * days) for at in range(int(length // days // 86400) + 2)]
    ticks = [(at.timestamp(), _told(at, step)) for at in moments if since <= at.timestamp() <= until]
    return Axis(since, until, tuple(ticks))


def _told(moment: datetime, step: int | None) -> str:
    if step is None or (moment.hour, moment.minute, moment.second) == (0, 0, 0):
        return f"{moment:%b} {moment.day}"
    return moment.strftime("%H:%M:%S" if step < 60 else "%H:%M")
