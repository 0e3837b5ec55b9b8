"""What people wish for on one device, with the place each word of it stands at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from netloom.errors import SourceError
from netloom.model.noun import Record


class Place(NamedTuple):
    """Where something was written."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"

    def error(self, message: str, *, hint: str | None = None) -> SourceError:
        """An error that points here."""
        return SourceError(message, file=self.file, line=self.line, column=self.column, hint=hint)


class Said(NamedTuple):
    """One field's value, in its canonical spelling."""

    value: Any
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """One object, or a part of one, with the fields that people state and no others."""

    record: type[Record]
    key: tuple[str, ...]
    fields: Mapping[str, Said | tuple[Stated, ...]]
    """A field made of parts (`entries`, `address_families`) holds what is stated of them."""
    places: tuple[Place, ...]
    """Every place that speaks of it."""
    noun: str = ""
    """Empty for a part."""
    absent: bool = False
    """It is to go."""

    @property
    def place(self) -> Place:
        """The first place that speaks of it."""
        return self.places[0]

    @property
    def said(self) -> str:
        """Every place that speaks of it, for people."""
        return ", ".join(map(str, self.places))

    def place_of(self, name: str) -> Place:
        """Where a field is stated, or the object where it is not."""
        found = self.fields.get(name)
        if isinstance(found, Said):
            return found.place
        return found[0].place if found else self.place


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """A template's lines for one device."""

    text: str = field(repr=False)
    """May hold secrets: not for show."""
    place: Place
    """Of the entry in the intent file."""
    name: str
    """The template's file name, or `text`."""
    section: tuple[str, ...] = ()
    """The headers that the lines stand under."""
    owns: str | None = None
    """The section (or, with a `*` at its end, the lines that start so) that the lines replace."""


@dataclass(frozen=True, slots=True)
class Wish:
    """Everything wished for on one device."""

    objects: tuple[Stated, ...] = ()
    own: frozenset[str] = frozenset()
    """The nouns whose wished objects are the whole truth."""
    templates: tuple[Rendered, ...] = ()
    on_change: tuple[str, ...] = ()

    def of(self, noun: str) -> Iterator[Stated]:
        """What is stated of one noun."""
        return (stated for stated in self.objects if stated.noun == noun)
