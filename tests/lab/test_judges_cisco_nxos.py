"""Others' clients on a simulated Nexus: Netmiko and NAPALM's two drivers connect to it and work."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.lab.judge import judge
from tests.lab.nxos_site import nexus

SCRIPTS = Path(__file__).with_name("judges_cisco_nxos")


@pytest.mark.parametrize(("service", "kind"), [("ssh", "cisco_nxos"), ("telnet", "cisco_nxos_telnet")])
async def test_netmiko_works_and_ntc_templates_read_the_screens(service: str, kind: str) -> None:
    async with nexus() as running:
        await judge(SCRIPTS / "by_netmiko.py", "127.0.0.1", running.ports[service], kind)  # type: ignore[index]  # a service's name
        assert "by Netmiko" in running.device.text(running.device.startup)


async def test_netmiko_raises_privileges() -> None:
    async with nexus(enable_password="more") as running:
        await judge(SCRIPTS / "by_netmiko.py", "127.0.0.1", running.ports["ssh"], "cisco_nxos", "more")


async def test_napalm_works_by_nx_api() -> None:
    async with nexus() as running:
        await judge(SCRIPTS / "by_napalm.py", "127.0.0.1", running.ports["https"], "https")


async def test_napalm_works_by_ssh_and_copies_a_candidate() -> None:
    async with nexus() as running:
        running.device.config = running.device.platform.parse(f"{running.device.text()}feature scp-server\n")
        await judge(SCRIPTS / "by_napalm_ssh.py", "127.0.0.1", running.ports["ssh"])
