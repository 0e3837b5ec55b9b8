"""A scripted device on loopback: a command line over SSH or Telnet that misbehaves as told."""
# ruff: noqa: ARG002 - asyncio and asyncssh fix the signatures of their callbacks

from __future__ import annotations

import asyncio
import subprocess
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import asyncssh

from netloom.model.host import Access
from netloom.model.secret import Secret

PASSWORD = "tell-nobody"


@dataclass(frozen=True)
class Key:
    """Wait for this key."""

    expected: bytes


STALL = object()
"""Say nothing more, and keep the connection open."""
RESET = object()
"""Drop the connection."""
PAUSE = object()
"""Let the client read what was written so far."""
HEARD = object()
"""Set `Router.heard`."""

Step = bytes | Key | object


@dataclass
class Router:
    """What the device does; `commands` maps a line to the steps of its answer."""

    hostname: str = "r1"
    banner: Sequence[Step] = ()
    commands: Mapping[str, Sequence[Step]] = field(default_factory=dict)
    slice: int | None = None
    """Bytes a write."""
    mark: str = "#"
    enable_password: str | None = None
    passwords: list[str] = field(default_factory=list)
    """Every password a client sent."""
    typed: list[str] = field(default_factory=list)
    """Every line a client sent to the command line."""
    sessions: int = 0
    max_sessions: int = 100
    heard: asyncio.Event = field(default_factory=asyncio.Event)


class Line:
    """One terminal's keys and screen."""

    def __init__(self, router: Router, write: Callable[[bytes], None], drop: Callable[[], None]) -> None:
        self.router = router
        self.drop = drop
        self._write = write
        self._keys: asyncio.Queue[int] = asyncio.Queue()

    def typed(self, data: bytes) -> None:
        for octet in data:
            self._keys.put_nowait(octet)

    async def write(self, data: bytes) -> None:
        size = self.router.slice
        if size is None:
            self._write(data)
            return
        for at in range(0, len(data), size):
            self._write(data[at : at + size])
            await asyncio.sleep(0)

    async def read_line(self, *, echo: bool = True) -> str:
        line = bytearray()
        while (octet := await self._keys.get()) not in b"\r\n":
            if octet == 0x16:
                octet = await self._keys.get()
            line.append(octet)
        await self.write(bytes(line) + b"\r\n" if echo else b"\r\n")
        return line.decode()

    async def play(self, steps: Sequence[Step]) -> None:
        for step in steps:
            if step is STALL:
                await asyncio.Event().wait()
            elif step is RESET:
                self.drop()
                await asyncio.Event().wait()
            elif step is PAUSE:
                await asyncio.sleep(0.02)
            elif step is HEARD:
                self.router.heard.set()
            elif isinstance(step, Key):
                while await self._keys.get() != step.expected[0]:
                    pass
            elif isinstance(step, bytes):
                await self.write(step)

    async def login(self) -> None:
        while True:
            await self.write(b"\r\nUsername: ")
            user = await self.read_line()
            await self.write(b"Password: ")
            self.router.passwords.append(await self.read_line(echo=False))
            if user == "joe" and self.router.passwords[-1] == PASSWORD:
                return
            await self.write(b"% Login invalid\r\n")

    async def run(self) -> None:
        router = self.router
        mode, mark = "", router.mark
        await self.play(router.banner)
        while True:
            await self.write(f"{router.hostname}{mode}{mark} ".encode())
            command = await self.read_line()
            router.typed.append(command)
            if command in router.commands:
                await self.play(router.commands[command])
            elif command == "enable":
                await self.write(b"Password: ")
                router.passwords.append(await self.read_line(echo=False))
                if router.passwords[-1] == router.enable_password:
                    mark = "#"
                else:
                    await self.write(b"% Access denied\r\n")
            elif command == "configure terminal":
                mode = "(config)"
            elif command in ("end", "exit"):
                mode = "" if command == "end" or mode == "(config)" else "(config)"
            elif mode and command.startswith(("interface ", "router ")):
                mode = "(config-sub)"
            elif command.startswith("hostname ") and mode:
                router.hostname = command.split()[1]
            elif command and not mode and not command.startswith("terminal "):
                await self.write(f"% Unknown command: {command}\r\n".encode())


class _Server(asyncssh.SSHServer):
    def __init__(self, router: Router, connections: list[asyncssh.SSHServerConnection]) -> None:
        self.router = router
        self.connections = connections

    def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
        self.connections.append(conn)

    def begin_auth(self, username: str) -> bool:
        return True

    def password_auth_supported(self) -> bool:
        return True

    def validate_password(self, username: str, password: str) -> bool:
        self.router.passwords.append(password)
        return (username, password) == ("joe", PASSWORD)

    def session_requested(self) -> Any:
        self.router.sessions += 1
        return _Session(self.router) if self.router.sessions <= self.router.max_sessions else False

    def connection_requested(self, dest_host: str, dest_port: int, orig_host: str, orig_port: int) -> bool:
        return True


