"""SSH by a thin core of our own (codecs.ssh_client): passwords over modern algorithms, at little cost a device."""

from __future__ import annotations

import asyncio
import getpass
import os

from netloom.codecs.ssh_channels import Channel as SshChannel
from netloom.codecs.ssh_channels import Channels, Sink
from netloom.codecs.ssh_client import Disconnected, KeyRefused, Login, LoginRefused, SshClient
from netloom.codecs.ssh_kex import HOST_KEYS, signatures_of
from netloom.codecs.ssh_wire import SshError, text
from netloom.errors import DeviceError, HostKeyChanged, OperationTimeout, SessionClosed
from netloom.model.host import Access
from netloom.transports.channel import Channel, Completed, Receiver
from netloom.transports.host_keys import HostKeys
from netloom.transports.ssh_login import (
    CHANNELS,
    COLUMNS,
    KEEPALIVE_S,
    ROWS,
    check_host_key,
    default_port,
    denied,
    hung_up,
    no_session,
    shortened,
    too_slow,
)
from netloom.transports.tcp import open_tcp

UNANSWERED = 3
"""Keepalives, until the connection is given up."""
REKEY_S = 3600
"""As RFC 4253, section 9, recommends."""
FAREWELL_S = 2


class Unsuited(Exception):
    """The device speaks nothing that the thin core knows, or not as it expects; no credential was sent."""


class ThinConnection:
    """An authenticated connection that opens channels."""

    def __init__(self, access: Access, keys: HostKeys, link: _Link) -> None:
        self.access = access
        self._keys = keys
        self._link = link
        self._slots = asyncio.Semaphore(CHANNELS)

    @property
    def closed(self) -> bool:
        """Whether the connection broke or was hung up."""
        return self._link.closed

    async def open_shell(self, receiver: Receiver) -> Channel:
        """A terminal with the login shell."""
        return await self._open(_Terminal(self.access, receiver, self._link, subsystem=None))

    async def open_subsystem(self, name: str, receiver: Receiver) -> Channel:
        """A channel to one of the server's subsystems, such as `netconf`."""
        return await self._open(_Terminal(self.access, receiver, self._link, subsystem=name))

    async def _open(self, terminal: _Terminal) -> Channel:
        try:
            async with asyncio.timeout(self.access.connect_timeout_s):
                await terminal.open()
        except TimeoutError as exc:
            terminal.close()
            raise no_session(self.access, None) from exc
        return terminal

    async def store(self, path: str, data: bytes) -> None:
        """Write a file on the device by SFTP, over a connection of its own; raises DeviceError."""
        from netloom.transports.ssh_full import connect_full  # noqa: PLC0415 - asyncssh is slow to import

        connection = await connect_full(self.access, self._keys)
        try:
            await connection.store(path, data)
        finally:
            await connection.close()

    async def execute(self, command: str, *, stdin: bytes = b"", timeout_s: float | None = None) -> Completed:
        """Run a command in a channel of its own, without a terminal."""
        limit = self.access.command_timeout_s if timeout_s is None else timeout_s
        run = _Run(self.access, self._link, command, stdin)
        try:
            async with self._slots, asyncio.timeout(limit):
                return await run.run()
        except TimeoutError as exc:
            raise OperationTimeout(
                f"{shortened(command)!r} took longer than {limit:g} s", device=self.access.name
            ) from exc
        finally:
            run.close()

    def abort(self) -> None:
        """Hang up without a word."""
        self._link.abort()

    async def close(self) -> None:
        """Hang up."""
        self._link.close()
        try:
            async with asyncio.timeout(FAREWELL_S):
                await self._link.gone.wait()
        except TimeoutError:
            self._link.abort()


async def connect_thin(access: Access, keys: HostKeys) -> ThinConnection:
    """Connect and log in; raises Unsuited, or DeviceError."""
    link = _Link(access, keys)
    opened = await open_tcp(access, access.port or default_port(access))
    try:
        async with asyncio.timeout(access.connect_timeout_s):
            await asyncio.get_running_loop().create_connection(lambda: link, sock=opened)
            await link.login
    except TimeoutError as exc:
        raise too_slow(access) from exc
    except OSError as exc:
        raise hung_up(access, exc, authenticating=link.client.authenticating) from exc
    except SshError as exc:
        raise _login_error(access, link, exc) from exc
    finally:
        if not link.client.authenticated:
            link.abort()
        if not link.made:
            opened.close()
    return ThinConnection(access, keys, link)


