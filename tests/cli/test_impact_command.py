"""`netloom impact`: what moved around a change, the most unusual first."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.command import CommandLine
from tests.telemetry_rows import INVENTORY, TEN, apply, fill

from netloom.app.telemetry.impact import UNUSUAL, scope_of
from netloom.app.telemetry.score import MOST, count_score, level_score, rates_of
from netloom.errors import UsageError
from netloom.intent.journal import ChangeEntry, DeviceEntry
from netloom.model.bgp_session import BgpSessionState
from netloom.store.store import Store


def session(state: str) -> BgpSessionState:
    return BgpSessionState(peer="10.0.0.1", state=state, peer_asn=65001)


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> CommandLine:
    folder = tmp_path_factory.mktemp("impact")
    found = CommandLine(folder / "ws", folder / "home")
    found.write({**INVENTORY, "checks/a.yml": "- bgp: {on: leaf1}\n"})
    fill(found.folder)
    apply(found.folder)
    with Store(found.folder / ".netloom" / "store") as store:
        for minutes, state in ((-5, "Established"), (10, "Idle")):
            store.append("bgp_session", "leaf1", TEN + timedelta(minutes=minutes), [session(state)])
        store.flush()
    return found


def test_what_broke_and_what_moved_stand_at_the_top(watched: CommandLine) -> None:
    rows = watched("impact", "-f", "json").rows()
    found = {(row["kind"], row["hostname"], row["what"]): row for row in rows}
    assert rows[0] == {
        "kind": "check",
        "hostname": "leaf1",
        "what": "bgp",
        "before": "holds",
        "after": rows[0]["after"],
        "unit": "",
        "score": MOST,
    }
    assert rows[0]["after"].startswith("fails: ")
    assert found["metric", "leaf1", "interface.in_bps eth1"]["after"] == pytest.approx(5e8, rel=0.02)
    assert found["traffic", "leaf1", "dst_port 22 (ssh) · 6 (tcp)"]["score"] > UNUSUAL
    assert found["event", "leaf1", "INTERFACE_DOWN eth1 down"]["after"] == 1
    assert found["log", "leaf1", "BGP-5-ADJCHANGE"]["before"] == 0
    (state,) = (row for row in rows if row["kind"] == "state")
    assert (state["before"], state["after"]) == ("state=Established", "state=Idle")
    assert state["what"].startswith("bgp_session ")
    assert "10.0.0.1" in state["what"]
    assert [abs(row["score"]) for row in rows] == sorted((abs(row["score"]) for row in rows), reverse=True)


def test_what_did_not_move_is_told_on_request_and_counters_as_rates(watched: CommandLine) -> None:
    usual = watched("impact", "-f", "json").rows()
    every = watched("impact", "--all", "-f", "json").rows()
    assert len(every) > len(usual)
    found = {(row["hostname"], row["what"]): row for row in every}
    octets = found["leaf2", "interface.in_octets eth1"]
    assert (octets["unit"], octets["before"], octets["score"]) == ("B/s", pytest.approx(1e5), 0)
    assert ("leaf2", "interface.in_bps eth1") not in {(row["hostname"], row["what"]) for row in usual}
    assert {row["hostname"] for row in every} == {"leaf1", "leaf2"}


def test_people_read_the_spans_and_the_change(watched: CommandLine) -> None:
    ran = watched("impact", "last", "--before", "30 min", "--after", "20 min")
    lines = ran.out.splitlines()
    assert lines[0].startswith("change 20261120T100000-abcdef123456 by ana@ops on leaf1, leaf2")
    assert lines[4].split() == ["hostname", "kind", "what", "before", "after", "change", "unusual"]
    assert "5x" in ran.out
    assert "more did not move unusually; --all shows them" in ran.err


def test_a_change_is_found_by_its_plan_and_an_unknown_one_is_told(watched: CommandLine, cli: CommandLine) -> None:
    assert watched("impact", "abcdef", "-f", "csv").out == watched("impact", "20261120T10", "-f", "csv").out
    ran = watched("impact", "nosuch", expect=64)
    assert "no change is called 'nosuch'; the last ones are 20261120T100000-abcdef123456" in ran.err
    cli.write(INVENTORY)
    assert "no change was ever applied" in cli("impact", expect=64).err


def test_what_cannot_be_compared_is_said(cli: CommandLine) -> None:
    cli.write(INVENTORY)
    apply(cli.folder)
    ran = cli("impact")
    for words in ("no checks", "no state collected", "no flows from these devices", "no metrics", "nothing to compare"):
        assert words in ran.err


def entry(**device: datetime) -> ChangeEntry:
    return ChangeEntry(
        "x",
        Path("x"),
        started_at=TEN,
        devices={"a": DeviceEntry("a", **device)},  # type: ignore[arg-type]  # moments alone
    )


def test_spans_are_clipped_at_now() -> None:
    quarter = timedelta(minutes=15)
    now = TEN + timedelta(minutes=6)
    scope = scope_of(entry(began_at=TEN, ended_at=TEN + timedelta(minutes=1)), quarter, quarter, now)
    assert (scope.before.since, scope.before.until) == (TEN - quarter, TEN)
    assert (scope.after.since, scope.after.until) == (TEN + timedelta(minutes=1), now)
    assert scope.ratio == pytest.approx(1 / 3)
    with pytest.raises(UsageError, match="ended less than 30 s ago"):
        scope_of(entry(began_at=TEN, ended_at=now), quarter, quarter, now)
    with pytest.raises(UsageError, match="never reached a device"):
        scope_of(entry(), quarter, quarter, datetime.now(UTC))


def test_a_level_is_unusual_by_its_own_spread() -> None:
    calm, wild = [100, 101, 99, 100], [10, 200, 40, 150]
    assert level_score(calm, [150, 150]) == pytest.approx(10)
    assert 0 < level_score(wild, [150, 150]) < 1
    assert level_score([0, 0, 0], [7, 7]) == pytest.approx(20)
    assert level_score([0], [0]) == level_score([], [1]) == 0
    assert level_score(calm, [1e9]) == MOST


def test_a_count_is_unusual_against_what_comes_by_itself() -> None:
    assert count_score(0, 9) == pytest.approx(3)
    assert count_score(100, 110) < 1
    assert count_score(30, 10, 1 / 3) == 0
    assert count_score(9, 0) == pytest.approx(-3)


def test_a_counter_is_known_by_its_growth() -> None:
    assert rates_of([1, 2, 4, 7]) == [1, 2, 3]
    assert rates_of([1, 2, 1, 7, 8]) is None
    assert rates_of([5, 5, 5, 5, 5]) is None
    assert rates_of([1, 2]) is None
