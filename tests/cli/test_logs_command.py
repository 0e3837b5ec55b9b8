"""`netloom logs`, `metrics` and `events`: what devices wrote, counted and did."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.command import CommandLine
from tests.telemetry_rows import INVENTORY, SPAN, TEN, apply, fill, log

from netloom.app.telemetry.logs import LogQuestion, follow
from netloom.app.telemetry.window import Window
from netloom.store.streams import Streams


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> CommandLine:
    folder = tmp_path_factory.mktemp("logs")
    found = CommandLine(folder / "ws", folder / "home")
    found.write(INVENTORY)
    fill(found.folder)
    apply(found.folder)
    return found


def test_words_devices_and_severity_narrow_a_search(watched: CommandLine) -> None:
    def found(*words: str) -> list[str]:
        return [row["message"] for row in watched("logs", "search", "-f", "json", *words, *SPAN).rows()]

    assert len(found()) == 25
    assert len(found("DOWN")) == 13
    assert len(found("down", "bgp")) == 12
    assert len(found("updown")) == 1
    assert found("--severity", "error") == ["Interface eth1, changed state to down \x1b[2J"]
    assert len(found("-s", "5")) == 13
    assert len(found("--host", "leaf2")) == 12
    assert len(found("accepted*10.0.0.9")) == 12
    assert len(found("-w", "event.code=BGP-5-ADJCHANGE", "-n", "3")) == 3


def test_people_read_a_line_a_message_that_cannot_move_the_cursor(watched: CommandLine) -> None:
    (line,) = watched("logs", "search", "updown", *SPAN).out.splitlines()
    assert line.split()[2:5] == ["leaf1", "Error", "LINK-3-UPDOWN:"]
    assert line.endswith(r"changed state to down \x1b[2J")


def test_messages_are_counted_by_any_fields(watched: CommandLine) -> None:
    rows = watched("logs", "top", "hostname,code", "-f", "json", *SPAN).rows()
    assert [(row["hostname"], row["event.code"], row["messages"]) for row in rows] == [
        ("leaf1", "BGP-5-ADJCHANGE", 12),
        ("leaf2", None, 12),
        ("leaf1", "LINK-3-UPDOWN", 1),
    ]
    assert sum(row["share"] for row in rows) == pytest.approx(1)
    shown = watched("logs", "top", "-n", "1", "--severity", "notice", *SPAN).out.splitlines()
    assert [line.split() for line in shown[1:]] == [
        ["BGP-5-ADJCHANGE", "12", "92", "%"],
        ["all", "others", "1", "7.7", "%"],
    ]
    assert "Top 1 event.code of logs" in watched("logs", "top", "-n", "1", "--plot", *SPAN).out


def test_messages_are_counted_over_time(watched: CommandLine) -> None:
    asked = ("logs", "series", "--step", "10m", *SPAN)
    assert [row["messages"] for row in watched(*asked, "-f", "json").rows()] == [12, 5, 2, 2, 2, 2]
    rows = watched(*asked, "--by", "severity", "-n", "1", "-f", "json").rows()
    assert sum(row["messages"] for row in rows) == 25
    assert {row["log.syslog.severity.name"] for row in rows if not row["others"]} == {"Informational"}
    assert "change abcdef123456" in watched(*asked, "--by", "severity", "--plot").out
    assert "no column 'hostnam'; did you mean" in watched("logs", "top", "hostnam", *SPAN, expect=64).err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("-s", "wrning"), "no severity 'wrning'; did you mean \"warning\"?"),
        (("-w", "mesage=x"), 'did you mean "message"?'),
        (("--follow", "--until", "now"), "--follow goes on from now"),
        (("--follow", "-f", "json"), "--follow writes a line a message"),
    ],
)
def test_a_slip_in_a_search_is_told(watched: CommandLine, words: tuple[str, ...], said: str) -> None:
    ran = watched("logs", "search", *words, expect=None)
    assert ran.status in (1, 64)
    assert said in ran.err


async def test_what_comes_later_is_followed_and_nothing_is_told_twice(tmp_path: Path) -> None:
    with Streams(tmp_path) as streams:
        first, second = streams.writer("log"), streams.writer("log")
        waiting = [[("a", 0.0)], [("b", 0.1), ("b", 0.1)], [("late", 0.05)], [], [("c", 0.6)]]
        clock = iter(TEN + timedelta(seconds=10 * at) for at in range(1, 9))
        told: list[str] = []

        async def wait() -> None:
            batch = waiting.pop(0)
            for text, minutes in batch:
                writer = first if text == "late" else second
                writer.add([log(minutes, "leaf1", 6, text)])
                writer.flush()

        await wait()
        question = LogQuestion(window=Window(TEN - timedelta(minutes=1), TEN + timedelta(seconds=1)))
        messages = follow(streams, question, clock=lambda: next(clock), wait=wait)
        async for row in messages:
            told.append(row["message"])
            if row["message"] == "c":
                break
        await messages.aclose()  # type: ignore[attr-defined]  # a generator, told as an iterator
        assert told == ["a", "b", "b", "late", "c"]


def test_following_prints_what_comes(cli: CommandLine) -> None:
    cli.write(INVENTORY)
    with (
        Streams(cli.folder / ".netloom" / "store") as streams,
        streams.writer("log") as writer,
        cli.start("logs", "search", "--follow", "-f", "ndjson") as process,
    ):
        assert process.stdout is not None
        try:
            # whether it came before the process first looked or after, it is found
            now = (datetime.now(UTC) - TEN).total_seconds() / 60
            writer.add([log(now, "leaf1", 6, "hello")])
            writer.flush()
            assert json.loads(process.stdout.readline())["message"] == "hello"
        finally:
            process.terminate()


def test_metrics_are_listed_with_what_tells_them_apart(watched: CommandLine) -> None:
    rows = watched("metrics", "list", "-f", "json", *SPAN).rows()
    assert {row["name"]: (row["hosts"], row["series"], row["tags"], row["samples"]) for row in rows} == {
        "cpu.utilization": (2, 2, [], 120),
        "interface.in_bps": (2, 2, ["interface"], 120),
        "interface.in_octets": (2, 2, ["interface"], 120),
    }


def test_a_metric_is_shown_over_time(watched: CommandLine) -> None:
    asked = ("metrics", "show", "interface.in_bps", "--step", "30m", *SPAN)
    rows = watched(*asked, "-f", "json").rows()
    assert [(row["hostname"], row["interface"]) for row in rows] == [("leaf1", "eth1")] * 2 + [("leaf2", "eth1")] * 2
    assert rows[0]["value"] == pytest.approx(5e8, rel=0.02)
    tops = watched(*asked, "-f", "json", "--agg", "max").rows()
    assert all(top["value"] > row["value"] for top, row in zip(tops, rows, strict=True))
    shown = watched(*asked).out.splitlines()
    assert shown[0].split() == ["hostname", "interface", "mean", "min", "max", "last", "course"]
    assert "Mbit/s" in shown[1]
    assert "change abcdef123456" in watched(*asked, "--plot").out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("interface.in_bp",), 'did you mean "interface.in_bps"?'),
        (("interface.in_bps", "--by", "inteface"), 'did you mean "tags.interface"?'),
        (("interface.in_bps", "-w", "hostnam=leaf1"), 'did you mean "hostname"?'),
    ],
)
def test_a_slip_in_a_metric_is_told(watched: CommandLine, words: tuple[str, ...], said: str) -> None:
    ran = watched("metrics", "show", *words, *SPAN, expect=None)
    assert ran.status in (1, 64)
    assert said in ran.err


def test_events_traps_probes_and_changes_lie_on_one_timeline(watched: CommandLine) -> None:
    rows = watched("events", "-f", "json", *SPAN).rows()
    assert [(row["kind"], row["hostname"], row["name"]) for row in rows] == [
        ("change", None, "CHANGE_DONE"),
        ("probe", "spine1", "PROBE_FAILED"),
        ("event", "leaf1", "INTERFACE_DOWN"),
        ("event", "leaf1", "BGP_NEIGHBOR_STATE_CHANGED"),
        ("probe", "spine1", "PROBE_SUCCEEDED"),
        ("trap", "leaf1", "linkDown"),
    ]
    assert rows[0]["detail"] == "leaf1, leaf2 by ana@ops"
    shown = watched("events", *SPAN).out.splitlines()
    assert shown[0].split() == ["time", "hostname", "kind", "name", "object", "state", "detail"]


def test_events_are_narrowed_by_device_name_and_kind(watched: CommandLine) -> None:
    def names(*words: str) -> list[str]:
        return [row["name"] for row in watched("events", "-f", "json", *words, *SPAN).rows()]

    assert names("--host", "spine1") == ["PROBE_FAILED", "PROBE_SUCCEEDED"]
    assert names("--name", "bgp*,link*") == ["BGP_NEIGHBOR_STATE_CHANGED", "linkDown"]
    assert names("--kind", "trap", "-k", "change") == ["CHANGE_DONE", "linkDown"]
    assert names("-n", "1") == ["linkDown"]
    assert "nothing happened as asked" in watched("events", "--name", "NO_SUCH", *SPAN).err


def test_what_is_not_collected_yet_is_said(cli: CommandLine) -> None:
    cli.write(INVENTORY)
    assert "no logs yet: start `netloom watch` with its syslog collector" in cli("logs", "search").err
    assert "no metrics yet: start `netloom watch` with its snmp collector" in cli("metrics", "list").err
    assert "no events yet: start `netloom watch`" in cli("events").err
    assert not (cli.folder / ".netloom").exists()
