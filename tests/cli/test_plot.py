"""Charts in a terminal: drawn as kept beside this file, whatever the terminal can show.

Where a drawing is changed on purpose, `python -m tests.cli.test_plot` writes the files anew: look at them.
"""

from __future__ import annotations

import math
import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netloom.app.charts.axis import time_axis, value_axis
from netloom.app.charts.chart import Bar, BarChart, Chart, Mark, Series, TimeChart
from netloom.cli.plot.canvas import Screen
from netloom.cli.plot.draw import draw
from netloom.cli.plot.sampling import columns
from netloom.cli.plot.sparkline import sparkline

FOLDER = Path(__file__).with_name("plots")
SINCE = 1795168800.0  # 2026-11-20 10:00 UTC
UNTIL = SINCE + 3600


def wave(name: str, height: float, *, rest: bool = False) -> Series:
    points = tuple((SINCE + 60 * at, height * 1e6 * (2 + math.sin(at / 8))) for at in range(60))
    return Series(name, points, rest)


SERIES = (wave("443 (https)", 100), wave("22 (ssh)", 60), wave("all others", 25, rest=True))
AREA = TimeChart(
    title="Traffic by dst_port",
    subtitle="2026-11-20 10:00 to 11:00 UTC, steps of 1 min",
    unit="bit/s",
    since=SINCE,
    until=UNTIL,
    series=SERIES,
    former=wave("all flows of the span before", 120),
    marks=(Mark(SINCE + 1200, "change 1a2b: leaf1"), Mark(SINCE + 3000, "change 3c4d: spine1 \x1b[2J")),
)
LINES = TimeChart(
    title="interface.in_bps",
    subtitle="2026-11-20 10:00 to 11:00 UTC, avg of 1 min",
    unit="bit/s",
    since=SINCE,
    until=UNTIL,
    series=SERIES[:2],
    stacked=False,
)
BARS = BarChart(
    title="Top 3 dst_port by bytes",
    subtitle="2026-11-20 10:00 to 11:00 UTC",
    unit="B",
    bars=(
        Bar("443 (https)", 5e9, 0.5, 2.5e9),
        Bar("22 (ssh)", 1.2e9, 0.12, 0.0),
        Bar("53 (dns)", 4e6, 0.0004, 3.9e6),
        Bar("all others", 3.8e9, 0.38, 3e9, rest=True),
    ),
)
CHARTS: dict[str, Chart] = {"area": AREA, "lines": LINES, "bars": BARS}
SCREENS = {
    "colour": Screen(width=72, height=10),
    "plain": Screen(width=72, height=10, colour=False),
    "ascii": Screen(width=72, height=10, colour=False, unicode=False),
}
CASES = [(chart, screen) for chart in CHARTS for screen in SCREENS]


def drawn(chart: str, screen: str) -> str:
    """A chart's characters, and for colours the styles in each line."""
    found = []
    for text in draw(CHARTS[chart], SCREENS[screen]):
        text.rstrip()
        found.append(text.plain)
        if screen == "colour":
            styles = sorted({str(span.style) for span in text.spans if str(span.style) not in ("", "dim")})
            found += [f"    {', '.join(styles)}"] if styles else []
    return "\n".join(found) + "\n"


@pytest.fixture
def utc() -> Iterator[None]:
    """The axis of times as it is told at Greenwich."""
    before = os.environ.get("TZ")
    os.environ["TZ"] = "UTC"
    time.tzset()
    yield
    os.environ.pop("TZ")
    if before is not None:
        os.environ["TZ"] = before
    time.tzset()


@pytest.mark.usefixtures("utc")
@pytest.mark.parametrize(("chart", "screen"), CASES)
def test_a_chart_is_drawn_as_it_is_kept(chart: str, screen: str) -> None:
    assert drawn(chart, screen) == (FOLDER / f"{chart}-{screen}.txt").read_text()


@pytest.mark.parametrize(("chart", "screen"), CASES)
def test_a_chart_stays_within_its_screen(chart: str, screen: str) -> None:
    for width in (40, 57, 120):
        look = Screen(width, 8, SCREENS[screen].colour, SCREENS[screen].unicode)
        lines = [text.plain.rstrip() for text in draw(CHARTS[chart], look)]
        assert max(map(len, lines)) <= width
        assert all(line.isprintable() for line in lines)
        assert SCREENS[screen].unicode or all(line.isascii() for line in lines)


@given(
    st.lists(st.lists(st.floats(0, 1e12) | st.none(), min_size=1, max_size=8), min_size=1, max_size=5),
    st.booleans(),
    st.sampled_from([*SCREENS.values()]),
)
def test_whatever_the_values_a_chart_is_drawn(values: list[list[float | None]], stacked: bool, screen: Screen) -> None:
    series = tuple(
        Series(f"series {at}", tuple((SINCE + 450 * step, value) for step, value in enumerate(row)))
        for at, row in enumerate(values)
    )
    chart = TimeChart(
        title="x", subtitle="", unit="", since=SINCE, until=UNTIL, series=series, stacked=stacked, former=series[0]
    )
    lines = [text.plain.rstrip() for text in draw(chart, screen)]
    assert max(map(len, lines)) <= screen.width
    assert len(lines) >= screen.height


def test_each_column_has_the_mean_of_its_points_and_holds_the_one_before() -> None:
    series = Series("x", ((0, 1.0), (10, 3.0), (20, 5.0), (50, None), (70, 8.0)))
    assert columns(series, 0, 80, 4) == [2.0, 5.0, None, 8.0]
    assert columns(series, 0, 80, 8) == [1, 3, 5, 5, 5, None, None, 8]
    assert columns(series, 15, 35, 2) == [5, 5]


def test_a_course_is_drawn_in_one_line() -> None:
    series = Series("x", ((0, 0.0), (10, 10.0), (20, 5.0), (30, None)))
    assert sparkline(series, 0, 40, width=4) == "▁█▅"
    assert sparkline(series, 0, 40, width=4, unicode=False) == "_#="
    assert sparkline(Series("x", ((0, 5.0),)), 0, 10, width=3) == "▁▁▁"
    assert sparkline(Series("x", ()), 0, 10) == ""


@given(st.floats(-1e15, 1e15), st.floats(1e-6, 1e15))
def test_an_axis_covers_its_values_with_few_round_ticks(low: float, size: float) -> None:
    axis = value_axis(low, low + size, "B")
    assert axis.low <= low + size * 1e-6
    assert axis.high >= (low + size) - size * 1e-6 - abs(low) * 1e-9
    assert 2 <= len(axis.ticks) <= 14


@pytest.mark.usefixtures("utc")
@pytest.mark.parametrize(
    ("seconds", "labels"),
    [
        (60, ["10:00:00", "10:00:10"]),
        (3600, ["10:00", "10:10"]),
        (86400, ["12:00", "15:00", "18:00", "21:00", "Nov 21"]),
        (7 * 86400, ["Nov 21", "Nov 22"]),
        (90 * 86400, ["Dec 4", "Dec 18"]),
    ],
)
def test_times_are_told_at_round_moments(seconds: float, labels: list[str]) -> None:
    assert [label for _, label in time_axis(SINCE, SINCE + seconds).ticks][: len(labels)] == labels


if __name__ == "__main__":
    os.environ["TZ"] = "UTC"
    time.tzset()
    for name, look in CASES:
        (FOLDER / f"{name}-{look}.txt").write_text(drawn(name, look))
