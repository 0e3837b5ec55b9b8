"""What is kept, what goes, and that chores survive a full disk."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import FileIO
from pathlib import Path

import pytest

from netloom.errors import NetloomError, StoreError, UsageError
from netloom.model.flow import Flow
from netloom.model.metric import Metric
from netloom.store.housekeeping import RESERVE
from netloom.store.retention import DEFAULTS, Policy, policy_of
from netloom.store.streams import Streams

TEN = datetime(2026, 11, 20, 10, tzinfo=UTC)
LATER = datetime(2026, 11, 21, tzinfo=UTC)
SECOND = 1_000_000_000
NOW_SETTLED = timedelta(days=-1000)
"""Whatever was written is old enough."""


def flows(hour: int, count: int = 100) -> list[Flow]:
    start = int((TEN + timedelta(hours=hour)).timestamp()) * SECOND
    return [
        Flow(
            type="IPFIX",
            time_received_ns=start + at * SECOND,
            bytes=at,
            in_if=at % 3,
            src_addr=f"10.0.{hour}.{at % 250}",
        )
        for at in range(count)
    ]


def fill(streams: Streams, hours: int, count: int = 100) -> None:
    writer = streams.writer("flow")
    for hour in range(hours):
        writer.add(flows(hour, count))
        writer.flush()
    writer.close()


def write_without_end(file: FileIO) -> None:
    while True:
        file.write(bytes(4096))


def days(**keep: float) -> Policy:
    spans = {name.replace("_", " "): timedelta(days=count) for name, count in keep.items()}
    return Policy(keep=spans, settled=NOW_SETTLED)


def test_rows_go_first_and_summaries_stay_as_long_as_they_are_to(tmp_path: Path) -> None:
    with Streams(tmp_path) as streams:
        fill(streams, 3)
        writer = streams.writer("metric")
        writer.add([Metric(timestamp_ns=flows(0)[0].time_received_ns, name="cpu", value=1.0)])
        writer.close()
        report = streams.housekeeping(days(flow=365), LATER)
        assert (report.compacted.rows, report.compacted.segments) == (300, 3)
        assert (report.expired, report.failures) == ({}, [])
        assert report.bytes > 0
        assert len(streams.query("flow")) == 300
        report = streams.housekeeping(days(flow=0.54, flow_1m=0.5), LATER)
        assert report.expired["flow"] == 100
        assert report.expired["flow 1m"] > 0
        assert set(report.expired) == {"flow", "flow 1m"}
        assert len(streams.query("flow")) == 200
        assert next(iter(streams.top("flow", by=[], of="flows"))) == {"flows": 300}


def test_streams_that_nobody_named_are_kept_as_by_default() -> None:
    spans = {name if step is None else f"{name} {step}": span for name, step, span in Policy().spans()}
    assert spans.items() >= DEFAULTS.items()
    assert spans["trap"] == timedelta(days=90)
    assert "trap 5m" not in spans


def test_policies_are_read_as_people_write_them() -> None:
    policy = policy_of({"flow": "7d", "flow 5m": "1y", "log": "2 weeks", "disk": "1.5 TB"})
    assert policy.keep == {"flow": timedelta(days=7), "flow 5m": timedelta(days=365), "log": timedelta(days=14)}
    assert policy.max_bytes == 1_500_000_000_000
    with pytest.raises(UsageError, match="retention: nothing is called 'flow 2m'"):
        policy_of({"flow 2m": "1d"})
    with pytest.raises(UsageError, match="expected a size such as 200GB, got 'half'"):
        policy_of({"disk": "half"})
    with pytest.raises(NetloomError, match="'soon' is not a span of time"):
        policy_of({"log": "soon"})


def test_oldest_hours_go_where_the_streams_may_take_no_more(tmp_path: Path) -> None:
    with Streams(tmp_path) as streams:
        fill(streams, 6, 2000)
        whole = streams.housekeeping(days(flow=365), LATER).bytes
        policy = Policy(keep={"flow": timedelta(days=365)}, settled=NOW_SETTLED, max_bytes=whole * 2 // 3)
        report = streams.housekeeping(policy, LATER)
        left = 12_000 - report.evicted["flow"]
        assert 0 < left < 12_000
        assert left % 2000 == 0
        assert report.bytes <= whole * 2 // 3
        assert len(streams.query("flow")) == left
        assert len(streams.query("flow", until=TEN + timedelta(hours=1))) == 0
        assert next(iter(streams.top("flow", by=[], of="flows"))) == {"flows": 12_000}
        report = streams.housekeeping(Policy(settled=NOW_SETTLED, max_bytes=0), LATER)
        assert report.evicted["flow"] == left
        assert report.evicted["flow 1h"] > 0
        assert len(streams.top("flow", by=["in_if"])) == 0
        assert not streams.damaged


def test_half_made_files_of_killed_processes_go(tmp_path: Path) -> None:
    with Streams(tmp_path) as streams:
        fill(streams, 1)
        hot = tmp_path / "streams/flows/hot"
        old, new = hot / ".0000001-aa.arrows.tmp", hot / ".0000001-bb.arrows.tmp"
        old.write_bytes(b"ARROW")
        new.write_bytes(b"ARROW")
        os.utime(old, (time.time() - 7200,) * 2)
        (tmp_path / "streams/flows/.manifest.json.123.tmp").write_bytes(b"{")
        assert streams.housekeeping(days(), LATER).debris == 2
        assert not old.exists()
        assert new.exists()
        assert len(streams.query("flow")) == 100


def test_what_fails_is_reported_and_the_rest_is_done(tmp_path: Path) -> None:
    with Streams(tmp_path) as streams:
        fill(streams, 2)
        (tmp_path / "streams/metrics").mkdir()
        (tmp_path / "streams/metrics/manifest.json").write_text("{broken")
        report = streams.housekeeping(days(flow=0.54), LATER)
        assert report.expired["flow"] == 100
        assert all("metrics/manifest.json: damaged" in failure for failure in report.failures)
        assert report.failures


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of four megabytes."""
    if os.geteuid() != 0:
        pytest.skip("only root mounts a small disk")
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(folder)], capture_output=True)  # noqa: PLW1510 - judged below
    if mounted.returncode:
        pytest.skip(f"no small disk here: {mounted.stderr.decode().strip()}")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def test_full_disk_is_made_room_on_and_writing_goes_on(small_disk: Path) -> None:
    with Streams(small_disk) as streams:
        fill(streams, 3, 3500)
        assert not streams.housekeeping(days(flow=365), LATER).failures
        assert (small_disk / "streams" / RESERVE).exists()
        ballast = small_disk / "ballast"
        with ballast.open("wb", buffering=0) as file, pytest.raises(OSError, match="No space left"):
            write_without_end(file)
        writer = streams.writer("flow")
        writer.add(flows(5, 2000))
        with pytest.raises(StoreError, match="No space left on device"):
            writer.flush()
        assert len(streams.query("flow")) == 10_500
        report = streams.housekeeping(days(flow=0.5), LATER)
        assert report.expired["flow"] == 7000, report.failures
        ballast.unlink()
        assert writer.flush() == 2000
        writer.close()
        assert not streams.housekeeping(days(flow=0.5), LATER).failures
        assert len(streams.query("flow")) == 5500
        assert not streams.damaged
