"""Host lines of INI split into words as shlex splits them, only faster."""

from __future__ import annotations

import shlex
import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from netloom.errors import SourceError
from netloom.inventory.ini import literal, read_ini
from netloom.inventory.tree import Tree

PIECES = st.sampled_from(["h", "x=", "=", '"', "'", "\\", "#", " ", "\t", "a b", "1", "é", "\xa0", "''", '""'])


@given(st.lists(PIECES, max_size=12).map("".join))
@example('x="a b" y=\'c "d"\'e z=""')
def test_words_are_those_of_a_shell(rest: str) -> None:
    tree = Tree()
    try:
        words = shlex.split(f"host v=0 {rest}".strip(), comments=True)[2:]
    except ValueError:
        words = ["not closed"]
    if any("=" not in word for word in words):
        with pytest.raises(SourceError):
            read_ini(f"host v=0 {rest}", "x.ini", tree)
        return
    read_ini(f"host v=0 {rest}", "x.ini", tree)
    expected = {"v": 0} | {name: literal(value) for name, _, value in (word.partition("=") for word in words)}
    assert dict(tree.hosts["host"].layers[0].values) == expected


LITERALS: list[object] = [1, -4, 1.5, True, None, "q", (1, 2), [1, "a"], {"a": {}}, b"x"]
TEXTS = ["true", "010", "a", "1.2.3.4", "{", "", "inf", "Ethernet1/1", "(" * 500, "f(1)", "a.b", "/x", "10.0.0.0/8"]


@pytest.mark.parametrize(
    ("text", "value"), [("0x10", 16), *((repr(value), value) for value in LITERALS), *zip(TEXTS, TEXTS, strict=True)]
)
def test_values_are_literals_of_python_or_text(text: str, value: object) -> None:
    assert literal(text) == value


@pytest.mark.parametrize("line", ["h " + "a" * 50_000 + '"', "h " + "'' " * 20_000 + "\\", 'h x="' + "a b " * 20_000])
def test_long_lines_take_linear_time(line: str) -> None:
    start = time.process_time()
    with pytest.raises(SourceError):
        read_ini(line, "x.ini", Tree())
    assert time.process_time() - start < 2
