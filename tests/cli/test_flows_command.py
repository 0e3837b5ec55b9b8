"""`netloom flows`: tables for people, rows for programs, and words where nothing is found."""

from __future__ import annotations

import csv
from io import StringIO
from pathlib import Path

import pytest
from tests.command import CommandLine
from tests.telemetry_rows import INVENTORY, SPAN, apply, fill


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> CommandLine:
    folder = tmp_path_factory.mktemp("flows")
    found = CommandLine(folder / "ws", folder / "home")
    found.write(INVENTORY)
    fill(found.folder)
    apply(found.folder)
    return found


def test_people_read_units_and_names(watched: CommandLine) -> None:
    ran = watched("flows", "top", "dst_port", "-n", "2", *SPAN)
    header, first, second, rest = ran.out.splitlines()
    assert header.split() == ["dst_port", "bytes", "rate", "share", "packets", "flows"]
    assert first.split()[:6] == ["443", "(https)", "361", "MB", "803", "kbit/s"]
    assert second.split()[:2] == ["22", "(ssh)"]
    assert rest.startswith("all others")
    assert "% of these bytes came without a sampling rate" in ran.err
    assert {len(line) - len(line.lstrip()) for line in (first, second)} == {0}


def test_programs_read_numbers(watched: CommandLine) -> None:
    (row,) = watched("flows", "top", "dst_port", "-n", "1", "-f", "json", *SPAN).rows()
    assert row["dst_port"] == 443
    assert row["bits_per_second"] == pytest.approx(row["bytes"] * 8 / 3600, abs=0.1)
    assert 0 < row["bytes_unscaled"] < row["bytes"]
    assert 0 < row["share"] < 1


def test_the_largest_by_packets_are_others_than_by_bytes(watched: CommandLine) -> None:
    rows = watched("flows", "top", "dst_port", "--by", "packets", "-f", "json", *SPAN).rows()
    assert rows[0]["dst_port"] == 22
    shown = watched("flows", "top", "dst_port", "--by", "packets", *SPAN).out
    assert shown.splitlines()[0].split()[:3] == ["dst_port", "packets", "rate"]


def test_a_comparison_tells_what_was_and_how_it_moved(watched: CommandLine) -> None:
    rows = watched("flows", "top", "dst_port", "--compare", "-f", "json", *SPAN).rows()
    by_port = {row["dst_port"]: row for row in rows}
    assert by_port[22]["change"] == pytest.approx(7, rel=0.01)
    assert by_port[22]["bytes_before"] * 8 == pytest.approx(by_port[22]["bytes"], rel=0.01)
    assert abs(by_port[443]["change"]) < 0.1
    shown = watched("flows", "top", "dst_port", "--compare", *SPAN).out
    assert "8x" in shown


def test_filters_and_host_patterns_narrow_the_answer(watched: CommandLine) -> None:
    asked = ("flows", "top", "exporter_name", "-f", "json", *SPAN)
    assert [row["exporter_name"] for row in watched(*asked, "--host", "leaf*:!leaf2").rows()] == ["leaf1"]
    rows = watched(*asked, "-w", "dst_port in (22, 53) and src_addr in 10.1.0.3/32").rows()
    assert {row["flows"] for row in rows} == {20}


def test_a_series_is_a_column_a_group_for_people(watched: CommandLine) -> None:
    shown = watched("flows", "series", "--by", "dst_port", "-n", "1", "--step", "10m", *SPAN).out.splitlines()
    assert shown[0].split() == ["time", "total", "443", "(https)", "all", "others"]
    assert len(shown) == 7


