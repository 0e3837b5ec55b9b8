"""A running configuration while lines are typed into it: what the device would make of each."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from netloom.model.config import Config, Line, Tree
from netloom.platforms.rules import Groups, Rules

Path = tuple[str, ...]


STATED = "stated: "
"""How the marks begin that hold a line which states a default: written again, it is shown there."""


def stated_mark(path: Path, text: str) -> str:
    """The mark of a line that states a default."""
    return f"{STATED}{Line(text, path)}"


class Draft:
    """A configuration in the making; the one it starts from stays as it is."""

    def __init__(self, config: Config, rules: Rules) -> None:
        self.rules = rules
        self.tree: Tree = dict(config.tree)
        self.marks = config.marks
        self._owned: dict[Path, Tree] = {(): self.tree}

    def config(self) -> Config:
        """The configuration as it stands; the draft must not be used afterwards."""
        return Config(self.tree, self.marks)

    def section(self, path: Path) -> Tree:
        """The lines at this path, to read."""
        tree = self.tree
        for header in path:
            below = tree.get(header)
            if below is None:
                return {}
            tree = below
        return tree

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
            return
        below = tree[instead_of]
        self._disown((*path, instead_of))
        items = [(text, below) if old == instead_of else (old, value) for old, value in tree.items()]
        tree.clear()
        tree.update(items)

    def drop(self, path: Path, text: str) -> None:
        """Take a line away with all below it, and the sections that vanish when they are empty."""
        if text not in self.section(path):
            return
        del self.writable(path)[text]
        self._disown((*path, text))
        while path and not self.section(path) and self.rules.section(path).vanishes:
            path, header = path[:-1], path[-1]
            self.writable(path).pop(header, None)
            self._disown((*path, header))

    def drop_matching(self, path: Path, pattern: re.Pattern[str]) -> None:
        """Take away the lines that match, signed or not, here and in the sections below."""
        unsigned = self.rules.unsigned
        for text, below in list(self.section(path).items()):
            if pattern.fullmatch(unsigned(text)):
                self.drop(path, text)
            elif below:
                self.drop_matching((*path, text), pattern)

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

    def same(self, path: Path, positive: str) -> Iterator[str]:
        """The lines at this path that set what this one sets."""
        tree, kind, rules = self.section(path), self.rules.section(path), self.rules
        stem, key = kind.stem(positive), kind.key(positive)
        for text in tree:
            if stem in text and kind.key(rules.unsigned(text)) == key:
                yield text

    def stated(self, path: Path, text: str) -> bool:
        """Whether the text that the configuration was read from states this default here."""
        return bool(self.marks) and stated_mark(path, text) in self.marks

    def _negate(self, path: Path, positive: str) -> None:
        kind = self.rules.section(path)
        found = list(self.same(path, positive))
        negative = self.rules.negate(positive)
        if found == [negative]:
            return
        for text in found:
            self.drop(path, text)
        for pattern, takes in kind.compiled_cascades:
            if match := pattern.fullmatch(positive):
                groups = ["" if group is None else re.escape(group) for group in match.groups()]
                self.drop_matching(path, re.compile(takes.format(*groups)))
        if (not found and kind.keeps_negative(positive)) or self.stated(path, negative):
            self.put(path, negative)

    def _state(self, path: Path, text: str) -> None:
        kind = self.rules.section(path)
        shown = kind.shown(text)
        if shown is None and self.stated(path, text):
            shown = text
        if (twin := kind.twin(text)) is not None and self._stands_already(path, text, twin):
            return
        found = list(self.same(path, shown or text))
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
        twin_of, end = self.rules.section(path).twin, twin[-1] or ""
        return any(other.endswith(end) and other != text and twin_of(other) == twin for other in self.section(path))

    def _disown(self, path: Path) -> None:
        depth = len(path)
        for owned in [known for known in self._owned if known[:depth] == path]:
            del self._owned[owned]
