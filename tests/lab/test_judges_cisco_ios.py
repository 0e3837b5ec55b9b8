"""Others' clients on a simulated IOS: Netmiko and NAPALM connect to it and work."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.lab.ios_site import edge
from tests.lab.judge import judge

SCRIPTS = Path(__file__).with_name("judges_cisco_ios")


@pytest.mark.parametrize(("service", "kind"), [("ssh", "cisco_ios"), ("telnet", "cisco_ios_telnet")])
async def test_netmiko_works(service: str, kind: str) -> None:
    async with edge() as running:
        await judge(SCRIPTS / "by_netmiko.py", "127.0.0.1", running.ports[service], kind)  # type: ignore[index]  # a service's name
        assert "by Netmiko" in running.device.text(running.device.startup)


@pytest.mark.parametrize(("service", "kind"), [("ssh", "cisco_ios"), ("telnet", "cisco_ios_telnet")])
async def test_netmiko_raises_privileges(service: str, kind: str) -> None:
    async with edge(enable_password="more") as running:
        port = running.ports[service]  # type: ignore[index]  # a service's name
        await judge(SCRIPTS / "by_netmiko.py", "127.0.0.1", port, kind, "more")


@pytest.mark.parametrize("how", ["scp", "inline"])
async def test_napalm_works(how: str) -> None:
    async with edge() as running:
        await judge(SCRIPTS / "by_napalm.py", "127.0.0.1", running.ports["ssh"], how)
        assert running.device.timers() == {}
        assert not any("prompt quiet" in text for text in running.device.config.tree)
