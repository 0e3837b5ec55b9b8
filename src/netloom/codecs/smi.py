"""MIB modules as text: SMIv2 (RFC 2578, 2579, 2580) and SMIv1 (RFC 1155, 1212, 1215): names, types, indices.

Descriptions are skipped, conformance is not judged, and what vendors get wrong in practice (underscores, missing
imports) is let pass; what cannot be understood is an error with its line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from netloom.errors import SourceError

_TOKEN = re.compile(
    r"""(?P<space>[\s\0]+|--[^\n]*)|(?P<text>"[^"]*")|(?P<bits>'[0-9A-Fa-f]*'[HhBb]?)|(?P<mark>::=|\.\.|[{}()\[\],;|.])"""
    r"""|(?P<word>-?[A-Za-z0-9][\w-]*|-\d+)"""
)
_SIZE_LIMIT = 4 << 20
_MACROS = frozenset(
    (
        "OBJECT-TYPE",
        "MODULE-IDENTITY",
        "OBJECT-IDENTITY",
        "NOTIFICATION-TYPE",
        "TRAP-TYPE",
        "OBJECT-GROUP",
        "NOTIFICATION-GROUP",
        "MODULE-COMPLIANCE",
        "AGENT-CAPABILITIES",
    )
)


@dataclass(frozen=True, slots=True)
class Syntax:
    """A type, as it is written."""

    name: str
    """INTEGER, OCTET STRING, OBJECT IDENTIFIER, BITS, SEQUENCE OF, or a name of another type."""
    labels: Mapping[int, str] = field(default_factory=dict)
    size: int | None = None
    """Octets, where it is always as many."""
    hint: str = ""
    """Of a textual convention."""


@dataclass(frozen=True, slots=True)
class Definition:
    """A name with a place in the tree."""

    name: str
    macro: str
    """OBJECT-TYPE, NOTIFICATION-TYPE, …, or OBJECT IDENTIFIER."""
    parent: str
    """The name that its numbers hang on; empty where they begin at the root."""
    numbers: tuple[int, ...]
    line: int
    syntax: Syntax | None = None
    index: tuple[str, ...] = ()
    """! is IMPLIED."""
    augments: str = ""


@dataclass(frozen=True, slots=True)
class Module:
    """One MIB module."""

    name: str
    definitions: tuple[Definition, ...]
    types: Mapping[str, Syntax]


class _Token(NamedTuple):
    kind: str
    text: str
    at: int


def parse_modules(text: str, file: str) -> list[Module]:
    """The modules in a file; raises SourceError."""
    if len(text) > _SIZE_LIMIT:
        raise SourceError(f"expected at most {_SIZE_LIMIT >> 20} MiB of MIB, got {len(text)} characters", file=file)
    parser = _Parser(text, file)
    modules = []
    while not parser.at_end:
        modules.append(parser.module())
    if not modules:
        raise SourceError("expected a MIB module (NAME DEFINITIONS ::= BEGIN …), got none", file=file)
    return modules


