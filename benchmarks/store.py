"""The store at work: appending a collect, and asking for the latest state of many devices.

python benchmarks/store.py [devices] [observations] [interfaces]
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from netloom.model.filter import parse_filter
from netloom.model.interface import InterfaceState
from netloom.model.route import NextHop, RouteState
from netloom.store.store import Store

START = datetime(2026, 11, 20, 10, tzinfo=UTC)
ALWAYS = datetime(2100, 1, 1, tzinfo=UTC)


def timed(label: str, work: Callable[[], object], repeats: int = 1) -> None:
    times = []
    for _ in range(repeats):
        began = time.perf_counter()
        result = work()
        times.append(time.perf_counter() - began)
    shown = result if isinstance(result, int | str) else len(result) if hasattr(result, "__len__") else ""
    warm = f", best of {repeats}: {min(times) * 1000:.0f} ms" if repeats > 1 else ""
    print(f"{label:58} {times[0] * 1000:8.0f} ms{warm}  ({shown})")


def interfaces(device: int, count: int, turn: int) -> list[InterfaceState]:
    return [
        InterfaceState(
            f"Ethernet{at}",
            ifindex=at,
            description=f"to spine{at % 4}",
            oper_status="down" if (device + at + turn) % 50 == 0 else "up",
            mtu=9214,
            speed_bps=10**10,
            addresses=(f"10.{device % 250}.{at}.0/31",),
            in_octets=turn * 10**6 + at,
        )
        for at in range(count)
    ]


def routes(device: int, count: int) -> list[RouteState]:
    hops = (NextHop("10.0.0.1", "Ethernet1"), NextHop("10.0.0.3", "Ethernet2"))
    return [RouteState(f"10.{device % 250}.{at}.0/24", "bgp", next_hops=hops) for at in range(count)]


def collect(store: Store) -> int:
    for device in range(50):
        store.append("interface", f"leaf{device}", START, interfaces(device, 100, 0))
        store.append("route", f"leaf{device}", START, routes(device, 100))
    return store.flush()


def main(devices: int, observations: int, count: int) -> None:
    with tempfile.TemporaryDirectory() as folder, Store(Path(folder)) as store:
        timed("append and flush 50 devices, 100 interfaces and routes", lambda: collect(store), 3)
    with tempfile.TemporaryDirectory() as folder, Store(Path(folder)) as store:
        began = time.perf_counter()
        rows = 0
        for turn in range(observations):
            for device in range(devices):
                moment = START + timedelta(minutes=5 * turn)
                store.append("interface", f"leaf{device}", moment, interfaces(device, count, turn))
            rows += store.flush()
        print(f"{rows} rows of {devices} devices in {observations} turns: {time.perf_counter() - began:.1f} s")
        ask = {
            "latest, whole": lambda: store.query("interface"),
            "latest, oper_status=down": lambda: store.query("interface", parse_filter("oper_status=down")),
            "an hour ago, addresses in 10.7.0.0/16": lambda: store.query(
                "interface", parse_filter("addresses in 10.7.0.0/16"), at=START + timedelta(minutes=35)
            ),
            "one host": lambda: store.query("interface", hosts=["leaf7"]),
        }
        for state in ("hot", "compacted"):
            for label, work in ask.items():
                timed(f"{state}: {label}", work, 5)
            if state == "hot":
                timed("compaction", lambda: store.compact(older_than=ALWAYS).rows)
        size = sum(path.stat().st_size for path in Path(folder).rglob("*.parquet"))
        print(f"{size / rows:.1f} bytes a row")
        timed("diff over an hour", lambda: store.diff("interface", since=START + timedelta(minutes=35)))
    with tempfile.TemporaryDirectory() as folder:
        with Store(Path(folder)) as store:
            collect(store)
        with Store(Path(folder)) as store:
            timed("first question of a new process (engine loaded)", lambda: store.query("interface"))


if __name__ == "__main__":
    main(*(int(word) for word in (sys.argv[1:] + ["1000", "20", "50"][len(sys.argv) - 1 :])))
