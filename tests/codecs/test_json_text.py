"""JSON from devices: what Python's own reader takes is taken, and reads the same."""

from __future__ import annotations

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netloom.codecs.json_text import dumps, loads

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(VALUES)
def test_values_come_back(value: object) -> None:
    assert loads(dumps(value)) == value
    assert loads(json.dumps(value)) == value
    assert json.loads(dumps(value)) == value


@pytest.mark.parametrize("text", ['{"a": "x\ty"}', '{"a": "\\ud800"}', '{"a": 1, "a": 2}', "[1e400]", f"[{2**90}]"])
def test_what_is_nearly_json_reads_as_python_reads_it(text: str) -> None:
    assert loads(text) == json.loads(text, strict=False)
    assert loads(text.encode("utf-8", "surrogatepass")) == json.loads(text, strict=False)


def test_a_number_that_is_none_is_read() -> None:
    assert math.isnan(loads('{"a": NaN}')["a"])


@pytest.mark.parametrize("text", [b"", b"{", b"\xff\xfe\xff", b"[" * 100_000, b"<html>"])
def test_what_is_no_json_is_a_value_error(text: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - either reader's words
        loads(text)
