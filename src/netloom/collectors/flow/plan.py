"""A layout as a plan for columns: how many records of one form are read at once.

Forms with variable lengths, lists and label stacks have no plan: their records are read one by one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from netloom.codecs.ipfix import VARIABLE, Field, Template
from netloom.collectors.flow.columns import ADDRESS, Valid, put_mapped
from netloom.collectors.flow.fields import DURATIONS, Form, Source
from netloom.collectors.flow.layout import ETHERTYPES, Layout, Slot, compile_template
from netloom.collectors.flow.times import Clocks, moment

Array = NDArray[Any]
_WIDE = frozenset((1, 2, 4, 8))
_PORT = 2
SAMPLING = frozenset(("0/34", "0/50", "0/305", "0/306", "0/309", "0/310", "0/311", "0/304", "0/302", "0/48"))
"""Elements that a record's sampling rate may hang on."""
_TIMES = frozenset((Form.SECONDS, Form.MILLISECONDS, Form.NTP, Form.NTP_MICROSECONDS, Form.UPTIME, Form.BEFORE_EXPORT))


_PARTS: dict[Form, Callable[[Array], Array]] = {
    Form.HIGH_OCTET: lambda numbers: numbers >> 8,
    Form.LOW_OCTET: lambda numbers: numbers & 0xFF,
    Form.DSCP: lambda numbers: (numbers << 2) & 0xFF,
}


@dataclass(frozen=True, slots=True)
class Plan:
    """How records of one form become columns."""

    layout: Layout
    size: int
    """Octets of a record."""
    dtype: np.dtype[Any]
    """A record; each value is named by its place."""
    sampling: tuple[Slot, ...]
    """What the sampling rate may hang on."""
    is_timed: bool
    """Some time is told as uptime, or from the export on."""
    durations: tuple[tuple[Slot, int], ...]
    """Where a record tells how long it lasted, and in which unit."""


@lru_cache(1024)
def plan_of(fields: tuple[Field, ...]) -> Plan | None:
    """The plan of flows with these fields; None where there can be none."""
    if not fields or any(field.length == VARIABLE for field in fields):
        return None
    layout = compile_template(Template(0, fields))
    if layout.labels or layout.lists or not _is_plain(layout, fields):
        return None
    names = [str(at) for at in range(len(fields))]
    kinds = [f">u{field.length}" if field.length in _WIDE else f"V{field.length}" for field in fields]
    dtype = np.dtype(list(zip(names, kinds, strict=True)))
    first = {slot.key: slot for slot in layout.rest}
    durations = tuple((first[key], unit) for key, unit in DURATIONS.items() if key in first)
    if any(fields[slot.index].length > 8 for slot, _ in durations):
        return None
    sampling = tuple(slot for slot in layout.rest if slot.key in SAMPLING)
    forms = {source.form for _, found in layout.sources for _, source in found}
    is_timed = not forms.isdisjoint((Form.UPTIME, Form.BEFORE_EXPORT))
    return Plan(layout, dtype.itemsize, dtype, sampling, is_timed, durations)


def _is_plain(layout: Layout, fields: Sequence[Field]) -> bool:
    if layout.started is not None and fields[layout.started].length > 8:
        return False
    ports = [slot for name, found in layout.sources if name in ("src_port", "dst_port") for slot, _ in found]
    return all(fields[slot.index].length <= _PORT for slot in ports)


def raw(records: Array, slot: Slot) -> Array:
    """One value's octets, or its number where it has a usual size."""
    found: Array = records[str(slot.index)]
    return found


def number(records: Array, index: int) -> Array:
    """One value's numbers in the machine's order."""
    column = records[str(index)]
    if column.dtype.kind == "u":
        native: Array = column.astype(column.dtype.newbyteorder("="))
        return native
    octets = _octets(column)
    total = np.zeros(len(column), np.uint64)
    for at in range(octets.shape[1]):
        total = total << np.uint64(8) | octets[:, at]
    return total


def is_filled(records: Array, slot: Slot) -> NDArray[np.bool_]:
    """Which records have other octets than zeros there."""
    column = raw(records, slot)
    if column.dtype.kind == "u":
        filled: NDArray[np.bool_] = column != 0
        return filled
    return np.asarray(_octets(column).any(1))


def value(records: Array, slot: Slot, source: Source, clocks: Clocks) -> tuple[Array, Valid]:
    """A column of one source's values, and which of them are there; all where None.

    Numbers and addresses may be views of the records' own octets; IPv4 addresses are numbers of 32 bits still.
    """
    form = source.form
    if form in (Form.ADDRESS, Form.MAC) or (form is Form.NUMBER and raw(records, slot).dtype.kind == "u"):
        return raw(records, slot), None
    numbers = number(records, slot.index)
    if form in _TIMES:
        return moment(form, numbers.astype(np.uint64), clocks)
    if form is Form.IP_VERSION:
        return _ethertype(numbers)
    if (change := _PARTS.get(form)) is not None:
        return change(numbers), None
    return numbers, None


def _ethertype(versions: Array) -> tuple[Array, Valid]:
    found = np.zeros(len(versions), np.uint16)
    for version, ethertype in ETHERTYPES.items():
        found[versions == version] = ethertype
    return found, found != 0


def mapped(column: Array) -> Array:
    """Addresses of 128 bits; IPv4's are mapped."""
    if column.dtype.itemsize == ADDRESS.itemsize:
        return column
    found = np.empty(len(column), ADDRESS)
    put_mapped(found, column)
    return found


def _octets(column: Array) -> Array:
    size = column.dtype.itemsize
    return np.ascontiguousarray(column).view(np.uint8).reshape(len(column), size)
