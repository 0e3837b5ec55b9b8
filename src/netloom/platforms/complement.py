"""Two views of the same objects put together: what the first does not tell, the second may."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields, replace
from typing import Any, TypeVar

from netloom.model.noun import Record

R = TypeVar("R", bound=Record)


def complemented(first: Iterable[R], second: Iterable[R]) -> list[R]:
    """The records of both by their keys, in the first's order; its None and empty fields filled from the second."""
    others = {record.key: record for record in second}
    found = [filled(record, others.pop(record.key, None)) for record in first]
    return [*found, *others.values()]


def filled(record: R, other: R | None) -> R:
    """The record with its None and empty fields taken from another of the same kind."""
    if other is None:
        return record
    every: Any = record
    missing = {
        field.name: value
        for field in fields(every)
        if getattr(record, field.name) in (None, ()) and (value := getattr(other, field.name)) not in (None, ())
    }
    changed: R = replace(every, **missing)
    return changed
