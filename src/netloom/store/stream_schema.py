"""A stream's table: columns derived from its record, no wider than they must be, and the way there and back."""

from __future__ import annotations

import json
import typing
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from difflib import get_close_matches
from functools import cache
from typing import Any

import pyarrow as pa

from netloom.errors import StoreError, UsageError
from netloom.model.noun import Record
from netloom.model.stream import Stream, streams
from netloom.store.packed import ADDRESS, MAC, as_text, of_engine, pack
from netloom.store.schema import to_record
from netloom.store.stream_types import NANOSECONDS, column_type, is_varied, plain_mappings

SCHEMA_VERSION = 1
"""Raised when the meaning of a column changes; new and wider columns need no new version."""

OWN_COLUMNS = ("namespace", "hostname")
"""What the store adds: the network, and the sender's name in the inventory."""

WORDS = pa.dictionary(pa.int32(), pa.string())
"""Text of which there are few different ones, while it is hot."""

_UNFIT = (pa.ArrowException, OverflowError, UnicodeError, TypeError, ValueError)


@dataclass(frozen=True, slots=True)
class StreamTable:
    """What a stream's rows look like."""

    name: str
    folder: str
    """Below the store's own."""
    record: type[Record]
    schema: pa.Schema
    columns: Mapping[str, str]
    """The record's field → its column; they differ where the store has a column of that name itself."""
    moment: str
    """The column with a row's time."""
    varied: frozenset[str]
    """The columns whose values seldom repeat."""
    plain: frozenset[str] = frozenset()
    """The paths of mappings to text, numbers and truth values."""

    @property
    def visible(self) -> tuple[str, ...]:
        """The columns, in order."""
        return tuple(self.schema.names)

    def paths(self) -> list[str]:
        """Every name a filter may use, dotted paths into nested records included."""
        return [path for field in self.schema for path in _paths(field.name, field.type)]

    def batch(
        self,
        records: Sequence[Record],
        *,
        hostnames: Sequence[str | None] | None = None,
        namespace: str = "default",
        misfits: Counter[str] | None = None,
    ) -> pa.RecordBatch:
        """Rows of records; without a counter for what is left out, a value that does not fit raises StoreError."""
        size = len(records)
        hosts = pa.nulls(size, pa.string()) if hostnames is None else pa.array(list(hostnames), pa.string())
        found = {"namespace": pa.repeat(pa.scalar(namespace), size), "hostname": hosts}
        for name, column in self.columns.items():
            values = [getattr(record, name) for record in records]
            if column != self.moment and all(value is None for value in values):
                continue
            found[column] = _array(values, self.schema.field(column), misfits)
        schema = pa.schema([self.schema.field(name) for name in found], metadata=self.schema.metadata)
        return pa.RecordBatch.from_arrays(list(found.values()), schema=schema)

    def fitting(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """A batch of some of the columns in the table's order and types; raises StoreError."""
        given = dict(zip(batch.schema.names, batch.columns, strict=True))
        for name in given.keys() - set(self.schema.names):
            raise StoreError(f"{self.folder}: no column {name!r}", hint=near(name, self.visible))
        if self.moment not in given or given[self.moment].null_count:
            raise StoreError(f"{self.folder}: expected a {self.moment} in every row")
        described = [field for field in self.schema if field.name in given]
        try:
            arrays = [_as_type(given[field.name], field.type) for field in described]
        except pa.ArrowException as exc:
            raise StoreError(f"{self.folder}: {exc}") from exc
        held = [field.with_type(array.type) for field, array in zip(described, arrays, strict=True)]
        return pa.RecordBatch.from_arrays(arrays, schema=pa.schema(held, metadata=self.schema.metadata))

    def shown(self, data: pa.Table, measured: Collection[str] = ()) -> pa.Table:
        """An answer of the engine as people read it: addresses as text, moments as nanoseconds since 1970.

        What was measured stays as it is, though it may bear a column's name.
        """
        kinds = {field.name: field.type for field in self.schema if field.name not in measured}
        columns = [_shown(data.column(name), kinds.get(name)) for name in data.column_names]
        return pa.table(columns, names=data.column_names)

    def rows(self, data: pa.Table) -> Iterator[dict[str, Any]]:
        """The rows of what `shown` returned, mappings decoded."""
        decoders = {name: decode for name in data.column_names if (decode := _decoder(data.schema.field(name).type))}
        for batch in data.to_batches():
            for row in batch.to_pylist():
                for name, decode in decoders.items():
                    row[name] = decode(row[name])
                yield row

    def records(self, rows: Iterable[Mapping[str, Any]]) -> Iterator[Record]:
        """Rows as records; a column that is absent or null takes the field's default."""
        for row in rows:
            yield to_record(self.record, {name: row.get(column) for name, column in self.columns.items()})


@cache
def stream_table(name: str) -> StreamTable:
    """The table of a stream, by its name or plural; raises UsageError."""
    known = streams()
    found = known.get(name) or next((each for each in known.values() if each.plural == name), None)
    if found is None:
        plurals = [each.plural for each in known.values()]
        raise UsageError(f"unknown stream {name!r}", hint=near(name, [*known, *plurals]))
    return table_of(found)


def table_of(stream: Stream) -> StreamTable:
    """The table of a stream that need not be one of the model's."""
    hints = typing.get_type_hints(stream.record, include_extras=True)
    names = [field.name for field in fields(stream.record)]  # type: ignore[arg-type]  # every Record is a dataclass
    columns = {name: f"{stream.name}_{name}" if name in OWN_COLUMNS else name for name in names}
    own = [pa.field(name, pa.string()) for name in OWN_COLUMNS]
    kinds = {name: NANOSECONDS if name == stream.moment else column_type(hints[name]) for name in names}
    described = [pa.field(column, kinds[name]) for name, column in columns.items()]
    schema = pa.schema([*own, *described], metadata={"netloom.schema_version": str(SCHEMA_VERSION)})
    varied = frozenset(column for name, column in columns.items() if is_varied(hints[name]))
    plain = frozenset(path for name, column in columns.items() for path in plain_mappings(column, hints[name]))
    return StreamTable(
        stream.name, stream.plural, stream.record, schema, columns, columns[stream.moment], varied, plain
    )


def _as_type(column: Any, kind: Any) -> Any:
    """A column in its type; texts in a dictionary stay there: they are quicker to write, and to group by."""
    if column.type.equals(kind) or (kind.equals(pa.string()) and column.type.equals(WORDS)):
        return column
    return column.cast(kind)


def near(name: str, known: Sequence[str]) -> str:
    """What may have been meant instead of a name that is not known."""
    found = get_close_matches(name, known, n=1)
    return f'did you mean "{found[0]}"?' if found else f"expected one of {', '.join(known)}"


def _array(values: list[Any], field: Any, misfits: Counter[str] | None) -> Any:
    values = [_storable(value, field.type) for value in values]
    try:
        return _typed_array(values, field.type)
    except _UNFIT as exc:
        fits = [_fits(value, field.type) for value in values]
        if misfits is None or all(fits):
            culprits = (f"{value!a:.200}" for value, fit in zip(values, fits, strict=True) if not fit)
            culprit = next(culprits, "values that do not fit together")
            raise StoreError(f"{field.name}: expected {field.type}, got {culprit}") from exc
        misfits[field.name] += fits.count(False)
        return _typed_array([value if fit else None for value, fit in zip(values, fits, strict=True)], field.type)


def _typed_array(values: list[Any], kind: Any) -> Any:
    return pack(values, kind) if kind in (ADDRESS, MAC) else pa.array(values, kind)


def _fits(value: Any, kind: Any) -> bool:
    try:
        _typed_array([value], kind)
    except _UNFIT:
        return False
    return True


def _storable(value: Any, kind: Any) -> Any:
    """A value as Arrow takes it: records as mappings, mappings as pairs of text, any text where a union is one."""
    if value is None:
        return None
    if pa.types.is_struct(kind):
        return {field.name: _storable(getattr(value, field.name), field.type) for field in kind}
    if pa.types.is_map(kind):
        return [(str(key), _json(item)) for key, item in value.items()]
    if pa.types.is_list(kind):
        return [_storable(item, kind.value_type) for item in value]
    return str(value) if pa.types.is_string(kind) and not isinstance(value, str) else value


def _json(value: Any) -> str:
    return json.dumps(_plain(value), ensure_ascii=False, separators=(",", ":"))


def _plain(value: Any) -> Any:
    match value:
        case Record():
            return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}  # type: ignore[arg-type]  # every Record is a dataclass
        case Mapping():
            return {str(key): _plain(item) for key, item in value.items()}
        case list() | tuple():
            return [_plain(item) for item in value]
        case bytes():
            return value.hex()
    return value if isinstance(value, str | int | float) or value is None else str(value)


def _shown(column: Any, kind: Any) -> Any:
    if kind is not None:
        column = of_engine(column, kind)
    return column.cast(pa.int64()) if column.type.equals(NANOSECONDS) else as_text(column)


def _decoder(kind: Any) -> Callable[[Any], Any] | None:
    """How to read a value whose type holds a mapping somewhere, None where it holds none."""
    if pa.types.is_map(kind):
        return lambda value: None if value is None else {key: json.loads(item) for key, item in value}
    if pa.types.is_list(kind) and (item := _decoder(kind.value_type)):
        return lambda value: None if value is None else [item(each) for each in value]
    if pa.types.is_struct(kind):
        members = {field.name: decode for field in kind if (decode := _decoder(field.type))}
        if members:
            return lambda value: (
                value and {name: members[name](each) if name in members else each for name, each in value.items()}
            )
    return None


def _paths(name: str, kind: Any) -> Iterator[str]:
    yield name
    while pa.types.is_list(kind):
        kind = kind.value_type
    if pa.types.is_struct(kind):
        for field in kind:
            yield from _paths(f"{name}.{field.name}", field.type)
