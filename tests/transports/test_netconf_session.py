"""What a NETCONF server can do to a session, and what netloom makes of it: a reply, or a typed error."""
# ruff: noqa: ARG002 - asyncssh fixes the signatures of its callbacks

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import asyncssh
import pytest

from netloom.codecs import netconf
from netloom.codecs import netconf_operations as operations
from netloom.codecs.netconf import END
from netloom.codecs.netconf_messages import NAMESPACE
from netloom.errors import (
    AuthenticationFailed,
    CommandRejected,
    DeviceError,
    OperationTimeout,
    OutputNotUnderstood,
    Refused,
    SessionClosed,
)
from netloom.model.host import Access
from netloom.model.secret import Secret
from netloom.transports.host_keys import HostKeys
from netloom.transports.netconf import NetconfSession, RpcRejected, open_netconf
from netloom.transports.ssh import connect_ssh

BASES = ("urn:ietf:params:netconf:base:1.0", "urn:ietf:params:netconf:base:1.1")
OK = "<ok/>"
STALL = object()
CLOSE = object()


def greeting(*capabilities: str) -> bytes:
    listed = "".join(f"<capability>{uri}</capability>" for uri in capabilities)
    return (
        f'<hello xmlns="{NAMESPACE}"><capabilities>{listed}</capabilities><session-id>4</session-id></hello>'.encode()
        + END
    )


@dataclass
class Server:
    """Sends a greeting, then for each request what the next step says."""

    steps: list[Any] = field(default_factory=list)
    """Text is a reply's content; bytes go on the wire as they are; a function makes either of the message-id."""
    hello: bytes | object = greeting(*BASES)
    chunked: bool = True
    opens: bool = True
    requests: list[str] = field(default_factory=list)
    heard: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(0))
    """Released at each request."""
    drop: Callable[[], None] = lambda: None

    def frame(self, text: str) -> bytes:
        data = text.encode()
        return b"\n#%d\n%b\n##\n" % (len(data), data) if self.chunked else data + END

    def reply(self, content: str, number: str) -> bytes:
        return self.frame(f'<rpc-reply xmlns="{NAMESPACE}" message-id="{number}">{content}</rpc-reply>')

    async def serve(self, process: asyncssh.SSHServerProcess[bytes]) -> None:
        self.drop = process.channel.abort
        assert process.subsystem == "netconf"
        if isinstance(self.hello, bytes):
            process.stdout.write(self.hello)
        elif self.hello is CLOSE:
            process.close()
            return
        heard = b""
        while data := await process.stdin.read(65536):
            heard += data
            mark = rb"</rpc>\n##\n" if self.chunked else rb"</rpc>" + re.escape(END)
            while found := re.search(mark, heard):
                request, heard = heard[: found.end()].decode(), heard[found.end() :]
                self.requests.append(request)
                self.heard.release()
                for step in self._next():
                    if step is CLOSE:
                        process.close()
                        return
                    if step is not STALL:
                        process.stdout.write(self._bytes(step, request))

    def _next(self) -> list[Any]:
        step = self.steps.pop(0) if self.steps else OK
        return step if isinstance(step, list) else [step]

    def _bytes(self, step: Any, request: str) -> bytes:
        found = re.search('message-id="([^"]*)"', request)
        assert found
        made = step(found[1]) if callable(step) else step
        return made if isinstance(made, bytes) else self.reply(made, found[1])


