"""What devices say in several forms: each output is read by the first reader that knows it, and records meet by key."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from netloom.model.noun import Record
from netloom.platforms.complement import complemented

State = TypeVar("State", bound=Record)


@dataclass(frozen=True, slots=True)
class Reader(Generic[State]):
    """Reads one form of a noun's output."""

    knows: re.Pattern[str] | Callable[[str], bool]
    """Whether an output has this form; a pattern is searched in the whole text."""
    read: Callable[[str], Iterable[State]]
    """Raises ValueError for what does not read."""

    def recognises(self, output: str) -> bool:
        """Whether an output has this form."""
        return bool(self.knows.search(output) if isinstance(self.knows, re.Pattern) else self.knows(output))


def merged(outputs: Sequence[str], readers: Sequence[Reader[State]]) -> list[State]:
    """The records of all outputs, each filling the others' empty fields; raises ValueError for an unknown form."""
    found: list[State] = []
    for output in outputs:
        if not output.strip():
            continue
        reader = next((reader for reader in readers if reader.recognises(output)), None)
        if reader is None:
            start = " ".join(output.split())[:80]
            raise ValueError(f"expected an output of this noun, got {start!r}")
        found = complemented(found, reader.read(output)) if found else list(reader.read(output))
    return found
