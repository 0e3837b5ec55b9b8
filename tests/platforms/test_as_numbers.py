"""Numbers of autonomous systems in both notations."""

import pytest

from netloom.platforms.as_numbers import as_number, asn


@pytest.mark.parametrize(("shown", "number"), [(65001, 65001), ("4200000001", 4200000001), (" 1.10 ", 65546)])
def test_numbers_are_read_plain_and_as_two_halves(shown: object, number: int) -> None:
    assert asn(shown) == number


@pytest.mark.parametrize("shown", [None, "", "external", "1.2.3", "-1"])
def test_anything_else_is_no_number(shown: object) -> None:
    assert asn(shown) is None


def test_a_line_without_a_number_is_refused() -> None:
    with pytest.raises(ValueError, match="expected an AS number, got 'external'"):
        as_number("external")
