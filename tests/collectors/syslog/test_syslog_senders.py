"""Debian's rsyslogd forwards to the receiver, in each of the ways that it has."""

from __future__ import annotations

import asyncio
import shutil
import subprocess
from pathlib import Path

import pytest
from tests.collectors.collector_site import context_of, port_of, running, stored, total, until

from netloom.collectors.syslog.run import collector
from netloom.collectors.syslog.settings import SyslogSettings

COUNT = 50
CONFIG = """
module(load="imuxsock" SysSock.Use="off")
global(workDirectory="{folder}")
input(type="imuxsock" Socket="{folder}/log")
*.* action(type="omfwd" target="127.0.0.1" port="{port}" {how})
"""
WAYS = {
    "udp": ("udp", 'protocol="udp"'),
    "lines over tcp": ("tcp", 'protocol="tcp"'),
    "counted over tcp": ("tcp", 'protocol="tcp" TCP_Framing="octet-counted"'),
    "RFC 5424": ("tcp", 'protocol="tcp" template="RSYSLOG_SyslogProtocol23Format"'),
}


@pytest.mark.parametrize("way", WAYS)
async def test_rsyslogs_messages_are_stored_once_and_in_order(tmp_path: Path, way: str) -> None:
    program = shutil.which("rsyslogd", path="/usr/sbin:/usr/bin:/sbin")
    if program is None or shutil.which("logger") is None:
        pytest.skip("rsyslogd or logger is not installed")
    scheme, how = WAYS[way]
    folder = tmp_path / "r"
    folder.mkdir()
    if len(str(folder)) > 95:
        pytest.skip(f"{folder} is too long for a Unix socket's name")
    context = context_of(tmp_path, SyslogSettings(listen=(f"{scheme}://127.0.0.1:0",), flush_s=0.1))
    async with running(collector, context):
        config = folder / "conf"
        config.write_text(CONFIG.format(folder=folder, port=port_of(context, scheme), how=how))
        daemon = await asyncio.create_subprocess_exec(
            program, "-n", "-f", str(config), "-i", str(folder / "pid"), stderr=subprocess.DEVNULL
        )
        try:
            await until((folder / "log").exists)
            lines = "".join(f"%LINK-3-UPDOWN: message {number}\n" for number in range(COUNT))
            logger = await asyncio.create_subprocess_exec(
                "logger", "-u", str(folder / "log"), "-t", "app", "-p", "local4.err", stdin=subprocess.PIPE
            )
            await logger.communicate(lines.encode())
            await until(lambda: total(context, "stored_records_total", stream="log") >= COUNT)
        finally:
            daemon.terminate()
            await daemon.wait()
    found = [row for row in stored(tmp_path, "log") if row["log"]["syslog"]["appname"] == "app"]
    assert sorted(int(row["message"].split()[1]) for row in found) == list(range(COUNT))
    assert {row["event"]["code"] for row in found} == {"LINK-3-UPDOWN"}
    assert {row["log"]["syslog"]["severity"]["name"] for row in found} == {"error"}
    assert {row["log"]["syslog"]["version"] for row in found} == {"1" if way == "RFC 5424" else None}
