"""Junos' configuration in curly braces, as `show configuration` prints it: read and written.

Reading is lenient: a statement also ends with its line, and lines indented below a bare one belong to it. Writing
needs to know which words Junos keeps on one line; the tables of `schema` say that, and where they say nothing the text
is deeper than the device's own but means the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate

from netloom.model.config import Tree
from netloom.platforms.juniper_junos.draft import Draft, write
from netloom.platforms.juniper_junos.schema import (
    BRACKETS,
    CONTAINERS_OF_NAMES,
    DEEP,
    JOINED,
    ONE_LINERS,
    head_length,
    is_entry,
    is_plain,
    is_single,
    statements,
    stays,
)
from netloom.platforms.juniper_junos.spelling import Words, join, quote
from netloom.platforms.juniper_junos.tree import COMMENT, INACTIVE, PROTECTED, is_mark, leaves

_TOKEN = re.compile(
    r"""(?P<blank>[ \t\r\f\xa0]+)|(?P<line>\n)|(?P<comment>/\*.*?\*/)|(?P<hash>\#[^\n]*)"""
    r"""|"(?P<quoted>(?:[^"\\]|\\.)*)"|(?P<mark>(?:inactive|protect|replace|delete|active|unprotect):)(?=\s)"""
    r"""|(?P<sign>[{};\[\]])|(?P<word>[^\s{};\[\]"]+)|(?P<other>.)""",
    re.DOTALL,
)
_WORDS = re.compile(r"""[^\s"#{}\[\];][^"#{}\[\];]*(?: \{|;)""")
"""A line of words and the sign that ends it."""
_LINE = re.compile(r"""([^\s"#{}\[\];][^"#{}\[\];]*)"((?:[^"\\]|\\.)*)"[ \t]*([;{])[ \t]*(?:\#.*)?""")
"""The same with a quoted text behind the words, and maybe a comment behind the sign."""
_MARKS = {"inactive": INACTIVE, "protect": PROTECTED}

Plain = tuple[Words, bool]
"""The words of a line that is one whole statement, and whether it opens a block."""


@dataclass(slots=True)
class _Reader:
    """Where reading stands."""

    text: str
    draft: Draft
    node: Tree
    """What is at the path."""
    path: Words = ()
    levels: list[tuple[Words, Tree, int | None]] = field(default_factory=list)
    """What is open: the path around it, its node and, where no brace closes it, the indentation that does."""
    columns: list[int] = field(default_factory=list)
    """Where the lines start that opened a brace."""
    stray: int | None = None
    """Closing braces that nothing opened: an edited text may hold one. Counted when one looks like it."""
    words: list[str] = field(default_factory=list)
    marks: list[str] = field(default_factory=list)
    indent: int = 0
    """Of the statement in hand."""
    comment: str | None = None
    listing: bool = False
    line: int = 1
    known: dict[str, Plain | None] = field(default_factory=dict)
    """What is plain of the lines so far: many say the same."""

    def is_plain(self) -> bool:
        """Whether nothing is in hand, and braces alone open and close."""
        in_hand = self.words or self.marks or self.listing or self.comment is not None
        return not in_hand and is_plain(self.path) and all(indent is None for *_, indent in self.levels)

    def end(self) -> None:
        """The statement in hand is a leaf."""
        if self.words:
            words = tuple(self.words)
            path = (*self.path, *words)
            if "[" not in words and statements(path) == [path]:
                write(self.node, self.path, words)
            else:
                self.draft.set(path)
            if self.marks or self.comment is not None:
                leaf = statements(path)[0] if "[" not in words else path
                self._hang(words, leaf)
        self.words, self.marks = [], []

    def open(self, indent: int | None = None) -> None:
        """The statement in hand is a block."""
        if not self.words:
            raise ValueError(f"line {self.line}: expected a statement before the brace, got none")
        head = tuple(self.words)
        path = (*self.path, *head)
        node = write(self.node, self.path, head)
        self._hang(head, path)
        self.levels.append((self.path, self.node, indent))
        if indent is None:
            self.columns.append(self.indent)
        self.path, self.node, self.words, self.marks = path, node, [], []

    def close(self, column: int | None) -> None:
        """A brace closes; one that stands deeper than what is open is the one too many, where there is one."""
        self.end()
        if column is not None and self.columns and column > self.columns[-1] and self._has_stray():
            return
        self.columns[-1:] = []
        while self.levels and self.levels[-1][2] is not None:
            self.path, self.node, _ = self.levels.pop()
        if self.levels:  # an excerpt from within the hierarchy closes what it did not open
            self.path, self.node, _ = self.levels.pop()

    def _has_stray(self) -> bool:
        """Whether a brace too many is still to come; it then has."""
        if self.stray is None:
            signs = [found.group() for found in _TOKEN.finditer(self.text) if found.lastgroup == "sign"]
            self.stray = signs.count("}") - signs.count("{")
        self.stray -= 1
        return self.stray >= 0

    def start(self, indent: int) -> None:
        """A line starts with a word: the one before is over, as a leaf or as what this one belongs to."""
        if self.words:
            if indent > self.indent:
                self.open(self.indent)
            else:
                self.end()
        while self.levels and self.levels[-1][2] is not None and indent <= (self.levels[-1][2] or 0):
            self.path, self.node, _ = self.levels.pop()
        self.indent = indent

    def _hang(self, words: Words, leaf: Words) -> None:
        """Marks and the comment go to the statement that the words name."""
        if not self.marks and self.comment is None:
            return
        named = leaf if len(words) == 1 else (*self.path, *words[: head_length(words, self.path)])
        for mark in self.marks:
            self.draft.mark(named, mark, on=True)
        if self.comment is not None:
            self.draft.comment(named, self.comment)
            self.comment = None