def test_a_series_adds_up_in_every_format(watched: CommandLine) -> None:
    asked = ("flows", "series", "--by", "dst_port", "-n", "1", "--step", "10m", *SPAN)
    rows = watched(*asked, "-f", "json").rows()
    (total,) = watched("flows", "top", "proto", "-f", "json", *SPAN).rows()
    assert sum(row["bytes"] for row in rows) == total["bytes"]
    assert [row["others"] for row in rows[:2]] == [False, True]
    written = list(csv.DictReader(StringIO(watched(*asked, "-f", "csv").out)))
    assert [int(row["bytes"]) for row in written] == [row["bytes"] for row in rows]
    assert watched("flows", "series", "--compare", "--step", "1h", "-f", "json", *SPAN).rows()[0]["bytes_before"] > 0


def test_flows_themselves_are_listed_as_they_came(watched: CommandLine) -> None:
    shown = watched("flows", "list", "-n", "3", *SPAN).out.splitlines()
    assert shown[0].split()[:4] == ["time", "exporter", "in_if", "src_addr"]
    assert len(shown) == 4
    rows = watched("flows", "list", "-n", "2", "-f", "json", *SPAN).rows()
    assert rows[0]["time_received_ns"] < rows[1]["time_received_ns"]
    assert rows[0]["sampling_rate"] in (100, 10, None)
    narrow = watched("flows", "list", "-n", "1", "--columns", "dst_port,bytes", "-f", "csv", *SPAN).out
    assert narrow.splitlines()[0] == "dst_port,bytes"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("top", "dst_prt"), "no column 'dst_prt'; did you mean \"dst_port\"?"),
        (
            ("top", "dst_port", "-w", "proto=6 dst_potr=1"),
            'filter:1:9 dst_potr: unknown field; did you mean "dst_port"?',
        ),
        (("series", "--step", "soon"), "'soon' is not a span of time"),
        (("top", "dst_port", "--since", "someday"), "'someday' is not a time"),
        (("top", "dst_port", "-o", "x.gif"), "x.gif: no chart has this ending"),
        (("top", "dst_port", "--plot", "-f", "json"), "--plot draws for people"),
        (("top", "dst_port", "-l", "leaf9"), "leaf9"),
        (("top", "dst_port,bytes"), "bytes is what is added up"),
        (("list", "--at", "0001-01-01"), "out of the calendar"),
        (("list", "--columns", "dst_potr"), "no column 'dst_potr'; did you mean \"dst_port\"?"),
    ],
)
def test_a_slip_is_told_with_a_suggestion(watched: CommandLine, words: tuple[str, ...], said: str) -> None:
    ran = watched("flows", *words, expect=None)
    assert ran.status in (1, 64)
    assert said in ran.err


def test_an_empty_answer_says_why(watched: CommandLine, cli: CommandLine) -> None:
    later = ("--since", "2026-11-21T10:00:00Z", "--until", "2026-11-21T11:00:00Z")
    assert "the latest came at" in watched("flows", "top", "dst_port", *later).err
    assert "but none as asked" in watched("flows", "top", "dst_port", "-w", "dst_port=1", *SPAN).err
    assert "no flows yet: start `netloom watch` with its flow collector" in cli("flows", "top", "dst_port").err
    assert cli("-q", "flows", "top", "dst_port", "-f", "json").err == ""


def test_a_chart_takes_the_tables_place_and_marks_the_change(watched: CommandLine, tmp_path: Path) -> None:
    span = ("--since", "2026-11-20T09:30:00Z", "--until", "2026-11-20T10:30:00Z")
    shown = watched("flows", "series", "--by", "dst_port", "--plot", *span).out
    assert "Traffic by dst_port" in shown
    assert "A change abcdef123456: leaf1, leaf2 by ana@ops" in shown
    assert "Mbit/s" in shown
    path = tmp_path / "x.svg"
    ran = watched("flows", "series", "--by", "dst_port", "-o", str(path), *span)
    assert (ran.out, f"wrote {path}" in ran.err) == ("", True)
    assert "change abcdef123456" in path.read_text()
    bars = watched("flows", "top", "dst_port", "--plot", "--compare", *SPAN).out
    assert "in the span before" in bars
