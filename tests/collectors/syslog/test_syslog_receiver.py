"""The receiver: UDP, TCP and TLS to the store, with limits, and every loss counted."""

from __future__ import annotations

import asyncio
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Callable, Coroutine
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import uvloop
from tests.collectors.collector_site import context_of, port_of, running, stored, total, until

from netloom.collectors.contract import Context
from netloom.collectors.site import Exporter, Site
from netloom.collectors.syslog import run
from netloom.collectors.syslog.run import SyslogCollector, collector
from netloom.collectors.syslog.settings import SyslogSettings, Tls
from netloom.errors import NetloomError, StoreError

DOWN = b"<187>Nov 14 22:13:20 r1 %LINK-3-UPDOWN: Interface Gi0/1, changed state to down"


def messages(path: Path) -> list[str]:
    return [row["message"] for row in stored(path, "log")]


def send_udp(context: Context, *data: bytes, scheme: str = "udp") -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        for each in data:
            sender.sendto(each, ("127.0.0.1", port_of(context, scheme)))


async def send_tcp(context: Context, data: bytes, tls: ssl.SSLContext | None = None) -> None:
    port = port_of(context, "tls" if tls else "tcp")
    _, writer = await asyncio.open_connection(
        "127.0.0.1", port, ssl=tls, server_hostname="syslog.test" if tls else None
    )
    writer.write(data)
    await writer.drain()
    writer.close()
    await writer.wait_closed()


def received(context: Context) -> float:
    return total(context, "received_datagrams_total")


async def test_a_datagram_becomes_a_log_and_an_event_with_the_inventorys_name(tmp_path: Path) -> None:
    context = context_of(tmp_path, SyslogSettings(listen=("udp://127.0.0.1:0",), flush_s=0.05))
    async with running(collector, context):
        send_udp(context, DOWN, b"<13>whatever")
        await until(lambda: total(context, "stored_records_total") == 3)
    first, second = stored(tmp_path, "log")
    assert (first["hostname"], first["source_address"]) == ("here", "127.0.0.1")
    assert first["log"]["syslog"]["severity"] == {"code": 3, "name": "error"}
    assert first["event"]["code"] == "LINK-3-UPDOWN"
    assert second["message"] == "whatever"
    (found,) = stored(tmp_path, "event")
    assert (found["hostname"], found["name"], found["interface"]) == ("here", "INTERFACE_DOWN", "Gi0/1")
    assert found["event_hostname"] == "r1"
    assert total(context, "decoded_records_total", record="event") == 1
    assert total(context, "received_bytes_total") == len(DOWN) + len(b"<13>whatever")


async def test_ipv6_is_heard_beside_ipv4_on_one_port(tmp_path: Path) -> None:
    context = context_of(tmp_path, SyslogSettings(listen=("udp://[::1]:0", "udp://127.0.0.1:0")))
    async with running(collector, context):
        six = next(url for url in context.health.listening if "[::1]" in url)
        with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as sender:
            sender.sendto(b"<13>six", ("::1", int(six.rpartition(":")[2])))
        await until(lambda: received(context) == 1)
    assert [(row["hostname"], row["source_address"]) for row in stored(tmp_path, "log")] == [("here6", "::1")]


async def test_a_relays_messages_belong_to_the_devices_they_name(tmp_path: Path) -> None:
    site = Site(exporters={"127.0.0.1": Exporter("relay"), "192.0.2.7": Exporter("R1.example.net")})
    settings = SyslogSettings(listen=("udp://127.0.0.1:0",), relays=("127.0.0.0/8",))
    context = context_of(tmp_path, settings, site)
    async with running(collector, context):
        names = [b"r1", b"r1.example.net", b"192.0.2.7", b"stranger"]
        send_udp(context, *(b"<13>Nov 14 22:13:20 %s app: x" % name for name in names))
        await until(lambda: received(context) == 4)
    assert [row["hostname"] for row in stored(tmp_path, "log")] == ["R1.example.net"] * 3 + [None]


async def test_both_framings_of_tcp_are_read_and_a_last_line_without_its_end(tmp_path: Path) -> None:
    context = context_of(tmp_path, SyslogSettings(listen=("tcp://127.0.0.1:0",)))
    async with running(collector, context):
        await send_tcp(context, b"<13>one\n7 <13>two<13>three\n<13>four")
        await until(lambda: received(context) == 4)
    assert messages(tmp_path) == ["one", "two", "three", "four"]


