from __future__ import annotations

from pathlib import Path

import pytest
from tests.intent.intent_inventory import examine, select, write

from netloom.errors import SourceError
from netloom.intent.load import load_intent

CASES = sorted((Path(__file__).parent / "bad").glob("*.yml"))


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.stem)
def test_every_slip_is_told_with_its_place(case: Path, tmp_path: Path) -> None:
    intent = examine(tmp_path, {f"intent/{case.name}": case.read_text(), "templates/a.j2": ""})
    told = "".join(f"{fault}\n" for fault in intent.faults)
    assert told == case.with_suffix(".txt").read_text()


async def test_one_error_tells_them_all(tmp_path: Path) -> None:
    folder = write(tmp_path, {"intent/a.yml": "on: all\nvlan: 1\ninterfaces: [{mtu: 1}]\n"})
    with pytest.raises(SourceError) as caught:
        await load_intent(folder, select)
    assert str(caught.value).count("intent/a.yml") == 2
    assert (caught.value.line, caught.value.column) == (2, 1)


def test_a_slip_on_many_hosts_is_told_once(tmp_path: Path) -> None:
    intent = examine(tmp_path, {"intent/a.yml": 'on: all\ninterfaces: [{name: eth0, mtu: "x{{ id }}"}]\n'})
    assert [str(fault) for fault in intent.faults] == [
        "intent/a.yml:2:32 interfaces[0].mtu: expected a whole number, got 'x1' (on leaf1 and 2 more)"
    ]


def test_a_template_that_fails_names_its_own_line(tmp_path: Path) -> None:
    files = {
        "intent/a.yml": "on: leaf1\ntemplates: [a.j2, b.j2, c.j2]\n",
        "templates/a.j2": "one\n{{ nobody }}\n",
        "templates/b.j2": "one\n\n{% endif %}\n",
        "templates/c.j2": "{% include 'part.j2' %}",
        "templates/part.j2": "\n{{ 1 / 0 }}",
    }
    assert [str(fault) for fault in examine(tmp_path, files).faults] == [
        "templates/a.j2:2 'nobody' is undefined, for intent/a.yml:2 (on leaf1)",
        "templates/b.j2:3 not a template: Encountered unknown tag 'endif', for intent/a.yml:2 (on leaf1)",
        "templates/part.j2:2 division by zero, for intent/a.yml:2 (on leaf1)",
    ]


def test_contradictions_name_both_places(tmp_path: Path) -> None:
    files = {
        "intent/a.yml": "on: all\ninterfaces:\n  - {name: eth0, mtu: 9000, description: same}\n  - {name: eth1}\n",
        "intent/b.yml": "on: leaf1\ninterfaces:\n  - {name: eth0, mtu: 1500, description: same}\n"
        "  - {name: eth1, absent: true}\n",
    }
    twice = "9000 at intent/a.yml:3 and 1500 at intent/b.yml:3"
    assert [str(fault) for fault in examine(tmp_path, files).faults] == [
        f"intent/b.yml:3:23 interface eth0: mtu is wished for twice: {twice} (on leaf1)",
        "intent/b.yml:4:5 interface eth1: wished for at intent/a.yml:4 and wished away at intent/b.yml:4 (on leaf1)",
    ]


def test_what_an_owned_noun_needs_is_asked_for(tmp_path: Path) -> None:
    text = "on: leaf1\nown: [bgp, prefix_lists]\nbgp: {router_id: 10.0.0.1}\n"
    text += "prefix_lists: [{name: A, entries: [{sequence: 5, action: permit}]}]\n"
    assert [str(fault) for fault in examine(tmp_path, {"intent/a.yml": text}).faults] == [
        "intent/a.yml:3:6 bgp default: expected asn: a whole number (on leaf1)",
        "intent/a.yml:4:36 PrefixListEntry 5: expected prefix: a prefix or one of any (on leaf1)",
    ]


def test_a_missing_folder_is_told(tmp_path: Path) -> None:
    (fault,) = examine(tmp_path, {}).faults
    assert str(fault) == "intent no such file or folder"


def test_a_file_that_is_no_text_is_told(tmp_path: Path) -> None:
    folder = write(tmp_path, {"intent/a.yml": "on: all\n"})
    (folder / "b.yml").write_bytes(b"\xff\xfe\x00")
    (fault,) = examine(tmp_path, {}).faults
    assert str(fault).startswith("intent/b.yml cannot be read")
