"""Appending to a stream: rows wait in memory until a flush has made them durable, all of them or none."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Lock, RLock
from typing import Any, Self

import pyarrow as pa
import pyarrow.compute as pc

from netloom.errors import StoreError, UsageError
from netloom.model.noun import Record
from netloom.store.manifest import HOT, hour_of
from netloom.store.segment import SegmentWriter
from netloom.store.stream_schema import WORDS, StreamTable, near

ROTATE_BYTES = 64 << 20
ROTATE_SECONDS = 60.0
"""A segment is finished, and can be compacted, once it is so large or so old."""
BATCH_ROWS = 1 << 16
LEAST_ROWS = 1 << 15
"""Smaller batches are put together: each costs a message, and compresses worse by itself."""
COMPRESSIONS = ("lz4", "zstd", "none")
_NO_WORDS = pa.array([""])
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class StreamWriter:
    """One writer of a stream; any number of them, in any processes, append at once, each to files of its own.

    What was appended is safe once `flush` has returned. Where it raises, everything still waits, and none of it is in
    the table: the caller tries again, or discards it and counts the loss. Appending never waits for a flush that
    another thread is in.
    """

    def __init__(
        self,
        table: StreamTable,
        folder: Path,
        *,
        compression: str = "lz4",
        rotate_bytes: int = ROTATE_BYTES,
        rotate_seconds: float = ROTATE_SECONDS,
    ) -> None:
        if compression not in COMPRESSIONS:
            raise UsageError(f"no compression {compression!r}", hint=near(compression, COMPRESSIONS))
        self.table = table
        self.folder = folder
        self.compression = compression
        self.rotate_bytes = rotate_bytes
        self.rotate_seconds = rotate_seconds
        self.written = 0
        """Rows that are durable."""
        self.misfits: Counter[str] = Counter()
        """Column → values left out, for they do not fit it."""
        self._waiting: list[pa.RecordBatch] = []
        self._rows = 0
        """In what waits."""
        self._writing = 0
        """Rows that a flush is writing now."""
        self._segment: SegmentWriter | None = None
        self._opened = 0.0
        self._lock = Lock()
        """Held for a moment only: over what waits."""
        self._flushing = RLock()
        """Orders flushes, and is held as long as one takes: over the segment."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    @property
    def waiting(self) -> int:
        """Rows that no flush has written yet."""
        with self._lock:
            return self._rows + self._writing

    def append(self, batch: pa.RecordBatch) -> None:
        """Keep rows for the next flush, some of the table's columns in any order; raises StoreError."""
        if batch.num_rows:
            self._keep(self.table.fitting(batch))

    def add(
        self,
        records: Sequence[Record],
        *,
        hostnames: Sequence[str | None] | None = None,
        namespace: str = "default",
    ) -> None:
        """Keep records for the next flush; values that do not fit their columns are left out and counted."""
        if records:
            self._keep(self.table.batch(records, hostnames=hostnames, namespace=namespace, misfits=self.misfits))

    def flush(self) -> int:
        """Write what waits, durably, and say how many rows; raises StoreError, and then everything still waits."""
        with self._flushing:
            with self._lock:
                taken, self._waiting = self._waiting, []
                count, self._rows, self._writing = self._rows, 0, self._rows
            try:
                if taken:
                    self._write(taken)
            except BaseException:
                with self._lock:
                    self._waiting[:0] = taken
                    self._rows, self._writing = self._rows + count, 0
                raise
            with self._lock:
                self.written, self._writing = self.written + count, 0
            if self._segment is not None and time.monotonic() - self._opened >= self.rotate_seconds:
                self.rotate()
            return count

    def discard(self) -> int:
        """Forget what waits, and say how many rows; what a flush is writing just now is not among them."""
        with self._lock:
            count, self._rows = self._rows, 0
            self._waiting.clear()
            return count

    def rotate(self) -> None:
        """Finish the segment, so that it can be compacted."""
        with self._flushing:
            if self._segment is not None:
                self._segment.close()
                self._segment = None

    def close(self) -> None:
        """Finish the segment; what was not flushed is dropped."""
        with self._flushing:
            self.discard()
            self.rotate()

    def _keep(self, batch: pa.RecordBatch) -> None:
        with self._lock:
            self._waiting.append(batch)
            self._rows += batch.num_rows

    def _write(self, batches: list[pa.RecordBatch]) -> None:
        moment = max(pc.max(batch.column(self.table.moment)).value for batch in batches)
        segment = self._ready(batches)
        try:
            aligned = [_told(batch) for batch in self._aligned(batches, segment.schema)]
            segment.write_all(aligned, max(segment.hour or "", _hour(moment)))
        except OSError as exc:
            self._segment = None
            raise StoreError(f"{segment.folder}: cannot be written: {exc.strerror or exc}") from exc

    def _ready(self, batches: list[pa.RecordBatch]) -> SegmentWriter:
        """The segment, or a new one where its columns are too few.

        A column that came with a dictionary once has one in all of the segment. The mark of a group, which is empty,
        has empty ones; so each group brings its own, and a reader may begin behind any mark.
        """
        known = {} if self._segment is None else {field.name: field.type for field in self._segment.schema}
        given = {field.name: field.type for batch in batches for field in batch.schema}
        given |= {field.name: WORDS for batch in batches for field in batch.schema if field.type.equals(WORDS)}
        if self._segment is None or not known.keys() >= given.keys():
            self.rotate()
            kinds = given | known
            fields = [field.with_type(kinds[field.name]) for field in self.table.schema if field.name in kinds]
            self._segment = SegmentWriter(
                self.folder / HOT,
                pa.schema(fields, metadata=self.table.schema.metadata),
                compression=None if self.compression == "none" else self.compression,
                rotate_bytes=self.rotate_bytes,
            )
            self._opened = time.monotonic()
        return self._segment

    def _aligned(self, batches: list[pa.RecordBatch], schema: pa.Schema) -> list[pa.RecordBatch]:
        """The rows in the segment's columns; those of many small batches in fewer."""
        filled = [batch if batch.schema.equals(schema) else _filled(batch, schema) for batch in batches]
        rows = sum(batch.num_rows for batch in filled)
        if len(filled) == 1 or rows >= LEAST_ROWS * len(filled):
            return filled
        found: list[pa.RecordBatch] = pa.Table.from_batches(filled).combine_chunks().to_batches(BATCH_ROWS)
        return found


