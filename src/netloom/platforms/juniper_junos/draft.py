"""A Junos candidate: what each command of configuration mode makes of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from netloom.model.config import Config, Line, Tree
from netloom.platforms.juniper_junos.schema import may_replace, replaced, statements, stays
from netloom.platforms.juniper_junos.spelling import Words, split
from netloom.platforms.juniper_junos.tree import COMMENT, INACTIVE, PROTECTED, JunosConfig, below, is_leaf, is_mark

_BRACKETS = ("[", "]")


class Draft:
    """A configuration in the making; the one it starts from stays as it is."""

    def __init__(self, config: Config | None = None) -> None:
        self.tree: Tree = dict(config.tree) if config is not None else {}
        self._mine: dict[int, Tree] | None = {id(self.tree): self.tree} if config is not None else None
        """The nodes that may be changed where they stand; None where all are."""
        self._level: Words = ()
        """Where `edit` went."""

    def config(self) -> JunosConfig:
        """The configuration as it stands; the draft must not be used afterwards."""
        return JunosConfig(self.tree)

    def apply(self, line: Line) -> None:
        """Type one line; raises ValueError for what is no command of configuration mode."""
        if line.path or is_mark(line.text):
            self._write((*line.path, line.text))
        else:
            self.command(split(line.text))

    def command(self, words: Words) -> None:
        """Run one command."""
        verb, rest = words[0] if words else "", (*self._level, *words[1:])
        if verb == "set":
            self.set(rest)
        elif verb == "delete":
            self.delete(rest)
        elif verb in ("activate", "deactivate", "protect", "unprotect"):
            self.mark(rest, PROTECTED if "protect" in verb else INACTIVE, on=verb in ("deactivate", "protect"))
        elif verb in ("insert", "rename", "copy", "annotate"):
            getattr(self, f"_{verb}")(rest)
        elif verb == "edit":
            self._level = rest
        elif verb in ("up", "top", "exit"):
            self._level = self._level[:-1] if verb == "up" else ()
        elif verb not in ("commit", "show", "quit", ""):
            raise ValueError(f"expected a command such as set or delete, got {' '.join(words)[:60]!r}")

    def set(self, words: Words) -> None:
        """Set a statement; `[ a b ]` sets each of a list."""
        if "[" in words:
            at = words.index("[")
            for word in words[at + 1 :]:
                if word not in _BRACKETS:
                    self.put((*words[:at], word))
            return
        for leaf in statements(words):
            self.put(leaf)

    def put(self, path: Words) -> None:
        """Write one leaf, in the place of what it replaces."""
        if self._mine is None:
            write(self.tree, (), path)
            return
        tree = self.tree
        for at, word in enumerate(path):
            found = tree.get(word)
            if found is None and tree and at:
                _make_place(tree, path[:at], word, leaf=at == len(path) - 1)
            tree = self._child(tree, word) if found is None or id(found) not in self._mine else found

    def delete(self, words: Words) -> None:
        """Take a statement away with all below it, and containers that say nothing when they are empty."""
        if "[" in words:
            at = words.index("[")
            for word in words[at + 1 :]:
                if word not in _BRACKETS:
                    self.remove((*words[:at], word))
            return
        self.remove(words)

    def remove(self, path: Words) -> None:
        """The same for one path."""
        if not path:
            self.tree.clear()
            return
        if below(self.tree, path) is None:
            return
        while path:
            above = self.at(path[:-1])
            del above[path[-1]]
            path = path[:-1]
            if not path or any(not is_mark(key) for key in above) or stays(path):
                return

    def mark(self, path: Words, mark: str, *, on: bool) -> None:
        """Mark a statement, or take its mark away; what is not there stays so."""
        if below(self.tree, path) is None:
            return
        node = self.at(path)
        if on:
            node.setdefault(mark, {})
        else:
            node.pop(mark, None)

    def comment(self, path: Words, text: str) -> None:
        """Write the comment in front of a statement; an empty one takes it away."""
        if below(self.tree, path) is None:
            return
        node = self.at(path)
        for mark in [key for key in node if key.startswith(COMMENT)]:
            del node[mark]
        if text:
            node[COMMENT + text] = {}

    def arrange(self, path: Words, names: Sequence[str]) -> None:
        """Put the children of a path in this order; others keep their places after them."""
        node = below(self.tree, path)
        if node is None or [key for key in node if key in names] == [name for name in names if name in node]:
            return
        node = self.at(path)
        items = [(name, node[name]) for name in names if name in node]
        items += [(key, value) for key, value in node.items() if key not in names]
        node.clear()
        node.update(items)

    def at(self, path: Words) -> Tree:
        """The node at a path, to change; it is made where it is missing."""
        tree = self.tree
        for word in path:
            tree = self._child(tree, word)
        return tree

    def _child(self, tree: Tree, word: str) -> Tree:
        found = tree.get(word)
        if self._mine is None:
            return tree.setdefault(word, {})
        if found is None or id(found) not in self._mine:
            found = tree[word] = dict(found) if found else {}
            self._mine[id(found)] = found
        return found

    def _write(self, path: Words) -> None:
        """A node of another trie: a word or a mark."""
        if is_mark(path[-1]):
            self.at(path[:-1]).setdefault(path[-1], {})
        else:
            self.put(path)

    def _annotate(self, words: Words) -> None:
        self.comment(words[:-1], words[-1])

    def _insert(self, words: Words) -> None:
        """`insert PATH term A before term B`."""
        at = next((at for at, word in enumerate(words) if at and word in ("before", "after")), None)
        if at is None or at + 1 >= len(words):
            raise ValueError(f"expected insert … before or after …, got {' '.join(words)[:60]!r}")
        path, name, other = words[: at - 1], words[at - 1], words[-1]
        node = below(self.tree, path)
        if node is None or name not in node or other not in node or name == other:
            return
        names = [key for key in node if key != name]
        names.insert(names.index(other) + (words[at] == "after"), name)
        self.arrange(path, names)

    def _rename(self, words: Words) -> None:
        """`rename PATH unit 0 to unit 1`: the entry keeps its place and all below it."""
        self._move(words, keep=False)

    def _copy(self, words: Words) -> None:
        self._move(words, keep=True)

    def _move(self, words: Words, *, keep: bool) -> None:
        at = max((at for at, word in enumerate(words) if word == "to"), default=0)
        if not at or at + 1 >= len(words):
            raise ValueError(f"expected rename or copy … to …, got {' '.join(words)[:60]!r}")
        path, name, other = words[: at - 1], words[at - 1], words[-1]
        node = below(self.tree, path)
        if node is None or name not in node:
            return
        node = self.at(path)
        items = list(node.items())
        node.clear()
        for key, value in items:
            if key != name or keep:
                node[key] = value
            if key == name:
                node[other] = _copied(value) if keep else value


def write(tree: Tree, path: Words, words: Words) -> Tree:
    """Write words into the node at a path, in the place of what they replace; what is below them."""
    at = 0
    for word in words:
        found = tree.get(word)
        if found is None:
            break
        tree = found
        at += 1
    if tree and at < len(words) and (above := (*path, *words[:at])):
        _make_place(tree, above, words[at], leaf=at == len(words) - 1)
    for word in words[at:]:
        tree[word] = tree = {}
    return tree


def _make_place(tree: Tree, path: Words, word: str, *, leaf: bool) -> None:
    """Take away what a new child of a path replaces."""
    if may_replace(path):
        present = {key: is_leaf(beneath) for key, beneath in tree.items() if not is_mark(key)}
        for other in replaced(path, word, present, leaf=leaf):
            del tree[other]


def _copied(tree: Tree) -> Tree:
    return {word: _copied(below) for word, below in tree.items()}


def apply_lines(config: Config, lines: Iterable[Line]) -> JunosConfig:
    """The configuration after these lines."""
    draft = Draft(config)
    for line in lines:
        draft.apply(line)
    return draft.config()
