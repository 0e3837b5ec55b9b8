"""sFlow samples received, decoded and stored: netloom beside sfcapd, on the same sender, in the same run.

usage: python -m benchmarks.telemetry sflow [--samples N] [--rate N] [--rounds N]

Each stores lz4. What counts is processor time of the whole process, so that others on the machine disturb little; a
round in which a sample is missing is told so.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any, cast

import numpy as np
from benchmarks.fuzz import sflow as made
from benchmarks.telemetry.flow_sender import Sender
from benchmarks.telemetry.flow_traffic import EXPORTERS, WIDTH
from numpy.typing import NDArray

DATAGRAMS = 8192
_SEQUENCE = 16
"""Where a datagram of an IPv4 agent has its sequence number."""


@dataclass(frozen=True, slots=True)
class Sampled:
    """A set of datagrams, as `flow_sender.Sender` takes them; row i of each array is of one."""

    data: NDArray[np.uint8]
    lengths: NDArray[np.int64]
    exporters: NDArray[np.int64]
    flows: NDArray[np.int64]
    templates: list[tuple[int, bytes]]

    def renumber(self, sent: NDArray[np.int64]) -> NDArray[np.int64]:
        """Give each datagram the sequence number that is its turn, and return each agent's next one."""
        following = sent.copy()
        for exporter in range(EXPORTERS):
            rows = np.flatnonzero(self.exporters == exporter)
            numbers = (sent[exporter] + 1 + np.arange(len(rows))).astype(">u4")
            self.data[rows, _SEQUENCE : _SEQUENCE + 4] = numbers.view(np.uint8).reshape(-1, 4)
            following[exporter] += len(rows)
        return following


def traffic(count: int = DATAGRAMS, seed: int = 1) -> Sampled:
    """What switches send: seven samples of 128 octets a datagram, a half tagged, a fifth IPv6, most of it TCP."""
    rng = Random(seed)  # noqa: S311 - the same traffic each time
    data, lengths = np.zeros((count, WIDTH), np.uint8), np.zeros(count, np.int64)
    exporters = np.array([rng.randrange(EXPORTERS) for _ in range(count)])
    for row, exporter in enumerate(exporters.tolist()):
        samples = [_sample(rng) for _ in range(7)]
        octets = made.datagram(*samples, agent=made.u32(1) + bytes((10, 0, 0, 1 + exporter)))
        data[row, : len(octets)] = np.frombuffer(octets, np.uint8)
        lengths[row] = len(octets)
    return Sampled(data, lengths, exporters, np.full(count, 7), [])


def _sample(rng: Random) -> bytes:
    proto, payload = (6, made.tcp(rng.choice((0x10, 0x18, 0x02)))) if rng.random() < 0.75 else (17, made.udp())
    is_ipv6 = rng.random() < 0.2
    body = bytearray((made.ipv6 if is_ipv6 else made.ipv4)(proto, payload + bytes(80)))
    at = 8 if is_ipv6 else 12
    size = 32 if is_ipv6 else 8
    body[at + size // 2 - 2 : at + size // 2] = rng.randbytes(2)
    body[at + size - 2 : at + size] = rng.randbytes(2)
    body[at + size : at + size + 4] = (443).to_bytes(2) + rng.randrange(32_768, 60_000).to_bytes(2)
    tags = ((0x8100, rng.randrange(1, 50)),) if rng.random() < 0.5 else ()
    header = made.ethernet(0x86DD if is_ipv6 else 0x0800, bytes(body), tags)[:128]
    interfaces = (rng.randrange(1, 49), rng.randrange(1, 49))
    return made.sample(1, made.compact(1024, 0, interfaces), (1, made.sampled(header, frame=rng.randrange(64, 1519))))


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one receiver did."""

    stored: int
    seconds: float
    octets: int
    """On the disk."""


def netloom(port: int, folder: Path, samples: int, rate: float) -> tuple[Outcome, int]:
    """The flow collector; its outcome, and how many samples were sent to it."""
    command = [sys.executable, "-m", "benchmarks.telemetry.flow_receiver", str(folder), str(port)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        process.stdout.readline()
        sent = _send(port, samples, rate)
        time.sleep(1)
        process.send_signal(signal.SIGTERM)
        told = json.loads(process.stdout.readlines()[-1])
    stored = sum(
        value
        for name, labels, value in told["totals"]
        if name == "stored_records_total" and labels == {"stream": "flow"}
    )
    return Outcome(int(stored), told["seconds"], _size(folder / "store")), sent


def sfcapd(port: int, folder: Path, samples: int, rate: float) -> tuple[Outcome, int]:
    """nfdump's collector; as above."""
    command = ["sfcapd", "-b", "127.0.0.1", "-p", str(port), "-w", str(folder), "-t", "3600", "-y", "-B", str(32 << 20)]
    log = folder.with_suffix(".log")
    with log.open("w") as words:
        process = subprocess.Popen(command, stdout=words, stderr=words)
        time.sleep(1)
        sent = _send(port, samples, rate)
        time.sleep(1)
        process.send_signal(signal.SIGTERM)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    files = [path for path in folder.rglob("nfcapd.*") if path.is_file()]
    stored = 0
    for path in files:
        shown = subprocess.run(["nfdump", "-r", path, "-I"], capture_output=True, text=True, check=True).stdout
        stored += sum(int(number) for number in re.findall(r"^Flows: (\d+)", shown, re.MULTILINE))
    return Outcome(stored, usage.ru_utime + usage.ru_stime, _size(folder)), sent


def _send(port: int, samples: int, rate: float) -> int:
    command = [sys.executable, "-m", "benchmarks.telemetry.sflow", str(port), str(samples), str(rate)]
    told = subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True).stdout
    return int(json.loads(told)["flows"])


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def _free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def run(arguments: list[str]) -> None:
    """Measure, and print one line a receiver and round."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.telemetry sflow")
    parser.add_argument("--samples", type=int, default=1_000_000)
    parser.add_argument("--rate", type=float, default=100_000)
    parser.add_argument("--rounds", type=int, default=2)
    asked = parser.parse_args(arguments)
    receivers = {"netloom": netloom} | ({"sfcapd": sfcapd} if shutil.which("sfcapd") else {})
    best: dict[str, float] = {}
    for _ in range(asked.rounds):
        for name, receive in receivers.items():
            with tempfile.TemporaryDirectory(prefix="netloom-sflow-") as folder:
                (place := Path(folder) / "store").mkdir()
                found, sent = receive(_free_port(), place, asked.samples, asked.rate)
            per_second = found.stored / found.seconds
            best[name] = max(best.get(name, 0), per_second)
            lost = sent - found.stored
            print(
                f"{name}: {sent} samples sent at {asked.rate:.0f}/s, {lost} lost, {found.seconds:.2f} s of processor,"
                f" {per_second / 1e6:.3f} M samples/s of one, {found.octets / max(1, found.stored):.1f} octets each",
                flush=True,
            )
    if len(best) == 2:
        print(f"netloom does {best['netloom'] / best['sfcapd']:.1f} times as many samples as sfcapd", flush=True)
    else:
        print("sfcapd is not installed (nfdump-sflow)", flush=True)


def main() -> None:
    """Send: PORT SAMPLES RATE."""
    port, samples, rate = int(sys.argv[1]), int(float(sys.argv[2])), float(sys.argv[3])
    sender = Sender(cast("Any", traffic()), port)
    began = time.perf_counter()
    datagrams, done = sender.send(samples, rate)
    print(json.dumps({"datagrams": datagrams, "flows": done, "seconds": time.perf_counter() - began}))


if __name__ == "__main__":
    main()