def _filled(batch: pa.RecordBatch, schema: pa.Schema) -> pa.RecordBatch:
    size, names = batch.num_rows, set(batch.schema.names)
    columns = [
        _as_field(batch.column(each.name), each.type) if each.name in names else pa.nulls(size, each.type)
        for each in schema
    ]
    return pa.RecordBatch.from_arrays(columns, schema=schema)


def _told(batch: pa.RecordBatch) -> pa.RecordBatch:
    """The batch without empty dictionaries: as the mark before has them, Arrow would not write them again."""
    if not any(column.type.equals(WORDS) and not len(column.dictionary) for column in batch.columns):
        return batch
    columns = [
        pa.DictionaryArray.from_arrays(column.indices, _NO_WORDS)
        if column.type.equals(WORDS) and not len(column.dictionary)
        else column
        for column in batch.columns
    ]
    return pa.RecordBatch.from_arrays(columns, schema=batch.schema)


def _as_field(column: Any, kind: Any) -> Any:
    """A column as its segment has it: texts with a dictionary or without."""
    if column.type.equals(kind):
        return column
    return column.dictionary_encode() if kind.equals(WORDS) else column.cast(kind)


def _hour(nanoseconds: int) -> str:
    return hour_of((_EPOCH + timedelta(seconds=nanoseconds // 10**9)).isoformat())
