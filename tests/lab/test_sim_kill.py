"""netloom killed with SIGKILL in mid-change on each simulated platform; `benchmarks.safety` has every moment."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator, Mapping
from dataclasses import replace

import pytest
from benchmarks.safety.case import Case, Result, run_case
from benchmarks.safety.kinds import KINDS, Kind
from benchmarks.safety.simulated import Simulated
from tests.lab.lab_home import home_for_labs, machine_or_skip

from netloom.lab.sites import sites
from netloom.lab.topology import Simulation
from netloom.lab.up import lab_down, lab_up

pytestmark = [pytest.mark.lab, pytest.mark.xdist_group("sim_kill")]

SIMULATED = tuple(kind for kind in KINDS.values() if kind.platform != "frr")
ENDS = {"after arm": "rolled_back", "after confirm": "done"}
TIMERS = {"after arm": 30, "after confirm": 600}
"""Seconds: NX-OS makes whoever goes back wait for it; who confirms has time on a busy machine."""


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mapping[tuple[str, str], Result]]:
    """Every case, the four platforms at once: most of the time is spent waiting for a timer."""
    machine_or_skip()
    with home_for_labs(tmp_path_factory.mktemp("labs")):
        yield asyncio.run(killed())


async def killed() -> dict[tuple[str, str], Result]:
    topology = sites(len(SIMULATED), "kills")
    nodes = tuple(replace(node, simulation=Simulation(hurry=SIMULATED[0].hurry)) for node in topology.nodes)
    lab = await lab_up(replace(topology, nodes=nodes), name=f"kills{os.getpid()}")
    found: dict[tuple[str, str], Result] = {}

    async def work(kind: Kind) -> None:
        for moment in ENDS:
            device = Simulated(lab, f"{kind.role}1", replace(kind, timer_s=TIMERS[moment]))
            await device.settle()
            found[kind.platform, moment] = await run_case(device, Case("kill -9 of netloom", moment))

    try:
        await asyncio.gather(*(work(kind) for kind in SIMULATED))
    finally:
        await lab_down(lab.name)
    return found


@pytest.mark.parametrize("moment", ENDS)
@pytest.mark.parametrize("platform", [kind.platform for kind in SIMULATED])
def test_whoever_is_killed_leaves_a_device_that_recover_brings_to_its_end(
    results: Mapping[tuple[str, str], Result], platform: str, moment: str
) -> None:
    result = results[platform, moment]
    assert result.reached, result.detail
    assert (result.violations, result.state) == ([], ENDS[moment]), result.detail
