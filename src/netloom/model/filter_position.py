"""Where the end of a half-written filter is: what is expected there, and what of it is written already."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from netloom.model.expression import path_of, path_parts

Kind = Literal["field", "operator", "value", "next"]

_FIELD = re.compile(r'[A-Za-z_][A-Za-z0-9_]*(?:\.(?:[A-Za-z0-9_]+|"(?:[^"\\]|\\.)*"?)?)*')
_OPERATOR = re.compile(r"!=|!~|<=|>=|==|=|<|>|~")
_IN = re.compile(r"(?i)(not\s+)?in(?=[\s(])")
_HALF_OPERATOR = re.compile(r"(?i)!|n|no|not|not\s+i|not\s+in|i|in")
_QUOTED = re.compile(r"""("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')""", re.DOTALL)
_BARE = re.compile(r"[^\s(),\"']*")
_JOINT = re.compile(r"(?i)(and|or)(?=[\s(])")
_NOT = re.compile(r"(?i)not(?=[\s(])")
_SPACE = re.compile(r"\s*")


@dataclass(frozen=True, slots=True)
class Position:
    """The end of a text."""

    kind: Kind
    """A field's name, an operator, a value, or what may follow a condition."""
    start: int
    """Where what is expected begins."""
    typed: str
    """What of it is there."""
    field: str = ""
    """The field that the operator or the value belongs to."""


def position(text: str) -> Position:
    """Where the end of a text is; what is wrong before it is passed over."""
    walk = _Walk(text)
    while (found := walk.step()) is None:
        continue
    return found


class _Walk:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.kind: Kind = "field"
        self.field = ""
        self.many = False
        """Within a list of values."""

    def step(self) -> Position | None:
        """Take one word in; the position, once the text ends."""
        self._take(_SPACE)
        if self.at == len(self.text):
            return Position(self.kind, self.at, "", self.field if self.kind in ("operator", "value") else "")
        return getattr(self, f"_{self.kind}")()  # type: ignore[no-any-return]  # one of those below

    def _field(self) -> Position | None:
        if self.text[self.at] == "(" or self._sees(_NOT):
            return self._on("field", 1 if self.text[self.at] == "(" else 3)
        start = self.at
        if not (found := self._take(_FIELD)):
            return self._on("field", 1)
        if self.at == len(self.text):
            return Position("field", start, found)
        self.field = path_of(path_parts(found))
        return self._on("operator")

    def _operator(self) -> Position | None:
        start = self.at
        if _HALF_OPERATOR.fullmatch(self.text, start):
            return Position("operator", start, self.text[start:], self.field)
        if self._take(_IN):
            self._take(_SPACE)
            self.many = self.text[self.at : self.at + 1] == "("
            return self._on("value", int(self.many))
        return self._on("value" if self._take(_OPERATOR) else "next")

    def _value(self) -> Position | None:
        start = self.at
        if not self._take(_QUOTED):
            self._take(_BARE)
            if self.at == len(self.text) or self.text[self.at] in "\"'":
                return Position("value", start, self.text[start:], self.field)
        if self.many:
            self._take(_SPACE)
            if self.text[self.at : self.at + 1] == ",":
                return self._on("value", 1)
            self.many = False
        return self._on("next", int(self.at == start))

    def _next(self) -> Position | None:
        if self.text[self.at] in "),":
            return self._on("next", 1)
        start, word = self.at, self.text[self.at :].lower()
        if word in ("a", "an", "and", "o", "or"):
            return Position("next", start, self.text[start:])
        self._take(_JOINT)
        return self._on("field")

    def _on(self, kind: Kind, width: int = 0) -> Position | None:
        """Go on after so many characters, expecting something else."""
        self.kind = kind
        self.at += width
        return None

    def _sees(self, pattern: re.Pattern[str]) -> bool:
        return pattern.match(self.text, self.at) is not None

    def _take(self, pattern: re.Pattern[str]) -> str:
        found = pattern.match(self.text, self.at)
        self.at = found.end() if found else self.at
        return found.group() if found else ""
