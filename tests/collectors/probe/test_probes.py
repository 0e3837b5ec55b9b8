"""Each prober against a real server: what it tells when all is well, and its reason when not."""

from __future__ import annotations

import asyncio
import re
import struct
import time
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import dns.message
import dns.rcode
import pytest
from aiosmtpd.smtp import SMTP
from hypothesis import given
from hypothesis import strategies as st
from tests.certificates import Certificate, certificate
from tests.collectors.probe.services import Site, a_look, clock, datagrams, free_port, looked, names
from tests.serving import serving

from netloom.collectors.probe import probe_dns
from netloom.collectors.probe.look import Failed, matches, probe
from netloom.collectors.probe.probe_crawl import links_of
from netloom.collectors.probe.probe_icmp import Echoes, checksum
from netloom.collectors.probe.settings import (
    BUILT_IN,
    CrawlOptions,
    DnsOptions,
    HttpOptions,
    IcmpOptions,
    Module,
    NtpOptions,
    SmtpOptions,
    Step,
    TcpOptions,
    TlsOptions,
)


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return certificate(tmp_path_factory.mktemp("tls"), days=20)


def trusting(shown: Certificate, **options: Any) -> TlsOptions:
    return TlsOptions(ca=shown.authority, **options)


@pytest.fixture(scope="module")
def pings() -> None:
    """Skips where the machine lets nobody ping."""
    found = asyncio.run(probe(a_look(Module(prober="icmp", icmp=IcmpOptions(count=1)), "127.0.0.1")))
    if found.reason and "not permitted" in found.reason:
        pytest.skip(found.reason)


@pytest.mark.usefixtures("pings")
@pytest.mark.parametrize(("address", "version"), [("127.0.0.1", 4), ("::1", 6)])
async def test_pings_come_back(address: str, version: int) -> None:
    found = await looked(Module(prober="icmp", icmp=IcmpOptions(count=5, pause_s=0.01, size=1400)), address)
    assert (found.probe_success, found.reason, found.probe_ip_protocol) == (True, None, version)
    assert (found.probe_icmp_loss_percent, found.probe_icmp_reply_hop_limit) == (0, 64)
    assert found.probe_icmp_duration_seconds is not None
    assert 0 < found.probe_icmp_duration_seconds < 1
    assert found.probe_icmp_jitter_seconds is not None


@pytest.mark.usefixtures("pings")
async def test_pings_that_do_not_come_back_are_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    taken = Echoes._number

    def every_other(self: Echoes, data: bytes) -> int | None:
        number = taken(self, data)
        return None if number is None or number % 2 else number

    monkeypatch.setattr(Echoes, "_number", every_other)
    module = Module(prober="icmp", timeout_s=0.3, icmp=IcmpOptions(count=4, pause_s=0.01, max_loss_percent=40))
    found = await looked(module, "127.0.0.1")
    assert (found.probe_icmp_loss_percent, found.reason) == (50, "2 of 4 packets came back")
    assert (await looked(replace(module, icmp=IcmpOptions(count=4, pause_s=0.01)), "127.0.0.1")).probe_success


@given(st.binary(max_size=99))
def test_a_checksum_makes_the_sum_of_all_words_vanish(data: bytes) -> None:
    padded = data + b"\0" * (len(data) % 2)
    assert checksum(padded + struct.pack("!H", checksum(data))) == 0


