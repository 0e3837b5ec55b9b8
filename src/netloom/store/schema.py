"""A noun's table: columns derived from its record, and the way there and back."""

from __future__ import annotations

import types
import typing
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from difflib import get_close_matches
from functools import cache
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import pyarrow as pa

from netloom.errors import StoreError, UsageError
from netloom.model.noun import Noun, Record, nouns
from netloom.store.layout import Layout

SCHEMA_VERSION = 1
"""Raised when the meaning of a column changes; new columns need no new version, they are null in older segments."""

OBSERVATION = "observation"
"""The table that says who was asked for what and when, and how many rows came: it commits the rows of its batch."""

MOMENT = pa.timestamp("us", tz="UTC")
STORE_COLUMNS = ("namespace", "hostname", "observed_at")
HIDDEN_COLUMNS = ("batch", "ordinal")

_OWN = [pa.field("namespace", pa.string()), pa.field("hostname", pa.string()), pa.field("observed_at", MOMENT)]
_HIDDEN = [pa.field("batch", pa.int64()), pa.field("ordinal", pa.int32())]


@dataclass(frozen=True, slots=True)
class Table:
    """What one noun's rows look like."""

    name: str
    record: type[Record]
    schema: pa.Schema
    columns: Mapping[str, str]
    """The record's field → its column; they differ where the store has a column of that name itself."""

    @property
    def visible(self) -> tuple[str, ...]:
        """The columns people see, in order."""
        return (*STORE_COLUMNS, *self.columns.values())

    @property
    def identity(self) -> tuple[str, ...]:
        """The columns that tell one record of a device from another."""
        return tuple(self.columns[name] for name in self.record.IDENTITY)

    @property
    def layout(self) -> Layout:
        """How its rows lie in their files."""
        return Layout(schema=self.schema, moment="observed_at", order=("observed_at", "hostname", "batch", "ordinal"))

    def paths(self) -> list[str]:
        """Every name a filter may use, dotted paths into nested records included."""
        return [path for name in self.visible for path in _paths(name, self.schema.field(name).type)]

    def batch(
        self, records: Sequence[Record], *, hostname: str, observed_at: datetime, namespace: str
    ) -> pa.RecordBatch:
        """Rows of one observation, their batch still open (zero); raises StoreError."""
        moment = as_utc(observed_at)
        size = len(records)
        arrays = [
            pa.repeat(pa.scalar(namespace), size),
            pa.repeat(pa.scalar(hostname), size),
            pa.repeat(pa.scalar(moment, MOMENT), size),
        ]
        for name, column in self.columns.items():
            values = [_plain(getattr(record, name)) for record in records]
            arrays.append(_array(values, self.schema.field(column), hostname))
        arrays += [pa.repeat(pa.scalar(0, pa.int64()), size), pa.array(range(size), pa.int32())]
        return pa.RecordBatch.from_arrays(arrays, schema=self.schema)

    def records(self, rows: Iterable[Mapping[str, Any]]) -> Iterator[tuple[str, Record]]:
        """Rows as (hostname, record); a column that is absent or null takes the field's default."""
        for row in rows:
            values = {name: row[column] for name, column in self.columns.items() if row.get(column) is not None}
            yield row["hostname"], to_record(self.record, values)


@dataclass(frozen=True, slots=True)
class Observation(Record):
    """One device asked for one noun."""

    noun: str
    count: int
    """Rows that came; with none of them everything seen before is gone."""


@cache
def table(noun: str) -> Table:
    """The table of a noun, by its name or plural; raises UsageError."""
    if noun == OBSERVATION:
        return _table(OBSERVATION, Observation)
    known = nouns()
    found = known.get(noun) or next((each for each in known.values() if each.plural == noun), None)
    if found is None:
        near = get_close_matches(noun, [*known, *(each.plural for each in known.values())], n=1)
        hint = f'did you mean "{near[0]}"?' if near else f"expected one of {', '.join(known)}"
        raise UsageError(f"unknown noun {noun!r}", hint=hint)
    return _table(found.name, _kept(found))


def _kept(noun: Noun) -> type[Record]:
    record = noun.state or noun.record
    if record is None:
        raise StoreError(f"{noun.name}: neither configured nor observed, nothing to keep")
    return record


