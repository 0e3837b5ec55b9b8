"""SSH by asyncssh, for what the thin core leaves: keys and agents, jump hosts, files, and older algorithms."""

from __future__ import annotations

import asyncio
import getpass
import os
import re
import warnings
from contextlib import suppress
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import asyncssh
from asyncssh.public_key import SSHKey

from netloom.errors import (
    AlgorithmMismatch,
    AuthenticationFailed,
    DeviceError,
    OperationTimeout,
    SessionClosed,
    Unreachable,
    Unsupported,
)
from netloom.model.host import Access
from netloom.transports.channel import Channel, Completed, Receiver
from netloom.transports.host_keys import HostKeys
from netloom.transports.ssh_algorithms import Algorithms, algorithms_for
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

_MISMATCH = re.compile(r"No matching (?P<kind>.+?) algorithm found, sent (?P<sent>\S+) and received (?P<received>\S+)")


class FullConnection:
    """An authenticated connection that opens channels."""

    def __init__(self, access: Access, connection: asyncssh.SSHClientConnection, jump: FullConnection | None) -> None:
        self.access = access
        self._connection = connection
        self._jump = jump
        self._slots = asyncio.Semaphore(CHANNELS)

    @property
    def closed(self) -> bool:
        """Whether the connection broke or was hung up."""
        return self._connection.is_closed()

    async def open_shell(self, receiver: Receiver) -> Channel:
        """A terminal with the login shell."""
        terminal = _Terminal(self.access, receiver)
        try:
            async with asyncio.timeout(self.access.connect_timeout_s):
                await self._connection.create_session(
                    lambda: terminal, None, term_type="vt100", term_size=(COLUMNS, ROWS), encoding=None
                )
        except (OSError, asyncssh.Error, TimeoutError) as exc:
            raise _channel_error(self.access, exc) from exc
        return terminal

    async def open_subsystem(self, name: str, receiver: Receiver) -> Channel:
        """A channel to one of the server's subsystems, such as `netconf`."""
        subsystem = _Terminal(self.access, receiver)
        try:
            async with asyncio.timeout(self.access.connect_timeout_s):
                await self._connection.create_session(lambda: subsystem, None, subsystem=name, encoding=None)
        except (OSError, asyncssh.Error, TimeoutError) as exc:
            raise _channel_error(self.access, exc) from exc
        return subsystem

    async def store(self, path: str, data: bytes) -> None:
        """Write a file on the device by SFTP; raises DeviceError."""
        try:
            async with (
                asyncio.timeout(self.access.command_timeout_s),
                self._connection.start_sftp_client() as files,
                files.open(path, "wb") as file,
            ):
                await file.write(data)
        except TimeoutError as exc:
            raise OperationTimeout(f"{path} could not be written in time", device=self.access.name) from exc
        except asyncssh.SFTPError as exc:
            raise Unsupported(f"{path} cannot be written by SFTP: {exc.reason}", device=self.access.name) from exc
        except (OSError, asyncssh.Error) as exc:
            raise _channel_error(self.access, exc) from exc

    async def execute(self, command: str, *, stdin: bytes = b"", timeout_s: float | None = None) -> Completed:
        """Run a command in a channel of its own, without a terminal."""
        run = _Run(stdin)
        limit = self.access.command_timeout_s if timeout_s is None else timeout_s
        channel = None
        try:
            async with self._slots, asyncio.timeout(limit):
                channel, _ = await self._connection.create_session(lambda: run, command, encoding=None)
                failure = await asyncio.shield(run.ended)
        except TimeoutError as exc:
            raise OperationTimeout(
                f"{shortened(command)!r} took longer than {limit:g} s", device=self.access.name
            ) from exc
        except (OSError, asyncssh.Error) as exc:
            raise _channel_error(self.access, exc) from exc
        finally:
            if channel is not None:
                channel.close()
        if failure is not None:
            raise SessionClosed(
                f"the connection broke during {shortened(command)!r}", device=self.access.name
            ) from failure
        return Completed(b"".join(run.stdout), b"".join(run.stderr), run.status)

    async def forward(self, protocol: asyncio.Protocol, access: Access, port: int) -> _Forward:
        """A TCP connection from this device on to another; closing it closes this connection too."""
        forward = _Forward(self, protocol)
        try:
            async with asyncio.timeout(access.connect_timeout_s):
                await self._connection.create_connection(lambda: forward, access.address, port, encoding=None)
        except (OSError, asyncssh.Error, TimeoutError) as exc:
            await self.close()
            reason = exc.reason if isinstance(exc, asyncssh.ChannelOpenError) else "no answer"
            raise Unreachable(
                f"{access.address} port {port} cannot be reached through {self.access.name}: {reason}",
                device=access.name,
            ) from exc
        return forward

    def abort(self) -> None:
        """Hang up without a word."""
        self._connection.abort()
        if self._jump is not None:
            self._jump.abort()

    async def close(self) -> None:
        """Hang up, and on the jump hosts as well."""
        self._connection.close()
        try:
            async with asyncio.timeout(2):
                await self._connection.wait_closed()
        except (TimeoutError, OSError, asyncssh.Error):
            self._connection.abort()
        if self._jump is not None:
            await self._jump.close()


