"""From a datagram to an answer: what is sent to the watch is what the commands tell."""

from __future__ import annotations

import re
import socket
import struct
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager

from tests.command import CommandLine

SETTINGS = """inventory: [hosts.yml]
collectors:
  syslog: {listen: ["udp://127.0.0.1:0"]}
  flow: {listen: ["udp://127.0.0.1:0"]}
watch_listen: ""
"""
HOSTS = """all:
  vars: {netloom_platform: frr, ansible_user: u, ansible_password: p}
  hosts: {leaf1: {ansible_host: 127.0.0.1}}
"""
RUNS = re.compile(r"(\w+) runs on udp://127\.0\.0\.1:(\d+)")
EVERY = 100
"""The sampling rate."""


@contextmanager
def watching(cli: CommandLine) -> Iterator[dict[str, int]]:
    """The watch, running within the block: each collector's port."""
    with cli.start("watch", "syslog", "flow") as process:
        try:
            yield _ports(process)
        finally:
            process.terminate()
            process.communicate(timeout=30)


def _ports(process: subprocess.Popen[str]) -> dict[str, int]:
    assert process.stderr is not None
    found: dict[str, int] = {}
    for line in process.stderr:
        if told := RUNS.search(line):
            found[told.group(1)] = int(told.group(2))
        if len(found) == 2:
            return found
    raise AssertionError(f"the watch ended: {found}")


def netflow5(*flows: tuple[str, int, int]) -> bytes:
    """One datagram of NetFlow v5: source, destination port and bytes of each flow, one of 100 packets sampled."""
    now = int(time.time())
    header = struct.pack("!HHIIIIBBH", 5, len(flows), 60_000, now, 0, 0, 0, 0, (1 << 14) | EVERY)
    records = [
        struct.pack(
            "!4s4s4sHHIIIIHHBBBBHHBBH",
            *(socket.inet_aton(source), socket.inet_aton("192.0.2.1"), bytes(4), 1, 2, 10, size, 1000, 2000),
            *(40_000, port, 0, 0x1B, 6, 0, 0, 0, 24, 24, 0),
        )
        for source, port, size in flows
    ]
    return header + b"".join(records)


def send(port: int, data: bytes) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        sender.sendto(data, ("127.0.0.1", port))


def test_what_is_sent_is_what_is_told(cli: CommandLine) -> None:
    cli.write({"netloom.yml": SETTINGS, "hosts.yml": HOSTS})
    with watching(cli) as ports:
        send(ports["flow"], netflow5(("10.0.0.1", 443, 1500), ("10.0.0.1", 443, 500), ("10.0.0.2", 22, 700)))
        send(ports["syslog"], b"<187>35: Nov 20 10:00:01.123: %LINK-3-UPDOWN: Interface Gi0/1, changed state to down")
    rows = cli("flows", "top", "src_addr,dst_port", "--host", "leaf1", "-f", "json").rows()
    assert [(row["src_addr"], row["dst_port"], row["bytes"], row["flows"]) for row in rows] == [
        ("10.0.0.1", 443, 2000 * EVERY, 2),
        ("10.0.0.2", 22, 700 * EVERY, 1),
    ]
    (total,) = (
        row for row in cli("flows", "series", "--step", "1h", "--last", "1h", "-f", "json").rows() if row["flows"]
    )
    assert (total["bytes"], total["bytes_unscaled"]) == (2700 * EVERY, 0)
    (message,) = cli("logs", "search", "updown", "--host", "leaf1", "--severity", "error", "-f", "json").rows()
    assert message["event"]["code"] == "LINK-3-UPDOWN"
    (event,) = cli("events", "-f", "json").rows()
    assert (event["kind"], event["name"], event["object"]) == ("event", "INTERFACE_DOWN", "Gi0/1")
