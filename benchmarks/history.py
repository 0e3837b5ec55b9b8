"""The archive at work: backing up many configurations, twice, and asking about them.

python benchmarks/history.py [devices] [lines]
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from netloom.history.archive import Archive, BackupItem

NOW = datetime(2026, 11, 20, 10, tzinfo=UTC)


def configuration(device: int, lines: int) -> str:
    rng = random.Random(device)  # noqa: S311 - only to make lines differ
    text = [f"hostname leaf{device}", f"enable secret 5 $1$mERr${device:022d}", f"snmp-server community c{device} RO"]
    for port in range((lines - 13) // 6):
        text += [
            f"interface Ethernet{port}",
            f" description to spine{rng.randrange(64)} port {rng.randrange(512)}",
            f" ip address 10.{rng.randrange(256)}.{rng.randrange(256)}.{rng.randrange(256)}/31",
            f" ip ospf message-digest-key 1 md5 7 {rng.getrandbits(64):016X}" if port % 10 == 0 else " mtu 9214",
            f" ip ospf cost {rng.randrange(1000)}",
            "!",
        ]
    text += ["router bgp 65001", *(f" neighbor 10.0.0.{peer} password p{device}x{peer}" for peer in range(9))]
    return "\n".join(text) + "\n"


def timed(label: str, work: Callable[[], object]) -> None:
    began = time.perf_counter()
    shown = work()
    print(f"{label:58} {time.perf_counter() - began:8.2f} s  ({shown})")


def main(devices: int, lines: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        archive = Archive(Path(folder), bytes(32))
        items = {f"leaf{device}": BackupItem(configuration(device, lines)) for device in range(devices)}
        size = sum(len(item.text) for item in items.values())
        print(f"{devices} configurations, {size / devices / 1000:.0f} kB and {lines} lines each")

        def run(turn: int) -> str:
            result = archive.backup(items, now=NOW + timedelta(hours=turn))
            return f"{len(result.added)} added, {len(result.changed)} changed, {len(result.unchanged)} unchanged"

        timed("first backup", lambda: run(0))
        timed("second backup, unchanged", lambda: run(1))
        for device in range(0, devices, 100):
            text = items[f"leaf{device}"].text
            items[f"leaf{device}"] = BackupItem(text.replace("Ethernet7\n", "Ethernet7\n shutdown\n"))
        timed("third backup, one in a hundred changed", lambda: run(2))
        archive = Archive(Path(folder), bytes(32))
        timed("unchanged, a new process's caches", lambda: run(3))
        timed("history of one", lambda: len(archive.history("leaf0")))
        timed("diff", lambda: len(archive.diff("leaf0", "HEAD~1").sections))
        timed("blame", lambda: len(archive.blame("leaf0")))
        timed("search through all", lambda: sum(1 for _ in archive.search(r"^ shutdown")))


if __name__ == "__main__":
    main(*(int(word) for word in (sys.argv[1:] + ["5000", "1000"][len(sys.argv) - 1 :])))
