"""The network between a simulated device and its client: what the device writes arrives a round trip later."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable


class Distance:
    """Writes in order, each so many seconds late, without holding up the next: unlike latency, it is no work."""

    def __init__(self, write: Callable[[bytes], None], seconds: float) -> None:
        self._write = write
        self._seconds = seconds
        self._under_way: deque[bytes] = deque()

    def write(self, data: bytes) -> None:
        """Send bytes on their way."""
        if not self._seconds:
            self._write(data)
            return
        self._under_way.append(data)
        asyncio.get_running_loop().call_later(self._seconds, self._arrive)

    def _arrive(self) -> None:
        if self._under_way:
            self._write(self._under_way.popleft())

    def end(self) -> None:
        """Nothing more will come: what is under way arrives at once."""
        while self._under_way:
            self._arrive()
