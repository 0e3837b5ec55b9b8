"""The filter language, one for the command line, the API and URLs.

state=down                  words ignore case; `*` and `?` stand for any text: name=leaf*
mtu>1500  speed_bps>=10G    numbers
name~^leaf[0-9]+$           a regular expression found anywhere; `!~` its opposite
prefix in 10.0.0.0/8        a prefix or an address inside a prefix
state in (idle, active)     any of these; `not in`
selected                    true, or there at all
description=none            not there, or empty
next_hops.address=10.0.0.1  a path into nested records; lists match if any element does
ie."0/136"=2                a name on the path that is no plain word stands in quotes
not a=1 (b=2 or c="x y")    not, and, or, parentheses; side by side means and
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, cast

from netloom.errors import SourceError
from netloom.model.expression import And, Compare, Expression, In, Not, Operator, Or, Truth, Word, path_of, path_parts
from netloom.model.noun import Record

DEPTH_LIMIT = 50

_NAME = r"[A-Za-z_][A-Za-z0-9_]*"
_FIELD = re.compile(rf'{_NAME}(?:\.(?:{_NAME}|"(?:[^"\\]|\\.)+"))*', re.DOTALL)
_OPERATOR = re.compile(r"!=|!~|<=|>=|==|=|<|>|~")
_VALUE = re.compile(r"[^\s(),\"']+")
_KEYWORDS = ("and", "or", "not", "in")


@dataclass(frozen=True, slots=True)
class Filter:
    """A question about rows; without an expression every row is meant."""

    expression: Expression | None = None

    def matches(self, row: Mapping[str, Any] | Record) -> bool:
        """Whether the row is meant."""
        return self.expression is None or self.expression.matches(row)

    def __str__(self) -> str:
        return "" if self.expression is None else str(self.expression)


def parse_filter(text: str, *, fields: Sequence[str] | None = None) -> Filter:
    """Read a filter; raises SourceError with the column. With `fields`, dotted paths included, others are refused."""
    parser = _Parser(text, fields)
    parser.space()
    if parser.at == len(text):
        return Filter()
    expression = parser.either()
    if parser.at < len(text):
        raise parser.fault(f"expected the end, got {parser.rest()!r}")
    return Filter(expression)


def parse_words(words: Sequence[str], *, fields: Sequence[str] | None = None) -> Filter:
    """Read a filter given as the words of a command line, all of which must hold.

    The shell has taken the quotes away: in a word such as `description=to spine1` the spaces belong to the value,
    unless the word is a filter by itself.
    """
    return parse_filter(" ".join(_requoted(word, fields) for word in words), fields=fields)


def _requoted(word: str, fields: Sequence[str] | None) -> str:
    if not re.search(r"\s", word):
        return word
    try:
        parse_filter(word, fields=fields)
    except SourceError:
        field = _FIELD.match(word)
        operator = _OPERATOR.match(word, field.end()) if field else None
        if operator is None:
            return word
        return word[: operator.end()] + str(Word(word[operator.end() :], quoted=True))
    return f"({word})"


class _Parser:
    def __init__(self, text: str, fields: Sequence[str] | None) -> None:
        self.text = text
        self.fields = fields
        self.at = 0
        self.depth = 0

    def either(self) -> Expression:
        parts = [self.both()]
        while self.keyword("or"):
            parts.append(self.both())
        return parts[0] if len(parts) == 1 else Or(tuple(parts))

    def both(self) -> Expression:
        parts = [self.one()]
        while self.keyword("and") or not self.ends_here():
            parts.append(self.one())
        return parts[0] if len(parts) == 1 else And(tuple(parts))

    def ends_here(self) -> bool:
        return self.at == len(self.text) or self.text[self.at] == ")" or self.sees("or")

    def one(self) -> Expression:
        self.depth += 1
        if self.depth > DEPTH_LIMIT:
            raise self.fault(f"nested more than {DEPTH_LIMIT} deep")
        try:
            if self.keyword("not"):
                return Not(self.one())
            opened = self.at
            if self.take("("):
                inner = self.either()
                if not self.take(")"):
                    raise self.fault('expected ")"', at=opened if self.at == len(self.text) else None)
                return inner
            return self.condition()
        finally:
            self.depth -= 1

    def condition(self) -> Expression:
        field = self.field()
        if self.keyword("in"):
            return In(field, self.values())
        if self.sees("not") and re.match(r"(?i)not\s+in\b", self.text[self.at :]):
            self.keyword("not")
            self.keyword("in")
            return In(field, self.values(), negated=True)
        found = _OPERATOR.match(self.text, self.at)
        if found is None:
            return Truth(field)
        self.at = found.end()
        self.space()
        operator = cast("Operator", "=" if found.group() == "==" else found.group())
        value = self.pattern() if operator in ("~", "!~") else self.value()
        return Compare(field, operator, value)

    def field(self) -> str:
        start = self.at
        found = _FIELD.match(self.text, start)
        if found is None or found.group().lower() in _KEYWORDS:
            raise self.fault(f"expected a field, got {self.rest()!r}" if self.rest() else "expected a field at the end")
        name = path_of(path_parts(found.group()))
        if self.fields is not None and not _known(name, self.fields):
            near = get_close_matches(name, self.fields, n=1)
            hint = f'did you mean "{near[0]}"?' if near else f"expected one of {', '.join(self.fields)}"
            raise self.fault(f"{name}: unknown field", at=start, hint=hint)
        self.at = found.end()
        self.space()
        return name

    def values(self) -> tuple[Word, ...]:
        if not self.take("("):
            return (self.value(),)
        found = [self.value()]
        while self.take(","):
            found.append(self.value())
        if not self.take(")"):
            raise self.fault(f'expected "," or ")", got {self.rest()!r}')
        return tuple(found)

    def value(self) -> Word:
        if self.text[self.at : self.at + 1] in ('"', "'"):
            return self.quoted()
        found = _VALUE.match(self.text, self.at)
        if found is None:
            raise self.fault(f"expected a value, got {self.rest()!r}" if self.rest() else "expected a value at the end")
        self.at = found.end()
        if self.text[self.at : self.at + 1] == "," and not self.in_list(found.start()):
            raise self.fault("a value with a comma", hint="write it in quotes, or a list as: field in (a, b)")
        self.space()
        return Word(found.group())

    def in_list(self, start: int) -> bool:
        return self.text[:start].rstrip().endswith(("(", ","))

    def quoted(self) -> Word:
        start, mark = self.at, self.text[self.at]
        found = re.compile(rf"{mark}((?:[^\\{mark}]|\\.)*){mark}", re.DOTALL).match(self.text, start)
        if found is None:
            raise self.fault("the quote is not closed", at=start)
        self.at = found.end()
        self.space()
        return Word(re.sub(r"\\([\\\"'])", r"\1", found.group(1)), quoted=True)

    def pattern(self) -> Word:
        """A regular expression: quoted, or up to a space or the parenthesis that closes what stands around it."""
        start = self.at
        if self.text[start : start + 1] in ('"', "'"):
            word = self.quoted()
        else:
            self.at = end = _pattern_end(self.text, start)
            if end == start:
                raise self.fault("expected a regular expression")
            self.space()
            word = Word(self.text[start:end], quoted=True)
        try:
            re.compile(word.text, re.ASCII)
        except (re.error, ValueError, OverflowError, RecursionError) as exc:
            position = getattr(exc, "pos", None) or 0
            raise self.fault(f"not a regular expression: {exc}", at=start + position) from exc
        return word

    def keyword(self, word: str) -> bool:
        if not self.sees(word):
            return False
        self.at += len(word)
        self.space()
        return True

    def sees(self, word: str) -> bool:
        """Whether the word stands here by itself, and not as a field's name before an operator."""
        if self.text[self.at : self.at + len(word)].lower() != word:
            return False
        after = self.text[self.at + len(word) :]
        return not re.match(r"[A-Za-z0-9_.]", after)

    def take(self, mark: str) -> bool:
        if self.text[self.at : self.at + 1] != mark:
            return False
        self.at += 1
        self.space()
        return True

    def space(self) -> None:
        while self.at < len(self.text) and self.text[self.at].isspace():
            self.at += 1

    def rest(self) -> str:
        found = re.match(r"\S+", self.text[self.at :])
        return found.group() if found else ""

    def fault(self, message: str, *, at: int | None = None, hint: str | None = None) -> SourceError:
        column = (self.at if at is None else at) + 1
        return SourceError(message, file="filter", line=1, column=column, hint=hint)


def _known(name: str, fields: Sequence[str]) -> bool:
    parts = path_parts(name)
    above = (path_of(parts[:size]) for size in range(1, len(parts)))
    return name in fields or any(
        path in fields and not any(field.startswith(f"{path}.") for field in fields) for path in above
    )


def _pattern_end(text: str, start: int) -> int:
    depth, in_class, at = 0, False, start
    while at < len(text) and not text[at].isspace():
        match text[at]:
            case "\\":
                at += 1
            case "[":
                in_class = True
            case "]":
                in_class = False
            case "(" if not in_class:
                depth += 1
            case ")" if not in_class:
                if not depth:
                    return at
                depth -= 1
        at += 1
    return min(at, len(text))
