"""The thin SSH core against servers by others: asyncssh with every algorithm, and what is left to the other core."""
# ruff: noqa: ARG002 - asyncssh fixes the signatures of its callbacks

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import asyncssh
import pytest

from netloom.codecs import ssh_client
from netloom.codecs.ssh_kex import CIPHERS, HOST_KEYS, kex_algorithms
from netloom.errors import AuthenticationFailed, DeviceError, HostKeyChanged, Refused, SessionClosed
from netloom.model.host import Access
from netloom.model.secret import Secret
from netloom.transports import ssh_thin
from netloom.transports.host_keys import HostKeys
from netloom.transports.ssh import connect_ssh
from netloom.transports.ssh_full import FullConnection
from netloom.transports.ssh_thin import ThinConnection, Unsuited, connect_thin

PASSWORD = "tell-nobody"
KINDS = {"rsa-sha2-256": "ssh-rsa", "rsa-sha2-512": "ssh-rsa"}


class Accounts(asyncssh.SSHServer):
    def begin_auth(self, username: str) -> bool:
        return True

    def password_auth_supported(self) -> bool:
        return True

    def validate_password(self, username: str, password: str) -> bool:
        return (username, password) == ("joe", PASSWORD)


async def handle(process: asyncssh.SSHServerProcess[bytes]) -> None:
    """`count N` prints so many bytes, `status N` ends so, `cat` and a shell give back what they get."""
    word, _, number = (process.command or "cat").partition(" ")
    if word == "count":
        process.stdout.write(b"x" * int(number))
        process.stderr.write(b"counted")
        process.exit(0)
    elif word == "status":
        process.exit(int(number))
    elif word == "hang":
        await asyncio.Event().wait()
    else:
        while data := await process.stdin.read(1 << 16):
            process.stdout.write(data)
        process.exit(0)


@asynccontextmanager
async def server(kind: str = "ssh-ed25519", **options: Any) -> AsyncIterator[int]:
    """A server's port."""
    algorithm = KINDS.get(kind, kind)
    sizes: dict[str, Any] = {"key_size": 2048} if algorithm == "ssh-rsa" else {}
    key = asyncssh.generate_private_key(algorithm, **sizes)
    served: dict[str, Any] = {"process_factory": handle, "encoding": None, **options}
    listener = await asyncssh.listen("127.0.0.1", 0, server_factory=Accounts, server_host_keys=[key], **served)
    try:
        yield listener.get_port()
    finally:
        listener.close()
        await listener.wait_closed()


def access(port: int, **changes: Any) -> Access:
    """A way in."""
    given = {"username": "joe", "password": Secret(PASSWORD), "connect_timeout_s": 5.0, **changes}
    return Access(name="r1", address="127.0.0.1", port=port, platform="linux", **given)


@pytest.fixture
def keys(tmp_path: Path) -> HostKeys:
    return HostKeys(tmp_path / "known_hosts")


class Heard:
    """A receiver that keeps what it is told."""

    def __init__(self) -> None:
        self.data = bytearray()
        self.error: DeviceError | None = None
        self.news = asyncio.Event()

    def received(self, data: bytes) -> None:
        self.data += data
        self.news.set()

    def lost(self, error: DeviceError) -> None:
        self.error = error
        self.news.set()

    async def wait(self, size: int) -> None:
        async with asyncio.timeout(5):
            while len(self.data) < size and self.error is None:
                self.news.clear()
                await self.news.wait()


@pytest.mark.parametrize("kex", kex_algorithms())
@pytest.mark.parametrize("cipher", CIPHERS)
async def test_every_key_exchange_and_cipher_carries_a_session(kex: str, cipher: str, keys: HostKeys) -> None:
    async with server(kex_algs=[kex], encryption_algs=[cipher]) as port:
        connection = await connect_thin(access(port), keys)
        completed = await connection.execute("count 300000")
        assert (completed.stdout, completed.stderr, completed.status) == (b"x" * 300_000, b"counted", 0)
        await connection.close()
        assert connection.closed


@pytest.mark.parametrize("kind", HOST_KEYS)
async def test_every_kind_of_host_key_is_verified_pinned_and_asked_for_again(kind: str, keys: HostKeys) -> None:
    async with server(kind, signature_algs=[kind]) as port:
        for _ in range(2):
            connection = await connect_thin(access(port), keys)
            assert (await connection.execute("status 7")).status == 7
            await connection.close()
        assert [key.algorithm for key in keys.pinned("r1")] == [KINDS.get(kind, kind)]
    async with server(kind) as port:
        with pytest.raises(HostKeyChanged, match="No credential was sent"):
            await connect_thin(access(port), keys)


