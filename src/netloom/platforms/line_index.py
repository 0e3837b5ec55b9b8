"""The lines of one section by how they begin: for sections of which many lines change."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Callable, Iterable

from netloom.platforms.rules import Groups, Section


class LineIndex:
    """One section's lines, kept up while they come and go."""

    def __init__(self, lines: Iterable[str], kind: Section, unsigned: Callable[[str], str]) -> None:
        self._kind = kind
        self._unsigned = unsigned
        self._sorted = sorted((unsigned(text), text) for text in lines)
        self._twins: dict[Groups, set[str]] | None = None

    def starting(self, stem: str) -> list[str]:
        """The lines that begin so, signs apart."""
        at = bisect_left(self._sorted, (stem,))
        found = []
        while at < len(self._sorted) and self._sorted[at][0].startswith(stem):
            found.append(self._sorted[at][1])
            at += 1
        return found

    def twins(self, groups: Groups) -> Iterable[str]:
        """The lines of which there can be one only."""
        if self._twins is None:
            self._twins = {}
            for _, text in self._sorted:
                self._add_twin(text)
        return self._twins.get(groups, ())

    def add(self, text: str) -> None:
        """A line came."""
        insort(self._sorted, (self._unsigned(text), text))
        self._add_twin(text)

    def remove(self, text: str) -> None:
        """A line went."""
        entry = (self._unsigned(text), text)
        at = bisect_left(self._sorted, entry)
        if self._sorted[at : at + 1] == [entry]:
            del self._sorted[at]
        if self._twins is not None and (groups := self._kind.twin(text)) is not None:
            self._twins.get(groups, set()).discard(text)

    def _add_twin(self, text: str) -> None:
        if self._twins is not None and (groups := self._kind.twin(text)) is not None:
            self._twins.setdefault(groups, set()).add(text)
