"""Others' clients on a simulated Junos: Netmiko, ncclient, PyEZ and NAPALM connect to it and work."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.lab.judge import judge
from tests.lab.junos_site import router

SCRIPTS = Path(__file__).with_name("judges_juniper_junos")


@pytest.mark.parametrize(("service", "kind"), [("ssh", "juniper_junos"), ("telnet", "juniper_junos_telnet")])
async def test_netmiko_works(service: str, kind: str) -> None:
    async with router() as running:
        await judge(SCRIPTS / "by_netmiko.py", "127.0.0.1", running.ports[service], kind)  # type: ignore[index]  # a service's name
        assert "later" in running.device.text(running.device.startup)
        assert running.device.timers() == {}


@pytest.mark.parametrize("service", ["netconf", "ssh"])
async def test_ncclient_works(service: str) -> None:
    async with router() as running:
        await judge(SCRIPTS / "by_ncclient.py", "127.0.0.1", running.ports[service])  # type: ignore[index]  # a service's name
        assert running.device.timers() == {}


async def test_pyez_works() -> None:
    async with router() as running:
        await judge(SCRIPTS / "by_jnpr.py", "127.0.0.1", running.ports["netconf"])


@pytest.mark.parametrize("private", [(), ("private",)])
async def test_napalm_works(private: tuple[str, ...]) -> None:
    async with router() as running:
        await judge(SCRIPTS / "by_napalm.py", "127.0.0.1", running.ports["netconf"], *private)
        assert running.device.hostname == "replaced"
