"""Collectors' settings as people write them, held to the dataclasses that describe them."""

from __future__ import annotations

import importlib
import pkgutil
import types
import typing
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from functools import cache
from importlib.metadata import entry_points
from typing import Any, Union, get_args, get_origin

import netloom.collectors
from netloom.codecs.marked_yaml import Document, Path
from netloom.errors import UsageError

ENTRY_POINTS = "netloom.collectors"
_EMPTY = Document(None, "netloom.yml")
_WORDS = {str: "text", int: "a whole number", float: "a number", bool: "true or false"}


@cache
def collectors() -> dict[str, str]:
    """Every collector that `netloom watch` can run: its name and its package."""
    own = {
        info.name: f"netloom.collectors.{info.name}"
        for info in pkgutil.iter_modules(netloom.collectors.__path__)
        if info.ispkg and {"run", "settings"} <= _modules(f"netloom.collectors.{info.name}")
    }
    return {**{entry.name: entry.value for entry in entry_points(group=ENTRY_POINTS)}, **own}


def settings_of(name: str, data: Any = None, document: Document | None = None, path: Path = ()) -> Any:
    """A collector's settings from what is written at `path`; raises SourceError, and UsageError for an unknown name."""
    if name not in collectors():
        raise UsageError(f"no collector {name!r}", hint=f"expected one of {', '.join(sorted(collectors()))}")
    kind = importlib.import_module(f"{collectors()[name]}.settings").SETTINGS
    return read(kind, {} if data is None else data, document or _EMPTY, path)


def read(kind: Any, value: Any, document: Document, path: Path) -> Any:
    """A value of a dataclass, or of what such a field may be; raises SourceError at its place."""
    origin = get_origin(kind)
    if is_dataclass(kind):
        return _read_record(kind, value, document, path)
    if origin in (Union, types.UnionType):
        return _read_option(get_args(kind), value, document, path)
    if origin is tuple:
        return _read_list(get_args(kind)[0], value, document, path)
    if isinstance(origin, type) and issubclass(origin, Mapping):
        if not isinstance(value, dict):
            raise _wrong(document, path, "a mapping", value)
        return {str(key): read(get_args(kind)[1], item, document, (*path, key)) for key, item in value.items()}
    return _read_plain(kind, value, document, path)


def _read_option(kinds: tuple[Any, ...], value: Any, document: Document, path: Path) -> Any:
    options = [option for option in kinds if option is not types.NoneType]
    if value is None and len(options) < len(kinds):
        return None
    fitting = next((option for option in options if isinstance(option, type) and isinstance(value, option)), options[0])
    return read(fitting, value, document, path)


def _read_record(kind: Any, value: Any, document: Document, path: Path) -> Any:
    if not isinstance(value, dict):
        raise _wrong(document, path, "a mapping of settings", value)
    known = {field.name: field for field in fields(kind)}
    hints = typing.get_type_hints(kind)
    given = {}
    for key, item in value.items():
        if key not in known:
            raise document.unknown_key((*path, key), list(known))
        given[key] = read(hints[key], item, document, (*path, key))
    for name, field in known.items():
        if name not in given and field.default is MISSING and field.default_factory is MISSING:
            raise document.error(path, f"{_dotted((*path, name))}: expected a value, got none")
    try:
        return kind(**given)
    except ValueError as exc:
        where = str(exc).partition(":")[0]
        at = (*path, where) if where in given else path
        raise document.error(at, f"{_dotted(path)}: {exc}") from exc


def _read_list(kind: Any, value: Any, document: Document, path: Path) -> tuple[Any, ...]:
    items = [value] if not isinstance(value, list) and not is_dataclass(kind) else value
    if not isinstance(items, list):
        raise _wrong(document, path, "a list", value)
    return tuple(read(kind, item, document, (*path, at)) for at, item in enumerate(items))


def _read_plain(kind: Any, value: Any, document: Document, path: Path) -> Any:
    if get_origin(kind) is typing.Literal:
        if value not in get_args(kind):
            raise _wrong(document, path, f"one of {', '.join(map(str, get_args(kind)))}", value)
        return value
    if kind is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
        raise _wrong(document, path, _WORDS.get(kind, kind.__name__), value)
    return value


def _wrong(document: Document, path: Path, expected: str, value: Any) -> Exception:
    return document.error(path, f"{_dotted(path)}: expected {expected}, got {value!r}")


def _dotted(path: Path) -> str:
    return ".".join(str(part) for part in path)


def _modules(package: str) -> set[str]:
    return {info.name for info in pkgutil.iter_modules(importlib.import_module(package).__path__)}
