"""Junos' configuration as a trie: one word a level, so that curly braces, `set` lines and XML meet in one tree.

What is said of a statement besides its words hangs below it as a mark: that it is inactive or protected, and the
comment in front of it. The order of children counts below the words that `schema.ORDERED` names, and nowhere else.
Comments mean nothing to the device, and nothing to the equality of configurations; they are kept and printed.
"""

from __future__ import annotations

from collections.abc import Iterator

from netloom.model.config import Config, Line, Tree
from netloom.platforms.juniper_junos.schema import ORDERED
from netloom.platforms.juniper_junos.spelling import Words, join, split

INACTIVE = "\0inactive"
PROTECTED = "\0protect"
COMMENT = "\0comment "
"""Marks begin with a character that no word of a configuration holds."""
MARKING = {INACTIVE: "deactivate", PROTECTED: "protect"}


def is_mark(word: str) -> bool:
    """Whether a key is a mark and no word."""
    return word[:1] == "\0"


def is_leaf(beneath: Tree) -> bool:
    """Whether nothing but marks hangs below a word."""
    return all(map(is_mark, beneath))


class JunosConfig(Config):
    """A configuration whose lines are those of `display set`."""

    __slots__ = ("_active",)
    _active: Tree

    def lines(self) -> Iterator[Line]:
        """Every leaf as a `set` line, and every mark as the command that makes it."""
        yield from (Line(text) for text in set_lines(self.tree))

    def active(self) -> Tree:
        """The tree without marks and without what is inactive; made once."""
        try:
            return self._active
        except AttributeError:
            object.__setattr__(self, "_active", _active(self.tree))
            return self._active

    def __contains__(self, line: Line) -> bool:
        words = line_words(line)
        if words is None:
            return False
        path, leaf = words
        tree = self.tree
        for word in path:
            if word not in tree:
                return False
            tree = tree[word]
        return not leaf or all(is_mark(word) for word in tree)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Config) and same(self.tree, other.tree)

    def __hash__(self) -> int:
        return hash(frozenset(self.lines()))


def active(config: Config) -> Tree:
    """The tree without marks and without what is inactive: what the device does."""
    return config.active() if isinstance(config, JunosConfig) else _active(config.tree)


def _active(tree: Tree) -> Tree:
    changed = False
    made: Tree = {}
    for word, below in tree.items():
        if word[:1] == "\0" or INACTIVE in below:
            changed = True
            continue
        kept = _active(below) if below else below
        changed = changed or kept is not below
        made[word] = kept
    return made if changed else tree


def below(tree: Tree, path: Words) -> Tree | None:
    """The node at a path, None where there is none."""
    for word in path:
        found = tree.get(word)
        if found is None:
            return None
        tree = found
    return tree


def leaves(tree: Tree, path: Words = ()) -> Iterator[Words]:
    """The words of every leaf, in order; marks are none."""
    for word, beneath in tree.items():
        if word[:1] == "\0":
            continue
        here = (*path, word)
        if not beneath or all(key[:1] == "\0" for key in beneath):
            yield here
        else:
            yield from leaves(beneath, here)


def marks(tree: Tree, path: Words = ()) -> Iterator[tuple[Words, str]]:
    """Every mark with the path of the statement that it hangs below."""
    for word, beneath in tree.items():
        if word[:1] == "\0":
            yield path, word
        elif beneath:
            yield from marks(beneath, (*path, word))


def marks_beside(tree: Tree, other: Tree | None, path: Words = ()) -> Iterator[tuple[Words, str]]:
    """The marks of a tree outside of what is the same in another."""
    if tree == other:
        return
    for word, beneath in tree.items():
        if word[:1] == "\0":
            yield path, word
        elif beneath:
            yield from marks_beside(beneath, other.get(word) if other is not None else None, (*path, word))


def set_lines(tree: Tree) -> Iterator[str]:
    """What `display set` prints; comments are not among it."""
    for words in leaves(tree):
        yield f"set {join(words)}"
    for path, mark in marks(tree):
        if mark in MARKING:
            yield f"{MARKING[mark]} {join(path)}"


def line_words(line: Line) -> tuple[Words, bool] | None:
    """The path in the trie that a line stands for, and whether it is to be a leaf; None for other commands."""
    if line.path or is_mark(line.text):
        return (*line.path, line.text), False
    command, *words = split(line.text)
    if command == "set":
        return tuple(words), True
    for mark, verb in MARKING.items():
        if command == verb:
            return (*words, mark), False
    return None


def same(one: Tree, other: Tree, word: str = "") -> bool:
    """Whether two trees say the same: comments left out, order where it counts."""
    if one is other:
        return True
    keys = [key for key in one if key[:1] != "\0" or key[:9] != COMMENT]
    others = [key for key in other if key[:1] != "\0" or key[:9] != COMMENT]
    if len(keys) != len(others) or (word in ORDERED and keys != others):
        return False
    return all(key in other and same(one[key], other[key], key) for key in keys)
