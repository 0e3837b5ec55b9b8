"""Receiving flows: netloom beside nfcapd, nfacctd and goflow2, one after the other, from one sender.

usage: python -m benchmarks.telemetry flows [--flows N] [--rate N] [--goflow2 PATH] [--highest] [--only NAME]...

All get the same datagrams at the same pace (the slow ones fewer, more slowly) and write each flow to the disk. What
counts is the processor time from the moment they listen until they have ended, of all their processes and of the kernel
in their name, and that every flow that was sent is found again in what they wrote. With --highest the pace grows until
one is lost.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from netloom.store.segment import read_segment

SETTLE_S = 1.5
GROWTH = 1.25
BUFFER = 32 << 20
NFACCTD = """
daemonize: false
nfacctd_ip: 127.0.0.1
nfacctd_port: {port}
nfacctd_pipe_size: {buffer}
plugins: print[flows]
aggregate[flows]: src_host, dst_host, src_port, dst_port, proto, tos, tcpflags, in_iface, out_iface, src_as, dst_as, \
src_mask, dst_mask, peer_src_ip, peer_dst_ip, timestamp_start, timestamp_end
print_output[flows]: csv
print_output_file[flows]: {folder}/flows.csv
print_output_file_append[flows]: true
print_refresh_time[flows]: 1
print_cache_entries[flows]: 65537
plugin_buffer_size[flows]: 102400
plugin_pipe_size[flows]: 268435456
"""


@dataclass(frozen=True, slots=True)
class Program:
    """One that receives."""

    name: str
    argv: Callable[[Path, int], list[str]]
    count: Callable[[Path], int]
    """The flows that it wrote."""
    share: float = 1.0
    """Of the pace and the number of flows."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """One run."""

    sent: int
    stored: int
    seconds: float
    """Of processor."""
    octets: int


def netloom(compression: str) -> Program:
    """Ourselves, with a compression of the store's."""

    def argv(folder: Path, port: int) -> list[str]:
        return [sys.executable, "-m", "benchmarks.telemetry.flow_receiver", str(folder), str(port), compression]

    def count(folder: Path) -> int:
        segments = (folder / "store").rglob("*.arrows")
        return sum(batch.num_rows for path in segments for batch in read_segment(path).batches)

    return Program(f"netloom, {compression}", argv, count)


def nfcapd(compression: str, option: Sequence[str]) -> Program:
    """nfdump's collector."""

    def argv(folder: Path, port: int) -> list[str]:
        where = ["-w", str(folder), "-p", str(port), "-b", "127.0.0.1"]
        return ["nfcapd", *where, "-B", str(BUFFER), "-t", "86400", *option]

    def count(folder: Path) -> int:
        found = 0
        for path in folder.glob("nfcapd.*"):
            shown = subprocess.run(["nfdump", "-r", str(path), "-I"], capture_output=True, text=True, check=True).stdout
            found += next(int(line.split()[1]) for line in shown.splitlines() if line.startswith("Flows:"))
        return found

    return Program(f"nfcapd, {compression}", argv, count)


def nfacctd() -> Program:
    """pmacct's collector, every flow a line."""

    def argv(folder: Path, port: int) -> list[str]:
        (folder / "nfacctd.conf").write_text(NFACCTD.format(port=port, buffer=BUFFER, folder=folder))
        return ["nfacctd", "-f", str(folder / "nfacctd.conf")]

    def count(folder: Path) -> int:
        with (folder / "flows.csv").open("rb") as lines:
            return sum(line.count(b"\n") for line in iter(lambda: lines.read(1 << 20), b"")) - 1

    return Program("nfacctd, CSV", argv, count, 0.1)


def goflow2(path: str) -> Program:
    """goflow2, every flow a protobuf message."""

    def argv(folder: Path, port: int) -> list[str]:
        where = ["-listen", f"netflow://127.0.0.1:{port}", "-transport", "file"]
        return [
            path,
            *where,
            "-transport.file",
            str(folder / "flows.bin"),
            "-transport.file.sep",
            "",
            "-format",
            "bin",
            "-addr",
            "127.0.0.1:0",
        ]

    def count(folder: Path) -> int:
        data, at, found = (folder / "flows.bin").read_bytes(), 0, 0
        while at < len(data):
            size = shift = 0
            while True:  # a varint before each message
                octet = data[at]
                size |= (octet & 0x7F) << shift
                at, shift = at + 1, shift + 7
                if octet < 0x80:
                    break
            at, found = at + size, found + 1
        return found

    return Program("goflow2, protobuf", argv, count, 0.1)


