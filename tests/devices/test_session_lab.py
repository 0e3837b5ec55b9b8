"""Sessions with real devices: FRR's vtysh over SSH and Telnet, Linux over SSH, net-snmp with FRR behind it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import aclosing
from pathlib import Path
from typing import Any

import pytest
from tests.lab.lab_home import home_for_labs, machine_or_skip

from netloom.devices.fleet import run_fleet
from netloom.devices.session import Session, connect
from netloom.errors import AuthenticationFailed, CommandRejected, Refused, Unreachable, Unsupported
from netloom.lab.accounts import PASSWORD
from netloom.lab.services import COMMUNITY, SNMP_AUTH, SNMP_PRIVACY, SNMP_USER
from netloom.lab.state import Lab
from netloom.lab.up import lab_down, lab_up
from netloom.model.config import Line
from netloom.model.host import Access, SnmpAccess
from netloom.model.secret import Secret
from netloom.transports.host_keys import HostKeys

pytestmark = pytest.mark.lab

V3 = SnmpAccess(
    user=SNMP_USER,
    auth_protocol="SHA-256",
    auth_password=Secret(SNMP_AUTH),
    privacy_protocol="AES",
    privacy_password=Secret(SNMP_PRIVACY),
)
V2C = SnmpAccess(version="2c", community=Secret(COMMUNITY))
PREFIXES = [Line(f"ip prefix-list MANY seq {number} permit 10.{number}.0.0/16") for number in range(1, 101)]


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    machine_or_skip()
    with home_for_labs(tmp_path_factory.mktemp("labs")):
        made = asyncio.run(lab_up(Path(__file__).with_name("two_nodes.yml")))
        yield made
        asyncio.run(lab_down(made.name))


@pytest.fixture
def keys(tmp_path: Path) -> HostKeys:
    return HostKeys(tmp_path / "known_hosts")


def access(lab: Lab, node: str = "r1", **changes: Any) -> Access:
    kinds = {one.name: one for one in lab.topology.nodes}
    given: dict[str, Any] = {
        "name": node,
        "address": str(kinds[node].mgmt_ipv4),
        "platform": kinds[node].kind,
        "username": "netops",
        "password": Secret(PASSWORD),
        "network": str(lab.keeper_socket),
        "snmp": V3,
    }
    return Access(**(given | changes))


WAYS = pytest.mark.parametrize(
    "way",
    [
        pytest.param({}, id="SSH, vtysh"),
        pytest.param({"transport": "telnet"}, id="Telnet, vtysh"),
        pytest.param({"username": "netshell"}, id="SSH, bash"),
        pytest.param({"username": "netshell", "transport": "telnet"}, id="Telnet, bash"),
    ],
)


@WAYS
async def test_a_router_answers(lab: Lab, keys: HostKeys, way: dict[str, Any]) -> None:
    async with connect(access(lab, **way), keys=keys) as session:
        assert (await session.run("show version")).startswith("FRRouting ")
        config = await session.running_config()
        assert "interface eth1\n ip address 10.0.0.1/24\nexit\n" in config
        assert config.endswith("end\n")
        with pytest.raises(CommandRejected, match="'show nonsense' was rejected: % Unknown command: show nonsense"):
            await session.run("show nonsense")
        assert (await session.run("show version")).startswith("FRRouting ")


@WAYS
async def test_a_router_is_configured(lab: Lab, keys: HostKeys, way: dict[str, Any]) -> None:
    lines = [*PREFIXES, Line("description what? " + "long " * 40, ("interface eth1",))]
    async with connect(access(lab, **way), keys=keys) as session:
        before = await session.running_config()
        await session.configure(lines)
        config = await session.running_config()
        assert [line for line in config.splitlines() if "MANY" in line] == [line.text for line in PREFIXES]
        assert " description what? long long" in config
        await session.configure([Line("no ip prefix-list MANY"), Line("no description", ("interface eth1",))])
        assert await session.running_config() == before


@pytest.mark.parametrize("stop_at_first", [True, False])
async def test_a_router_names_the_line_it_rejects(lab: Lab, keys: HostKeys, stop_at_first: bool) -> None:
    lines = [*PREFIXES[:16], Line("neighbor 10.0.0.9 nonsense", ("router bgp 65001",)), *PREFIXES[17:40]]
    async with connect(access(lab), keys=keys) as session:
        with pytest.raises(CommandRejected) as caught:
            await session.configure(lines, stop_at_first=stop_at_first)
        assert caught.value.number == 17
        assert "Unknown command: neighbor 10.0.0.9 nonsense" in caught.value.answer.replace("\n", " ")
        config = await session.running_config()
        entered = config.count("ip prefix-list MANY")
        assert entered == 16 if stop_at_first else 16 <= entered < 27
        await session.configure([Line("no ip prefix-list MANY")])


async def test_an_other_autonomous_system_is_a_refusal_though_it_has_no_mark(lab: Lab, keys: HostKeys) -> None:
    async with connect(access(lab), keys=keys) as session:
        with pytest.raises(CommandRejected, match="BGP is already running; AS is 65001"):
            await session.configure([Line("router bgp 65099")])


async def test_a_router_follows_its_new_name(lab: Lab, keys: HostKeys) -> None:
    async with connect(access(lab), keys=keys) as session:
        await session.configure([Line("hostname other")])
        assert "hostname other" in await session.running_config()
        await session.configure([Line("hostname r1")])
        assert "hostname r1" in await session.running_config()


async def test_a_router_saves(lab: Lab, keys: HostKeys) -> None:
    async with connect(access(lab, shell_username="netshell"), keys=keys) as session:
        await session.configure([Line("description saved", ("interface eth1",))])
        await session.save()
        assert " description saved" in await session.shell("cat /etc/frr/frr.conf")


async def test_the_shell_beneath_is_another_account_s(lab: Lab, keys: HostKeys) -> None:
    async with connect(access(lab), keys=keys) as session:
        with pytest.raises(Unsupported, match="netloom_shell_user"):
            await session.shell("id -un")
    for way in ({"shell_username": "netshell"}, {"username": "netshell"}):
        async with connect(access(lab, **way), keys=keys) as session:
            assert await session.shell("cat\nid -un") == "netshell\n"
            with pytest.raises(CommandRejected, match="exit status 3"):
                await session.shell("exit 3")


async def test_a_read_only_account_reads_and_does_not_configure(lab: Lab, keys: HostKeys) -> None:
    async with connect(access(lab, username="oper"), keys=keys) as session:
        assert (await session.run("show version")).startswith("FRRouting ")
        with pytest.raises((AuthenticationFailed, CommandRejected)):
            await session.configure([Line("hostname mine")])


async def test_a_host_answers_in_channels_of_their_own(lab: Lab, keys: HostKeys) -> None:
    async with connect(access(lab, "h1"), keys=keys) as session:
        assert await asyncio.gather(*(session.run(f"echo {number}") for number in range(5))) == [
            f"{number}\n" for number in range(5)
        ]
        with pytest.raises(CommandRejected, match="nonsense"):
            await session.run("ip nonsense")
        assert "eth1" in await session.running_config() or await session.run("ip -br link show dev eth1")
        assert await session.shell("hostname") == "h1\n"


@pytest.mark.parametrize("snmp", [V2C, V3], ids=["v2c", "v3"])
async def test_a_router_s_tables_are_walked(lab: Lab, keys: HostKeys, snmp: SnmpAccess) -> None:
    names = "1.3.6.1.2.1.2.2.1.2"
    async with connect(access(lab, snmp=snmp), keys=keys) as session:
        columns = await session.walk([names, "1.3.6.1.2.1.1.5", "1.3.6.1.2.1.15.2"])
        assert {b"lo", b"eth1"} <= set(columns[names].values())
        assert columns["1.3.6.1.2.1.1.5"] == {"0": b"r1"}
        # bgpd answers this one, over AgentX.
        assert columns["1.3.6.1.2.1.15.2"] == {"0": 65001}


async def test_wrong_passwords_and_closed_ports_are_told_apart(lab: Lab, keys: HostKeys) -> None:
    for way, error in (
        ({"password": Secret("wrong")}, AuthenticationFailed),
        ({"password": Secret("wrong"), "transport": "telnet"}, AuthenticationFailed),
        ({"port": 2}, Refused),
        ({"address": "172.20.87.250", "connect_timeout_s": 0.5}, Unreachable),
    ):
        async with connect(access(lab, **way), keys=keys) as session:
            with pytest.raises(error):
                await session.open()


async def test_a_fleet_of_both(lab: Lab, keys: HostKeys) -> None:
    async def work(session: Session) -> str:
        return await session.run("show version" if session.platform.name == "frr" else "uname")

    found = {}
    async with aclosing(run_fleet([access(lab), access(lab, "h1")], work, keys=keys)) as outcomes:
        async for outcome in outcomes:
            assert outcome.value is not None, outcome.error
            found[outcome.device] = outcome.value.split()[0]
    assert found == {"r1": "FRRouting", "h1": "Linux"}
