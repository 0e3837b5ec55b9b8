"""Alerts as `netloom watch` runs them, in a workspace."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path
from typing import Any

from netloom.app.watch.alerting import start
from netloom.app.watch.worker import InventoryDevices
from netloom.app.wiring import App
from netloom.collectors.contract import Context, Writer
from netloom.collectors.health import Health
from netloom.collectors.site import Site
from netloom.errors import SecretError
from netloom.model.metric import Metric
from netloom.model.secret import Secret
from netloom.workspace import load_workspace


def nobody(what: str) -> str:
    raise SecretError(what)


async def test_an_alert_is_an_event_beside_its_host(tmp_path: Path) -> None:
    (tmp_path / "inventory").mkdir()
    (tmp_path / "inventory" / "hosts.yml").write_text("all: {children: {leaves: {hosts: {leaf1: {}, leaf2: {}}}}}\n")
    (tmp_path / "netloom.yml").write_text("inventory: [inventory]\nnamespace: lab\n")
    (tmp_path / "alerts").mkdir()
    (tmp_path / "alerts" / "cpu.yml").write_text("- {name: busy, on: leaves, metric: cpu.utilization, above: 90}\n")
    app = App(load_workspace(tmp_path / "netloom.yml"), ask=nobody)
    with app.streams.writer("metric") as writer:
        rows = [Metric(timestamp_ns=time.time_ns() - 10**9, name="cpu.utilization", value=99.0)] * 2
        writer.add(rows, hostnames=["leaf1", "stranger"], namespace="lab")
        writer.flush()
    loop, recorded = asyncio.get_running_loop(), asyncio.Event()

    def watched(stream: str) -> Writer:
        made: Any = app.streams.writer(stream)
        flush = made.flush

        def flushed() -> int:
            count: int = flush()
            loop.call_soon_threadsafe(recorded.set)
            return count

        made.flush = flushed
        found: Writer = made
        return found

    context = Context(
        settings=None,
        folder=tmp_path,
        writer=watched,
        health=Health(),
        site=Site(),
        devices=InventoryDevices(app),
        namespace="lab",
        secret=Secret,
    )
    chore = start(app, context)
    running = asyncio.create_task(chore.run())
    await recorded.wait()
    chore.reload(context)
    chore.stop()
    await running
    (row,) = app.streams.query("event", columns=["namespace", "hostname", "name", "reason"])
    assert row == {"namespace": "lab", "hostname": "leaf1", "name": "ALERT_FIRING", "reason": "busy: leaf1"}
    assert context.health.is_ready
    assert (tmp_path / ".netloom" / "alerts" / "alerts.json").exists()
    app.close()