def read_curly(text: str, known: dict[str, Plain | None] | None = None) -> Tree:
    """The trie of a text in curly braces; raises ValueError with the line.

    `known` is filled and used by the readings of texts that have much in common.
    """
    draft = Draft()
    reader = _Reader(text, draft, draft.tree, known={} if known is None else known)
    lines = text.split("\n")
    starts = list(accumulate((len(line) + 1 for line in lines), initial=0))
    while (at := reader.line - 1) < len(lines):
        if reader.is_plain():
            at = _take_plain_lines(reader, lines, at)
        reader.line = at + 1
        if _take_signs(reader, starts[at]) == len(text):
            break
    reader.end()
    if any(indent is None for *_, indent in reader.levels):
        raise ValueError(f"line {reader.line}: expected a closing brace for {join(reader.path)!r}, got the end")
    return draft.tree


def _take_plain_lines(reader: _Reader, lines: Sequence[str], first: int) -> int:
    """Take the lines that are one whole statement or a brace, as most are; the number of the first that is not."""
    known, levels, columns = reader.known, reader.levels, reader.columns
    path, node = reader.path, reader.node
    at = first
    for at in range(first, len(lines)):
        line = lines[at].lstrip(" ")
        column = len(lines[at]) - len(line)
        if line == "}":
            if not columns or column > columns[-1]:
                break
            del columns[-1]
            path, node, _ = levels.pop()
            continue
        found = known.get(line) or known.setdefault(line, _plain(line))
        if found is None:
            break
        words, opens = found
        below = write(node, path, words)
        if opens:
            levels.append((path, node, None))
            columns.append(column)
            path, node = (*path, *words), below
    reader.path, reader.node = path, node
    return at


def _plain(line: str) -> Plain | None:
    """The words of a line that is one whole statement, and whether it opens a block; None for another line."""
    if _WORDS.fullmatch(line):
        opens = line[-1] == "{"
        words = tuple(line[: -2 if opens else -1].split())
    elif match := _LINE.fullmatch(line):
        opens = match[3] == "{"
        words = (*match[1].split(), match[2])
    else:
        return None
    return (words, opens) if is_plain(words) and ": " not in line and "/*" not in line else None


def _take_signs(reader: _Reader, at: int) -> int:
    """The rest of a line sign by sign, with what goes on over its end; where the next line begins."""
    fresh, column = True, 0
    for found in _TOKEN.finditer(reader.text, at):
        kind, token = found.lastgroup or "", found.group()
        if kind == "line":
            reader.line += 1
            return found.end()
        if kind == "blank":
            column = len(token.expandtabs(8)) if fresh else column
            continue
        _take(reader, kind, found, column if fresh else None)
        reader.line += token.count("\n")
        fresh = fresh and kind == "comment"
    return len(reader.text)


