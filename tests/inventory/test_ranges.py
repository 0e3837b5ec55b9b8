"""Ranges of host names."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netloom.inventory.ranges import expand

NUMBERS = st.integers(0, 60)


@given(NUMBERS, NUMBERS, st.integers(1, 9))
def test_a_range_of_numbers_includes_its_end(begin: int, end: int, step: int) -> None:
    numbers = range(begin, end + 1, step)
    assert expand(f"leaf[{begin}:{end}:{step}].par") == ([f"leaf{number}.par" for number in numbers], None)


@given(st.integers(0, 99), st.integers(0, 99))
def test_leading_zeros_keep_the_width(begin: int, end: int) -> None:
    names, _ = expand(f"[{begin:03}:{end:03}]")
    assert names == [f"{number:03}" for number in range(begin, end + 1)]


@given(NUMBERS, st.integers(0, 5), st.sampled_from("abcdef"), st.integers(1, 65535))
def test_several_ranges_multiply_the_rightmost_running_fastest(begin: int, more: int, last: str, port: int) -> None:
    names, found = expand(f"r[{begin}:{begin + more}]c[a:{last}]:{port}")
    letters = "abcdef"[: "abcdef".index(last) + 1]
    assert names == [f"r{row}c{column}" for row in range(begin, begin + more + 1) for column in letters]
    assert found == port


@pytest.mark.parametrize(
    ("pattern", "message"),
    [
        ("h[1]", r"host range \[1\] in 'h\[1\]': expected \[begin:end\] or \[begin:end:step\]"),
        ("h[1:2:3:4]", "expected .begin:end. or"),
        ("h[1:", "expected a closing ']'"),
        ("h[1:]", "expected an end after the colon"),
        ("h[1:9:0]", "expected a step above zero, got '0'"),
        ("h[1:9:x]", "expected a step above zero, got 'x'"),
        ("h[01:100]", "expected begin and end of equal length"),
        ("h[a:5]", "expected two numbers or two single letters"),
        ("h[ab:ad]", "expected two numbers or two single letters"),
        ("h[d:a]", "expected begin before end"),
        ("h[1:99999999]", "stands for more than 1000000 hosts"),
        ("h[1:9999][1:9999]", "stands for more than 1000000 hosts"),
        ("h:", "expected a port after the colon"),
    ],
)
def test_a_bad_range_says_what_is_expected(pattern: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        expand(pattern)
