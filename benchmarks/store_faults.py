"""Streams of which every process is killed again and again: what was acknowledged is there, once, and soon.

usage: python benchmarks/store_faults.py [rounds]

Each round three writers append to one store while two processes keep house over it without a pause. All five are killed
with SIGKILL at a moment of chance, in every second round the housekeepers alone, so that writers go on over what they
left. Then the store is opened, and all its rows and sums are held against what the writers' output had acknowledged.
"""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread

from netloom.store.streams import Streams

ALWAYS = datetime(2100, 1, 1, tzinfo=UTC)
FLUSH = 50
WRITERS, KEEPERS = 3, 2
SECONDS = (0.1, 1.2)
"""From the moment that all of them work."""

WRITER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from netloom.model.flow import Flow
from netloom.store.streams import Streams
first = int(sys.argv[2])
start = int(datetime(2026, 11, 20, 10, tzinfo=UTC).timestamp()) * 10**9
with Streams(Path(sys.argv[1])) as streams:
    writer = streams.writer("flow", rotate_bytes=30_000)
    for number in range(first, first + 1_000_000):
        writer.add([
            Flow(type="IPFIX", time_received_ns=start + number * 10**7, bytes=1, packets=at, in_if=at % 3,
                 sequence_num=number)
            for at in range(50)
        ])
        writer.flush()
        print(number, flush=True)
"""
KEEPER = """
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from netloom.store.retention import Policy
from netloom.store.streams import Streams
policy = Policy(settled=timedelta(0), keep={"flow": timedelta(days=99999)})
with Streams(Path(sys.argv[1])) as streams:
    while True:
        report = streams.housekeeping(policy, datetime.now(UTC))
        print(report.compacted.rows, *report.failures, flush=True)
"""


@dataclass
class Worker:
    """A process, and what it has said."""

    process: subprocess.Popen[str]
    said: list[str] = field(default_factory=list)
    listening: Thread | None = None

    def listen(self) -> None:
        self.listening = Thread(target=self._read, daemon=True)
        self.listening.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        self.said += [line for line in self.process.stdout if line.endswith("\n")]

    def kill(self) -> list[str]:
        """The whole lines that it said."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        if self.listening is not None:
            self.listening.join()
        return self.said


@dataclass
class Tally:
    """What all rounds came to."""

    rounds: int = 0
    acknowledged: set[int] = field(default_factory=set)
    compacted: int = 0
    lost: int = 0
    twice: int = 0
    halves: int = 0
    sums_differ: int = 0
    damaged: int = 0
    slowest: float = 0.0
    complaints: list[str] = field(default_factory=list)


def start(program: str, folder: Path, *words: str) -> Worker:
    argv = [sys.executable, "-c", program, str(folder), *words]
    worker = Worker(subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True))
    assert worker.process.stdout is not None
    worker.said.append(worker.process.stdout.readline())
    worker.listen()
    return worker


def one_round(folder: Path, number: int, tally: Tally) -> None:
    keepers = [start(KEEPER, folder) for _ in range(KEEPERS)]
    writers = [start(WRITER, folder, str((number * WRITERS + at) * 1_000_000)) for at in range(WRITERS)]
    time.sleep(random.uniform(*SECONDS))  # noqa: S311 - a moment of chance
    for keeper in keepers:
        for line in keeper.kill():
            words = line.split(maxsplit=1)
            tally.compacted += int(words[0]) if words[0].isdigit() else 0
            tally.complaints += words[1:] if words[0].isdigit() else [line]
    if number % 2:
        time.sleep(random.uniform(0, SECONDS[0]))  # noqa: S311 - as above
    for writer in writers:
        said = writer.kill()
        tally.acknowledged |= {int(line) for line in said if line.strip().isdigit()}
        tally.complaints += [line for line in said if not line.strip().isdigit()]
    judge(folder, tally)
    tally.rounds += 1


def judge(folder: Path, tally: Tally) -> None:
    began = time.perf_counter()
    with Streams(folder) as streams:
        data = streams.query("flow", columns=["sequence_num", "packets"]).data
        tally.slowest = max(tally.slowest, time.perf_counter() - began)
        numbers = data.column("sequence_num").to_pylist()
        rows = list(zip(numbers, data.column("packets").to_pylist(), strict=True))
        there = set(numbers)
        tally.lost += len(tally.acknowledged - there)
        tally.twice += len(rows) - len(set(rows))
        tally.halves += len(rows) != FLUSH * len(there)
        sums = [row["flows"] for row in streams.top("flow", by=["in_if"], of="flows")]
        tally.sums_differ += sum(sums) != len(rows)
        tally.damaged += len(streams.damaged)
    tally.acknowledged |= there  # what is there once must stay


def campaign(rounds: int) -> Tally:
    tally = Tally()
    with tempfile.TemporaryDirectory() as name:
        for number in range(rounds):
            one_round(Path(name), number, tally)
        with Streams(Path(name)) as streams:
            streams.compact(older_than=ALWAYS)
        judge(Path(name), tally)
    return tally


def main(rounds: int) -> None:
    tally = campaign(rounds)
    rows = {
        "rounds": tally.rounds,
        "processes killed": tally.rounds * (WRITERS + KEEPERS),
        "rows acknowledged": len(tally.acknowledged) * FLUSH,
        "rows compacted meanwhile": tally.compacted,
        "flushes lost": tally.lost,
        "rows twice": tally.twice,
        "flushes there by halves": tally.halves,
        "sums unlike their rows": tally.sums_differ,
        "files found damaged": tally.damaged,
        "complaints": len(tally.complaints),
        "slowest opening and reading of all, s": round(tally.slowest, 2),
    }
    for name, value in rows.items():
        sys.stdout.write(f"| {name} | {value:,} |\n")
    for line in tally.complaints[:10]:
        sys.stdout.write(line)
    sys.exit(any((tally.lost, tally.twice, tally.halves, tally.sums_differ, tally.damaged, tally.slowest > 5)))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100)
