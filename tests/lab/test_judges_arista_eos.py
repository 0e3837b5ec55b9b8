"""Others' clients on a simulated EOS: Netmiko, NAPALM and pyeapi connect to it and work."""

from __future__ import annotations

import asyncio
import importlib.util
import sys
from pathlib import Path

import pytest
from tests.lab.eos_site import leaf

SCRIPTS = Path(__file__).with_name("judges_arista_eos")


async def judge(package: str, *words: object) -> None:
    """Run a client's script; it ends well or says why not."""
    if importlib.util.find_spec(package) is None:
        pytest.skip(f"{package} is not installed")
    argv = [sys.executable, "-W", "ignore", str(SCRIPTS / f"by_{package}.py"), *map(str, words)]
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(*argv, stdout=pipe, stderr=pipe)
    try:
        async with asyncio.timeout(60):
            said, why = await process.communicate()
    except TimeoutError:
        process.kill()
        said, why = await process.communicate()
    assert said == b"done\n", why.decode()[-3000:]


@pytest.mark.parametrize(("service", "kind"), [("ssh", "arista_eos"), ("telnet", "arista_eos_telnet")])
async def test_netmiko_works(service: str, kind: str) -> None:
    async with leaf() as running:
        await judge("netmiko", "127.0.0.1", running.ports[service], kind)  # type: ignore[index]  # a service's name
        assert "by Netmiko" in running.device.text(running.device.startup)


async def test_netmiko_raises_privileges() -> None:
    async with leaf(enable_password="more") as running:
        await judge("netmiko", "127.0.0.1", running.ports["ssh"], "arista_eos", "more")


@pytest.mark.parametrize("transport", ["https", "http"])
async def test_pyeapi_works(transport: str) -> None:
    async with leaf() as running:
        await judge("pyeapi", "127.0.0.1", running.ports[transport], transport)  # type: ignore[index]  # a service's name


async def test_pyeapi_raises_privileges() -> None:
    async with leaf(enable_password="more") as running:
        await judge("pyeapi", "127.0.0.1", running.ports["http"], "http", "more")


@pytest.mark.parametrize("transport", ["https", "ssh"])
async def test_napalm_works(transport: str) -> None:
    async with leaf() as running:
        await judge("napalm", "127.0.0.1", running.ports[transport], transport)  # type: ignore[index]  # a service's name
        assert running.device.timers() == {}


async def test_napalm_works_with_a_release_that_words_its_sessions_in_the_old_way() -> None:
    async with leaf() as running:
        device = running.device
        device.startup = device.platform.parse(f"! device: leaf1 (vEOS, EOS-4.28.1F)\n!\n{device.text()}")
        await judge("napalm", "127.0.0.1", running.ports["https"], "https")
