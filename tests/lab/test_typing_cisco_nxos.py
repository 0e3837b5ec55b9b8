"""Every plan for NX-OS, typed into the simulated command line, comes to what was predicted; and faults of a line."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from hypothesis import given
from tests.lab.nxos_site import Transport, access, nexus
from tests.platforms.nxos_records import worlds
from tests.platforms.promises import QUICK, World, differences
from tests.platforms.test_nxos_properties import EMPTY, NXOS, PROMISES

from netloom.devices.session import connect
from netloom.lab.simulation.device import Device
from netloom.lab.simulation.faults import Fault, Kind
from netloom.lab.simulation.spec import Spec
from netloom.lab.simulation.vendors.cisco_nxos.commands import NxosShell
from netloom.model.config import Config, Line
from netloom.transports.host_keys import HostKeys


def typed(config: Config, lines: list[Line]) -> Config:
    """What runs once these lines were typed; none may be refused."""

    async def run() -> Config:
        spec = Spec(name="leaf0", platform="cisco_nxos", config=NXOS.format(config))
        shell = NxosShell(Device(spec, smallest=""), "admin")
        shell.execute("configure terminal")
        for text in NXOS.script(lines):
            for part in text.split("\n"):
                answer = shell.execute(part)
                assert not answer.refused, (part, answer.text)
        return shell.device.config

    return asyncio.run(run())


@QUICK
@given(worlds(), worlds())
def test_a_plan_that_is_typed_comes_to_what_was_predicted(first: World, second: World) -> None:
    here = PROMISES.steered(EMPTY, first)
    there, lines = PROMISES.steer(here, second)
    assert differences(typed(here, lines), there) == []


@QUICK
@given(worlds(), worlds())
def test_a_way_back_that_is_typed_leads_there(first: World, second: World) -> None:
    here, there = PROMISES.steered(EMPTY, first), PROMISES.steered(EMPTY, second)
    assert differences(typed(there, NXOS.delta(there, here)), here) == []


@pytest.mark.parametrize("transport", ["ssh", "telnet"])
@pytest.mark.parametrize("kind", ["one_byte", "garbage", "slow"])
async def test_a_bad_line_loses_nothing(transport: Transport, kind: Kind, tmp_path: Path) -> None:
    keys = HostKeys(tmp_path / "known_hosts")
    async with nexus() as running, connect(access(running, transport), keys=keys) as session:
        running.device.faults.waiting.append(Fault(kind, "show hostname", seconds=0.05))
        assert "n1.example.net" in await session.run("show hostname")
        assert NXOS.parse(await session.running_config()) == running.device.config


async def test_what_one_session_enters_another_one_sees(tmp_path: Path) -> None:
    keys = HostKeys(tmp_path / "known_hosts")
    async with (
        nexus() as running,
        connect(access(running, "ssh"), keys=keys) as one,
        connect(access(running, "https"), keys=keys) as other,
    ):
        await one.configure([Line("vlan 90")])
        assert "vlan 90" in NXOS.parse(await other.running_config()).tree
