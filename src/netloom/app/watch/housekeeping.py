"""The store's chores: compaction, summaries, retention."""

from __future__ import annotations

import asyncio
import contextlib
import os
from datetime import UTC, datetime, timedelta

from netloom.app.wiring import App
from netloom.collectors.contract import Collector, Context
from netloom.errors import StoreError
from netloom.store.streams import Streams

EVERY_S = 60.0
SETTLED = timedelta(seconds=90)
"""Segments last written longer ago than this are compacted."""


class Housekeeping:
    """Compacts what writers have finished, once a minute."""

    def __init__(self, app: App, context: Context) -> None:
        self._app = app
        self._health = context.health
        self._stop = asyncio.Event()

    async def run(self) -> None:
        """Keep house until `stop`."""
        os.nice(10)  # what comes in goes first
        self._health.ready()
        with Streams(self._app.workspace.state / "store") as streams:
            while not self._stop.is_set():
                await self._once(streams)
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(EVERY_S):
                        await self._stop.wait()

    async def _once(self, streams: Streams) -> None:
        try:
            done = await asyncio.to_thread(streams.compact, older_than=datetime.now(UTC) - SETTLED)
        except StoreError as exc:
            self._health.count("failures_total")
            self._health.complain(str(exc))
            return
        self._health.count("compacted_rows_total", done.rows)
        self._health.count("runs_total")

    def reload(self, context: Context) -> None:
        """Nothing of it is set."""

    def stop(self) -> None:
        """End after what is being compacted."""
        self._stop.set()


def start(app: App, context: Context) -> Collector:
    """The chore."""
    return Housekeeping(app, context)
