"""Nouns of one device or of a fleet, each with its moment, its records or the reason why there are none."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from datetime import UTC, datetime

from netloom.collectors.state.observe import Observable, Observer, observable_nouns
from netloom.devices.fleet import run_fleet
from netloom.devices.session import Session
from netloom.errors import Unsupported
from netloom.model.host import Access
from netloom.model.noun import Record
from netloom.platforms.contract import load_platform
from netloom.transports.host_keys import HostKeys

Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class Collected:
    """What one device said of one noun at one moment, or why it did not."""

    device: str
    noun: str
    observed_at: datetime
    records: tuple[Record, ...] = ()
    error: Exception | None = None
    """A DeviceError; anything else is a fault in netloom, kept apart so that it costs one noun of one device."""
    notes: tuple[str, ...] = ()
    """What could not be asked, where the records came without it."""

    @property
    def available(self) -> bool:
        """False where this platform or access cannot tell; that is no failure of the device."""
        return not isinstance(self.error, Unsupported)

    @property
    def failed(self) -> bool:
        """Whether the device should have answered and did not."""
        return self.error is not None and self.available


def now() -> datetime:
    """The clock that collecting uses."""
    return datetime.now(UTC)


async def collect_device(
    session: Observable, nouns: Sequence[str] | None = None, *, clock: Clock = now
) -> AsyncGenerator[Collected, None]:
    """The nouns of one device in this order, None for all it can show; one that fails does not stop the others."""
    observer = Observer(session)
    for noun in observable_nouns(session.platform) if nouns is None else nouns:
        device = session.access.name
        try:
            found = await observer.observe(noun)
        except Exception as exc:  # noqa: BLE001 - one noun's edge: an answer that trips its reader costs no other noun
            yield Collected(device=device, noun=noun, observed_at=clock(), error=exc)
        else:
            yield Collected(
                device=device, noun=noun, observed_at=clock(), records=tuple(found.records), notes=found.notes
            )


async def collect(
    accesses: Sequence[Access],
    nouns: Sequence[str] | None = None,
    *,
    keys: HostKeys,
    limit: int = 100,
    timeout_s: float | None = None,
) -> AsyncGenerator[Collected, None]:
    """The nouns of many devices, a device at a time as they are ready; `timeout_s` is for one device and all its nouns.

    What a device said before it failed is kept, and every noun it still owed carries the failure.
    """
    said: dict[str, list[Collected]] = {}

    async def work(session: Session) -> None:
        done = said.setdefault(session.access.name, [])
        # one by one, so that a time limit in the middle keeps what was said before it
        async for each in collect_device(session, nouns):
            done.append(each)

    platforms = {access.name: access.platform for access in accesses}
    outcomes = run_fleet(accesses, work, keys=keys, limit=limit, timeout_s=timeout_s)
    async with aclosing(outcomes):
        async for outcome in outcomes:
            done = said.pop(outcome.device, [])
            for each in done:
                yield each
            if outcome.error is None:
                continue
            wanted = observable_nouns(load_platform(platforms[outcome.device])) if nouns is None else nouns
            for noun in wanted[len(done) :]:
                yield Collected(device=outcome.device, noun=noun, observed_at=now(), error=outcome.error)
