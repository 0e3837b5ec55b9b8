"""netloom's flow collector by itself, as a process that is measured.

usage: python -m benchmarks.telemetry.flow_receiver FOLDER PORT [COMPRESSION [report]]

Prints its port when it listens; on SIGTERM or SIGINT it stores what came and prints its counters and processor time
since then, with `report` also ten times a second.
"""

from __future__ import annotations

import asyncio
import json
import signal
import sys
import time
from functools import partial
from pathlib import Path
from typing import Any

import uvloop

from netloom.collectors.contract import Context
from netloom.collectors.flow.run import collector
from netloom.collectors.flow.settings import FlowSettings
from netloom.collectors.health import Health
from netloom.collectors.site import Site
from netloom.store.streams import Streams


async def receive(folder: Path, port: int, compression: str, *, often: bool) -> None:
    """Collect until SIGTERM."""
    health = Health()
    own = folder / "state" / "0"
    own.mkdir(parents=True, exist_ok=True)
    with Streams(folder / "store") as streams:
        nobody: Any = ()
        context = Context(
            settings=FlowSettings(listen=(f"udp://127.0.0.1:{port}",)),
            folder=own,
            writer=partial(streams.writer, compression=compression),
            health=health,
            site=Site(),
            devices=nobody,
        )
        collecting = collector(context)
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, collecting.stop)
        task = asyncio.create_task(collecting.run())
        while not health.is_ready and not task.done():  # noqa: ASYNC110 - it says so within moments
            await asyncio.sleep(0.01)
        began = time.process_time()
        print("ready", health.listening[0].rpartition(":")[2], flush=True)
        while often and not task.done():
            await asyncio.sleep(0.1)
            print(json.dumps(health.report()), flush=True)
        await task
        print(json.dumps({"seconds": time.process_time() - began, **health.report()}), flush=True)


if __name__ == "__main__":
    chosen = sys.argv[3] if len(sys.argv) > 3 else "lz4"
    uvloop.run(receive(Path(sys.argv[1]), int(sys.argv[2]), chosen, often="report" in sys.argv))
