"""Appending to a stream: rows wait in memory until a flush has made them durable, all of them or none."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import RLock
from typing import Self

import pyarrow as pa
import pyarrow.compute as pc

from netloom.errors import StoreError
from netloom.model.noun import Record
from netloom.store.manifest import HOT, hour_of
from netloom.store.segment import SegmentWriter
from netloom.store.stream_schema import StreamTable

ROTATE_BYTES = 64 << 20
ROTATE_SECONDS = 60.0
"""A segment is finished, and can be compacted, once it is so large or so old."""
BATCH_ROWS = 1 << 16
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class StreamWriter:
    """One writer of a stream; any number of them, in any processes, append at once, each to files of its own.

    What was appended is safe once `flush` has returned. Where it raises, everything still waits, and none of it is in
    the table: the caller tries again, or discards it and counts the loss.
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
        self._segment: SegmentWriter | None = None
        self._opened = 0.0
        self._lock = RLock()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    @property
    def waiting(self) -> int:
        """Rows that no flush has written yet."""
        return sum(batch.num_rows for batch in self._waiting)

    def append(self, batch: pa.RecordBatch) -> None:
        """Keep rows for the next flush, some of the table's columns in any order; raises StoreError."""
        if batch.num_rows:
            fitting = self.table.fitting(batch)
            with self._lock:
                self._waiting.append(fitting)

    def add(
        self,
        records: Sequence[Record],
        *,
        hostnames: Sequence[str | None] | None = None,
        namespace: str = "default",
    ) -> None:
        """Keep records for the next flush; values that do not fit their columns are left out and counted."""
        if records:
            batch = self.table.batch(records, hostnames=hostnames, namespace=namespace, misfits=self.misfits)
            with self._lock:
                self._waiting.append(batch)

    def flush(self) -> int:
        """Write what waits, durably, and say how many rows; raises StoreError, and then everything still waits."""
        with self._lock:
            count = self.waiting
            if count:
                self._write()
                self._waiting.clear()
                self.written += count
            if self._segment is not None and time.monotonic() - self._opened >= self.rotate_seconds:
                self.rotate()
            return count

    def discard(self) -> int:
        """Forget what waits, and say how many rows."""
        with self._lock:
            count = self.waiting
            self._waiting.clear()
            return count

    def rotate(self) -> None:
        """Finish the segment, so that it can be compacted."""
        with self._lock:
            if self._segment is not None:
                self._segment.close()
                self._segment = None

    def close(self) -> None:
        """Finish the segment; what was not flushed is dropped."""
        self.discard()
        self.rotate()

    def _write(self) -> None:
        rows = pa.concat_tables(map(_as_table, self._waiting), promote_options="default")
        moment = pc.max(rows.column(self.table.moment)).value
        segment = self._ready(rows)
        batches = self._aligned(rows, segment.schema).combine_chunks().to_batches(BATCH_ROWS)
        try:
            segment.write_all(batches, max(segment.hour or "", _hour(moment)))
        except OSError as exc:
            self._segment = None
            raise StoreError(f"{segment.folder}: cannot be written: {exc.strerror or exc}") from exc

    def _ready(self, rows: pa.Table) -> SegmentWriter:
        """The segment, or a new one where its columns are too few."""
        known = set() if self._segment is None else set(self._segment.schema.names)
        if self._segment is None or not known.issuperset(rows.column_names):
            self.rotate()
            fields = [field for field in self.table.schema if field.name in known or field.name in rows.column_names]
            self._segment = SegmentWriter(
                self.folder / HOT,
                pa.schema(fields, metadata=self.table.schema.metadata),
                compression=self.compression,
                rotate_bytes=self.rotate_bytes,
            )
            self._opened = time.monotonic()
        return self._segment

    def _aligned(self, rows: pa.Table, schema: pa.Schema) -> pa.Table:
        size = rows.num_rows
        arrays = [rows.column(field.name) if field.name in rows.column_names else None for field in schema]
        filled = [
            pa.nulls(size, field.type) if array is None else array for field, array in zip(schema, arrays, strict=True)
        ]
        return pa.Table.from_arrays(filled, schema=schema)


def _as_table(batch: pa.RecordBatch) -> pa.Table:
    return pa.Table.from_batches([batch])


def _hour(nanoseconds: int) -> str:
    return hour_of((_EPOCH + timedelta(seconds=nanoseconds // 10**9)).isoformat())
