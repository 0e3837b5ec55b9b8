"""Columns of a batch as arrays, and labels as dictionary columns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

_FEW = 64
"""Texts of so few are not looked for: all of them are the dictionary."""


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


class LabelColumn:
    """What a table tells in one column, by place: text, or numbers."""

    def __init__(self, values: Sequence[Any], kind: Any) -> None:
        """Of places in order; None where nothing is told."""
        found = list(dict.fromkeys(value for value in values if value is not None))
        number = {value: at for at, value in enumerate(found)}
        self._codes = np.array([number.get(value, -1) for value in values], np.int32)
        self._is_text = kind == pa.string()
        self._values = pa.array(found, kind)

    def __bool__(self) -> bool:
        return bool(len(self._values))

    def of(self, places: NDArray[Any], times: NDArray[np.int64] | None = None) -> pa.Array:
        """The column for places, each so many times: text in a dictionary."""
        codes = self._codes[places]
        if times is not None:
            codes = np.repeat(codes, times)
        is_null = codes < 0
        mask = is_null if is_null.any() else None
        if not self._is_text:
            return self._values.take(pa.array(codes, mask=mask))
        values = self._values
        if len(values) > _FEW:
            codes, values = self._used(codes)
        return pa.DictionaryArray.from_arrays(pa.array(codes, mask=mask), values, safe=False)

    def _used(self, codes: NDArray[np.int32]) -> tuple[NDArray[np.int32], pa.Array]:
        """The codes of a dictionary of those alone that occur: it is stored with them."""
        used = np.flatnonzero(np.bincount(codes + 1, minlength=len(self._values) + 1)[1:])
        rank = np.zeros(len(self._values) + 1, np.int32)
        rank[used] = np.arange(len(used), dtype=np.int32)
        return rank[codes], self._values.take(pa.array(used))


def constant(text: str, count: int) -> pa.Array:
    """The same text in every row."""
    return pa.DictionaryArray.from_arrays(pa.array(np.zeros(count, np.int32)), pa.array([text]))
