"""Messages that really arrive: by mail, webhook, Slack, syslog and command."""

from __future__ import annotations

import asyncio
import json
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword
from tests.alerts.ground import NOON, a_receiver, an_alert
from tests.certificates import Certificate, certificate
from tests.serving import serving

from netloom.alerts.receiver import Command, Email, Notification, Slack, Syslog, Way, Webhook
from netloom.alerts.senders.contract import Surroundings
from netloom.alerts.senders.deliver import deliver
from netloom.codecs.syslog_framing import SyslogFraming
from netloom.errors import (
    AuthenticationFailed,
    CommandRejected,
    NetloomError,
    OperationTimeout,
    Refused,
    SecretError,
    Unreachable,
    Unsupported,
)
from netloom.model.secret import Secret


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return certificate(tmp_path_factory.mktemp("tls"))


def around(folder: Path) -> Surroundings:
    return Surroundings(secrets=lambda reference: Secret(f"<{reference}>"), folder=folder, own_name="watcher")


def message(way: Way, *, timeout_s: float = 15.0) -> Notification:
    alerts = (
        an_alert(
            severity="critical",
            value=91.5,
            annotations={"summary": "leaf1 eth1 at 92 %\r\nBcc: all@example.net", "graph": "https://g/<1>&2"},
            runbook="https://wiki.example.net/full",
        ),
        an_alert(host='a]"b'),
    )
    over = an_alert(host="leaf3", state="resolved", resolved=NOON + 60)
    receiver = a_receiver(way=way, timeout_s=timeout_s)
    return Notification(receiver=receiver, group={"rule": "r"}, firing=alerts, resolved=(over,))