def _table(name: str, record: type[Record]) -> Table:
    columns = {field.name: field.name for field in fields(record)}  # type: ignore[arg-type]  # every Record is a dataclass
    for own in (*STORE_COLUMNS, *HIDDEN_COLUMNS):
        if own in columns:
            columns[own] = f"{name}_{own}"
    hints = typing.get_type_hints(record, include_extras=True)
    described = [pa.field(column, arrow_type(hints[field])) for field, column in columns.items()]
    schema = pa.schema([*_OWN, *described, *_HIDDEN], metadata={"netloom.schema_version": str(SCHEMA_VERSION)})
    return Table(name, record, schema, columns)


def arrow_type(hint: Any) -> Any:
    """The Arrow type for a field's annotation."""
    origin = get_origin(hint)
    if origin is Annotated:
        return arrow_type(get_args(hint)[0])
    if origin is Literal:
        return pa.string()
    if origin in (Union, types.UnionType):
        options = {arrow_type(option) for option in get_args(hint) if option is not types.NoneType}
        return options.pop() if len(options) == 1 else pa.string()
    if origin is tuple:
        return pa.list_(arrow_type(get_args(hint)[0]))
    plain = {str: pa.string(), int: pa.int64(), float: pa.float64(), bool: pa.bool_(), datetime: MOMENT}
    if hint in plain:
        return plain[hint]
    if isinstance(hint, type) and issubclass(hint, Record):
        hints = typing.get_type_hints(hint, include_extras=True)
        return pa.struct([pa.field(field.name, arrow_type(hints[field.name])) for field in fields(hint)])  # type: ignore[arg-type]  # every Record is a dataclass
    raise StoreError(f"no column type for {hint!r}")


def as_utc(moment: datetime) -> datetime:
    """The moment in UTC; a moment without a zone is refused."""
    if moment.tzinfo is None:
        raise StoreError(f"{moment.isoformat()}: a moment without a time zone")
    return moment.astimezone(UTC)


def _array(values: list[Any], field: Any, hostname: str) -> Any:
    if pa.types.is_string(field.type):
        values = [value if value is None or isinstance(value, str) else str(value) for value in values]
    try:
        return pa.array(values, field.type)
    except (pa.ArrowException, OverflowError, UnicodeError, TypeError) as exc:
        raise StoreError(
            f"{hostname}: {field.name}: expected {field.type}, got {_culprit(values, field.type)}"
        ) from exc


def _culprit(values: list[Any], wanted: Any) -> str:
    for value in values:
        try:
            pa.array([value], wanted)
        except (pa.ArrowException, OverflowError, UnicodeError, TypeError):
            return f"{value!a:.200}"
    return "values that do not fit together"


def _plain(value: Any) -> Any:
    if isinstance(value, Record):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}  # type: ignore[arg-type]  # every Record is a dataclass
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return value


@cache
def _hints(kind: Any) -> dict[str, Any]:
    return typing.get_type_hints(kind)


def to_record(kind: type[Record], values: Mapping[str, Any]) -> Record:
    """A record of plain values; one that is absent or None takes its field's default."""
    hints = _hints(kind)  # type: ignore[arg-type]  # a class is hashable, whatever its instances are
    names = [field.name for field in fields(kind) if values.get(field.name) is not None]  # type: ignore[arg-type]  # every Record is a dataclass
    return kind(**{name: _typed(hints[name], values[name]) for name in names})


def _typed(hint: Any, value: Any) -> Any:
    if isinstance(value, list):
        inner = get_args(_only(hint))
        return tuple(_typed(inner[0] if inner else str, item) for item in value)
    if isinstance(value, dict):
        record = _only(hint)
        return to_record(record, value) if isinstance(record, type) and issubclass(record, Record) else value
    if isinstance(value, str) and int in get_args(hint) and value.lstrip("-").isdigit():
        return int(value)
    return value


def _only(hint: Any) -> Any:
    """What an optional annotation is where it is not None."""
    options = [option for option in get_args(hint) if option is not types.NoneType]
    return options[0] if get_origin(hint) in (Union, types.UnionType) and len(options) == 1 else hint


def _paths(name: str, kind: Any) -> Iterator[str]:
    yield name
    while pa.types.is_list(kind):
        kind = kind.value_type
    if pa.types.is_struct(kind):
        for field in kind:
            yield from _paths(f"{name}.{field.name}", field.type)
