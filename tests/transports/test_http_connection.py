"""What a device's HTTPS API can do, and what netloom makes of it; above all: no credential before the certificate."""

from __future__ import annotations

import asyncio
import gc
import hashlib
import queue
import socket
import ssl
import threading
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
import uvloop
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from netloom.devices.session import connect
from netloom.errors import (
    AlgorithmMismatch,
    AuthenticationFailed,
    DeviceError,
    HostKeyChanged,
    OperationTimeout,
    OutputNotUnderstood,
    Refused,
    SessionClosed,
    Unreachable,
)
from netloom.model.host import Access
from netloom.model.secret import Secret
from netloom.transports import http
from netloom.transports.host_keys import HostKeys
from netloom.transports.http import HttpConnection

PASSWORD = "tell-nobody"
BASIC = "am9lOnRlbGwtbm9ib2R5"
"""joe:tell-nobody"""


@dataclass(frozen=True)
class Identity:
    """A self-signed certificate for 127.0.0.1."""

    certificate: Path
    both: Path
    pin: str


@pytest.fixture(scope="module")
def identity(tmp_path_factory: pytest.TempPathFactory) -> Identity:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "switch")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    folder = tmp_path_factory.mktemp("tls")
    pem = made.public_bytes(serialization.Encoding.PEM)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "certificate.pem").write_bytes(pem)
    (folder / "both.pem").write_bytes(private + pem)
    pin = hashlib.sha256(made.public_bytes(serialization.Encoding.DER)).hexdigest()
    return Identity(folder / "certificate.pem", folder / "both.pem", pin)


Answer = Callable[[asyncio.StreamWriter], Awaitable[None]]


@dataclass
class Server:
    """An HTTP server by hand: it keeps every byte that it was sent, and answers as told."""

    answers: list[bytes | Answer] = field(default_factory=list)
    plain: bool = False
    """Takes whatever comes for a bad request, as servers without TLS do."""
    heard: bytearray = field(default_factory=bytearray)
    connections: int = 0
    writers: list[asyncio.StreamWriter] = field(default_factory=list)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self.writers.append(writer)
        try:
            if self.plain:
                await reader.read(1)
                writer.write(reply(b"", "400 Bad Request"))
                await writer.drain()
                return
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                self.heard += head
                length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n", 1)[0] or 0)
                self.heard += await reader.readexactly(length)
                answer = self.answers.pop(0) if self.answers else reply(b"{}")
                if isinstance(answer, bytes):
                    writer.write(answer)
                    await writer.drain()
                else:
                    await answer(writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()


def reply(body: bytes, status: str = "200 OK", *headers: str) -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers, "", ""]
    return "\r\n".join(lines).encode() + body


@asynccontextmanager
async def served(server: Server, identity: Identity | None) -> AsyncIterator[int]:
    context = None
    if identity is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(identity.both)
    limit = None if context is None else 8.0
    listening = await asyncio.start_server(server.serve, "127.0.0.1", 0, ssl=context, ssl_handshake_timeout=limit)
    try:
        yield int(listening.sockets[0].getsockname()[1])
    finally:
        listening.close()
        for writer in server.writers:
            writer.transport.abort()
        await listening.wait_closed()
        for _ in range(3):
            await asyncio.sleep(0)


def access(port: int, **changes: Any) -> Access:
    given: dict[str, Any] = {"transport": "https", "connect_timeout_s": 5.0, "command_timeout_s": 5.0}
    return Access(
        name="sw1",
        address="127.0.0.1",
        platform="arista_eos",
        port=port,
        username="joe",
        password=Secret(PASSWORD),
        **(given | changes),
    )


@asynccontextmanager
async def connected(server: Server, identity: Identity | None, **changes: Any) -> AsyncIterator[HttpConnection]:
    """A connection to this server, which trusts its certificate unless `changes` say otherwise."""
    trust = {"tls_pin": identity.pin} if identity is not None else {"transport": "http"}
    async with served(server, identity) as port:
        connection = HttpConnection(access(port, **(trust | changes)))
        yield connection
        await connection.close()


