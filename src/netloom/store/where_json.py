"""Conditions on a mapping's values, which tables keep as JSON: text, whole numbers, other numbers, truth values."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from netloom.model.expression import Word, lower

UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_WIDEST = 2**127
_EXACT = 2**53
"""Up to here every whole number is one of 64-bit floating point."""

Parameter = Callable[[object], str]


def lowered(text: str) -> str:
    """The SQL for text with its ASCII letters lowered."""
    return f"translate({text}, '{UPPER}', '{UPPER.lower()}')"


def is_missing(x: str) -> str:
    """Whether nothing is there, or only empty text."""
    return f"""({x} IS NULL OR {x} IN ('null', '""'))"""


def is_true(x: str) -> str:
    """Whether it is there and neither false, zero nor empty."""
    return (
        f"""({x} NOT IN ('null', 'false', '""') AND ({_is_text(x)} OR coalesce(TRY_CAST({x} AS DOUBLE) <> 0, true)))"""
    )


def text_of(x: str) -> str:
    """What patterns look at: text, whole numbers, true and false."""
    return (
        f"(CASE WHEN {_is_text(x)} THEN {plain_text(x)} WHEN {_is_whole(x)} OR {x} IN ('true', 'false') THEN {x} END)"
    )


def plain_text(x: str) -> str:
    """The text that it is, JSON's quotes taken away."""
    return f"json_extract_string({x}, '$')"


def only_text(x: str) -> str:
    """The text that it is, null where it is none."""
    return f"(CASE WHEN {_is_text(x)} THEN {plain_text(x)} END)"


def is_equal(x: str, word: Word, parameter: Parameter) -> str:
    """Whether a word without wildcards spells it."""
    options = ", ".join(parameter(spelling) for spelling in sorted(word.spellings))
    found = [f"({_is_text(x)} AND {lowered(plain_text(x))} IN ({options}))"]
    if word.number is not None:
        found.append(_number(x, "=", word.number))
    if word.truth is not None:
        found.append(f"{x} = '{str(word.truth).lower()}'")
    return f"({' OR '.join(found)})"


def is_ordered(x: str, sign: str, word: Word, parameter: Parameter) -> str:
    """Whether it stands so to a word: numbers as numbers, text as text."""
    found = [f"({_is_text(x)} AND {lowered(plain_text(x))} {sign} {parameter(lower(word.text))})"]
    if word.number is not None:
        found.append(_number(x, sign, word.number))
    return f"({' OR '.join(found)})"


def as_number(x: str) -> str:
    """The number that it is, null where it is none."""
    return f"(CASE WHEN NOT {_is_text(x)} THEN TRY_CAST({x} AS DOUBLE) END)"


def value_at(source: str, key: Sequence[str]) -> str:
    """A mapping's value by its key."""
    quoted = key[0].replace("'", "''")
    return f"({source})['{quoted}']"


def _number(x: str, sign: str, number: float) -> str:
    """Whole numbers beside whole ones are compared exactly."""
    other = f"(NOT {_is_text(x)} AND {x} <> 'NaN' AND TRY_CAST({x} AS DOUBLE) {sign} CAST({number!r} AS DOUBLE))"
    if not isinstance(number, int) or abs(number) >= _WIDEST:
        return other
    whole = f"TRY_CAST({x} AS HUGEINT) {sign} CAST('{number}' AS HUGEINT)"
    if sign == "=" and abs(number) > _EXACT:
        return f"({_is_whole(x)} AND {whole})"
    return f"(CASE WHEN {_is_whole(x)} THEN coalesce({whole}, {other}) ELSE {other} END)"


def _is_text(x: str) -> str:
    return f"starts_with({x}, '\"')"


def _is_whole(x: str) -> str:
    return f"regexp_full_match({x}, '-?[0-9]+')"