def _take(reader: _Reader, kind: str, found: re.Match[str], column: int | None) -> None:
    """One sign; `column` where it is the first of its line."""
    sign = found.group()
    if kind == "hash":
        return
    if kind == "other":
        raise ValueError(f"line {reader.line}: expected a statement, got {sign!r}")
    if column is not None and not reader.listing and sign not in ("{", "}", ";"):
        reader.start(column)
    if kind == "comment":
        reader.comment = " ".join(sign[2:-2].split())
    elif kind == "mark":
        if sign == "delete:":
            raise ValueError(f"line {reader.line}: expected a configuration, got a patch with {sign!r}")
        mark = _MARKS.get(sign[:-1])
        reader.marks += [mark] if mark else []
    elif kind != "sign":
        reader.words.append(found["quoted"] if kind == "quoted" else sign)
    elif sign == ";":
        reader.end()
    elif sign == "{":
        reader.open()
    elif sign == "}":
        reader.close(column)
    else:
        reader.listing = sign == "["
        reader.words.append(sign)


def write_curly(tree: Tree, path: Words = ()) -> str:
    """The text of a trie, or of what stands below a path of one."""
    return "".join(f"{line}\n" for line in _block(tree, path, 0))


def _block(tree: Tree, path: Words, depth: int) -> Iterator[str]:
    pad = "    " * depth
    for word, beneath in tree.items():
        if is_mark(word):
            continue
        here = (*path, word)
        plain = not any(is_mark(key) for key in beneath)
        children = [key for key in beneath if not is_mark(key)]
        if plain and children and _names(here, children[0]):
            for child in children:
                yield from _statement(beneath[child], (*here, child), f"{quote(word)} {quote(child)}", depth)
        elif word in DEEP and plain and children:
            yield from (f"{pad}{join(leaf)};" for leaf in leaves(beneath, (word,)))
        else:
            yield from _statement(beneath, here, quote(word), depth)


def _names(path: Words, child: str) -> bool:
    """Whether Junos prints a word and the one below it on one line; `interfaces {` holds its entries in a block."""
    if path[-1] in DEEP or path[-1] in CONTAINERS_OF_NAMES:
        return False
    return path[-1] in JOINED or is_entry((*path, child))


def _statement(beneath: Tree, path: Words, label: str, depth: int) -> Iterator[str]:
    pad = "    " * depth
    for mark in beneath:
        if mark.startswith(COMMENT):
            yield f"{pad}/* {mark[len(COMMENT) :]} */"
    flags = "".join(text for mark, text in ((PROTECTED, "protect: "), (INACTIVE, "inactive: ")) if mark in beneath)
    children = [key for key in beneath if not is_mark(key)]
    flat = all(not beneath[key] for key in children)
    if not children:
        yield f"{pad}{flags}{label};"
    elif (line := _one_line(beneath, path, children, flat=flat)) is not None:
        yield f"{pad}{flags}{label} {line};"
    else:
        yield f"{pad}{flags}{label} {{"
        yield from _block(beneath, path, depth + 1)
        yield f"{pad}}}"


_SHORT = frozenset({"route", "community", "as-path"})
"""Entries that Junos prints on one line with the only statement below them."""


def _one_line(beneath: Tree, path: Words, children: list[str], *, flat: bool) -> str | None:
    """What follows a statement on its line, None where it opens a block."""
    if _is_one_liner(path) and all(not below for key in children for below in beneath[key].values()):
        return " ".join(join(leaf) for leaf in leaves(beneath)) if not any(map(is_mark, beneath)) else None
    short = path[-1] == "then" or (path[-1] == "from" and "policy-statement" in path)  # a filter's opens a block
    short = short or bool(path[-2:-1] and path[-2] in _SHORT and path[0] != "snmp")
    if short and len(children) == 1 and children[0] not in DEEP:
        return _lone(beneath[children[0]], (*path, children[0]))
    if not flat or stays(path):
        return None
    if len(children) > 1:
        return f"[ {join(children)} ]" if path[-1] in BRACKETS else None
    if is_single(path) or path[-1] in BRACKETS or _valued(children[0]):
        return quote(children[0])
    return None


def _lone(beneath: Tree, path: Words) -> str | None:
    """The only statement below `from` or `then`, which Junos prints behind it."""
    if not beneath:
        return quote(path[-1])
    if any(map(is_mark, beneath)) or any(beneath.values()):
        return None
    line = _one_line(beneath, path, list(beneath), flat=True)
    return f"{quote(path[-1])} {line}" if line is not None else None


def _valued(word: str) -> bool:
    """Whether an only child looks like a value rather than like a statement of its own."""
    return bool(re.search(r"[\d\s:/.*]", word))


def _is_one_liner(path: Words) -> bool:
    for at, word in ((-1, path[-1]), (-2, path[-2] if len(path) > 1 else "")):
        form = ONE_LINERS.get(word)
        if form is not None and (not form.within or form.within.intersection(path)):
            return form.positional == (0 if at == -1 else 1)
    return False