@asynccontextmanager
async def serving(
    server: Server, folder: Path, **changes: Any
) -> AsyncIterator[Callable[[], Awaitable[NetconfSession]]]:
    """A way to open sessions with this server."""

    class Accounts(asyncssh.SSHServer):
        def begin_auth(self, username: str) -> bool:
            return True

        def password_auth_supported(self) -> bool:
            return True

        def validate_password(self, username: str, password: str) -> bool:
            return password == "right"

    acceptor = await asyncssh.listen(
        "127.0.0.1",
        0,
        server_factory=Accounts,
        server_host_keys=[asyncssh.generate_private_key("ssh-ed25519")],
        process_factory=server.serve if server.opens else None,
        encoding=None,
        line_editor=False,
    )
    given: dict[str, Any] = {"password": Secret("right"), "connect_timeout_s": 5.0, "command_timeout_s": 5.0}
    access = Access(
        name="n1",
        address="127.0.0.1",
        platform="juniper_junos",
        transport="netconf",
        port=acceptor.sockets[0].getsockname()[1],
        username="joe",
        **(given | changes),
    )
    connection = None
    try:

        async def opened() -> NetconfSession:
            nonlocal connection
            connection = await connect_ssh(access, HostKeys(folder / "known_hosts"))
            return await open_netconf(access, connection)

        yield opened
    finally:
        if connection is not None:
            await connection.close()
        acceptor.close()
        await acceptor.wait_closed()


@asynccontextmanager
async def session_on(server: Server, folder: Path, **changes: Any) -> AsyncIterator[NetconfSession]:
    async with serving(server, folder, **changes) as opened:
        session = await opened()
        yield session
        session.close()


async def test_hellos_agree_on_chunks(tmp_path: Path) -> None:
    server = Server()
    async with session_on(server, tmp_path) as session:
        assert (session.session_id, session.capabilities) == ("4", frozenset(BASES))
        assert OK in await session.rpc(operations.get())
        assert f'<rpc xmlns="{NAMESPACE}" message-id="1"><get></get></rpc>\n##\n' in server.requests[0]


async def test_an_older_server_keeps_its_marks(tmp_path: Path) -> None:
    server = Server(hello=greeting(BASES[0]), chunked=False)
    async with session_on(server, tmp_path) as session:
        for _ in range(3):
            assert OK in await session.rpc(operations.get())


async def test_what_follows_the_hello_at_once_is_framed_already(tmp_path: Path) -> None:
    event = Server().frame(f'<notification xmlns="{NAMESPACE}"/>')
    async with session_on(Server(hello=greeting(*BASES) + event), tmp_path) as session:
        assert OK in await session.rpc(operations.get())
        assert session.notifications == 1


@pytest.mark.parametrize(
    ("hello", "error", "words"),
    [
        pytest.param(STALL, OperationTimeout, "no NETCONF hello in time", id="none"),
        pytest.param(CLOSE, SessionClosed, "the device closed the session", id="closed"),
        pytest.param(b"Too many sessions\r\n" + END, OutputNotUnderstood, "expected a NETCONF message", id="words"),
        pytest.param(b"<hello><capabilities" + END, OutputNotUnderstood, "expected well-formed", id="torn"),
        pytest.param(greeting("urn:x"), OutputNotUnderstood, "expected a hello with", id="no base"),
        pytest.param(b"<!DOCTYPE a []>" + greeting(*BASES), OutputNotUnderstood, "expected a NETCONF", id="entities"),
        pytest.param(Server().reply(OK, "1") + END, OutputNotUnderstood, "expected a NETCONF message", id="chunks"),
        pytest.param(b"<rpc-reply/>" + END, OutputNotUnderstood, "expected a hello, got rpc-reply", id="a reply"),
    ],
)
async def test_a_session_without_a_proper_hello_is_none(
    hello: bytes | object, error: type[DeviceError], words: str, tmp_path: Path
) -> None:
    async with serving(Server(hello=hello), tmp_path, connect_timeout_s=0.5 if hello is STALL else 5) as opened:
        with pytest.raises(error, match=words) as raised:
            await opened()
        assert raised.value.device == "n1"


async def test_a_server_that_opens_no_sessions_says_so(tmp_path: Path) -> None:
    async with serving(Server(opens=False), tmp_path) as opened:
        with pytest.raises(Refused, match="opens no session"):
            await opened()


