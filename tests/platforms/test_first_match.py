"""Several patterns in one say what the patterns say one after the other."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netloom.platforms.first_match import FirstMatch

PATTERNS = (r"ab", r"a(b|c)*", r"((?:b)(a))?c", r"b(?:a|c)+", r"(a(b(c)))", r"c(?!b)", r"")
TEXTS = st.text("abc", max_size=6)


@given(st.lists(st.sampled_from(PATTERNS), max_size=5), TEXTS)
def test_the_first_that_matches_tells(patterns: list[str], text: str) -> None:
    found = FirstMatch((pattern, at) for at, pattern in enumerate(patterns))
    one_by_one = [at for at, pattern in enumerate(patterns) if re.match(pattern, text)]
    assert found.starting(text) == next(iter(one_by_one), None)
    whole = [at for at, pattern in enumerate(patterns) if re.fullmatch(pattern, text)]
    assert found.whole(text) == next(iter(whole), None)


def test_a_reference_to_a_group_is_refused() -> None:
    with pytest.raises(ValueError, match="reference"):
        FirstMatch([(r"(a)\1", None)])
