"""The least commands that lead from one Junos configuration to another."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence

from netloom.model.config import Config, Line, Tree
from netloom.platforms.juniper_junos.draft import Draft
from netloom.platforms.juniper_junos.schema import (
    CONTAINERS_OF_NAMES,
    DEEP,
    ENTRIES,
    ORDERED,
    ORDERED_ENTRIES,
    is_entry,
    is_single,
    may_replace,
    replaced,
)
from netloom.platforms.juniper_junos.spelling import Words, join
from netloom.platforms.juniper_junos.tree import (
    COMMENT,
    INACTIVE,
    PROTECTED,
    below,
    is_leaf,
    is_mark,
    leaves,
    marks_beside,
)
from netloom.platforms.juniper_junos.unread import unlike


def delta(have: Config, want: Config) -> list[Line]:
    """Deletions, then what is set, then the order of entries, then what is inactive or protected, then comments.

    A commit makes all of it true at once, so that none of these steps is ever the running configuration.
    """
    have, want = unlike(have, want)
    way = _Way(have, want)
    way.unmark()
    for path in list(_gone(have.tree, want.tree, ())):
        way.send("delete", path)
    for path in list(_missing(way.draft.tree, want.tree, ())):
        way.send("set", path)
    disordered: list[tuple[Words, list[str]]] = []
    _find_disordered(way.draft.tree, want.tree, (), disordered)
    for path, names in disordered:
        way.arrange(path, names)
    way.mark()
    return way.sent


class _Way:
    """The commands so far, and what they lead to."""

    def __init__(self, have: Config, want: Config) -> None:
        self.draft = Draft(have)
        self.sent: list[Line] = []
        self._have, self._want = have.tree, want.tree

    def send(self, verb: str, words: Words, tail: str = "") -> None:
        """One more command."""
        line = Line(f"{verb} {join(words)}{tail}")
        self.draft.apply(line)
        self.sent.append(line)

    def unmark(self) -> None:
        """What is inactive or protected no more; a protected statement cannot even be deleted."""
        for path, mark in marks_beside(self._have, self._want):
            node = below(self._want, path)
            if mark == PROTECTED and (node is None or mark not in node):
                self.send("unprotect", path)
            elif mark == INACTIVE and node is not None and mark not in node:
                self.send("activate", path)

    def mark(self) -> None:
        """What becomes inactive or protected, and the comments."""
        came, went = (
            list(marks_beside(*pair)) for pair in ((self._want, self.draft.tree), (self.draft.tree, self._want))
        )
        for verb, wanted in (("deactivate", INACTIVE), ("protect", PROTECTED)):
            for path, mark in came:
                node = below(self.draft.tree, path)
                if mark == wanted and node is not None and mark not in node:
                    self.send(verb, path)
        for path, text in _comments(came, went):
            if below(self.draft.tree, path) is not None:
                self.send("annotate", path, f' "{text}"')

    def arrange(self, path: Words, names: list[str]) -> None:
        """Entries are moved; a list of values is deleted and set anew, for no command moves them in every release."""
        if path[-1] in ORDERED_ENTRIES:
            node = below(self.draft.tree, path) or {}
            older = below(self._have, path) or {}
            for name, tail in _moves(path[-1], [key for key in node if key in older and not is_mark(key)], names):
                self.send("insert", (*path, name), tail)
            return
        self.send("delete", path)
        for leaf in leaves(below(self._want, path) or {}, path):
            self.send("set", leaf)


def _gone(have: Tree, want: Tree, path: Words) -> Iterator[Words]:
    """The statements to delete, each as high as it can be."""
    for word, beneath in have.items():
        if is_mark(word):
            continue
        here = (*path, word)
        if word not in want:
            if not (path and _taken(path, word, beneath, want)):
                yield from _deletions(here, beneath)
        elif beneath and beneath != want[word]:
            yield from _gone(beneath, want[word], here)


def _taken(path: Words, word: str, beneath: Tree, want: Tree) -> bool:
    """Whether something that is to be set takes this one's place."""
    if not may_replace(path):
        return False
    there = {word: is_leaf(beneath)}
    others = [other for other in want if not is_mark(other)]
    return any(word in replaced(path, other, there, leaf=is_leaf(want[other])) for other in others)


def _deletions(path: Words, beneath: Tree) -> Iterator[Words]:
    """What to delete so that this statement goes: its entries one by one where a word alone names none."""
    word = path[-1]
    if word in DEEP and not is_entry(path):
        yield from leaves(beneath, path) if beneath else [path]
        return
    children = [key for key in beneath if not is_mark(key)]
    if len(path) > 1 and path[-2] in DEEP:
        yield from leaves(beneath, path) if children else [path]
        return
    if is_single(path) or not children:
        yield path
    elif is_entry((*path, children[0])) and (word in ENTRIES or (word in CONTAINERS_OF_NAMES and len(path) > 1)):
        for child in children:
            yield from _deletions((*path, child), beneath[child])
    else:
        yield path


def _missing(have: Tree | None, want: Tree, path: Words) -> Iterator[Words]:
    """The leaves to set, in order."""
    if have == want:
        return
    for word, beneath in want.items():
        if is_mark(word):
            continue
        found = have.get(word) if have is not None else None
        if not all(is_mark(key) for key in beneath):
            yield from _missing(found, beneath, (*path, word))
        elif found is None:
            yield (*path, word)


def _find_disordered(have: Tree, want: Tree, path: Words, found: list[tuple[Words, list[str]]]) -> None:
    """Add the lists whose order differs, with the order that they are to have."""
    for word, beneath in want.items():
        there = have.get(word)
        if not beneath or not there or there is beneath:
            continue
        if word in ORDERED:
            names = [key for key in beneath if not is_mark(key)]
            if [key for key in there if not is_mark(key)] != names:
                found.append(((*path, word), names))
        if any(beneath.values()):
            _find_disordered(there, beneath, (*path, word), found)


def _moves(word: str, have: list[str], want: list[str]) -> Iterator[tuple[str, str]]:
    """The entries to move, and where to.

    Of those that were there before, the longest run that is in order stays; new ones stand behind them as they came.
    """
    places = {name: at for at, name in enumerate(want)}
    kept = _longest([places[name] for name in have])
    came = [at for at, name in enumerate(want) if name not in have and at > max(kept, default=-1)]
    still = {want[at] for at in (*kept, *came)}
    first = next(name for name in want if name in still)
    for at, name in enumerate(want):
        if name not in still:
            where = ("after", word, want[at - 1]) if at else ("before", word, first)
            yield name, f" {join(where)}"
            still.add(name)


def _longest(numbers: Sequence[int]) -> list[int]:
    """The longest ascending run among numbers, gaps allowed: what need not move."""
    tails: list[int] = []
    before: dict[int, int | None] = {}
    for number in numbers:
        at = bisect_left(tails, number)
        before[number] = tails[at - 1] if at else None
        tails[at : at + 1] = [number]
    found: list[int] = []
    last = tails[-1] if tails else None
    while last is not None:
        found.append(last)
        last = before[last]
    return found[::-1]


def _comments(came: Iterable[tuple[Words, str]], went: Iterable[tuple[Words, str]]) -> Iterator[tuple[Words, str]]:
    """The comments to write; an empty one where it goes."""
    there = {path: mark[len(COMMENT) :] for path, mark in came if mark.startswith(COMMENT)}
    here = {path: mark[len(COMMENT) :] for path, mark in went if mark.startswith(COMMENT)}
    yield from ((path, text) for path, text in there.items() if here.get(path) != text)
    yield from ((path, "") for path in here if path not in there)
