"""A text's sections, each read once however often it is met: most of two configurations of a device is the same."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, NamedTuple, NoReturn

from netloom.model.config import Tree
from netloom.platforms.blocks import spans
from netloom.platforms.lines import meaningful, tree_of
from netloom.platforms.rules import Rules

REMEMBERED = 1 << 19
"""Characters of texts whose sections are kept at least, beside the text that is read; twice as many at most."""
_LONGEST = 1 << 22
"""Characters of a text whose sections are kept."""

_JOINED = "\1"
"""Stands for a line's end within a block."""
_ODD = (_JOINED, *"\x0b\x0c\x1c\x1d\x1e\x1f")
"""What lines may end and begin by besides."""
_ODD_BLANKS = re.compile(r"[^\S \t\n]")
_BEGINNING = re.compile(r"\n(?! )")
"""Where a line of the top begins."""

Notes = frozenset[str]
"""What a section says to who reads the whole."""
Refined = tuple[Tree, Notes]
"""What is below a line of the top, and what is to be known of it."""
Refine = Callable[[str, Tree], Refined | None]
"""Brings a section into its tree's form, by itself alone; None where it says nothing."""

NOTHING: Notes = frozenset()


class Leaf(dict[str, Tree]):
    """What is below a line without a section: one for all of them, and therefore not to be written."""

    def __setitem__(self, text: str, below: Tree) -> NoReturn:
        raise TypeError(f"expected a section of the writer's own for {text!r}, got one that many lines share")

    def setdefault(self, text: str, _below: Any = None) -> NoReturn:
        """Refuse: others would have the line as well."""
        self[text] = {}

    def update(self, *_lines: Any, **_more: Any) -> NoReturn:
        """Refuse, as above."""
        self["several lines"] = {}


LEAF = Leaf()
_SILENT = ("", LEAF)
"""A line that says nothing."""
_VOID: Tree = {}
_NONE = (_VOID, NOTHING)
"""What is below a line that is no configuration."""


class Reading(NamedTuple):
    """A text as it was read."""

    tree: Tree
    notes: Notes
    """Of all sections."""


class SectionReader:
    """Reads texts by a platform's rules; trees share the sections that are the same, which nobody may change."""

    def __init__(self, rules: Rules, refine: Refine | None = None, concerned: str = "") -> None:
        """Refined is what is below the lines of the top whose beginning the pattern matches."""
        self._rules = rules
        self._refine = refine
        self._concerned = re.compile(concerned).match
        self._inside = inside = "\n" + " " * rules.indent
        self._doubtful = signs = f"{rules.comment[:1]}e"
        """How lines begin that may say nothing."""
        self._is_odd = re.compile(rf"\n(?:(?<=\s\n)|(?!{inside[1:]}[^\s{re.escape(signs)}]))").search
        """Whether a section holds sections, separators, or lines that are indented otherwise or end in blanks."""
        self._known, self._before = _Known(), _Known()
        self._size = 0
        """Characters of the texts that were read into what is known."""

    def read(self, text: str) -> Reading:
        """The tree of a text."""
        return self._by_sections(text) or self.refined(tree_of(meaningful(text, self._rules)).tree)

    def refined(self, tree: Tree) -> Reading:
        """A tree that was made otherwise, brought into its form."""
        found: Tree = {}
        told: set[str] = set()
        for header, below in tree.items():
            refined = self._refined(header, below)
            if refined is not None:
                found[header], notes = refined
                told |= notes
        return Reading(found, frozenset(told))

    def _refined(self, header: str, below: Tree) -> Refined | None:
        if self._refine is None or self._concerned(header) is None:
            return below, NOTHING
        return self._refine(header, below)

    def _by_sections(self, text: str) -> Reading | None:
        """The same for texts in the usual form, None for others."""
        if (cut := _pieces(text, self._rules)) is None:
            return None
        known, pieces = self._room_for(len(text)), dict.fromkeys(cut)
        try:
            self._learn(pieces.keys() - known.sections.keys(), known)
        except _OddFormError:
            return None
        read = zip(pieces, map(known.sections.__getitem__, pieces), strict=True)
        tree = {(section[0] if section else text): (section[1] if section else LEAF) for text, section in read}
        tree.pop("", None)
        if len(tree) != len(pieces) - len(known.silent & pieces.keys()):
            return None  # a header comes twice: its sections are one
        return Reading(tree, NOTHING.union(*map(known.notes.__getitem__, known.notes.keys() & pieces.keys())))

    def _room_for(self, size: int) -> _Known:
        """What is known; what was not met for long is forgotten when it is too much."""
        if self._size + size > REMEMBERED:
            self._before, self._known, self._size = self._known, _Known(), 0
        self._size += size
        return self._known

    def _learn(self, fresh: set[str], known: _Known) -> None:
        """Read what was not met before."""
        before = self._before
        if again := fresh & before.sections.keys():
            known.sections.update({piece: before.sections[piece] for piece in again})
            known.notes.update({piece: before.notes[piece] for piece in again & before.notes.keys()})
            known.silent.update(again & before.silent)
            fresh -= again
        signs = f"{self._doubtful} \t\n"
        found = [piece for piece in fresh if "\n" in piece or piece.strip(signs) is not piece or _JOINED in piece]
        plain = fresh.difference(found)
        if self._refine is not None:
            found += filter(self._concerned, plain)
        known.sections.update(dict.fromkeys(plain))
        inside, doubtful, is_odd = self._inside, self._doubtful, self._is_odd
        refine, concerned = self._refine, self._concerned
        for piece in found:
            if piece[:1] in doubtful or piece.strip() is not piece or _JOINED in piece or is_odd(piece):
                header, below = self._odd(piece)
            else:
                header, *texts = piece.split(inside)
                below = dict.fromkeys(texts, LEAF) if texts else LEAF
            notes = NOTHING
            if refine is not None and header and concerned(header):
                below, notes = refine(header, below) or _NONE
            if notes:
                known.notes[piece] = notes
            if header and below is not _VOID:
                known.sections[piece] = header, below
            else:
                known.sections[piece] = _SILENT
                known.silent.add(piece)

    def _odd(self, piece: str) -> tuple[str, Tree]:
        """A section that has sections itself, or separators; no header for none at all."""
        lines = meaningful(piece.replace(_JOINED, "\n"), self._rules)
        if not lines:
            return "", LEAF
        if lines[0][0]:
            raise _OddFormError
        [section] = tree_of(lines).tree.items()
        return section


class _Known:
    """Sections as they were read, by their text."""

    def __init__(self) -> None:
        self.sections: dict[str, tuple[str, Tree] | None] = {"": _SILENT}
        self.notes: dict[str, Notes] = {}
        """Of those that have some."""
        self.silent = {""}
        """Those that say nothing."""


def _pieces(text: str, rules: Rules) -> list[str] | None:
    """The sections of a text, those within a block's lines joined; None for a text that has another form."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if len(text) > _LONGEST or any(map(text.__contains__, _ODD)):
        return None
    if not text.isascii() and _ODD_BLANKS.search(text):
        return None
    for start, end in reversed(list(spans(text, rules.blocks))):
        text = text[:start] + text[start:end].replace("\n", _JOINED) + text[end:]
    return _BEGINNING.split(text)


class _OddFormError(Exception):
    """Lines of a section stand behind a separator, or a section is indented itself."""
