"""The chore that keeps the store's house: compaction, summaries, retention, a limit on the disk."""

from __future__ import annotations

import asyncio
import contextlib
import os
from datetime import UTC, datetime

from netloom.app.wiring import App
from netloom.collectors.contract import Collector, Context
from netloom.errors import NetloomError, SourceError, UsageError
from netloom.store.housekeeping import Report
from netloom.store.retention import Policy, policy_of
from netloom.store.streams import Streams
from netloom.workspace import Workspace, load_workspace

EVERY_S = 60.0


class Housekeeping:
    """Compacts what writers have finished and forgets what is old, once a minute."""

    def __init__(self, app: App, context: Context) -> None:
        self._workspace = app.workspace
        self._policy = retention_of(app.workspace)
        self._health = context.health
        self._stop = asyncio.Event()

    async def run(self) -> None:
        """Keep house until `stop`."""
        os.nice(10)  # what comes in goes first
        self._health.ready()
        with Streams(self._workspace.state / "store") as streams:
            while not self._stop.is_set():
                self._tell(await asyncio.to_thread(streams.housekeeping, self._policy, datetime.now(UTC)))
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(EVERY_S):
                        await self._stop.wait()

    def reload(self, context: Context) -> None:
        """Take over how long things are kept; where that is wrong, what was in force stays."""
        del context
        document = self._workspace.document
        config = None if document is None else self._workspace.root / document.name
        try:
            self._policy = retention_of(load_workspace(config, start=self._workspace.root))
        except NetloomError as exc:
            self._health.complain(str(exc))

    def stop(self) -> None:
        """End after what is being compacted."""
        self._stop.set()

    def _tell(self, report: Report) -> None:
        health = self._health
        health.count("runs_total")
        health.count("compacted_rows_total", report.compacted.rows)
        for name, rows in report.expired.items():
            health.count("expired_rows_total", rows, kept=name)
        for name, rows in report.evicted.items():
            health.count("evicted_rows_total", rows, kept=name)
        health.gauge("store_bytes", report.bytes)
        for failure in (*report.failures, *report.compacted.aside):
            health.count("failures_total")
            health.complain(failure)


def retention_of(workspace: Workspace) -> Policy:
    """How long streams are kept, as the settings say; raises SourceError."""
    written = workspace["retention"]
    try:
        return policy_of({str(name): str(span) for name, span in written.items()})
    except (UsageError, SourceError) as exc:
        if workspace.document is None:
            raise
        raise workspace.document.error(("retention",), exc.message, hint=exc.hint) from exc


def start(app: App, context: Context) -> Collector:
    """The chore."""
    return Housekeeping(app, context)
