"""Observing and discovering a real network: FRR routers and Linux hosts with lldpd, net-snmp and SSH."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from netloom.collectors.state.collect import Collected, collect
from netloom.collectors.state.discover import DiscoverySettings, discover
from netloom.devices.session import Session, connect
from netloom.errors import CapabilityMissing
from netloom.inventory.access import access_of
from netloom.inventory.sources import load_inventory
from netloom.lab.converge import wait_converged
from netloom.lab.state import labs
from netloom.lab.up import lab_down, lab_up
from netloom.model.bfd_peer import BfdPeerState
from netloom.model.host import Access
from netloom.model.interface import InterfaceState
from netloom.model.neighbor import NeighborState
from netloom.model.ospf_neighbor import OspfNeighborState
from netloom.model.route import RouteState
from netloom.model.secret import Secret
from netloom.transports.host_keys import HostKeys

pytestmark = [pytest.mark.lab, pytest.mark.xdist_group("state_lab")]

ROUTERS = ("r1", "r2", "r3", "r4")


@pytest.fixture(scope="module")
def accesses() -> Iterator[dict[str, Access]]:
    """A lab of four OSPF routers and two hosts, up while the module runs."""
    name = f"state{os.getpid()}"

    async def up() -> dict[str, Access]:
        lab = await lab_up("ospf-bfd", name=name)
        await wait_converged(lab)
        inventory = load_inventory([lab.inventory])
        return {host.name: access_of(host, Secret, inventory=inventory) for host in inventory}

    try:
        yield asyncio.run(up())
    except CapabilityMissing as exc:
        pytest.skip(str(exc))
    finally:
        if name in {lab.name for lab in labs()}:
            asyncio.run(lab_down(name))


@pytest.fixture
def keys(tmp_path: Path) -> HostKeys:
    return HostKeys(tmp_path / "known_hosts")


async def collected(accesses: list[Access], keys: HostKeys, *nouns: str) -> dict[tuple[str, str], Collected]:
    return {(each.device, each.noun): each async for each in collect(accesses, nouns or None, keys=keys)}


async def test_everything_a_network_can_show_is_collected(accesses: dict[str, Access], keys: HostKeys) -> None:
    found = await collected(list(accesses.values()), keys)
    assert {str(each.error) for each in found.values() if each.error} == set()
    assert {note for each in found.values() for note in each.notes} == set()
    assert {device for device, _ in found} == set(accesses)
    for router in ROUTERS:
        assert all(found[router, noun].records for noun in ("device", "interface", "neighbor", "route", "arp", "ospf"))
        peers = [each for each in found[router, "ospf_neighbor"].records if isinstance(each, OspfNeighborState)]
        assert {peer.state for peer in peers} == {"Full"}
        sessions = [each for each in found[router, "bfd_peer"].records if isinstance(each, BfdPeerState)]
        assert {session.state for session in sessions} == {"up"}
        interfaces = [each for each in found[router, "interface"].records if isinstance(each, InterfaceState)]
        assert all(each.in_octets is not None and each.type for each in interfaces)


async def test_snmp_alone_tells_the_same_neighbors_and_interfaces(accesses: dict[str, Access], keys: HostKeys) -> None:
    router = accesses["r1"]
    by_shell = await collected([replace(router, snmp=None)], keys, "neighbor", "interface")
    by_snmp = await collected([replace(router, shell_username=None)], keys, "neighbor", "interface")
    assert by_snmp["r1", "neighbor"].notes[0].startswith("asked by SNMP: ")

    def cables(found: dict[tuple[str, str], Collected]) -> set[tuple[str, str, str | None, tuple[str, ...]]]:
        records = [each for each in found["r1", "neighbor"].records if isinstance(each, NeighborState)]
        return {(each.local_interface, each.port_id, each.system_name, each.management_addresses) for each in records}

    assert cables(by_shell) == cables(by_snmp) != set()

    def ports(found: dict[tuple[str, str], Collected]) -> dict[str, tuple[object, ...]]:
        records = [each for each in found["r1", "interface"].records if isinstance(each, InterfaceState)]
        return {each.name: (each.ifindex, each.oper_status, each.mtu, each.mac_address, each.type) for each in records}

    assert ports(by_shell) == ports(by_snmp) != {}


async def test_frr_and_its_kernel_agree_on_the_routes(accesses: dict[str, Access], keys: HostKeys) -> None:
    router = accesses["r1"]
    as_linux = replace(router, platform="linux", username=router.shell_username, shell_username=None)

    def installed(records: tuple[object, ...]) -> set[tuple[str, str, frozenset[tuple[str | None, str | None]]]]:
        return {
            (
                each.prefix,
                each.protocol,
                frozenset((hop.address, hop.interface) for hop in each.next_hops if hop.active),
            )
            for each in records
            if isinstance(each, RouteState) and each.selected and each.protocol == "ospf"
        }

    async with asyncio.timeout(20):
        while True:  # a route may change between the two answers
            frr = (await collected([router], keys, "route"))["r1", "route"].records
            kernel = (await collected([as_linux], keys, "route"))["r1", "route"].records
            if installed(frr) == installed(kernel) != set():
                return


async def test_the_whole_network_is_found_from_one_seed(accesses: dict[str, Access], keys: HostKeys) -> None:
    routers = accesses["r1"]

    def access_for(name: str, address: str, platform: str) -> Access | None:
        shell = routers.shell_username if platform == "frr" else None
        return replace(routers, name=name, address=address, platform=platform, shell_username=shell)

    @asynccontextmanager
    async def open_session(to: Access) -> AsyncIterator[Session]:
        async with connect(to, keys=keys) as session:
            yield session

    known = {"edge": accesses["r2"].address}
    search = discover(
        replace(accesses["r1"], name="seed"),
        open_session=open_session,
        access_for=access_for,
        settings=DiscoverySettings(known=known),
    )
    found = {each.name: each async for each in search}
    assert {name: each.reason for name, each in found.items()} == dict.fromkeys(accesses)
    assert {name: each.platform for name, each in found.items()} == {
        name: access.platform for name, access in accesses.items()
    }
    assert found["r2"].host == "edge"
    assert found["r1"].via == ()
    assert all(found[name].via for name in found if name != "r1")