async def connect_full(access: Access, keys: HostKeys) -> FullConnection:
    """Connect and log in, over the jump hosts if any; raises DeviceError with the device at fault."""
    jump = await connect_full(access.jump, keys) if access.jump else None
    try:
        connection = await _connect(access, keys, jump)
    except BaseException:
        if jump is not None:
            await asyncio.shield(jump.close())
        raise
    return FullConnection(access, connection, jump)


async def _connect(access: Access, keys: HostKeys, jump: FullConnection | None) -> asyncssh.SSHClientConnection:
    _accept_deprecated_groups()
    port = access.port or default_port(access)
    client = _Client(access, keys)
    login = {
        "port": port,
        "username": access.username or getpass.getuser(),
        **_credentials(access),
        **_options(access, keys),
    }
    way: dict[str, Any] = {"tunnel": jump._connection} if jump else {"sock": await open_tcp(access, port)}  # noqa: SLF001
    try:
        async with asyncio.timeout(access.connect_timeout_s):
            return await asyncssh.connect(access.address, client_factory=lambda: client, config=None, **login, **way)
    except (OSError, asyncssh.Error, TimeoutError, ValueError) as exc:
        raise _login_error(access, client, exc) from exc
    finally:
        # A login that failed or was cut short leaves its connection to nobody.
        if client.connection is not None and not client.authenticated:
            client.connection.abort()
        if "sock" in way and client.connection is None:
            way["sock"].close()


def _options(access: Access, keys: HostKeys) -> dict[str, Any]:
    pinned = [key.algorithm for key in keys.pinned(access.name)]
    algorithms: Algorithms = algorithms_for(access, pinned)
    return {
        "known_hosts": ([], [], []),
        "x509_trusted_certs": None,
        "kex_algs": algorithms.kex,
        "encryption_algs": algorithms.encryption,
        "mac_algs": algorithms.mac,
        "server_host_key_algs": algorithms.host_key,
        "compression_algs": None,
        "keepalive_interval": KEEPALIVE_S,
        "login_timeout": access.connect_timeout_s,
        "gss_auth": False,
        "gss_kex": False,
        "host_based_auth": False,
    }


def _credentials(access: Access) -> dict[str, Any]:
    """A password alone is offered alone: agents with many keys use up a device's few attempts."""
    given: dict[str, Any] = {"client_keys": None, "agent_path": None, "username": access.username or getpass.getuser()}
    if access.password is not None:
        given["password"] = access.password.reveal()
    if access.private_key is not None:
        passphrase = access.passphrase.reveal() if access.passphrase else None
        path = Path(access.private_key).expanduser()
        try:
            given["client_keys"] = [_private_key(path, path.stat().st_mtime_ns, passphrase)]
        except (OSError, asyncssh.KeyImportError, asyncssh.KeyEncryptionError) as exc:
            reason = exc.strerror if isinstance(exc, OSError) else str(exc)
            raise AuthenticationFailed(f"private key {path}: {reason}", device=access.name) from exc
    elif access.password is None:
        given["client_keys"] = ()
        given["agent_path"] = os.environ.get("SSH_AUTH_SOCK")
    return given


@lru_cache(maxsize=64)
def _private_key(path: Path, _stamp: int, passphrase: str | None) -> SSHKey:
    """Reading a key costs 50 ms where it is encrypted: once for a fleet."""
    return asyncssh.read_private_key(path, passphrase)


@cache
def _accept_deprecated_groups() -> None:
    """Many devices know no other key exchange than finite-field Diffie-Hellman, which `cryptography` warns of."""
    warnings.filterwarnings("ignore", message="Diffie-Hellman over finite fields")


class _Client(asyncssh.SSHClient):
    """Checks the host key, and remembers how far the login came."""

    def __init__(self, access: Access, keys: HostKeys) -> None:
        self._access = access
        self._keys = keys
        self.error: DeviceError | None = None
        self.connection: asyncssh.SSHClientConnection | None = None
        self.authenticating = False
        self.authenticated = False

    def connection_made(self, conn: asyncssh.SSHClientConnection) -> None:
        self.connection = conn

    def validate_host_public_key(self, host: str, addr: str, port: int, key: SSHKey) -> bool:  # noqa: ARG002 - asyncssh's signature
        self.error = check_host_key(self._access, self._keys, key.get_algorithm(), key.public_data)
        return self.error is None

    def begin_auth(self, username: str) -> None:  # noqa: ARG002 - asyncssh's signature
        self.authenticating = True

    def auth_completed(self) -> None:
        self.authenticated = True