async def test_a_wrong_password_is_no_session(tmp_path: Path) -> None:
    async with serving(Server(), tmp_path, password=Secret("wrong")) as opened:
        with pytest.raises(AuthenticationFailed):
            await opened()


async def test_a_closed_session_asks_nothing(tmp_path: Path) -> None:
    server = Server()
    async with session_on(server, tmp_path) as session:
        session.close()
        with pytest.raises(SessionClosed, match="the NETCONF session is closed"):
            await session.rpc(operations.get())
    assert server.requests == []


ERROR = (
    "<rpc-error><error-type>protocol</error-type><error-tag>lock-denied</error-tag><error-severity>error</error-severity>"
    "<error-message>held</error-message><error-info><session-id>9</session-id></error-info></rpc-error>"
)
WARNING = "<rpc-error><error-severity>warning</error-severity><error-message>old syntax</error-message></rpc-error>"


async def test_an_error_is_a_refusal_with_its_tag_and_holder(tmp_path: Path) -> None:
    async with session_on(Server([WARNING + ERROR]), tmp_path) as session:
        with pytest.raises(RpcRejected, match=re.escape("n1: 'lock' was rejected: held (9)")) as raised:
            await session.rpc(operations.lock())
        assert isinstance(raised.value, CommandRejected)
        assert [(error.tag, error.session_id) for error in raised.value.errors] == [("lock-denied", "9")]
        assert OK in await session.rpc(operations.get()), "a refusal ends no session"


async def test_a_warning_is_no_refusal(tmp_path: Path) -> None:
    async with session_on(Server([WARNING + OK]), tmp_path) as session:
        assert "old syntax" in await session.rpc(operations.commit())


async def test_replies_find_their_requests_in_whatever_order(tmp_path: Path) -> None:
    server: Server = Server([STALL, lambda number: server.reply("<b/>", number) + server.reply("<a/>", "1")])
    async with session_on(server, tmp_path) as session:
        first, second = await asyncio.gather(session.rpc("<first/>"), session.rpc("<second/>"))
        assert "<a/>" in first
        assert "<b/>" in second


async def test_a_reply_without_a_message_id_is_the_oldest_requests(tmp_path: Path) -> None:
    lost = Server().frame(f'<rpc-reply xmlns="{NAMESPACE}">{ERROR}</rpc-reply>')
    async with session_on(Server([STALL, [lost, OK]]), tmp_path) as session:
        first, second = await asyncio.gather(session.rpc("<first/>"), session.rpc("<second/>"), return_exceptions=True)
        assert isinstance(first, RpcRejected)
        assert OK in str(second)


@pytest.mark.parametrize("number", ["99", "0", ""])
async def test_a_reply_to_nobodys_request_ends_the_session(number: str, tmp_path: Path) -> None:
    server: Server = Server([lambda _: server.reply(OK, number)])
    async with session_on(server, tmp_path) as session:
        with pytest.raises(OutputNotUnderstood, match="expected a reply to a request of ours, got rpc-reply"):
            await session.rpc(operations.get())
        assert not session.alive


async def test_the_reply_to_a_request_that_was_given_up_is_nobody_elses(tmp_path: Path) -> None:
    server: Server = Server([STALL, [lambda _: server.reply("<late/>", "1"), "<own/>"]])
    async with session_on(server, tmp_path) as session:
        given_up = asyncio.create_task(session.rpc("<slow/>"))
        await server.heard.acquire()
        given_up.cancel()
        await asyncio.wait([given_up])
        assert "<own/>" in await session.rpc("<quick/>")


async def test_a_stalled_server_is_left(tmp_path: Path) -> None:
    async with session_on(Server([STALL]), tmp_path) as session:
        with pytest.raises(OperationTimeout, match=r"get-config took longer than 0\.2 s"):
            await session.rpc(operations.get_config(), timeout_s=0.2)
        assert not session.alive
        with pytest.raises(OperationTimeout):
            await session.rpc(operations.get())


