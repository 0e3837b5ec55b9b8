"""The journal: on disk before the device hears of it, private, and readable after any crash."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from netloom.errors import StoreError
from netloom.intent.journal import Journal, changes, folder, read_change, unfinished
from netloom.intent.planned import DevicePlan, Operation, Plan
from netloom.model.config import Line

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
KEY = bytes(range(32))
LINE = Line("neighbor 10.0.0.1 password hunter2", ("router bgp 65001",))
DEVICE = DevicePlan(
    "r1",
    "frr",
    "base",
    (Operation("lines", ("x",), "update", None, None, (LINE,), "the test"),),
    (Line("no neighbor 10.0.0.1 password hunter2", ("router bgp 65001",)),),
    "password hunter2\n",
)
PLAN = Plan("0123456789ab", NOW, (DEVICE, replace(DEVICE, device="r2")))


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return Journal.create(tmp_path, "c1", PLAN, key=KEY, now=NOW, operator="ann")


def fill(journal: Journal) -> None:
    journal.state("r1", "locked", "", NOW)
    journal.begin(DEVICE, "secret base\n", token="t1", timer_s=60, now=NOW)
    journal.step("r1", "arm", NOW)
    journal.state("r1", "armed", "60 s", NOW)
    journal.step("r1", "configure", NOW)


def test_what_is_written_is_read_back(journal: Journal, tmp_path: Path) -> None:
    fill(journal)
    (entry,) = changes(tmp_path, key=KEY)
    assert (entry.id, entry.plan, entry.operator, entry.started_at) == ("c1", PLAN.id, "ann", NOW)
    device = entry.devices["r1"]
    assert (device.state, device.detail, device.steps) == ("armed", "60 s", ("arm", "configure"))
    assert (device.token, device.timer_s, device.armed_at) == ("t1", 60, NOW)
    assert (device.base, device.predicted, device.inverse) == ("secret base\n", DEVICE.predicted, DEVICE.inverse)
    assert entry.devices["r2"].state == "approved"


def test_secrets_are_sealed_and_the_file_is_private(journal: Journal, tmp_path: Path) -> None:
    fill(journal)
    assert b"hunter2" not in journal.path.read_bytes()
    assert b"secret base" not in journal.path.read_bytes()
    assert journal.path.stat().st_mode & 0o777 == 0o600
    assert folder(tmp_path).stat().st_mode & 0o777 == 0o700
    with pytest.raises(StoreError, match="does not open"):
        read_change(journal.path, key=bytes(32))


def test_every_line_is_synced_before_the_call_returns(journal: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[int] = []
    sync = os.fsync

    def fsync(descriptor: int) -> None:
        synced.append(journal.path.stat().st_size)
        sync(descriptor)

    monkeypatch.setattr("os.fsync", fsync)
    journal.step("r1", "arm", NOW)
    assert synced == [journal.path.stat().st_size]


def test_a_torn_line_is_skipped_wherever_it_was_torn(journal: Journal, tmp_path: Path) -> None:
    fill(journal)
    journal.close()
    whole = journal.path.read_bytes()
    last = whole.rstrip(b"\n").rfind(b"\n") + 1
    for end in range(last, len(whole)):
        journal.path.write_bytes(whole[:end])
        entry = read_change(journal.path, key=KEY)
        assert entry.devices["r1"].state == "armed"
        assert entry.devices["r1"].steps == (("arm", "configure") if end == len(whole) - 1 else ("arm",))
        again = Journal.reopen(entry, key=KEY)
        again.state("r1", "rolled_back", "", NOW)
        again.close()
        assert read_change(journal.path, key=KEY).devices["r1"].state == "rolled_back"


def test_an_empty_journal_is_a_change_that_never_began(tmp_path: Path) -> None:
    folder(tmp_path).mkdir(parents=True)
    (folder(tmp_path) / "c0.jsonl").touch()
    (folder(tmp_path) / "c1.jsonl").touch()
    assert [entry.id for entry in changes(tmp_path, key=KEY)] == ["c0", "c1"]
    assert unfinished(tmp_path, key=KEY) == []


def test_a_change_is_open_until_every_device_has_its_end(journal: Journal, tmp_path: Path) -> None:
    fill(journal)
    journal.state("r1", "done", "", NOW)
    journal.state("r2", "unknown", "", NOW)
    (entry,) = unfinished(tmp_path, key=KEY)
    assert [device.device for device in entry.unfinished] == ["r2"]
    journal.state("r2", "rolled_back", "", NOW)
    assert unfinished(tmp_path, key=KEY) == []
    journal.end("done", NOW)
    assert changes(tmp_path, key=KEY)[0].ended


def test_a_change_has_one_journal(journal: Journal, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"c1\.jsonl: cannot be created: File exists"):
        Journal.create(tmp_path, "c1", PLAN, key=KEY, now=NOW, operator="bob")


def test_a_full_disk_stops_the_change_before_the_step(journal: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_descriptor: int, _data: bytes) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.write", full)
    with pytest.raises(StoreError, match="cannot be written: No space left on device"):
        journal.step("r1", "configure", NOW)
