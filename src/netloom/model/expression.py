"""Filter expressions as data: what they say, how they are written, and which rows they match.

The store compiles the same data to SQL and must select the same rows, so every rule here has an exact counterpart
there: text is compared with ASCII letters lowered, regular expressions are case-sensitive, a list (or a dotted path
through lists) matches if any element does, and `!=`, `!~` and `not in` are the negations of `=`, `~` and `in`.
"""

from __future__ import annotations

import ipaddress
import operator
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Literal

from netloom.model.noun import Record
from netloom.model.text import canonical_address, canonical_mac

Operator = Literal["=", "!=", "<", "<=", ">", ">=", "~", "!~"]

IPV4 = r"(?:(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])\.){3}(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])"
IPV4_OR_PREFIX = IPV4 + r"(?:/(?:3[0-2]|[12]?[0-9]))?"
_IPV4_OR_PREFIX = re.compile(IPV4_OR_PREFIX)
_MAC = re.compile(r"(?i)[0-9a-f]{2}([:-]?)(?:[0-9a-f]{2}\1){4}[0-9a-f]{2}|[0-9a-f]{4}(?:\.[0-9a-f]{4}){2}")
_NUMBER = re.compile(r"([+-]?[0-9]+(?:\.[0-9]+)?)([kKMGT]?)")
_SCALE = {"": 1, "k": 10**3, "K": 10**3, "M": 10**6, "G": 10**9, "T": 10**12}
_PART = re.compile(r'"((?:[^"\\]|\\.)*)"|([^."]+)', re.DOTALL)
_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_BARE = re.compile(r"[^\s(),\"']+")
_ORDERS = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}
_LOWER = {upper: upper + 32 for upper in range(ord("A"), ord("Z") + 1)}


@dataclass(frozen=True, slots=True)
class Word:
    """A value as written; `quoted` takes the meaning from `*`, `?`, `none` and prefixes."""

    text: str
    quoted: bool = False

    @property
    def number(self) -> int | float | None:
        """The number it spells (`1500`, `10G`), None where it spells none."""
        found = _NUMBER.fullmatch(self.text)
        if found is None:
            return None
        digits, scale = found.groups()
        if "." in digits:
            value = float(digits) * _SCALE[scale]
            return int(value) if value.is_integer() else value
        return int(digits) * _SCALE[scale]

    @property
    def truth(self) -> bool | None:
        """The truth value it spells, None where it spells none."""
        lowered = lower(self.text)
        if lowered in ("true", "yes", "on", "1"):
            return True
        return False if lowered in ("false", "no", "off", "0") else None

    @property
    def time(self) -> datetime | None:
        """The moment it spells in ISO 8601 (UTC unless it says otherwise), None where it spells none."""
        try:
            moment = datetime.fromisoformat(self.text)
        except ValueError:
            return None
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)

    @property
    def missing(self) -> bool:
        """Whether it stands for a value that is not there: `none`, or empty quotes."""
        return not self.text or (not self.quoted and lower(self.text) == "none")

    @property
    def spellings(self) -> frozenset[str]:
        """The lowered texts that it equals: as written, and as the model writes addresses."""
        found = {lower(self.text)}
        for canonical, fits in ((canonical_address, ":" in self.text), (canonical_mac, _MAC.fullmatch(self.text))):
            if fits:
                try:
                    found.add(canonical(self.text))
                except ValueError:
                    continue
        return frozenset(found)

    @property
    def glob(self) -> str | None:
        """The regular expression for a text with `*` or `?`, which must match wholly; None for plain text."""
        if self.quoted or not re.search(r"[*?]", self.text):
            return None
        parts = {"*": r"(?s:.*)", "?": r"(?s:.)"}
        return "".join(parts.get(character) or re.escape(character) for character in lower(self.text))

    @property
    def network(self) -> ipaddress.IPv4Network | ipaddress.IPv6Network | None:
        """The prefix it spells, None where it spells none."""
        if self.quoted or "/" not in self.text:
            return None
        try:
            return ipaddress.ip_network(self.text, strict=False)
        except ValueError:
            return None

    def __str__(self) -> str:
        if not self.quoted and _BARE.fullmatch(self.text):
            return self.text
        return '"' + self.text.replace("\\", "\\\\").replace('"', '\\"') + '"'


@dataclass(frozen=True, slots=True)
class Compare:
    """A field beside a value: `mtu>1500`."""

    field: str
    operator: Operator
    value: Word

    def __str__(self) -> str:
        value = Word(self.value.text, quoted=True) if self.operator in ("~", "!~") else self.value
        return f"{self.field}{self.operator}{value}"

    def matches(self, row: Any) -> bool:
        """Whether the row is meant."""
        values = leaves(row, self.field)
        match self.operator:
            case "=" | "!=":
                return _equal_any(values, self.value) is (self.operator == "=")
            case "~" | "!~":
                pattern = _compiled(_anchored(self.value.text))
                found = any(text is not None and pattern.search(text) for text in map(as_text, values))
                return found is (self.operator == "~")
            case _:
                return any(_ordered(value, self.operator, self.value) for value in values)


