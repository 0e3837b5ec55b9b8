"""The demonstration's last act: traffic, seen by flows, counters and an alert."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from netloom.errors import NetloomError
from netloom.lab.execute import run_in
from netloom.model.filter import parse_filter

if TYPE_CHECKING:
    from netloom.app.watch.run import Watch
    from netloom.app.wiring import App
    from netloom.lab.state import Lab
    from netloom.store.streams import Streams

SETTINGS = {
    "flow": {"listen": ["udp://0.0.0.0:2055", "udp://0.0.0.0:6343"]},
    "syslog": {"listen": ["udp://0.0.0.0:5514"]},
    "trap": {"listen": ["udp://0.0.0.0:1162"]},
    "snmp": {"interval_s": 5, "refresh_polls": 3},
}
"""Collectors that stand where the lab's devices send to, and ask more often than anybody else would."""
LISTEN = "127.0.0.1:0"
"""Prometheus's metrics, on any port: a demonstration is in nobody's way."""
START_S = 30.0
STREAM_S = 20
RATE = "25M"
SEEN_S = 45.0
FROM, TO, TO_ADDRESS = "host1", "host2", "10.2.1.10"


@asynccontextmanager
async def watching(app: App) -> AsyncIterator[Watch]:
    """The workspace's collectors at work while the block runs; raises NetloomError where they do not start."""
    from netloom.app.watch.run import Watch

    said: list[str] = []
    watch = Watch(app.workspace, app.workspace.root / "netloom.yml", tell=said.append)
    task = asyncio.create_task(watch.run(signals=False))
    try:
        await _until(lambda: task.done() or _all_run(watch), START_S)
        if task.done() or not _all_run(watch):
            raise NetloomError(f"the collectors do not start: {'; '.join(said[-3:])}", hint="netloom status")
        yield watch
    finally:
        watch.stop()
        await task


async def traffic(lab: Lab, note: Callable[[str], None]) -> float:
    """Send a stream from host to host, and say how many bytes arrived; raises NetloomError."""
    import json

    limit_s = STREAM_S + 30
    server = asyncio.create_task(run_in(lab, TO, ["iperf3", "--server", "--one-off"], limit=limit_s))
    listening = ["sh", "-c", "until ss -ltn | grep -q :5201; do sleep 0.1; done"]
    try:
        await run_in(lab, TO, listening, limit=10)
        note(f"{RATE}bit/s from {FROM} to {TO} for {STREAM_S} s")
        argv = ["iperf3", "--client", TO_ADDRESS, "--bitrate", RATE, "--time", str(STREAM_S), "--json"]
        done = await run_in(lab, FROM, argv, limit=limit_s)
        return float(json.loads(done.output)["end"]["sum_received"]["bytes"])
    except (ValueError, KeyError) as exc:
        raise NetloomError(f"iperf3 from {FROM} to {TO} failed: {done.output.strip() or done.errors.strip()}") from exc
    finally:
        server.cancel()
        await asyncio.gather(server, return_exceptions=True)


async def seen(streams: Streams, since: datetime, kinds: tuple[str, ...]) -> list[str]:
    """Who has told of the stream, of these ways of telling and the alert, once all did or time is up."""
    wanted = (*kinds, "alert")

    def found() -> list[str]:
        told = [kind for kind in kinds if measured(streams, kind, since)]
        fired = streams.query("event", parse_filter("name=ALERT_FIRING"), since=since, columns=["name"])
        return [*told, *(["alert"] if len(fired) else [])]

    await _until(lambda: len(found()) == len(wanted), SEEN_S)
    return found()


def measured(streams: Streams, kind: str, since: datetime) -> float:
    """The bytes of the stream as one way of telling has them, scaled by its sampling."""
    if "flow" not in streams.tables():
        return 0.0
    question = parse_filter(f"type={kind} and dst_addr={TO_ADDRESS} and proto=6")
    rows = list(streams.top("flow", question, by=["type"], since=since))
    return float(rows[0]["bytes"]) if rows else 0.0


def _all_run(watch: Watch) -> bool:
    workers = watch.status().workers
    return bool(workers) and all(worker.state == "running" for worker in workers)


async def _until(holds: Callable[[], bool], limit_s: float) -> None:
    """Wait until something holds, or the time is up."""
    end = time.monotonic() + limit_s
    while not await asyncio.to_thread(holds) and time.monotonic() < end:  # noqa: ASYNC110 - other processes tell it
        await asyncio.sleep(0.5)


def now() -> datetime:
    """This moment."""
    return datetime.now(UTC)


def has_switch() -> bool:
    """Whether a lab on this machine can have a switch."""
    from netloom.lab.machine import probe

    return probe().switch


def has_traffic() -> bool:
    """Whether a lab on this machine can have traffic."""
    from netloom.lab.machine import probe

    return "iperf3" in probe().tools


def workspace_of(folder: Path) -> str:
    """The lab that a demonstration's workspace belongs to, empty where there is none."""
    from netloom.workspace import FILE, load_workspace

    path = folder / FILE
    return str(load_workspace(path)["lab"]) if path.exists() else ""
