"""Series as one value a column."""

from __future__ import annotations

import math

from netloom.app.charts.chart import Series


def columns(series: Series, since: float, until: float, count: int) -> list[float | None]:
    """The mean of what lies in each column; where nothing begins in one, what holds from before."""
    sums = [0.0] * count
    counts = [0] * count
    unknown = [False] * count
    for moment, value in series.points:
        at = math.floor((moment - since) / (until - since) * count + 1e-9)
        if 0 <= at < count:
            if value is None:
                unknown[at] = True
            else:
                sums[at] += value
                counts[at] += 1
    found: list[float | None] = []
    held: float | None = next((value for moment, value in reversed(series.points) if moment < since), None)
    for at in range(count):
        if counts[at]:
            held = sums[at] / counts[at]
        elif unknown[at]:
            held = None
        found.append(held)
    return found
