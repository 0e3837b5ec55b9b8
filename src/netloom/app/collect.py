"""Asking the fleet for its state, and keeping what it says."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import TYPE_CHECKING

from netloom.collectors.state.collect import Collected, collect_device
from netloom.collectors.state.observe import observable_nouns
from netloom.devices.session import Session
from netloom.model.host import Host
from netloom.store.schema import table

if TYPE_CHECKING:
    from netloom.app.wiring import App


@dataclass(frozen=True, slots=True)
class DeviceAnswer:
    """What one device said, noun by noun."""

    device: str
    nouns: tuple[Collected, ...] = ()
    error: Exception | None = None
    """Why nothing could be asked at all."""

    @property
    def count(self) -> int:
        """Records of all nouns."""
        return sum(len(noun.records) for noun in self.nouns)

    @property
    def errors(self) -> tuple[Exception, ...]:
        """What failed; a noun that the platform does not have is no failure."""
        failed = tuple(noun.error for noun in self.nouns if noun.error is not None and noun.available)
        return (*failed, self.error) if self.error else failed

    @property
    def notes(self) -> tuple[str, ...]:
        """What could not be asked, where the rest came."""
        missing = tuple(f"{noun.noun}: {noun.error}" for noun in self.nouns if not noun.available)
        return (*missing, *(f"{noun.noun}: {note}" for noun in self.nouns for note in noun.notes))


async def collect(
    app: App, hosts: Sequence[Host], names: Sequence[str], *, parallel: int | None = None
) -> AsyncIterator[DeviceAnswer]:
    """Ask devices for nouns, every one without names, and store what they say; raises UsageError for unknown nouns."""
    wanted = [table(name).name for name in names]

    async def work(session: Session) -> tuple[Collected, ...]:
        await session.open()
        nouns = [noun for noun in observable_nouns(session.platform) if not wanted or noun in wanted]
        return tuple([answer async for answer in collect_device(session, nouns)])

    async with aclosing(app.fleet(hosts, work, parallel=parallel)) as outcomes:
        async for outcome in outcomes:
            for noun in outcome.value or ():
                if noun.error is None:
                    namespace = app.workspace["namespace"]
                    app.store.append(noun.noun, noun.device, noun.observed_at, noun.records, namespace=namespace)
            yield DeviceAnswer(outcome.device, outcome.value or (), outcome.error)
    app.store.flush()
