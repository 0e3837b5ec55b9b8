"""What an alert says: text with `{{ field|filter }}` in it, filled in and nothing more.

Law: no expression is evaluated; a field's value is put in as it is and never read again, whoever wrote it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from netloom.alerts.duration import words

_MARK = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)
_INSIDE = re.compile(r"\s*(?P<field>[A-Za-z_][\w.]*)\s*(?P<filters>(?:\|\s*\w+\s*(?:\([^()]*\))?\s*)*)")
_FILTER = re.compile(r"\|\s*(\w+)\s*(?:\(([^()]*)\))?")
TEXT_LIMIT = 2000
Value = str | float


def _round(value: Value, argument: str) -> str:
    number = _number(value)
    return str(value) if number is None else f"{number:.{int(argument or 0)}f}"


def _si(value: Value, argument: str) -> str:
    number = _number(value)
    if number is None:
        return str(value)
    for size, prefix in ((1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k")):
        if abs(number) >= size:
            return f"{number / size:.3g} {prefix}{argument}"
    for size, prefix in ((1, ""), (1e-3, "m"), (1e-6, "µ"), (1e-9, "n")):
        if abs(number) >= size:
            return f"{number / size:.3g} {prefix}{argument}".rstrip()
    return f"{number:.3g} {argument}".rstrip()


def _duration(value: Value, _: str) -> str:
    number = _number(value)
    return str(value) if number is None else words(number)


FILTERS: Mapping[str, Callable[[Value, str], str]] = {
    "round": _round,
    "si": _si,
    "duration": _duration,
    "upper": lambda value, _: plain(value).upper(),
    "lower": lambda value, _: plain(value).lower(),
    "default": lambda value, argument: plain(value) or argument.strip("'\" "),
}
"""Name → what it makes of a value and of what stands in its parentheses: round(1), si(bit/s)."""


@dataclass(frozen=True, slots=True)
class Wording:
    """A text, parsed."""

    text: str
    parts: tuple[str | tuple[str, tuple[tuple[str, str], ...]], ...]
    """Text, or a field and its filters."""

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields in it."""
        return tuple(part[0] for part in self.parts if not isinstance(part, str))

    def fill(self, values: Mapping[str, Value]) -> str:
        """The text with the values; one that is not there is empty."""
        found = []
        for part in self.parts:
            if isinstance(part, str):
                found.append(part)
                continue
            name, filters = part
            value: Value = values.get(name, "")
            for each, argument in filters:
                value = FILTERS[each](value, argument)
            found.append(plain(value))
        return "".join(found)[:TEXT_LIMIT]


def parse_wording(text: str) -> Wording:
    """Read a text; raises ValueError."""
    parts: list[str | tuple[str, tuple[tuple[str, str], ...]]] = []
    at = 0
    for mark in _MARK.finditer(text):
        parts.append(text[at : mark.start()])
        at = mark.end()
        inside = _INSIDE.fullmatch(mark[1])
        if inside is None:
            raise ValueError(f"expected {{{{ field }}}} or {{{{ field|filter }}}}, got {mark[0]}")
        filters = tuple((name, argument) for name, argument in _FILTER.findall(inside["filters"]))
        for name, argument in filters:
            if name not in FILTERS:
                raise ValueError(f"{name}: unknown filter; expected one of {', '.join(FILTERS)}")
            if name == "round" and not re.fullmatch(r"\s*\d?\s*", argument):
                raise ValueError(f"round: expected a number of digits, got {argument!r}")
        parts.append((inside["field"], filters))
    parts.append(text[at:])
    return Wording(text, tuple(part for part in parts if part))


def plain(value: Value) -> str:
    """A value as text: numbers with as many digits as people read."""
    return value if isinstance(value, str) else f"{value:.6g}" if abs(value) < 1e6 else f"{value:.0f}"


def one_line(text: str) -> str:
    """Text that cannot begin another line, whoever it comes from."""
    return "".join(character if character.isprintable() else " " for character in text).strip()


def _number(value: Value) -> float | None:
    try:
        return float(value)
    except ValueError:
        return None


def unknown(wording: Wording, known: Sequence[str], open_ended: Sequence[str]) -> str | None:
    """The first field that is neither known nor below one of the open-ended names, None where there is none."""
    for name in wording.fields:
        if name not in known and not any(name.startswith(f"{head}.") for head in open_ended):
            return name
    return None
