"""What Junos' comparison (`show | compare`) says that a candidate changes, statement by statement.

Below each `[edit …]` stand the statements that go (`-`) and come (`+`), those that move among others or change their
state (`!`), and between them, without a sign, the neighbors of what an ordered list gains (CLI User Guide, «Comparing
Configuration Changes with a Prior Version»).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from netloom.model.config import Config, Tree
from netloom.platforms.contract import Shift
from netloom.platforms.juniper_junos.curly import read_curly
from netloom.platforms.juniper_junos.schema import ORDERED, ORDERED_ENTRIES, head_length, stays
from netloom.platforms.juniper_junos.spelling import Words, join, split
from netloom.platforms.juniper_junos.tree import COMMENT, INACTIVE, MARKING, PROTECTED, is_mark

_LEVEL = re.compile(r"(?:\{\w[\w:.-]*\})?\[edit(?: (?P<path>.*))?\]")
_SIGNLESS = re.compile(r"\s.*|\{\w[\w:.-]*\}|")
"""Neighbors of what comes, blank lines, and the line that says which routing engine speaks."""
_STATES = {
    "inactive:": (INACTIVE, True),
    "active:": (INACTIVE, False),
    "protect:": (PROTECTED, True),
    "unprotect:": (PROTECTED, False),
}
_ORDER = "the order of "


def difference(shown: str, base: Config, predicted: Config) -> tuple[Shift, Shift]:
    """The statements that the device's comparison and the plan shift, and the lists that they order anew."""
    before, after = frozenset(_nodes(base.tree)), frozenset(_nodes(predicted.tree))
    told = _read(shown)
    ours_moved, told_moved = _reordered(base.tree, predicted.tree), told.reordered()
    changed = {node[:-1] for node in before ^ after}
    return (
        _shift(before, told.applied(before), told_moved - (changed - ours_moved)),
        # a list in brackets is told as a whole; that it says nothing of the order alone is taken as a way of telling
        _shift(before, after, {path for path in ours_moved if path[-1] in ORDERED_ENTRIES or path in told_moved}),
    )


@dataclass(slots=True)
class _Told:
    """What a comparison says."""

    gone: set[Words] = field(default_factory=set)
    come: set[Words] = field(default_factory=set)
    lists: tuple[dict[Words, list[str]], dict[Words, list[str]]] = field(default_factory=lambda: ({}, {}))
    """Of what goes and of what comes, the children whose order counts."""
    moved: set[Words] = field(default_factory=set)
    """Lists of which an entry stands elsewhere."""

    def note(self, sign: str, level: Words, text: str) -> None:
        """Statements that go or come below a level."""
        tree = read_curly(f"{join(level)} {{\n{text}\n}}\n" if level else text)
        nodes = {node for node in _nodes(tree) if len(node) > len(level)}
        (self.come if sign == "+" else self.gone).update(nodes)
        self.lists[sign == "+"].update(_ordered(tree))

    def state(self, level: Words, text: str) -> None:
        """A statement that moves, or whose state changes."""
        words = split(text.removesuffix(";").removesuffix("{ ... }").strip())
        if not words:
            raise ValueError(f"expected a statement after '!', got {text!r}")
        if words[0] in _STATES and len(words) > 1:
            mark, on = _STATES[words[0]]
            named = words[1 : 1 + head_length(words[1:], level)]
            (self.come if on else self.gone).add((*level, *named, mark))
        else:
            self.moved.add((*level, words[0]))

    def reordered(self) -> set[Words]:
        """The lists that stand in another order."""
        gone, come = self.lists
        return self.moved | {path for path in gone.keys() & come.keys() if _differ(gone[path], come[path])}

    def applied(self, before: frozenset[Words]) -> frozenset[Words]:
        """The statements that are there afterwards, with what they stand in; containers that say nothing go."""
        left = (before - self.gone) | self.come
        above = {node[:depth] for node in left for depth in range(1, len(node))}
        left |= above
        emptied = {node[:-1] for node in self.gone if not is_mark(node[-1])} - self.come
        while emptied := {node for node in emptied & left - above if not stays(node)}:
            left -= emptied
            above = {node[:depth] for node in left for depth in range(1, len(node))}
            emptied = {node[:-1] for node in emptied}
        return frozenset(left)


def _read(shown: str) -> _Told:
    told = _Told()
    for level, sign, text in _blocks(shown):
        if sign == "!":
            for line in text.split("\n"):
                told.state(level, line.strip())
        else:
            told.note(sign, level, text)
    return told


def _blocks(shown: str) -> Iterator[tuple[Words, str, str]]:
    """What stands below each level, by its sign."""
    level: Words | None = None
    texts: dict[str, list[str]] = {}
    for line in shown.replace("\r", "").splitlines():
        match = _LEVEL.fullmatch(line.strip())
        if match is not None:
            yield from _signed(level, texts)
            level, texts = split(match["path"] or ""), {}
        elif line[:1] in ("+", "-", "!") and level is not None:
            texts.setdefault(line[0], []).append(line[1:])
        elif not _SIGNLESS.fullmatch(line):
            raise ValueError(f"expected a line of a comparison, got {line[:80]!r}")
    yield from _signed(level, texts)


def _signed(level: Words | None, texts: Mapping[str, Sequence[str]]) -> Iterator[tuple[Words, str, str]]:
    yield from ((level or (), sign, "\n".join(lines)) for sign, lines in texts.items())


def _nodes(tree: Tree, path: Words = ()) -> Iterator[Words]:
    """Every statement, with what it stands in, and every mark but comments."""
    for word, beneath in tree.items():
        if not word.startswith(COMMENT):
            yield (*path, word)
            yield from _nodes(beneath, (*path, word))


def _ordered(tree: Tree, path: Words = ()) -> Iterator[tuple[Words, list[str]]]:
    """The lists whose order counts."""
    for word, beneath in tree.items():
        if word in ORDERED:
            yield (*path, word), [key for key in beneath if not is_mark(key)]
        if beneath:
            yield from _ordered(beneath, (*path, word))


def _reordered(old: Tree, new: Tree) -> set[Words]:
    before, after = dict(_ordered(old)), dict(_ordered(new))
    return {path for path in before.keys() & after.keys() if _differ(before[path], after[path])}


def _differ(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether what stands in both lists stands there in another order."""
    return [word for word in one if word in other] != [word for word in other if word in one]


def _shift(before: frozenset[Words], after: frozenset[Words], moved: set[Words]) -> Shift:
    shift = {_text(node): 1 for node in after - before} | {_text(node): -1 for node in before - after}
    return shift | {f"{_ORDER}{join(path)}": 1 for path in moved}


def _text(node: Words) -> str:
    return f"{MARKING[node[-1]]} {join(node[:-1])}" if node[-1] in MARKING else join(node)
