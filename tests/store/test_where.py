"""SQL and Python select the same rows."""

from __future__ import annotations

from typing import Any

import duckdb
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netloom.model.expression import And, Compare, Expression, In, Not, Or, Truth, Word
from netloom.model.filter import Filter, parse_filter
from netloom.store.where import where

HOP = pa.struct([("address", pa.string()), ("weight", pa.int64()), ("labels", pa.list_(pa.string()))])
SCHEMA = pa.schema(
    [
        ("name", pa.string()),
        ("size", pa.int64()),
        ("ratio", pa.float64()),
        ("up", pa.bool_()),
        ("seen", pa.timestamp("us", tz="UTC")),
        ("tags", pa.list_(pa.string())),
        ("hop", HOP),
        ("hops", pa.list_(HOP)),
    ]
)
TEXTS = [
    "", "down", "DOWN", "Up", "none", "10.0.0.1", "10.0.0.1/31", "10.0.0.0/8", "10.1.0.0/16", "010.1.1.1", "10.0.0.256",
    "2001:db8::1", "2001:db8::/32", "00:1b:21:3c:9d:f8", "leaf1", "leaf10", "a%b_c", "Ä", "x\n", "1500", "10.0.0.1/40",
]  # fmt: skip
MOMENTS = ["2026-11-20T10:00:00+00:00", "2026-11-20T11:00:00+00:00"]

text = st.none() | st.sampled_from(TEXTS)
number = st.none() | st.sampled_from([0, 1, 2, 1500, -1, 2**62])
hop = st.fixed_dictionaries({"address": text, "weight": number, "labels": st.none() | st.lists(text, max_size=2)})
row = st.fixed_dictionaries(
    {
        "name": text,
        "size": number,
        "ratio": st.none() | st.sampled_from([0.0, 0.5, 1500.0]),
        "up": st.none() | st.booleans(),
        "seen": st.none() | st.sampled_from([Word(moment).time for moment in MOMENTS]),
        "tags": st.none() | st.lists(text, max_size=3),
        "hop": st.none() | hop,
        "hops": st.none() | st.lists(hop, max_size=2),
    }
)
NESTED = ["hop.address", "hop.labels", "hop.nothing", "hops.address", "hops.weight", "hops.labels", "name.deeper"]
field = st.sampled_from([*SCHEMA.names, *NESTED, "nothing"])
word = st.builds(
    Word,
    st.sampled_from(
        [*TEXTS, *MOMENTS, "0", "1.5k", "0.5", "9" * 30, "true", "no", "leaf*", "*", "?p", "001b.213c.9df8"]
    )
    | st.sampled_from(["10.0.0.0/9", "10.0.0.0/31", "0.0.0.0/0", "2001:DB8:0::1", "::/0", "a%b*", "2026-11-20"]),
    quoted=st.booleans(),
)
pattern = st.builds(
    Word, st.sampled_from(["o", "^leaf[0-9]$", "x$", "1|Up", r"\d+", "(?i)down", "a{2}", r"^.$", "[%_]"])
)
leaf = (
    st.builds(Compare, field, st.sampled_from(["=", "!=", "<", "<=", ">", ">="]), word)
    | st.builds(Compare, field, st.sampled_from(["~", "!~"]), pattern)
    | st.builds(In, field, st.lists(word, min_size=1, max_size=2).map(tuple), st.booleans())
    | st.builds(Truth, field)
)


def _several(inner: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    parts = st.lists(inner, min_size=2, max_size=3).map(tuple)
    return st.builds(Not, inner) | st.builds(And, parts) | st.builds(Or, parts)


def _selected(question: Filter, rows: list[dict[str, Any]]) -> list[int]:
    compiled = where(question, SCHEMA)
    numbered = pa.Table.from_pylist(rows, SCHEMA).append_column("number", pa.array(range(len(rows)), pa.int64()))
    with duckdb.connect() as connection:
        connection.register("numbered", numbered)
        sql = f"SELECT number FROM numbered WHERE {compiled.sql} ORDER BY number"  # noqa: S608 - what is tested
        found = [number for (number,) in connection.execute(sql, compiled.parameters).fetchall()]
    return [number for number in found if compiled.rest.matches(rows[number])]


@given(st.recursive(leaf, _several, max_leaves=4), st.lists(row, min_size=1, max_size=6))
@settings(max_examples=40, deadline=None)
def test_sql_selects_what_python_matches(expression: Expression, rows: list[dict[str, Any]]) -> None:
    question = Filter(expression)
    assert _selected(question, rows) == [number for number, each in enumerate(rows) if question.matches(each)]


@pytest.mark.parametrize(
    ("question", "left_to_python"),
    [
        ("name~^leaf[0-9]+$ size>5", ""),
        ("name=leaf* and hops.address in 10.0.0.0/8", ""),
        ("size>5 and name~(?i)leaf", 'name~"(?i)leaf"'),
        ("size>5 (up or name in 2001:db8::/32)", "up or name in (2001:db8::/32)"),
    ],
)
def test_python_is_left_what_sql_cannot_say(question: str, left_to_python: str) -> None:
    assert str(where(parse_filter(question), SCHEMA).rest) == left_to_python


def test_names_and_values_cannot_leave_their_place() -> None:
    hostile = Filter(And((Compare('na"me) OR true --', "=", Word("x")), Compare("name", "=", Word("' OR 1=1 --")))))
    assert _selected(hostile, [{"name": "x"}]) == []
