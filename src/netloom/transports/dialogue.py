"""One TCP connection that is spoken in turns, in the clear or under TLS, begun at any moment.

Law: it can be given up at any moment, also in the middle of TLS's handshake, and is gone at once; nothing is written
under TLS before the handshake is over and the context has judged the certificate.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self

_CHUNK = 1 << 16


class Dialogue:
    """A connected socket; use it with `async with` or `close` it."""

    def __init__(self, opened: socket.socket) -> None:
        self._socket = opened
        self._tls: ssl.SSLObject | None = None
        self._incoming, self._outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._loop = asyncio.get_running_loop()
        self._line = bytearray()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def tls(self) -> ssl.SSLObject | None:
        """What TLS tells of itself and of the certificate; None in the clear."""
        return self._tls

    @property
    def own_address(self) -> str:
        """Our end's address."""
        return str(self._socket.getsockname()[0])

    async def start_tls(self, context: ssl.SSLContext, name: str) -> None:
        """Go on under TLS, with a server of this name; raises ssl.SSLError, OSError."""
        if self._line:
            # What came in the clear behind the answer to STARTTLS would be taken for the server's (RFC 9325, 3.1).
            raise ConnectionAbortedError("the server wrote in the clear where TLS should begin")
        made = context.wrap_bio(self._incoming, self._outgoing, server_hostname=name)
        while True:
            try:
                made.do_handshake()
            except ssl.SSLWantReadError:
                await self._flush()
                if not (data := await self._loop.sock_recv(self._socket, _CHUNK)):
                    raise ssl.SSLEOFError("the connection was closed in TLS's handshake") from None
                self._incoming.write(data)
            except ssl.SSLError:
                await self._flush()  # TLS tells its peer what it did not like
                raise
            else:
                break
        await self._flush()
        self._tls = made

    async def write(self, data: bytes) -> None:
        """Send all of it; raises OSError."""
        if self._tls is None:
            await self._loop.sock_sendall(self._socket, data)
            return
        view = memoryview(data)
        while view:
            view = view[self._tls.write(view) :]
            await self._flush()

    async def read(self) -> bytes:
        """What comes next, empty at the end; raises OSError."""
        if self._line:
            data, self._line = bytes(self._line), bytearray()
            return data
        return await self._receive()

    async def read_line(self, limit: int = 65536) -> bytes:
        """A line without its end; raises EOFError at the end, ValueError where it is longer, OSError."""
        while (end := self._line.find(b"\n")) < 0:
            if len(self._line) > limit:
                raise ValueError(f"expected a line of at most {limit} bytes")
            if not (data := await self._receive()):
                raise EOFError("the connection was closed")
            self._line += data
        line = bytes(self._line[:end])
        del self._line[: end + 1]
        return line.removesuffix(b"\r")

    async def _receive(self) -> bytes:
        while True:
            if self._tls is not None:
                try:
                    return self._tls.read(_CHUNK)
                except ssl.SSLWantReadError:
                    await self._flush()
                except (ssl.SSLZeroReturnError, ssl.SSLEOFError):
                    return b""
            data = await self._loop.sock_recv(self._socket, _CHUNK)
            if self._tls is None:
                return data
            if data:
                self._incoming.write(data)
            else:
                self._incoming.write_eof()

    def close(self) -> None:
        """Hang up; the other side's farewell is not waited for."""
        self._socket.close()

    async def _flush(self) -> None:
        if data := self._outgoing.read():
            await self._loop.sock_sendall(self._socket, data)


Opener = Callable[[int, int], socket.socket]
"""Opens a socket of a family and a type: in this machine's network, or in a lab's."""


async def connect(address: str, port: int, opener: Opener = socket.socket) -> Dialogue:
    """A connection to a numeric address; raises OSError."""
    opened = opener(family_of(address), socket.SOCK_STREAM)
    try:
        opened.setblocking(False)
        opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        await asyncio.get_running_loop().sock_connect(opened, (address, port))
    except BaseException:
        opened.close()
        raise
    return Dialogue(opened)


def family_of(address: str) -> socket.AddressFamily:
    """Of a numeric address."""
    return socket.AF_INET6 if ":" in address else socket.AF_INET


def verifying_context(authorities: str | None = None, *, verify: bool = True) -> ssl.SSLContext:
    """TLS 1.2 or later, the certificate and its name verified unless told otherwise; raises OSError for a bad file."""
    context = ssl.create_default_context(cafile=authorities)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if not verify:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def chain(tls: ssl.SSLObject) -> list[bytes]:
    """The certificates that the server showed, DER, its own first."""
    inner: Any = getattr(tls, "_sslobj", None)
    shown = getattr(tls, "get_unverified_chain", None) or getattr(inner, "get_unverified_chain", None)
    if shown is not None and (found := shown()):
        return [each if isinstance(each, bytes) else ssl.PEM_cert_to_DER_cert(each.public_bytes()) for each in found]
    own = tls.getpeercert(binary_form=True)
    return [own] if own else []
