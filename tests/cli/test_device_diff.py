"""`netloom plan --device-diff` and what `netloom apply` says of devices' own differences, on simulated devices."""

from __future__ import annotations

import asyncio
import os
import pty
import re
import signal
import subprocess
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, Literal

from tests.command import EXECUTABLE, CommandLine, Ran
from tests.lab import eos_site, ios_site, junos_site, nxos_site

from netloom.lab.simulation.faults import Fault
from netloom.lab.simulation.running import Running
from netloom.model.config import Line

SITES: dict[str, tuple[str, Literal["ssh", "netconf"], str, Callable[[], Any]]] = {
    "leaf1": ("arista_eos", "ssh", "Ethernet2", eos_site.leaf),
    "n1": ("cisco_nxos", "ssh", "Ethernet1/5", nxos_site.nexus),
    "mx1": ("juniper_junos", "netconf", "xe-0/0/4", junos_site.router),
    "edge1": ("cisco_ios", "ssh", "GigabitEthernet3", ios_site.edge),
}
SECRET = "geheimes1wort"
INTENT = """
on: all
interfaces:
  - {name: "{{ port }}", description: to the printers}
"""
SECRETIVE = """
on: leaf1
snmp_server:
  communities: [{name: geheimes1wort, access: ro}]
"""


@dataclass
class Network:
    """Simulated devices in this process, and the command line in another."""

    cli: CommandLine
    devices: dict[str, Running] = field(default_factory=dict)

    async def __call__(self, *arguments: str, expect: int | None = 0) -> Ran:
        return await asyncio.to_thread(self.cli.apart, *arguments, expect=expect)

    def assert_untouched(self) -> None:
        """No candidate, checkpoint, file or change is left on any device."""
        for running in self.devices.values():
            device = running.device
            assert device.config == device.startup
            assert (device.candidates, device.checkpoints, device.locks) == ({}, {}, {})
            assert not [name for name in device.files if "netloom" in name]


@asynccontextmanager
async def network(cli: CommandLine, *names: str, intent: str = INTENT) -> AsyncIterator[Network]:
    found = Network(cli)
    async with AsyncExitStack() as stack:
        hosts = ""
        for name in names:
            platform, transport, port, start = SITES[name]
            running = found.devices[name] = await stack.enter_async_context(start())
            running.device.save()
            hosts += (
                f"    {name}:\n      ansible_host: {running.device.spec.address}\n      netloom_platform: {platform}\n"
                f"      netloom_transport: {transport}\n      ansible_port: {running.ports[transport]}\n"
                f"      port: {port}\n      ansible_user: admin\n      ansible_password: admin\n"
            )
        cli.write(
            {
                "netloom.yml": "inventory: [inventory]\n",
                "inventory/hosts.yml": f"all:\n  hosts:\n{hosts}",
                "intent/all.yml": intent,
            }
        )
        yield found


def plant(running: Running, command: str) -> None:
    """Something else comes into the session, once, before the device is asked for its difference."""
    waiting = ["vlan 99"]

    def watch(said: str) -> None:
        if waiting and re.search(command, said):
            for candidate in running.device.candidates.values():
                candidate.config = running.device.applied(candidate.config, [Line(waiting[0])])
            waiting.clear()

    running.device.faults.watch = watch


async def test_each_devices_own_difference_stands_beneath_its_plan(cli: CommandLine) -> None:
    async with network(cli, *SITES) as there:
        ran = await there("plan", "--device-diff")
        for part in (
            "      ¦ leaf1 in its own words:\n      ¦ --- system:/running-config\n",
            "      ¦ +   description to the printers\n",
            "= leaf1: its own difference says the same as the plan",
            "      ¦   description to the printers\n= n1: its own difference says the same as the plan",
            "      ¦ [edit interfaces]\n",
            "= mx1: its own difference says the same as the plan",
            "? edge1: Cisco IOS 12–15 and IOS-XE 16/17 tells no difference of its own before its lines are entered",
        ):
            assert part in ran.out, ran.out
        there.assert_untouched()
        assert "look" not in (await there("changes")).out


async def test_programs_read_the_same(cli: CommandLine) -> None:
    async with network(cli, "leaf1", "edge1") as there:
        told = {each["device"]: each for each in (await there("plan", "--device-diff", "-f", "json")).json()["devices"]}
        assert told["leaf1"]["own_difference"]["state"] == "agrees"
        assert "+   description to the printers" in told["leaf1"]["own_difference"]["difference"]
        assert told["edge1"]["own_difference"]["state"] == "untold"
        without = (await there("plan", "-f", "json")).json()
        assert all("own_difference" not in each for each in without["devices"])
        review = (await there("plan", "--device-diff", "-f", "md")).out
        assert "= leaf1: its own difference says the same as the plan" in review


async def test_a_device_that_would_do_more_is_told_and_ends_in_an_error(cli: CommandLine) -> None:
    async with network(cli, "leaf1") as there:
        plant(there.devices["leaf1"], "diffs")
        ran = await there("plan", "--device-diff", expect=3)
        assert "! leaf1: its own difference is another than the plan's: the device adds 'vlan 99', which" in ran.out
        assert "      ¦ +vlan 99" in ran.out
        there.assert_untouched()


