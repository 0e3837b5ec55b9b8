"""From evaluated values to stated objects: every field checked against its record, every fault at its place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from netloom.codecs.marked_yaml import Path as YamlPath
from netloom.errors import SourceError
from netloom.intent.fields import REQUIRED, BadValueError, Field, schema
from netloom.intent.sources import Block, dotted
from netloom.intent.wish import Place, Said, Stated
from netloom.model.noun import Noun, Record

RESERVED = ("for_each", "when", "absent")
"""What an object may hold beside its fields."""


@dataclass(slots=True)
class Reader:
    """Reads one entry's value; keeps the faults that it finds."""

    block: Block
    root: YamlPath
    """Of the entry in its block."""
    moved: Mapping[YamlPath, Sequence[int]] = field(default_factory=dict)
    """Path of a list in the value → the place in the file of each of its elements, where loops have moved them."""
    faults: list[SourceError] = field(default_factory=list)

    def object(self, noun: Noun, value: Any) -> Stated | None:
        """One object of a noun, None where it is too wrong to be told from others."""
        assert noun.record is not None  # noqa: S101 - nouns that cannot be configured are refused earlier
        return self._stated(noun.record, value, (), noun.name)

    def path(self, below: YamlPath) -> YamlPath:
        """The place in the file of a path in the value."""
        made: YamlPath = self.root
        for at, step in enumerate(below):
            origins = self.moved.get(below[:at])
            made = (*made, origins[step] if origins is not None and isinstance(step, int) else step)
        return made

    def place(self, below: YamlPath) -> Place:
        """Where a value stands."""
        return self.block.place(self.path(below))

    def fault(self, below: YamlPath, message: str, *, hint: str | None = None, at_key: bool = False) -> None:
        """Keep an error, which names the value by its dotted path."""
        path = self.path(below)
        self.faults.append(self.block.error(path, f"{dotted(path)}: {message}", hint=hint, at_key=at_key))

    def _stated(self, record: type[Record], value: Any, below: YamlPath, noun: str = "") -> Stated | None:
        known = schema(record)
        if not isinstance(value, dict):
            self.fault(below, f"expected a mapping with {', '.join(known)}, got {shown(value)}")
            return None
        absent = value.get("absent", False)
        if not isinstance(absent, bool):
            self.fault((*below, "absent"), f"expected true or false, got {shown(absent)}")
            return None
        fields: dict[str, Said | tuple[Stated, ...]] = {}
        before = len(self.faults)
        for name, raw in value.items():
            if name in known:
                self._field(known[name], raw, (*below, name), fields)
            elif name not in RESERVED:
                path = self.path((*below, name))
                self.faults.append(self.block.unknown_key(path, [*known, *RESERVED]))
        key = self._key(record, fields, below) if len(self.faults) == before else None
        if key is None:
            return None
        extra = [name for name in fields if name not in record.IDENTITY]
        if absent and extra:
            self.fault((*below, extra[0]), "expected nothing but the object's name beside absent: true", at_key=True)
        return Stated(record=record, key=key, fields=fields, places=(self.place(below),), noun=noun, absent=absent)

    def _key(self, record: type[Record], fields: Mapping[str, Any], below: YamlPath) -> tuple[str, ...] | None:
        values = []
        for name in record.IDENTITY:
            default = schema(record)[name].default
            value = fields[name].value if name in fields else default
            if value is REQUIRED:
                self.fault(below, f"expected {name}: {schema(record)[name].expected}; it names the object")
                return None
            values.append("" if value is None else str(value))
        return tuple(values)

    def _field(self, known: Field, raw: Any, below: YamlPath, fields: dict[str, Said | tuple[Stated, ...]]) -> None:
        if raw is None:
            if known.default is REQUIRED:
                self.fault(below, f"expected {known.expected}, got nothing; it cannot be unset")
                return
            fields[known.name] = Said(known.default, self.place(below))
        elif known.part is not None:
            parts = self._parts(known, raw, below)
            if parts is not None:
                fields[known.name] = parts or Said((), self.place(below))
        elif known.element is not None:
            self._list(known, raw, below, fields)
        else:
            value = self._value(known, raw, below)
            if value is not REQUIRED:
                fields[known.name] = Said(value, self.place(below))

    def _parts(self, known: Field, raw: Any, below: YamlPath) -> tuple[Stated, ...] | None:
        part = known.part
        assert part is not None  # noqa: S101 - asked by the caller
        if not isinstance(raw, list):
            self.fault(below, f"expected {known.expected}, got {shown(raw)}")
            return None
        found = []
        for at, element in enumerate(raw):
            # `networks: [10.0.0.0/8]` is short for `networks: [{prefix: 10.0.0.0/8}]`
            short = not isinstance(element, dict) and len(part.IDENTITY) == 1
            value = {part.IDENTITY[0]: element} if short else element
            stated = self._stated(part, value, (*below, at))
            if stated is not None:
                found.append(stated)
        return self._distinct(found, below)

    def _distinct(self, found: list[Stated], below: YamlPath) -> tuple[Stated, ...]:
        seen: dict[tuple[str, ...], Stated] = {}
        for stated in found:
            if stated.key in seen:
                path = self.path(below)
                message = f"{dotted(path)}: {' '.join(stated.key)} stands twice, first at {seen[stated.key].place}"
                self.faults.append(stated.place.error(message))
            seen[stated.key] = stated
        return tuple(seen.values())

    def _list(self, known: Field, raw: Any, below: YamlPath, fields: dict[str, Said | tuple[Stated, ...]]) -> None:
        assert known.element is not None  # noqa: S101 - asked by the caller
        if not isinstance(raw, (list, tuple)):
            self.fault(below, f"expected {known.expected}, got {shown(raw)}", hint="write it in brackets: […]")
            return
        values = [self._value(known.element, element, (*below, at)) for at, element in enumerate(raw)]
        if REQUIRED not in values:
            fields[known.name] = Said(tuple(values), self.place(below))

    def _value(self, known: Field, raw: Any, below: YamlPath) -> Any:
        """The canonical value, `REQUIRED` after a fault."""
        value = raw
        if str in known.scalars and int not in known.scalars and not isinstance(raw, (str, bool)):
            value = self._text(raw, below)
        try:
            return known.canonical(value)
        except BadValueError as exc:
            reason = f": {exc}" if str(exc) else ""
            hint = "write it in quotes" if isinstance(raw, bool) and str in known.scalars else None
            self.fault(below, f"expected {known.expected}, got {shown(raw)}{reason}", hint=hint)
            return REQUIRED

    def _text(self, raw: Any, below: YamlPath) -> Any:
        """A number or date as text, spelled as in the file where it stands there."""
        written: Any = self.block.data
        try:
            for step in self.path(below):
                written = written[step]
        except (KeyError, IndexError, TypeError):
            written = {}
        if isinstance(written, (int, float, date)):
            return self.block.spelling(self.path(below)) or str(raw)
        return str(raw) if isinstance(raw, int) else raw


def shown(value: Any) -> str:
    """A value in an error's words, cut where it is long."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true" if value else "false"
    text = repr(value)
    return text if len(text) <= 60 else text[:59] + "…"
