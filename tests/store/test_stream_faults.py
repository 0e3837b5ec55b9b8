"""Streams where disks, processes and other writers let them down."""

from __future__ import annotations

import os
import random
import resource
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from errno import EIO
from pathlib import Path

import pyarrow as pa
import pytest

from netloom.errors import StoreError
from netloom.model.flow import Flow
from netloom.store.retention import Policy
from netloom.store.segment import Segment, SegmentWriter, read_segment
from netloom.store.streams import Streams

ALWAYS = datetime(2100, 1, 1, tzinfo=UTC)
START = int(datetime(2026, 11, 20, 10, tzinfo=UTC).timestamp()) * 10**9
ROUNDS = int(os.environ.get("NETLOOM_CRASH_ROUNDS", "3"))

WRITER = """
import sys
from datetime import UTC, datetime, timedelta
from errno import EIO
from pathlib import Path
from netloom.model.flow import Flow
from netloom.store.streams import Streams
path, first = Path(sys.argv[1]), int(sys.argv[2])
start = int(datetime(2026, 11, 20, 10, tzinfo=UTC).timestamp()) * 10**9
streams = Streams(path)
writer = streams.writer("flow", rotate_bytes=20_000)
print("ready", flush=True)
for number in range(first, first + 100000):
    writer.add([
        Flow(type="IPFIX", time_received_ns=start + number * 10**9, bytes=1, packets=at, in_if=at % 3,
             sequence_num=number)
        for at in range(20)
    ])
    writer.flush()
    print(number, flush=True)
    if number % 4 == 0:
        streams.compact(older_than=datetime(2100, 1, 1, tzinfo=UTC))
"""


def _flows(count: int, first: int = 0) -> list[Flow]:
    return [
        Flow(type="IPFIX", time_received_ns=START + at * 10**9, bytes=at, src_addr=f"10.0.0.{at % 250}", in_if=at % 3)
        for at in range(first, first + count)
    ]


def _seen(streams: Streams) -> list[int]:
    return [row["bytes"] for row in streams.query("flow", columns=["bytes"])]


