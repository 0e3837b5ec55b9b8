"""One TCP connection to an API, with or without TLS: a request goes out, an answer comes back.

TLS is ours (codecs.tls) and not the event loop's: a connection can be dropped at any moment, also in the middle of a
handshake, and is gone at once.
"""

from __future__ import annotations

import asyncio
import ssl
from typing import TYPE_CHECKING

from netloom.codecs.http1 import Answer, AnswerReader, HttpError
from netloom.codecs.tls import Tls
from netloom.transports.tcp import open_tcp

if TYPE_CHECKING:
    from netloom.model.host import Access


class HttpWire(asyncio.Protocol):
    """One connection; one request at a time."""

    def __init__(self, tls: Tls | None) -> None:
        self._loop = asyncio.get_running_loop()
        self.tls = tls
        self.made = False
        """The event loop has taken the socket."""
        self.gone = asyncio.Event()
        self.idle_since = 0.0
        """By the loop's clock."""
        self._transport: asyncio.Transport | None = None
        self._reader: AnswerReader | None = None
        self._waiting: asyncio.Future[None] = self._loop.create_future()

    @property
    def usable(self) -> bool:
        """Whether a request may be sent."""
        return self._transport is not None and not self._transport.is_closing()

    async def shake(self) -> None:
        """Wait for the end of TLS's handshake; raises ssl.SSLError, OSError."""
        if self.tls is not None:
            self._waiting = self._loop.create_future()
            self.tls.shake()
            self._flush()
            await self._waiting

    async def exchange(self, request: bytes, limit: int) -> Answer:
        """The answer, of at most `limit` bytes; raises HttpError, OSError."""
        if self._transport is None:
            raise ConnectionResetError("the connection was closed")
        self._reader = reader = AnswerReader(limit)
        self._waiting = self._loop.create_future()
        if self.tls is None:
            self._transport.write(request)
        else:
            self.tls.write(request)
            self._flush()
        try:
            await self._waiting
        finally:
            self._reader = None
        assert reader.answer is not None  # noqa: S101 - what was waited for
        self.idle_since = self._loop.time()
        return reader.answer

    def close(self) -> None:
        """Hang up politely, without waiting for the other side's farewell."""
        if self._transport is not None:
            if self.tls is not None and self.tls.established:
                self.tls.end()
                self._flush()
            self._transport.close()

    def abort(self) -> None:
        """Hang up at once."""
        if self._transport is not None:
            self._transport.abort()

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # TCP's is one
        self.made, self._transport = True, transport

    def data_received(self, data: bytes) -> None:
        try:
            self._take(data)
        except (HttpError, OSError) as exc:  # TLS's errors are OSErrors
            self._fail(exc)
            self._flush()  # TLS tells its peer what it did not like
            self.abort()

    def eof_received(self) -> bool:
        self._over()
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        self._transport = None
        self._fail(exc or ConnectionResetError("the connection was closed"))
        self.gone.set()

    def _take(self, data: bytes) -> None:
        if self.tls is not None:
            if not self.tls.established:
                if self.tls.shake(data):
                    self._succeed()
                self._flush()
                return
            data = self.tls.feed(data)
            self._flush()
        if self._reader is None:
            if data:  # nobody has asked: whatever it is, it must not be taken for the next answer
                self.abort()
        elif data:
            self._reader.feed(data)
            if self._reader.answer is not None:
                self._succeed()
        if self.tls is not None and self.tls.ended:
            self._over()

    def _over(self) -> None:
        """The server sends nothing more; some answers end by that."""
        if self._reader is not None and self._reader.answer is None:
            try:
                self._reader.end()
                self._succeed()
            except HttpError as exc:
                self._fail(exc)
        if self._transport is not None:
            self._transport.close()

    def _flush(self) -> None:
        if self.tls is not None and self._transport is not None and (data := self.tls.taken()):
            self._transport.write(data)

    def _succeed(self) -> None:
        if not self._waiting.done():
            self._waiting.set_result(None)

    def _fail(self, exc: Exception) -> None:
        if not self._waiting.done():
            self._waiting.set_exception(exc)
            self._waiting.exception()  # somebody may have stopped waiting


async def open_wire(access: Access, port: int, context: ssl.SSLContext | None) -> HttpWire:
    """A connection on which TLS stands, if there is a context for it; raises DeviceError, ssl.SSLError, OSError."""
    opened = await open_tcp(access, port)
    wire = HttpWire(None if context is None else Tls(context, access.address))
    try:
        await asyncio.get_running_loop().create_connection(lambda: wire, sock=opened)
        await wire.shake()
    except BaseException:
        wire.abort()
        if not wire.made:
            opened.close()
        raise
    return wire
