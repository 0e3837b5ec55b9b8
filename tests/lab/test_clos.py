"""Generated fabrics."""

from collections import Counter
from dataclasses import replace
from ipaddress import ip_interface

from hypothesis import given, settings
from hypothesis import strategies as st

from netloom.lab.catalogue import load_topology
from netloom.lab.clos import Shape, clos, shape_of
from netloom.lab.drawing import graph
from netloom.lab.node_files import link_batch
from netloom.lab.topology import Topology

SHAPES = st.builds(
    Shape,
    spines=st.integers(1, 6),
    leaves=st.integers(1, 12),
    hosts_per_leaf=st.integers(0, 3),
    numbered=st.booleans(),
)


def addresses(topology: Topology) -> list[str]:
    """Every address in the configurations and on the hosts."""
    lines = [line.split() for node in topology.nodes for line in node.config.splitlines()]
    configured = [words[2] for words in lines if words[:2] == ["ip", "address"]]
    return configured + [address for node in topology.nodes for (address,) in node.addresses.values()]


@given(SHAPES)
@settings(max_examples=40, deadline=None)
def test_every_leaf_reaches_every_spine_once(shape: Shape) -> None:
    topology = clos(shape, "x")
    pairs = Counter((link.a.node, link.b.node) for link in topology.links if link.b.node.startswith("spine"))
    assert set(pairs.values()) == {1}
    assert len(pairs) == shape.spines * shape.leaves
    assert len(topology.nodes) == shape.size


@given(SHAPES)
@settings(max_examples=40, deadline=None)
def test_no_address_and_no_end_is_used_twice(shape: Shape) -> None:
    topology = clos(shape, "x")
    used = [str(ip_interface(address).ip) for address in addresses(topology)]
    used += [str(node.mgmt_ipv4) for node in topology.nodes]
    assert len(used) == len(set(used))
    ends = [end for link in topology.links for end in (link.a, link.b)]
    assert len(ends) == len(set(ends))


def test_numbered_links_share_their_subnet() -> None:
    topology = clos(Shape(spines=3, leaves=140, hosts_per_leaf=0, numbered=True), "x")
    subnets = Counter(ip_interface(address).network for address in addresses(topology) if address.endswith("/31"))
    assert set(subnets.values()) == {2}
    assert len(subnets) == 420


def test_sizes_are_kept_to_the_node() -> None:
    for size in (6, 7, 20, 50, 99, 100, 250):
        assert shape_of(size).size == size


def test_shipped_fabric_is_the_generated_one() -> None:
    assert load_topology("fabric6") == replace(load_topology("clos:6"), name="fabric6")


def test_links_are_built_in_one_batch() -> None:
    batch = link_batch(load_topology("fabric6"))
    assert batch[:2] == ["link set lo up", "link add mgmt type bridge"]
    assert batch[3] == "addr add 172.20.20.1/24 brd + dev mgmt"
    assert "link add nl0 type veth peer name mgmt0 netns spine1" in batch
    assert "link add eth1 mtu 1500 netns leaf1 type veth peer name eth1 mtu 1500 netns spine1" in batch


def test_drawing_shows_every_node_and_link() -> None:
    topology = load_topology("fabric6")
    mermaid = graph(topology)
    assert mermaid.startswith('graph TD\n  n0["spine1"]\n')
    assert '  n4(["host1"])' in mermaid
    assert '  n2 ---|"eth1 — eth1"| n0' in mermaid
    assert len(mermaid.splitlines()) == 1 + len(topology.nodes) + len(topology.links)
    dot = graph(topology, "dot")
    assert '{ rank=same; "spine1" [label="spine1", shape=box]; "spine2" [label="spine2", shape=box]; }' in dot
    assert '  "leaf1" -- "host1" [taillabel="eth3", headlabel="eth1"];' in dot