@dataclass(frozen=True, slots=True)
class In:
    """A field within prefixes or among values: `prefix in 10.0.0.0/8`, `state in (up, down)`."""

    field: str
    values: tuple[Word, ...]
    negated: bool = False

    def __str__(self) -> str:
        listed = ", ".join(map(str, self.values))
        return f"{self.field} {'not ' if self.negated else ''}in ({listed})"

    def matches(self, row: Any) -> bool:
        """Whether the row is meant."""
        found = leaves(row, self.field)
        hit = any(
            any(isinstance(leaf, str) and within(leaf, network) for leaf in found)
            if (network := word.network)
            else _equal_any(found, word)
            for word in self.values
        )
        return hit is not self.negated


@dataclass(frozen=True, slots=True)
class Truth:
    """A field alone: true, or there at all and neither zero nor empty."""

    field: str

    def __str__(self) -> str:
        return self.field

    def matches(self, row: Any) -> bool:
        """Whether the row is meant."""
        return any(leaf not in (None, False, 0, "") for leaf in leaves(row, self.field))


@dataclass(frozen=True, slots=True)
class Not:
    """The opposite."""

    inner: Expression

    def __str__(self) -> str:
        return f"not {_inside(self.inner)}"

    def matches(self, row: Any) -> bool:
        """Whether the row is meant."""
        return not self.inner.matches(row)


@dataclass(frozen=True, slots=True)
class And:
    """All of them."""

    parts: tuple[Expression, ...]

    def __str__(self) -> str:
        return " and ".join(map(_inside, self.parts))

    def matches(self, row: Any) -> bool:
        """Whether the row is meant."""
        return all(part.matches(row) for part in self.parts)


@dataclass(frozen=True, slots=True)
class Or:
    """Any of them."""

    parts: tuple[Expression, ...]

    def __str__(self) -> str:
        return " or ".join(map(_inside, self.parts))

    def matches(self, row: Any) -> bool:
        """Whether the row is meant."""
        return any(part.matches(row) for part in self.parts)


Expression = Compare | In | Truth | Not | And | Or


def _inside(expression: Expression) -> str:
    return f"({expression})" if isinstance(expression, And | Or) else str(expression)


def lower(text: str) -> str:
    """Text with its ASCII letters lowered, as SQL's `translate` does it."""
    return text.translate(_LOWER)


@lru_cache(maxsize=1024)
def path_parts(path: str) -> tuple[str, ...]:
    """The names along a dotted path, of which any that is no plain word stands in quotes: `ie."0/136"`."""
    return tuple(plain or re.sub(r"\\(.)", r"\1", quoted) for quoted, plain in _PART.findall(path))


def path_of(parts: Iterable[str]) -> str:
    """The dotted path through these names."""
    return ".".join(part if _PLAIN.fullmatch(part) else str(Word(part, quoted=True)) for part in parts)


def leaves(row: Any, path: str) -> list[Any]:
    """The values at a dotted path; every element of the lists on the way."""
    values = [row]
    for name in path_parts(path):
        values = [_member(value, name) for value in _flat(values)]
    return list(_flat(values))


def _member(value: Any, name: str) -> Any:
    if isinstance(value, Mapping):
        return value.get(name)
    return getattr(value, name, None) if isinstance(value, Record) else None


def _flat(values: list[Any]) -> Iterator[Any]:
    for value in values:
        if isinstance(value, list | tuple):
            yield from _flat(list(value))
        else:
            yield value


def as_text(value: Any) -> str | None:
    """What patterns look at: text, whole numbers in decimal, true and false."""
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, str | int) else None


def within(text: str, network: ipaddress.IPv4Network | ipaddress.IPv6Network) -> bool:
    """Whether an address, an address with its length, or a prefix lies in a network."""
    if isinstance(network, ipaddress.IPv4Network) is not bool(_IPV4_OR_PREFIX.fullmatch(text)):
        return False
    try:
        inner = ipaddress.ip_interface(text)
    except ValueError:
        return False
    return inner.version == network.version and inner.ip in network and inner.network.prefixlen >= network.prefixlen


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.ASCII)


@lru_cache(maxsize=256)
def _anchored(pattern: str) -> str:
    """`$` as the very end, where Python alone would also stop before a last newline."""
    if "(?" in pattern:
        return pattern
    pieces: list[str] = re.findall(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|.", pattern, re.DOTALL)
    return "".join(r"\Z" if piece == "$" else piece for piece in pieces)


def _equal_any(values: list[Any], word: Word) -> bool:
    if word.missing and all(value is None or value == "" for value in values):
        return True
    glob = word.glob
    if glob is not None:
        pattern = _compiled(glob)
        return any(text is not None and pattern.fullmatch(lower(text)) for text in map(as_text, values))
    return any(_equal(value, word) for value in values)


def _equal(value: Any, word: Word) -> bool:
    match value:
        case bool():
            return value is word.truth
        case int() | float():
            return value == word.number
        case str():
            return lower(value) in word.spellings
        case datetime():
            return value == word.time
        case _:
            return False


def _ordered(value: Any, sign: Operator, word: Word) -> bool:
    other: Any = None
    match value:
        case bool():
            return False
        case int() | float():
            other = word.number
        case str():
            value, other = lower(value), lower(word.text)
        case datetime():
            other = word.time
    return other is not None and bool(_ORDERS[sign](value, other))
