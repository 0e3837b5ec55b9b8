"""Simulated devices as nodes of a lab: what is read, what is told of them, and how they live and break."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from tests.lab.lab_home import home_for_labs, links, machine_or_skip, processes_of

from netloom.errors import LabError, UsageError
from netloom.lab.breakage import break_device, break_link, faults, heal, kill_daemon, lose_packets, slow_down
from netloom.lab.catalogue import load_topology
from netloom.lab.drawing import graph
from netloom.lab.execute import run_in
from netloom.lab.inspection import inspect
from netloom.lab.inventory_file import Places, inventory_text
from netloom.lab.misbehaviour import erase, memory, reboot, tell
from netloom.lab.simulated_node import simulated_kinds, specs_of
from netloom.lab.simulation.process import SPECS, run
from netloom.lab.simulation.spec import Spec, from_json, to_json
from netloom.lab.sites import sites
from netloom.lab.state import Lab
from netloom.lab.topology import SIMULATED, Simulation
from netloom.lab.topology_file import parse_topology
from netloom.lab.topology_text import topology_text
from netloom.lab.up import lab_down, lab_up
from netloom.model.bgp import Bgp
from netloom.model.bgp_neighbor import BgpNeighbor
from netloom.model.interface import Interface
from netloom.model.noun import Record
from netloom.platforms.contract import load_platform
from netloom.platforms.lines import unmodelled

MIXED = """
name: mixed
topology:
  defaults:
    labels: {site: here}
  nodes:
    h1: {kind: linux}
    e1:
      kind: sim:arista_eos
      startup-config: |
        hostname e1
        interface Ethernet1
           description a cable
      netloom: {telnet: false, latency: 0.001}
    j1: {kind: sim:juniper_junos, netloom: {netconf: false, hurry: 60, enable-password: secret}}
    i1: {kind: sim:cisco_ios}
    n1: {kind: sim:cisco_nxos}
  links:
    - endpoints: [e1:Ethernet1, j1:ge-0/0/0]
