"""What every noun has in common: its name, its records, and how they are found."""

from __future__ import annotations

import importlib
import pkgutil
from dataclasses import dataclass
from functools import cache
from typing import ClassVar

import netloom.model


@dataclass(frozen=True, slots=True)
class Ref:
    """One object names another: a noun and a key."""

    noun: str
    key: tuple[str, ...]


class Record:
    """One object of a noun, or a part of one: as wished for, as configured, or as seen."""

    __slots__ = ()

    IDENTITY: ClassVar[tuple[str, ...]] = ()
    """The fields that tell it from the others of its kind on one device, or in one object."""

    @property
    def key(self) -> tuple[str, ...]:
        """The identity's values as text, empty where None."""
        return tuple("" if (value := getattr(self, name)) is None else str(value) for name in self.IDENTITY)

    @property
    def refs(self) -> tuple[Ref, ...]:
        """The objects that must exist before this one."""
        return ()


@dataclass(frozen=True, slots=True)
class Noun(Record):
    """A kind of object: each file of this package that describes one ends with `NOUN = Noun(...)`."""

    name: str
    """Singular, as in `netloom show NAME` and `platforms/*/NAME.py`."""
    plural: str
    """The key in intent files."""
    record: type[Record] | None = None
    """What people configure; None where a noun can only be observed."""
    state: type[Record] | None = None
    """What a device says of it; None where a noun is only configured."""


@cache
def nouns() -> dict[str, Noun]:
    """Every noun by its name, in alphabetical order."""
    found = {}
    for info in sorted(pkgutil.iter_modules(netloom.model.__path__), key=lambda info: info.name):
        noun = getattr(importlib.import_module(f"netloom.model.{info.name}"), "NOUN", None)
        if isinstance(noun, Noun):
            found[noun.name] = noun
    return found
