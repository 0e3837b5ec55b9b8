"""Stated fields on top of configured records: the one place that says what a wish changes and what it leaves."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields, replace
from typing import Any

from netloom.intent.agree import missing
from netloom.intent.fields import schema
from netloom.intent.wish import Said, Stated
from netloom.model.noun import Record

Objects = dict[str, dict[tuple[str, ...], Record]]
"""Noun → key → record: all that is configured, or is to be."""


def merged(have: Record | None, stated: Stated, unsure: str | None = None) -> Record:
    """The configured record with what is stated on top; a new one where there is none. Raises SourceError.

    Fields made of parts merge part by part: a part stated as absent goes, parts not stated stay. `unsure` says why a
    part's key may mean another one on the device: what is stated of it is then the whole of it.
    """
    if have is None:
        for fault in missing(stated):
            raise fault
    values: dict[str, Any] = {}
    for name, said in stated.fields.items():
        if isinstance(said, Said):
            values[name] = said.value
        else:
            values[name] = _parts(getattr(have, name) if have is not None else (), said, unsure)
    made = stated.record(**values) if have is None else replace(have, **values)  # type: ignore[type-var] # a dataclass
    return canonical(made)


def _parts(have: Iterable[Record], stated: Iterable[Stated], unsure: str | None) -> tuple[Record, ...]:
    found = {part.key: part for part in have}
    for part in stated:
        if part.absent and unsure is not None and found:
            named = ", ".join(f"{name} {value}" for name, value in zip(part.record.IDENTITY, part.key, strict=True))
            raise part.place.error(f"{named} is not sure: {unsure}", hint="own the noun, and state all that stays")
        if part.absent:
            found.pop(part.key, None)
        else:
            found[part.key] = merged(found.get(part.key) if unsure is None else None, part)
    return tuple(found.values())


def canonical(record: Record) -> Record:
    """The record with its parts in the order of their keys: their order in the text means nothing."""
    changes: dict[str, Any] = {}
    for name, known in schema(type(record)).items():
        if known.part is not None:
            parts = getattr(record, name)
            ordered = tuple(sorted((canonical(part) for part in parts), key=order))
            if ordered != parts:
                changes[name] = ordered
    return replace(record, **changes) if changes else record  # type: ignore[type-var] # a dataclass


def order(record: Record) -> tuple[tuple[int, int, str], ...]:
    """A sort key: identity fields, numbers by value."""
    return natural(record.key)


def natural(key: Iterable[str]) -> tuple[tuple[int, int, str], ...]:
    """A sort key for the key of an object: numbers by value, before words."""
    return tuple((0, int(part), "") if part.isdecimal() else (1, 0, part) for part in key)


def differing(before: Record | None, after: Record | None) -> list[str]:
    """The names of the fields in which two records differ; all that say something where one of them is missing."""
    if before is None or after is None:
        one = after if before is None else before
        known = schema(type(one)) if one is not None else {}
        return [name for name, field in known.items() if getattr(one, name) != field.default]
    return [field.name for field in fields(before) if getattr(before, field.name) != getattr(after, field.name)]  # type: ignore[arg-type] # a dataclass


def wanted(
    have: Objects, wishes: Mapping[str, Iterable[Stated]], own: Iterable[str], unsure: Mapping[str, str]
) -> Objects:
    """All that is to be: what is configured, minus what is owned and not wished for, with the wishes on top.

    `unsure` tells of which nouns the parts' keys are not sure, and why.
    """
    made: Objects = {noun: dict(records) for noun, records in have.items()}
    for noun in own:
        # a record without identity is the device itself: it cannot go
        made[noun] = {key: record for key, record in have.get(noun, {}).items() if not key}
    for noun, objects in wishes.items():
        into = made.setdefault(noun, {})
        for stated in objects:
            if stated.absent:
                into.pop(stated.key, None)
            else:
                into[stated.key] = merged(None if noun in own else into.get(stated.key), stated, unsure.get(noun))
    return made
