"""What collectors tell of a real lab is what was sent: iperf3's bytes, the kernel's counters, the routers' words."""

from __future__ import annotations

import asyncio
import json
import math
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from tests.command import CommandLine

from netloom.lab.execute import run_in
from netloom.lab.machine import probe
from netloom.lab.state import Lab

pytestmark = pytest.mark.lab

LISTEN = """
collectors:
  flow: {listen: ["udp://0.0.0.0:2055", "udp://0.0.0.0:6343"]}
  syslog: {listen: ["udp://0.0.0.0:5514"]}
  trap: {listen: ["udp://0.0.0.0:1162"]}
  snmp: {interval_s: 2}
watch_listen: "127.0.0.1:0"
"""
SECONDS = 15
TO = "10.2.1.10"
PAYLOAD = 1448
"""Octets of a full TCP segment with timestamps; 66 octets stand before them on the wire, 52 of IP and TCP."""


@pytest.fixture(scope="module")
def traffic(own_lab: Callable[[str, str], tuple[Lab, CommandLine]]) -> tuple[Lab, CommandLine]:
    """A lab with a switch, collectors that listen in its network, and state."""
    machine = probe()
    if not machine.switch or {"iperf3", "softflowd"} - machine.tools.keys():
        pytest.skip("no switch, iperf3 or softflowd on this machine")
    lab, cli = own_lab("traffic", "truth")
    config = cli.folder / "netloom.yml"
    config.write_text(config.read_text() + LISTEN)
    cli("collect", "interface")
    return lab, cli


@pytest.fixture(scope="module")
def watched(traffic: tuple[Lab, CommandLine]) -> Iterator[subprocess.Popen[str]]:
    """The collectors at work."""
    _, cli = traffic
    process = cli.start("watch")
    try:
        until(lambda: states(cli) == {"running"})
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        _, err = process.communicate(timeout=60)
        assert process.returncode == 0, err


def until(holds: Callable[[], Any], limit_s: float = 60) -> Any:
    """What something gives, once it gives something."""
    end = time.monotonic() + limit_s
    while not (found := holds()) and time.monotonic() < end:
        time.sleep(0.3)  # other processes bring it about
    assert found
    return found


def rows(cli: CommandLine, *arguments: str) -> list[dict[str, Any]]:
    return cli(*arguments, "--format", "json").rows()


def states(cli: CommandLine) -> set[str]:
    ran = cli("status", "--format", "json", expect=None)
    return {row["state"] for row in json.loads(ran.out)} if ran.status == 0 else set()


def inside(lab: Lab, node: str, *argv: str) -> str:
    return asyncio.run(run_in(lab, node, list(argv), limit=60)).output


def iperf(lab: Lab) -> int:
    """Send from host1 to host2, and say how many octets of payload arrived."""

    async def both() -> str:
        server = asyncio.create_task(run_in(lab, "host2", ["iperf3", "-s", "-1"], limit=60))
        await run_in(lab, "host2", ["sh", "-c", "until ss -ltn | grep -q :5201; do sleep 0.1; done"])
        argv = ["iperf3", "-c", TO, "-b", "20M", "-t", str(SECONDS), "-J"]
        done = await run_in(lab, "host1", argv, limit=60)
        await server
        return done.output

    return int(json.loads(asyncio.run(both()))["end"]["sum_received"]["bytes"])


def test_flows_samples_and_counters_agree_with_what_was_sent(
    traffic: tuple[Lab, CommandLine], watched: subprocess.Popen[str]
) -> None:
    lab, cli = traffic
    assert watched.poll() is None
    sent = iperf(lab)
    # softflowd counts IP packets, each segment with 52 octets of headers; a few are sent again.
    packets = sent * (PAYLOAD + 52) / PAYLOAD

    def told() -> dict[tuple[str, str], dict[str, Any]] | None:
        asked = ("flows", "top", "type,exporter_name", "--last", "3m", "--where", f"dst_addr={TO} and proto=6")
        found = {(row["type"], row["exporter_name"]): row for row in rows(cli, *asked)}
        whole = [row for (kind, _), row in found.items() if kind == "NETFLOW_V9" and row["bytes"] > 0.98 * sent]
        return found if len(whole) == 2 and ("SFLOW_5", "sw1") in found else None

    found = until(told)
    assert found["NETFLOW_V9", "leaf2"]["bytes"] == pytest.approx(packets, rel=0.02)
    # Before leaf1 many segments still are one packet with one header, for host1's link segments nothing.
    assert 0.98 * sent < found["NETFLOW_V9", "leaf1"]["bytes"] < 1.02 * packets
    # Of N samples, one packet in 64: the error is below 196 / sqrt(N) percent in 95 of 100 runs; here three times that.
    samples = found["SFLOW_5", "sw1"]["flows"]
    frames = sent * (PAYLOAD + 66) / PAYLOAD
    assert found["SFLOW_5", "sw1"]["bytes"] == pytest.approx(frames, rel=3 * 1.96 / math.sqrt(samples))


def test_interface_counters_are_the_kernels(traffic: tuple[Lab, CommandLine], watched: subprocess.Popen[str]) -> None:
    lab, cli = traffic
    assert watched.poll() is None

    def kernel() -> int:
        return int(inside(lab, "leaf1", "cat", "/sys/class/net/eth3/statistics/rx_bytes"))

    def counter() -> list[float]:
        where = "hostname=leaf1 and tags.interface=eth3"
        found = rows(cli, "metrics", "show", "interface.in_octets", "--last", "2m", "--where", where, "--agg", "max")
        return [value for row in found if (value := row.get("value")) is not None]

    until(counter)
    low = kernel()
    until(lambda: max(counter(), default=0) >= low)  # the agent keeps its numbers for some seconds
    assert low <= max(counter()) <= kernel()


def test_a_router_tells_of_a_cut_link_by_syslog_within_seconds(
    traffic: tuple[Lab, CommandLine], watched: subprocess.Popen[str]
) -> None:
    _, cli = traffic
    assert watched.poll() is None
    cli("lab", "break", "leaf1:eth1")
    try:
        asked = ("events", "--last", "2m", "--host", "leaf1", "--name", "BGP_NEIGHBOR_STATE_CHANGED")
        event = until(lambda: rows(cli, *asked))[-1]
        assert event["state"] != "Established"
        assert event["object"]
    finally:
        cli("lab", "heal")


def test_a_collector_that_is_killed_comes_back_and_its_counters_go_on(
    traffic: tuple[Lab, CommandLine], watched: subprocess.Popen[str]
) -> None:
    _, cli = traffic
    assert watched.poll() is None

    def flow() -> dict[str, Any]:
        return next(row for row in rows(cli, "status", "--columns", "+pid") if row["collector"] == "flow")

    before = until(lambda: found if (found := flow())["stored"] else None)
    subprocess.run(["kill", "-9", str(before["pid"])], check=True)
    until(lambda: flow()["restarts"] > before["restarts"] and flow()["state"] == "running")
    after = until(lambda: found if (found := flow())["stored"] > before["stored"] else None)
    assert after["pid"] != before["pid"]
