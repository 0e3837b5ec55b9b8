"""Kills the flow collector while flows come in, again and again over one store.

usage: python -m benchmarks.safety.flow_kills FOLDER TIMES [SEED]

After each SIGKILL the store must open within 5 s and hold all that the collector had said was stored; no flow is there
twice, none that was not sent, and templates need not be announced again.
"""

from __future__ import annotations

import json
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

from benchmarks.telemetry.flow_sender import Sender
from benchmarks.telemetry.flow_traffic import traffic

from netloom.store.streams import Streams

OPEN_S = 5.0


def main() -> None:
    """Kill so many times."""
    folder, times = Path(sys.argv[1]), int(sys.argv[2])
    rng = random.Random(int(sys.argv[3]) if len(sys.argv) > 3 else 0)  # noqa: S311 - the same moments for a seed
    sending = traffic(512)
    before = 0
    for number in range(times):
        acknowledged, sent, rows, opened = _once(folder, rng, Sender(sending, 0), number == 0)
        if rows < before + acknowledged:
            raise SystemExit(f"{before + acknowledged} flows were acknowledged, {rows} are there")
        if rows > before + sent:
            raise SystemExit(f"{before + sent} flows were sent, {rows} are there")
        if opened > OPEN_S:
            raise SystemExit(f"the store took {opened:.1f} s to open")
        print(f"{signal.SIGKILL.name} {number}: {acknowledged} acknowledged, {rows - before} stored, {sent} sent")
        before = rows


def _once(folder: Path, rng: random.Random, sender: Sender, is_first: bool) -> tuple[int, int, int, float]:
    argv = [sys.executable, "-u", "-m", "benchmarks.telemetry.flow_receiver", str(folder), "0", "lz4", "report"]
    with subprocess.Popen(argv, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        port = int(process.stdout.readline().split()[1])
        sender.connect(port)
        if is_first:
            sender.templates()
            time.sleep(0.5)  # long enough to be kept: later runs announce none
        acknowledged = sent = 0
        until = time.monotonic() + rng.uniform(0.3, 1.5)
        while time.monotonic() < until:
            sent += sender.send(20_000, 400_000)[1]
        process.kill()
        for line in process.stdout.read().splitlines():
            acknowledged = max(acknowledged, _stored(line))
    began = time.monotonic()
    with Streams(folder / "store") as streams:
        rows = len(streams.query("flow", columns=["bytes"]))
    return acknowledged, sent, rows, time.monotonic() - began


def _stored(line: str) -> int:
    try:
        report = json.loads(line)
    except ValueError:
        return 0  # cut short by the kill
    return next((int(value) for name, _, value in report["totals"] if name == "stored_records_total"), 0)


if __name__ == "__main__":
    main()
