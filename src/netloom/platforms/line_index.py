"""The lines of one section by how they begin: for sections of which many lines change."""

from __future__ import annotations

import sys
from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Iterable

from netloom.platforms.rules import Groups, Rules, Section

OFTEN = 4
"""How often lines are looked through before an index of them pays."""

_LAST = chr(sys.maxunicode)
"""Behind whatever a line goes on with."""


class LineIndex:
    """One section's lines, kept up while they come and go."""

    def __init__(self, lines: Iterable[str], kind: Section, rules: Rules) -> None:
        self._kind = kind
        self._unsigned = rules.unsigned
        self._signs = signs = rules.signs
        self._plain = plain = sorted(lines)
        self._signed: list[tuple[str, str]] = []
        for sign in signs:
            first = bisect_left(plain, sign)
            last = bisect_left(plain, sign + _LAST, first)
            self._signed += [(rules.unsigned(text), text) for text in plain[first:last]]
            del plain[first:last]
        self._signed.sort()
        self._twins: dict[str, dict[Groups, set[str]]] = {}
        """By how the lines begin: most lists of a section stay as they are."""
        self._asked: Counter[str] = Counter()

    def starting(self, stem: str) -> list[str]:
        """The lines that begin so, signs apart."""
        plain = self._plain
        first = bisect_left(plain, stem)
        found = plain[first : bisect_left(plain, stem + _LAST, first)]
        if signed := self._signed:
            first = bisect_left(signed, (stem,))
            found += [text for _, text in signed[first : bisect_left(signed, (stem + _LAST,), first)]]
        return found

    def twins(self, text: str, groups: Groups) -> Iterable[str]:
        """The lines of which there can be one only, this one among them."""
        start = _start(text, groups)
        if start not in self._twins:
            similar, self._asked[start] = self.starting(start), self._asked[start] + 1
            if self._asked[start] < OFTEN:
                twin, end = self._kind.twin, groups[-1] or ""
                return [other for other in similar if other.endswith(end) and twin(other) == groups]
            self._twins[start] = {}
            for other in similar:
                self._add_twin(other)
        return self._twins[start].get(groups, ())

    def add(self, text: str) -> None:
        """A line came."""
        if text.startswith(self._signs):
            insort(self._signed, (self._unsigned(text), text))
        else:
            insort(self._plain, text)
        self._add_twin(text)

    def remove(self, text: str) -> None:
        """A line went."""
        if text.startswith(self._signs):
            self._signed.remove((self._unsigned(text), text))
        else:
            at = bisect_left(self._plain, text)
            if self._plain[at : at + 1] == [text]:
                del self._plain[at]
        if self._twins and (groups := self._kind.twin(text)) is not None:
            self._twins.get(_start(text, groups), {}).get(groups, set()).discard(text)

    def _add_twin(self, text: str) -> None:
        if self._twins and (groups := self._kind.twin(text)) is not None:
            start = _start(text, groups)
            if start in self._twins:
                self._twins[start].setdefault(groups, set()).add(text)


def _start(text: str, groups: Groups) -> str:
    """How the twins of a line all begin, where that can be told."""
    return groups[0] if groups[0] is not None and text.startswith(groups[0]) else ""