def _login_error(access: Access, link: _Link, exc: SshError) -> Exception:
    if isinstance(exc, KeyRefused) and link.key_changed is not None:
        return link.key_changed
    if isinstance(exc, LoginRefused):
        return denied(access)
    if isinstance(exc, Disconnected) or link.client.authenticating:
        return hung_up(access, exc, authenticating=link.client.authenticating)
    return Unsuited(str(exc))


class _Link(asyncio.Protocol):
    """The TCP connection, and the core that it feeds."""

    def __init__(self, access: Access, keys: HostKeys) -> None:
        self._access = access
        self._keys = keys
        self._loop = asyncio.get_running_loop()
        self.client = SshClient(self._login(access))
        self.channels = Channels(self.client.send)
        self.login: asyncio.Future[None] = self._loop.create_future()
        self.gone = asyncio.Event()
        self.key_changed: HostKeyChanged | None = None
        self.error: Exception | None = None
        """Why the connection is over."""
        self.made = False
        """The event loop has taken the socket."""
        self._transport: asyncio.Transport | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._heard = self._keyed = self._loop.time()

    def _login(self, access: Access) -> Login:
        pinned = [name for key in self._keys.pinned(access.name) for name in signatures_of(key.algorithm)]
        password = access.password
        return Login(
            username=access.username or getpass.getuser(),
            password=password.reveal() if password is not None else "",
            host_keys=tuple(sorted(HOST_KEYS, key=lambda name: name not in pinned)),
            trusted=self._trusted,
            random=os.urandom,
        )

    def _trusted(self, algorithm: str, blob: bytes) -> bool:
        self.key_changed = check_host_key(self._access, self._keys, algorithm, blob)
        return self.key_changed is None

    @property
    def closed(self) -> bool:
        """Whether nothing more can be sent."""
        return self._transport is None or self._transport.is_closing()

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # TCP's is one
        self.made = True
        self._transport = transport
        self.client.start()
        self.flush()

    def data_received(self, data: bytes) -> None:
        self._heard = self._loop.time()
        try:
            self.channels.take(self.client.feed(data))
        except SshError as exc:
            self._fail(exc)
            return
        self.flush()
        if self.client.authenticated and self._timer is None:
            self._timer = self._loop.call_later(KEEPALIVE_S, self._tick)
            if not self.login.done():
                self.login.set_result(None)

    def connection_lost(self, exc: Exception | None) -> None:
        self._transport = None
        if self._timer is not None:
            self._timer.cancel()
        self.error = self.error or exc
        if not self.login.done():
            self.login.set_exception(exc or ConnectionResetError("the connection was closed"))
            self.login.exception()  # somebody may have stopped waiting
        self.channels.lost()
        self.gone.set()

    def flush(self) -> None:
        """Send what the core has to say."""
        if self.client.outgoing and self._transport is not None:
            self._transport.write(bytes(self.client.outgoing))
        self.client.outgoing.clear()

    def close(self) -> None:
        """Hang up when everything is sent."""
        if self._transport is None:
            self.gone.set()
            return
        self.error = self.error or SessionClosed("the session is closed", device=self._access.name)
        self.client.goodbye()
        self.flush()
        self._transport.close()

    def abort(self) -> None:
        """Hang up at once."""
        if self._transport is not None:
            self._transport.abort()

    def _fail(self, exc: Exception) -> None:
        self.error = exc
        if not self.login.done():
            self.login.set_exception(exc)
            self.login.exception()
        self.flush()
        self.abort()

    def _tick(self) -> None:
        """Keep a silent connection alive, give up a dead one, change the keys of an old one."""
        now = self._loop.time()
        if self.channels.unanswered >= UNANSWERED:
            self._fail(ConnectionResetError(f"no answer to {UNANSWERED} keepalives"))
            return
        if now - self._keyed >= REKEY_S:
            self._keyed = now
            self.client.rekey()
        if now - self._heard >= KEEPALIVE_S:
            self.channels.keep_alive()
            self._heard = now
        self.flush()
        self._timer = self._loop.call_later(self._heard + KEEPALIVE_S - now, self._tick)


