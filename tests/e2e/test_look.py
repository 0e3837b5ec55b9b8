"""Collect, show, discover, map on a real network."""

from __future__ import annotations

import asyncio
import csv
import io
import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from xml.etree import ElementTree as ET

import pytest
import yaml
from tests.command import EXECUTABLE, CommandLine

from netloom.lab.breakage import break_link, heal
from netloom.lab.converge import wait_converged
from netloom.lab.state import Lab

pytestmark = pytest.mark.lab

NODES = {"spine1", "spine2", "leaf1", "leaf2", "host1", "host2"}


@contextmanager
def broken(lab: Lab, end: str) -> Iterator[None]:
    """A link that is down within the block; the network has settled again after it."""
    asyncio.run(break_link(lab, end))
    try:
        yield
    finally:
        asyncio.run(heal(lab, end))
        asyncio.run(wait_converged(lab))


def ends(link: dict[str, Any]) -> frozenset[str]:
    return frozenset((link["a"]["device"], link["b"]["device"]))


@pytest.fixture(scope="module")
def collected(module_workspace: CommandLine) -> CommandLine:
    """A workspace that has collected once."""
    ran = module_workspace("collect")
    assert " of 6 of 6 devices" in ran.err
    assert ran.out == ""
    return module_workspace


def test_every_noun_that_a_fabric_has_is_shown(collected: CommandLine) -> None:
    for noun in ("device", "interface", "neighbor", "bgp_session", "route", "arp"):
        assert collected("show", noun, "--format", "json").rows(), noun


def test_all_formats_tell_the_same(collected: CommandLine) -> None:
    columns = ["hostname", "peer", "state"]
    asked = ["show", "bgp_session", "state=Established", "--columns", ",".join(columns), "-l", "leaf*", "--format"]
    rows = collected(*asked, "json").rows()
    assert {row["hostname"] for row in rows} == {"leaf1", "leaf2"}
    assert len(rows) == 4
    assert [json.loads(line) for line in collected(*asked, "ndjson").out.splitlines()] == rows
    assert yaml.safe_load(collected(*asked, "yaml").out) == rows
    assert list(csv.DictReader(io.StringIO(collected(*asked, "csv").out))) == rows
    lines = collected(*asked, "md").out.splitlines()
    assert lines[0] == "| hostname | peer | state |"
    assert [dict(zip(columns, line.strip("| ").split(" | "), strict=True)) for line in lines[2:]] == rows
    table = collected(*asked, "table").out.splitlines()
    assert table[0].split() == columns
    assert [dict(zip(columns, line.split(), strict=True)) for line in table[1:]] == rows


def test_filters_choose_rows_and_say_where_they_are_wrong(collected: CommandLine) -> None:
    inside = collected("show", "route", "prefix in 10.255.0.0/16", "-l", "leaf1", "--format", "json").rows()
    assert {row["prefix"] for row in inside} == {f"10.255.{tier}.{number}/32" for tier in (0, 1) for number in (1, 2)}
    assert collected("show", "interface", "mtu>9000 and name=lo", "-l", "host1", "-f", "json").rows()
    assert collected("show", "interface", "mtu>9000", "name=eth1", "-f", "json").rows() == []
    assert 'did you mean "oper_status"' in collected("show", "interface", "operstatus=up", expect=1).err
    assert "expected" in collected("show", "interface", "mtu >", expect=1).err
    assert "leaf9" in collected("show", "interface", "-l", "leaf9", expect=64).err