async def test_input_and_output_larger_than_the_windows_come_through(keys: HostKeys) -> None:
    async with server() as port:
        connection = await connect_thin(access(port), keys)
        data = bytes(range(256)) * 20_000
        assert (await connection.execute("cat", stdin=data)).stdout == data
        heard = Heard()
        shell = await connection.open_shell(heard)
        shell.write(data)
        await heard.wait(len(data))
        assert heard.data == data
        shell.close()
        await connection.close()
        assert isinstance(heard.error, SessionClosed)


@pytest.mark.parametrize("side", ["server", "client"])
async def test_keys_change_in_the_middle_of_much_output(
    side: str, keys: HostKeys, monkeypatch: pytest.MonkeyPatch
) -> None:
    if side == "client":
        monkeypatch.setattr(ssh_client, "REKEY_BYTES", 100_000)
    async with server(rekey_bytes=100_000 if side == "server" else 1 << 30) as port:
        connection = await connect_thin(access(port), keys)
        data = bytes(range(256)) * 8000
        assert (await connection.execute("cat", stdin=data)).stdout == data
        await connection.close()


@pytest.mark.parametrize(
    "options",
    [{"kex_algs": ["ecdh-sha2-nistp256"]}, {"encryption_algs": ["aes128-ctr"]}, {"compression_algs": ["zlib"]}],
)
async def test_what_the_thin_core_does_not_know_is_left_to_the_other(options: dict[str, Any], keys: HostKeys) -> None:
    async with server(**options) as port:
        with pytest.raises(Unsuited):
            await connect_thin(access(port), keys)
        if "compression_algs" not in options:
            connection = await connect_ssh(access(port), keys)
            assert isinstance(connection, FullConnection)
            assert (await connection.execute("status 3")).status == 3
            await connection.close()


async def test_a_password_over_modern_algorithms_takes_the_thin_core(keys: HostKeys) -> None:
    async with server() as port:
        connection = await connect_ssh(access(port), keys)
        assert isinstance(connection, ThinConnection)
        await connection.close()


async def test_files_go_over_a_connection_of_the_other_core(keys: HostKeys, tmp_path: Path) -> None:
    async with server(sftp_factory=True) as port:
        connection = await connect_thin(access(port), keys)
        await connection.store(str(tmp_path / "file"), b"content")
        assert (tmp_path / "file").read_bytes() == b"content"
        await connection.close()


async def test_a_wrong_password_and_a_refused_session_are_named(keys: HostKeys) -> None:
    async with server(process_factory=None) as port:
        with pytest.raises(AuthenticationFailed, match="accepts none of the credentials of 'joe'"):
            await connect_thin(access(port, password=Secret("wrong")), keys)
        connection = await connect_thin(access(port), keys)
        with pytest.raises(Refused, match="opens no session"):
            await connection.open_subsystem("netconf", Heard())
        await connection.close()


async def test_a_command_that_takes_too_long_or_loses_its_connection_says_so(keys: HostKeys) -> None:
    async with server() as port:
        connection = await connect_thin(access(port), keys)
        with pytest.raises(DeviceError, match=r"'hang' took longer than 0\.05 s"):
            await connection.execute("hang", timeout_s=0.05)
        hanging = asyncio.create_task(connection.execute("hang"))
        await asyncio.sleep(0)
        connection.abort()
        with pytest.raises(SessionClosed):
            await hanging
        with pytest.raises(SessionClosed):
            await connection.open_shell(Heard())


async def test_a_silent_connection_is_kept_alive_and_a_dead_one_given_up(
    keys: HostKeys, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ssh_thin, "KEEPALIVE_S", 0.02)
    async with server() as port:
        connection = await connect_thin(access(port), keys)
        heard = Heard()
        await connection.open_shell(heard)
        await asyncio.sleep(0.2)  # ten times the time after which a dead one is given up
        assert not connection.closed
        # the server's answers no longer reach us
        monkeypatch.setattr(connection._link, "data_received", str)
        monkeypatch.setattr(connection._link.channels, "unanswered", 3)
        async with asyncio.timeout(5):
            await connection._link.gone.wait()
        assert isinstance(heard.error, SessionClosed)
        assert "keepalives" in str(heard.error.__cause__)
