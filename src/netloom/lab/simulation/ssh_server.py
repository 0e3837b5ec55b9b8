"""SSH in front of simulated devices: shells, single commands, NETCONF, and files by SFTP."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING

import asyncssh

from netloom.lab.simulation.netconf_server import serve_netconf
from netloom.lab.simulation.terminal import Terminal

if TYPE_CHECKING:
    from netloom.lab.simulation.device import Device
    from netloom.lab.simulation.vendor import Vendor


@cache
def process_key() -> asyncssh.SSHKey:
    """The host key of devices that have none of their own."""
    return asyncssh.generate_private_key("ssh-ed25519")


async def start_ssh(device: Device, vendor: Vendor, port: int, *, netconf_only: bool = False) -> asyncssh.SSHAcceptor:
    """A listening SSH server."""

    async def handle(process: asyncssh.SSHServerProcess[bytes]) -> None:
        user = process.get_extra_info("username") or device.spec.username
        if process.subsystem == "netconf" and vendor.netconf is not None:
            await serve_netconf(device, vendor, user, process.stdin, process.stdout)
        elif process.subsystem is not None or (netconf_only and process.command is None):
            process.exit(1)
            return
        elif process.command is not None:
            answer = vendor.command_line(device, user).execute(process.command)
            process.stdout.write(answer.text.encode("utf-8", "surrogateescape"))
            process.exit(1 if answer.refused else 0)
            return
        else:
            await _shell(process, device, vendor, user)
        process.close()

    key = asyncssh.import_private_key(device.spec.host_key) if device.spec.host_key else process_key()
    return await asyncssh.listen(
        device.spec.address,
        port,
        server_factory=lambda: _Accounts(device),
        server_host_keys=[key],
        process_factory=handle,
        sftp_factory=lambda channel: MemoryFiles(channel, device, vendor.scp),
        encoding=None,
        line_editor=False,
        allow_scp=vendor.scp is not None,
        server_version="NetloomSimulated",
        login_timeout=30,
        gss_host=None,
    )


async def _shell(process: asyncssh.SSHServerProcess[bytes], device: Device, vendor: Vendor, user: str) -> None:
    def write(data: bytes) -> None:
        if not process.is_closing():
            process.stdout.write(data)

    terminal = Terminal(vendor.command_line(device, user), write, process.close)

    async def read() -> None:
        try:
            while data := await process.stdin.read(65536):
                terminal.typed(data)
        except (asyncssh.Error, OSError):
            pass
        terminal.typed(b"")

    reading = asyncio.create_task(read())
    try:
        await terminal.run()
    finally:
        reading.cancel()


class _Accounts(asyncssh.SSHServer):
    """One account, by password or by the questions that some clients insist on."""

    def __init__(self, device: Device) -> None:
        self._device = device
        self._connection: asyncssh.SSHServerConnection | None = None

    def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
        self._connection = conn
        self._device.joined(conn.abort)
        if not self._device.reachable:
            conn.abort()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncssh's signature
        if self._connection is not None:
            self._device.left(self._connection.abort)

    def begin_auth(self, username: str) -> bool:  # noqa: ARG002 - asyncssh's signature
        return True

    def password_auth_supported(self) -> bool:
        return True

    def validate_password(self, username: str, password: str) -> bool:
        spec = self._device.spec
        return (username, password) == (spec.username, spec.password)


class MemoryFiles(asyncssh.SFTPServer):
    """A device's files, in memory: written and read whole."""

    def __init__(
        self, channel: asyncssh.SSHServerChannel[bytes], device: Device, scp: Callable[[Device], bool] | None
    ) -> None:
        super().__init__(channel)
        self._device = device
        self._open = scp is None or scp(device)

    def open(self, path: bytes, pflags: int, attrs: asyncssh.SFTPAttrs) -> object:  # noqa: ARG002 - asyncssh's signature
        name = _name(path)
        if not self._open:
            raise asyncssh.SFTPPermissionDenied("Administratively disabled.")
        if not pflags & asyncssh.FXF_WRITE and name not in self._device.files:
            raise asyncssh.SFTPNoSuchFile(name)
        if pflags & asyncssh.FXF_TRUNC or name not in self._device.files:
            self._device.files[name] = b""
        return name

    def read(self, file_obj: object, offset: int, size: int) -> bytes:
        return self._device.files[str(file_obj)][offset : offset + size]

    def write(self, file_obj: object, offset: int, data: bytes) -> int:
        have = bytearray(self._device.files[str(file_obj)])
        have[offset : offset + len(data)] = data
        self._device.files[str(file_obj)] = bytes(have)
        return len(data)

    def close(self, file_obj: object) -> None:
        """Nothing is open."""

    def fstat(self, file_obj: object) -> asyncssh.SFTPAttrs:
        return asyncssh.SFTPAttrs(size=len(self._device.files[str(file_obj)]), permissions=0o100644)

    def stat(self, path: bytes) -> asyncssh.SFTPAttrs:
        if _name(path) not in self._device.files:
            raise asyncssh.SFTPNoSuchFile(_name(path))
        return asyncssh.SFTPAttrs(size=len(self._device.files[_name(path)]), permissions=0o100644)

    def lstat(self, path: bytes) -> asyncssh.SFTPAttrs:
        return self.stat(path)

    def remove(self, path: bytes) -> None:
        self._device.files.pop(_name(path), None)

    def realpath(self, path: bytes) -> bytes:
        return path


def _name(path: bytes) -> str:
    return path.decode("utf-8", "backslashreplace").rpartition(":")[2].lstrip("/")
