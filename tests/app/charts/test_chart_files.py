"""Charts as files: what a report needs, and the same file for the same chart."""

from __future__ import annotations

import math
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from netloom.app.charts.chart import Bar, BarChart, Mark, Series, TimeChart, extent
from netloom.app.charts.files import check_ending, write_chart
from netloom.errors import UsageError

pytest.importorskip("matplotlib", reason="charts in files are an extra")

SINCE = 1795168800.0
POINTS = tuple((SINCE + 60 * at, 1e6 * (2 + math.sin(at))) for at in range(60))
CHART = TimeChart(
    title="Traffic by dst_port",
    subtitle="2026-11-20 10:00 to 11:00 UTC",
    unit="bit/s",
    since=SINCE,
    until=SINCE + 3600,
    series=(Series("443 (https)", POINTS), Series("all others", POINTS, rest=True)),
    former=Series("all flows of the span before", POINTS),
    marks=(Mark(SINCE + 600, "change 1a2b: leaf1 $x^2$"), Mark(SINCE + 650, "change 3c4d: leaf2")),
)
LINES = TimeChart(
    title="cpu.utilization",
    subtitle="",
    unit="%",
    since=SINCE,
    until=SINCE + 3600,
    series=(Series("leaf1", (*POINTS[:10], (POINTS[10][0], None), *POINTS[20:])), Series("leaf2", POINTS[:1])),
    stacked=False,
)
BARS = BarChart(
    title="Top",
    subtitle="",
    unit="B",
    bars=(Bar("<b>&", 5e9, 0.5, 2e9), Bar("漢字", 1.0), Bar("all others", 9e9, 0.5, 8e9, rest=True)),
)


def words(path: Path) -> set[str]:
    """The texts of a drawing."""
    return {"".join(node.itertext()).strip() for node in ElementTree.parse(path).iter() if node.tag.endswith("text")}


def test_a_chart_says_what_it_shows(tmp_path: Path) -> None:
    write_chart(CHART, tmp_path / "x.svg")
    said = words(tmp_path / "x.svg")
    assert {"Traffic by dst_port", "2026-11-20 10:00 to 11:00 UTC", "2 Mbit/s", "443 (https)"} <= said
    assert {"change 1a2b: leaf1 $x^2$", "change 3c4d: leaf2", "all flows of the span before"} <= said


def test_bars_stand_beside_their_figures(tmp_path: Path) -> None:
    write_chart(BARS, tmp_path / "x.svg")
    assert {"<b>&", "漢字", "all others", "5 GB", "50 %", "+150 %", "9 GB"} <= words(tmp_path / "x.svg")


@pytest.mark.parametrize(("name", "start"), [("x.png", b"\x89PNG"), ("x.pdf", b"%PDF"), ("x.SVG", b"<?xml")])
def test_the_ending_tells_the_format_and_the_same_chart_is_the_same_file(
    tmp_path: Path, name: str, start: bytes
) -> None:
    for chart in (CHART, LINES, BARS):
        path = tmp_path / name
        write_chart(chart, path)
        first = path.read_bytes()
        write_chart(chart, path)
        assert first.startswith(start)
        assert path.read_bytes() == first


def test_what_cannot_be_written_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UsageError, match=r"x\.gif: no chart has this ending; expected one of \.svg, \.png, \.pdf"):
        check_ending(Path("x.gif"))
    with pytest.raises(UsageError, match=r"cannot write .*x\.svg: No such file"):
        write_chart(CHART, tmp_path / "nowhere" / "x.svg")
    monkeypatch.setitem(sys.modules, "netloom.app.charts.paper", None)
    with pytest.raises(UsageError, match=r"netloom\[charts\]"):
        write_chart(CHART, tmp_path / "x.svg")


def test_an_axis_begins_at_nothing_unless_that_hides_everything() -> None:
    def shown(*values: float) -> tuple[float, float]:
        series = Series("x", tuple((SINCE + at, value) for at, value in enumerate(values)))
        return extent(TimeChart(title="", subtitle="", unit="", since=0, until=1, series=(series,), stacked=False))

    assert shown(1, 10) == (0, 10)
    assert shown(40, 42) == (40, 42)
    assert shown(-9, -3) == (-9, 0)
    assert shown(5, 5) == (0, 5)
    assert shown() == (0, 0)
