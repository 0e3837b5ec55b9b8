"""Configurations whose text is read when somebody looks into it: what two texts share need not be read to compare them.

This holds for texts as the device prints them: every line is a statement or a brace, and braces stand where their
block began. Others are read at once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence, Set
from itertools import islice

from netloom.model.config import Config, Tree
from netloom.platforms.juniper_junos.curly import Plain, read_curly
from netloom.platforms.juniper_junos.schema import ORDERED, ORDERED_ENTRIES, may_replace
from netloom.platforms.juniper_junos.spelling import Words
from netloom.platforms.juniper_junos.tree import JunosConfig

_REGULAR = re.compile(
    r"""(?:\ *+(?:\}
        |[^\s"\#{}\[\];][^"\#{}\[\];\n]*+                  # words,
         (?:\[[^"\#{}\[\];\n]*+\]|"(?:[^"\\\n]|\\.)*+")?+  # maybe a list or a quoted text,
         (?:\ ?+(?<=\ )\{|;(?:\ \#\#\ SECRET-DATA)?)       # and the sign that ends the line
        )?\n)*+""",
    re.VERBOSE,
)
_STEP = "    "
_WHOLE = ORDERED - ORDERED_ENTRIES
"""Lists whose order counts: they are set as a whole."""
_SHORT = 500
"""Characters of a block that is read sooner than compared in parts."""


def is_regular(text: str) -> bool:
    """Whether a text in curly braces is as the device prints it, and surely holds no mistake."""
    if "/*" in text or "delete:" in text or _REGULAR.fullmatch(text) is None:
        return False
    opened: list[int] = []
    for line in text.split("\n"):
        sign = line[-1:]
        if sign == "{":
            column = len(line) - len(line.lstrip())
            if opened and column <= opened[-1]:
                return False
            opened.append(column)
        elif sign == "}" and (not opened or opened.pop() != len(line) - 1):
            return False
    return not opened


class UnreadConfig(JunosConfig):
    """A configuration of a regular text; its tree is made when it is asked for."""

    __slots__ = ("_text",)
    _text: str | None

    def __init__(self, text: str) -> None:
        for name, value in (("marks", frozenset()), ("known", {}), ("origins", frozenset()), ("_text", text)):
            object.__setattr__(self, name, value)

    def __getattr__(self, name: str) -> Tree:
        """Only what is not there yet is asked for here."""
        if name != "tree":
            raise AttributeError(name)
        object.__setattr__(self, "tree", read_curly(self._text or ""))
        object.__setattr__(self, "_text", None)
        return self.tree

    def with_tree(self, tree: Tree) -> JunosConfig:  # type: ignore[override]  # a tree at hand has no text to be read
        """Other statements of the same system."""
        return JunosConfig(tree)

    def text(self) -> str | None:
        """The text, None once it was read."""
        return self._text


def unlike(have: Config, want: Config) -> tuple[Config, Config]:
    """Two configurations without what their blocks have in common, where neither was read yet."""
    if not isinstance(have, UnreadConfig) or not isinstance(want, UnreadConfig):
        return have, want
    here, there = have.text(), want.text()
    if here is None or there is None:
        return have, want
    known: dict[str, Plain | None] = {}
    less = [JunosConfig(read_curly(text, known)) for text in _cut(here, there, ())]
    return less[0], less[1]


def _cut(have: str, want: str, path: Words) -> tuple[str, str]:
    """The texts of two blocks without what both hold, one statement of it apart: a block is not to become empty."""
    here, there = _items(have, len(path)), _items(want, len(path))
    words = {item: _word(item) for item in (*here, *there)}
    if _stand_together(path) or not _WHOLE.isdisjoint(words.values()) or any(map(_is_mark, words.values())):
        return have, want
    shared = set(here).intersection(there)
    # what may be related to a difference keeps its header: lists of entries under one word, and those in order
    related = {word for item, word in words.items() if item not in shared} | ORDERED_ENTRIES
    left = {item: _head(item) if words[item] in related else "" for item in shared}
    left.update((item, _head(item)) for item in islice((item for item in here if item in shared), 1))
    left.update(_parts(here, there, shared, path))
    return "".join(left.get(item, item) for item in here), "".join(left.get(item, item) for item in there)


def _stand_together(path: Words) -> bool:
    """Whether the statements below headers are set as a whole, or one takes another's place."""
    words = tuple(word for header in path for word in header.split())
    return bool(words) and (words[-1] in ORDERED or may_replace(words))


def _parts(here: Sequence[str], there: Sequence[str], shared: Set[str], path: Words) -> Iterator[tuple[str, str]]:
    """The long blocks that differ, without what both hold."""
    end = f"{_STEP * len(path)}}}\n"
    others = {_header(item, path): item for item in there if item not in shared}
    for item in here:
        if item in shared or len(item) < _SHORT or (header := _header(item, path)) not in others or not header:
            continue
        other = others[header]
        less = _cut(item[len(header) : -len(end)], other[len(header) : -len(end)], (*path, header[:-3]))
        yield from ((text, f"{header}{body}{end}") for text, body in zip((item, other), less, strict=True))


def _items(text: str, depth: int) -> list[str]:
    """The statements and blocks of one level."""
    end = f"\n{_STEP * depth}}}\n"
    *blocks, rest = text.split(end)
    found: list[str] = []
    for block in blocks:
        item = block + end
        start = 0
        while not item.startswith("{", (newline := item.index("\n", start)) - 1):
            found.append(item[start : newline + 1])
            start = newline + 1
        found.append(item[start:] if start else item)
    return found + rest.splitlines(keepends=True)


def _word(item: str) -> str:
    """The first word of a statement."""
    return next(iter(item.split(maxsplit=1)), "").removesuffix(";")


def _is_mark(word: str) -> bool:
    return word.endswith(":")


def _head(item: str) -> str:
    """A statement as it is, a block as one without anything below."""
    line, _, below = item.partition("\n")
    return f"{line[:-2]};\n" if below else item


def _header(item: str, path: Words) -> str:
    """The line that begins a block of this level; empty for a statement."""
    line, _, below = item.partition("\n")
    pad = len(_STEP) * len(path)
    return f"{line}\n" if below and len(line) - len(line.lstrip()) == pad else ""