async def test_devices_are_asked_not_archives_and_files(cli: CommandLine) -> None:
    ran = await asyncio.to_thread(cli, "plan", "--device-diff", "--offline", expect=64)
    assert "--device-diff asks the devices" in ran.err


async def test_no_secret_of_a_difference_is_shown(cli: CommandLine) -> None:
    async with network(cli, "leaf1", intent=SECRETIVE) as there:
        for form in ("text", "json", "md"):
            ran = await there("plan", "--device-diff", "--lines", "-f", form)
            assert "snmp-server community …" in ran.out
            assert SECRET not in ran.out + ran.err
        ran = await there("-v", "apply", "--yes", "--accept", "all", "-f", "json")
        assert "+snmp-server community …" in ran.json()["devices"][0]["own_difference"]["difference"]
        assert SECRET not in ran.out + ran.err
        assert f"snmp-server community {SECRET} ro" in there.devices["leaf1"].device.text()


async def test_an_interrupt_leaves_nothing_on_the_device(cli: CommandLine) -> None:
    async with network(cli, "leaf1") as there:
        device, reached = there.devices["leaf1"].device, asyncio.Event()
        device.faults.waiting.append(Fault("stall", "diffs"))
        device.faults.watch = lambda said: reached.set() if "diffs" in said else None
        process = cli.start("plan", "--device-diff")
        await asyncio.wait_for(reached.wait(), 30)
        assert device.candidates
        process.send_signal(signal.SIGINT)
        _, err = await asyncio.to_thread(process.communicate, timeout=30)
        assert process.returncode == 130, err
        there.assert_untouched()
        assert "every change has come to its end" in (await there("recover")).err


async def test_a_controller_that_is_killed_leaves_it_to_a_recovery(cli: CommandLine) -> None:
    async with network(cli, "leaf1") as there:
        device, reached = there.devices["leaf1"].device, asyncio.Event()
        device.faults.waiting.append(Fault("stall", "diffs"))
        device.faults.watch = lambda said: reached.set() if "diffs" in said else None
        process = cli.start("plan", "--device-diff")
        await asyncio.wait_for(reached.wait(), 30)
        process.kill()
        await asyncio.to_thread(process.communicate)
        assert device.candidates
        assert "run `netloom recover` first" in (await there("apply", "--yes", expect=None)).err
        assert "leaf1: refused" in (await there("recover")).out
        there.assert_untouched()


async def test_apply_tells_the_devices_own_difference_where_asked(cli: CommandLine) -> None:
    async with network(cli, "leaf1") as there:
        ran = await there("apply", "--yes", "-v")
        assert "      ¦ +   description to the printers\n" in ran.out
        assert "= leaf1: its own difference says the same as the plan\nleaf1: done" in ran.out
        assert (await there("apply", "--yes", "-f", "json")).json()["change"] is None


async def test_apply_quotes_a_system_without_a_candidate_once_its_lines_run(cli: CommandLine) -> None:
    async with network(cli, "edge1") as there:
        ran = await there("-v", "apply", "--yes", "--accept", "all")
        assert "      ¦ interface GigabitEthernet3\n      ¦  +description to the printers\n" in ran.out
        assert "= edge1: its own difference says the same as the plan\nedge1: done" in ran.out.replace(
            " (simulated)", ""
        )


async def test_apply_tells_the_devices_own_difference_where_it_parts(cli: CommandLine) -> None:
    async with network(cli, "leaf1") as there:
        plant(there.devices["leaf1"], "diffs")
        ran = await there("apply", "--yes", expect=3)
        assert "      ¦ +vlan 99" in ran.out
        assert (
            "leaf1: refused: leaf1: its own difference is another than the plan's: the device adds 'vlan 99'" in ran.out
        )
        plant(there.devices["leaf1"], "diffs")
        told = (await there("apply", "--yes", "-f", "json", expect=3)).json()
        assert told["devices"][0]["own_difference"]["unplanned"] == [{"what": "adds", "line": "vlan 99"}]
        assert told["ok"] is False
        there.assert_untouched()


async def test_a_wide_terminal_shows_both_side_by_side(cli: CommandLine) -> None:
    async with network(cli, "leaf1") as there:
        shown = await asyncio.to_thread(on_terminal, there.cli, "--quiet", "plan", "--device-diff", "--lines")
        assert re.search(r"~ interface Ethernet2 .* +¦ leaf1 in its own words:\s", shown), shown
        assert re.search(r"(?m)^ +¦ \+   description to the printers\s*$", shown), shown


def on_terminal(cli: CommandLine, *arguments: str) -> str:
    """What a command writes to a terminal of 200 columns."""
    ours, theirs = pty.openpty()
    environment = {**os.environ, **cli.variables(), "COLUMNS": "200", "TERM": "xterm"}
    process = subprocess.Popen(
        [EXECUTABLE, *arguments], cwd=cli.folder, env=environment, stdin=theirs, stdout=theirs, stderr=theirs
    )
    os.close(theirs)
    told = b""
    with suppress(OSError):  # the other end is closed (pty(7))
        while chunk := os.read(ours, 65536):
            told += chunk
    os.close(ours)
    assert process.wait() == 0
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", told.decode())
