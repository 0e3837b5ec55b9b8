"""Columns of a batch as arrays, and labels as dictionary columns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

_KINDS = {8: np.uint8, 16: np.uint16, 32: np.uint32, 64: np.uint64}


def octets(column: Any) -> NDArray[np.uint8]:
    """Addresses, shape (n, 16); anything stands where a value is null."""
    storage = column.storage if isinstance(column, pa.ExtensionArray) else column
    held = np.frombuffer(storage.buffers()[1] or b"", np.uint8)
    return held[storage.offset * 16 : (storage.offset + len(storage)) * 16].reshape(-1, 16)


def words(column: Any) -> NDArray[np.uint64]:
    """Addresses as 128 bits, shape (n, 2), high half first; anything stands where a value is null."""
    return octets(column).view(">u8").astype(np.uint64)


def numbers(batch: pa.RecordBatch, name: str) -> NDArray[Any]:
    """A column of numbers, 0 where there is none."""
    if name not in batch.schema.names:
        return np.zeros(batch.num_rows, np.uint32)
    column = batch.column(name)
    if column.null_count:
        column = column.fill_null(0)
    return np.asarray(column.to_numpy(zero_copy_only=False))


def nulls(batch: pa.RecordBatch, name: str) -> NDArray[np.bool_]:
    """Where a column that may be absent has no value."""
    if name not in batch.schema.names:
        return np.ones(batch.num_rows, np.bool_)
    return np.asarray(batch.column(name).is_null())


@dataclass(frozen=True, slots=True)
class Places:
    """Which row of a table each row of a batch is about."""

    used: pa.Array
    """The table's rows that occur."""
    rows: pa.Array
    """For each row of the batch, the position among these."""

    @classmethod
    def of(cls, places: NDArray[Any], size: int) -> Self:
        """From each row's place in a table of some size."""
        used = np.flatnonzero(np.bincount(places, minlength=size))
        rank = np.zeros(size, np.int32)
        rank[used] = np.arange(len(used), dtype=np.int32)
        return cls(pa.array(used), pa.array(rank[places]))

    @classmethod
    def repeated(cls, places: NDArray[Any], size: int, times: NDArray[np.int64]) -> Self:
        """As `of`, where runs of rows are about the same."""
        few = cls.of(places, size)
        return cls(few.used, pa.array(np.repeat(few.rows.to_numpy(), times)))

    def labels(self, table: pa.Array) -> pa.Array:
        """The table's text for each row, in a dictionary of what occurs."""
        return table.take(self.used).dictionary_encode().take(self.rows)

    def values(self, table: pa.Array) -> pa.Array:
        """The table's values for each row."""
        return table.take(self.used).take(self.rows)


def constant(text: str, count: int) -> pa.Array:
    """The same text in every row."""
    return pa.DictionaryArray.from_arrays(pa.array(np.zeros(count, np.int32)), pa.array([text]))
