"""Kinds of record that flow in: they happened at a moment, and are never the state of a device."""

from __future__ import annotations

import importlib
import pkgutil
from dataclasses import dataclass
from functools import cache

import netloom.model
from netloom.model.noun import Record


@dataclass(frozen=True, slots=True)
class Stream(Record):
    """A kind of record that flows in: each file of this package that describes one ends with `STREAM = Stream(...)`."""

    name: str
    """Singular, as in `"record": NAME` of what `netloom pcap` prints."""
    plural: str
    """The table in the store."""
    record: type[Record]
    moment: str
    """The field with its time, in nanoseconds since 1970."""


@cache
def streams() -> dict[str, Stream]:
    """Every stream by its name, in alphabetical order."""
    found = {}
    for info in sorted(pkgutil.iter_modules(netloom.model.__path__), key=lambda info: info.name):
        stream = getattr(importlib.import_module(f"netloom.model.{info.name}"), "STREAM", None)
        if isinstance(stream, Stream):
            found[stream.name] = stream
    return dict(sorted(found.items()))