class _Opening:
    """A channel from the first request on."""

    def __init__(self, access: Access, link: _Link) -> None:
        self._access = access
        self._link = link
        self._ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._channel: SshChannel | None = None

    async def _begin(self, sink: Sink) -> None:
        if self._link.closed:
            raise self._broken()
        self._channel = self._link.channels.open(sink)
        self._link.flush()
        await self._ready

    def granted(self) -> None:
        if not self._ready.done():
            self._ready.set_result(None)

    def failed(self, reason: str) -> None:
        self._give_up(no_session(self._access, reason))

    def _give_up(self, error: DeviceError) -> None:
        if not self._ready.done():
            self._ready.set_exception(error)
            self._ready.exception()  # somebody may have stopped waiting

    def _broken(self) -> DeviceError:
        reason = self._link.error
        error = SessionClosed(f"the connection is gone: {reason or 'it was closed'}", device=self._access.name)
        error.__cause__ = reason
        return error

    def write(self, data: bytes) -> None:
        """Send bytes; what is written to a channel that is gone goes nowhere."""
        if self._channel is not None and not self._link.closed:
            self._channel.write(data)
            self._link.flush()

    def close(self) -> None:
        """Hang up."""
        if self._channel is not None and not self._link.closed:
            self._channel.close()
            self._link.flush()


class _Terminal(_Opening):
    """A shell or a subsystem that hands on what arrives."""

    newline = b"\n"

    def __init__(self, access: Access, receiver: Receiver, link: _Link, *, subsystem: str | None) -> None:
        super().__init__(access, link)
        self._receiver = receiver
        self._subsystem = subsystem

    async def open(self) -> None:
        """Wait until it is there."""
        await self._begin(self)

    def opened(self) -> None:
        assert self._channel is not None  # noqa: S101 - it was asked for
        if self._subsystem is None:
            self._channel.terminal(COLUMNS, ROWS)
            self._channel.request(b"shell")
        else:
            self._channel.request(b"subsystem", text(self._subsystem.encode()))

    def data(self, data: bytes, *, error: bool) -> None:  # noqa: ARG002 - a terminal shows both
        self._receiver.received(data)

    def status(self, status: int) -> None:
        """A terminal's end has none that matters."""

    def closed(self) -> None:
        self._channel = None
        if not self._ready.done():
            self._give_up(self._broken())
            return
        error = SessionClosed("the device closed the session", device=self._access.name)
        error.__cause__ = self._link.error
        self._receiver.lost(error)


class _Run(_Opening):
    """A command that collects its output."""

    def __init__(self, access: Access, link: _Link, command: str, stdin: bytes) -> None:
        super().__init__(access, link)
        self._command = command
        self._stdin = stdin
        self._stdout: list[bytes] = []
        self._stderr: list[bytes] = []
        self._status: int | None = None
        self._ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    async def run(self) -> Completed:
        """What it printed, and its status."""
        await self._begin(self)
        if self._channel is not None:
            self._channel.write(self._stdin)
            self._channel.end()
            self._link.flush()
        await self._ended
        if self._link.closed and self._status is None:
            raise SessionClosed(
                f"the connection broke during {shortened(self._command)!r}", device=self._access.name
            ) from self._link.error
        return Completed(b"".join(self._stdout), b"".join(self._stderr), self._status)

    def opened(self) -> None:
        assert self._channel is not None  # noqa: S101 - it was asked for
        self._channel.request(b"exec", text(self._command.encode("utf-8", "surrogateescape")))

    def data(self, data: bytes, *, error: bool) -> None:
        (self._stderr if error else self._stdout).append(data)

    def status(self, status: int) -> None:
        self._status = status

    def closed(self) -> None:
        self._channel = None
        if not self._ready.done():
            self._give_up(self._broken())
        if not self._ended.done():
            self._ended.set_result(None)
