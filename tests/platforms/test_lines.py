"""The line engine on a small command line of its own."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netloom.model.config import Config, Line, Tree
from netloom.platforms.lines import apply_lines, change, delta, format_indented, parse_indented, script
from netloom.platforms.rules import Block, Cascade, Rules, Section

RULES = Rules(
    top=Section(
        sections=(
            Section(
                header=r"port \d+",
                slots=(r"name\b", r"vlan\b"),
                negatives=((r"name .*", "no name"),),
                default_on=("speak$",),
                hidden=("vlan 1",),
                vanishes=True,
                by_lines=True,
            ),
            Section(
                header=r"club \w+",
                leave="exit-club",
                sections=(Section(header=r"room \d+"),),
                exclusive=((r"seat ", ""),),
                slots=(r"seat \d+",),
                known=("guest ",),
                cascades=(Cascade(r"member (\w+)", r"(?:badge|guest) {0}\b.*"),),
                order=("member ", "", "room "),
            ),
            Section(header=r"policy \w+"),
        ),
        slots=(r"(clock) (?:utc|local)$", r"rule \d+"),
        wholes=((r"(policy) \w+", r"\1"),),
        cascades=(Cascade("policy", r"policy \w+"),),
        twins=(r"(rule) \d+ (.*)",),
        late=("policy ",),
        fixed=("version ",),
        order=("policy ", "", "club "),
    )
)


def tree(text: str) -> Config:
    return parse_indented(text, RULES)


def moved(have: str, want: str) -> list[str]:
    lines = delta(tree(have), tree(want), RULES)
    assert apply_lines(tree(have), lines, RULES) == tree(want)
    return [str(line) for line in lines]


@pytest.mark.parametrize(
    "text",
    [
        "club A\n member X\n room 1\n  chair 4\n guest Y\nport 1\n name z\n",
        "club A\n member X\n !\n room 1\n  chair 4\n exit\n !\n guest Y\nexit-club\n!\nport 1\n name z\nexit\n!\nend\n",
        "!\nclub A\n  member X\n  room 1\n    chair 4\n  guest Y\n\nport 1   \n\tname z\r\n",
        "club A\n   member X\n   room 1\n    chair 4\n    exit-room\n   guest Y\nport 1\n name z\n",
        "club A\n member X\nport 1\n name z\nclub A\n room 1\n  chair 4\n guest Y\n",
    ],
    ids=["indentation alone", "closing words", "other widths", "closing words further in", "a section twice"],
)
def test_every_way_of_writing_a_section_is_read_alike(text: str) -> None:
    expected: Tree = {
        "club A": {"member X": {}, "room 1": {"chair 4": {}}, "guest Y": {}},
        "port 1": {"name z": {}},
    }
    assert tree(text).tree == expected


def test_text_has_separators_and_closing_words() -> None:
    assert format_indented(tree("clock utc\nclub A\n member X\n room 1\n  chair 4\nport 1\n name z\n"), RULES) == (
        "clock utc\n!\nclub A\n member X\n !\n room 1\n  chair 4\n exit\nexit-club\n!\nport 1\n name z\nexit\n!\n"
    )


@pytest.mark.parametrize(
    ("have", "typed", "expected"),
    [
        ("port 1\n name a\n", "port 1 > name b", "port 1\n name b\n"),
        ("port 1\n name a\n", "port 1 > no name", ""),
        ("port 1\n name a\n", "port 1 > no name other", ""),
        ("", "port 1 > no name", ""),
        ("port 1\n vlan 5\n name a\n", "port 1 > vlan 1", "port 1\n name a\n"),
        ("", "port 1 > no speak", "port 1\n no speak\n"),
        ("port 1\n no speak\n", "port 1 > speak", ""),
        ("", "no what nobody knows", "no what nobody knows\n"),
        ("no what nobody knows\n", "what nobody knows", ""),
        ("what nobody knows\n", "no what nobody knows", ""),
        ("clock utc\n", "clock local", "clock local\n"),
        ("club A\n member X\n", "no club A", ""),
        ("club A\n member X\n badge X a\n room 1\n  guest X\n  guest Y\n", "club A > no member X",
         "club A\n room 1\n  guest Y\n"),
        ("rule 1 go\n", "rule 2 go", "rule 1 go\n"),
    ],
)  # fmt: skip
def test_a_typed_line_does_what_the_rules_say(have: str, typed: str, expected: str) -> None:
    *path, text = typed.split(" > ")
    before = tree(have)
    assert apply_lines(before, [Line(text, tuple(path))], RULES) == tree(expected)
    assert before == tree(have)


@pytest.mark.parametrize(
    ("have", "want", "lines"),
    [
        ("port 1\n name a\n vlan 2\n", "port 1\n name b\n", ["port 1 > no vlan 2", "port 1 > name b"]),
        ("port 1\n name a\n", "", ["port 1 > no name"]),
        ("club A\n room 1\n  chair 4\n", "", ["no club A"]),
        ("policy P\n go\n", "club A\n use P\n", ["club A", "club A > use P", "no policy"]),
        ("club A\n use P\n", "policy P\n go\nclub A\n use P\n", ["policy P", "policy P > go"]),
        ("policy P\n go\npolicy Q\n", "", ["no policy"]),
        ("policy P\n go\npolicy Q\n", "policy Q\n", ["no policy P"]),
        ("club A\n seat 1 X\n", "club A\n seat 1 Y\n", ["club A > no seat 1 X", "club A > seat 1 Y"]),
        ("rule 1 go\n", "rule 2 go\n", ["no rule 1 go", "rule 2 go"]),
        ("rule 1 go\nrule 2 stop\n", "rule 1 stop\nrule 2 go\n",
         ["no rule 2 stop", "no rule 1 go", "rule 1 stop", "rule 2 go"]),
        ("club A\n member X\n badge X gold\n", "club A\n", ["club A > no member X"]),
        ("no speak\n", "", ["speak"]),
    ],
)  # fmt: skip
def test_the_least_lines_in_a_safe_order(have: str, want: str, lines: list[str]) -> None:
    assert moved(have, want) == lines


def test_a_line_that_replaces_another_stands_in_its_place() -> None:
    typed = [Line("name b", ("port 1",)), Line("clock local"), Line("name c", ("port 1",))]
    after = apply_lines(tree("clock utc\nrule 1 go\nport 1\n name a\n vlan 2\n"), typed, RULES)
    assert [*after.tree] == ["clock local", "rule 1 go", "port 1"]
    assert [*after.section("port 1")] == ["name c", "vlan 2"]


TYPED = st.builds(
    lambda sign, number, words: Line(f"{sign}rule {number} {words}"),
    st.sampled_from(["", "", "no "]),
    st.integers(1, 12),
    st.sampled_from(["go", "stop", "go left", "turn"]),
)


@given(st.lists(TYPED, min_size=30, max_size=60))
def test_many_lines_at_once_do_what_they_do_one_by_one(typed: list[Line]) -> None:
    one_by_one = tree("no speak\n")
    for line in typed:
        one_by_one = apply_lines(one_by_one, [line], RULES)
    assert apply_lines(tree("no speak\n"), typed, RULES) == one_by_one


def test_lines_out_of_reach_are_left_alone() -> None:
    assert delta(tree("version 1\n"), tree("version 2\n"), RULES) == []


def test_what_a_removal_takes_along_and_is_still_wanted_is_put_back() -> None:
    have, want = "club A\n member X\n guest X\n", "club A\n guest X\n"
    assert moved(have, want) == ["club A > no member X", "club A > guest X"]


def test_a_change_of_one_object_keeps_what_others_said() -> None:
    base = tree("club A\n member X\n badge X gold\n odd line\nport 1\n name a\n")
    have = [Line("club A"), Line("member X", ("club A",))]
    assert change(base, have, [Line("club A")], RULES) == [
        Line("no member X", ("club A",)),
        Line("badge X gold", ("club A",)),
    ]
    assert change(base, have, [], RULES) == [Line("no club A")]


def test_a_script_enters_a_section_once_and_leaves_it() -> None:
    lines = [
        Line("clock utc"),
        Line("club A"),
        Line("member X", ("club A",)),
        Line("chair 4", ("club A", "room 1")),
        Line("guest Y", ("club A",)),
        Line("port 1"),
        Line("no club B"),
    ]
    assert script(lines, RULES) == [
        "clock utc",
        "club A",
        "member X",
        "room 1",
        "chair 4",
        "exit",
        "guest Y",
        "exit-club",
        "port 1",
        "exit",
        "no club B",
    ]


words = st.sampled_from(["alpha", "beta", "no gamma", "port 1", "port 2", "club A", "odd x", "name q", "vlan 7"])
trees: st.SearchStrategy[Tree] = st.recursive(
    st.just({}), lambda below: st.dictionaries(words, below, max_size=4), max_leaves=12
)


@given(trees)
def test_no_line_is_lost_between_tree_and_text(grown: Tree) -> None:
    assert tree(format_indented(Config(grown), RULES)).tree == grown


@given(trees)
def test_a_configuration_does_not_differ_from_itself(grown: Tree) -> None:
    assert delta(Config(grown), Config(grown).copy(), RULES) == []


BLOCKS = Rules(
    top=Section(sections=(Section(header=r"chain \S+"),)),
    blocks=(
        Block(("banner",), r"banner \w+ (?P<end>\^C|\S)(?!.*(?P=end)).*"),
        Block(("note",), r"note", "EOF"),
        Block(("certificate",), r"certificate \d+", "quit"),
    ),
    shows_exit=False,
)
BANNERS = """\
banner motd ^C
 chain A

