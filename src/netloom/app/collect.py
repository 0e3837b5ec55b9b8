"""Asking the fleet for its state, and keeping what it says."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from netloom.collectors.state.collect import Collected
from netloom.collectors.state.collect import collect as ask
from netloom.model.host import Host
from netloom.store.schema import table

if TYPE_CHECKING:
    from netloom.app.wiring import App

PACK_AFTER = timedelta(hours=1)
"""How long a segment stays as it was written."""


@dataclass(frozen=True, slots=True)
class DeviceAnswer:
    """What one device said, noun by noun."""

    device: str
    nouns: tuple[Collected, ...]

    @property
    def count(self) -> int:
        """Records of all nouns."""
        return sum(len(noun.records) for noun in self.nouns)

    @property
    def errors(self) -> tuple[Exception, ...]:
        """What failed, each failure once; a noun that the platform does not have is no failure."""
        return tuple({str(noun.error): noun.error for noun in self.nouns if noun.error and noun.failed}.values())

    @property
    def notes(self) -> tuple[str, ...]:
        """What could not be asked, where the rest came."""
        missing = tuple(f"{noun.noun}: {noun.error}" for noun in self.nouns if not noun.available)
        return (*missing, *(f"{noun.noun}: {note}" for noun in self.nouns for note in noun.notes))


async def collect(
    app: App, hosts: Sequence[Host], names: Sequence[str], *, parallel: int | None = None
) -> AsyncGenerator[DeviceAnswer, None]:
    """Ask devices for nouns, every one without names, and store what they say; raises UsageError for unknown nouns."""
    wanted = [table(name).name for name in names] or None
    limit = parallel or app.workspace["parallel"]
    waiting: list[Collected] = []
    try:
        accesses, errors = app.accesses(hosts)
        for name, error in errors.items():
            yield DeviceAnswer(
                name, (Collected(device=name, noun="device", observed_at=datetime.now(UTC), error=error),)
            )
        async with aclosing(ask(accesses, wanted, keys=app.keys, limit=limit)) as answers:
            async for answer in answers:
                if waiting and answer.device != waiting[0].device:
                    yield DeviceAnswer(waiting[0].device, tuple(waiting))
                    waiting = []
                waiting.append(answer)
                if answer.error is None:
                    _keep(app, answer)
        if waiting:
            yield DeviceAnswer(waiting[0].device, tuple(waiting))
    finally:
        app.store.flush()  # also what came before Ctrl-C
        _tidy(app)


def _tidy(app: App) -> None:
    """Pack what is no longer written to, and forget what is too old."""
    now = datetime.now(UTC)
    app.store.compact(older_than=now - PACK_AFTER)
    app.store.retain(since=now - timedelta(days=app.workspace["retention_days"]))


def _keep(app: App, answer: Collected) -> None:
    namespace = app.workspace["namespace"]
    app.store.append(answer.noun, answer.device, answer.observed_at, answer.records, namespace=namespace)
