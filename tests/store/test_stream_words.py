"""Columns of few words: kept in dictionaries while they are hot, and the same rows to everyone who asks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from netloom.model.flow import Flow
from netloom.store.segment import read_segment
from netloom.store.stream_schema import WORDS, stream_table
from netloom.store.streams import Streams

TABLE = stream_table("flow")
START_NS = 1_700_000_000_000_000_000


def batch(names: list[str | None], *, words: bool, first: int = 0) -> pa.RecordBatch:
    """A row for each name, in dictionaries or as plain text."""
    flows = [
        Flow(
            type="IPFIX", time_received_ns=START_NS + first + at, bytes=at, packets=1, in_if_name=name, src_country="FR"
        )
        for at, name in enumerate(names)
    ]
    found = TABLE.batch(flows)
    columns = {name: found.column(name) for name in found.schema.names}
    if words:
        columns = {n: c.dictionary_encode() if c.type == pa.string() else c for n, c in columns.items()}
    return pa.RecordBatch.from_arrays(list(columns.values()), names=list(columns))


def told(streams: Streams) -> list[tuple[int, Any, Any]]:
    return [
        (row["time_received_ns"] - START_NS, row["in_if_name"], row["src_country"]) for row in streams.query("flow")
    ]


@pytest.mark.parametrize("order", [(True, False, True), (False, True, True), (True, True, True)])
@pytest.mark.parametrize("rows", [3, 40_000])
def test_batches_with_dictionaries_and_without_are_stored_alike(
    tmp_path: Path, order: tuple[bool, ...], rows: int
) -> None:
    expected = []
    with Streams(tmp_path) as streams:
        writer = streams.writer("flow")
        for at, words in enumerate(order):
            names = [None if n % 5 == 0 else f"Ethernet{at}/{n % 7}" for n in range(rows)]
            writer.append(batch(names, words=words, first=at * rows))
            expected += [(at * rows + n, name, "FR") for n, name in enumerate(names)]
            if at != 1:
                writer.flush()  # the second and third go together
        assert told(streams) == expected
        streams.compact(older_than=datetime.now(UTC) + timedelta(hours=1))
        assert told(streams) == expected


def test_a_reader_may_begin_behind_any_group(tmp_path: Path) -> None:
    with Streams(tmp_path) as streams:
        writer = streams.writer("flow")
        for at in range(4):
            writer.append(batch(["a", "b", None], words=True, first=3 * at))  # the same dictionary each time
            writer.flush()
            expected = [(n, "ab"[n % 3] if n % 3 < 2 else None, "FR") for n in range(3 * at + 3)]
            assert told(streams) == expected  # of the file only what was added is read
        (path,) = writer.folder.rglob("*.arrows")
        segment = read_segment(path)
    assert segment.schema.field("in_if_name").type == WORDS
    assert segment.damage is None


def test_a_column_that_comes_later_is_there_from_then_on(tmp_path: Path) -> None:
    with Streams(tmp_path) as streams:
        writer = streams.writer("flow")
        writer.append(batch(["a"], words=True).drop_columns(["src_country"]))
        writer.flush()
        writer.append(batch(["b"], words=True, first=1))
        writer.flush()
        assert told(streams) == [(0, "a", None), (1, "b", "FR")]


def test_wherever_a_file_breaks_off_the_groups_before_are_there(tmp_path: Path) -> None:
    ends = []
    with Streams(tmp_path) as streams:
        writer = streams.writer("flow")
        for at in range(3):
            writer.append(batch([f"a{at}", "b", None], words=True, first=3 * at))
            writer.flush()
            (path,) = writer.folder.rglob("*.arrows")
            ends.append(path.stat().st_size)
    whole, torn = path.read_bytes()[: ends[-1]], tmp_path / "torn.arrows"
    for size in [*range(ends[0], ends[-1], 61), ends[-1]]:
        torn.write_bytes(whole[:size])
        segment = read_segment(torn)
        assert (len(segment.batches), segment.damage) == (sum(end <= size for end in ends), None)


def test_an_octet_that_changed_is_found(tmp_path: Path) -> None:
    with Streams(tmp_path) as streams:
        writer = streams.writer("flow")
        for at in range(2):
            writer.append(batch(["a", "b", None], words=True, first=3 * at))
            writer.flush()
        (path,) = writer.folder.rglob("*.arrows")
        whole = path.read_bytes()
    changed = bytearray(whole)
    changed[whole.rindex(b"ab")] ^= 1  # in a dictionary of the second group
    (other := tmp_path / "changed.arrows").write_bytes(changed)
    segment = read_segment(other)
    assert len(segment.batches) == 1
    assert segment.damage is not None