! no comment
\tend ^C
banner login #one line#
note
port 1
EOF
chain A
 certificate 01
  30820250 A0
  FF
  \tquit
 name x
banner exec #never closed
port 2
"""


def test_a_block_is_one_line_whatever_stands_in_it() -> None:
    config = parse_indented(BANNERS.replace("\n", "\r\n"), BLOCKS)
    assert list(config.tree) == [
        "banner motd ^C\n chain A\n\n! no comment\n\tend ^C",
        "banner login #one line#",
        "note\nport 1\nEOF",
        "chain A",
        "banner exec #never closed",
        "port 2",
    ]
    assert list(config.section("chain A")) == ["certificate 01\n  30820250 A0\n  FF\n  \tquit", "name x"]


def test_a_block_is_written_and_typed_as_it_was_read() -> None:
    config = parse_indented(BANNERS, BLOCKS)
    assert parse_indented(format_indented(config, BLOCKS), BLOCKS) == config
    typed = script(delta(Config({}), config, BLOCKS), BLOCKS)
    assert "note\nport 1\nEOF" in typed
    assert delta(config, config, BLOCKS) == []


def test_what_a_text_says_of_its_system_survives_a_change() -> None:
    config = Config({"port 1": {}}, frozenset({"old"}))
    assert apply_lines(config, [Line("port 2")], RULES).marks == {"old"}
    assert config.copy().marks == {"old"}
