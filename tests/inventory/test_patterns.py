"""Host patterns: what Ansible chooses for them, and the algebra of sets that they spell."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netloom.errors import SourceError, UsageError
from netloom.inventory.inventory import Inventory
from netloom.inventory.patterns import choose
from netloom.inventory.sources import load_inventory

FOLDER = Path(__file__).parent / "patterns"
INVENTORY = load_inventory([FOLDER / "inventory.ini"])
EXPECTED: dict[str, list[str]] = json.loads((FOLDER / "expected.json").read_text())
MISTYPED = {"leaf0[12]", "leaf,spine:&paris"}
"""Ansible warns of these and goes on with the rest; here a name that nobody has is an error."""

TERMS = st.sampled_from(["leaf", "spine", "paris", "lyon", "lab", "access", "leaf0*", "~leaf0[1-3]", "leaf02", "all"])


def names(pattern: str) -> list[str]:
    return [host.name for host in INVENTORY.select(pattern)]


def chosen(pattern: str) -> set[str]:
    return set(choose(pattern, INVENTORY))


@pytest.mark.parametrize("pattern", sorted(EXPECTED.keys() - MISTYPED))
def test_patterns_choose_what_ansible_chooses(pattern: str) -> None:
    assert choose(pattern, INVENTORY) == EXPECTED[pattern]


@given(st.lists(TERMS, min_size=1, max_size=4), TERMS, TERMS, st.sampled_from(",:"))
def test_patterns_unite_then_intersect_then_exclude(plain: list[str], both: str, without: str, joint: str) -> None:
    union = set().union(*(chosen(term) for term in plain))
    assert chosen(joint.join([f"!{without}", f"&{both}", *plain])) == (union & chosen(both)) - chosen(without)
    assert chosen(f"!{without}") == chosen("all") - chosen(without)


@given(TERMS, st.integers(0, 12), st.integers(0, 12))
def test_slices_include_both_ends(term: str, first: int, last: int) -> None:
    if term.startswith("~") or term == "leaf02":
        return
    every = choose(term, INVENTORY)
    assert choose(f"{term}[{first}:{last}]", INVENTORY) == every[first : last + 1]
    assert choose(f"{term}[{first}]", INVENTORY) == every[first : first + 1]


@pytest.mark.parametrize(
    ("pattern", "message"),
    [
        ("laef01", "no host and no group is named 'laef01'; did you mean leaf01"),
        ("all:!lba", "no host and no group is named 'lba'; did you mean lab?"),
        ("leaf:&parsi", "no host and no group is named 'parsi'; did you mean paris"),
        ("x*", "'x*' matches no host"),
        ("leaf:!leaf", "'leaf:!leaf' matches no host"),
        ("leaf[9]", "'leaf[9]' matches no host"),
        ("~leaf(", "~leaf( is no regular expression: missing ), unterminated subpattern at position 4"),
        ("", "the host pattern is empty; write `all` for every host"),
        (" , ", "the host pattern is empty; write `all` for every host"),
        ("leaf:!", "the host pattern has an empty term; write the name after & or !"),
        ("@/nowhere/hosts", "@/nowhere/hosts: the list of hosts cannot be read"),
    ],
)
def test_a_pattern_without_hosts_is_an_error_that_says_why(pattern: str, message: str) -> None:
    with pytest.raises(UsageError) as caught:
        INVENTORY.select(pattern)
    assert str(caught.value).startswith(message)
    assert caught.value.exit_status == 64


def test_a_file_holds_a_pattern_a_line(tmp_path: Path) -> None:
    listed = tmp_path / "hosts"
    listed.write_text("# from a failed run\nleaf01\n\nspine:!lyon\n")
    assert names(f"@{listed}") == ["leaf01", "spine1"]
    assert names(f"paris:!@{listed}") == ["leaf02", "leaf03"]
    assert names(f"leaf05,@{listed}") == ["leaf05", "leaf01", "spine1"]


def test_an_error_in_such_a_file_names_its_line(tmp_path: Path) -> None:
    listed = tmp_path / "hosts"
    for mistake in ("~leaf(", f"@{listed}", "laef02"):
        listed.write_text(f"leaf01\n{mistake}\n")
        with pytest.raises(SourceError) as caught:
            INVENTORY.select(f"@{listed}")
        assert (caught.value.file, caught.value.line) == (str(listed), 2)


@pytest.fixture(name="filtered")
def inventory_with_variables(tmp_path: Path) -> Inventory:
    path = tmp_path / "inventory.ini"
    path.write_text("[a]\nh1 site=par rack=7\nh2 site=lyo rack=12\n[b]\nh3 site=par\n")
    return load_inventory([path])


def test_where_filters_by_variables_name_and_groups(filtered: Inventory) -> None:
    assert [host.name for host in filtered.select("all", "site=par")] == ["h1", "h3"]
    assert [host.name for host in filtered.select("a", "rack>10")] == ["h2"]
    assert [host.name for host in filtered.select("all", "groups=b")] == ["h3"]
    assert [host.name for host in filtered.select("all", "name=h2 or groups=b")] == ["h2", "h3"]


def test_where_knows_the_fields_there_are(filtered: Inventory) -> None:
    assert [host.name for host in filtered.select("all", "address=h1 or platform=frr")] == ["h1"]
    with pytest.raises(SourceError, match='did you mean "site"'):
        filtered.select("all", "stie=par")


def test_where_without_a_match_is_an_error(filtered: Inventory) -> None:
    with pytest.raises(UsageError, match="'all' where site=nice matches no host"):
        filtered.select("all", "site=nice")
