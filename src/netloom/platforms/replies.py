"""What devices say in several forms: each output is read by the first reader that knows it, and records meet by key."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar

from netloom.model.noun import Record
from netloom.platforms.complement import complemented

State = TypeVar("State", bound=Record)


@dataclass(frozen=True)  # with slots, Python 3.11 cannot make a Reader[X]
class Reader(Generic[State]):
    """Reads one form of a noun's output."""

    knows: re.Pattern[str] | Callable[[str], bool]
    """Whether an output has this form; a pattern is searched in the whole text."""
    read: Callable[[str], Iterable[State]]
    """Raises ValueError for what does not read."""

    def recognises(self, output: str) -> bool:
        """Whether an output has this form."""
        return bool(self.knows.search(output) if isinstance(self.knows, re.Pattern) else self.knows(output))


def merged(
    outputs: Sequence[str], readers: Sequence[Reader[State]], *, ranked: bool = False, unite: tuple[str, ...] = ()
) -> list[State]:
    """The records of all outputs, each filling the others' empty fields; raises ValueError for an unknown form.

    The first output counts most or, `ranked`, that of the first reader. Of the fields to `unite` (tuples) every
    output tells a part.
    """
    parsed: list[tuple[int, list[State]]] = []
    for output in outputs:
        if not output.strip():
            continue
        rank = next((rank for rank, reader in enumerate(readers) if reader.recognises(output)), None)
        if rank is None:
            start = " ".join(output.split())[:80]
            raise ValueError(f"expected an output of this noun, got {start!r}")
        parsed.append((rank, list(readers[rank].read(output))))
    if ranked:
        parsed.sort(key=lambda pair: pair[0])
    if not parsed:
        return []
    found = parsed[0][1]
    for _, records in parsed[1:]:
        found = complemented(_united(found, records, unite), records)
    return found


def _united(found: list[State], more: list[State], names: tuple[str, ...]) -> list[State]:
    """The records with what others add to these fields."""
    if not names:
        return found
    others = {record.key: record for record in more}
    return [_with_parts(record, others.get(record.key), names) for record in found]


def _with_parts(record: State, other: State | None, names: tuple[str, ...]) -> State:
    if other is None:
        return record
    every: Any = record
    parts = {name: tuple(dict.fromkeys((*getattr(record, name), *getattr(other, name)))) for name in names}
    changed: State = replace(every, **parts)
    return changed
