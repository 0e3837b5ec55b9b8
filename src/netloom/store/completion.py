"""How a half-written filter on a stream may go on: fields, operators, and values that there are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import pyarrow as pa

from netloom.model.expression import Word, leaves, path_of, path_parts
from netloom.model.filter_position import Position, position
from netloom.store.derived import DERIVED
from netloom.store.naming import Names, names_of
from netloom.store.packed import ADDRESS, MAC
from netloom.store.stream_schema import stream_table

ROWS_LOOKED_AT = 5000
"""Values are those of the latest rows."""
_TEXT = ("=", "!=", "~", "!~", "in", "not in")
_NUMBER = ("=", "!=", "<", "<=", ">", ">=", "in", "not in")
_ADDRESS = ("=", "!=", "in", "not in")
_JOINTS = ("and", "or")


class Rows(Protocol):
    """Rows with their mappings decoded."""

    def __iter__(self) -> Iterator[dict[str, Any]]: ...


class Latest(Protocol):
    """Asks for the latest rows of a stream."""

    def __call__(self, stream: str, *, columns: list[str], limit: int) -> Rows: ...


@dataclass(frozen=True, slots=True)
class Completions:
    """What may stand from a place on; the likeliest first."""

    kind: str
    """field, operator, value or next."""
    start: int
    """Where in the text it would stand."""
    options: tuple[str, ...]


def completions(latest: Latest, stream: str, text: str, limit: int) -> Completions:
    """How a text may go on; raises UsageError and StoreError."""
    names = names_of(stream_table(stream).name)
    where = position(text)
    match where.kind:
        case "field":
            found = _fields(latest, names, where.typed)
        case "operator":
            found = [*_beginning(_operators(names, where.field), where.typed), *([] if where.typed else _JOINTS)]
        case "value":
            found = _values(latest, names, where)
        case _:
            found = [*_beginning(_JOINTS, where.typed), *([] if where.typed else _fields(latest, names, ""))]
    return Completions(where.kind, where.start, tuple(found[:limit]))


def _fields(latest: Latest, names: Names, typed: str) -> list[str]:
    known = [*names.table.paths(), *DERIVED.get(names.table.name, {})]
    head, dot, _ = typed.partition(".")
    if dot and head in names.schema.names and pa.types.is_map(names.schema.field(head).type):
        rows = latest(names.table.name, columns=[head], limit=ROWS_LOOKED_AT)
        keys = Counter(key for row in rows if isinstance(row[head], Mapping) for key in row[head])
        known = [path_of((head, key)) for key, _ in keys.most_common()]
    first = _beginning(known, typed)
    return [*first, *(name for name in known if typed and typed.lower() in name.lower() and name not in first)]


def _operators(names: Names, field: str) -> tuple[str, ...]:
    kind = names.kind(field)
    if not isinstance(kind, pa.DataType):
        return (*_TEXT, *_NUMBER[2:6])
    if kind in (ADDRESS, MAC):
        return _ADDRESS
    if pa.types.is_boolean(kind):
        return ("=", "!=")
    return _TEXT if pa.types.is_string(kind) else _NUMBER


def _values(latest: Latest, names: Names, where: Position) -> list[str]:
    """Values of the latest rows, the most frequent first, as a filter writes them."""
    head = path_parts(where.field)[0]
    if head not in names.schema.names or head in DERIVED.get(names.table.name, {}):
        return []
    rows = latest(names.table.name, columns=[head], limit=ROWS_LOOKED_AT)
    counts = Counter(str(leaf) for row in rows for leaf in leaves(row, where.field) if _is_value(leaf))
    typed = where.typed.lstrip("\"'")
    return [_written(text) for text in _beginning((text for text, _ in counts.most_common()), typed)]


def _is_value(leaf: Any) -> bool:
    return isinstance(leaf, str | int | float) and leaf != ""


def _written(text: str) -> str:
    word = Word(text)
    return str(Word(text, quoted=word.missing or word.glob is not None or word.network is not None))


def _beginning(known: Iterable[str], typed: str) -> list[str]:
    return [name for name in known if name.lower().startswith(typed.lower())]
