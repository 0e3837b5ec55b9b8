"""YAML whose every value remembers its line and column, for errors that point at what a person wrote.

Built from the parser's events rather than from its nodes: an inventory of thousands of hosts is read in a fraction of
a second, and the places cost nothing but the marks that the parser makes anyway.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

import yaml
from yaml.events import (
    AliasEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from netloom.errors import SourceError

Path = tuple[str | int, ...]
"""Keys and indices from the root to a value."""

NODE_LIMIT = 2_000_000

MERGE = "tag:yaml.org,2002:merge"
TEXT = "tag:yaml.org,2002:str"


@dataclass(frozen=True, slots=True)
class Tagged:
    """A scalar with an application's tag, such as Ansible's `!vault`."""

    tag: str
    value: str


@dataclass(slots=True)
class _Places:
    """Where a value stands, and below it the marks of the keys and the places of the values."""

    mark: Any
    keys: dict[Any, Any]
    below: dict[Any, Any]
    """Key or index → a `_Places` for a container, the bare mark for a scalar."""


@dataclass(frozen=True, slots=True)
class Document:
    """A YAML document as plain Python values, with the places they stand at."""

    data: Any
    name: str
    """The file's name, as errors show it."""
    places: Any = field(repr=False, default=None)
    """The root's place; use `place`, `key_place` or the maps below."""
    repeated: tuple[tuple[Any, int, int], ...] = ()
    """Keys given twice in one mapping, with line and column; empty unless `load` was told to let them pass."""

    @property
    def marks(self) -> dict[Path, tuple[int, int]]:
        """Path → line and column of the value, counted from one."""
        return {path: _position(_mark(place)) for path, place, _ in _walk(self.places)}

    def place(self, path: Path, *, at_key: bool = False) -> tuple[int, int]:
        """Line and column of the value (or its key) at `path`, or of the nearest value around it."""
        place = self.places
        key = None
        for part in path:
            if not isinstance(place, _Places) or part not in place.below:
                key = None
                break
            place, key = place.below[part], place.keys.get(part)
        if at_key and key is not None:
            return _position(key)
        return _position(_mark(place)) if place is not None else (1, 1)

    def error(self, path: Path, message: str, *, hint: str | None = None, at_key: bool = False) -> SourceError:
        """An error that points at the value (or its key) at `path`, or at the nearest value around it."""
        line, column = self.place(path, at_key=at_key)
        return SourceError(message, file=self.name, line=line, column=column, hint=hint)

    def unknown_key(self, path: Path, known: list[str]) -> SourceError:
        """The error for a key nobody knows, with the nearest known one."""
        key = str(path[-1])
        near = get_close_matches(key, known, n=1)
        hint = f'did you mean "{near[0]}"?' if near else f"expected one of {', '.join(sorted(known))}"
        dotted = ".".join(str(part) for part in path)
        return self.error(path, f"{dotted}: unknown key", hint=hint, at_key=True)


def load(text: str, name: str, *, duplicates: bool = False, tagged: Callable[[Tagged], Any] | None = None) -> Document:
    """Parse one document; raises SourceError.

    `duplicates` lets a later key win instead of refusing it; `tagged` makes the values of application tags, and may
    raise ValueError.
    """
    loader = yaml.CSafeLoader(text)
    try:
        builder = _Builder(loader, name, duplicates, tagged)
        data, places = builder.document()
    except yaml.MarkedYAMLError as exc:
        mark = exc.problem_mark or exc.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (None, None)
        raise SourceError(exc.problem or "not YAML", file=name, line=line, column=column) from exc
    except (yaml.YAMLError, ValueError) as exc:
        raise SourceError(f"not YAML: {exc}", file=name) from exc
    except RecursionError as exc:
        raise SourceError("nested too deeply", file=name) from exc
    finally:
        loader.dispose()
    return Document(data, name, places, tuple(builder.repeated))


def _mark(place: Any) -> Any:
    return place.mark if isinstance(place, _Places) else place


def _position(mark: Any) -> tuple[int, int]:
    return mark.line + 1, mark.column + 1


def _walk(place: Any, path: Path = (), key: Any = None) -> Iterator[tuple[Path, Any, Any]]:
    if place is None:
        return
    yield path, place, key
    if isinstance(place, _Places):
        for part, below in place.below.items():
            yield from _walk(below, (*path, part), place.keys.get(part))


