"""A real Open vSwitch between two hosts, its sFlow collected where it runs; a process of its own, in namespaces.

usage: unshare --net --mount --pid --fork --kill-child --mount-proc python -m tests.collectors.flow.ovs_switch FOLDER

Prints what was sent, and what was stored, as JSON.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from tests.collectors.flow.flow_collector import Running, running

from netloom.collectors.site import Exporter, Port, Site

PACKETS, PAYLOAD, SAMPLING = 20_000, 1_000, 4
_FRAME = PAYLOAD + 46
"""With the headers of UDP, IPv4 and Ethernet and its checksum, which sFlow counts too."""
_SENDER = """
import socket, time
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
    for number in range({packets}):
        sender.sendto(bytes({payload}), ("10.9.0.2", 9))
        if number % 20 == 0:  # the switch reads packets from a small buffer
            time.sleep(0.002)
"""


def call(*command: str) -> str:
    """A command that must succeed."""
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, timeout=60).stdout


def host(number: int) -> subprocess.Popen[bytes]:
    """A namespace of its own with one interface, whose other end is a port of the switch."""
    process = subprocess.Popen(["unshare", "--net", "sleep", "600"])
    own = Path(f"/proc/{process.pid}/ns/net")
    here = Path("/proc/self/ns/net").readlink()
    while own.readlink() == here:
        time.sleep(0.005)
    call("ip", "link", "add", f"p{number}", "type", "veth", "peer", "name", "eth0", "netns", str(process.pid))
    call("ip", "link", "set", f"p{number}", "up")
    inside = ("nsenter", "-t", str(process.pid), "-n")
    call(*inside, "ip", "addr", "add", f"10.9.0.{number}/24", "dev", "eth0")
    call(*inside, "ip", "link", "set", "eth0", "up")
    call(*inside, "ethtool", "-K", "eth0", "tx", "off")  # the switch does not fill in checksums
    return process


def switch(folder: Path) -> None:
    """Its daemons, in memory and in this process's namespaces alone."""
    call("mount", "-t", "tmpfs", "tmpfs", "/run")
    Path("/run/openvswitch").mkdir()
    call("ip", "link", "set", "lo", "up")
    database = str(folder / "ovs.db")
    call("ovsdb-tool", "create", database, "/usr/share/openvswitch/vswitch.ovsschema")
    common = ("--pidfile", "--detach", "--no-chdir", "-vconsole:off")
    call("ovsdb-server", database, "--remote=punix:/run/openvswitch/db.sock", *common)
    call("ovs-vsctl", "--no-wait", "init")
    call("ovs-vswitchd", *common)
    call("ovs-vsctl", "add-br", "br0", "--", "set", "bridge", "br0", "datapath_type=netdev")


def link(port: str, *inside: str) -> Any:
    """What the kernel says of an interface."""
    return json.loads(call(*inside, "ip", "-json", "-statistics", "link", "show", port))[0]


def octets(port: str) -> int:
    """What the kernel says came in."""
    return int(link(port)["stats64"]["rx"]["bytes"])


async def observed(flow: Running, hosts: Sequence[subprocess.Popen[bytes]]) -> dict[str, Any]:
    """Make traffic, and wait until counters of after it came."""
    sender = _SENDER.format(packets=PACKETS, payload=PAYLOAD)
    sending = ("nsenter", "-t", str(hosts[0].pid), "-n", sys.executable, "-c", sender)
    await asyncio.to_thread(call, *sending)
    sent = octets("p1")

    def came() -> bool:
        told = [row["value"] for row in flow.rows("metric") if is_of_first_host(row, "interface.in_octets")]
        return bool(told) and max(told) >= sent

    await flow.until(came)
    there = link("eth0", "nsenter", "-t", str(hosts[1].pid), "-n")
    return {"kernel_octets": octets("p1"), "delivered": there["stats64"]["rx"]["packets"]}


def is_of_first_host(row: dict[str, Any], name: str) -> bool:
    """Whether it is a metric of the first host's port."""
    return bool(row["name"] == name and row["tags"] == {"interface": "p1"})


async def main(folder: Path) -> None:
    """Everything."""
    switch(folder)
    hosts = [host(1), host(2)]
    async with running(folder) as flow:
        for port in ("p1", "p2"):
            call("ovs-vsctl", "add-port", "br0", port)
        ports = {("ovs", link(port)["ifindex"]): Port(port) for port in ("p1", "p2")}
        landing = flow.collector._landing
        assert landing is not None
        before = landing.labels
        flow.collector.reload(replace(flow.context, site=Site({"127.0.0.1": Exporter("ovs")}, ports)))
        await flow.until(lambda: landing.labels is not before)
        target = f'target="127.0.0.1:{flow.port}"'
        sampling = ("agent=lo", target, "header=128", f"sampling={SAMPLING}", "polling=1")
        call("ovs-vsctl", "--", "--id=@s", "create", "sflow", *sampling, "--", "set", "bridge", "br0", "sflow=@s")
        told = await observed(flow, hosts)
        for each in hosts:
            each.kill()
            each.wait()
    flows = [row for row in flow.rows() if row["dst_addr"] == "10.9.0.2" and row["dst_port"] == 9]
    metrics = flow.rows("metric")
    told |= {
        "packets": PACKETS,
        "frame": _FRAME,
        "samples": len(flows),
        "scaled_bytes": sum(row["bytes"] * row["sampling_rate"] for row in flows),
        "frames": sorted({row["bytes"] for row in flows}),
        "rates": sorted({row["sampling_rate"] for row in flows}),
        "ways": sorted({(row["hostname"], row["in_if_name"], row["src_addr"]) for row in flows}),
        "in_octets": max(row["value"] for row in metrics if is_of_first_host(row, "interface.in_octets")),
        "in_bps": max([row["value"] for row in metrics if is_of_first_host(row, "interface.in_bps")], default=0),
        "malformed": flow.total("malformed_total"),
        "received": flow.total("received_datagrams_total"),
        "lost": flow.total("lost_total", reason="kernel") + flow.total("sequence_lost_total"),
    }
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
