"""The narrowest column type for a field of a stream's record."""

from __future__ import annotations

import types
import typing
from collections.abc import Iterator, Mapping
from dataclasses import fields
from datetime import datetime
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import pyarrow as pa

from netloom.errors import StoreError
from netloom.model.noun import Record
from netloom.model.text import Form
from netloom.model.width import Moment, Unsigned
from netloom.store.packed import ADDRESS, MAC
from netloom.store.schema import MOMENT

NANOSECONDS = pa.timestamp("ns")
"""UTC; without a zone, which would cost some engines the nanoseconds."""
JSON = pa.map_(pa.string(), pa.string())
"""Any mapping: its values as JSON, so that numbers and text stay apart."""

_FORMS = {"address": ADDRESS, "MAC address": MAC}
_WIDTHS = {8: pa.uint8(), 16: pa.uint16(), 32: pa.uint32(), 64: pa.uint64()}
_VALUES = (str, int, float, bool, types.NoneType)
_PLAIN = {str: pa.string(), int: pa.int64(), float: pa.float64(), bool: pa.bool_(), datetime: MOMENT}


def column_type(hint: Any) -> Any:
    """The Arrow type for a field's annotation; raises StoreError."""
    origin = get_origin(hint)
    if origin is Annotated:
        base, *notes = get_args(hint)
        return next((kind for note in notes if (kind := _noted(note))), None) or column_type(base)
    if origin in (Union, types.UnionType):
        return _union([option for option in get_args(hint) if option is not types.NoneType])
    if origin is tuple:
        return pa.list_(column_type(get_args(hint)[0]))
    return _plain(origin or hint)


def plain_mappings(path: str, hint: Any) -> Iterator[str]:
    """The paths, from a field's, of the mappings whose values are neither lists nor mappings nor records."""
    origin, inner = get_origin(hint), get_args(hint)
    if origin in (Annotated, Union, types.UnionType):
        for option in inner[:1] if origin is Annotated else inner:
            yield from plain_mappings(path, option)
    elif isinstance(origin, type) and issubclass(origin, Mapping):
        options = get_args(inner[1]) if get_origin(inner[1]) in (Union, types.UnionType) else (inner[1],)
        if all(option in _VALUES for option in options):
            yield path
    elif isinstance(hint, type) and issubclass(hint, Record):
        for name, each in typing.get_type_hints(hint, include_extras=True).items():
            yield from plain_mappings(f"{path}.{name}", each)


def _union(options: list[Any]) -> Any:
    kinds = list(dict.fromkeys(map(column_type, options)))
    if len(kinds) == 1:
        return kinds[0]
    return pa.float64() if set(kinds) == {pa.int64(), pa.float64()} else pa.string()


def _plain(kind: Any) -> Any:
    if kind is Literal:
        return pa.string()
    if kind in _PLAIN:
        return _PLAIN[kind]
    if isinstance(kind, type) and issubclass(kind, Mapping):
        return JSON
    if isinstance(kind, type) and issubclass(kind, Record):
        hints = typing.get_type_hints(kind, include_extras=True)
        return pa.struct([pa.field(field.name, column_type(hints[field.name])) for field in fields(kind)])  # type: ignore[arg-type]  # every Record is a dataclass
    raise StoreError(f"no column type for {kind!r}")


def _noted(note: Any) -> Any:
    match note:
        case Unsigned():
            return _WIDTHS[note.bits]
        case Moment():
            return NANOSECONDS
        case Form():
            return _FORMS.get(note.name)
    return None


def is_varied(hint: Any) -> bool:
    """Whether hardly two records have the same value."""
    if get_origin(hint) is Annotated:
        return any(isinstance(note, Unsigned) and note.varied for note in get_args(hint)[1:])
    return any(is_varied(option) for option in get_args(hint))