async def post(connection: HttpConnection, **options: Any) -> bytes:
    return await connection.post("/command-api", b'{"method": "runCmds"}', "application/json", **options)


async def test_a_certificate_that_nobody_vouches_for_gets_no_credential(identity: Identity) -> None:
    server = Server()
    async with connected(server, identity, tls_pin=None) as connection:
        with pytest.raises(HostKeyChanged, match=r"cannot be verified: self.signed.*No credential was sent") as raised:
            await post(connection)
    assert raised.value.device == "sw1"
    assert server.heard == b""


async def test_another_certificate_than_the_pinned_gets_no_credential(identity: Identity) -> None:
    server = Server()
    async with connected(server, identity, tls_pin="00" * 32) as connection:
        with pytest.raises(HostKeyChanged, match=f"Expected: SHA-256 {'00' * 32}. Actual: SHA-256 {identity.pin}"):
            await post(connection)
    assert server.heard == b""


async def test_a_certificate_for_another_name_gets_no_credential(identity: Identity) -> None:
    server = Server()
    async with served(server, identity) as port:
        found = access(port, tls_ca=str(identity.certificate))
        connection = HttpConnection(replace(found, address="localhost"))
        with pytest.raises(HostKeyChanged, match=r"cannot be verified: [Hh]ostname mismatch"):
            await post(connection)
        await connection.close()
    assert server.heard == b""


@pytest.mark.parametrize("way", ["authority", "pin", "pin with colons"])
async def test_an_authority_or_a_pin_lets_the_credentials_go(way: str, identity: Identity) -> None:
    server = Server()
    pin = identity.pin if way == "pin" else ":".join(identity.pin[at : at + 2] for at in range(0, 64, 2)).upper()
    trust = {"tls_ca": str(identity.certificate), "tls_pin": None} if way == "authority" else {"tls_pin": pin}
    async with connected(server, identity, **trust) as connection:
        assert await post(connection) == b"{}"
    assert f"authorization: basic {BASIC.lower()}".encode() in bytes(server.heard).lower()
    assert server.heard.endswith(b'{"method": "runCmds"}')


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        ({"tls_pin": "beef"}, "netloom_tls_pin: expected a SHA-256 in hexadecimal, got 'beef'"),
        ({"tls_pin": "zz" * 32}, "netloom_tls_pin: expected a SHA-256"),
        ({"tls_pin": None, "tls_ca": "/nowhere/ca.pem"}, "netloom_tls_ca: /nowhere/ca.pem: No such file"),
        ({"tls_pin": None, "tls_ca": __file__}, "netloom_tls_ca: "),
    ],
)
async def test_a_setting_that_cannot_hold_is_named(setting: dict[str, Any], words: str, identity: Identity) -> None:
    server = Server()
    async with connected(server, identity, **setting) as connection:
        with pytest.raises(AuthenticationFailed, match=words):
            await post(connection)
    assert server.connections == 0


