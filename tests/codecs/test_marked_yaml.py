"""YAML with the places of its values."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from netloom.codecs.marked_yaml import Tagged, load
from netloom.errors import SourceError

TEXT = """\
base: &base {mtu: 9214, tags: [a, 'b']}
leaf:
  <<: *base
  mtu: 1500
both:
  <<: [*base, {mtu: 1, site: par}]
again: *base
secret: !vault |
  $ANSIBLE_VAULT;1.1
"""


def test_values_and_keys_know_their_places() -> None:
    document = load(TEXT, "x.yml")
    assert document.data["leaf"] == {"mtu": 1500, "tags": ["a", "b"]}
    assert document.data["both"] == {"mtu": 9214, "tags": ["a", "b"], "site": "par"}
    assert document.data["again"] == {"mtu": 9214, "tags": ["a", "b"]}
    assert document.data["secret"] == Tagged("!vault", "$ANSIBLE_VAULT;1.1\n")
    assert document.place(("leaf", "mtu")) == (4, 8)
    assert document.place(("leaf", "mtu"), at_key=True) == (4, 3)
    assert document.place(("leaf", "tags", 1)) == (1, 35)
    assert document.marks["both", "site"] == document.place(("both", "site")) == (6, 30)
    assert document.place(("secret",), at_key=True) == (8, 1)


def test_an_error_points_at_the_nearest_place() -> None:
    document = load(TEXT, "x.yml")
    assert str(document.error(("leaf", "nowhere", 3), "bad")) == "x.yml:3:3 bad"
    assert str(document.unknown_key(("leaf", "mtu"), ["mut", "name"])) == (
        'x.yml:4:3 leaf.mtu: unknown key; did you mean "mut"?'
    )


def test_tags_are_made_into_values_or_refused_with_their_place() -> None:
    def upper(tagged: Tagged) -> str:
        if tagged.tag != "!up":
            raise ValueError(f"unknown tag {tagged.tag}")
        return tagged.value.upper()

    assert load("a: !up x\n", "x.yml", tagged=upper).data == {"a": "X"}
    with pytest.raises(SourceError, match=r"x\.yml:2:4 unknown tag !down"):
        load("a: !up x\nb: !down x\n", "x.yml", tagged=upper)


def test_a_key_given_twice_is_refused_or_recorded() -> None:
    with pytest.raises(SourceError, match=r"x\.yml:2:1 duplicate key 'a'"):
        load("a: 1\na: 2\n", "x.yml")
    document = load("a: 1\na: 2\n", "x.yml", duplicates=True)
    assert (document.data, document.repeated) == ({"a": 2}, (("a", 2, 1),))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: *b", "1:4 undefined alias 'b'"),
        ("a: &a [*a]", "1:8 an alias that contains itself"),
        ("a: [", "did not find expected node content"),
        ("- a\n---\n- b", "2:1 expected a single document, got another one"),
        ("? [a]\n: 1", "1:3 expected a plain key"),
        ("<<: 3", "1:5 expected a mapping to merge"),
        ("a: 2020-99-01", "not YAML: month must be in 1..12"),
        ("a: !!python/name:os.system x", "could not determine a constructor"),
        ("[" * 5000, "nested too deeply|did not find"),
        ("a: \x00", "not YAML|special characters|control"),
    ],
)
def test_what_is_not_plain_data_is_refused(text: str, message: str) -> None:
    with pytest.raises(SourceError, match=message):
        load(text, "x.yml")


def test_aliases_cannot_grow_without_bound() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)]
    with pytest.raises(SourceError, match="more than 2000000 values, aliases counted each time"):
        load("\n".join(lines), "x.yml")


SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text() | st.dates()
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text() | st.integers(), inner, max_size=4)
)


@given(VALUES, st.booleans())
def test_values_are_those_of_the_safe_loader(value: Any, flow: bool) -> None:
    text = yaml.dump(value, Dumper=yaml.CSafeDumper, default_flow_style=flow, allow_unicode=True)
    assert load(text, "x.yml").data == yaml.load(text, Loader=yaml.CSafeLoader)
