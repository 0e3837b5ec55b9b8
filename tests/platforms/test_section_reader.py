"""Texts that are read section by section: the same as line by line, whatever form they have, and each section once."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netloom.model.config import Tree
from netloom.platforms import section_reader
from netloom.platforms.lines import parse_indented
from netloom.platforms.rules import Block, Rules, Section
from netloom.platforms.section_reader import LEAF, Refined, SectionReader

BLOCKS = (Block(("banner",), r"banner (?P<end>\S)(?:(?!(?P=end)).)*"), Block(("cert",), r"cert \d+", "quit"))
RULES = [
    Rules(top=Section(), blocks=BLOCKS),
    Rules(top=Section(), blocks=BLOCKS, indent=3, ends=re.compile("exit|end")),
    Rules(top=Section(), comment="#"),
]
LINES = ["port 1", "port 2", "name a", "exit", "end", "exit-club", "every", "!", "! said", "", "#", "banner ^", "x ^"]
LINES += ["cert 1", "quit", "é", "no x"]
BLANKS = ["", "", "", " ", "  ", "   ", "    ", "      ", "\t", " \t"]
TAILS = ["", "", "", "", " ", "\t", "\r", "\x0b", "\u00a0"]


@st.composite
def texts(draw: st.DrawFn) -> str:
    parts = draw(st.lists(st.tuples(*map(st.sampled_from, (BLANKS, LINES, TAILS))), max_size=14))
    return draw(st.sampled_from(["\n", "\r\n"])).join("".join(part) for part in parts)


def in_order(tree: Tree) -> list[object]:
    return [(text, in_order(below)) for text, below in tree.items()]


READERS = [SectionReader(rules) for rules in RULES]


@given(st.lists(texts(), min_size=1, max_size=3), st.integers(0, len(RULES) - 1))
def test_a_text_is_read_as_line_by_line_whatever_was_read_before(read: list[str], at: int) -> None:
    for text in read:
        assert in_order(READERS[at].read(text).tree) == in_order(parse_indented(text, RULES[at]).tree)


TEXT = "".join(f"port {number}\n name {number}\n!\n" for number in range(40)) + "clock utc\n"


def test_the_same_section_is_read_once_and_shared() -> None:
    seen: list[str] = []

    def refine(header: str, below: Tree) -> Refined:
        seen.append(header)
        return below, frozenset({"odd"} if header == "port 7" else ())

    reader = SectionReader(RULES[0], refine, "port")
    first, second = reader.read(TEXT), reader.read(TEXT.replace("name 3\n", "name x\n"))
    assert sorted(seen) == sorted([*(f"port {number}" for number in range(40)), "port 3"])
    assert first.tree["port 5"] is second.tree["port 5"]
    assert second.tree["port 3"] == {"name x": {}}
    assert first.notes == second.notes == {"odd"}


@pytest.mark.parametrize("text", [TEXT, f"\tname\n{TEXT}"], ids=["by sections", "line by line"])
def test_sections_are_refined_left_out_and_noted_either_way(text: str) -> None:
    def refine(header: str, below: Tree) -> Refined | None:
        if header == "clock utc":
            return None
        return {**below, "refined": {}}, frozenset({"seen"})

    found, notes = SectionReader(RULES[0], refine, "clock|port").read(text)
    assert "clock utc" not in found
    assert found["port 1"] == {"name 1": {}, "refined": {}}
    assert notes == {"seen"}


def test_what_was_not_met_for_long_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(section_reader, "REMEMBERED", 3 * len(TEXT))
    met: list[str] = []

    def refine(header: str, below: Tree) -> Refined:
        met.append(header)
        return below, frozenset({header})

    reader = SectionReader(RULES[0], refine)
    others = [TEXT.replace("port", f"club {number} port") for number in range(3)]
    one = reader.read(TEXT)
    reader.read(others[0])
    assert reader.read(TEXT) == one
    assert met.count("port 1") == 1
    for other in others:
        reader.read(other)
    assert reader.read(TEXT) == one
    assert met.count("port 1") == 2


def test_what_many_lines_share_is_not_to_be_written() -> None:
    assert LEAF == {}
    with pytest.raises(TypeError, match="share"):
        LEAF["x"] = {}
    with pytest.raises(TypeError):
        LEAF.setdefault("x", {})
    with pytest.raises(TypeError):
        LEAF.update(x={})
