"""From collectors to the store: gathered, flushed together in a thread, bounded, and counted where they are lost."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from typing import Any

from netloom.collectors.contract import Context
from netloom.errors import StoreError
from netloom.model.noun import Record

MAX_WAITING = 200_000
RETRY_S = 1.0


class Outlet:
    """One stream's way into the store; putting something in never waits while a flush writes.

    Where the store cannot be written, everything waits: records up to a limit, beyond which new ones are dropped and
    counted as `lost_total{reason="store"}`; who puts batches in looks at `waiting` first.
    """

    def __init__(self, context: Context, stream: str, *, max_waiting: int = MAX_WAITING) -> None:
        self._writer = context.writer(stream)
        self._health = context.health
        self._stream = stream
        self._namespace = context.namespace
        self._max_waiting = max_waiting
        self._held: list[Any] = []
        self._held_rows = 0
        self._lock = asyncio.Lock()
        self._retry_at = 0.0
        self.octets = 0
        """Of memory that batches take which no flush has written yet."""
        self._moved = 0
        """The part of them that the writer has."""

    @property
    def waiting(self) -> int:
        """Rows that no flush has written yet."""
        return self._held_rows + self._writer.waiting

    def put(self, records: Sequence[Record], hostnames: Sequence[str | None] | None = None) -> int:
        """Keep records for the next flush, and say how many were taken."""
        taken = min(max(0, self._max_waiting - self.waiting), len(records))
        if taken:
            names = None if hostnames is None else hostnames[:taken]
            self._writer.add(records[:taken], hostnames=names, namespace=self._namespace)
        if taken < len(records):
            self._health.count("lost_total", len(records) - taken, reason="store", stream=self._stream)
        return taken

    def put_batch(self, batch: Any) -> None:
        """Keep a pyarrow.RecordBatch of some of the stream's columns for the next flush."""
        self._held.append(batch)
        self._held_rows += batch.num_rows
        self.octets += batch.nbytes

    async def flush(self) -> bool:
        """Write what waits; False where the store cannot be written now, and it all still waits.

        Where that is cancelled, the writing goes on, and what it wrote is counted.
        """
        async with self._lock:
            if time.monotonic() < self._retry_at:
                return False
            held, self._held, self._held_rows = self._held, [], 0
            for batch in held:
                self._writer.append(batch)
                self._moved += batch.nbytes
            if not self._writer.waiting:
                return True
            return await asyncio.shield(asyncio.create_task(self._write()))

    async def close(self) -> None:
        """Write what waits for the last time; what cannot be written is counted as lost."""
        self._retry_at = 0.0
        if not await self.flush() and (lost := self._writer.discard()):
            self._health.count("lost_total", lost, reason="store", stream=self._stream)
        await asyncio.to_thread(self._writer.close)

    async def _write(self) -> bool:
        try:
            count = await asyncio.to_thread(self._writer.flush)
        except StoreError as exc:
            self._retry_at = time.monotonic() + RETRY_S
            self._health.count("store_failures_total", stream=self._stream)
            self._health.complain(str(exc))
            return False
        self.octets, self._moved = self.octets - self._moved, 0
        self._health.count("stored_records_total", count, stream=self._stream)
        return True
