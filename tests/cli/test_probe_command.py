"""`netloom probe` as people use it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from tests.command import CommandLine


class Page(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200 if self.path == "/" else 503)
        self.send_header("Content-Length", "4")
        self.end_headers()
        self.wfile.write(b"well")

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def port() -> Iterator[int]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Page) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


@pytest.fixture
def netloom(tmp_path: Path) -> CommandLine:
    (tmp_path / "inventory").mkdir()
    (tmp_path / "inventory" / "hosts.yml").write_text("all: {hosts: {web1: {ansible_host: 127.0.0.1}}}\n")
    (tmp_path / "netloom.yml").write_text(
        "inventory: [inventory]\ncollectors: {probe: {modules: {sick: {prober: http, http: {status: ['503']}}}}}\n"
    )
    return CommandLine(tmp_path, tmp_path / "home")


def test_a_look_shows_its_phases(netloom: CommandLine, port: int) -> None:
    ran = netloom("probe", f"http://127.0.0.1:{port}/")
    assert ran.out.startswith(f"ok: http://127.0.0.1:{port}/ (127.0.0.1) by http, ")
    for expected in ("resolve", "connect", "processing", "transfer", "probe_http_status_code"):
        assert expected in ran.out
    (row,) = netloom("probe", f"web1:{port}", "--module", "http", "--format", "json").rows()
    assert (row["probe_http_status_code"], row["probe_success"]) == (200, True)


def test_one_that_fails_says_why_and_exits_with_5(netloom: CommandLine, port: int) -> None:
    ran = netloom("probe", f"http://127.0.0.1:{port}/none", expect=5)
    assert "HTTP 503" in ran.err
    assert netloom("probe", f"http://127.0.0.1:{port}/none", "-m", "sick").out.startswith("ok")
    assert "may not be probed" in netloom("probe", "http://127.0.0.9/", expect=5).err
    assert "no module 'htttp'" in netloom("probe", "web1", "-m", "htttp", expect=64).err