class _Builder:
    def __init__(
        self, loader: yaml.CSafeLoader, name: str, duplicates: bool, tagged: Callable[[Tagged], Any] | None
    ) -> None:
        self.next: Callable[[], Any] = loader.get_event
        self.loader = loader
        self.name = name
        self.duplicates = duplicates
        self.tagged = tagged
        self.plain: dict[str, Any] = {}
        """The values of plain scalars met so far: most repeat."""
        self.anchors: dict[str, tuple[Any, Any, int] | None] = {}
        """Value, place and size; None while the value is being built."""
        self.count = 0
        self.repeated: list[tuple[Any, int, int]] = []

    def document(self) -> tuple[Any, Any]:
        self.next()  # the stream's start
        if isinstance(self.next(), yaml.StreamEndEvent):
            return None, None
        data, places = self.build(self.next())
        self.next()  # the document's end
        after = self.next()
        if not isinstance(after, yaml.StreamEndEvent):
            raise self.fault(after.start_mark, "expected a single document, got another one")
        return data, places

    def build(self, event: Any) -> tuple[Any, Any]:
        self.count += 1
        if self.count > NODE_LIMIT:
            raise self.fault(event.start_mark, f"more than {NODE_LIMIT} values, aliases counted each time")
        kind = type(event)
        if kind is AliasEvent:
            return self.alias(event)
        anchor = event.anchor
        if anchor is None:
            return self.scalar(event) if kind is ScalarEvent else self.container(event)
        before = self.count
        self.anchors[anchor] = None
        value, place = self.scalar(event) if kind is ScalarEvent else self.container(event)
        self.anchors[anchor] = (value, place, self.count - before + 1)
        return value, place

    def container(self, event: Any) -> tuple[Any, Any]:
        places = _Places(event.start_mark, {}, {})
        if type(event) is MappingStartEvent:
            return self.mapping(places), places
        found: list[Any] = []
        while type(event := self.next()) is not SequenceEndEvent:
            value, places.below[len(found)] = self.build(event)
            found.append(value)
        return found, places

    def alias(self, event: Any) -> tuple[Any, Any]:
        if event.anchor not in self.anchors:
            raise self.fault(event.start_mark, f"undefined alias {event.anchor!r}")
        anchored = self.anchors[event.anchor]
        if anchored is None:
            raise self.fault(event.start_mark, "an alias that contains itself")
        value, place, size = anchored
        self.count += size - 1
        return value, place

    def scalar(self, event: Any) -> tuple[Any, Any]:
        tag, text = event.tag, event.value
        if tag is None and not event.implicit[0]:
            return text, event.start_mark  # quoted
        if tag is None:
            if text not in self.plain:
                self.plain[text] = self.construct(self.tag(event), text, event)
            return self.plain[text], event.start_mark
        if tag == "!":
            return text, event.start_mark
        if not tag.startswith("!"):
            return self.construct(tag, text, event), event.start_mark
        value = Tagged(tag, text)
        if self.tagged is None:
            return value, event.start_mark
        try:
            return self.tagged(value), event.start_mark
        except ValueError as exc:
            raise self.fault(event.start_mark, str(exc)) from exc

    def tag(self, event: Any) -> str:
        tag: str = self.loader.resolve(yaml.ScalarNode, event.value, (True, False))  # type: ignore[no-untyped-call] # PyYAML has no types here
        return tag

    def construct(self, tag: str, text: str, event: Any) -> Any:
        if tag == TEXT:
            return text
        return self.loader.construct_object(yaml.ScalarNode(tag, text, event.start_mark, event.end_mark))

    def mapping(self, places: _Places) -> dict[Any, Any]:
        found: dict[Any, Any] = {}
        merges: list[tuple[Any, Any]] = []
        keys, below = places.keys, places.below
        while type(event := self.next()) is not MappingEndEvent:
            if type(event) is ScalarEvent and event.value == "<<" and self.merges(event):
                merges.append(self.build(self.next()))
                continue
            key = self.key(event)
            if key in found:
                if not self.duplicates:
                    raise self.fault(event.start_mark, f"duplicate key {key!r}")
                self.repeated.append((key, *_position(event.start_mark)))
            keys[key] = event.start_mark
            found[key], below[key] = self.build(self.next())
        for value, place in merges:
            self.merge(found, places, value, place)
        return found

    def merges(self, event: Any) -> bool:
        return event.tag == MERGE or (event.tag is None and event.implicit[0])

    def merge(self, found: dict[Any, Any], places: _Places, value: Any, place: Any) -> None:
        """Add the keys that a `<<` brings and the mapping itself does not have (yaml.org/type/merge)."""
        sources = zip(value, place.below.values(), strict=True) if isinstance(value, list) else [(value, place)]
        for source, where in sources:
            if not isinstance(source, dict):
                raise self.fault(_mark(where), "expected a mapping to merge")
            for key, item in source.items():
                if key not in found:
                    found[key] = item
                    places.keys[key], places.below[key] = where.keys[key], where.below[key]

    def key(self, event: Any) -> Any:
        self.count += 1
        if type(event) is AliasEvent:
            key = self.alias(event)[0]
        elif type(event) in (MappingStartEvent, SequenceStartEvent):
            raise self.fault(event.start_mark, "expected a plain key")
        else:
            key = self.scalar(event)[0]
            if event.anchor is not None:
                self.anchors[event.anchor] = (key, event.start_mark, 1)
        if isinstance(key, (dict, list)):
            raise self.fault(event.start_mark, "expected a plain key")
        return key

    def fault(self, mark: Any, message: str) -> SourceError:
        line, column = _position(mark)
        return SourceError(message, file=self.name, line=line, column=column)
