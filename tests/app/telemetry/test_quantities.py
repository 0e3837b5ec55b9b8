"""Numbers as people read them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netloom.app.telemetry.names import label, told
from netloom.app.telemetry.quantity import change_words, quantity

QUANTITIES = [
    (0, "bit/s", "0 bit/s"),
    (1234567, "bit/s", "1.23 Mbit/s"),
    (999_999, "B", "1 MB"),
    (12.345e9, "B", "12.3 GB"),
    (123, "", "123"),
    (1500, "", "1.5 k"),
    (1500, "flows/s", "1.5 k flows/s"),
    (0.5, "bit/s", "0.5 bit/s"),
    (12.34, "%", "12.3 %"),
    (1000, "%", "1000 %"),
    (0.0123, "s", "12.3 ms"),
    (7200, "s", "7200 s"),
    (-3.2, "dBm", "-3.2 dBm"),
    (None, "B", ""),
    (float("nan"), "B", ""),
]


@pytest.mark.parametrize(("value", "unit", "text"), QUANTITIES)
def test_a_quantity_has_three_digits_and_a_prefix(value: float | None, unit: str, text: str) -> None:
    assert quantity(value, unit) == text


@given(st.floats(min_value=1, max_value=1e20))
def test_no_quantity_is_off_by_more_than_its_digits(value: float) -> None:
    number, _, prefix = quantity(value, "B").partition(" ")
    scale = {"B": 1, "kB": 1e3, "MB": 1e6, "GB": 1e9, "TB": 1e12, "PB": 1e15, "EB": 1e18}[prefix]
    assert float(number) * scale == pytest.approx(value, rel=0.0051)


@pytest.mark.parametrize(
    ("now", "before", "words"),
    [(5, 5, "0 %"), (5, 0, "new"), (0, 5, "gone"), (112, 100, "+12 %"), (99, 100, "-1.0 %"), (750, 100, "7.5x")],
)
def test_a_change_is_told_in_words(now: float, before: float, words: str) -> None:
    assert change_words(now, before) == words


def test_names_stand_beside_numbers() -> None:
    assert told("dst_port", 443) == "443 (https)"
    assert told("proto", 17) == "17 (udp)"
    assert told("tcp_flags", 18) == "18 (SYN+ACK)"
    assert told("dst_port", 40001) == 40001
    assert told("src_as", 443) == 443
    assert label(("src_addr", "dst_port", "dst_as"), ("10.0.0.1", 22, None)) == "10.0.0.1 · 22 (ssh) · (none)"
