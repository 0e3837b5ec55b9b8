"""A running configuration as a tree of lines that loses none, whatever the model knows of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, NamedTuple, Protocol, Self, TypeVar

T = TypeVar("T")

Tree = dict[str, "Tree"]
"""A section: its lines in order; the value of a line is the section below it, empty for a plain line."""


class Line(NamedTuple):
    """One line to send to a device, and the sections it stands in."""

    text: str
    path: tuple[str, ...] = ()
    """The headers around it, outermost first."""

    def __str__(self) -> str:
        return " > ".join((*self.path, self.text))


class Origin(Protocol):
    """A text that a configuration comes from, asked for what the device would not show by itself as it says it."""

    def states(self, line: Line) -> bool:
        """Whether it says a line that states a default."""
        ...

    def spells(self, line: Line) -> bool:
        """Whether it says a line that other releases show in other words."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class Config:
    """A configuration: `tree` is read-only, for others may share it; equality ignores the order of lines."""

    tree: Tree
    marks: frozenset[str] = frozenset()
    """What the form of the text says of the system that printed it, beyond its lines; changes keep it."""
    known: dict[Any, Any] = field(default_factory=dict, repr=False)
    """What was read of it once, by reader: it does not change."""
    origins: frozenset[Origin] = frozenset()
    """The texts that it comes from; changes keep them."""

    def section(self, *path: str) -> Tree:
        """The section under these headers, empty where there is none."""
        tree = self.tree
        for header in path:
            tree = tree.get(header, {})
        return tree

    def sections(self, prefix: str, *path: str) -> Iterator[tuple[str, Tree]]:
        """Every line under `path` that starts with `prefix`, with the section below it."""
        for header, below in self.section(*path).items():
            if header.startswith(prefix):
                yield header, below

    def lines(self) -> Iterator[Line]:
        """Every line, headers included, in order."""
        yield from _walk(self.tree, ())

    def __contains__(self, line: Line) -> bool:
        return line.text in self.section(*line.path)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Config) and self.tree == other.tree

    def __hash__(self) -> int:
        return hash(frozenset(self.lines()))

    def copy(self) -> Self:
        """A copy whose tree may be changed."""
        return self.with_tree(_copy(self.tree))

    def with_tree(self, tree: Tree) -> Self:
        """Other lines of the same system."""
        return type(self)(tree, self.marks, origins=self.origins)


def once(read: Callable[[Config], T]) -> Callable[[Config], T]:
    """Read a configuration once, however often it is asked for; what was read must not be changed either."""

    @wraps(read)
    def remembered(config: Config) -> T:
        if read not in config.known:
            config.known[read] = read(config)
        found: T = config.known[read]
        return found

    return remembered


def _walk(tree: Mapping[str, Tree], path: tuple[str, ...]) -> Iterator[Line]:
    for text, below in tree.items():
        yield Line(text, path)
        if below:
            yield from _walk(below, (*path, text))


def _copy(tree: Tree) -> Tree:
    return {text: _copy(below) for text, below in tree.items()}
