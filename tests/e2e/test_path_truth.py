"""`netloom path` held against the way that packets really take."""

from __future__ import annotations

import asyncio
import itertools
import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from ipaddress import ip_interface
from pathlib import Path
from typing import Any

import pytest
from tests.command import CommandLine

from netloom.lab.breakage import break_link, heal
from netloom.lab.converge import wait_converged
from netloom.lab.state import Lab

pytestmark = pytest.mark.lab

PROBE = str(Path(__file__).with_name("flow_probe.py"))
FLOWS = 24
"""Flows a pair: that all of them take one of two ways happens by chance once in eight million times."""

Way = tuple[str, ...]
"""The devices after the source."""


@dataclass(frozen=True)
class Network:
    """A lab whose state was collected."""

    lab: Lab
    cli: CommandLine

    def collect(self) -> dict[str, str]:
        """Collect anew; address → device."""
        self.cli("collect", "interface", "route", "arp", "device")
        rows = self.cli("show", "interface", "-f", "json", "--columns", "hostname,addresses").rows()
        return {str(ip_interface(held).ip): row["hostname"] for row in rows for held in row["addresses"]}

    def real(self, source: str, targets: Sequence[str], count: int = FLOWS) -> dict[str, list[list[str] | None]]:
        """For each target the ways that flows really take, None for a flow that does not arrive."""
        flows = [(target, 33434 + number) for target in targets for number in range(count)]
        # Only the node's network: its files hide this machine's Python.
        argv = [word for word in self.lab.argv_in(source, []) if word not in {"-m", "-u", "-i", "-p"}]
        done = subprocess.run(
            [*argv, sys.executable, PROBE, json.dumps(flows)], capture_output=True, text=True, timeout=60, check=True
        )
        ways = json.loads(done.stdout)
        return {target: ways[at * count : (at + 1) * count] for at, target in enumerate(targets)}


def prepared(lab: Lab, cli: CommandLine) -> Network:
    """A network whose nodes answer every probe: by default the kernel answers one a second."""
    for node in lab.topology.nodes:
        limits = {"icmp_ratelimit": 0, "icmp_msgs_per_sec": 1_000_000, "icmp_msgs_burst": 1_000_000}
        writes = "; ".join(f"echo {value} > /proc/sys/net/ipv4/{name}" for name, value in limits.items())
        subprocess.run(lab.argv_in(node.name, ["sh", "-c", writes]), check=True)
    return Network(lab, cli)


def disagreements(network: Network, targets: Sequence[str]) -> list[str]:
    """Every pair of a node and a target where the computed ways and the real ones differ."""
    holders = network.collect()
    sources = [node.name for node in network.lab.topology.nodes]
    found = []
    with ThreadPoolExecutor(len(sources)) as pool:
        real = dict(zip(sources, pool.map(lambda source: network.real(source, targets), sources), strict=True))
    for source, target in itertools.product(sources, targets):
        if holders[target] == source:
            continue
        seen = {tuple(holders[hop] for hop in way) for way in real[source][target] if way}
        lost = sum(way is None for way in real[source][target])
        ran = network.cli("path", source, target, "-f", "json", expect=None)
        ways = computed(ran.json())
        if seen != ways or ran.status != (0 if ways else 5) or lost != (0 if ways else FLOWS):
            found.append(f"{source} to {target}: {sorted(ways)} ({ran.status}), real {sorted(seen)}, {lost} lost")
    return found


def computed(result: dict[str, Any]) -> set[Way]:
    """The computed ways that arrive."""
    branches = [branch["hops"] for branch in result["branches"] if branch["hops"][-1]["outcome"] == "delivered"]
    return {tuple(hop["device"] for hop in hops[1:]) for hops in branches}


@pytest.fixture(scope="module")
def fabric(lab: Lab, module_workspace: CommandLine) -> Network:
    return prepared(lab, module_workspace)


@pytest.fixture(scope="module")
def ring(own_lab: Callable[[str, str], tuple[Lab, CommandLine]]) -> Network:
    return prepared(*own_lab("ospf-bfd", "ring"))


def test_every_way_through_the_fabric_is_the_real_one(fabric: Network) -> None:
    assert disagreements(fabric, ["10.1.1.10", "10.2.1.10", "10.255.0.1", "10.255.1.2"]) == []
    assert len(computed(fabric.cli("path", "host1", "host2", "-f", "json").json())) == 2


def test_every_way_around_a_broken_link_of_the_fabric_is_the_real_one(fabric: Network) -> None:
    with broken(fabric, "leaf1:eth2", "leaf1", "10.255.1.2"):
        assert disagreements(fabric, ["10.2.1.10", "10.255.1.1", "10.255.0.2"]) == []
        assert len(computed(fabric.cli("path", "host1", "host2", "-f", "json").json())) == 1


def test_a_link_that_comes_back_is_used_again(fabric: Network) -> None:
    with broken(fabric, "leaf1:eth2", "leaf1", "10.255.1.2"):
        pass
    assert len({tuple(way or ()) for way in fabric.real("leaf1", ["10.2.1.10"])["10.2.1.10"]}) == 2


def test_every_way_around_the_ring_is_the_real_one(ring: Network) -> None:
    assert disagreements(ring, ["10.1.0.10", "10.3.0.10", "10.255.0.2", "10.255.0.3"]) == []
    assert len(computed(ring.cli("path", "h1", "h2", "-f", "json").json())) == 2


def test_every_way_around_a_broken_link_of_the_ring_is_the_real_one(ring: Network) -> None:
    with broken(ring, "r1:eth1", "r2", "10.255.0.1"):
        assert disagreements(ring, ["10.3.0.10", "10.255.0.1"]) == []
        assert len(computed(ring.cli("path", "h1", "h2", "-f", "json").json())) == 1


@contextmanager
def broken(network: Network, end: str, source: str, target: str) -> Iterator[None]:
    """A link that is down within the block, from when flows from source to target go one way and arrive."""
    asyncio.run(break_link(network.lab, end))
    try:
        for _ in range(50):
            ways = network.real(source, [target], 3)[target]
            if all(ways) and len({tuple(way or ()) for way in ways}) == 1:
                break
        else:
            pytest.fail(f"no way around found: {ways}")
        yield
    finally:
        asyncio.run(heal(network.lab))
        asyncio.run(wait_converged(network.lab))


@pytest.mark.parametrize(
    ("source", "target", "reason"),
    [
        ("host1", "203.0.113.9", "no route"),
        ("leaf1", "10.255.1.99", "no route"),
        ("spine1", "10.255.0.2", "no route"),
    ],
)
def test_a_way_that_ends_says_why(fabric: Network, source: str, target: str, reason: str) -> None:
    fabric.collect()
    ran = fabric.cli("path", source, target, expect=5)
    assert reason in ran.out
    hops = fabric.cli("path", source, target, "-f", "json", expect=5).json()["branches"][0]["hops"]
    assert (hops[-1]["outcome"], reason in hops[-1]["reason"]) == ("dropped", True)


def test_a_path_of_an_unknown_device_is_an_error(fabric: Network) -> None:
    fabric.collect()
    assert "nowhere" in fabric.cli("path", "nowhere", "10.2.1.10", expect=64).err