async def test_long_messages_are_cut_at_the_limit_and_counted(tmp_path: Path) -> None:
    settings = SyslogSettings(listen=("udp://127.0.0.1:0", "tcp://127.0.0.1:0"), message_limit=500)
    context = context_of(tmp_path, settings)
    async with running(collector, context):
        send_udp(context, b"<13>" + b"u" * 500, b"<13>" + b"v" * 496)
        await send_tcp(
            context, b"1000000 <13>" + b"t" * 999_996 + b"<13>after\n<13>" + b"w" * 1_000_000 + b"\n<13>end\n"
        )
        await until(lambda: received(context) == 6)
        assert total(context, "truncated_total") == 3
    assert sorted(messages(tmp_path)) == sorted(["u" * 496, "v" * 496, "t" * 496, "after", "w" * 496, "end"])


async def test_connections_beyond_the_limits_are_refused_and_idle_ones_closed(tmp_path: Path) -> None:
    settings = SyslogSettings(listen=("tcp://127.0.0.1:0",), connections_per_source=2, idle_s=0.3)
    context = context_of(tmp_path, settings)
    async with running(collector, context):
        port = port_of(context, "tcp")
        pairs = [await asyncio.open_connection("127.0.0.1", port) for _ in range(3)]
        await until(lambda: total(context, "refused_connections_total", reason="connections_per_source") == 1)
        await until(lambda: total(context, "idle_connections_total") == 2)
        for reader, writer in pairs:
            with suppress(ConnectionResetError):
                assert await reader.read() == b""
            writer.close()
        await send_tcp(context, b"<13>others may come again\n")
        await until(lambda: received(context) == 1)


async def test_a_sender_beyond_its_rate_loses_what_is_counted(tmp_path: Path) -> None:
    context = context_of(tmp_path, SyslogSettings(listen=("tcp://127.0.0.1:0",), rate_limit=10.0))
    async with running(collector, context):
        await send_tcp(context, b"<13>x\n" * 100)
        await until(lambda: received(context) == 100)
    lost = total(context, "lost_total", reason="rate")
    assert lost >= 70
    assert total(context, "stored_records_total") + lost == 100


async def test_strangers_are_not_heard_where_senders_are_listed(tmp_path: Path) -> None:
    context = context_of(tmp_path, SyslogSettings(listen=("udp://127.0.0.1:0",), allow=("192.0.2.0/24",)))
    async with running(collector, context):
        send_udp(context, b"<13>x", b"<13>y")
        await until(lambda: total(context, "lost_total", reason="not_allowed") == 2)
    assert total(context, "stored_records_total") == 0


async def test_what_waits_for_a_store_that_fails_is_stored_when_it_works_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = context_of(tmp_path, SyslogSettings(listen=("tcp://127.0.0.1:0",), flush_s=0.02, max_waiting=50))
    fails = True
    writer = context.writer

    def failing(stream: str) -> Any:
        made = writer(stream)
        flush = made.flush

        def maybe() -> int:
            if fails:
                raise StoreError("no space left")
            return flush()

        monkeypatch.setattr(made, "flush", maybe)
        return made

    context.writer = failing
    monkeypatch.setattr(run, "CHUNK", 20)
    monkeypatch.setattr("netloom.collectors.outlet.RETRY_S", 0.02)
    async with running(collector, context):
        await send_tcp(context, b"<13>x\n" * 300)
        await until(lambda: total(context, "store_failures_total") >= 2)
        assert context.health.gauges["waiting_records", ()] <= 70
        fails = False
        await until(lambda: total(context, "stored_records_total") == 300)
        fails = True
        await send_tcp(context, b"<13>lost\n" * 100)
        await until(lambda: received(context) == 400)
    assert total(context, "stored_records_total") + total(context, "lost_total") == 400
    assert "no space left" in context.health.complaints


async def test_long_messages_are_bounded_in_octets_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "CHUNK", 10)
    settings = SyslogSettings(listen=("tcp://127.0.0.1:0",), flush_s=600.0, max_waiting_bytes=200_000, rate_limit=0.0)
    context = context_of(tmp_path, settings)
    most: list[float] = []
    async with running(collector, context):
        await send_tcp(context, (b"<13>" + b"x" * 8000 + b"\n") * 400)
        context.health.refresh.append(lambda: most.append(context.health.gauges["waiting_bytes", ()]))
        await until(lambda: received(context) == 400)
    assert 0 < max(most) < 600_000
    assert total(context, "stored_records_total") == 400


