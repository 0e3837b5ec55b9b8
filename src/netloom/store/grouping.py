"""Rows of equal keys as groups, by whole columns at once: no engine is asked, and nothing is turned into text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from netloom.store.packed import ADDRESS

_ROOM = 1 << 62
_SPREAD = 1 << 16
"""Whole numbers that lie so near one another are codes themselves."""
_DENSE = 4
"""With so many times fewer codes than rows a table of all codes is quicker than a search."""
_LARGEST = 2**64 - 1
_EXACT = 2.0**53

Codes = Any
"""A NumPy array of 64-bit numbers."""


class Columns:
    """A table's columns, each in one piece and coded once, however many times it is grouped by."""

    def __init__(self, table: Any) -> None:
        self.names = frozenset(table.column_names)
        self.size = table.num_rows
        self._table = table
        self._whole: dict[str, Any] = {}
        self._codes: dict[str, tuple[Codes, int]] = {}

    def __getitem__(self, name: str) -> Any:
        if name not in self._whole:
            self._whole[name] = _one(self._table.column(name))
        return self._whole[name]

    def __setitem__(self, name: str, column: Any) -> None:
        self._whole[name] = _one(column)
        self.names |= {name}

    def codes(self, name: str) -> tuple[Codes, int]:
        """A number for each row, the same where the values are, and how many numbers there may be."""
        if name not in self._codes:
            self._codes[name] = _codes(self[name])
        return self._codes[name]


class Groups:
    """The groups of rows, in the order of their times and keys."""

    def __init__(self, times: Codes, columns: Columns, keys: Iterable[str]) -> None:
        codes, size = _near_zero(times)
        for name in keys:
            found, more = columns.codes(name)
            if more == 1:
                continue
            if size * more >= _ROOM:
                codes, size = _ranked(codes)
            codes, size = codes * more + found, size * more
        self.of_row, count = _ranked(codes, size)
        """Each row's group."""
        self.first = np.empty(count, np.int64)
        """Each group's first row."""
        self.first[self.of_row[::-1]] = np.arange(len(times) - 1, -1, -1)

    def __len__(self) -> int:
        return len(self.first)

    def sums(self, column: Any) -> Any:
        """Of whole numbers, as UBIGINT; what is larger than that is the largest of it."""
        values = _whole(column)
        rough = np.bincount(self.of_row, values, len(self))
        if not len(rough) or rough.sum() < _EXACT:
            return pa.array(rough.astype(np.uint64))
        found = np.zeros(len(self), np.uint64)
        np.add.at(found, self.of_row, values)
        found[rough >= float(_LARGEST)] = _LARGEST
        return pa.array(found)

    def counts(self) -> Any:
        """How many rows."""
        return pa.array(np.bincount(self.of_row, minlength=len(self)).astype(np.uint64))

    def totals(self, column: Any) -> Any:
        """Of numbers that need not be whole."""
        return pa.array(np.bincount(self.of_row, _real(column, 0.0), len(self)))

    def least(self, column: Any) -> Any:
        """The smallest of each group."""
        found = np.full(len(self), np.inf)
        np.minimum.at(found, self.of_row, _real(column, np.inf))
        return pa.array(found)

    def greatest(self, column: Any) -> Any:
        """The largest of each group."""
        found = np.full(len(self), -np.inf)
        np.maximum.at(found, self.of_row, _real(column, -np.inf))
        return pa.array(found)

    def latest(self, times: Codes) -> Codes:
        """The row of each group with the latest time."""
        order = np.lexsort((times, self.of_row))
        last = np.searchsorted(self.of_row[order], np.arange(len(self)), side="right") - 1
        return order[last]


def nanoseconds(column: Any) -> Codes:
    """Moments since 1970 as a NumPy array."""
    return np.asarray(column.cast(pa.timestamp("ns")).cast(pa.int64()))


def _codes(column: Any) -> tuple[Codes, int]:
    """A number for each row, the same where the values are, and how many numbers there may be."""
    if pa.types.is_map(column.type):
        return _mapping_codes(column)
    if pa.types.is_integer(column.type) and (near := _near(column)) is not None:
        return near
    if column.type.equals(ADDRESS):
        column = column.cast(ADDRESS.storage_type)
    encoded = column.dictionary_encode(null_encoding="encode")
    return np.asarray(encoded.indices).astype(np.int64), max(1, len(encoded.dictionary))


def _near(column: Any) -> tuple[Codes, int] | None:
    ends = pc.min_max(column)
    low, high = ends["min"].as_py(), ends["max"].as_py()
    if low is None:
        return np.zeros(len(column), np.int64), 1
    if high - low >= _SPREAD:
        return None
    if not column.null_count:
        return np.asarray(column).astype(np.int64) - low, high - low + 1
    found = np.asarray(column.fill_null(low)).astype(np.int64) - (low - 1)
    found[np.asarray(column.is_null())] = 0
    return found, high - low + 2


def _mapping_codes(column: Any) -> tuple[Codes, int]:
    """Of mappings: pair by pair, so that equal numbers are equal mappings."""
    offsets = np.asarray(column.offsets).astype(np.int64)
    sizes = np.diff(offsets)
    sizes[np.asarray(column.is_null())] = -1
    names, kinds = _codes(column.keys)
    values, more = _codes(column.items)
    pairs, count = _ranked(names * more + values, kinds * more)
    codes, size = _ranked(sizes + 1)
    for at in range(int(sizes.max(initial=0))):
        there = sizes > at
        found = np.zeros(len(sizes), np.int64)
        found[there] = pairs[offsets[:-1][there] + at] + 1
        codes, size = _ranked(codes * (count + 1) + found, size * (count + 1))
    return codes, max(1, size)


def _ranked(codes: Codes, size: int | None = None) -> tuple[Codes, int]:
    """Codes without gaps, in the same order, and how many."""
    if not len(codes):
        return np.zeros(0, np.int64), 0
    if size is None:
        codes, size = _near_zero(codes)
    if size <= _DENSE * len(codes):
        there = np.zeros(size, np.bool_)
        there[codes] = True
        return (np.cumsum(there) - 1)[codes], int(there.sum())
    encoded = pa.array(codes).dictionary_encode()
    order = np.argsort(np.asarray(encoded.dictionary))
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order))
    return rank[np.asarray(encoded.indices)], len(order)


def _near_zero(codes: Codes) -> tuple[Codes, int]:
    if not len(codes):
        return codes, 0
    low = int(codes.min())
    return codes - low, int(codes.max()) - low + 1


def _whole(column: Any) -> Codes:
    return np.asarray(column.cast(pa.uint64()).fill_null(0))


def _real(column: Any, missing: float) -> Codes:
    return np.asarray(column.cast(pa.float64()).fill_null(missing))


def _one(column: Any) -> Any:
    if not isinstance(column, pa.ChunkedArray):
        return column
    return column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()


def taken(column: Any, rows: Sequence[int] | Codes) -> Any:
    """The column's values of some rows."""
    return column.take(pa.array(rows))