async def test_a_port_is_open_or_not() -> None:
    async def nothing(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
        await reader.read()

    async with serving(nothing) as port:
        assert (await looked(BUILT_IN["tcp"], f"127.0.0.1:{port}")).probe_success
        assert (await looked(replace(BUILT_IN["tcp"], port=port), "127.0.0.1")).probe_success
    assert (await looked(BUILT_IN["tcp"], f"127.0.0.1:{port}")).reason == f"127.0.0.1:{port}: the port is closed"
    assert "expected a port" in str((await looked(BUILT_IN["tcp"], "127.0.0.1")).reason)


async def test_a_dialogue_says_back_what_it_has_read() -> None:
    async def chat(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"* hello\r\n:irc.example.net PING :a1b2\r\n")
        line = await reader.readline()
        writer.write(b"welcome\r\n" if line == b"PONG a1b2\r\n" else b"go away\r\n")

    steps = (Step(expect=r"PING :(?P<token>\S+)"), Step(send="PONG {token}"), Step(expect="^welcome"))
    async with serving(chat) as port:
        found = await looked(Module(prober="tcp", tcp=TcpOptions(dialogue=steps)), f"127.0.0.1:{port}")
        assert (found.probe_success, found.probe_failed_due_to_regex) == (True, False)
        wrong = replace(BUILT_IN["ssh_banner"], port=port, timeout_s=0.3)
        found = await looked(wrong, "127.0.0.1")
        assert (found.probe_success, found.reason) == (False, "not done within 0.3 s")


async def test_a_dialogue_begins_tls_in_its_midst(shown: Certificate) -> None:
    async def imap(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"* OK [CAPABILITY IMAP4rev1 STARTTLS] ready\r\n")
        assert await reader.readline() == b". STARTTLS\r\n"
        writer.write(b". OK begin\r\n")
        await writer.drain()
        await writer.start_tls(shown.context)
        assert await reader.readline() == b". CAPABILITY\r\n"
        writer.write(b"* CAPABILITY IMAP4rev1\r\n")
        await writer.drain()
        await reader.read()

    async with serving(imap) as port:
        module = replace(BUILT_IN["imap_starttls"], port=port, tls=trusting(shown))
        found = await looked(module, "127.0.0.1")
    assert (found.reason, found.probe_tls_version_info) == (None, "TLS 1.3")


async def test_what_is_said_in_the_clear_behind_starttls_is_not_believed(shown: Certificate) -> None:
    async def injecting(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"* OK STARTTLS\r\n")
        await reader.readline()
        writer.write(b". OK begin\r\n* CAPABILITY IMAP4rev1\r\n")
        await reader.read()

    async with serving(injecting) as port:
        found = await looked(replace(BUILT_IN["imap_starttls"], port=port, tls=trusting(shown)), "127.0.0.1")
    assert "in the clear" in str(found.reason)


async def test_a_web_page_tells_its_phases_and_its_certificate(shown: Certificate) -> None:
    site = Site({"/health?x=1": (200, {"Server": "nginx", "Content-Type": "text/plain"}, b"all is well")})
    options = HttpOptions(
        headers={"X-Asked": "by netloom"},
        fail_if_body_not_matches=("all is (well|good)",),
        fail_if_body_matches=("error",),
        fail_if_header_matches={"server": "apache"},
        fail_if_not_ssl=True,
        username="ada",
        password="env:P",
    )
    async with serving(site.talk, shown.context) as port:
        module = Module(prober="http", tls=trusting(shown), http=options)
        found = await looked(module, f"https://127.0.0.1:{port}/health?x=1")
    assert (found.reason, found.probe_http_status_code, found.probe_http_ssl) == (None, 200, True)
    assert set(found.probe_http_duration_seconds or {}) == {"resolve", "connect", "tls", "processing", "transfer"}
    assert sum((found.probe_http_duration_seconds or {}).values()) <= found.probe_duration_seconds
    assert (found.probe_http_content_length, found.probe_failed_due_to_regex) == (11, False)
    assert found.probe_tls_version_info == "TLS 1.3"
    assert found.probe_ssl_days_left == pytest.approx(20, abs=0.1)
    assert (found.probe_ssl_certificate or {})["subject_alternative_names"] == "localhost, 127.0.0.1"
    assert "X-Asked: by netloom\r\n" in site.heads[0]
    assert "Authorization: Basic YWRhOjxlbnY6UD4=\r\n" in site.heads[0]


@pytest.mark.parametrize(
    ("options", "path", "reason"),
    [
        ({}, "/none", "HTTP 404 from .*/none, expected 2xx"),
        ({"status": ("404", "500-599")}, "/none", None),
        ({"status": ("200-299",)}, "/", None),
        ({"fail_if_body_matches": ("hell",)}, "/", "the body matches 'hell'"),
        ({"fail_if_body_not_matches": ("bye",)}, "/", "the body does not match 'bye'"),
        ({"fail_if_header_matches": {"X-Kind": "old"}}, "/", "the header X-Kind matches 'old'"),
        ({"fail_if_header_not_matches": {"X-None": "."}}, "/", "the header X-None does not match '.'"),
        ({"fail_if_body_matches": ("(",)}, "/", "is no expression of RE2"),
        ({"fail_if_not_ssl": True}, "/", "no TLS, expected some"),
        ({"max_body_bytes": 3}, "/", "at most 3 bytes"),
        ({"method": "HEAD"}, "/", None),
        ({}, "/old", "HTTP 302 from"),
        ({"follow_redirects": True}, "/old", None),
        ({"follow_redirects": True, "max_redirects": 3}, "/loop", "more than 3 redirects"),
        ({"follow_redirects": True}, "/away", "may not be probed"),
        ({"follow_redirects": True}, "/file", "expected a URL"),
    ],
)
async def test_what_a_web_page_must_be(options: dict[str, Any], path: str, reason: str | None) -> None:
    site = Site(
        {
            "/": (200, {"X-Kind": "old"}, b"hello"),
            "/old": (302, {"Location": "/"}, b""),
            "/loop": (301, {"Location": "/loop"}, b""),
            "/away": (302, {"Location": "http://169.254.169.254/latest/meta-data"}, b""),
            "/file": (302, {"Location": "file:///etc/passwd"}, b""),
        }
    )
    async with serving(site.talk) as port:
        found = await looked(Module(prober="http", http=HttpOptions(**options)), f"http://127.0.0.1:{port}{path}")
    if reason is None:
        assert found.reason is None
    else:
        assert re.search(reason, found.reason or "")


async def test_a_redirect_to_another_gets_no_password() -> None:
    other = Site({"/": (200, {}, b"caught")})
    async with serving(other.talk) as there:
        site = Site({"/": (302, {"Location": f"http://localhost:{there}/"}, b"")})
        async with serving(site.talk) as port:
            options = HttpOptions(follow_redirects=True, username="ada", password="env:P")
            found = await looked(Module(prober="http", http=options), f"http://127.0.0.1:{port}/")
    assert (found.probe_success, found.probe_http_redirects) == (True, 1)
    assert "Authorization" in site.heads[0]
    assert "Authorization" not in other.heads[0]


async def test_certificates_are_held_to_their_authority_their_name_and_their_end(
    tmp_path: Path, shown: Certificate
) -> None:
    async def quiet(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
        await reader.read()

    async with serving(quiet, shown.context) as port:
        place = f"127.0.0.1:{port}"
        found = await looked(Module(prober="tls", tls=trusting(shown)), place)
        assert found.reason is None
        assert found.probe_ssl_earliest_cert_expiry is not None
        assert found.probe_ssl_earliest_cert_expiry / 1e9 == pytest.approx(time.time() + 20 * 86400, abs=60)
        for options, reason in (
            (TlsOptions(), "cannot be verified"),
            (trusting(shown, server_name="other.example.net"), "other.example.net"),
            (trusting(shown, min_days=21), "ends in 20.0 days"),
            (TlsOptions(ca=str(tmp_path / "none.pem")), "No such file"),
        ):
            found = await looked(Module(prober="tls", tls=options), place)
            assert reason in str(found.reason)
        assert (await looked(Module(prober="tls", tls=TlsOptions(verify=False)), place)).probe_success
    old = certificate(tmp_path, days=-1)
    async with serving(quiet, old.context) as port:
        assert "expired" in str((await looked(Module(prober="tls", tls=trusting(old)), f"127.0.0.1:{port}")).reason)


async def test_mail_servers_are_greeted_and_asked_for_tls(shown: Certificate) -> None:
    loop = asyncio.get_running_loop()
    wires: list[Any] = []

    class Server(SMTP):  # type: ignore[misc] # aiosmtpd ships no types
        def connection_made(self, transport: Any) -> None:
            wires.append(transport)
            super().connection_made(transport)

    for context in (shown.context, None):
        made = partial(Server, None, loop=loop, tls_context=context)
        server = await loop.create_server(made, "127.0.0.1", 0)
        async with server:
            place = f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
            plain = await looked(Module(prober="smtp"), place)
            assert (plain.reason, plain.probe_smtp_status_code, plain.probe_tls_version_info) == (None, 250, None)
            module = Module(prober="smtp", smtp=SmtpOptions(starttls=True), tls=trusting(shown))
            found = await looked(module, place)
            if context:
                assert (found.reason, found.probe_tls_version_info) == (None, "TLS 1.3")
            else:
                assert "offers no STARTTLS" in str(found.reason)
        for wire in wires:
            wire.abort()
        await asyncio.sleep(0)


async def test_time_servers_tell_how_far_their_clock_is() -> None:
    async with datagrams(lambda data: [b"noise", clock(data, ahead=0.5, era=1)]) as port:
        found = await looked(Module(prober="ntp"), f"127.0.0.1:{port}")
        assert (found.reason, found.probe_ntp_stratum) == (None, 2)
        assert found.probe_ntp_offset_seconds == pytest.approx(0.5, abs=0.05)
        assert found.probe_ntp_root_dispersion_seconds == pytest.approx(0.01, abs=0.001)
        strict = Module(prober="ntp", ntp=NtpOptions(max_offset_s=0.1))
        assert "s from ours" in str((await looked(strict, f"127.0.0.1:{port}")).reason)
        low = Module(prober="ntp", ntp=NtpOptions(max_stratum=1))
        assert "stratum 2, at most 1" in str((await looked(low, f"127.0.0.1:{port}")).reason)


@pytest.mark.parametrize(
    ("change", "reason"),
    [({"stratum": 16}, "not synchronized"), ({"leap": 3}, "not synchronized"), ({"stratum": 0}, "GPS")],
)
async def test_a_clock_that_nobody_should_follow(change: dict[str, int], reason: str) -> None:
    async with datagrams(lambda data: [clock(data, **change)]) as port:
        assert reason in str((await looked(Module(prober="ntp"), f"127.0.0.1:{port}")).reason)


async def test_an_answer_to_another_s_question_is_none() -> None:
    async with datagrams(lambda data: [clock(data[:40] + b"guessed!"), b"", data]) as port:
        found = await looked(Module(prober="ntp", timeout_s=0.2), f"127.0.0.1:{port}")
    assert found.reason == "not done within 0.2 s"


async def test_name_servers_answer_what_is_expected() -> None:
    records = ("example.net. 300 IN A 192.0.2.1", "example.net. 300 IN A 192.0.2.2")
    async with datagrams(lambda data: [b"\0\0garbage", names(data, records=records)]) as port:
        options = DnsOptions(name="example.net", type="A", fail_if_answer_not_matches=(r"192\.0\.2\.2$",))
        found = await looked(Module(prober="dns", dns=options), f"127.0.0.1:{port}")
        assert (found.reason, found.probe_dns_rcode, found.probe_dns_answer_rrs) == (None, "NOERROR", 2)
        wrong = replace(options, fail_if_answer_matches=(r"192\.0\.2\.1$",))
        found = await looked(Module(prober="dns", dns=wrong), f"127.0.0.1:{port}")
        assert (found.probe_failed_due_to_regex, "matches" in str(found.reason)) == (True, True)
        none = Module(prober="dns", dns=replace(options, fail_if_answer_not_matches=("203",)))
        assert "no record of 2 matches" in str((await looked(none, f"127.0.0.1:{port}")).reason)
    soa = "example.net. 300 IN SOA ns.example.net. ops.example.net. 2026112001 1 1 1 1"
    async with datagrams(lambda data: [names(data, records=(soa,))]) as port:
        found = await looked(Module(prober="dns", dns=DnsOptions(name="example.net")), f"127.0.0.1:{port}")
        assert (found.reason, found.probe_dns_serial) == (None, 2026112001)
    async with datagrams(lambda data: [names(data, rcode=dns.rcode.NXDOMAIN)]) as port:
        found = await looked(Module(prober="dns"), f"127.0.0.1:{port}")
        assert found.reason == "it answers NXDOMAIN, expected NOERROR"
        expecting = Module(prober="dns", dns=DnsOptions(rcodes=("NXDOMAIN",)))
        assert (await looked(expecting, f"127.0.0.1:{port}")).probe_success


async def test_a_truncated_answer_is_asked_for_again_over_tcp() -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        size = struct.unpack("!H", await reader.readexactly(2))[0]
        answer = names(await reader.readexactly(size), records=("example.net. 300 IN A 192.0.2.1",))
        writer.write(struct.pack("!H", len(answer)) + answer)
        await writer.drain()

    options = DnsOptions(name="example.net", type="A")
    async with serving(talk) as port:
        found = await looked(Module(prober="dns", dns=replace(options, tcp=True)), f"127.0.0.1:{port}")
        assert (found.reason, found.probe_dns_answer_rrs) == (None, 1)
        async with datagrams(lambda data: [names(data, truncated=True)], port):
            found = await looked(Module(prober="dns", dns=options), f"127.0.0.1:{port}")
    assert (found.reason, found.probe_dns_answer_rrs) == (None, 1)


async def test_a_walk_finds_links_that_lead_nowhere_and_leaves_others_alone() -> None:
    html = {"Content-Type": "text/html; charset=utf-8"}
    site = Site(
        {
            "/": (
                200,
                html,
                b"<a href='/a'>a</a> <a href=b#part>b</a> <a href='http://elsewhere.example/'>x</a>",
            ),
            "/a": (200, html, b"<img src='/gone.png'> <a href='/'> <a href='/moved'> <script src=/x.js></script>"),
            "/b": (200, html, b"<base href='/deep/'><a href='page'>"),
            "/deep/page": (200, html, b"<a href='http://[bad'>"),
            "/moved": (301, {"Location": "/b"}, b""),
            "/x.js": (200, {"Content-Type": "text/javascript"}, b"<a href='/never'>"),
        }
    )
    async with serving(site.talk) as port:
        module = Module(prober="crawl", crawl=CrawlOptions(pause_s=0.0))
        found = await looked(module, f"127.0.0.1:{port}")
        top = f"http://127.0.0.1:{port}"
        assert found.probe_crawl_broken == (f"{top}/gone.png (from {top}/a): HTTP 404",)
        assert (found.probe_crawl_links, found.probe_success) == (7, False)
        few = await looked(Module(prober="crawl", crawl=CrawlOptions(pause_s=0.0, max_links=2)), f"127.0.0.1:{port}")
        assert (few.probe_crawl_links, few.probe_success) == (2, True)


async def test_a_server_that_never_answers_costs_no_more_than_its_time() -> None:
    async def silent(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
        await reader.read()

    async with serving(silent) as port:
        for prober in ("http", "tls", "smtp", "crawl"):
            scheme = "https://" if prober in ("http", "crawl") else ""
            found = await looked(Module(prober=prober, timeout_s=0.1), f"{scheme}127.0.0.1:{port}")
            assert found.reason == "not done within 0.1 s"
            assert found.probe_duration_seconds < 2


@pytest.mark.parametrize("prober", ["http", "tls", "smtp", "tcp", "crawl"])
async def test_noise_is_a_failure_with_a_reason(prober: Any) -> None:
    async def noise(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(bytes(range(256)) * 400)
        await writer.drain()

    async with serving(noise) as port:
        tcp = TcpOptions(dialogue=(Step(expect="hello"),))
        found = await looked(Module(prober=prober, tcp=tcp, timeout_s=3), f"127.0.0.1:{port}")
    assert not found.probe_success
    assert found.reason
    assert found.reason.isprintable()


async def test_a_closed_port_is_a_failure_of_every_prober() -> None:
    for name in ("http", "tls", "smtp", "tcp", "dns", "ntp"):
        found = await looked(replace(BUILT_IN[name], timeout_s=0.5), f"127.0.0.1:{free_port()}")
        assert (found.probe_success, bool(found.reason)) == (False, True)


def test_an_expression_takes_time_linear_in_the_text() -> None:
    begun = time.process_time()
    assert not matches("(a+)+$", "a" * 50_000 + "b")
    assert time.process_time() - begun < 1


async def test_a_dialogue_is_read_by_lines_of_bounded_length() -> None:
    async def endless(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            writer.write(b"x" * 60_000)
            await writer.drain()

    async with serving(endless) as port:
        found = await looked(Module(prober="tcp", tcp=TcpOptions(dialogue=(Step(expect="y"),))), f"127.0.0.1:{port}")
    assert found.reason == "expected a line of at most 4096 bytes"


PAGES = st.lists(
    st.sampled_from(
        [
            b"<a href=",
            b"'/x'",
            b'"',
            b">",
            b"<",
            b"<!--",
            b"<![foo[",
            b"<base href='http://[",
            b"]]>",
            b"&#x110000;",
            b"\xff",
            b"</a",
            b"\0",
        ]
    )
    | st.binary(max_size=8),
    max_size=60,
).map(b"".join)


@given(PAGES)
def test_any_page_has_links_or_none(page: bytes) -> None:
    for link in links_of("http://example.net/", page):
        assert link.startswith(("http://", "https://"))


@pytest.mark.parametrize("piece", [b"<a ", b"<!--", b"<![", b"<a href='", b"<div>", b"&", b"<script>"])
def test_a_page_is_read_in_time_linear_in_its_length(piece: bytes) -> None:
    begun = time.process_time()
    links_of("http://example.net/", piece * ((1 << 20) // len(piece)))
    assert time.process_time() - begun < 3


ANSWER = names(dns.message.make_query("example.net", "A").to_wire(), records=("example.net. 300 IN A 192.0.2.1",))


@given(
    st.lists(st.tuples(st.integers(0, len(ANSWER) - 1), st.integers(0, 255)), max_size=8), st.integers(0, len(ANSWER))
)
def test_any_answer_of_a_name_server_is_read_or_refused(changes: list[tuple[int, int]], length: int) -> None:
    data = bytearray(ANSWER)
    for at, octet in changes:
        data[at] = octet
    for each in (bytes(data), bytes(data[:length])):
        answer = probe_dns._read(each)
        if answer is not None:
            with suppress(Failed):
                probe_dns._judge(a_look(Module(prober="dns"), "127.0.0.1"), answer)