async def test_udp_sent_is_stored_or_counted_when_the_sender_is_too_fast(tmp_path: Path) -> None:
    settings = SyslogSettings(listen=("udp://127.0.0.1:0",), receive_buffer=30_000, rate_limit=0.0)
    context = context_of(tmp_path, settings)
    async with running(collector, context):
        for _ in range(20):
            send_udp(context, *[DOWN] * 500)  # nobody reads meanwhile: the loop is this one
            await asyncio.sleep(0)
    stored_count = total(context, "stored_records_total", stream="log")
    lost = total(context, "lost_total", reason="kernel")
    assert lost > 0
    assert stored_count + lost == 10_000
    assert len(stored(tmp_path, "log")) == stored_count


async def test_a_full_queue_stops_reading_and_loses_nothing_over_tcp(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "CHUNK", 50)
    context = context_of(tmp_path, SyslogSettings(listen=("tcp://127.0.0.1:0",), queue_bytes=2000, rate_limit=0.0))
    async with running(collector, context):
        await asyncio.gather(*(send_tcp(context, b"<13>message\n" * 3000) for _ in range(3)))
        await until(lambda: received(context) == 9000)
    assert total(context, "stored_records_total") == 9000
    assert total(context, "lost_total") == 0


async def test_what_senders_have_sent_before_the_end_is_stored(tmp_path: Path) -> None:
    context = context_of(tmp_path, SyslogSettings(listen=("tcp://127.0.0.1:0",), queue_bytes=20_000, rate_limit=0.0))
    async with running(collector, context):
        _, writer = await asyncio.open_connection("127.0.0.1", port_of(context, "tcp"))
        await until(lambda: context.health.report()["gauges"][0][2] == 1)
        writer.write(b"<13>message\n" * 5000)
        await writer.drain()
    writer.close()
    assert total(context, "stored_records_total") == 5000


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A self-signed receiver's certificate, and a client's, made as the documentation says."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed")
    folder = tmp_path_factory.mktemp("tls")
    for name in ("syslog.test", "client.test"):
        argv = [
            "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
            "-days", "30", "-subj", f"/CN={name}", "-addext", f"subjectAltName=DNS:{name}",
            "-keyout", f"{folder}/{name}.key", "-out", f"{folder}/{name}.pem",
        ]  # fmt: skip
        subprocess.run(argv, check=True, capture_output=True)
    return folder


def client_of(folder: Path, certificate: str | None = None) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=str(folder / "syslog.test.pem"))
    if certificate:
        context.load_cert_chain(folder / f"{certificate}.pem", folder / f"{certificate}.key")
    return context


def tls_settings(folder: Path, **options: Any) -> SyslogSettings:
    tls = Tls(certificate=str(folder / "syslog.test.pem"), key=str(folder / "syslog.test.key"), **options)
    return SyslogSettings(listen=("tls://127.0.0.1:0",), tls=tls, handshake_s=0.5)


async def test_tls_is_received_and_garbage_counts_as_nobody(tmp_path: Path, certificates: Path) -> None:
    context = context_of(tmp_path, tls_settings(certificates))
    async with running(collector, context):
        reader, writer = await asyncio.open_connection("127.0.0.1", port_of(context, "tls"))
        writer.write(b"\x16\x03\x01\xff\xff" + bytes(2000))
        silent_reader, silent = await asyncio.open_connection("127.0.0.1", port_of(context, "tls"))
        await send_tcp(context, b"7 <13>one", client_of(certificates))
        await until(lambda: received(context) == 1)
        async with asyncio.timeout(10):  # one that says nothing is cut off like one that says rubbish
            assert await silent_reader.read() == b""
            await reader.read()
        silent.close()
        writer.close()
    assert messages(tmp_path) == ["one"]


async def test_tls_clients_are_verified_where_an_authority_is_set(tmp_path: Path, certificates: Path) -> None:
    settings = tls_settings(
        certificates, client_ca=str(certificates / "client.test.pem"), client_names=("client.test",)
    )
    context = context_of(tmp_path, settings)
    async with running(collector, context):
        for certificate in (None, "syslog.test"):
            with suppress(ssl.SSLError, ConnectionError):  # TLS 1.3 tells the client only later
                await send_tcp(context, b"<13>stranger\n", client_of(certificates, certificate))
        await send_tcp(context, b"<13>known\n", client_of(certificates, "client.test"))
        await until(lambda: received(context) == 1)
    assert messages(tmp_path) == ["known"]


