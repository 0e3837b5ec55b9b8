"""Topology files: what is read, what is refused and in which words."""

from ipaddress import IPv4Address
from pathlib import Path

import pytest

from netloom.errors import LabError, SourceError, UsageError
from netloom.lab.catalogue import load_topology, shipped
from netloom.lab.topology import Bind, Endpoint, Link
from netloom.lab.topology_file import parse_topology
from netloom.lab.topology_text import topology_text

HERE = Path(__file__).parent
BAD = sorted((HERE / "bad").glob("*.yml"))


@pytest.mark.parametrize("file", BAD, ids=lambda file: file.stem)
def test_bad_file_is_refused_at_its_place(file: Path) -> None:
    with pytest.raises(SourceError) as caught:
        parse_topology(file.read_text(), file.name, lambda name: (HERE / "bad" / name).read_text())
    assert str(caught.value) == file.with_suffix(".txt").read_text().strip()


def test_file_of_containerlab_is_understood() -> None:
    topology = load_topology(HERE / "good" / "containerlab.yml")
    leaf1, leaf2, host1 = topology.nodes
    assert (leaf1.kind, leaf1.group, leaf1.labels) == ("frr", "leaf", {"vendor": "frr", "role": "leaf", "tier": "2"})
    assert leaf2.labels["role"] == "border"
    assert leaf1.env == {"REGION": "eu", "SITE": "paris"}
    assert leaf1.exec == ("true", "ip -br link")
    assert leaf1.config.startswith("hostname leaf1\n")
    assert leaf1.binds == (Bind(str(HERE / "good" / "motd"), "/etc/motd", read_only=True),)
    assert "telnet" in leaf1.services
    assert "telnet" not in leaf2.services
    assert host1.services == {"snmp", "lldp", "ssh"}
    assert host1.addresses == {"eth1": ("10.1.1.10/24",)}
    assert topology.links[0] == Link(Endpoint("leaf1", "eth1"), Endpoint("leaf2", "eth1"), 9000)
    assert topology.cables("host1") == [("eth1", Endpoint("leaf1", "eth2"), 1500)]
    assert [node.mgmt_ipv4 for node in topology.nodes] == [
        IPv4Address("10.9.0.12"),
        IPv4Address("10.9.0.11"),
        IPv4Address("10.9.0.13"),
    ]


def test_keys_about_containers_are_noted() -> None:
    notes = load_topology(HERE / "good" / "containerlab.yml").notes
    assert "prefix: has no meaning here" in notes
    assert "host1: image has no meaning here" in notes


def test_image_of_a_router_on_a_linux_node_is_told_apart() -> None:
    text = "name: x\ntopology: {nodes: {r1: {kind: linux, image: 'frrouting/frr:v8'}}}\n"
    assert parse_topology(text, "x.yml").notes == ("r1: image has no meaning here; for a router, write kind: frr",)


def test_daemons_follow_from_the_configuration() -> None:
    leaf1, leaf2, _ = load_topology(HERE / "good" / "containerlab.yml").nodes
    assert leaf1.daemons == ("bgpd", "bfdd")
    assert leaf2.daemons == ("bgpd", "ospfd")


@pytest.mark.parametrize("source", [*shipped(), "clos:20", "clos:7", "clos:spines=3,leaves=4,hosts=2,numbered"])
def test_written_topology_reads_back_the_same(source: str) -> None:
    topology = load_topology(source)
    assert parse_topology(topology_text(topology), "again.yml") == topology


def test_missing_file_names_what_there_is(tmp_path: Path) -> None:
    with pytest.raises(
        LabError, match=r"none\.yml: No such file.*clos:SIZE, sites:SIZE, or one of fabric6, ospf-bfd, vendors"
    ):
        load_topology(tmp_path / "none.yml")


def test_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "t.yml").write_bytes(b"name: \xff\xfe")
    with pytest.raises(LabError, match="not UTF-8"):
        load_topology(tmp_path / "t.yml")


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("clos:3", "6 to 250 nodes here, got 3"),
        ("clos:spins=2", "what is 'spins=2'"),
        ("clos:spines=0", "spines: expected 1 to 32, got 0"),
        ("clos:hosts=99", "hosts per leaf: expected 0 to 32, got 99"),
    ],
)
def test_shape_nobody_can_build_is_refused(source: str, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        load_topology(source)
