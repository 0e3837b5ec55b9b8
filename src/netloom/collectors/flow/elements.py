"""Elements that no field tells, as columns: each record's `ie`, a map of JSON values."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from netloom.codecs.ipfix_values import Reader, reader
from netloom.collectors.flow.columns import Valid

MAP = pa.map_(pa.string(), pa.string())
_UNSIGNED = reader(0, 1)
"""Reads octetDeltaCount: any unsigned number."""
_OCTETS = pa.array([str(number) for number in range(256)], pa.string())


@dataclass(frozen=True, slots=True)
class Told:
    """One element of many records."""

    key: str
    texts: Any
    """Its values as JSON: a pyarrow array of strings."""
    valid: Valid = None
    """In which records it stands; in all where None."""


def texts(raw: NDArray[Any], read: Reader) -> Any:
    """The values of one element's octets as JSON; `raw` is an array of unsigned numbers or of octets."""
    if read is _UNSIGNED and raw.dtype.kind == "u":
        native = raw.astype(raw.dtype.newbyteorder("="))
        if native.dtype.itemsize == 1:
            return _OCTETS.take(pa.array(native))
        return pc.cast(pa.array(native), pa.string())
    size = raw.dtype.itemsize
    octets = np.ascontiguousarray(raw)
    column = pa.Array.from_buffers(pa.binary(size), len(raw), [None, pa.py_buffer(octets.view(np.uint8))])
    encoded = column.dictionary_encode()
    words = [_json(read(each)) for each in encoded.dictionary.to_pylist()]
    return pa.array(words, pa.string()).take(encoded.indices)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def elements(told: Sequence[Told], rows: int) -> Any:
    """The map of each record; None where there is nothing in any."""
    count = len(told)
    if not count:
        return None
    here = None
    if any(each.valid is not None for each in told):
        here = np.ones((rows, count), bool)
        for at, each in enumerate(told):
            if each.valid is not None:
                here[:, at] = each.valid
        if not here.any():
            return None
    # Values stand column behind column and are wanted record by record.
    order = (np.arange(rows)[:, None] + np.arange(count)[None, :] * rows).reshape(-1)
    which = np.tile(np.arange(count), rows)
    offsets = np.arange(rows + 1, dtype=np.int32) * np.int32(count)
    if here is not None:
        flat = here.reshape(-1)
        order, which = order[flat], which[flat]
        np.cumsum(here.sum(1), out=offsets[1:])
    keys = pa.array([each.key for each in told], pa.string()).take(pa.array(which))
    values = pa.concat_arrays([each.texts for each in told])
    if count > 1 or here is not None:
        values = values.take(pa.array(order))
    return pa.MapArray.from_arrays(pa.array(offsets, pa.int32()), keys, values).cast(MAP)
