import json
import shutil
import subprocess
from collections.abc import Iterable
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.topology.networks import Net, clos

from netloom.topology.drawings import dot, mermaid, svg, terminal
from netloom.topology.drawings import json as json_drawing
from netloom.topology.graph import Endpoint, Link, Node, Topology, build
from netloom.topology.layout import tiers

SVG = "{http://www.w3.org/2000/svg}"


def troubled() -> Topology:
    net = clos(2, 2)
    net.port("leaf1", "eth1", status="down")
    net.neighbors["spine2"] = [item for item in net.neighbors["spine2"] if item.system_name != "leaf1"]
    return build(net.view(), "lldp")


def test_roles_stand_in_tiers_from_spine_to_host() -> None:
    layout = tiers(build(clos(2, 3).view(), "lldp"))
    assert layout.rows == (("spine1", "spine2"), ("leaf1", "leaf2", "leaf3"), ("host1", "host2", "host3"))


def test_without_roles_the_best_connected_stands_on_top() -> None:
    net = clos(1, 4)
    net.roles = {}
    assert tiers(build(net.view(), "lldp")).rows[0] == ("spine1",)


def test_hosts_stand_under_their_leaf() -> None:
    net = Net()
    for leaf, host in ((1, "zeta"), (2, "alpha")):
        net.cable(f"leaf{leaf}:e1", f"{host}:e1")
        net.cable(f"spine1:e{leaf}", f"leaf{leaf}:e2")
    net.roles = {"leaf1": "leaf", "leaf2": "leaf", "spine1": "spine"}
    assert tiers(build(net.view(), "lldp")).rows[-1] == ("zeta", "alpha")


def test_a_wide_tier_takes_several_rows_of_nearly_equal_length() -> None:
    rows = tiers(build(clos(1, 30).view(), "lldp"), width=12).rows
    assert [len(row) for row in rows] == [1, 10, 10, 10, 10, 10, 10]


names = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=12)


@given(st.lists(names, min_size=1, max_size=8, unique=True), st.data())
def test_any_names_give_well_formed_drawings_with_every_node_once(members: list[str], data: st.DataObject) -> None:
    pairs = data.draw(st.lists(st.tuples(st.sampled_from(members), st.sampled_from(members), names), max_size=8))
    links = tuple(Link(Endpoint(min(a, b), port), Endpoint(max(a, b), port), "lldp") for a, b, port in pairs if a != b)
    topology = Topology("lldp", tuple(Node(name) for name in members), links)
    assert sorted(name for row in tiers(topology).rows for name in row) == sorted(members)
    root = ElementTree.fromstring(svg.draw(topology))
    assert len(root.findall(f"{SVG}g")) == len(members)
    assert len(root.findall(f"{SVG}path")) == len(links)
    assert not root.findall(f".//{SVG}script")
    assert json.loads(json_drawing.draw(topology))["layer"] == "lldp"
    mermaid.draw(topology)
    terminal.draw(topology, width=60)


def plain(rows: Iterable[terminal.Row]) -> str:
    """The rows without styles."""
    return "".join("".join(span.text for span in row).rstrip() + "\n" for row in rows)


def test_problems_carry_a_word_in_every_drawing() -> None:
    topology = troubled()
    for drawing in (
        svg.draw(topology),
        mermaid.draw(topology),
        dot.draw(topology),
        plain(terminal.draw(topology)),
    ):
        assert "down" in drawing
        assert "one-sided" in drawing


def test_no_boxes_overlap_in_a_map_of_fifty() -> None:
    root = ElementTree.fromstring(svg.draw(build(clos(4, 23).view(), "lldp")))
    boxes = []
    for rect in root.iter(f"{SVG}rect"):
        x, y, width, height = (float(rect.attrib[name]) for name in ("x", "y", "width", "height"))
        boxes.append((x, y, x + width, y + height))
    assert len(boxes) == 50
    page = float(root.attrib["width"])
    for at, (left, top, right, bottom) in enumerate(boxes):
        assert left >= 0
        assert right <= page
        for other in boxes[at + 1 :]:
            assert right <= other[0] or other[2] <= left or bottom <= other[1] or other[3] <= top


def test_the_terminal_map_keeps_to_its_width_and_shows_boxes() -> None:
    text = plain(terminal.draw(troubled(), width=90))
    assert max(len(line) for line in text.splitlines()) <= 90
    assert "│ spine1 │" in text
    assert "leaf1:eth1" in text


def test_a_narrow_terminal_gets_the_table_alone() -> None:
    text = plain(terminal.draw(build(clos(2, 8).view(), "lldp"), width=40))
    assert "╭" not in text
    assert text.count("──") == 24


@pytest.mark.skipif(shutil.which("dot") is None, reason="Graphviz is not installed")
def test_graphviz_accepts_the_dot_text() -> None:
    done = subprocess.run(["dot", "-Tsvg"], input=dot.draw(troubled()), capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
