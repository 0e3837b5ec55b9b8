"""Alerts at work: from rows in the store to messages, over restarts and faults."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.alerts.ground import NOON, History, Stage

from netloom.alerts.book import Lock, load_book
from netloom.errors import LockHeld, SourceError, StoreError
from netloom.store.streams import Streams

RULE = "- {name: full, metric: u, over: 1m, above: 90, for: 30s, by: hostname, summary: '{{ hostname }} is full'}\n"
RECEIVERS = "receivers: {ops: {webhook: 'https://example.net/'}}\ndefault: ops\ngroup_wait: 15s\n"


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    with Streams(tmp_path / "store") as streams:
        made = Stage(tmp_path, streams)
        made.write(RULE, RECEIVERS)
        past = History(streams)
        past.metrics(range(0, 300, 10), "leaf1", "u", 95)
        past.metrics(range(300, 3600, 10), "leaf1", "u", 5)
        yield made


async def test_from_rows_to_messages(stage: Stage) -> None:
    await stage.pass_(30)
    assert (stage.states, stage.told) == ({"leaf1": "pending"}, [])
    await stage.pass_(60)
    assert stage.states == {"leaf1": "firing"}
    (message,) = stage.told
    assert message.title == "WARNING: leaf1 is full"
    await stage.pass_(600)
    assert [each.status for each in stage.told] == ["firing", "resolved"]
    assert stage.events == [("ALERT_FIRING", "leaf1"), ("ALERT_RESOLVED", "leaf1")]
    assert stage.counts.totals["alerts_total state=firing"] == 1
    assert stage.counts.totals["notifications_total receiver=ops"] == 2
    assert stage.counts.gauges["alerts firing"] == 0


async def test_a_restart_at_any_moment_neither_forgets_nor_repeats(tmp_path: Path, stage: Stage) -> None:
    for _ in range(60):
        await stage.pass_(15)
        stage.alerting = stage.begin()
        stage.alerting.book = load_book(tmp_path / "state")
    assert [each.status for each in stage.told] == ["firing", "resolved"]
    assert stage.events == [("ALERT_FIRING", "leaf1"), ("ALERT_RESOLVED", "leaf1")]


async def test_a_receiver_that_fails_is_seen_and_told_later(stage: Stage) -> None:
    stage.broken = True
    await stage.pass_(120)
    assert stage.counts.totals["notification_failures_total receiver=ops"] >= 2
    assert stage.alerting.book.outbox.problems["ops"].startswith("mail: nobody answers")
    assert stage.counts.gauges["undelivered"] == 1
    stage.broken = False
    await stage.pass_(60)
    assert [each.status for each in stage.told] == ["firing"]


async def test_a_rule_that_cannot_be_evaluated_changes_nothing_and_says_so(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    await stage.pass_(90)

    def broken(*_: object, **__: object) -> None:
        raise StoreError("the disk is gone")

    with monkeypatch.context() as patch:
        patch.setattr(stage.streams, "query", broken)
        await stage.pass_(300)
        assert stage.states == {"leaf1": "firing"}
        assert stage.alerting.book.faults == {"full": "the disk is gone"}
        assert stage.counts.gauges["rules_failing"] == 1
    assert sum("disk" in each for each in stage.counts.complaints) == 1
    await stage.pass_(15)
    assert (stage.alerting.book.faults, stage.states) == ({}, {"leaf1": "resolved"})


async def test_rules_are_taken_over_when_they_change_and_faulty_ones_are_not(stage: Stage) -> None:
    await stage.pass_(90)
    stage.write("- {name: full, metrik: u}\n")
    await stage.pass_(15)
    assert "unknown key" in stage.alerting.book.faults[""]
    assert stage.states == {"leaf1": "firing"}
    stage.write(RULE.replace("full,", "fuller,"))
    await stage.pass_(45)
    assert stage.alerting.book.faults == {}
    assert [(each.rule, each.state, each.note) for each in stage.alerting.book.all()] == [
        ("full", "resolved", "its rule is no more"),
        ("fuller", "firing", ""),
    ]
    stage.alerting = stage.begin()
    stage.write("- nonsense\n")
    with pytest.raises(SourceError):
        await stage.alerting.run()


async def test_a_silence_is_taken_over_at_once(stage: Stage) -> None:
    stage.write("- {match: hostname=leaf*, until: '2026-11-20T12:04Z'}\n", name="silences.yml")
    await stage.pass_(230)
    assert (stage.states, stage.told) == ({"leaf1": "firing"}, [])
    await stage.pass_(45)
    assert [each.status for each in stage.told] == ["firing"]


async def test_only_one_process_evaluates(tmp_path: Path, stage: Stage) -> None:
    with Lock(tmp_path / "state"), pytest.raises(LockHeld):
        await stage.alerting.run()
    await stage.alerting.run(stage.alerting.stop)
    await stage.alerting.step()
    with Lock(tmp_path / "state"):
        assert load_book(tmp_path / "state").evaluated == NOON


async def test_events_that_cannot_be_stored_are_recorded_with_the_next(stage: Stage) -> None:
    record, full = stage.alerting.ground.record, [True]

    def failing(events: object, names: object) -> None:
        if full[0]:
            raise StoreError("no space")
        record(events, names)  # type: ignore[arg-type] # passed on as they came

    stage.alerting.ground.record = failing
    await stage.pass_(60)
    assert "no space" in stage.counts.complaints
    calls = len(stage.counts.complaints)
    full[0] = False
    await stage.pass_(15)
    assert len(stage.counts.complaints) == calls
    assert load_book(stage.folder / "state").all() == stage.alerting.book.all()