def measure(program: Program, flows: int, rate: float) -> Outcome:
    """One run of a program."""
    with tempfile.TemporaryDirectory() as name:
        folder, port = Path(name), _free_port()
        with (folder / "output").open("wb") as output:
            process = subprocess.Popen(
                program.argv(folder, port), stdout=output, stderr=output, env=_environment(), start_new_session=True
            )
            _until_listening(port)
            time.sleep(0.5)
            before = _used(process.pid)
            sent = _send(port, flows, rate)
            time.sleep(SETTLE_S)
            usage = _ended(process)
        octets = sum(
            path.stat().st_size for path in folder.rglob("*") if path.is_file() and path.stat().st_size > 65_536
        )
        return Outcome(sent, program.count(folder), usage.ru_utime + usage.ru_stime - before, octets)


def _ended(process: subprocess.Popen[bytes]) -> resource.struct_rusage:
    """Stop it in peace, and by force where it does not; what it used with all its processes."""
    for number, patience in ((signal.SIGINT, 10), (signal.SIGTERM, 10), (signal.SIGKILL, 60)):
        (os.killpg if number == signal.SIGKILL else os.kill)(process.pid, number)
        until = time.monotonic() + patience
        while time.monotonic() < until:
            pid, _, usage = os.wait4(process.pid, os.WNOHANG)
            if pid:
                process.returncode = 0
                return usage
            time.sleep(0.05)
    raise SystemExit(f"process {process.pid} does not end")


def highest(program: Program, seconds: float, start: float) -> float:
    """The largest pace at which nothing was lost, in flows a second."""
    rate, best = start * program.share, 0.0
    while True:
        outcome = measure(program, int(rate * seconds), rate)
        if outcome.stored < outcome.sent:
            return best
        best, rate = rate, rate * GROWTH


def _send(port: int, flows: int, rate: float) -> int:
    argv = [sys.executable, "-m", "benchmarks.telemetry.flow_sender", str(port), str(flows), str(rate)]
    done = subprocess.run(argv, capture_output=True, text=True, check=True, env=_environment())
    sent: int = json.loads(done.stdout)["flows"]
    return sent


def _environment() -> dict[str, str]:
    return {**os.environ, "OPENBLAS_NUM_THREADS": "1"}


def _free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
    return port


def _until_listening(port: int) -> None:
    word = f":{port:04X} "
    for _ in range(600):
        if word in Path("/proc/net/udp").read_text() + Path("/proc/net/udp6").read_text():
            return
        time.sleep(0.05)
    raise SystemExit("the receiver does not listen")


def _used(pid: int) -> float:
    """Seconds of processor of a process and of its children that ended."""
    ticks = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:15]
    return sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK")


def programs(goflow2_path: str | None) -> list[Program]:
    """All that are here."""
    found = [netloom("lz4"), netloom("zstd"), netloom("none")]
    if shutil.which("nfcapd"):
        found += [nfcapd("lz4", ["-y"]), nfcapd("raw", [])]
    if shutil.which("nfacctd"):
        found.append(nfacctd())
    if goflow2_path:
        found.append(goflow2(goflow2_path))
    return found


def run(arguments: list[str]) -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.telemetry flows")
    parser.add_argument("--flows", type=float, default=5e6)
    parser.add_argument("--rate", type=float, default=5e5)
    parser.add_argument("--goflow2", default=shutil.which("goflow2"))
    parser.add_argument("--highest", action="store_true", help="look for the highest rate without loss")
    parser.add_argument("--only", action="append", default=[], help="a program's name begins so")
    asked = parser.parse_args(arguments)
    chosen = [each for each in programs(asked.goflow2) if not asked.only or each.name.startswith(tuple(asked.only))]
    print(f"load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")
    if asked.highest:
        for program in chosen:
            print(f"| {program.name} | {highest(program, 4, asked.rate) / 1e6:.2f} M flows/s |", flush=True)
        return
    print("| program | flows sent | stored | flows a second of processor | octets a flow |")
    print("| --- | ---: | ---: | ---: | ---: |")
    for program in chosen:
        outcome = measure(program, int(asked.flows * program.share), asked.rate * program.share)
        speed, size = outcome.stored / outcome.seconds / 1e6, outcome.octets / max(1, outcome.stored)
        print(f"| {program.name} | {outcome.sent} | {outcome.stored} | {speed:.2f} M | {size:.1f} |", flush=True)
