"""The store where disks, processes and versions let it down."""

from __future__ import annotations

import os
import random
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pytest

from netloom.errors import StoreError
from netloom.model.interface import InterfaceState
from netloom.store.layout import conform
from netloom.store.segment import SegmentWriter, read_segment
from netloom.store.store import Store

TEN = datetime(2026, 11, 20, 10, tzinfo=UTC)
ALWAYS = datetime(2100, 1, 1, tzinfo=UTC)
ROUNDS = int(os.environ.get("NETLOOM_CRASH_ROUNDS", "3"))

WRITER = """
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from netloom.model.interface import InterfaceState
from netloom.store.store import Store
path, first = Path(sys.argv[1]), int(sys.argv[2])
store = Store(path)
print("ready", flush=True)
for number in range(first, first + 100000):
    moment = datetime(2026, 11, 20, tzinfo=UTC) + timedelta(seconds=number * 60)
    store.append("interface", f"host{number}", moment, [InterfaceState(f"eth{at}", mtu=number) for at in range(20)])
    store.flush()
    print(number, flush=True)
    if number % 3 == 0:
        store.compact(older_than=datetime(2100, 1, 1, tzinfo=UTC))
"""


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Three devices of fifty interfaces."""
    with Store(tmp_path) as store:
        _fill(store)
        yield store


def _fill(store: Store, hosts: int = 3) -> None:
    for number in range(hosts):
        store.append("interface", f"leaf{number}", TEN, [InterfaceState(f"eth{at}", mtu=1500) for at in range(50)])
        store.flush()


def test_kill_at_any_moment_loses_nothing_acknowledged(tmp_path: Path) -> None:
    acknowledged: set[int] = set()
    for round_number in range(ROUNDS):
        argv = [sys.executable, "-c", WRITER, str(tmp_path), str(round_number * 1_000_000 // 60)]
        with subprocess.Popen(argv, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
            lines = [process.stdout.readline() for _ in range(random.randint(1, 12))]  # noqa: S311 - any moment will do
            process.send_signal(signal.SIGKILL)
            lines += process.stdout.readlines()
        acknowledged |= {int(line) for line in lines if line.endswith("\n")}
        began = time.monotonic()
        with Store(tmp_path) as store:
            rows = list(store.query("interface"))
            store.compact(older_than=ALWAYS)
            compacted = list(store.query("interface"))
            assert not store.damaged
        assert time.monotonic() - began < 5
        assert rows == compacted
        seen = [(row["mtu"], row["name"]) for row in rows]
        assert len(seen) == len(set(seen))
        numbers = {number for number, _ in seen}
        assert acknowledged <= numbers
        assert len(seen) == 20 * len(numbers)


def test_writers_compactions_and_readers_do_not_disturb_each_other(tmp_path: Path) -> None:
    argv = [sys.executable, "-c", WRITER.replace("100000", "7"), str(tmp_path)]
    writers = [subprocess.Popen([*argv, str(first)], stdout=subprocess.DEVNULL) for first in (0, 100, 200)]
    counts = [0]
    with Store(tmp_path) as store:
        while any(writer.poll() is None for writer in writers):
            counts.append(len(store.query("interface")))
        counts.append(len(store.query("interface")))
        assert not store.damaged
    assert [writer.returncode for writer in writers] == [0, 0, 0]
    assert counts == sorted(counts)
    assert {count % 20 for count in counts} == {0}
    assert counts[-1] == 3 * 7 * 20


def test_torn_end_is_dropped_and_nothing_before_it(tmp_path: Path) -> None:
    schema = pa.schema([("number", pa.int64()), ("text", pa.string())])
    writer = SegmentWriter(tmp_path, schema)
    for number in range(3):
        writer.write(pa.RecordBatch.from_pydict({"number": [number], "text": ["x" * 40]}, schema), "hour")
    writer.close()
    (path,) = tmp_path.glob("*.arrows")
    whole = path.read_bytes()
    counts = [_batches(path, whole[:size]) for size in range(0, len(whole), 17)]
    assert counts == sorted(counts)
    assert set(counts) == {0, 1, 2, 3}
    assert _batches(path, whole) == 3


def _batches(path: Path, data: bytes) -> int:
    path.write_bytes(data)
    segment = read_segment(path)
    assert segment.damage is None
    return len(segment.batches)


def test_flipped_bits_never_pass_as_data(tmp_path: Path) -> None:
    schema = pa.schema([("number", pa.int64()), ("text", pa.string())])
    batch = pa.RecordBatch.from_pydict({"number": [1, 2, 3], "text": ["a", None, "ccc"]}, schema)
    writer = SegmentWriter(tmp_path, schema)
    writer.write(batch, "hour")
    writer.close()
    (path,) = tmp_path.glob("*.arrows")
    whole = path.read_bytes()
    body = whole[schema.serialize().size :]
    for at in range(0, len(body), 3):
        flipped = bytearray(whole)
        flipped[len(whole) - len(body) + at] ^= 1 << at % 8
        path.write_bytes(flipped)
        assert all(found.equals(batch) for found in read_segment(path).batches)


def test_damaged_hot_segment_is_said_and_set_aside(tmp_path: Path) -> None:
    with Store(tmp_path) as store:
        _fill(store)
    (path,) = tmp_path.glob("interface/hot/*")
    data = bytearray(path.read_bytes())
    data[-100] ^= 0xFF
    path.write_bytes(data)
    with Store(tmp_path) as store:
        rows = store.query("interface")
        assert len(rows) == 100
        assert len(rows.aside) == 1
        assert path.name in rows.aside[0]
        assert list(store.damaged) == [str(path)]
        done = store.compact(older_than=ALWAYS)
        assert [path.name in line for line in done.aside] == [True]
        assert len(store.query("interface")) == 100
    assert [each.name for each in tmp_path.glob("interface/aside/*")] == [path.name]
    with Store(tmp_path) as store:
        assert "aside" in store.query("interface").aside[0]


@pytest.mark.parametrize("content", [b"", b"PAR1 not really PAR1", None])
def test_damaged_parquet_file_is_set_aside_and_the_rest_answers(
    store: Store, tmp_path: Path, content: bytes | None
) -> None:
    store.append("interface", "leaf9", TEN + timedelta(hours=1), [InterfaceState("eth0")])
    store.flush()
    store.compact(older_than=ALWAYS)
    (path,) = tmp_path.glob("interface/hour=2026-11-20T10/*.parquet")
    data = bytearray(path.read_bytes())
    data[20:400] = bytes(380)
    path.write_bytes(data if content is None else content)
    rows = store.query("interface")
    assert [row["hostname"] for row in rows] == ["leaf9"]
    assert path.name in rows.aside[0]
    assert [each.name for each in tmp_path.glob("interface/aside/*")] == [path.name]
    with Store(tmp_path) as again:
        assert len(again.query("interface").aside) == 1


def test_leftovers_of_a_killed_compaction_are_never_read_and_go(store: Store, tmp_path: Path) -> None:
    store.compact(older_than=ALWAYS)
    (path,) = tmp_path.glob("interface/hour=*/*.parquet")
    (path.parent / "orphan.parquet").write_bytes(path.read_bytes())
    (path.parent / ".half.parquet.tmp").write_bytes(b"half")
    assert len(store.query("interface")) == 150
    store.compact(older_than=ALWAYS)
    assert list(path.parent.iterdir()) == [path]


@contextmanager
def _file_size_limit(size: int) -> Iterator[None]:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_full_disk_is_said_and_the_rows_wait_for_room(store: Store, tmp_path: Path) -> None:
    for number in range(40):
        rows = [InterfaceState(f"eth{at}", description=os.urandom(20).hex()) for at in range(50)]
        store.append("interface", f"spine{number}", TEN, rows)
    with _file_size_limit(30_000), pytest.raises(StoreError, match=r"interface/hot: cannot be written: File too large"):
        store.flush()
    assert len(store.query("interface")) == 150
    assert store.flush() == 2000
    assert len(store.query("interface")) == 2150
    with _file_size_limit(3000), pytest.raises(StoreError, match="cannot be compacted: File too large"):
        store.compact(older_than=ALWAYS)
    assert len(store.query("interface")) == 2150
    store.compact(older_than=ALWAYS)
    assert len(store.query("interface")) == 2150
    assert not list(tmp_path.glob("*/hour=*/.*"))


def test_path_that_cannot_be_a_store_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    store = Store(tmp_path / "file" / "store")
    store.append("interface", "leaf1", TEN, [InterfaceState("eth0")])
    with pytest.raises(StoreError, match="store/interface/hot: cannot be written"):
        store.flush()
    with pytest.raises(StoreError, match="cannot be read: Not a directory"):
        Store(tmp_path / "file").compact(older_than=ALWAYS)


def test_damaged_manifest_is_named(store: Store, tmp_path: Path) -> None:
    store.compact(older_than=ALWAYS)
    (tmp_path / "interface/manifest.json").write_text('{"parts": [')
    with pytest.raises(StoreError, match=r"interface/manifest\.json: damaged"):
        store.query("interface")


def test_rows_of_another_version_are_read_by_column_name() -> None:
    hop = pa.struct([("address", pa.string()), ("old", pa.int64())])
    before = pa.table(
        {
            "name": ["eth0"],
            "gone": [1],
            "size": pa.array([7], pa.int32()),
            "hops": pa.array([[{"address": "a", "old": 1}]], pa.list_(hop)),
        }
    )
    wanted = pa.struct([("address", pa.string()), ("weight", pa.int64())])
    schema = pa.schema([("name", pa.string()), ("new", pa.string()), ("size", pa.int64()), ("hops", pa.list_(wanted))])
    assert conform(before, schema).to_pylist() == [
        {"name": "eth0", "new": None, "size": 7, "hops": [{"address": "a", "weight": None}]}
    ]
