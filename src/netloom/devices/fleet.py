"""The same work on many devices at once: results as they come, and no device holds up another."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Generic, TypeVar

from netloom.devices.session import Session, connect
from netloom.errors import OperationTimeout
from netloom.model.host import Access
from netloom.transports.host_keys import HostKeys

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Outcome(Generic[T]):
    """What came of one device."""

    device: str
    value: T | None
    error: Exception | None
    """A DeviceError, or whatever else the work raised."""
    seconds: float

    @property
    def ok(self) -> bool:
        """Whether the work was done."""
        return self.error is None


async def run_fleet(
    accesses: Iterable[Access],
    work: Callable[[Session], Awaitable[T]],
    *,
    keys: HostKeys,
    limit: int = 100,
    timeout_s: float | None = None,
) -> AsyncGenerator[Outcome[T], None]:
    """Do the work on every device, at most `limit` at once and `timeout_s` each; yields outcomes as they come.

    An error, of whatever kind, is its device's outcome alone. Leaving the loop early, or being cancelled, hangs up
    every session before it returns; leave it early within `contextlib.aclosing`.
    """
    waiting = iter(accesses)
    outcomes: asyncio.Queue[Outcome[T] | None] = asyncio.Queue(limit)
    workers = [
        asyncio.create_task(_worker(first, waiting, outcomes, _Job(work, keys, timeout_s)))
        for first in islice(waiting, limit)
    ]
    running = len(workers)
    try:
        while running:
            outcome = await outcomes.get()
            if outcome is None:
                running -= 1
            else:
                yield outcome
    finally:
        for worker in workers:
            worker.cancel()
        await asyncio.gather(*workers, return_exceptions=True)


@dataclass(frozen=True, slots=True)
class _Job(Generic[T]):
    work: Callable[[Session], Awaitable[T]]
    keys: HostKeys
    timeout_s: float | None


async def _worker(
    first: Access, waiting: Iterator[Access], outcomes: asyncio.Queue[Outcome[T] | None], job: _Job[T]
) -> None:
    """Take devices one after the other; None says that there are no more."""
    access: Access | None = first
    while access is not None:
        await outcomes.put(await _one(access, job))
        access = next(waiting, None)
    await outcomes.put(None)


async def _one(access: Access, job: _Job[T]) -> Outcome[T]:
    started = time.monotonic()
    value: T | None = None
    error: Exception | None = None
    try:
        try:
            async with asyncio.timeout(job.timeout_s) as deadline, connect(access, keys=job.keys) as session:
                value = await job.work(session)
        except TimeoutError as exc:
            if not deadline.expired():
                raise
            raise OperationTimeout(f"it took longer than {job.timeout_s:g} s", device=access.name) from exc
    except Exception as exc:  # noqa: BLE001 - the edge of a device's task: a bug in the work must not stop the others
        error = exc
    return Outcome(access.name, value, error, time.monotonic() - started)