"""


def configured(node_config: str, platform: str, noun: str) -> list[Record]:
    known = load_platform(platform)
    module = known.module(noun)
    assert module is not None
    found: list[Record] = module.configured(known.parse(node_config))
    return found


# ---- what is read and told ---------------------------------------------------------------------


def test_a_topology_of_simulated_devices_reads_as_it_was_written() -> None:
    topology = parse_topology(MIXED, "mixed.yml")
    assert [node.simulates for node in topology.simulated] == ["arista_eos", "juniper_junos", "cisco_ios", "cisco_nxos"]
    assert [node.name for node in topology.real] == ["h1"]
    e1, j1 = topology.simulated[:2]
    assert e1.services == {"ssh", "https", "snmp"}
    assert e1.simulation == Simulation(latency_s=0.001)
    assert j1.services == {"ssh", "telnet", "snmp"}
    assert j1.simulation == Simulation(hurry=60, enable_password="secret")
    assert parse_topology(topology_text(topology), "again.yml") == topology


def test_every_vendor_that_can_be_simulated_is_a_kind() -> None:
    vendors = {f"{SIMULATED}{name}" for name in ("arista_eos", "cisco_ios", "cisco_nxos", "juniper_junos")}
    assert vendors <= set(simulated_kinds())


def test_the_inventory_says_how_to_get_there_and_that_they_are_simulated() -> None:
    topology = parse_topology(MIXED, "mixed.yml")
    groups = yaml.safe_load(inventory_text(topology, Places("/keeper", "/known", "ab" * 32)))["all"]["children"]
    assert groups["simulated"]["vars"] == {"netloom_simulated": True, "netloom_tls_pin": "ab" * 32}
    ways = {name: group["vars"].get("netloom_transport") for name, group in groups.items() if "vars" in group}
    assert ways["arista_eos"] == ways["cisco_nxos"] == "https"
    assert (ways["juniper_junos"], ways["cisco_ios"]) == ("netconf", "ssh")
    hosts = yaml.safe_load(inventory_text(topology, Places("/keeper", "/known")))["all"]["hosts"]
    assert hosts["j1"]["netloom_transport"] == "ssh"  # its NETCONF is switched off
    assert "netloom_transport" not in hosts["e1"]


def test_a_spec_survives_the_way_to_its_process() -> None:
    topology = parse_topology(MIXED, "mixed.yml")
    specs = specs_of(topology, {node.name: f"key of {node.name}" for node in topology.nodes}, "certificate")
    assert [from_json(to_json(spec)) for spec in specs] == specs
    assert specs[0].cables[0].neighbor == "j1"
    assert specs[0].cables[0].neighbor_platform == "juniper_junos"
    assert "telnet" not in specs[0].ports


def test_a_drawing_says_what_is_simulated() -> None:
    topology = parse_topology(MIXED, "mixed.yml")
    for style in ("mermaid", "dot"):
        drawn = graph(topology, style)
        assert "e1 (simulated)" in drawn
        assert "h1 (simulated)" not in drawn


# ---- generated sites ---------------------------------------------------------------------------


@pytest.mark.parametrize("size", [1, 4, 7, 1000])
def test_sites_have_as_many_devices_as_asked_for(size: int) -> None:
    topology = sites(size, "many")
    assert len(topology.nodes) == size
    assert len({node.mgmt_ipv4 for node in topology.nodes}) == size
    assert all(node.mgmt_ipv4 in topology.subnet for node in topology.nodes)
    assert all(topology.node(end.node) for link in topology.links for end in (link.a, link.b))


@pytest.mark.parametrize("source", ["sites:0", "sites:1021", "sites:", "sites:x"])
def test_other_sizes_are_refused(source: str) -> None:
    with pytest.raises(UsageError, match="as in sites:8"):
        load_topology(source)


def test_the_configurations_of_a_site_fit_together() -> None:
    topology = sites(8, "two")
    peers: dict[str, tuple[int, str]] = {}
    wished: list[tuple[int, str, object]] = []
    for node in topology.nodes:
        assert node.simulates
        ports = [item for item in configured(node.config, node.simulates, "interface") if isinstance(item, Interface)]
        names = {port.name.partition(".")[0] for port in ports}
        assert {name for name, _, _ in topology.cables(node.name)} <= names
        held = [address for port in ports for address in port.addresses]
        assert f"{node.mgmt_ipv4}/24" in held
        own = next(item for item in configured(node.config, node.simulates, "bgp") if isinstance(item, Bgp))
        assert own.asn is not None
        peers |= {address.partition("/")[0]: (own.asn, node.name) for address in held}
        for item in configured(node.config, node.simulates, "bgp_neighbor"):
            assert isinstance(item, BgpNeighbor)
            wished.append((own.asn, item.peer, item.remote_as))
    for asn, peer, remote in wished:
        assert peers[peer][0] == remote != asn
    assert len(wished) == 8


def test_little_of_a_sites_configurations_is_unmodelled() -> None:
    for node in sites(4, "one").nodes:
        platform = load_platform(node.simulates or "")
        config = platform.parse(node.config)
        assert len(list(unmodelled(platform, config))) < len(list(config.lines())) / 2


# ---- a lab -------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    machine_or_skip()
    with home_for_labs(tmp_path_factory.mktemp("labs")) as home:
        before = links()
        source = home.parent / "mixed.yml"
        home.mkdir(parents=True)
        source.write_text(MIXED)
        made = asyncio.run(lab_up(source))
        yield made
        asyncio.run(lab_down(made.name))
        assert links() == before
        assert processes_of(made.folder) == []


def listens(lab: Lab, node: str, port: int) -> bool:
    """Whether a node takes connections in the management network."""
    from netloom.transports.network import open_socket  # noqa: PLC0415 - only where a lab is

    found = lab.topology.node(node)
    assert found is not None
    with open_socket(str(lab.keeper_socket), socket.AF_INET, socket.SOCK_STREAM) as device:
        device.settimeout(2)
        try:
            device.connect((str(found.mgmt_ipv4), port))
        except ConnectionRefusedError:
            return False
    return True


@pytest.mark.lab
class TestALab:
    """One lab with a real host and four simulated devices."""

    def test_every_service_listens_at_its_own_address_and_no_other(self, lab: Lab) -> None:
        doors = {node.name: [port for port in (22, 23, 443, 830) if listens(lab, node.name, port)] for node in
                 lab.topology.simulated}  # fmt: skip
        assert doors == {"e1": [22, 443], "j1": [22, 23], "i1": [22, 23], "n1": [22, 23, 443]}

    def test_it_says_so(self, lab: Lab) -> None:
        assert any("simulated, no vendor's software: e1, j1, i1, n1" in note for note in lab.notes)
        states = inspect(lab)
        assert all(state.running for state in states)
        assert [state.kind for state in states if state.pid is None] == [node.kind for node in lab.topology.simulated]

    def test_there_is_no_machine_to_enter(self, lab: Lab) -> None:
        with pytest.raises(LabError, match="e1 is simulated: there is no machine of its own to enter"):
            lab.argv_in("e1", ["true"])

    async def test_real_nodes_reach_simulated_ones(self, lab: Lab) -> None:
        address = str(lab.topology.nodes[1].mgmt_ipv4)
        assert (await run_in(lab, "h1", ["ping", "-c", "1", "-W", "2", address])).status == 0

    async def test_a_cable_is_pulled_and_put_back(self, lab: Lab) -> None:
        fault = await break_link(lab, "j1:ge-0/0/0")
        assert inspect(lab)[2].faults == ("j1:ge-0/0/0 is down",)
        assert await heal(lab, "j1") == [fault]
        assert faults(lab) == []

    async def test_misbehaviour_is_put_in_and_healed(self, lab: Lab) -> None:
        stall = await break_device(lab, "e1", "reject", command="show v")
        slow = await slow_down(lab, "e1", 0.5)
        assert inspect(lab)[1].faults == (
            "e1 refuses what it is asked on 'show v'",
            "e1 waits 0.5 s before each answer",
        )
        assert await heal(lab) == [stall, slow]
        await break_device(lab, "e1", "stall", times=1)
        assert faults(lab) == []

    async def test_what_makes_no_sense_is_refused_with_the_way_out(self, lab: Lab) -> None:
        with pytest.raises(LabError, match=r"unknown fault 'stal'; did you mean \"stall\"\?"):
            await break_device(lab, "e1", "stal")
        with pytest.raises(LabError, match="h1 is a real machine"):
            await break_device(lab, "h1", "stall")
        with pytest.raises(LabError, match="e1 is simulated: it has no daemons"):
            await kill_daemon(lab, "e1", "bgpd")
        with pytest.raises(LabError, match="e1 is simulated: its cables carry no packets"):
            await lose_packets(lab, "e1:Ethernet1", 10)
        with pytest.raises(LabError, match="unknown request 'sing'"):
            tell(lab, {"op": "sing", "node": "e1"})
        with pytest.raises(LabError, match="expected a request"):
            tell(lab, {"node": "e1"})

    def test_one_is_started_anew(self, lab: Lab) -> None:
        reboot(lab, "i1")
        told = tell(lab, {"op": "status", "node": "i1"})
        assert (told["boots"], told["saved"], told["timers"]) == (2, True, {})

    def test_what_one_holds_is_told_past_its_servers_and_forgotten_when_it_is_erased(self, lab: Lab) -> None:
        tell(lab, {"op": "fault", "node": "n1", "kind": "reject"})
        first = memory(lab, "n1")
        assert first.running == first.startup
        assert "hostname n1" in first.running
        assert (first.reachable, first.unfinished) == (True, [])
        erase(lab, "n1")
        assert memory(lab, "n1") == first
        with pytest.raises(LabError, match="h1 is a real machine"):
            erase(lab, "h1")

    async def test_their_process_may_die_and_the_others_stay(self, lab: Lab) -> None:
        # The last test: nothing starts it again, as nothing repairs a machine that lost its power.
        lines = (await run_in(lab, "mgmt", ["pgrep", "-f", "netloom.lab.simulation"])).output.split()
        await run_in(lab, "mgmt", ["kill", "-9", *lines])
        async with asyncio.timeout(10):
            while any(state.running for state in inspect(lab)[1:]):  # noqa: ASYNC110 - another process's end
                await asyncio.sleep(0.01)
        assert inspect(lab)[0].running
        with pytest.raises(LabError, match="does not answer"):
            await break_link(lab, "e1:Ethernet1")


@pytest.mark.lab
async def test_two_hundred_listen_within_seconds(tmp_path: Path) -> None:
    machine_or_skip()
    with home_for_labs(tmp_path):
        made = await lab_up(sites(200, "many"))
        try:
            assert all(state.running for state in inspect(made))
            assert listens(made, "edge50", 830)
            assert listens(made, "branch50", 23)
        finally:
            await lab_down("many")


async def test_a_taken_port_is_told_with_the_device(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # where the process goes by itself
    with socket.create_server(("127.0.0.1", 0)) as taken:
        ports = {"ssh": taken.getsockname()[1]}
        spec = Spec(name="e1", platform="arista_eos", ports=ports)
        (tmp_path / SPECS).write_text(json.dumps([to_json(spec)]))
        with pytest.raises(LabError, match=rf"e1: 127\.0\.0\.1 port {ports['ssh']}: "):
            await run(tmp_path)


@pytest.mark.lab
async def test_the_end_of_the_keeper_ends_them(tmp_path: Path) -> None:
    machine_or_skip()
    with home_for_labs(tmp_path):
        made = await lab_up(sites(1, "alone"))
        os.kill(made.keeper_pid(), signal.SIGTERM)
        async with asyncio.timeout(10):
            while processes_of(made.folder):  # noqa: ASYNC110 - another process's end
                await asyncio.sleep(0.01)
        await lab_down("alone")
