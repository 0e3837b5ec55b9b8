"""From records to the store: gathered, flushed together, bounded, and counted where they are lost."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence

from netloom.collectors.contract import Context
from netloom.errors import StoreError
from netloom.model.noun import Record

MAX_WAITING = 200_000
RETRY_S = 1.0


class Outlet:
    """One stream's way into the store for collectors that make records one by one.

    Where the store cannot be written, records wait up to a limit; then new ones are dropped and counted as
    `lost_total{reason="store"}`.
    """

    def __init__(self, context: Context, stream: str, *, max_waiting: int = MAX_WAITING) -> None:
        self._writer = context.writer(stream)
        self._health = context.health
        self._stream = stream
        self._namespace = context.namespace
        self._max_waiting = max_waiting
        self._lock = asyncio.Lock()
        self._retry_at = 0.0

    def put(self, records: Sequence[Record], hostnames: Sequence[str | None] | None = None) -> int:
        """Keep records for the next flush, and say how many were taken."""
        room = max(0, self._max_waiting - self._writer.waiting)
        taken = min(room, len(records))
        if taken:
            names = None if hostnames is None else hostnames[:taken]
            self._writer.add(records[:taken], hostnames=names, namespace=self._namespace)
        if taken < len(records):
            self._health.count("lost_total", len(records) - taken, reason="store", stream=self._stream)
        return taken

    @property
    def waiting(self) -> int:
        """Records that no flush has written yet."""
        return self._writer.waiting

    async def flush(self) -> bool:
        """Write what waits, in a thread; False where the store cannot be written now, and it all still waits."""
        async with self._lock:
            if time.monotonic() < self._retry_at:
                return False
            try:
                count = await asyncio.to_thread(self._writer.flush)
            except StoreError as exc:
                self._retry_at = time.monotonic() + RETRY_S
                self._health.count("store_failures_total", stream=self._stream)
                self._health.complain(str(exc))
                return False
            self._health.count("stored_records_total", count, stream=self._stream)
            return True

    async def close(self) -> None:
        """Write what waits for the last time; what cannot be written is counted as lost."""
        self._retry_at = 0.0
        if not await self.flush() and (lost := self._writer.discard()):
            self._health.count("lost_total", lost, reason="store", stream=self._stream)
        await asyncio.to_thread(self._writer.close)
