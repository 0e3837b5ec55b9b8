"""The chore that evaluates the workspace's alert rules and tells what they find."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from netloom.alerts.run import Alerting, Ground
from netloom.app.alerts import Alerts, Stored, host_names
from netloom.app.watch.unattended import unattended
from netloom.app.wiring import App
from netloom.collectors.contract import Collector, Context
from netloom.model.event import Event


class AlertingChore:
    """`alerts.run.Alerting`, as a collector is run."""

    def __init__(self, app: App, context: Context) -> None:
        self._app = app
        self._health = context.health
        self._writer = context.writer("event")
        self._namespace = context.namespace
        alerts = Alerts(app)
        self._alerting = Alerting(
            Ground(
                folder=alerts.folder,
                state=alerts.state,
                streams=Stored(app),
                hosts=host_names(app),
                record=self._record,
                tally=context.health,
                around=alerts.around(),
            )
        )

    async def run(self) -> None:
        """Evaluate and tell until `stop`."""
        try:
            await self._alerting.run(self._health.ready)
        finally:
            self._writer.close()

    def reload(self, context: Context) -> None:
        """Rules and receivers are read when they change; this is for the inventory and its secrets."""
        del context
        fresh = unattended(self._app.workspace)
        ground = self._alerting.ground
        self._alerting.ground = replace(ground, hosts=host_names(fresh), around=Alerts(fresh).around())

    def stop(self) -> None:
        """End after the evaluation under way."""
        self._alerting.stop()

    def _record(self, events: Sequence[Event], hosts: Sequence[str | None]) -> None:
        self._writer.add(events, hostnames=hosts, namespace=self._namespace)
        self._writer.flush()


def start(app: App, context: Context) -> Collector:
    """The chore."""
    return AlertingChore(app, context)
