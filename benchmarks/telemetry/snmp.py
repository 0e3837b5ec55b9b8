"""Walking big tables: netloom beside net-snmp, gufo-snmp and pysnmp, asking one agent of answers encoded beforehand.

usage: python -m benchmarks.telemetry snmp [--peers PYTHON] [--rows N] [--repetitions N] [--runs N]

PEERS is the Python of an environment with gufo-snmp and pysnmp. All ask for the same columns with the same number of
rows at once; what counts is the client's processor time (of Python programs in the walk alone, of snmpbulkwalk whole,
as it comes and at its cheapest, without MIB files and with numbers only), the best of the runs. The last line is
netloom as it comes: it finds out itself how many rows fit an answer.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, NamedTuple, cast

from benchmarks.telemetry.snmp_responder import COLUMNS, IFX

from netloom.model.host import Access, SnmpAccess
from netloom.model.secret import Secret
from netloom.transports.snmp import SnmpSockets
from netloom.transports.snmp_pace import Limits

V3 = ["-v3", "-lauthPriv", "-ubench", "-aSHA", "-Aauthpass123", "-xAES", "-Xprivpass123"]
DEVICES = 2


class Cost(NamedTuple):
    """What a walk took."""

    values: int
    cpu_s: float
    wall_s: float


def run(arguments: list[str]) -> None:
    """Print a Markdown table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--peers")
    parser.add_argument("--rows", type=int, default=20_000)
    parser.add_argument("--repetitions", type=int, default=50)
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args(arguments)
    print("| version | client | values | client's CPU, µs a value | values a CPU second | wall, s |")
    print("| --- | --- | --- | --- | --- | --- |")
    with responder(options.rows) as ports:
        for version in ("v2c", "v3"):
            for name, walk in clients(version, ports, options).items():
                best = min((walk() for _ in range(options.runs)), key=lambda cost: cost.cpu_s / cost.values)
                each = best.cpu_s / best.values
                speed = f"{1e6 * each:.2f} | {1 / each:,.0f} | {best.wall_s:.2f}"
                print(f"| {version} | {name} | {best.values:,} | {speed} |", flush=True)
    print(f"\nload averages at the end {' '.join(f'{value:.1f}' for value in os.getloadavg())}")


@contextmanager
def responder(rows: int) -> Iterator[list[int]]:
    """The agent, a process of its own."""
    command = [sys.executable, "-m", "benchmarks.telemetry.snmp_responder", str(rows), str(DEVICES)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        ports = [int(port) for port in cast("IO[str]", process.stdout).readline().split()]
        yield ports
        process.kill()


def clients(version: str, ports: list[int], options: argparse.Namespace) -> dict[str, Callable[[], Cost]]:
    """Name → one walk of everything."""
    repetitions = options.repetitions
    alike = Limits(repetitions=repetitions, max_repetitions=repetitions, reply_octets=60_000)
    found: dict[str, Callable[[], Cost]] = {
        "netloom": lambda: asyncio.run(netloom(version, ports, alike)),
        "net-snmp (snmpbulkwalk -Onq)": lambda: net_snmp(version, ports, repetitions, ["-m", "", "-Onq"]),
        "net-snmp (snmpbulkwalk)": lambda: net_snmp(version, ports, repetitions, []),
    }
    if options.peers:
        script = str(Path(__file__).with_name("snmp_peers.py"))

        def peer(name: str, columns: tuple[int, ...], on: list[int]) -> Callable[[], Cost]:
            words = [name, version, str(repetitions), ",".join(map(str, columns)), *map(str, on)]
            return lambda: told([options.peers, script, *words])

        found["gufo-snmp (async)"] = peer("gufo", COLUMNS, ports)
        # A seventieth of the speed: one column of one device shows it as well.
        found["pysnmp (one column)"] = peer("pysnmp", COLUMNS[1:2], ports[:1])
        if version == "v3":  # its encryption needs a package more
            del found["pysnmp (one column)"]
    found["netloom, its own pace"] = lambda: asyncio.run(netloom(version, ports, Limits()))
    return found


async def netloom(version: str, ports: list[int], limits: Limits) -> Cost:
    """Each device's columns at once, over one socket."""
    sockets = SnmpSockets()
    used, began = time.process_time(), time.perf_counter()
    agents = [await sockets.open(_access(version, port), limits=limits) for port in ports]
    columns = [f"{IFX}.{number}" for number in COLUMNS]
    walks = await asyncio.gather(*(agent.walk(columns) for agent in agents))
    cost = time.process_time() - used, time.perf_counter() - began
    sockets.close()
    return Cost(sum(len(rows) for walk in walks for rows in walk.values()), *cost)


def _access(version: str, port: int) -> Access:
    if version == "v2c":
        snmp = SnmpAccess(version="2c", port=port, community=Secret("public"))
    else:
        snmp = SnmpAccess(
            port=port,
            user="bench",
            auth_protocol="SHA",
            auth_password=Secret("authpass123"),
            privacy_password=Secret("privpass123"),
        )
    return Access(name=f"r{port}", address="127.0.0.1", platform="frr", snmp=snmp)


def net_snmp(version: str, ports: list[int], repetitions: int, options: list[str]) -> Cost:
    """A process for each column, eight at once."""
    how = ["-v2c", "-cpublic"] if version == "v2c" else V3
    used, began, values = _children(), time.perf_counter(), 0
    for port in ports:
        started = [
            subprocess.Popen(
                ["snmpbulkwalk", *how, *options, f"-Cr{repetitions}", f"127.0.0.1:{port}", f"{IFX}.{column}"],
                stdout=subprocess.PIPE,
            )
            for column in COLUMNS
        ]
        for process in started:
            values += process.communicate()[0].count(b"\n")
    return Cost(values, _children() - used, time.perf_counter() - began)


def told(command: list[str]) -> Cost:
    """What a client says of itself."""
    values, cpu, wall = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
    return Cost(int(values), float(cpu), float(wall))


def _children() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime
