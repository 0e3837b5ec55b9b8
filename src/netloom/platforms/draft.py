"""A running configuration while lines are typed into it: what the device would make of each."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from netloom.model.config import Config, Line, Tree
from netloom.platforms.line_index import OFTEN, LineIndex
from netloom.platforms.rules import Groups, Rules, Section, Taken
from netloom.platforms.wording import STATED, spells, stated_mark

Path = tuple[str, ...]


class Draft:
    """A configuration in the making; the one it starts from stays as it is."""

    def __init__(self, config: Config, rules: Rules) -> None:
        self.rules = rules
        self.tree: Tree = dict(config.tree)
        self.marks = config.marks
        self.touched: dict[str, None] = {}
        """The lines of the top that came or went, or below which something did; in order."""
        self._start = config
        self._has_stated = any(mark.startswith(STATED) for mark in config.marks)
        self._owned: dict[Path, Tree] = {(): self.tree}
        self._instead: dict[Path, dict[str, str]] = {}
        """Which lines came in the place of which."""
        self._asked: dict[Path, int] = {}
        self._indexes: dict[Path, LineIndex] = {}

    def config(self) -> Config:
        """The configuration as it stands; the draft must not be used afterwards."""
        for path, instead in self._instead.items():
            if (tree := self._owned.get(path)) is not None:
                _put_in_place(tree, _section(self._start.tree, path), instead)
        return self._start.with_tree(self.tree)

    def section(self, path: Path) -> Tree:
        """The lines at this path, to read."""
        return _section(self.tree, path)

    def apply(self, line: Line) -> None:
        """Type one line."""
        after = self.rules.effect(self, line) if self.rules.effect is not None else None
        positive = self.rules.positive(line.text)
        if positive is not None:
            self._negate(line.path, positive)
        else:
            self._state(line.path, line.text)
        if after is not None:
            after()

    def write(self, line: Line, change: Callable[[], None]) -> None:
        """Make a change by hand, with what it changes elsewhere."""
        after = self.rules.effect(self, line) if self.rules.effect is not None else None
        change()
        if after is not None:
            after()

    def put(self, path: Path, text: str, *, instead_of: str | None = None) -> None:
        """Write a line as it is, in the place of another where one is named, and keep what is below that."""
        tree = self.writable(path)
        if text in tree:
            return
        if instead_of is None or instead_of not in tree:
            tree[text] = {}
        else:
            tree[text] = tree.pop(instead_of)
            self._instead.setdefault(path, {})[instead_of] = text
            self._gone(path, instead_of, tree[text])
            if self._indexes:
                _forget(self._indexes, (*path, text))
        if (index := self._indexes.get(path)) is not None:
            index.add(text)
        self.touched[path[0] if path else text] = None

    def drop(self, path: Path, text: str) -> None:
        """Take a line away with all below it, and the sections that vanish when they are empty."""
        if text not in self.section(path):
            return
        self._gone(path, text, self.writable(path).pop(text))
        while path and not self.section(path) and self.rules.section(path).vanishes:
            path, header = path[:-1], path[-1]
            self._gone(path, header, self.writable(path).pop(header))

    def drop_matching(self, path: Path, pattern: re.Pattern[str]) -> None:
        """Take away the lines that match, signed or not, here and in the sections below."""
        self._take(path, Taken("", pattern))

    def writable(self, path: Path) -> Tree:
        """The lines at this path, to change; missing sections are made."""
        owned = self._owned.get(path)
        if owned is None:
            above = self.writable(path[:-1])
            if path[-1] not in above:
                self._state(path[:-1], path[-1])
            owned = above[path[-1]] = dict(above.get(path[-1], {}))
            self._owned[path] = owned
        return owned

    def same(self, path: Path, positive: str) -> list[str]:
        """The lines at this path that set what this one sets."""
        kind, signs, unsigned = self.rules.section(path), self.rules.signs, self.rules.unsigned
        key, stem = kind.slot(positive)
        index = self._index(path)
        if index is not None and positive.startswith(stem):
            similar = index.starting(stem)
        else:
            similar = [text for text in self.section(path) if stem in text]
        key_of = kind.key
        return [text for text in similar if key_of(unsigned(text) if text.startswith(signs) else text) == key]

    def starting(self, path: Path, stem: str) -> list[str]:
        """The lines at this path that begin so, signs apart; maybe others that hold it."""
        index = self._index(path)
        return [text for text in self.section(path) if stem in text] if index is None else index.starting(stem)

    def stated(self, path: Path, text: str) -> bool:
        """Whether a text that the configuration comes from states this default here."""
        line = Line(text, path)
        for origin in self._start.origins:
            if origin.states(line):
                return True
        return self._has_stated and stated_mark(path, text) in self.marks

    def _shown(self, kind: Section, path: Path, text: str) -> str | None:
        """A line as the device shows it: as it would by itself, or as the configuration was read."""
        shown = kind.shown(text)
        if shown == text:
            return shown
        line = Line(text, path)
        return text if self.stated(path, text) or spells(self._start, line) else shown

    def _negate(self, path: Path, positive: str) -> None:
        kind = self.rules.section(path)
        found = self.same(path, positive)
        negative = self.rules.negate(positive)
        if found == [negative]:
            return
        for text in found:
            self.drop(path, text)
        for taken in kind.taken_by(positive):
            self._take(path, taken)
        if (not found and kind.keeps_negative(positive)) or self.stated(path, negative):
            self.put(path, negative)

    def _state(self, path: Path, text: str) -> None:
        kind = self.rules.section(path)
        shown = self._shown(kind, path, text)
        if (twin := kind.twin(text)) is not None and self._stands_already(path, text, twin):
            return
        found = self.same(path, shown or text)
        if shown is None or self.rules.negate(shown) in found:
            for old in found:
                self.drop(path, old)
            if shown is not None and self.stated(path, shown):
                self.put(path, shown)
        elif shown not in found:
            self.put(path, shown, instead_of=found[0] if found else None)
            for old in found[1:]:
                self.drop(path, old)

    def _stands_already(self, path: Path, text: str, twin: Groups) -> bool:
        if (index := self._index(path)) is not None:
            return any(other != text for other in index.twins(text, twin))
        twin_of, end = self.rules.section(path).twin, twin[-1] or ""
        similar = [other for other in self.section(path) if other.endswith(end)]
        return any(other != text and twin_of(other) == twin for other in similar)

    def _take(self, path: Path, taken: Taken) -> None:
        unsigned = self.rules.unsigned
        for text, below in list(self.section(path).items()):
            if taken.holding in text and taken.pattern.fullmatch(unsigned(text)):
                self.drop(path, text)
            elif below:
                self._take((*path, text), taken)

    def _index(self, path: Path) -> LineIndex | None:
        """Where to look a section's lines up, once it was looked through often enough."""
        if (index := self._indexes.get(path)) is None:
            self._asked[path] = asked = self._asked.get(path, 0) + 1
            if asked >= OFTEN:
                index = self._indexes[path] = LineIndex(self.section(path), self.rules.section(path), self.rules)
        return index

    def _gone(self, path: Path, text: str, beneath: Tree) -> None:
        """Forget what was known of a line that went, and of all below it."""
        self.touched[path[0] if path else text] = None
        if (index := self._indexes.get(path)) is not None:
            index.remove(text)
        below = (*path, text)
        if below in self._owned:
            _forget(self._owned, below)
        if beneath and self._indexes:
            _forget(self._indexes, below)


def _forget(memory: dict[Path, Any], path: Path) -> None:
    for known in [known for known in memory if known[: len(path)] == path]:
        del memory[known]


def _section(tree: Tree, path: Path) -> Tree:
    for header in path:
        below = tree.get(header)
        if below is None:
            return {}
        tree = below
    return tree


def _put_in_place(tree: Tree, before: Iterable[str], instead: Mapping[str, str]) -> None:
    """Bring lines to where those stood in whose place they came."""
    found: Tree = {}
    heirs = dict(instead)
    for text in before:
        while text not in tree and text in heirs:
            text = heirs.pop(text)  # noqa: PLW2901 - follows the line through its changes
        if text in tree:
            found[text] = tree[text]
    found.update(tree)
    tree.clear()
    tree.update(found)