@dataclass
class Mailbox:
    """aiosmtpd's handler, which keeps what comes."""

    mails: list[tuple[str, list[str], bytes]] = field(default_factory=list)

    async def handle_RCPT(self, _: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:  # noqa: N802 - aiosmtpd's name
        if address.startswith("nobody"):
            return "550 no such user"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        self.mails.append((envelope.mail_from, list(envelope.rcpt_tos), envelope.content))
        return "250 kept"


def authenticated(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
    return AuthResult(
        handled=False, success=isinstance(data, LoginPassword) and data == LoginPassword(b"netloom", b"<env:MAIL>")
    )


class Server(SMTP):  # type: ignore[misc] # aiosmtpd ships no types
    """One session, which lets go of its connection also where the client has not said goodbye."""

    def connection_made(self, transport: Any) -> None:
        self.wires = [*getattr(self, "wires", []), transport]
        super().connection_made(transport)


@asynccontextmanager
async def smtp(box: Mailbox, **options: Any) -> AsyncIterator[int]:
    loop = asyncio.get_running_loop()
    tls = options.pop("ssl", None)
    sessions: list[Server] = []

    def session() -> Server:
        sessions.append(Server(box, loop=loop, hostname="mail", **options))
        return sessions[-1]

    server = await loop.create_server(session, "127.0.0.1", 0, ssl=tls)
    async with server:
        yield server.sockets[0].getsockname()[1]
    for wire in [wire for each in sessions for wire in each.wires]:
        wire.abort()
    await asyncio.sleep(0)


def email(port: int, shown: Certificate, **options: Any) -> Email:
    made: dict[str, Any] = {"to": ("ops@example.net", "ada@example.net"), "sender": "netloom@example.net"}
    return Email(**{**made, "server": "localhost", "port": port, "ca": shown.authority, **options})


async def test_mail_goes_out_under_starttls_with_a_login(tmp_path: Path, shown: Certificate) -> None:
    box = Mailbox()
    options = {"tls_context": shown.context, "require_starttls": True, "authenticator": authenticated}
    async with smtp(box, auth_required=True, **options) as port:
        way = email(port, shown, username="netloom", password="env:MAIL")
        assert await deliver(message(way), around(tmp_path)) == ""
    ((sender, recipients, content),) = box.mails
    assert (sender, recipients) == ("netloom@example.net", ["ops@example.net", "ada@example.net"])
    mail = message_from_bytes(content, policy=policy.default)
    assert mail["Subject"] == "[netloom] CRITICAL: leaf1 eth1 at 92 %  Bcc: all@example.net (+1 more)"
    assert mail["Bcc"] is None
    assert mail["Auto-Submitted"] == "auto-generated"
    text = mail.get_content()
    for expected in ("value: 91.5", "runbook: https://wiki.example.net/full", "RESOLVED: r: leaf3", "on watcher"):
        assert expected in text


@pytest.mark.parametrize("security", ["tls", "none"])
async def test_mail_goes_out_under_tls_from_the_start_and_in_the_clear(
    tmp_path: Path, shown: Certificate, security: str
) -> None:
    box = Mailbox()
    async with smtp(box, ssl=shown.context if security == "tls" else None) as port:
        way = email(port, shown, security=security, to=("ops@example.net", "nobody@example.net"))
        assert await deliver(message(way), around(tmp_path)) == "nobody@example.net: 550 no such user"
    assert box.mails[0][1] == ["ops@example.net"]


async def test_a_mail_server_that_cannot_be_trusted_gets_nothing(tmp_path: Path, shown: Certificate) -> None:
    box = Mailbox()
    async with smtp(box, tls_context=shown.context) as port:
        with pytest.raises(Refused, match="certificate cannot be verified"):
            await deliver(message(email(port, shown, ca=None)), around(tmp_path))
        with pytest.raises(CommandRejected, match="no such user"):
            await deliver(message(email(port, shown, to=("nobody@example.net",))), around(tmp_path))
    async with smtp(box) as port:
        with pytest.raises(Unsupported, match="offers no STARTTLS"):
            await deliver(message(email(port, shown)), around(tmp_path))
    assert box.mails == []


async def test_a_wrong_password_is_told_without_it(tmp_path: Path, shown: Certificate) -> None:
    async with smtp(Mailbox(), tls_context=shown.context, authenticator=authenticated) as port:
        with pytest.raises(AuthenticationFailed) as caught:
            await deliver(message(email(port, shown, username="netloom", password="env:OTHER")), around(tmp_path))
    assert "OTHER" not in str(caught.value)


class Web:
    """An HTTP server that answers everything alike."""

    def __init__(self, answer: bytes = b"HTTP/1.1 204 No Content\r\n\r\n") -> None:
        self.answer = answer
        self.heads: list[str] = []
        self.bodies: list[Any] = []

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        fields = {line.partition(": ")[0].lower(): line.partition(": ")[2] for line in head.split("\r\n")[1:]}
        self.heads.append(head)
        self.bodies.append(json.loads(await reader.readexactly(int(fields["content-length"]))))
        writer.write(self.answer)
        await writer.drain()

    @asynccontextmanager
    async def open(self, shown: Certificate | None) -> AsyncIterator[str]:
        async with serving(self.serve, shown.context if shown else None) as port:
            yield f"{'https' if shown else 'http'}://localhost:{port}/hook?x=1"


async def test_a_webhook_gets_alertmanager_s_json(tmp_path: Path, shown: Certificate) -> None:
    web = Web()
    async with web.open(shown) as url:
        way = Webhook(url=url, token="env:T", headers={"X-Site": "paris"}, ca=shown.authority)
        await deliver(message(way), around(tmp_path))
    assert web.heads[0].startswith("POST /hook?x=1 HTTP/1.1\r\n")
    assert "Authorization: Bearer <env:T>\r\n" in web.heads[0]
    assert "X-Site: paris\r\n" in web.heads[0]
    (body,) = web.bodies
    assert (body["version"], body["status"], body["groupLabels"]) == ("4", "firing", {"rule": "r"})
    assert body["commonLabels"] == {"alertname": "r"}
    assert [each["status"] for each in body["alerts"]] == ["firing", "firing", "resolved"]
    assert body["alerts"][0]["startsAt"] == "2026-11-20T12:00:00+00:00"
    assert body["alerts"][2]["endsAt"] == "2026-11-20T12:01:00+00:00"


async def test_a_token_is_not_sent_in_the_clear(tmp_path: Path) -> None:
    web = Web()
    async with web.open(None) as url:
        with pytest.raises(SecretError, match="without TLS"):
            await deliver(message(Webhook(url=url, token="env:T")), around(tmp_path))
    assert web.heads == []


async def test_a_chat_gets_text_that_mentions_nobody(tmp_path: Path) -> None:
    web = Web(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
    async with web.open(None) as url:
        await deliver(message(Slack(url=url, channel="#noc")), around(tmp_path))
    (body,) = web.bodies
    assert (body["channel"], [each["color"] for each in body["attachments"]]) == ("#noc", ["danger", "warning", "good"])
    fields = {each["title"]: each["value"] for each in body["attachments"][0]["fields"]}
    assert fields["graph"] == "https://g/&lt;1&gt;&amp;2"
    assert body["attachments"][0]["title_link"] == "https://wiki.example.net/full"


async def test_a_webhook_that_fails_says_why_and_not_where(tmp_path: Path, shown: Certificate) -> None:
    for answer, said in ((b"403 Forbidden", "HTTP 403"), (b"302 Found", "HTTP 302")):
        web = Web(b"HTTP/1.1 " + answer + b"\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n")
        async with web.open(None) as url:
            with pytest.raises(CommandRejected, match=said) as caught:
                await deliver(message(Slack(url=url)), around(tmp_path))
            assert "hook" not in str(caught.value)
        assert len(web.bodies) == 1
    async with Web().open(shown) as url:
        with pytest.raises(Refused, match="certificate"):
            await deliver(message(Webhook(url=url)), around(tmp_path))
    with pytest.raises(Unreachable, match="closed"):
        await deliver(message(Webhook(url=url)), around(tmp_path))


@pytest.mark.parametrize("scheme", ["udp", "tcp", "tls"])
async def test_syslog_gets_a_message_an_alert(tmp_path: Path, shown: Certificate, scheme: str) -> None:
    got: list[bytes] = []
    whole = asyncio.Event()
    framing = SyslogFraming()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(4096):
            got.extend(framing.feed(data))
        whole.set()

    if scheme == "udp":
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as opened:
            opened.bind(("127.0.0.1", 0))
            opened.settimeout(5)
            way = Syslog(to=f"udp://localhost:{opened.getsockname()[1]}")
            await deliver(message(way), around(tmp_path))
            got += [opened.recv(8192) for _ in range(3)]
    else:
        tls = shown.context if scheme == "tls" else None
        async with serving(serve, tls) as port:
            await deliver(message(Syslog(to=f"{scheme}://localhost:{port}", ca=shown.authority)), around(tmp_path))
            await whole.wait()
    heads = [each.split(b" ")[0] for each in got]
    assert heads == [b"<130>1", b"<132>1", b"<133>1"]
    assert b'hostname="a\\]\\"b"' in got[1]
    assert got[0].split(b" ")[2:6] == [b"watcher", b"netloom", b"-", b"ALERT_FIRING"]
    assert b"\n" not in b"".join(got)


def script(folder: Path, text: str) -> Command:
    path = folder / "page.py"
    path.write_text(text)
    return Command(run=(sys.executable, str(path), "ops; touch pwned"))


async def test_a_command_reads_json_and_inherits_no_secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NETLOOM_SECRET", "hunter2")
    text = (
        "import json, os, sys\n"
        "json.dump([json.load(sys.stdin)['status'], sys.argv[1:], dict(os.environ)], open('told', 'w'))\n"
    )
    await deliver(message(script(tmp_path, text)), around(tmp_path))
    status, arguments, environment = json.loads((tmp_path / "told").read_text())
    assert (status, arguments) == ("firing", ["ops; touch pwned"])
    assert "NETLOOM_SECRET" not in environment
    assert not (tmp_path / "pwned").exists()


async def test_a_command_that_fails_says_why(tmp_path: Path) -> None:
    text = "import sys\nprint('no pager', file=sys.stderr)\nsys.exit(3)\n"
    with pytest.raises(CommandRejected, match="exit 3: no pager"):
        await deliver(message(script(tmp_path, text)), around(tmp_path))
    with pytest.raises(Unreachable, match="cannot be started"):
        await deliver(message(Command(run=("/nowhere/page",))), around(tmp_path))


async def test_a_command_that_hangs_is_killed_with_what_it_started(tmp_path: Path) -> None:
    text = (
        "import os, subprocess, sys, time\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\n"
        "open('fresh', 'w').write(f'{os.getpid()} {child.pid}')\nos.rename('fresh', 'pids')\ntime.sleep(60)\n"
    )
    with pytest.raises(OperationTimeout):
        await deliver(message(script(tmp_path, text), timeout_s=2), around(tmp_path))
    for pid in (tmp_path / "pids").read_text().split():
        for _ in range(100):
            if not _alive(int(pid)):
                break
            await asyncio.sleep(0.02)  # the kernel takes a moment to end a process that was killed
        assert not _alive(int(pid))


def _alive(pid: int) -> bool:
    try:
        return "State:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return False


async def test_a_receiver_that_never_answers_is_given_up(tmp_path: Path) -> None:
    async def never(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()

    async with serving(never) as port:
        ways: list[Way] = [
            Email(to=("a@example.net",), sender="b@example.net", server="localhost", port=port, security="tls"),
            Email(to=("a@example.net",), sender="b@example.net", server="localhost", port=port),
            Webhook(url=f"https://localhost:{port}/"),
            Webhook(url=f"http://localhost:{port}/"),
        ]
        for way in ways:
            with pytest.raises(NetloomError, match="not done within"):
                await deliver(message(way, timeout_s=0.2), around(tmp_path))


def test_words_and_order_of_a_message() -> None:
    found = message(Slack(url="https://x"))
    assert (found.status, found.severity) == ("firing", "critical")
    assert replace(found, firing=()).title == "RESOLVED: r: leaf3"
