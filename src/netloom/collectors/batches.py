"""From columns to the store: gathered, flushed together in a thread, bounded, and counted where they are lost."""

from __future__ import annotations

import asyncio
import time
from typing import Any

from netloom.collectors.contract import Context
from netloom.errors import StoreError

RETRY_S = 1.0


class Batches:
    """One stream's way into the store for collectors that make columns; never waits while a flush writes.

    What cannot be written stays: who fills it looks at `waiting` first.
    """

    def __init__(self, context: Context, stream: str) -> None:
        self._writer = context.writer(stream)
        self._health = context.health
        self._stream = stream
        self._held: list[Any] = []
        self._held_rows = 0
        self._lock = asyncio.Lock()
        self._retry_at = 0.0
        self.stored = 0
        """Rows that are durable."""
        self.octets = 0
        """Of memory that rows take which no flush has written yet."""
        self._moved = 0
        """The part of them that the writer has."""

    @property
    def waiting(self) -> int:
        """Rows that no flush has written yet."""
        return self._held_rows + self._writer.waiting

    def put(self, batch: Any) -> None:
        """Keep a pyarrow.RecordBatch of some of the stream's columns for the next flush."""
        self._held.append(batch)
        self._held_rows += batch.num_rows
        self.octets += batch.nbytes

    async def flush(self) -> bool:
        """Write what waits; False where the store cannot be written now, and it all still waits."""
        async with self._lock:
            if time.monotonic() < self._retry_at:
                return False
            held, self._held, self._held_rows = self._held, [], 0
            for batch in held:
                self._writer.append(batch)
                self._moved += batch.nbytes
            if not self._writer.waiting:
                return True
            try:
                count = await asyncio.to_thread(self._writer.flush)
            except StoreError as exc:
                self._retry_at = time.monotonic() + RETRY_S
                self._health.count("store_failures_total", stream=self._stream)
                self._health.complain(str(exc))
                return False
            self.stored += count
            self.octets, self._moved = self.octets - self._moved, 0
            self._health.count("stored_records_total", count, stream=self._stream)
            return True

    async def close(self) -> None:
        """Write what waits for the last time; what cannot be written is counted as lost."""
        self._retry_at = 0.0
        if not await self.flush() and (lost := self._writer.discard()):
            self._health.count("lost_total", lost, reason="store", stream=self._stream)
        await asyncio.to_thread(self._writer.close)
