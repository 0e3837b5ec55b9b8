"""The dead-man timer and a change under faults on a real FRR router; the whole matrix is `benchmarks/safety`."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from benchmarks.safety.case import Case, run_case
from benchmarks.safety.kinds import Change
from benchmarks.safety.router import Router
from tests.lab.lab_home import home_for_labs, machine_or_skip

from netloom.lab.execute import run_in
from netloom.lab.state import Lab, labs_folder
from netloom.lab.up import lab_down, lab_up
from netloom.model.config import Line
from netloom.platforms.contract import GuardStatus
from netloom.platforms.frr import PLATFORM
from netloom.platforms.frr.guard import GUARD

pytestmark = [pytest.mark.lab, pytest.mark.xdist_group("safety_lab")]

TOPOLOGY = Path(__file__).with_name("safety_lab.yml")
INVERSE = (
    Line("no network 10.99.0.0/24", ("router bgp 65001", "address-family ipv4 unicast")),
    Line("no ip route 10.98.0.0/16 Null0"),
)
WAITING = {"armed", "reverting"}
CHANGE = (
    ("router bgp 65001", "address-family ipv4 unicast", "network 10.99.0.0/24"),
    ("ip route 10.98.0.0/16 Null0",),
)


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """Two routers, up while the module runs."""
    machine_or_skip()
    with home_for_labs(tmp_path_factory.mktemp("labs")):
        up = asyncio.run(lab_up(TOPOLOGY, name=f"safety{os.getpid()}"))
        try:
            yield up
        finally:
            asyncio.run(lab_down(up.name))
            assert not (labs_folder() / up.name).exists()


async def shell(lab: Lab, script: str) -> GuardStatus:
    """A guard's script, run as the account that netloom uses."""
    done = await run_in(lab, "r1", ["su", "netshell", "-s", "/bin/sh", "-c", "sh -s"], text=script, limit=150)
    return GUARD.read(done.output)


async def arm(router: Router, token: str, seconds: int) -> GuardStatus:
    snapshot = await router.text()
    parsed = PLATFORM.parse(snapshot)
    predicted = PLATFORM.format(PLATFORM.apply_lines(parsed, [Line(words[-1], words[:-1]) for words in CHANGE]))
    script = GUARD.arm_script(token=token, seconds=seconds, snapshot=snapshot, inverse=INVERSE, predicted=predicted)
    return await shell(router.lab, script)


async def ended(lab: Lab, token: str) -> GuardStatus:
    async with asyncio.timeout(60):
        while (status := await shell(lab, GUARD.status_script(token=token))).state in WAITING:  # noqa: ASYNC110 - on a router
            await asyncio.sleep(0.2)
    return status


async def router_of(lab: Lab) -> Router:
    router = Router(lab, "r1")
    await router.settle()
    return router


async def test_a_router_comes_back_though_its_bgpd_dies_and_its_base_was_not_saved(lab: Lab) -> None:
    router = await router_of(lab)
    await router.vtysh("configure terminal", "router bgp 65001", "neighbor eth1 description not saved")
    base = await router.text()
    assert (await arm(router, "two", 6)).state == "armed"
    for words in CHANGE:
        await router.vtysh("configure terminal", *words)
    await router.kill_bgpd()
    assert (await ended(lab, "two")).state == "reverted"
    assert await router.text() == base
    await router.reset()


@pytest.mark.parametrize(
    ("change", "moment", "end"), [("lockout", "within configure", "rolled_back"), ("good", "after confirm", "done")]
)
async def test_a_controller_killed_in_mid_change_leaves_a_router_whole(
    lab: Lab, change: Change, moment: str, end: str
) -> None:
    router = await router_of(lab)
    result = await run_case(router, Case("kill -9 of netloom", moment, change))
    await router.reset()
    assert result.reached, result.detail
    assert (result.violations, result.state) == ([], end), result.detail
