"""One HTTP exchange that may be given up at any moment.

Law: nothing is cancelled between TCP's handshake and the end of TLS's. Event loops clear that up badly (uvloop then
writes to what it has closed, and tells the user of it): an exchange that is given up there loses its socket instead,
and ends by itself as if the device had hung up.
"""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import Coroutine
from contextlib import suppress
from contextvars import ContextVar, copy_context
from typing import Any, TypeVar

T = TypeVar("T")

FAREWELL_S = 1.0
"""For what has lost its connection to end."""


class BreakableSocket(socket.socket):
    """A socket that tells when its event loop is done with it, and never touches a descriptor that it has lost.

    uvloop closes a descriptor behind its socket's back where the connection ends while it is being made; the number may
    be another connection's by then.
    """

    gone: asyncio.Event
    inode: int

    def close(self) -> None:
        """Asyncio's farewell."""
        super().close()
        self.gone.set()

    def detach(self) -> int:
        """uvloop's farewell: it closes the descriptor itself."""
        descriptor = super().detach()
        self.gone.set()
        return descriptor

    def open(self) -> bool:
        """Whether it still has its descriptor; one that it has lost it forgets."""
        if not self.gone.is_set() and _inode(self.fileno()) != self.inode:
            self.detach()
        return not self.gone.is_set()

    def cut(self) -> None:
        """Let both sides see the connection's end; nothing more is sent."""
        if self.open():
            with suppress(OSError):  # it has ended already
                self.shutdown(socket.SHUT_RDWR)


def breakable(opened: socket.socket) -> BreakableSocket:
    """The same descriptor as a breakable socket, as non-blocking as before."""
    own = BreakableSocket(fileno=opened.detach())
    own.setblocking(False)
    own.gone = asyncio.Event()
    own.inode = _inode(own.fileno())
    return own


def _inode(descriptor: int) -> int:
    try:
        return os.fstat(descriptor).st_ino
    except OSError:
        return 0


class Exchange:
    """What one request does to the network, and how it is given up."""

    def __init__(self, connect_timeout_s: float) -> None:
        self._connect_timeout_s = connect_timeout_s
        self._sockets: list[BreakableSocket] = []
        self._patience: asyncio.TimerHandle | None = None
        self.unanswered = False
        """Whether the connection did not stand in time."""

    async def run(self, work: Coroutine[Any, Any, T], limit_s: float) -> T:
        """What the work comes to; raises TimeoutError after the limit, and whatever the work raises."""
        context = copy_context()
        context.run(CURRENT.set, self)
        asking = asyncio.create_task(work, context=context)
        try:
            done, _ = await asyncio.wait({asking}, timeout=limit_s)
            if not done:
                raise TimeoutError
            return asking.result()
        finally:
            self.connected()
            if not asking.done():
                await self._give_up(asking)
            self._sockets = [opened for opened in self._sockets if opened.open()]

    def opens(self, opened: BreakableSocket) -> None:
        """A connection is begun; from the first one on, the device has so long to let one stand."""
        self._sockets.append(opened)
        if self._patience is None:
            self._patience = asyncio.get_running_loop().call_later(self._connect_timeout_s, self._tire)

    def connected(self) -> None:
        """The connection stands, or nobody waits for it any longer."""
        if self._patience is not None:
            self._patience.cancel()

    def _tire(self) -> None:
        self.unanswered = True
        self._cut()

    def _cut(self) -> bool:
        """Whether there was anything to cut."""
        alive = [opened for opened in self._sockets if opened.open()]
        for opened in alive:
            opened.cut()
        return bool(alive)

    async def _give_up(self, asking: asyncio.Task[Any]) -> None:
        if self._cut():
            await asyncio.wait({asking}, timeout=FAREWELL_S)
        asking.cancel()  # it waits for a name, for another exchange, or on a connection that stands from an earlier one
        await asyncio.wait({asking})
        if not asking.cancelled():
            asking.exception()  # seen: nobody waits for it


CURRENT: ContextVar[Exchange] = ContextVar("CURRENT")
"""The exchange that a task, or a task of its own, works at."""
