"""What a text says in words of its own: defaults that a device does not show, lines that others show otherwise."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from netloom.model.config import Config, Line, Origin, Tree
from netloom.platforms.rules import Rules

STATED = "stated: "
"""How the marks begin that hold a line which states a default: written again, it is shown there."""
SPELLED = "spelled: "
"""How the marks begin that hold a line which other releases show in other words: written again, it is shown so."""
_REMEMBERED = (STATED, SPELLED)


def stated_mark(path: tuple[str, ...], text: str) -> str:
    """The mark of a line that states a default, and that no text holds as it stands."""
    return f"{STATED}{Line(text, path)}"


@dataclass(frozen=True, slots=True, eq=False)
class Wording:
    """The lines of one text; what they state is looked up when someone asks, for hardly any line is asked for."""

    tree: Tree
    rules: Rules
    """Those of the system that printed it."""
    toggles: Collection[str] = ()
    """Lines that may be a default or not, beside those of the rules."""

    def states(self, line: Line) -> bool:
        """Whether the text says a line that states a default."""
        if not self._says(line):
            return False
        kind = self.rules.section(line.path)
        return line.text in self.toggles or kind.is_default(line.text, self.rules.positive(line.text))

    def spells(self, line: Line) -> bool:
        """Whether the text says a line that other releases show in other words."""
        if not self._says(line) or self.rules.section(line.path).shown(line.text) == line.text:
            return False
        return not self.states(line)

    def _says(self, line: Line) -> bool:
        tree = self.tree
        for header in line.path:
            if (below := tree.get(header)) is None:
                return False
            tree = below
        return line.text in tree


@dataclass(frozen=True, slots=True, eq=False)
class Unstated:
    """Texts but for one default that they state."""

    origins: frozenset[Origin]
    line: Line

    def states(self, line: Line) -> bool:
        """Whether one of them says another line that states a default."""
        return line != self.line and any(origin.states(line) for origin in self.origins)

    def spells(self, line: Line) -> bool:
        """Whether one of them says a line that other releases show in other words."""
        return any(origin.spells(line) for origin in self.origins)


def worded(config: Config, rules: Rules, toggles: Collection[str] = ()) -> Config:
    """The configuration as its text says it: lines that the device would not show so come back when they are undone."""
    return Config(config.tree, config.marks, origins=config.origins | {Wording(config.tree, rules, toggles)})


def acquainted(config: Config, other: Config) -> Config:
    """The configuration, on its way to another: it may state the defaults that the other one states, in its words."""
    marks = config.marks.union(mark for mark in other.marks if mark.startswith(_REMEMBERED))
    origins = config.origins | other.origins
    return Config(config.tree, marks, origins=origins)


def states(config: Config, line: Line) -> bool:
    """Whether a text that the configuration comes from says a line that states a default."""
    for origin in config.origins:
        if origin.states(line):
            return True
    return bool(config.marks) and stated_mark(line.path, line.text) in config.marks


def spells(config: Config, line: Line) -> bool:
    """Whether a text that the configuration comes from says a line that other releases show in other words."""
    return f"{SPELLED}{line}" in config.marks or any(origin.spells(line) for origin in config.origins)


def silent_on(config: Config, line: Line) -> Config:
    """The configuration as if no text stated this default."""
    marks = config.marks - {stated_mark(line.path, line.text)}
    return Config(config.tree, marks, origins=frozenset({Unstated(config.origins, line)}))