class _Parser:
    def __init__(self, text: str, file: str) -> None:
        self._text = text
        self._file = file
        self._tokens = list(self._scan())
        self._at = 0
        self._end = _Token("end", "the end of the file", len(text))

    @property
    def at_end(self) -> bool:
        return self._at >= len(self._tokens)

    def _scan(self) -> Iterator[_Token]:
        at = 0
        while at < len(self._text):
            found = _TOKEN.match(self._text, at)
            if found is None:
                raise self._error(f"expected a word, a number or a mark, got {self._text[at]!r}", at)
            if found.lastgroup != "space":
                yield _Token(found.lastgroup or "", found.group(), at)
            at = found.end()

    def _error(self, message: str, at: int) -> SourceError:
        line = self._text.count("\n", 0, at) + 1
        column = at - self._text.rfind("\n", 0, at)
        return SourceError(message, file=self._file, line=line, column=column)

    def _peek(self, ahead: int = 0) -> _Token:
        return self._tokens[self._at + ahead] if self._at + ahead < len(self._tokens) else self._end

    def _next(self) -> _Token:
        token = self._peek()
        self._at += 1
        return token

    def _expect(self, *texts: str) -> _Token:
        token = self._next()
        if token.text not in texts:
            raise self._error(f"expected {' or '.join(texts)}, got {token.text[:40]}", token.at)
        return token

    def _word(self, what: str) -> _Token:
        token = self._next()
        if token.kind != "word":
            raise self._error(f"expected {what}, got {token.text[:40]}", token.at)
        return token

    def _skip_group(self, opening: str, closing: str) -> None:
        """Over a bracketed group, its opening mark included."""
        depth = 0
        start = self._peek()
        while not self.at_end:
            text = self._next().text
            depth += (text == opening) - (text == closing)
            if depth == 0:
                return
        raise self._error(f"{opening} is never closed", start.at)

    def _skip_to(self, *texts: str) -> None:
        start = self._peek()
        while self._next().text not in texts:
            if self.at_end:
                raise self._error(f"expected {' or '.join(texts)} after this", start.at)

    def module(self) -> Module:
        """One module, from its name to END."""
        name = self._word("a module's name").text
        if self._peek().text == "{":
            self._skip_group("{", "}")
        self._expect("DEFINITIONS")
        self._skip_to("BEGIN")
        definitions: list[Definition] = []
        types: dict[str, Syntax] = {}
        while (token := self._word("a definition or END")).text != "END":
            if token.text in ("IMPORTS", "EXPORTS"):
                self._skip_to(";")
            elif self._peek().text == "MACRO":
                self._skip_to("END")
            elif self._peek().text == "::=":
                self._next()
                types[token.text] = self._type_assignment()
            else:
                definitions.append(self._definition(token))
        return Module(name, tuple(definitions), types)

    def _type_assignment(self) -> Syntax:
        if self._peek().text == "TEXTUAL-CONVENTION":
            hint = ""
            while (token := self._next()).text != "SYNTAX":
                if token.text == "DISPLAY-HINT":
                    hint = self._next().text.strip('"')
                if self.at_end:
                    raise self._error("expected SYNTAX after TEXTUAL-CONVENTION", token.at)
            found = self._syntax()
            return Syntax(found.name, found.labels, found.size, hint)
        if self._peek().text in ("SEQUENCE", "CHOICE") and self._peek(1).text == "{":
            self._next()
            self._skip_group("{", "}")
            return Syntax("SEQUENCE")
        return self._syntax()

    def _syntax(self) -> Syntax:
        if self._peek().text == "[":
            self._skip_group("[", "]")
        if self._peek().text == "IMPLICIT":
            self._next()
        token = self._word("a type")
        name = token.text
        if name in ("OCTET", "OBJECT", "SEQUENCE") and self._peek().text in ("STRING", "IDENTIFIER", "OF"):
            name = f"{name} {self._next().text}"
        if name == "SEQUENCE OF":
            self._word("an entry's type")
        labels: dict[int, str] = {}
        size = None
        if self._peek().text == "{":
            labels = self._labels()
        elif self._peek().text == "(":
            size = self._constraint()
        return Syntax(name, labels, size)

    def _labels(self) -> dict[int, str]:
        self._expect("{")
        labels: dict[int, str] = {}
        while True:
            label = self._word("a label").text
            self._expect("(")
            labels[self._number()] = label
            self._expect(")")
            if self._expect(",", "}").text == "}":
                return labels
            if self._peek().text == "}":  # a comma too many
                self._next()
                return labels

    def _constraint(self) -> int | None:
        """A range or a size; the size where it is one number."""
        start = self._at
        self._skip_group("(", ")")
        words = [token.text for token in self._tokens[start : self._at] if token.text not in "()"]
        return int(words[1]) if len(words) == 2 and words[0] == "SIZE" and words[1].isdecimal() else None

    def _number(self) -> int:
        token = self._next()
        try:
            return int(token.text)
        except ValueError:
            raise self._error(f"expected a number, got {token.text[:40]}", token.at) from None

    def _definition(self, name: _Token) -> Definition:
        line = self._text.count("\n", 0, name.at) + 1
        macro = self._word("OBJECT-TYPE or another macro").text
        if macro == "OBJECT" and self._peek().text == "IDENTIFIER":
            self._next()
            self._expect("::=")
            parent, numbers = self._place()
            return Definition(name.text, "OBJECT IDENTIFIER", parent, numbers, line)
        if macro not in _MACROS:
            raise self._error(f"expected one of {', '.join(sorted(_MACROS))} after {name.text}, got {macro}", name.at)
        return self._macro(name, macro, line)

    def _macro(self, name: _Token, macro: str, line: int) -> Definition:
        syntax: Syntax | None = None
        index: tuple[str, ...] = ()
        augments = enterprise = ""
        while (token := self._next()).text != "::=":
            match token.text:
                case "SYNTAX" if macro == "OBJECT-TYPE":
                    syntax = self._syntax()
                case "INDEX":
                    index = self._names()
                case "AUGMENTS":
                    augments = next(iter(self._names()), "")
                case "ENTERPRISE":
                    enterprise = self._names()[0] if self._peek().text == "{" else self._word("a name").text
                case "{":
                    self._at -= 1
                    self._skip_group("{", "}")
            if self.at_end:
                raise self._error(f"expected ::= for {name.text}", name.at)
        if macro == "TRAP-TYPE":
            # RFC 3584 §3.1: a version 1 trap hangs on its enterprise's zero.
            return Definition(name.text, macro, enterprise, (0, self._number()), line)
        parent, numbers = self._place()
        return Definition(name.text, macro, parent, numbers, line, syntax, index, augments)

    def _names(self) -> tuple[str, ...]:
        """{a, IMPLIED b}"""
        self._expect("{")
        found: list[str] = []
        implied = False
        while (token := self._next()).text != "}":
            if token.text == "IMPLIED":
                implied = True
            elif token.kind == "word":
                found.append(f"!{token.text}" if implied else token.text)
                implied = False
            elif token.text not in (",", "(", ")", "..", "|"):
                raise self._error(f"expected a name, got {token.text[:40]}", token.at)
        return tuple(found)

    def _place(self) -> tuple[str, tuple[int, ...]]:
        """{ parent 1 }, { iso org(3) 6 1 } or { 1 3 6 }."""
        self._expect("{")
        parent, numbers = "", []
        while (token := self._word("a name or a number")).text:
            if token.text.isdecimal():
                numbers.append(int(token.text))
            elif self._peek().text == "(":
                self._next()
                numbers.append(self._number())
                self._expect(")")
            elif not parent and not numbers:
                parent = token.text
            else:
                raise self._error(f"expected a number, got {token.text[:40]}", token.at)
            if self._peek().text == "}":
                self._next()
                break
        return parent, tuple(numbers)