def test_the_past_is_shown_with_at_and_compared_with_diff(lab: Lab, workspace: CommandLine) -> None:
    workspace("collect", "interface", "-l", "leaf1")
    with broken(lab, "leaf1:eth2"):
        workspace("collect", "interface", "-l", "leaf1")
        asked = ["show", "interface", "name=eth2", "-l", "leaf1", "-f", "json"]
        assert [row["admin_status"] for row in workspace(*asked).rows()] == ["down"]
        assert workspace(*asked, "--at", "1 hour ago").rows() == []
        seen = workspace("show", "interface", "-l", "leaf1", "-f", "json", "--columns", "observed_at").rows()
        assert len({row["observed_at"] for row in seen}) == 1
        changes = workspace("show", "interface", "--diff", "1 hour ago", "-f", "json").rows()
        assert {change["change"] for change in changes} == {"added"}
    workspace("collect", "interface", "-l", "leaf1")
    after = workspace("show", "interface", "--diff", seen[0]["observed_at"], "-f", "json").rows()
    eth2 = next(change for change in after if change["object"] == "eth2")
    assert (eth2["before"]["oper_status"], eth2["after"]["oper_status"]) == ("down", "up")
    then = workspace(*asked, "--at", seen[0]["observed_at"]).rows()
    assert [row["admin_status"] for row in then] == ["down"]


def test_all_six_are_found_from_one_seed(workspace: CommandLine) -> None:
    found = workspace("discover", "host2", "--format", "json").rows()
    assert {row["name"]: row["inventory"] for row in found} == {name: name for name in NODES}
    assert all(row["reached"] for row in found)


def test_a_workspace_starts_from_one_address(lab: Lab, cli: CommandLine) -> None:
    """Where devices are reached without a lab's help: inside its management network."""
    asked = ["init", str(cli.folder), "--seed", "172.20.20.11", "--user", "netops", "--password", "env:SEED_PASSWORD"]
    argv = lab.argv_in("mgmt", [EXECUTABLE, *asked, "--shell-user", "netshell"])
    environment = {**os.environ, **cli.variables(), "SEED_PASSWORD": "admin"}
    done = subprocess.run(
        argv, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    hosts = cli("inventory", "--format", "json", "--columns", "name,address,platform").rows()
    assert {row["name"] for row in hosts} == NODES
    assert {row["name"]: row["address"] for row in hosts}["leaf1"] == "172.20.20.13"
    assert {row["platform"] for row in hosts} == {"frr", "linux"}
    assert "admin" not in (cli.folder / "inventory" / "hosts.yml").read_text()


@pytest.mark.parametrize("layer", ["lldp", "ip", "bgp"])
def test_a_layers_map_is_drawn_in_every_format(collected: CommandLine, layer: str) -> None:
    drawn = collected("map", "--layer", layer, "--format", "json").json()
    joined = {ends(link) for link in drawn["links"]}
    fabric = {frozenset((leaf, spine)) for leaf in ("leaf1", "leaf2") for spine in ("spine1", "spine2")}
    hosts = {frozenset(("leaf1", "host1")), frozenset(("leaf2", "host2"))}
    # Sessions and cables of the fabric are unnumbered: IP subnets join only hosts to their leaves.
    assert joined >= {"lldp": fabric | hosts, "ip": hosts, "bgp": fabric}[layer]
    svg = ET.fromstring(collected("map", "--layer", layer, "--format", "svg").out)
    assert svg.tag.endswith("svg")
    texts = {"".join(element.itertext()).strip() for element in svg.iter()}
    assert texts >= NODES
    for form, start in (("dot", "graph"), ("mermaid", "flowchart")):
        text = collected("map", "--layer", layer, "--format", form).out
        assert start in text
        assert all(name in text for name in NODES)
    assert all(name in collected("map", "--layer", layer).out for name in NODES)


def test_a_broken_link_is_drawn_as_down(lab: Lab, workspace: CommandLine) -> None:
    workspace("collect", "neighbor", "interface", "device")
    with broken(lab, "leaf1:eth2"):
        workspace("collect", "neighbor", "interface", "device", "-l", "leaf1,spine2")
        links = workspace("map", "-f", "json").json()["links"]
        state = {ends(link): link["state"] for link in links}
        assert state[frozenset(("leaf1", "spine2"))] == "down"
        assert state[frozenset(("leaf1", "spine1"))] == "up"


def test_a_link_that_one_side_alone_tells_of_is_marked(workspace: CommandLine) -> None:
    workspace("collect", "neighbor", "interface", "device", "-l", "leaf1")
    links = workspace("map", "-f", "json").json()["links"]
    assert links
    assert all(link["one_sided"] for link in links)