@pytest.mark.parametrize(
    ("step", "error", "words"),
    [
        pytest.param([b"\n#40\n<rpc-reply message-id", CLOSE], SessionClosed, "closed the session", id="closed amid"),
        pytest.param(CLOSE, SessionClosed, "closed the session", id="closed before"),
        pytest.param(b"\n#7\n<ok/>\n##\n\n#3\n", OutputNotUnderstood, "expected a chunk", id="lying chunk"),
        pytest.param(b"<rpc-reply/>" + END, OutputNotUnderstood, "expected a chunk", id="marks instead of chunks"),
        pytest.param(b"\n#4294967295\n", OutputNotUnderstood, "expected a message of at most", id="4 GB announced"),
        pytest.param(b"\n#5\nhello\n##\n", OutputNotUnderstood, "expected a NETCONF message", id="words"),
        pytest.param(
            lambda number: Server().frame(
                f'<!DOCTYPE r [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><rpc-reply message-id="{number}">&b;</rpc-reply>'
            ),
            OutputNotUnderstood,
            "expected a NETCONF message",
            id="billion laughs",
        ),
        pytest.param("<rpc-error><error-tag></rpc-error>", OutputNotUnderstood, "well-formed", id="torn error"),
    ],
)
async def test_what_breaks_a_reply_is_a_typed_error(
    step: Any, error: type[DeviceError], words: str, tmp_path: Path
) -> None:
    async with session_on(Server([step]), tmp_path) as session:
        with pytest.raises(error, match=words) as raised:
            await session.rpc(operations.get())
        assert raised.value.device == "n1"


async def test_an_endless_reply_ends_at_the_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(netconf, "MESSAGE_LIMIT", 100_000)
    async with session_on(Server([[b"\n#50000\n" + b"x" * 50_000] * 3]), tmp_path) as session:
        with pytest.raises(OutputNotUnderstood, match="at most 100000 bytes"):
            await session.rpc(operations.get())


async def test_a_large_reply_with_marks_and_bytes_that_are_no_text_is_read_whole(tmp_path: Path) -> None:
    held = "]]>]]> \n##\n é " * 100_000
    server: Server = Server([lambda number: server.reply(held, number).replace("é".encode(), b"\xff\xfe")])
    async with session_on(server, tmp_path) as session:
        reply = await session.rpc(operations.get())
        assert held.replace("é", "\\xff\\xfe") in reply


async def test_whoever_kills_the_session_wakes_everybody_who_waits(tmp_path: Path) -> None:
    server: Server = Server([STALL, STALL])
    async with session_on(server, tmp_path) as session:
        waiting = [asyncio.create_task(session.rpc(operations.get())) for _ in range(2)]
        for _ in waiting:
            await server.heard.acquire()
        server.drop()
        for outcome in await asyncio.gather(*waiting, return_exceptions=True):
            assert isinstance(outcome, SessionClosed)
        assert not session.alive


async def test_goodbye_is_said_once_and_never_hangs(tmp_path: Path) -> None:
    server = Server([[OK, CLOSE]])
    async with session_on(server, tmp_path) as session:
        await session.close_session()
        await session.close_session()
        assert len(server.requests) == 1
        assert "<close-session/>" in server.requests[0]


class Wire:
    """A channel that keeps what is written to it."""

    newline = b"\n"

    def __init__(self) -> None:
        self.written = b""

    def write(self, data: bytes) -> None:
        self.written += data

    def close(self) -> None:
        """Nothing to hang up."""


async def test_our_greeting_ends_by_its_mark_though_theirs_came_first() -> None:
    session, wire = NetconfSession(Access(name="r1", address="192.0.2.1", platform="cli")), Wire()
    session.received(greeting(*BASES))
    await session.open(wire)
    assert wire.written.endswith(END)
    assert b"\n#" not in wire.written
