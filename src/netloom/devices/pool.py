"""Sessions kept open between questions: one a device, used by one asker at a time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from types import TracebackType
from typing import Self

from netloom.devices.session import Session, connect
from netloom.model.host import Access
from netloom.transports.host_keys import HostKeys


class Pool:
    """Opens a device's session when it is first needed, and hangs all of them up at the end of the block."""

    def __init__(self, access: Callable[[str], Access], keys: HostKeys) -> None:
        self._access = access
        self._keys = keys
        self._sessions: dict[str, Session] = {}
        self._turns: dict[str, asyncio.Lock] = {}
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._sessions.clear()
        await self._stack.aclose()

    @asynccontextmanager
    async def session(self, device: str) -> AsyncIterator[Session]:
        """The device's session, alone until the end of the block."""
        async with self._turns.setdefault(device, asyncio.Lock()):
            if device not in self._sessions:
                session = connect(self._access(device), keys=self._keys)
                self._sessions[device] = await self._stack.enter_async_context(session)
            yield self._sessions[device]