class _Writable:
    """A session's way out: writing to a channel that is gone, or closing it, does nothing."""

    _channel: asyncssh.SSHClientChannel[bytes] | asyncssh.SSHTCPChannel[bytes] | None = None

    def write(self, data: bytes) -> None:
        """Send bytes."""
        if self._channel is not None:
            with suppress(OSError):
                self._channel.write(data)

    def close(self) -> None:
        """Hang up."""
        if self._channel is not None:
            self._channel.close()


class _Terminal(_Writable, asyncssh.SSHClientSession[bytes]):
    """A shell channel that hands on what arrives."""

    newline = b"\n"

    def __init__(self, access: Access, receiver: Receiver) -> None:
        self._access = access
        self._receiver = receiver

    def connection_made(self, chan: asyncssh.SSHClientChannel[bytes]) -> None:
        self._channel = chan

    def data_received(self, data: bytes, datatype: int | None) -> None:  # noqa: ARG002 - asyncssh's signature
        self._receiver.received(data)

    def eof_received(self) -> bool:
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        self._channel = None
        error = SessionClosed("the device closed the session", device=self._access.name)
        error.__cause__ = exc
        self._receiver.lost(error)


class _Forward(_Writable, asyncssh.SSHTCPSession[bytes]):
    """A forwarded TCP connection, told to a plain protocol."""

    def __init__(self, through: FullConnection, protocol: asyncio.Protocol) -> None:
        self._through = through
        self._protocol = protocol

    def connection_made(self, chan: asyncssh.SSHTCPChannel[bytes]) -> None:
        self._channel = chan

    def data_received(self, data: bytes, datatype: int | None) -> None:  # noqa: ARG002 - asyncssh's signature
        self._protocol.data_received(data)

    def connection_lost(self, exc: Exception | None) -> None:
        self._channel = None
        self._protocol.connection_lost(exc)
        self._through.abort()


class _Run(asyncssh.SSHClientSession[bytes]):
    """An exec channel that collects."""

    def __init__(self, stdin: bytes) -> None:
        self._stdin = stdin
        self.stdout: list[bytes] = []
        self.stderr: list[bytes] = []
        self.status: int | None = None
        self.ended: asyncio.Future[Exception | None] = asyncio.get_running_loop().create_future()
        self._channel: asyncssh.SSHClientChannel[bytes] | None = None

    def connection_made(self, chan: asyncssh.SSHClientChannel[bytes]) -> None:
        self._channel = chan

    def session_started(self) -> None:
        if self._channel is not None:
            with suppress(OSError):  # a command that reads nothing may be over by now
                self._channel.write(self._stdin)
                self._channel.write_eof()

    def data_received(self, data: bytes, datatype: int | None) -> None:
        (self.stderr if datatype == asyncssh.EXTENDED_DATA_STDERR else self.stdout).append(data)

    def exit_status_received(self, status: int) -> None:
        self.status = status

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.ended.done():
            self.ended.set_result(exc)


def _channel_error(access: Access, exc: Exception) -> DeviceError:
    if isinstance(exc, TimeoutError):
        return no_session(access, None)
    if isinstance(exc, asyncssh.ChannelOpenError):
        return no_session(access, exc.reason)
    return SessionClosed(f"the connection is gone: {exc}", device=access.name)


def _login_error(access: Access, client: _Client, exc: Exception) -> DeviceError:
    return client.error or _refused_login(access, exc) or hung_up(access, exc, authenticating=client.authenticating)


def _refused_login(access: Access, exc: Exception) -> DeviceError | None:
    place = f"{access.address} port {access.port or default_port(access)}"
    if isinstance(exc, TimeoutError):
        return too_slow(access)
    if isinstance(exc, asyncssh.PermissionDenied):
        return denied(access)
    if isinstance(exc, asyncssh.KeyExchangeFailed) and (found := _MISMATCH.search(str(exc))):
        return _mismatch(access, found["kind"], found["received"])
    if isinstance(exc, asyncssh.ChannelOpenError) and access.jump is not None:
        return Unreachable(f"{place} cannot be reached through {access.jump.name}: {exc.reason}", device=access.name)
    return None


def _mismatch(access: Access, kind: str, offered: str) -> AlgorithmMismatch:
    # Beside algorithms the list holds signals of RFC 8308 and OpenSSH's strict key exchange.
    names = [name for name in offered.split(",") if not name.startswith(("ext-info-", "kex-strict-"))]
    return AlgorithmMismatch(
        f"no {kind} algorithm in common; the device offers {', '.join(names)}",
        device=access.name,
        hint=f"if you must, permit one for this device alone: netloom_ssh_legacy_algorithms: [{names[0]}]",
    )
