"""Planes: what goes in comes out, whatever it is, and compresses better."""

from __future__ import annotations

import uuid
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from netloom.store.planes import from_planes, to_planes

SCHEMA = pa.schema(
    [
        ("octet", pa.uint8()),
        ("port", pa.uint16()),
        ("count", pa.uint64()),
        ("index", pa.uint32()),
        ("when", pa.timestamp("ns")),
        ("rate", pa.float64()),
        ("address", pa.uuid()),
        ("mac", pa.binary(6)),
        ("name", pa.string()),
        ("flag", pa.bool_()),
        ("words", pa.dictionary(pa.int32(), pa.string())),
        ("path", pa.list_(pa.uint32())),
        ("ie", pa.map_(pa.string(), pa.string())),
        ("nothing", pa.null()),
    ]
)
values: dict[str, st.SearchStrategy[Any]] = {
    "octet": st.integers(0, 255),
    "port": st.integers(0, 65_535),
    "count": st.integers(0, (1 << 64) - 1),
    "index": st.integers(0, (1 << 32) - 1),
    "when": st.integers(-(1 << 62), 1 << 62),
    "rate": st.floats(allow_nan=False),
    "address": st.uuids(),
    "mac": st.binary(min_size=6, max_size=6),
    "name": st.text(max_size=5),
    "flag": st.booleans(),
    "words": st.sampled_from(["a", "b"]),
    "path": st.lists(st.integers(0, 9), max_size=3),
    "ie": st.lists(st.tuples(st.text(max_size=2), st.text(max_size=2)), max_size=2),
    "nothing": st.none(),
}


def batch(rows: list[dict[str, Any]]) -> pa.RecordBatch:
    columns = []
    for field in SCHEMA:
        items = [row[field.name] for row in rows]
        if field.type.equals(pa.uuid()):
            packed = [item.bytes if isinstance(item, uuid.UUID) else None for item in items]
            columns.append(pa.array(packed, pa.binary(16)).cast(field.type))
        else:
            columns.append(pa.array(items, field.type))
    return pa.RecordBatch.from_arrays(columns, schema=SCHEMA)


@given(
    st.lists(st.fixed_dictionaries({name: st.none() | kind for name, kind in values.items()}), max_size=8), st.data()
)
def test_what_goes_in_comes_out(rows: list[dict[str, Any]], data: st.DataObject) -> None:
    whole = batch(rows)
    start = data.draw(st.integers(0, len(rows)))
    part = whole.slice(start, data.draw(st.integers(0, len(rows) - start)))
    found = from_planes(to_planes(part))
    found.validate(full=True)
    assert found.equals(part)


@pytest.mark.parametrize("kind", [pa.uint32(), pa.uint64()])
def test_planes_of_counters_take_less_room(kind: Any) -> None:
    counters = pa.array([number * 7919 % 65_536 for number in range(50_000)], kind)
    plain = pa.RecordBatch.from_arrays([counters], ["count"])
    codec = pa.Codec("lz4")
    before, after = (len(codec.compress(each.column(0).buffers()[1])) for each in (plain, to_planes(plain)))
    assert after < 0.8 * before