async def test_proxies_and_accounts_of_the_environment_do_not_count(
    identity: Identity, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    proxy, server = Server(), Server()
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login other password other\n")
    async with served(proxy, None) as port:
        for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{port}")
        monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
        monkeypatch.setenv("SSL_CERT_FILE", str(identity.certificate))
        for kind in (identity, None):
            async with connected(server, kind) as connection:
                assert await post(connection) == b"{}"
    assert (proxy.connections, server.connections) == (0, 2)
    assert bytes(server.heard).count(BASIC.encode()) == 2


async def test_a_redirect_is_told_and_not_followed(identity: Identity) -> None:
    elsewhere = Server()
    async with served(elsewhere, None) as port:
        server = Server([reply(b"", "307 Temporary Redirect", f"Location: http://127.0.0.1:{port}/")])
        async with connected(server, identity) as connection:
            with pytest.raises(OutputNotUnderstood, match=rf"HTTP 307 to http://127\.0\.0\.1:{port}/\), which is not"):
                await post(connection)
    assert elsewhere.connections == 0


@pytest.mark.parametrize(
    ("answer", "error", "words"),
    [
        (reply(b"", "401 Unauthorized"), AuthenticationFailed, r"none of the credentials of 'joe' \(HTTP 401\)"),
        (reply(b"{}", "403 Forbidden"), AuthenticationFailed, "HTTP 403"),
        (reply(b"<html>", "404 Not Found"), OutputNotUnderstood, "HTTP 404 from its API; is the API enabled"),
        (reply(b"<html>oops", "500 Internal Server Error"), OutputNotUnderstood, "HTTP 500"),
        (reply(b'{"error": 1}', "503 Service Unavailable"), OutputNotUnderstood, "HTTP 503"),
        (b"SSH-2.0-OpenSSH_9.2\r\n\r\n", SessionClosed, "the connection broke"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhalf", OperationTimeout, r"no answer within 0\.3 s"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", SessionClosed, "the connection broke"),
        (reply(b"not gzip", "200 OK", "Content-Encoding: gzip"), SessionClosed, "the connection broke"),
    ],
)
async def test_what_is_no_answer_is_a_typed_error(
    answer: bytes, error: type[DeviceError], words: str, identity: Identity
) -> None:
    async with connected(Server([answer]), identity) as connection:
        with pytest.raises(error, match=words) as raised:
            await post(connection, timeout_s=0.3 if error is OperationTimeout else 5)
    assert raised.value.device == "sw1"
    assert PASSWORD not in str(raised.value)
    assert BASIC not in str(raised.value)


@pytest.mark.parametrize("status", ["400 Bad Request", "500 Internal Server Error"])
@pytest.mark.parametrize("body", [b'{"error": {"code": -32602}}', b'\n[{"error": 1}]'])
async def test_a_refusal_in_the_apis_own_words_comes_back(status: str, body: bytes, identity: Identity) -> None:
    async with connected(Server([reply(body, status)]), identity) as connection:
        assert await post(connection) == body


async def test_success_with_an_error_in_its_body_is_an_error(identity: Identity, tmp_path: Path) -> None:
    server = Server([reply(b"<html><body>internal error</body></html>"), reply(b'{"jsonrpc": "2.0", "result": 7}')])
    async with (
        served(server, identity) as port,
        connect(access(port, tls_pin=identity.pin), keys=HostKeys(tmp_path / "known_hosts")) as session,
    ):
        for _ in range(2):
            with pytest.raises(OutputNotUnderstood, match="its API: expected"):
                await session.run("show version")


async def endless(writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
    while not writer.is_closing():
        writer.write(b"x" * 65536)
        await writer.drain()
        await asyncio.sleep(0)  # drain alone yields to nobody once the connection is lost


async def trickle(writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
    while not writer.is_closing():
        writer.write(b"x")
        await asyncio.sleep(0.02)


async def silence(writer: asyncio.StreamWriter) -> None:
    await asyncio.Event().wait()


async def reset(writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nbegun")
    await writer.drain()
    writer.transport.abort()


async def test_an_endless_body_ends_at_the_limit(identity: Identity, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "BODY_LIMIT", 1 << 20)
    async with connected(Server([endless]), identity) as connection:
        with pytest.raises(OutputNotUnderstood, match="larger than 1 MiB"):
            await post(connection)


@pytest.mark.parametrize("answer", [trickle, silence])
async def test_a_slow_answer_has_a_limit_as_a_whole(answer: Answer, identity: Identity) -> None:
    async with connected(Server([answer]), identity) as connection:
        with pytest.raises(OperationTimeout, match=r"no answer within 0\.2 s"):
            await post(connection, timeout_s=0.2)
        assert await post(connection) == b"{}", "the next request has a connection of its own"


async def test_a_reset_amid_the_answer_is_not_asked_again(identity: Identity) -> None:
    server = Server([reset])
    async with connected(server, identity) as connection:
        with pytest.raises(SessionClosed, match="the connection broke"):
            await post(connection)
    assert bytes(server.heard).count(b"runCmds") == 1


@pytest.mark.parametrize("way", ["pin", "authority", "plain"])
async def test_connections_are_kept_and_limited(way: str, identity: Identity) -> None:
    server = Server()
    trust = {"tls_pin": None, "tls_ca": str(identity.certificate)} if way == "authority" else {}
    async with connected(server, None if way == "plain" else identity, **trust) as connection:
        for _ in range(5):
            await post(connection)
        assert server.connections == 1
        await asyncio.gather(*(post(connection) for _ in range(10)))
        assert server.connections == http.CONNECTIONS
    assert bytes(server.heard).count(b"runCmds") == 15


async def test_a_connection_that_the_device_has_closed_is_opened_anew(identity: Identity) -> None:
    server = Server([reply(b"{}", "200 OK", "Connection: close")])
    async with connected(server, identity) as connection:
        await post(connection)
        await post(connection)
    assert server.connections == 2


async def test_a_closed_port_a_silent_one_and_one_without_tls_are_told_apart(identity: Identity) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        connection = HttpConnection(access(closed.getsockname()[1], tls_pin=identity.pin))
        with pytest.raises(Refused, match="is closed; is the API enabled"):
            await post(connection)
        await connection.close()
        closed.listen(1)  # accepts, and never says a word
        connection = HttpConnection(access(closed.getsockname()[1], tls_pin=identity.pin, connect_timeout_s=0.2))
        with pytest.raises(Unreachable, match=r"does not answer within 0\.2 s"):
            await post(connection)
        await connection.close()
    async with connected(Server(plain=True), None, transport="https", tls_pin=identity.pin) as connection:
        with pytest.raises(AlgorithmMismatch, match=r"no TLS session: .*does it speak HTTPS there"):
            await post(connection)


async def test_an_unknown_name_is_unreachable(identity: Identity) -> None:
    found = access(1, tls_pin=identity.pin)
    connection = HttpConnection(replace(found, address="switch.invalid"))
    with pytest.raises(Unreachable, match=r"'switch\.invalid' is neither an address nor a name"):
        await post(connection)
    await connection.close()


@contextmanager
def silent(*, accepting: bool = True) -> Iterator[int]:
    """A port whose device says nothing: once connected, or not even then."""
    with ExitStack() as stack:
        listening = stack.enter_context(socket.socket())
        listening.bind(("127.0.0.1", 0))
        listening.listen(100 if accepting else 0)
        for _ in range(0 if accepting else 2):  # it takes no more: what else comes is dropped
            filling = stack.enter_context(socket.socket())
            filling.setblocking(False)
            filling.connect_ex(listening.getsockname())
        yield listening.getsockname()[1]


LOOPS: dict[str, Callable[[], asyncio.AbstractEventLoop]] = {
    "asyncio": asyncio.new_event_loop,
    "uvloop": uvloop.new_event_loop,
}


def on_both_loops(work: Callable[[], Coroutine[Any, Any, None]], loop: str) -> None:
    """Do it; nothing may be told to the loop's last resort."""
    told: list[dict[str, Any]] = []
    with asyncio.Runner(loop_factory=LOOPS[loop]) as runner:
        runner.get_loop().set_exception_handler(lambda _, context: told.append(context))
        runner.run(work())
    assert told == []


@contextmanager
def nothing_left() -> Iterator[None]:
    """No socket may stay open."""
    before = descriptors()
    yield
    gc.collect()
    assert descriptors() <= before


@contextmanager
def served_beside(server: Server, identity: Identity) -> Iterator[int]:
    """The server in a thread and a loop of its own, so that it goes on whatever this one's loop does."""
    ports: queue.Queue[int] = queue.Queue()
    done = asyncio.Event()
    loop = asyncio.new_event_loop()

    async def serve() -> None:
        before = descriptors()
        async with served(server, identity) as port:
            ports.put(port)
            await done.wait()
        # Who was dropped in the middle of a handshake is in no list: its socket alone tells when it is over, at the
        # latest with the handshake's limit.
        async with asyncio.timeout(30):
            while not descriptors() <= before:
                for writer in server.writers:
                    writer.transport.abort()  # some were accepted late
                await asyncio.sleep(0.001)

    thread = threading.Thread(target=lambda: loop.run_until_complete(serve()))
    thread.start()
    try:
        yield ports.get(timeout=10)
    finally:
        loop.call_soon_threadsafe(done.set)
        thread.join()
        loop.close()


def descriptors() -> set[str]:
    """The sockets that are open in this process."""
    found = set()
    for entry in Path("/proc/self/fd").iterdir():
        with suppress(OSError):
            found.add(str(entry.readlink()))
    return {target for target in found if target.startswith("socket:")}


@pytest.mark.parametrize("loop", LOOPS)
@pytest.mark.parametrize("way", ["limit", "cancelled"])
def test_an_exchange_is_given_up_cleanly_wherever_it_stands(loop: str, way: str, identity: Identity) -> None:
    """In the middle of TLS as well, where a loop's own clearing up writes to what is closed."""

    async def given_up(port: int, after: float) -> None:
        connection = HttpConnection(access(port, tls_pin=identity.pin))
        if way == "limit":
            with pytest.raises(OperationTimeout, match="no answer within"):
                await post(connection, timeout_s=after)
        else:
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(after):
                    await post(connection)
        await connection.close()

    with nothing_left(), served_beside(Server([silence] * 1000), identity) as port:
        for milliseconds in (2, 5, 10, 20, 40):

            async def work(after: float = milliseconds / 1000) -> None:
                await asyncio.gather(*(given_up(port, after) for _ in range(20)))

            on_both_loops(work, loop)


@pytest.mark.parametrize("loop", LOOPS)
@pytest.mark.parametrize("accepting", [True, False], ids=["says nothing", "drops everything"])
def test_a_dead_device_holds_nobody_up(loop: str, accepting: bool, identity: Identity) -> None:
    async def work() -> None:
        with silent(accepting=accepting) as port:
            connection = HttpConnection(access(port, tls_pin=identity.pin, connect_timeout_s=0.2))
            with pytest.raises(Unreachable, match=r"does not answer within 0\.2 s"):
                await post(connection)
            with pytest.raises(OperationTimeout, match=r"no answer within 0\.1 s"):
                await post(connection, timeout_s=0.1)
            began = time.monotonic()
            await connection.close()
            assert time.monotonic() - began < http.FAREWELL_S / 2, "it waits for a farewell"

    with nothing_left():
        on_both_loops(work, loop)


@pytest.mark.parametrize("loop", LOOPS)
def test_closing_does_not_wait_for_a_device_that_says_no_farewell(loop: str, identity: Identity) -> None:
    """A standing connection whose device has died: nobody answers TLS's close_notify."""

    async def work() -> None:
        server = Server([reply(b"{}"), silence])
        async with served(server, identity) as port:
            connection = HttpConnection(access(port, tls_pin=identity.pin))
            await post(connection)
            for writer in server.writers:
                writer.transport.pause_reading()  # type: ignore[attr-defined]  # it is one that reads
            with pytest.raises(OperationTimeout):
                await post(connection, timeout_s=0.1)
            began = time.monotonic()
            await connection.close()
            assert time.monotonic() - began < http.FAREWELL_S / 2
        await asyncio.sleep(0)

    on_both_loops(work, loop)


async def test_one_that_is_given_up_does_not_disturb_the_other(identity: Identity) -> None:
    first, over = asyncio.Event(), asyncio.Event()

    async def never(writer: asyncio.StreamWriter) -> None:
        first.set()
        await silence(writer)

    async def late(writer: asyncio.StreamWriter) -> None:
        await over.wait()
        writer.write(reply(b'{"late": 1}'))

    async with connected(Server([never, late]), identity) as connection:
        lost = asyncio.create_task(post(connection, timeout_s=0.5))
        await first.wait()
        kept = asyncio.create_task(post(connection))
        with pytest.raises(OperationTimeout):
            await lost
        over.set()
        assert await kept == b'{"late": 1}'
