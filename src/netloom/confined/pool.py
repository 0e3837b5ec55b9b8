"""A few confined processes that share one kind of work."""

from __future__ import annotations

import asyncio
import os
from types import TracebackType
from typing import Self

from netloom.confined.process import Answer, ConfinedProcess

_ANSWERS = 500
"""After so many a process is replaced, lest what its libraries hold on to grows for ever."""


class ConfinedPool:
    """As many processes of a module as there are processors, started as they are needed and kept until the end."""

    def __init__(self, module: str, *, size: int | None = None) -> None:
        self._module = module
        self._turns = asyncio.Semaphore(size or os.cpu_count() or 1)
        self._idle: list[ConfinedProcess] = []

    async def ask(self, message: bytes, *, wall_s: float, output_bytes: int) -> Answer:
        """The answer to one message, as soon as a process is free for it; its time counts from then."""
        async with self._turns:
            process = self._idle.pop() if self._idle else ConfinedProcess(self._module)
            answer = await process.ask(message, wall_s=wall_s, output_bytes=output_bytes)
            if process.answers >= _ANSWERS:
                await process.close()
            self._idle.append(process)
            return answer

    async def close(self) -> None:
        """Kill the processes."""
        while self._idle:
            await self._idle.pop().close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()
