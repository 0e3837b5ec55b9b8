"""VLANs in ranges and in sections of their own."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from netloom.model.config import Config, Line, Tree
from netloom.model.text import vlan_ranges
from netloom.model.vlan import Vlan
from netloom.platforms.vlan_lines import canonical_vlan, each_line, each_vlan, in_ranges, singly, vlan_texts, vlans

TREE: Tree = {
    "hostname sw1": {},
    "vlan 1,10,20-22": {},
    "vlan 20": {"name users": {}},
    "vlan 21-22": {"state suspend": {}},
    "vlan internal allocation policy ascending": {},
    "vlan dot1Q tag native": {},
}


def test_ranges_become_a_section_for_each_vlan_and_meet_the_sections_that_follow() -> None:
    assert each_vlan(TREE) == {
        "hostname sw1": {},
        "vlan 1": {},
        "vlan 10": {},
        "vlan 20": {"name users": {}},
        "vlan 21": {"state suspend": {}},
        "vlan 22": {"state suspend": {}},
        "vlan internal allocation policy ascending": {},
        "vlan dot1Q tag native": {},
    }


def test_vlans_are_printed_in_one_line_and_then_by_what_is_said_of_them() -> None:
    assert [text for text, _ in in_ranges(each_vlan(TREE))] == [
        "hostname sw1",
        "vlan 1,10,20-22",
        "vlan 20",
        "vlan 21",
        "vlan 22",
        "vlan internal allocation policy ascending",
        "vlan dot1Q tag native",
    ]


@settings(max_examples=30, deadline=None, database=None)
@given(st.sets(st.integers(1, 4094), min_size=1, max_size=30))
def test_a_range_and_its_vlans_say_the_same(tags: set[int]) -> None:
    tree = each_vlan({f"vlan {vlan_ranges(tags)}": {}})
    assert tree == {f"vlan {tag}": {} for tag in tags}
    assert [text for text, _ in in_ranges(tree)] == [f"vlan {vlan_ranges(tags)}"]


def test_typed_ranges_are_taken_apart_and_no_other_line_is() -> None:
    typed = [Line("no vlan 10,12-13"), Line("name x", ("vlan 2-3",)), Line("vlan 5"), Line("vlan 10,9999")]
    assert list(each_line(typed)) == [
        Line("no vlan 10"),
        Line("no vlan 12"),
        Line("no vlan 13"),
        Line("name x", ("vlan 2",)),
        Line("name x", ("vlan 3",)),
        Line("vlan 5"),
        Line("vlan 10,9999"),
    ]
    assert singly("switchport trunk allowed vlan 1,2") == ["switchport trunk allowed vlan 1,2"]


def test_a_vlan_keeps_the_spelling_of_its_defaults() -> None:
    config = Config({"vlan 1": {"name default": {}}, "vlan 10": {"name VLAN0010": {}, "state active": {}}})
    found = vlans(config)
    assert found == [Vlan(1), Vlan(10)]
    assert [line for record in found for line in vlan_texts(record, config)] == list(config.lines())


def test_a_vlan_is_suspended_and_named_by_its_lines() -> None:
    record = Vlan(30, "voice", enabled=False)
    lines = vlan_texts(record, Config({}))
    assert lines == [Line("vlan 30"), Line("name voice", ("vlan 30",)), Line("state suspend", ("vlan 30",))]
    assert vlans(Config({"vlan 30": {line.text: {} for line in lines[1:]}})) == [record]
    assert canonical_vlan(Vlan(30, "VLAN0030")) == Vlan(30)
