"""Terms of filters and policies: how their names become numbers, and what is left of them in the device's words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TypeVar

from netloom.model.acl import AclEntry
from netloom.model.config import Tree
from netloom.model.route_map import RouteMapEntry
from netloom.platforms.juniper_junos.spelling import Words, join, split
from netloom.platforms.juniper_junos.tree import leaves

Term = TypeVar("Term", AclEntry, RouteMapEntry)

STEP = 10
FINAL = ("accept", "reject", "discard", "next", "routing-instance", "next-interface", "next-ip", "next-ip6")
"""Actions that end a term: without any a filter accepts, and a policy goes on to its next term."""


def numbered(names: Sequence[str]) -> list[tuple[int, str | None]]:
    """Number and name of each term: numbers that are names already stay, others count by tens."""
    if all(name.isdecimal() and str(int(name)) == name for name in names):
        numbers = [int(name) for name in names]
        if numbers == sorted(set(numbers)):
            return [(number, None) for number in numbers]
    return [(STEP * place, name) for place, name in enumerate(names, 1)]


def told_apart(title: str, terms: Iterable[Term]) -> tuple[Term, ...]:
    """Terms without the second of two that say the same under one name, as when what is wished for is there already.

    Raises ValueError for two that differ, and for names that only some terms have: their numbers would then be
    others once they are configured.
    """
    found: dict[str, Term] = {}
    for term in terms:
        shown = term.name or str(term.sequence)
        if shown in found and replace(found[shown], sequence=0) != replace(term, sequence=0):
            raise ValueError(f"{title}: expected one term {shown}, got two that differ")
        found.setdefault(shown, term)
    if len({term.name is None for term in found.values()}) > 1 and not all(map(str.isdecimal, found)):
        raise ValueError(f"{title}: expected a name for every term or for none, got names for some")
    return tuple(found.values())


class Said:
    """What a term says, as paths below it; what is taken is said by a field."""

    def __init__(self, term: Tree) -> None:
        self._left = dict.fromkeys(leaves(term))

    def take(self, *path: str) -> bool:
        """Whether a statement is there; it then counts as said."""
        there = path in self._left
        self._left.pop(path, None)
        return there

    def values(self, *path: str) -> tuple[str, ...]:
        """The values of a list, if nothing is said below them."""
        found = [words for words in self._left if words[: len(path)] == path and len(words) > len(path)]
        plain = all(len(words) == len(path) + 1 for words in found)
        return tuple(words[-1] for words in found) if plain else ()

    def only(self, *path: str) -> str | None:
        """The only value of a list, taken; None where there are several."""
        found = self.values(*path)
        return found[0] if len(found) == 1 and self.take(*path, found[0]) else None

    def all(self, *path: str) -> tuple[str, ...]:
        """The values of a list, taken."""
        found = self.values(*path)
        for text in found:
            self.take(*path, text)
        return found

    def ends(self) -> bool:
        """Whether what is left ends the term."""
        return ends(self._left)

    def rest(self) -> list[str]:
        """What is left, in the device's words."""
        return [join(path) for path in self._left]


def ends(paths: Iterable[Words]) -> bool:
    """Whether one of these statements ends a term."""
    return any(len(path) > 1 and path[0] == "then" and path[1] in FINAL for path in paths)


def said_words(texts: Iterable[str]) -> list[Words]:
    """The statements of what was left."""
    return [split(text) for text in texts if text.strip()]
