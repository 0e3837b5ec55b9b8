"""`lab up` killed at any moment: `lab down` clears all that is left."""

import asyncio
import random
import sys
from contextlib import suppress
from pathlib import Path

import pytest
from tests.lab.lab_home import home_for_labs, links, machine_or_skip, network_of, networks, processes_of

from netloom.lab.inspection import overview
from netloom.lab.up import lab_down, lab_up

pytestmark = pytest.mark.lab

UP = "import asyncio; from netloom.lab.up import lab_up; print(flush=True); asyncio.run(lab_up('fabric6', name='k'))"
MOMENTS = 6
WINDOW = 1.2


@pytest.mark.parametrize("moment", range(MOMENTS))
async def test_killed_up_leaves_nothing_that_down_cannot_clear(moment: int, tmp_path: Path) -> None:
    machine_or_skip()
    with home_for_labs(tmp_path) as folder:
        before = links()
        process = await asyncio.create_subprocess_exec(sys.executable, "-c", UP, stdout=asyncio.subprocess.PIPE)
        assert process.stdout is not None
        await process.stdout.readline()
        # Spread over the whole of its life, with a jitter so that no run is like the other.
        jitter = random.random()  # noqa: S311 - no secret
        await asyncio.sleep(WINDOW * (moment + jitter) / MOMENTS)
        with suppress(ProcessLookupError):
            process.kill()
        await process.communicate()
        left = [entry.name for entry in overview()]
        assert left in ([], ["k"])
        if left:
            await lab_down("k")
        assert overview() == []
        assert processes_of(folder) == []
        assert links() == before
        assert not (folder / "k").exists()


async def test_cancelled_up_clears_up_after_itself(tmp_path: Path) -> None:
    machine_or_skip()
    with home_for_labs(tmp_path) as folder:
        started = asyncio.Event()
        task = asyncio.create_task(
            lab_up("fabric6", name="c", on_progress=lambda phase, *_: started.set() if phase == "nodes" else None)
        )
        await started.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert overview() == []
        assert processes_of(folder) == []


async def test_networks_vanish_with_the_lab(tmp_path: Path) -> None:
    machine_or_skip()
    with home_for_labs(tmp_path):
        lab = await lab_up("fabric6", name="n")
        inside = {network_of(pid) for pid in (lab.keeper_pid(), lab.node_pid("leaf1"))}
        assert inside <= networks()
        await lab_down("n")
        assert inside.isdisjoint(networks())
