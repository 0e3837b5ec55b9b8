"""Simulated devices' SNMP agents, asked by net-snmp and by netloom's own client."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from netloom.devices.session import connect
from netloom.errors import AuthenticationFailed
from netloom.lab.simulation.faults import Fault
from netloom.lab.simulation.running import Running, simulated
from netloom.lab.simulation.spec import SnmpAccount, Spec
from netloom.model.host import Access, SnmpAccess
from netloom.model.secret import Secret
from netloom.transports.host_keys import HostKeys

ACCOUNT = SnmpAccount(name="labv3", auth_password="authpass123", privacy_password="privpass123")
V3 = ["-v3", "-u", "labv3", "-l", "authPriv", "-a", "SHA-256", "-A", "authpass123", "-x", "AES", "-X", "privpass123"]
SYS_NAME, SYS_DESCR, IF_NAME = "1.3.6.1.2.1.1.5.0", "1.3.6.1.2.1.1.1.0", "1.3.6.1.2.1.31.1.1.1.1"
PORTS = 300
CONFIG = "hostname big\n" + "".join(
    f"interface Ethernet{port}\n   description port {port}\n" for port in range(1, PORTS)
)


@asynccontextmanager
async def agent(config: str = "") -> AsyncIterator[Running]:
    spec = Spec(name="r1", platform="arista_eos", ports={"snmp": 0}, snmp_account=ACCOUNT, config=config)
    async with simulated(spec) as (running,):
        yield running


async def net_snmp(tool: str, *arguments: str) -> tuple[int, str]:
    """What a tool of net-snmp says."""
    if shutil.which(tool) is None:
        pytest.skip(f"{tool} is not installed")
    process = await asyncio.create_subprocess_exec(
        tool, "-r0", "-t3", *arguments, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    output, _ = await process.communicate()
    return process.returncode or 0, output.decode()


def place(running: Running) -> str:
    return f"127.0.0.1:{running.ports['snmp']}"


@pytest.mark.parametrize("way", [V3, ["-v2c", "-c", "public"]], ids=["v3", "v2c"])
async def test_net_snmp_gets_and_walks(way: list[str]) -> None:
    async with agent(CONFIG) as running:
        status, said = await net_snmp("snmpget", *way, place(running), SYS_DESCR)
        assert (status, "simulated by netloom" in said) == (0, True)
        status, said = await net_snmp("snmpbulkwalk", *way, "-Cr500", place(running), IF_NAME)
        assert status == 0
        assert said.count("STRING:") == PORTS - 1


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        (("-A", "wrongpass123"), "Authentication failure"),
        (("-X", "wrongpass123"), "Decryption error"),
        (("-u", "nobody"), "Unknown user name"),
        (("-l", "authNoPriv"), "Unsupported security level"),
    ],
)
async def test_net_snmp_is_told_why_it_is_refused(changed: tuple[str, str], words: str) -> None:
    async with agent() as running:
        status, said = await net_snmp("snmpget", *V3, *changed, place(running), SYS_NAME)
        assert status != 0
        assert words in said


def access(running: Running, password: str) -> Access:
    snmp = SnmpAccess(
        port=running.ports["snmp"],
        user="labv3",
        auth_password=Secret(password),
        privacy_password=Secret("privpass123"),
    )
    return Access(name="r1", address="127.0.0.1", platform="arista_eos", snmp=snmp)


async def test_our_own_client_walks_and_follows_a_restart(tmp_path_factory: pytest.TempPathFactory) -> None:
    keys = HostKeys(tmp_path_factory.mktemp("keys") / "known_hosts")
    async with agent(CONFIG) as running, connect(access(running, ACCOUNT.auth_password), keys=keys) as session:
        names = (await session.walk([IF_NAME]))[IF_NAME]
        assert len(names) == PORTS - 1
        running.device.reboot()
        assert (await session.walk([IF_NAME]))[IF_NAME] == names


async def test_our_own_client_is_told_of_a_wrong_password(tmp_path_factory: pytest.TempPathFactory) -> None:
    keys = HostKeys(tmp_path_factory.mktemp("keys") / "known_hosts")
    async with agent() as running, connect(access(running, "wrongpass123"), keys=keys) as session:
        with pytest.raises(AuthenticationFailed, match="authentication password"):
            await session.walk([IF_NAME])


async def test_a_lost_answer_is_asked_for_again(tmp_path_factory: pytest.TempPathFactory) -> None:
    keys = HostKeys(tmp_path_factory.mktemp("keys") / "known_hosts")
    async with agent() as running, connect(access(running, ACCOUNT.auth_password), keys=keys) as session:
        running.device.faults.waiting.append(Fault("stall", "snmp"))
        assert (await session.walk([IF_NAME]))[IF_NAME]