class _Session(asyncssh.SSHServerSession[bytes]):
    def __init__(self, router: Router) -> None:
        self.router = router
        self.task: asyncio.Task[None] | None = None
        self.command: str | None = None
        self.input = bytearray()

    def connection_made(self, chan: asyncssh.SSHServerChannel[bytes]) -> None:
        self.channel = chan
        self.line = Line(self.router, self._write, lambda: chan.get_connection().abort())

    def _write(self, data: bytes) -> None:
        if not self.channel.is_closing():
            self.channel.write(data)

    def shell_requested(self) -> bool:
        return True

    def pty_requested(self, term_type: str, term_size: object, term_modes: object) -> bool:
        return True

    def exec_requested(self, command: str) -> bool:
        self.command = command
        return True

    def session_started(self) -> None:
        if self.command is None:
            self.task = asyncio.create_task(self.line.run())

    def data_received(self, data: bytes, datatype: int | None) -> None:
        if self.command is None:
            self.line.typed(data)
        else:
            self.input += data

    def eof_received(self) -> bool:
        if self.command is not None:
            self.task = asyncio.create_task(self._execute(self.command))
        return True

    async def _execute(self, command: str) -> None:
        """A real shell: what a Linux account would do."""
        argv = ["sh", "-c", command]
        done = await asyncio.to_thread(subprocess.run, argv, input=bytes(self.input), capture_output=True, check=False)
        self.channel.write(done.stdout)
        self.channel.write_stderr(done.stderr)
        self.channel.exit(done.returncode)

    def connection_lost(self, exc: Exception | None) -> None:
        if self.task is not None:
            self.task.cancel()


class _Telnet(asyncio.Protocol):
    def __init__(self, router: Router, connections: list[asyncio.Transport]) -> None:
        self.router = router
        self.connections = connections
        self.task: asyncio.Task[None] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.connections.append(transport)
        transport.write(bytes((255, 251, 1, 255, 251, 3, 255, 253, 24, 255, 253, 31, 255, 251, 37)))
        self.line = Line(self.router, lambda data: transport.write(data.replace(b"\xff", b"\xff\xff")), transport.abort)
        self.task = asyncio.create_task(self._serve())

    async def _serve(self) -> None:
        await self.line.login()
        await self.line.run()

    def data_received(self, data: bytes) -> None:
        # The client's side of the negotiation is the codec's test; here only its keys count.
        while (at := data.find(255)) >= 0:
            end = data.find(b"\xff\xf0", at) + 2 if data[at + 1] == 250 else at + 3
            data = data[:at] + data[end:]
        self.line.typed(data.replace(b"\r\0", b"\r"))

    def connection_lost(self, exc: Exception | None) -> None:
        if self.task is not None:
            self.task.cancel()


def access(name: str, port: int, **changes: Any) -> Access:
    given: dict[str, Any] = {
        "name": name,
        "address": "127.0.0.1",
        "port": port,
        "platform": "frr",
        "username": "joe",
        "password": Secret(PASSWORD),
        "connect_timeout_s": 5.0,
        "command_timeout_s": 10.0,
    }
    return Access(**(given | changes))


@asynccontextmanager
async def ssh_device(router: Router, **options: Any) -> AsyncIterator[int]:
    """The router behind an SSH server; yields its port."""
    key = options.pop("host_key", None) or asyncssh.generate_private_key("ssh-ed25519")
    connections: list[asyncssh.SSHServerConnection] = []
    server = await asyncssh.listen(
        "127.0.0.1",
        0,
        server_factory=lambda: _Server(router, connections),
        server_host_keys=[key],
        encoding=None,
        line_editor=False,
        **options,
    )
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        await server.wait_closed()
        for connection in connections:
            connection.abort()
            await connection.wait_closed()
        await _let_go()


@asynccontextmanager
async def telnet_device(router: Router) -> AsyncIterator[int]:
    """The router behind Telnet; yields its port."""
    connections: list[asyncio.Transport] = []
    server = await asyncio.get_running_loop().create_server(lambda: _Telnet(router, connections), "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        await server.wait_closed()
        for connection in connections:
            connection.abort()
        await _let_go()


class _Busy(asyncio.Protocol):
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        transport.write(b"% All lines are busy\r\n")
        transport.close()


@asynccontextmanager
async def busy_device() -> AsyncIterator[int]:
    """Something that hangs up on everybody; yields its port."""
    server = await asyncio.get_running_loop().create_server(_Busy, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        await server.wait_closed()
        await _let_go()


async def _let_go() -> None:
    """Closed transports let go of their sockets at the loop's next rounds."""
    for _ in range(3):
        await asyncio.sleep(0)
