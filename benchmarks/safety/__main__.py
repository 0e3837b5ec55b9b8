"""Runs the matrix, fault by moment, on every device of a platform at once, and prints the table of outcomes."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from random import Random

from benchmarks.safety.case import Case, Result, run_case
from benchmarks.safety.cases import cases
from benchmarks.safety.device import Device
from benchmarks.safety.kinds import KINDS, Kind
from benchmarks.safety.outcomes import table
from benchmarks.safety.router import Router
from benchmarks.safety.simulated import Simulated

from netloom.lab.converge import wait_converged
from netloom.lab.sites import sites
from netloom.lab.topology import Simulation, Topology
from netloom.lab.up import lab_down, lab_up


@asynccontextmanager
async def devices_of(kind: Kind, count: int) -> AsyncIterator[list[Device]]:
    """The devices of a lab that is up for the block: four real routers, or simulated devices in sites of four."""
    real = kind.platform == "frr"
    name = f"safety-{kind.platform.replace('_', '-')}-{os.getpid()}"
    lab = await lab_up("fabric6" if real else hurried(kind, count), name=name)
    try:
        if real:
            await wait_converged(lab)
        chosen = [node.name for node in lab.topology.nodes if kind.role in (node.kind, node.group)]
        devices: list[Device] = [Router(lab, each) if real else Simulated(lab, each, kind) for each in chosen]
        for device in devices:
            await device.settle()
        yield devices
    finally:
        await lab_down(lab.name)


def hurried(kind: Kind, count: int) -> Topology:
    """Sites whose devices' time runs faster."""
    topology = sites(4 * count, "sites")
    nodes = tuple(replace(node, simulation=Simulation(hurry=kind.hurry)) for node in topology.nodes)
    return replace(topology, nodes=nodes)


async def matrix(kind: Kind, *, runs: int, only: str, count: int) -> list[Result]:
    """All cases of a platform, shared out among the lab's devices."""
    async with devices_of(kind, count) as devices:
        found = await cases(devices[0])
        chosen = [case for case in found if only in case.title] * runs
        # Cases that wait for a timer beside cases that compute, the same way each time.
        Random(0).shuffle(chosen)  # noqa: S311 - no secret
        waiting: asyncio.Queue[Case] = asyncio.Queue()
        for case in chosen:
            waiting.put_nowait(case)
        results: list[Result] = []
        await asyncio.gather(*(_work(device, waiting, results) for device in devices))
        order = {case: at for at, case in enumerate(found)}
        return sorted(results, key=lambda result: order[result.case])


async def _work(device: Device, waiting: asyncio.Queue[Case], results: list[Result]) -> None:
    while not waiting.empty():
        case = waiting.get_nowait()
        began = time.monotonic()
        result = await run_case(device, case)
        results.append(result)
        marks = f" VIOLATED: {', '.join(result.violations)}" if result.violations else ""
        sys.stderr.write(
            f"{time.monotonic() - began:5.1f} s {device.name} {case.title} -> {result.state} ({result.detail}){marks}\n"
        )
        await device.reset()


async def every(chosen: Sequence[Kind], arguments: argparse.Namespace) -> bool:
    """Each platform's table; whether no promise was broken."""
    whole = True
    for kind in chosen:
        results = await matrix(kind, runs=arguments.runs, only=arguments.only, count=arguments.devices)
        sys.stdout.write(f"## {kind.platform}\n\n{table(results)}\n\n")
        sys.stdout.flush()
        missed = sorted({result.case.title for result in results if not result.reached})
        if missed:
            sys.stderr.write(f"moments that never came: {', '.join(missed)}\n")
        whole &= not missed and not any(result.violations for result in results)
    return whole


def main() -> int:
    """Exit status 1 where any case left a device other than whole."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.safety", description=__doc__)
    parser.add_argument("--platform", default="frr", choices=[*KINDS, "all"], help="whose devices")
    parser.add_argument("--runs", type=int, default=1, help="how often each case runs")
    parser.add_argument("--only", default="", help="cases whose title contains this text")
    parser.add_argument("--devices", type=int, default=8, help="how many simulated devices share the work")
    chosen = parser.parse_args()
    kinds = list(KINDS.values()) if chosen.platform == "all" else [KINDS[chosen.platform]]
    with tempfile.TemporaryDirectory() as folder:
        os.environ["XDG_STATE_HOME"] = str(Path(folder))
        return 0 if asyncio.run(every(kinds, chosen)) else 1


if __name__ == "__main__":
    sys.exit(main())
