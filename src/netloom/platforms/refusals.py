"""Refusing what a system has no words for: nothing that people state is dropped in silence."""

from __future__ import annotations

from collections.abc import Iterable

from netloom.errors import Unsupported
from netloom.model.noun import Record


def refuse(record: Record, names: Iterable[str], title: str, why: str, *, hint: str | None = None) -> None:
    """Raise Unsupported where one of these fields says something; an empty one and a flag that is off say nothing."""
    for name in names:
        value = getattr(record, name)
        if value is not None and value is not False and value != ():
            raise Unsupported(f"{title}: {why} {name}", device="", hint=hint)