def test_kill_at_any_moment_loses_nothing_acknowledged_and_counts_nothing_twice(tmp_path: Path) -> None:
    acknowledged: set[int] = set()
    for round_number in range(ROUNDS):
        argv = [sys.executable, "-c", WRITER, str(tmp_path), str(round_number * 1000)]
        with subprocess.Popen(argv, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
            lines = [process.stdout.readline() for _ in range(random.randint(1, 12))]  # noqa: S311 - any moment will do
            process.send_signal(signal.SIGKILL)
            lines += process.stdout.readlines()
        acknowledged |= {int(line) for line in lines if line.endswith("\n")}
        with Streams(tmp_path) as streams:
            for _ in range(2):
                rows = [(row["sequence_num"], row["packets"]) for row in streams.query("flow")]
                assert len(rows) == len(set(rows))
                numbers = {number for number, _ in rows}
                assert acknowledged <= numbers
                assert len(rows) == 20 * len(numbers)  # a flush is there wholly or not at all
                sums = list(streams.top("flow", by=["in_if"], of=["bytes", "flows"]))
                assert sum(row["flows"] for row in sums) == sum(row["bytes"] for row in sums) == len(rows)
                streams.compact(older_than=ALWAYS)
            assert not streams.damaged


def test_writers_compactions_and_readers_do_not_disturb_each_other(tmp_path: Path) -> None:
    argv = [sys.executable, "-c", WRITER.replace("100000", "9"), str(tmp_path)]
    writers = [subprocess.Popen([*argv, str(first)], stdout=subprocess.DEVNULL) for first in (0, 1000)]
    counts = [0]
    with Streams(tmp_path) as streams:
        while any(writer.poll() is None for writer in writers):
            counts.append(len(streams.query("flow")))
            flows = [row["flows"] for row in streams.top("flow", by=[], of="flows")]
            counts += flows if flows != [None] else [0]
        counts.append(len(streams.query("flow")))
        assert not streams.damaged
    assert [writer.returncode for writer in writers] == [0, 0]
    assert counts == sorted(counts)
    assert {count % 20 for count in counts} == {0}
    assert counts[-1] == 2 * 9 * 20


SCHEMA = pa.schema([("number", pa.int64()), ("text", pa.string())])


def _groups(folder: Path) -> tuple[Path, list[list[pa.RecordBatch]]]:
    """A segment of three groups of batches."""
    writer = SegmentWriter(folder, SCHEMA)
    groups = [
        [
            pa.RecordBatch.from_pydict({"number": [group, at], "text": ["x" * 40, None]}, SCHEMA)
            for at in range(group + 1)
        ]
        for group in range(3)
    ]
    for group in groups:
        writer.write_all(group, "hour")
    writer.close()
    (path,) = folder.glob("*.arrows")
    return path, groups


def test_group_torn_anywhere_is_not_there_and_what_is_before_it_is(tmp_path: Path) -> None:
    path, groups = _groups(tmp_path)
    whole = path.read_bytes()
    counts = set()
    known = Segment()
    for size in range(0, len(whole), 13):
        path.write_bytes(whole[:size])
        segment = read_segment(path)
        assert segment.damage is None
        counts.add(len(segment.batches))
        known = read_segment(path, known)
        assert known.batches == segment.batches
        assert known.end == segment.end
    path.write_bytes(whole)
    assert read_segment(path, known).batches == tuple(batch for group in groups for batch in group)
    assert {0, 1, 3} <= counts <= {0, 1, 3, 6}


def test_flipped_bits_in_groups_never_pass_as_data(tmp_path: Path) -> None:
    path, groups = _groups(tmp_path)
    whole = path.read_bytes()
    wanted = [batch for group in groups for batch in group]
    for at in range(SCHEMA.serialize().size, len(whole), 7):
        flipped = bytearray(whole)
        flipped[at] ^= 1 << at % 8
        path.write_bytes(flipped)
        found = list(read_segment(path).batches)
        assert found == wanted[: len(found)]


@contextmanager
def _file_size_limit(size: int) -> Iterator[None]:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_flush_that_failed_leaves_nothing_and_may_be_tried_again(tmp_path: Path) -> None:
    with Streams(tmp_path) as streams:
        writer = streams.writer("flow")
        writer.add(_flows(100))
        writer.flush()
        writer.add(_flows(20_000, 100))
        with _file_size_limit(30_000), pytest.raises(StoreError, match="flows/hot: cannot be written: File too large"):
            writer.flush()
        assert (writer.waiting, writer.written) == (20_000, 100)
        assert _seen(streams) == list(range(100))
        assert writer.flush() == 20_000
        assert _seen(streams) == list(range(20_100))
        with _file_size_limit(3000), pytest.raises(StoreError, match="cannot be compacted: File too large"):
            streams.compact(older_than=ALWAYS)
        assert _seen(streams) == list(range(20_100))
        streams.compact(older_than=ALWAYS)
        assert _seen(streams) == list(range(20_100))
        writer.add(_flows(5))
        assert writer.discard() == 5
        assert writer.flush() == 0


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of two megabytes."""
    if os.geteuid() != 0:
        pytest.skip("only root mounts a small disk")
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(folder)], capture_output=True)  # noqa: PLW1510 - judged below
    if mounted.returncode:
        pytest.skip(f"no small disk here: {mounted.stderr.decode().strip()}")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def test_full_disk_is_said_and_loses_nothing_acknowledged(small_disk: Path) -> None:
    acknowledged = 0
    with Streams(small_disk) as streams:
        writer = streams.writer("flow", rotate_bytes=200_000)
        said = ""
        while not said:
            writer.add(_flows(2000, acknowledged))
            try:
                acknowledged += writer.flush()
            except StoreError as exc:
                said = str(exc)
        assert "cannot be written: No space left on device" in said
        assert acknowledged > 0
        assert writer.waiting == 2000
        with pytest.raises(StoreError, match="No space left on device"):
            writer.flush()
        try:
            streams.compact(older_than=ALWAYS)
        except StoreError as exc:
            assert "No space left on device" in str(exc)  # noqa: PT017 - it may have had room enough
        assert _seen(streams) == list(range(acknowledged))
    with Streams(small_disk) as streams:
        assert _seen(streams) == list(range(acknowledged))


def test_damaged_files_are_set_aside_and_the_rest_answers(tmp_path: Path) -> None:
    with Streams(tmp_path) as streams:
        writer = streams.writer("flow")
        for first in (0, 4000):
            writer.add(_flows(100, first))
            writer.flush()
        streams.compact(older_than=ALWAYS)
        writer.add(_flows(50, 8000))
        writer.flush()
        writer.rotate()
        (path,) = tmp_path.glob("streams/flows/hot/*")
        data = bytearray(path.read_bytes())
        data[len(data) * 2 // 3] ^= 0xFF
        path.write_bytes(data)
        parquet = min(tmp_path.glob("streams/flows/hour=2026-11-20T10/*.parquet"))
        parquet.write_bytes(b"PAR1 not really PAR1")
        rows = streams.query("flow", columns=["bytes"])
        assert [row["bytes"] for row in rows] == list(range(4000, 4100))
        assert len(rows.aside) == 2
        done = streams.compact(older_than=ALWAYS)
        assert [path.name in line for line in done.aside] == [True]
        assert sorted(each.name for each in tmp_path.glob("streams/flows/aside/*")) == sorted([path.name, parquet.name])
        assert _seen(streams) == list(range(4000, 4100))


def test_segment_grows_under_a_reader_and_is_finished_by_age(tmp_path: Path) -> None:
    with Streams(tmp_path) as streams, Streams(tmp_path) as other:
        writer = streams.writer("flow", rotate_seconds=0.0)
        kept = streams.writer("flow")
        for at in range(5):
            writer.add(_flows(1, at * 2))
            kept.add([*_flows(1, at * 2 + 1)])
            writer.flush()
            kept.flush()
            assert _seen(other) == list(range(at * 2 + 2))
        assert other.compact(older_than=ALWAYS).rows == 5
        assert _seen(other) == list(range(10))


def test_path_that_cannot_be_a_store_is_said(tmp_path: Path) -> None:
    (tmp_path / "streams").write_text("in the way")
    with Streams(tmp_path) as streams:
        writer = streams.writer("log")
        writer.append(pa.RecordBatch.from_pydict({"time_received_ns": pa.array([START], pa.timestamp("ns"))}))
        with pytest.raises(StoreError, match="logs/hot: cannot be written: File exists"):
            writer.flush()
        assert streams.tables() == []


def test_disk_that_fails_to_sync_leaves_nothing_unacknowledged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real, failing = os.fsync, [True]

    def sync(descriptor: int) -> None:
        if failing and failing[0]:
            raise OSError(EIO, "Input/output error")
        real(descriptor)

    with Streams(tmp_path) as streams:
        writer = streams.writer("flow")
        writer.add(_flows(50))
        writer.flush()
        monkeypatch.setattr(os, "fsync", sync)
        writer.add(_flows(50, 50))
        with pytest.raises(StoreError, match="cannot be written: Input/output error"):
            writer.flush()
        assert _seen(streams) == list(range(50))
        with pytest.raises(StoreError, match="cannot be compacted: Input/output error"):
            streams.compact(older_than=ALWAYS)
        report = streams.housekeeping(Policy(settled=timedelta(days=-1000)), datetime(2026, 11, 21, tzinfo=UTC))
        assert any("Input/output error" in failure for failure in report.failures)
        assert _seen(streams) == list(range(50))
        failing[0] = False
        assert writer.flush() == 50
        streams.compact(older_than=ALWAYS)
        assert _seen(streams) == list(range(100))
        assert not streams.damaged


def test_store_on_a_read_only_disk_answers_and_says_what_it_cannot_do(small_disk: Path) -> None:
    with Streams(small_disk) as streams:
        writer = streams.writer("flow")
        writer.add(_flows(50))
        writer.flush()
        streams.compact(older_than=ALWAYS)
        writer.add(_flows(50, 50))
        writer.flush()
        writer.close()
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    with Streams(small_disk) as streams:
        assert _seen(streams) == list(range(100))
        assert next(iter(streams.top("flow", by=[], of="flows"))) == {"flows": 100}
        writer = streams.writer("flow")
        writer.add(_flows(1))
        with pytest.raises(StoreError, match="cannot be written: Read-only file system"):
            writer.flush()
        report = streams.housekeeping(Policy(settled=timedelta(days=-1000)), datetime(2026, 11, 21, tzinfo=UTC))
        assert any("Read-only file system" in failure for failure in report.failures)
        assert _seen(streams) == list(range(100))


KEEPER = """
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from netloom.store.retention import Policy
from netloom.store.streams import Streams
policy = Policy(settled=timedelta(0), keep={"flow": timedelta(days=99999)})
with Streams(Path(sys.argv[1])) as streams:
    while True:
        report = streams.housekeeping(policy, datetime.now(UTC))
        print(report.compacted.rows, report.failures, flush=True)
"""


def test_killed_housekeepers_leave_a_store_that_others_go_on_with(tmp_path: Path) -> None:
    writer = WRITER.replace("if number % 4 == 0", "if False").replace("100000", "40")
    with subprocess.Popen([sys.executable, "-c", writer, str(tmp_path), "0"], stdout=subprocess.PIPE) as process:
        argv = [sys.executable, "-c", KEEPER, str(tmp_path)]
        keepers = [subprocess.Popen(argv, stdout=subprocess.PIPE, text=True) for _ in range(2)]
        said = ""
        for keeper in keepers:
            assert keeper.stdout is not None
            said += keeper.stdout.readline()
            keeper.kill()
            said += keeper.stdout.read()
            keeper.stdout.close()
            keeper.wait()
        assert process.wait(60) == 0
    assert "cannot" not in said
    with Streams(tmp_path) as streams:
        for _ in range(2):
            assert len(streams.query("flow")) == 800
            assert sum(row["flows"] for row in streams.top("flow", by=["in_if"], of="flows")) == 800
            assert (
                streams.housekeeping(Policy(settled=timedelta(days=-1000)), datetime(2026, 11, 21, tzinfo=UTC)).failures
                == []
            )
        assert not streams.damaged
