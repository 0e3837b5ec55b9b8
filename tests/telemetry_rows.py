"""Known rows of streams around one moment, for tests of whoever asks for them."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from netloom.intent.journal import Journal
from netloom.intent.planned import DevicePlan, Operation, Plan
from netloom.model.event import Event
from netloom.model.flow import Flow
from netloom.model.log import Coded, Log, LogEvent, LogOrigin, Syslog
from netloom.model.metric import Metric
from netloom.model.probe import Probe
from netloom.model.trap import Trap, Varbind
from netloom.store.key import workspace_key
from netloom.store.streams import Streams

TEN = datetime(2026, 11, 20, 10, tzinfo=UTC)
"""The change happens now; rows lie in the hour before and the hour after."""
SECOND = 1_000_000_000
SPAN = ("--since", "2026-11-20T10:00:00Z", "--until", "2026-11-20T11:00:00Z")
INVENTORY = {
    "netloom.yml": "inventory: [hosts.yml]\n",
    "hosts.yml": """all:
  vars: {netloom_platform: frr, ansible_user: u, ansible_password: p}
  hosts: {leaf1: {ansible_host: 10.255.0.11}, leaf2: {ansible_host: 10.255.0.12}, spine1: {ansible_host: 10.255.0.1}}
""",
}
_RATES = {"leaf1": 100, "leaf2": 10, "spine1": None}
_ADDRESSES = {"leaf1": "10.255.0.11", "leaf2": "10.255.0.12", "spine1": "10.255.0.1"}
_SEVERITIES = {3: "Error", 5: "Notice", 6: "Informational"}


def moment(minutes: float) -> int:
    """So many minutes after ten, in nanoseconds since 1970."""
    return int(TEN.timestamp()) * SECOND + int(minutes * 60 * SECOND)


def flow(minutes: float, host: str = "leaf1", **fields: Any) -> Flow:
    """A flow that a device exported."""
    known: dict[str, Any] = {
        "type": "IPFIX",
        "sampler_address": _ADDRESSES[host],
        "exporter_name": host,
        "sampling_rate": _RATES[host],
        "proto": 6,
    }
    return Flow(time_received_ns=moment(minutes), **(known | fields))


def flows() -> list[Flow]:
    """Three services of which one grows after ten, from an hour before to an hour after."""
    found = []
    for minute in range(-60, 60):
        for at, (port, size) in enumerate(((443, 6000), (53, 900), (22, 300))):
            host = ("leaf1", "leaf2", "spine1")[(minute + at) % 3]
            load = 8 if port == 22 and minute >= 0 else 1
            ripple = 1 + 0.1 * math.sin(minute)
            scale = _RATES[host] or 1
            found.append(
                flow(
                    minute + at / 10,
                    host,
                    bytes=int(size * 1000 * load * ripple / scale),
                    packets=10 * load,
                    src_addr=f"10.1.0.{at + 1}",
                    dst_addr="192.0.2.1",
                    src_port=40000 + minute,
                    dst_port=port,
                    in_if_name="eth1",
                )
            )
    return found


def log(minutes: float, host: str, severity: int, message: str, code: str | None = None) -> Log:
    """A message that a device wrote."""
    header = Syslog(severity=Coded(severity, _SEVERITIES[severity]), hostname=host)
    return Log(time_received_ns=moment(minutes), message=message, log=LogOrigin(header), event=LogEvent(code=code))


def fill(workspace: Path) -> None:
    """A store with flows, logs, events, traps, metrics and probes of three devices."""
    with Streams(workspace / ".netloom" / "store") as streams:
        _write(streams, "flow", [(None, each) for each in flows()])
        _write(streams, "log", _logs())
        _write(streams, "event", _events())
        varbind = Varbind(oid="1.3.6.1.2.1.2.2.1.1.3", name="ifIndex.3", type="INTEGER", value=3)
        trap = Trap(time_received_ns=moment(7), version="v2c", kind="trap", trap_name="linkDown", varbinds=(varbind,))
        _write(streams, "trap", [("leaf1", trap)])
        _write(streams, "metric", _metrics())
        _write(streams, "probe", _probes())


def _write(streams: Streams, stream: str, rows: list[tuple[str | None, Any]]) -> None:
    writer = streams.writer(stream)
    writer.add([row for _, row in rows], hostnames=[host for host, _ in rows])
    writer.flush()


def _logs() -> list[tuple[str | None, Any]]:
    found: list[tuple[str | None, Any]] = []
    for minute in range(-60, 60, 5):
        text = "Accepted password for admin from 10.0.0.9"
        found.append(("leaf2", log(minute, "leaf2", 6, text)))
    for minute in range(1, 13):
        text = "neighbor 10.0.0.1 Down BGP Notification sent"
        found.append(("leaf1", log(minute, "leaf1", 5, text, "BGP-5-ADJCHANGE")))
    found.append(("leaf1", log(2, "leaf1", 3, "Interface eth1, changed state to down \x1b[2J", "LINK-3-UPDOWN")))
    return found


def _events() -> list[tuple[str | None, Any]]:
    down = Event(time_received_ns=moment(2), name="INTERFACE_DOWN", interface="eth1", state="down")
    neighbor = Event(
        time_received_ns=moment(3),
        name="BGP_NEIGHBOR_STATE_CHANGED",
        peer="10.0.0.1",
        state="Idle",
        old_state="Established",
    )
    return [("leaf1", down), ("leaf1", neighbor)]


def _metrics() -> list[tuple[str | None, Any]]:
    found: list[tuple[str | None, Any]] = []
    for minute in range(-60, 60):
        for host in ("leaf1", "leaf2"):
            jump = 5 if host == "leaf1" and minute >= 0 else 1
            bits = Metric(
                timestamp_ns=moment(minute),
                name="interface.in_bps",
                tags={"interface": "eth1"},
                value=1e8 * jump * (1 + 0.05 * math.sin(minute)),
            )
            load = Metric(timestamp_ns=moment(minute), name="cpu.utilization", value=20 + math.sin(minute))
            octets = Metric(
                timestamp_ns=moment(minute),
                name="interface.in_octets",
                tags={"interface": "eth1"},
                value=1e9 + 6e6 * (minute + 60),
            )
            found += [(host, bits), (host, load), (host, octets)]
    return found


def _probes() -> list[tuple[str | None, Any]]:
    return [
        (
            "spine1",
            Probe(
                timestamp_ns=moment(minute),
                module="http",
                prober="http",
                target="https://10.255.0.1/",
                probe_success=good,
                reason=None if good else "refused",
                probe_duration_seconds=0.1,
            ),
        )
        for minute, good in ((-1, True), (1, False), (2, False), (3, True))
    ]


def apply(workspace: Path, *, at: datetime = TEN, state: Any = "done") -> str:
    """A change of leaf1 and leaf2 in the journal; its id."""
    operation = Operation("interface", ("eth1",), "update", None, None, (), "intent/a.yml:1")
    plan = Plan("abcdef123456", at, tuple(DevicePlan(name, "frr", "hash", (operation,)) for name in ("leaf1", "leaf2")))
    change = f"{at:%Y%m%dT%H%M%S}-{plan.id}"
    journal = Journal.create(
        workspace, change, plan, key=workspace_key(workspace), now=at - timedelta(seconds=1), operator="ana@ops"
    )
    for device in plan.devices:
        journal.begin(device, "base", token=None, timer_s=60, now=at)
        journal.state(device.device, state, "", at + timedelta(seconds=30))
    journal.end("done", at + timedelta(seconds=31))
    journal.close()
    return change
