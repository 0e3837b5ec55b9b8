"""Formulas and texts: what they say, and what they refuse."""

from __future__ import annotations

import math

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from netloom.alerts.duration import seconds, words
from netloom.alerts.formula import FormulaError, parse_formula
from netloom.alerts.wording import one_line, parse_wording

ENGINE = duckdb.connect()
VALUES = {"a": 3.0, "b": 2.0, "interface.in_bps": 10.0}


def judged(text: str) -> tuple[bool, float | None]:
    """What the engine makes of a formula."""
    columns = {name: f"CAST({number} AS DOUBLE)" for name, number in VALUES.items()}
    holds, value = parse_formula(text).sql(columns)
    (row,) = ENGINE.execute(f"SELECT coalesce({holds}, false), {value}").fetchall()
    return bool(row[0]), row[1]


@pytest.mark.parametrize(
    ("text", "holds", "value"),
    [
        ("a > b", True, 3),
        ("a / b > 1.4 and b < 3", True, 1.5),
        ("not a > b", False, 3),
        ("a > 9 or interface.in_bps == 10", True, 3),
        ("-a + 2 * b < 2", True, 1),
        ("max(a, b, 7) - min(a, b) >= abs(-5)", True, 5),
        ("1 < b < 3", True, 1),
        ("a % b != 1", False, 1),
        ("a / (b - 2) > 0", False, None),
        ("missing > 0", False, None),
        ("not missing > 0", False, None),
        ("missing > 0 or a > 0", True, None),
        ("missing > 0 and a > 9", False, None),
    ],
)
def test_a_formula_is_arithmetic_and_what_is_unknown_holds_nothing(text: str, holds: bool, value: float | None) -> None:
    assert judged(text) == (holds, value)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "a",
            "a +",
            "1 + 1",
            "a > 'x'",
            "__import__('os').system('id') > 0",
            "a.b() > 1",
            "a[0] > 1",
            "a ** 9 > 1",
        ),
        *("(lambda: 1)() > 0", "a if b else 1 > 0", "a > b; b > a", "{1} > a", "f'{a}' > a", "a is b", "a in (b,)"),
        *(
            "abs(a, b) > 1",
            "max() > 1",
            "max(*a) > 1",
            "True > a",
            "a > 1e999",
            "a > " + "(" * 210 + "1" + ")" * 210,
            "a > 1" * 200,
        ),
    ],
)
def test_a_formula_is_nothing_else(text: str) -> None:
    with pytest.raises(FormulaError):
        parse_formula(text)


@given(st.text(alphabet="ab()+-*/%<>=.0123456789 andornt,", max_size=60))
def test_any_text_is_a_formula_or_refused(text: str) -> None:
    try:
        formula = parse_formula(text)
    except FormulaError:
        return
    assert all(name in text for name in formula.names)
    holds, value = judged(text)
    assert isinstance(holds, bool)
    assert value is None or math.isfinite(value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{{ hostname }} {{tags.interface}} at {{ value|round }} %", "leaf1 eth1 at 91 %"),
        ("{{ value | round(2) }}", "91.46"),
        ("{{ big|si(bit/s) }}", "1.5 Gbit/s"),
        ("{{ small|si(s) }}", "168 µs"),
        ("{{ none|si }}", "0"),
        ("{{ value|si }}", "91.5"),
        ("{{ big }}", "1500000000"),
        ("{{ hostname|upper }}", "LEAF1"),
        ("{{ nothing|default(none) }}", "none"),
        ("{{ age|duration }}", "1h30m"),
        ("{{ odd }}", "{{ hostname }} | upper"),
        ("no marks } { here", "no marks } { here"),
    ],
)
def test_a_text_is_filled_in_once(text: str, said: str) -> None:
    values: dict[str, str | float] = {
        "hostname": "leaf1",
        "tags.interface": "eth1",
        "value": 91.456,
        "big": 1.5e9,
        "small": 0.000168,
        "none": 0.0,
        "age": 5400.0,
        "odd": "{{ hostname }} | upper",
    }
    assert parse_wording(text).fill(values) == said


@pytest.mark.parametrize("text", ["{{ a.__class__() }}", "{{ }}", "{{ a|nope }}", "{{ 1 + 1 }}", "{{ a|round(x) }}"])
def test_a_text_is_no_program(text: str) -> None:
    with pytest.raises(ValueError, match=r"expected|unknown"):
        parse_wording(text)


def test_no_value_begins_another_line() -> None:
    assert one_line("a\r\nBcc: all@example.net\x1b[2J") == "a  Bcc: all@example.net [2J"


@pytest.mark.parametrize(
    ("text", "span"), [("30s", 30), ("5m", 300), ("1h30m", 5400), ("7d", 604800), (90, 90), ("2 h", 7200), ("0s", 0)]
)
def test_spans(text: object, span: float) -> None:
    assert seconds(text) == span
    assert seconds(words(span)) == span


@pytest.mark.parametrize("text", ["", "5", "5 parsecs", "-5m", None, True, "m5", "9999d", [5]])
def test_what_is_no_span_is_refused(text: object) -> None:
    with pytest.raises(ValueError, match="expected"):
        seconds(text)
