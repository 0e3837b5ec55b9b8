"""Columns of flows being filled, run by run, and handed over as one batch without another copy."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

ADDRESS = np.dtype("V16")
MAC = np.dtype("V6")
WORDS = {"type": ("NETFLOW_V5", "NETFLOW_V9", "IPFIX"), "sampling_source": ("packet", "option", "static", "unknown")}
"""Columns of few words, which are filled with their positions."""
Valid = NDArray[np.bool_] | None
_MAPPED = 0xFFFF0000
"""What stands before an IPv4 address in 128 bits, as the four octets of a number that is least octet first."""


def put_mapped(found: NDArray[Any], column: NDArray[Any]) -> None:
    """Write IPv4 addresses, big-endian numbers as they came, into 128 bits each."""
    words = found.view("<u4").reshape(-1, 4)
    words[:, :2] = 0
    words[:, 2] = _MAPPED
    words[:, 3] = column.view("<u4")  # the octets stay in their order


@dataclass(slots=True)
class _Column:
    values: NDArray[Any]
    runs: list[tuple[int, int, Valid]] = field(default_factory=list)
    """From, to, and which of them are there; all where None."""


class Columns:
    """Room for so many rows; a column that no run fills is none."""

    def __init__(self, schema: pa.Schema, room: int, namespace: str) -> None:
        self.room = room
        self.rows = 0
        self._schema = schema
        self._columns: dict[str, _Column] = {}
        self._pieces: list[tuple[int, int, Any]] = []
        self._constants: dict[str, Any] = {}
        self._namespace = namespace

    def put(self, name: str, start: int, values: Any, rows: int, valid: Valid = None) -> None:
        """Fill some rows of a column from one value or one of each."""
        found = self._slot(name, start, rows, valid)
        if found.dtype == ADDRESS and values.dtype != ADDRESS:
            put_mapped(found, values)
        else:
            found[:] = values

    def spread(
        self, name: str, start: int, values: NDArray[Any], which: NDArray[np.int64], valid: Valid = None
    ) -> None:
        """Fill rows of a column from a few values, and which of them each row has."""
        found = self._slot(name, start, len(which), valid)
        np.take(values.astype(found.dtype, copy=False), which, out=found, mode="clip")  # "raise" would copy once more

    def _slot(self, name: str, start: int, rows: int, valid: Valid) -> NDArray[Any]:
        column = self._columns.get(name)
        if column is None:
            column = self._columns[name] = _Column(np.empty(self.room, _dtype(name, self._schema)))
        column.runs.append((start, start + rows, valid))
        return column.values[start : start + rows]

    def put_elements(self, start: int, elements: Any) -> None:
        """Fill rows of `ie`; pieces come in the rows' order."""
        self._pieces.append((start, start + len(elements), elements))

    def batch(self) -> pa.RecordBatch:
        """All rows, and begin anew."""
        rows, columns, pieces = self.rows, self._columns, self._pieces
        self.rows, self._columns, self._pieces = 0, {}, []
        arrays: dict[str, Any] = {"namespace": self._constant(self._namespace, rows)}
        for described in self._schema:
            if (column := columns.get(described.name)) is not None:
                arrays[described.name] = self._array(described, column, rows)
        if pieces:
            arrays["ie"] = _joined(pieces, rows, self._schema.field("ie").type)
        schema = pa.schema([self._schema.field(name) for name in arrays], metadata=self._schema.metadata)
        return pa.RecordBatch.from_arrays(list(arrays.values()), schema=schema)

    def _array(self, described: pa.Field, column: _Column, rows: int) -> Any:
        kind, values = described.type, column.values[:rows]
        if (words := WORDS.get(described.name)) is not None:
            if values.min() == values.max():
                return self._constant(words[int(values[0])], rows)
            return pa.DictionaryArray.from_arrays(pa.array(values), pa.array(words)).cast(pa.string())
        valid = _bitmap(column, rows)
        buffers = [valid, pa.py_buffer(values)]
        if kind.equals(pa.uuid()):
            storage = pa.Array.from_buffers(kind.storage_type, rows, buffers)
            return pa.ExtensionArray.from_storage(kind, storage)
        return pa.Array.from_buffers(kind, rows, buffers)

    def _constant(self, word: str, rows: int) -> Any:
        known = self._constants.get(word)
        if known is None or len(known) < rows:
            known = self._constants[word] = pa.repeat(pa.scalar(word), max(rows, self.room))
        return known.slice(0, rows)


def _dtype(name: str, schema: pa.Schema) -> Any:
    if name in WORDS:
        return np.int8
    kind = schema.field(name).type
    if kind.equals(pa.uuid()):
        return ADDRESS
    if pa.types.is_fixed_size_binary(kind):
        return MAC
    return np.int64 if pa.types.is_timestamp(kind) else kind.to_pandas_dtype()


def _bitmap(column: _Column, rows: int) -> Any:
    """Arrow's bits of what is there, None where all is; what is not there is zeros, which take no room on the disk."""
    covered = sum(stop - start for start, stop, _ in column.runs)
    if covered == rows and all(valid is None for _, _, valid in column.runs):
        return None
    there = np.zeros(rows, bool)
    for start, stop, valid in column.runs:
        there[start:stop] = True if valid is None else valid
    column.values[:rows][~there] = np.zeros(1, column.values.dtype)[0]
    return pa.py_buffer(np.packbits(there, bitorder="little"))


def _joined(pieces: list[tuple[int, int, Any]], rows: int, kind: Any) -> Any:
    parts, at = [], 0
    for start, stop, elements in pieces:
        if start > at:
            parts.append(pa.nulls(start - at, kind))
        parts.append(elements)
        at = stop
    if at < rows:
        parts.append(pa.nulls(rows - at, kind))
    return pa.concat_arrays(parts)
