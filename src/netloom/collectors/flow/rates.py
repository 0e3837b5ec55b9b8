"""Sampling rates of many records: each distinct reason for a rate is looked at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from netloom.codecs.ipfix_values import Value
from netloom.collectors.flow.columns import WORDS
from netloom.collectors.flow.layout import Slot
from netloom.collectors.flow.plan import raw
from netloom.collectors.flow.sampling import Rate

Array = NDArray[Any]
Numbers = NDArray[np.int64]
Ask = Callable[[int, Mapping[str, Value], int | None], tuple[Rate | None, str]]
"""The rate of a record of this origin with these elements and this interface."""
_SOURCES = {word: at for at, word in enumerate(WORDS["sampling_source"])}
_LARGEST = 1 << 53
"""Beyond it not every whole number is one of 64 bits with a fraction: such a rate is none."""
UNFIT = -1.0


def rates(
    origins: Numbers, records: Array, slots: Sequence[Slot], interfaces: Array | None, ask: Ask
) -> tuple[NDArray[np.float64], NDArray[np.int8]]:
    """Each record's rate, not a number where unknown and UNFIT where it fits no column, and where it comes from."""
    codes = origins
    for column in (*(_codes(raw(records, slot)) for slot in slots), *(() if interfaces is None else (interfaces,))):
        codes = _joined(codes, column)
    _, first, where = np.unique(codes, return_index=True, return_inverse=True)
    found = np.empty(len(first), np.float64)
    sources = np.empty(len(first), np.int8)
    for place, at in enumerate(first.tolist()):
        values = {slot.key: _read(slot, records, at) for slot in slots}
        interface = None if interfaces is None else int(interfaces[at])
        rate, source = ask(int(origins[at]), {key: told for key, told in values.items() if told is not None}, interface)
        fits = rate is None or isinstance(rate, float) or rate <= _LARGEST
        found[place] = (np.nan if rate is None else rate) if fits else UNFIT
        sources[place] = _SOURCES[source]
    if len(first) == 1:
        return np.full(len(origins), found[0]), np.full(len(origins), sources[0])
    return found[where], sources[where]


def _read(slot: Slot, records: Array, at: int) -> Value | None:
    return slot.read(records[at : at + 1][str(slot.index)].tobytes())


def _codes(column: Array) -> Array:
    """Octets as numbers, the same for the same octets."""
    if column.dtype.kind == "u":
        return column
    octets = np.ascontiguousarray(column).view(np.uint8).reshape(len(column), -1)
    return np.unique(octets, axis=0, return_inverse=True)[1].reshape(-1)


def _joined(codes: Numbers, column: Array) -> Numbers:
    """Numbers for the pairs of both."""
    if column.min() == column.max():
        return codes
    _, left = np.unique(codes, return_inverse=True)
    words, right = np.unique(column, return_inverse=True)
    return left.astype(np.int64) * len(words) + right