async def test_a_renewed_certificate_is_taken_over(tmp_path: Path, certificates: Path) -> None:
    used = tmp_path / "tls"
    used.mkdir()
    for kind in ("pem", "key"):
        shutil.copy(certificates / f"client.test.{kind}", used / f"syslog.test.{kind}")
    context = context_of(tmp_path, tls_settings(used))
    async with running(collector, context) as running_collector:
        with pytest.raises(ssl.SSLError):
            await send_tcp(context, b"<13>not to this one\n", client_of(certificates))
        for kind in ("pem", "key"):
            shutil.copy(certificates / f"syslog.test.{kind}", used / f"syslog.test.{kind}")
        before = context.health.listening
        running_collector.reload(context)
        await until(lambda: context.health.listening != before)
        await send_tcp(context, b"<13>to this one\n", client_of(certificates))
        await until(lambda: received(context) == 1)
    assert messages(tmp_path) == ["to this one"]


async def test_settings_and_listeners_are_taken_over_without_a_restart(tmp_path: Path) -> None:
    context = context_of(tmp_path, SyslogSettings(listen=("udp://127.0.0.1:0",)))
    async with running(collector, context) as running_collector:
        old = port_of(context, "udp")
        send_udp(context, b"<13>before")
        await until(lambda: received(context) == 1)
        context.settings = SyslogSettings(listen=("tcp://127.0.0.1:0",), allow=("127.0.0.1",))
        running_collector.reload(context)
        await until(lambda: context.health.listening[0].startswith("tcp"))
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
            taken.bind(("127.0.0.1", old))
        await send_tcp(context, b"<13>after\n")
        await until(lambda: received(context) == 2)
    assert messages(tmp_path) == ["before", "after"]


async def test_a_port_that_is_taken_is_told_with_what_to_do(tmp_path: Path) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind(("127.0.0.1", 0))
        context = context_of(tmp_path, SyslogSettings(listen=(f"udp://127.0.0.1:{taken.getsockname()[1]}",)))
        with pytest.raises(NetloomError, match=r"cannot listen on udp://127\.0\.0\.1.*ss -ulnpt"):
            await SyslogCollector(context).run()


@pytest.mark.parametrize(
    "test",
    [
        test_a_datagram_becomes_a_log_and_an_event_with_the_inventorys_name,
        test_both_framings_of_tcp_are_read_and_a_last_line_without_its_end,
        test_connections_beyond_the_limits_are_refused_and_idle_ones_closed,
        test_settings_and_listeners_are_taken_over_without_a_restart,
        test_long_messages_are_cut_at_the_limit_and_counted,
        test_udp_sent_is_stored_or_counted_when_the_sender_is_too_fast,
    ],
)
def test_the_loop_that_collectors_run_on_makes_no_difference(
    tmp_path: Path, test: Callable[[Path], Coroutine[Any, Any, None]]
) -> None:
    uvloop.run(test(tmp_path))


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"listen": ("http://127.0.0.1:1",)}, "listen: expected udp://, tcp://, tls://"),
        ({"listen": ("udp://host:1",)}, "got 'udp://host:1'"),
        ({"listen": ("udp://127.0.0.1:70000",)}, "got 'udp://127.0.0.1:70000'"),
        ({"listen": ("tls://127.0.0.1:6514",)}, "tls: expected a certificate"),
        ({"allow": ("nowhere",)}, "allow: expected an address or a prefix"),
        ({"zone": "Mars/Olympus"}, "zone: expected a zone such as"),
        ({"message_limit": 10}, "message_limit: expected 480"),
        ({"flush_s": 0.0}, "flush_s: expected more than 0"),
    ],
)
def test_settings_that_cannot_be_are_refused(given: dict[str, Any], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        SyslogSettings(**given)


@pytest.mark.parametrize("options", ["--udp", "--tcp", "--tcp --octet-count", "--udp --rfc3164", "--tcp --rfc3164"])
async def test_loggers_messages_are_stored(tmp_path: Path, options: str) -> None:
    if shutil.which("logger") is None:
        pytest.skip("logger is not installed")
    scheme = options[2:5]
    context = context_of(tmp_path, SyslogSettings(listen=(f"{scheme}://127.0.0.1:0",)))
    async with running(collector, context):
        where = ["-n", "127.0.0.1", "-P", str(port_of(context, scheme))]
        argv = ["logger", *options.split(), *where, "-p", "local3.warning", "-t", "app", "-i", "the text"]
        done = await asyncio.create_subprocess_exec(*argv)
        assert await done.wait() == 0
        await until(lambda: received(context) == 1)
    (row,) = stored(tmp_path, "log")
    syslog = row["log"]["syslog"]
    assert (row["message"], syslog["appname"], syslog["priority"]) == ("the text", "app", 19 * 8 + 4)
    assert (syslog["hostname"] or "").partition(".")[0] == socket.gethostname().partition(".")[0]
    assert abs(row["timestamp"].timestamp() - time.time()) < 60
