"""A series in one line of text."""

from __future__ import annotations

from netloom.app.charts.chart import Series
from netloom.cli.plot.sampling import columns

BLOCKS = "▁▂▃▄▅▆▇█"
ASCII = "_.-:=+*#"
WIDTH = 24


def sparkline(series: Series, since: float, until: float, *, unicode: bool = True, width: int = WIDTH) -> str:
    """The course between its own least and largest value."""
    sampled = columns(series, since, until, width)
    known = [value for value in sampled if value is not None]
    low, high = min(known, default=0.0), max(known, default=0.0)
    marks = BLOCKS if unicode else ASCII
    if high <= low:
        return "".join(" " if value is None else marks[0] for value in sampled).rstrip()
    at = (
        None if value is None else min(len(marks) - 1, int((value - low) / (high - low) * len(marks)))
        for value in sampled
    )
    return "".join(" " if each is None else marks[each] for each in at).rstrip()
