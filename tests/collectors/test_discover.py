"""A network found from a seed: each device once, whatever it is called, with the reason where it ends."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from types import SimpleNamespace
from typing import Any

import pytest
from tests.collectors.device_double import Double, access, network, platform

from netloom.collectors.state import discover as subject
from netloom.collectors.state.discover import DiscoverySettings, Found, discover, guessed_platforms
from netloom.collectors.state.identity import Identities
from netloom.errors import AuthenticationFailed, CommandRejected
from netloom.model.device import DeviceState
from netloom.model.host import Access
from netloom.model.interface import InterfaceState
from netloom.model.neighbor import NeighborState
from netloom.platforms.contract import Read

FINGERPRINTS = {"frr": ("(?i)frr", "(?i)linux"), "linux": ("(?i)linux",)}


@pytest.fixture(autouse=True)
def two_platforms(monkeypatch: pytest.MonkeyPatch) -> None:
    def load(name: str) -> SimpleNamespace:
        return SimpleNamespace(fingerprints=tuple(re.compile(pattern) for pattern in FINGERPRINTS[name]))

    monkeypatch.setattr(subject, "platform_names", lambda: tuple(FINGERPRINTS))
    monkeypatch.setattr(subject, "load_platform", load)


def mac(number: int) -> str:
    return f"02:00:00:00:00:{number:02x}"


def device(number: int, *neighbors: NeighborState, name: str | None = None, refused: bool = False) -> Double:
    hostname = name or f"r{number}"
    speaks = platform(
        device=SimpleNamespace(READ=Read("d"), observed=lambda _: [DeviceState(hostname)]),
        interface=SimpleNamespace(
            READ=Read("i"),
            observed=lambda _: [InterfaceState("eth0", mac_address=mac(number), addresses=(f"192.0.2.{number}/24",))],
        ),
        neighbor=SimpleNamespace(READ=Read("n"), observed=lambda _: list(neighbors)),
    )
    rejected = CommandRejected(device=hostname, line="lldpcli", answer="not found")
    answers: dict[str, str | Exception] = {"d": "", "i": "", "n": rejected if refused else ""}
    return Double(access(hostname, address=f"192.0.2.{number}"), speaks, answers)


def heard(number: int, *, name: str | None = "", **told: Any) -> NeighborState:
    """A neighbor as LLDP tells of device `number`."""
    values: dict[str, Any] = {
        "chassis_id_type": "mac-address",
        "system_name": f"r{number}" if name == "" else name,
        "system_description": "FRR 8.4",
        "management_addresses": (f"192.0.2.{number}",),
    }
    return NeighborState(f"eth{number}", mac(number), **(values | told))


def any_access(name: str, address: str, platform: str) -> Access | None:
    return Access(name=name, address=address, platform=platform)


async def found_in(seed: Double, *others: Double, **settings: Any) -> dict[str, Found]:
    search = discover(
        seed.access,
        open_session=network(seed, *others),
        access_for=any_access,
        settings=DiscoverySettings(**settings),
    )
    return {found.name: found async for found in search}


async def test_a_ring_is_walked_once_around() -> None:
    ring = [device(at, heard(at % 5 + 1), heard((at - 2) % 5 + 1)) for at in range(1, 6)]
    found = await found_in(*ring)
    assert sorted(found) == ["r1", "r2", "r3", "r4", "r5"]
    assert all(each.reached for each in found.values())
    assert [double.asked.count("n") for double in ring] == [1] * 5
    assert found["r1"].via == ()
    assert found["r3"].via in (("r1 eth2", "r2 eth3"), ("r1 eth5", "r5 eth4", "r4 eth3"))
    assert found["r2"].address == "192.0.2.2"
    assert "name: r2" in found["r2"].evidence


async def test_a_device_is_one_under_its_full_and_its_short_name() -> None:
    found = await found_in(
        device(1, heard(2, name="r2.example.org", chassis_id_type="local"), heard(3)),
        device(2, heard(1, name="R1.example.org", management_addresses=(), chassis_id_type="local"), name="r2"),
        device(3, heard(2, name="r2", management_addresses=())),
    )
    assert sorted(found) == ["r1", "r2", "r3"]


async def test_devices_with_one_factory_name_are_several() -> None:
    one, two = heard(2, name="localhost"), heard(3, name="localhost")
    seed = device(1, one, two)
    search = discover(
        seed.access,
        open_session=network(seed, device(2, name="localhost"), device(3, name="localhost")),
        access_for=any_access,
    )
    assert sorted([each.address async for each in search if each.address]) == ["192.0.2.1", "192.0.2.2", "192.0.2.3"]


async def test_gateways_that_share_an_address_stay_apart() -> None:
    shared = InterfaceState("vlan10", addresses=("10.0.0.1/24",), mac_address=mac(99))
    doubles = [device(1, heard(2)), device(2)]
    for double in doubles:
        module: Any = double.platform.module("interface")
        own = module.observed("")
        module.observed = lambda _, own=own: [*own, shared]
    assert sorted(await found_in(*doubles)) == ["r1", "r2"]


async def test_a_device_that_does_not_answer_is_listed_with_the_reason() -> None:
    found = await found_in(
        device(1, heard(2), heard(3, management_addresses=()), heard(4, system_description="Toaster"))
    )
    assert found["r2"].reason == "192.0.2.2: no answer from 192.0.2.2"
    assert found["r2"].platform == "frr"
    assert found["r3"].reason == "it tells no management address"
    assert found["r4"].reason == "no platform is known for 'Toaster'"
    assert not any(found[name].reached for name in ("r2", "r3", "r4"))


async def test_what_the_caller_gives_no_access_to_is_not_tried() -> None:
    seed = device(1, heard(2))
    other = device(2)
    search = discover(seed.access, open_session=network(seed, other), access_for=lambda *_: None)
    found = {each.name: each async for each in search}
    assert found["r2"].reason == "no access is configured for it"
    assert other.asked == []


async def test_a_device_without_lldp_is_reached_and_ends_the_search_there() -> None:
    found = await found_in(device(1, heard(2)), device(2, heard(3), refused=True), device(3))
    assert found["r2"].reached
    assert found["r2"].reason is not None
    assert found["r2"].reason.startswith("its neighbors are not known: 'lldpcli' was rejected")
    assert "r3" not in found


async def test_another_platform_and_another_address_are_tried() -> None:
    seed, other = (
        device(1, heard(2, management_addresses=("192.0.2.77", "192.0.2.2"), system_description="Linux")),
        device(2),
    )
    rejected = CommandRejected(device="r2", line="uname", answer="unknown")
    tried: list[tuple[str, str]] = []

    @asynccontextmanager
    async def open_session(to: Access) -> AsyncIterator[Double]:
        tried.append((to.address, to.platform))
        if to.platform == "linux":
            other.answers = {"d": rejected}
        else:
            other.answers = {"d": "", "i": "", "n": ""}
        async with network(seed, other)(to) as session:
            yield session

    search = discover(seed.access, open_session=open_session, access_for=any_access)
    found = {each.name: each async for each in search}
    assert tried[1:] == [("192.0.2.77", "linux"), ("192.0.2.2", "linux"), ("192.0.2.2", "frr")]
    assert found["r2"].platform == "frr"


async def test_a_shell_that_answers_for_a_platform_that_is_not_there_does_not_count() -> None:
    host = device(2)
    module: Any = host.platform.module("device")
    module.READ, module.COMPLEMENT = (Read("show version"), Read("uname", where="shell")), True
    module.observed = lambda *_: [DeviceState("r2")]
    host.answers = {"show version": CommandRejected(device="r2", line="vtysh", answer="not found"), "uname": "r2"}
    found = await found_in(device(1, heard(2)), host)
    assert not found["r2"].reached
    assert found["r2"].reason == "192.0.2.2 as frr: 'vtysh' was rejected: not found"


async def test_a_wrong_password_is_a_reason_and_holds_nobody_up() -> None:
    refused = device(2)
    refused.answers = {"d": AuthenticationFailed("the password is refused", device="r2")}
    found = await found_in(device(1, heard(2), heard(3)), refused, device(3))
    assert found["r2"].reason == "192.0.2.2 as frr: the password is refused"
    assert found["r3"].reached


async def test_a_device_that_hangs_is_given_up_and_holds_nobody_up() -> None:
    seed, hanging, other = device(1, heard(2), heard(3)), device(2), device(3, heard(4))
    last = device(4)
    order = []

    @asynccontextmanager
    async def open_session(to: Access) -> AsyncIterator[Double]:
        if to.address == hanging.access.address:
            await asyncio.Event().wait()
        async with network(seed, other, last)(to) as session:
            yield session

    settings = DiscoverySettings(device_timeout_s=0.2)
    search = discover(seed.access, open_session=open_session, access_for=any_access, settings=settings)
    reasons = {}
    async for each in search:
        order.append(each.name)
        reasons[each.name] = each.reason
    assert order == ["r1", "r3", "r4", "r2"]
    assert reasons["r2"] == "in all: no answer within 0.2 s"


async def test_no_more_devices_are_asked_at_once_than_allowed_nor_in_all() -> None:
    star = device(1, *(heard(at) for at in range(2, 30)))
    inside = 0
    most = 0

    @asynccontextmanager
    async def open_session(to: Access) -> AsyncIterator[Double]:
        nonlocal inside, most
        inside += 1
        most = max(most, inside)
        await asyncio.sleep(0)
        async with network(star, *(device(at) for at in range(2, 30)))(to) as session:
            yield session
        inside -= 1

    settings = DiscoverySettings(limit=4, most=20)
    search = discover(star.access, open_session=open_session, access_for=any_access, settings=settings)
    assert len([each async for each in search]) == 20
    assert most == 4


async def test_hosts_of_the_inventory_are_recognised_by_address_or_name() -> None:
    known = {"core-1": "192.0.2.2", "r3.example.org": "203.0.113.9"}
    found = await found_in(device(1, heard(2), heard(3), heard(4)), device(2), device(3), known=known)
    assert {name: each.host for name, each in found.items()} == {
        "r1": None,
        "r2": "core-1",
        "r3": "r3.example.org",
        "r4": None,
    }


async def test_the_inventory_helps_where_a_neighbor_tells_too_little() -> None:
    asked: list[str] = []

    def of_inventory(name: str, address: str, platform: str) -> Access:
        asked.append(name)
        return access(name, address="192.0.2.2")

    seed = device(1, heard(2, name="r2.example.org", management_addresses=(), system_description="Toaster"))
    search = discover(
        seed.access,
        open_session=network(seed, device(2)),
        access_for=of_inventory,
        settings=DiscoverySettings(known={"r2": "192.0.2.2"}),
    )
    found = {each.name: each async for each in search}
    assert asked == ["r2"]
    assert found["r2"].reached


async def test_one_way_in_is_tried_once_however_often_it_is_offered() -> None:
    hidden = device(2)
    hidden.answers = {"d": AuthenticationFailed("the password is refused", device="r2")}
    told = heard(2, management_addresses=("192.0.2.2", "192.0.2.3"), system_description="Debian Linux")
    seed = device(1, told)
    search = discover(
        seed.access, open_session=network(seed, hidden), access_for=lambda name, *_: access(name, address="192.0.2.2")
    )
    assert [each.reason async for each in search][1] == "192.0.2.2 as frr: the password is refused"
    assert hidden.asked == ["d"]


async def test_leaving_early_leaves_no_task_behind() -> None:
    seed = device(1, heard(2))

    @asynccontextmanager
    async def open_session(to: Access) -> AsyncIterator[Double]:
        if to.address != seed.access.address:
            await asyncio.Event().wait()
        yield seed

    search = discover(seed.access, open_session=open_session, access_for=any_access)
    before = asyncio.all_tasks()
    async for each in search:
        assert each.name == "r1"
        break
    await search.aclose()
    assert asyncio.all_tasks() == before


@pytest.mark.parametrize(
    ("description", "capabilities", "teller", "expected"),
    [
        ("FRR 8.4 on Linux", (), "linux", ["frr", "linux"]),
        ("Debian GNU/Linux 12", (), "frr", ["linux", "frr"]),
        ("Debian GNU/Linux 12", ("router",), "frr", ["frr", "linux"]),
        ("Debian GNU/Linux 12", ("router",), "linux", ["linux", "frr"]),
        ("Toaster", (), "frr", []),
        (None, (), "frr", ["frr"]),
    ],
)
def test_a_platform_is_guessed_from_the_description_then_from_who_told(
    description: str | None, capabilities: tuple[str, ...], teller: str, expected: Iterable[str]
) -> None:
    neighbor = NeighborState("eth0", "x", system_description=description, capabilities=capabilities)
    assert guessed_platforms(neighbor, teller) == expected


def test_two_full_names_that_differ_are_two_devices() -> None:
    identities = Identities()
    identities.add("one", [], "core.paris.example.org")
    identities.add("two", [], "core.rome.example.org")
    assert identities.find([], "CORE.paris.example.org") == "one"
    assert identities.find([], "core.oslo.example.org") is None
    assert identities.find([], "core") is None
    assert identities.find([], "rome") is None
