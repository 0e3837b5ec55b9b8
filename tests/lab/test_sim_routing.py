"""What simulated devices know of one another's routes: BGP along a chain, within an AS, and OSPF on a cable."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from netloom.lab.simulation.device import Device
from netloom.lab.simulation.ospf import adjacencies
from netloom.lab.simulation.rib import Route, routes
from netloom.lab.simulation.spec import Cable, Spec
from netloom.model.config import Line

LINKS = (("a", "b"), ("b", "c"))
"""Ethernet2 of the one to Ethernet1 of the other."""


def chain(asns: Mapping[str, int], *, area: str = "0.0.0.0") -> dict[str, Device]:  # noqa: S104 - an OSPF area
    """a – b – c, each with a loopback that it announces."""
    world: dict[str, Device] = {}
    for number, name in enumerate(asns, start=1):
        lines = [f"hostname {name}", "interface Loopback0", f"   ip address 192.0.2.{number}/32"]
        neighbors, cables = [], []
        for at, (left, right) in enumerate(LINKS):
            if name in (left, right):
                port, host, other = (2, 0, right) if name == left else (1, 1, left)
                lines += [f"interface Ethernet{port}", "   no switchport", f"   ip address 10.0.{at}.{host}/31"]
                neighbors.append(f"   neighbor 10.0.{at}.{1 - host} remote-as {asns[other]}")
                cables.append(Cable(f"Ethernet{port}", other, f"Ethernet{3 - port}"))
        lines += [f"router bgp {asns[name]}", *neighbors, f"   network 192.0.2.{number}/32"]
        lines += ["router ospf 1", f"   network 10.0.0.0/16 area {area}"]
        spec = Spec(name=name, platform="arista_eos", config="\n".join(lines) + "\n", cables=tuple(cables))
        world[name] = Device(spec, smallest="")
    for device in world.values():
        device.world = world
    return world


def learned(device: Device) -> list[Route]:
    return [route for route in routes(device) if route.protocol.endswith("bgp")]


async def test_a_prefix_is_told_along_a_chain_of_systems() -> None:
    world = chain({"a": 65001, "b": 65002, "c": 65003})
    assert learned(world["a"]) == [
        Route("192.0.2.2/32", "ebgp", next_hop="10.0.0.1", interface="Ethernet2", as_path=(65002,)),
        Route("192.0.2.3/32", "ebgp", next_hop="10.0.0.1", interface="Ethernet2", as_path=(65002, 65003)),
    ]


async def test_what_one_internal_peer_says_is_not_told_to_another() -> None:
    world = chain({"a": 65001, "b": 65001, "c": 65001})
    assert [route.prefix for route in learned(world["a"])] == ["192.0.2.2/32"]
    assert learned(world["a"])[0].protocol == "ibgp"


def pull(neighbor: Device) -> None:
    neighbor.links_down.add("Ethernet1")


def shut(neighbor: Device) -> None:
    neighbor.apply([Line("shutdown", ("interface Ethernet1",))])


def forget(neighbor: Device) -> None:
    neighbor.apply([Line("no neighbor 10.0.0.0", ("router bgp 65002",))])


@pytest.mark.parametrize("part", [pull, shut, forget])
async def test_a_session_falls_with_its_cable_its_peer_or_the_peers_configuration(
    part: Callable[[Device], None],
) -> None:
    world = chain({"a": 65001, "b": 65002, "c": 65003})
    part(world["b"])
    assert learned(world["a"]) == []
    assert learned(world["c"]), "the other session stands"


async def test_neighbors_of_one_area_are_adjacent() -> None:
    world = chain({"a": 65001, "b": 65002, "c": 65003})
    (found,) = adjacencies(world["a"])
    assert (found.interface, found.neighbor_id, found.address, found.role) == (
        "Ethernet2",
        "192.0.2.2",
        "10.0.0.1",
        "DR",
    )
    world["b"].apply(
        [
            Line("no network 10.0.0.0/16 area 0.0.0.0", ("router ospf 1",)),
            Line("passive-interface default", ("router ospf 1",)),
        ]
    )
    assert adjacencies(world["a"]) == []
