"""Syslog received, taken apart and stored: netloom beside rsyslog, one sender, messages per CPU second.

usage: python -m benchmarks.telemetry syslog [--messages N] [--rate N] [--only netloom|rsyslog] [--tcp]

The messages are of network devices: Cisco's, Juniper's, Arista's forms, RFC 3164 and RFC 5424; one in twenty is an
event (a link, a neighbor, a login), one in five hundred quotes a command
with a secret. netloom stores all fields in columns,
compressed with LZ4 and synced to the disk, hides the secrets and recognises the events; rsyslog parses the header and
writes a JSON line a message with its fields, unsynced. Over UDP the sender keeps to the rate and what is lost is told;
over TCP nothing is.
"""

from __future__ import annotations

import argparse
import asyncio
import multiprocessing
import os
import random
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

TICK = os.sysconf("SC_CLK_TCK")
CORPUS = Path(__file__).with_name("syslog_messages.txt")


def messages(count: int, seed: int = 1) -> list[bytes]:
    """So many messages of now."""
    rng = random.Random(seed)  # noqa: S311 - the same messages for the same seed
    now = time.gmtime()
    stamp, iso = time.strftime("%b %e %H:%M:%S", now), time.strftime("%Y-%m-%dT%H:%M:%S", now)
    kinds: dict[str, list[str]] = {}
    for line in CORPUS.read_text().splitlines():
        kind, _, form = line.partition("\t")
        kinds.setdefault(kind, []).append(form)
    found = []
    for n in range(count):
        draw = rng.random()
        kind = "secret" if draw < 0.002 else "event" if draw < 0.05 else "plain"
        words = {"n": n, "a": rng.randrange(64), "b": rng.randrange(1024, 65000), "ms": rng.randrange(1000)}
        found.append(rng.choice(kinds[kind]).format(stamp=stamp, iso=iso, year=now.tm_year, **words).encode())
    return found


def send(port: int, count: int, rate: float, *, tcp: bool) -> None:
    """The sender: one process, one socket."""
    some = messages(min(count, 50_000))
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM if tcp else socket.SOCK_DGRAM) as sender:
        sender.connect(("127.0.0.1", port))
        start = time.monotonic()
        for at in range(0, count, 100):
            chunk = [some[number % len(some)] for number in range(at, min(at + 100, count))]
            if tcp:
                sender.sendall(b"".join(each + b"\n" for each in chunk))
                continue
            for each in chunk:
                sender.send(each)
            ahead = at / rate - (time.monotonic() - start)
            if ahead > 0:
                time.sleep(ahead)


@dataclass(slots=True)
class Outcome:
    """What a receiver did."""

    name: str
    stored: int
    cpu_s: float
    seconds: float
    octets: int
    """On the disk."""

    def line(self, sent: int) -> str:
        """For people."""
        rate = self.stored / self.cpu_s if self.cpu_s else 0
        return (
            f"{self.name:8} {self.stored:9,} of {sent:,} stored, {rate:9,.0f} per CPU second"
            f" ({1e6 * self.cpu_s / max(1, self.stored):.1f} µs each), {self.octets / max(1, self.stored):.0f} B each,"
            f" {self.seconds:.1f} s"
        )


def _collect(folder: Path, port: int, tcp: bool, ready: Any, done: Any) -> None:
    import uvloop  # noqa: PLC0415 - in the receiver's process alone

    from netloom.collectors.contract import Context  # noqa: PLC0415 - as above
    from netloom.collectors.health import Health  # noqa: PLC0415 - as above
    from netloom.collectors.site import Site  # noqa: PLC0415 - as above
    from netloom.collectors.syslog.run import collector  # noqa: PLC0415 - as above
    from netloom.collectors.syslog.settings import SyslogSettings  # noqa: PLC0415 - as above
    from netloom.store.streams import Streams  # noqa: PLC0415 - as above

    class Nobody:
        def __iter__(self) -> Iterator[Any]:
            return iter(())

        def access(self, host: Any) -> Any:
            raise AssertionError(host)

    settings = SyslogSettings(listen=(f"{'tcp' if tcp else 'udp'}://127.0.0.1:{port}",), rate_limit=0.0)
    streams = Streams(folder)
    context = Context(
        settings=settings,
        folder=folder,
        writer=streams.writer,
        health=Health(),
        site=Site(),
        devices=Nobody(),
        key=b"k" * 32,
    )

    async def run() -> None:
        running = collector(context)
        task = asyncio.create_task(running.run())
        while not context.health.is_ready:  # noqa: ASYNC110 - a benchmark
            await asyncio.sleep(0.01)
        before = time.process_time()
        ready.set()
        await asyncio.to_thread(done.wait)
        running.stop()
        await task
        report = {(name, tuple(labels.items())): value for name, labels, value in context.health.report()["totals"]}
        text = f"{time.process_time() - before} {report['stored_records_total', (('stream', 'log'),)]}"
        (folder / "outcome").write_text(text)

    uvloop.run(run())


def netloom(count: int, rate: float, *, tcp: bool) -> Outcome:
    """The collector, in a process of its own."""
    with tempfile.TemporaryDirectory() as name:
        folder, context = Path(name), multiprocessing.get_context("spawn")
        ready, done, port = context.Event(), context.Event(), _free_port()
        receiver = context.Process(target=_collect, args=(folder, port, tcp, ready, done))
        receiver.start()
        if not ready.wait(30):
            receiver.terminate()
            raise SystemExit("the collector does not start")
        start = time.monotonic()
        sender = context.Process(target=send, args=(port, count, rate), kwargs={"tcp": tcp})
        sender.start()
        sender.join()
        done.set()
        receiver.join()
        cpu, stored = (folder / "outcome").read_text().split()
        octets = sum(path.stat().st_size for path in folder.rglob("*.arrows"))
        return Outcome("netloom", int(float(stored)), float(cpu), time.monotonic() - start, octets)


RSYSLOG = """
module(load="imudp" TimeRequery="8")
{tcp}global(workDirectory="{folder}" maxMessageSize="8k")
main_queue(queue.size="2000000" queue.workerThreads="1")
template(name="fields" type="list" option.jsonf="on") {{
  property(outname="received" name="timegenerated" dateFormat="rfc3339" format="jsonf")
  property(outname="timestamp" name="timereported" dateFormat="rfc3339" format="jsonf")
  property(outname="source" name="fromhost-ip" format="jsonf")
  property(outname="facility" name="syslogfacility-text" format="jsonf")
  property(outname="severity" name="syslogseverity-text" format="jsonf")
  property(outname="hostname" name="hostname" format="jsonf")
  property(outname="appname" name="programname" format="jsonf")
  property(outname="procid" name="procid" format="jsonf")
  property(outname="msgid" name="msgid" format="jsonf")
  property(outname="data" name="structured-data" format="jsonf")
  property(outname="message" name="msg" format="jsonf")
  property(outname="original" name="rawmsg" format="jsonf")
}}
input(type="{kind}" port="{port}" address="127.0.0.1"{more})
action(type="omfile" file="{folder}/out.json" template="fields" ioBufferSize="64k" flushOnTXEnd="off")
"""


@contextmanager
def _rsyslogd(folder: Path, port: int, *, tcp: bool) -> Iterator[subprocess.Popen[bytes]]:
    config = folder / "rsyslog.conf"
    more = "" if tcp else ' rcvbufSize="16m"'
    config.write_text(
        RSYSLOG.format(
            tcp='module(load="imptcp")\n' if tcp else "",
            folder=folder,
            port=port,
            kind="imptcp" if tcp else "imudp",
            more=more,
        )
    )
    argv = [shutil.which("rsyslogd") or "/usr/sbin/rsyslogd", "-n", "-f", str(config), "-i", str(folder / "pid")]
    with subprocess.Popen(argv) as daemon:
        try:
            yield daemon
        finally:
            daemon.terminate()


def rsyslog(count: int, rate: float, *, tcp: bool) -> Outcome:
    """Debian's rsyslogd with a configuration that does the like."""
    with tempfile.TemporaryDirectory() as name:
        folder, port = Path(name), _free_port()
        with _rsyslogd(folder, port, tcp=tcp) as daemon:
            time.sleep(1)
            before, start = _cpu(daemon.pid), time.monotonic()
            sender = multiprocessing.get_context("spawn").Process(
                target=send, args=(port, count, rate), kwargs={"tcp": tcp}
            )
            sender.start()
            sender.join()
            cpu = _settled(daemon.pid)
            took = time.monotonic() - start
        out = folder / "out.json"
        stored = sum(block.count(b"\n") for block in iter(_blocks(out)))
        return Outcome("rsyslog", stored, cpu - before, took, out.stat().st_size)


def _blocks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            yield block


def _cpu(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICK


def _settled(pid: int) -> float:
    """Its CPU seconds when it does nothing more."""
    last = -1.0
    while (now := _cpu(pid)) != last:
        last = now
        time.sleep(1)
    return now


def _free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def run(arguments: list[str]) -> None:
    """Print a line a receiver."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.telemetry syslog")
    parser.add_argument("--messages", type=int, default=500_000)
    parser.add_argument("--rate", type=float, default=60_000.0)
    parser.add_argument("--only", choices=("netloom", "rsyslog"))
    parser.add_argument("--tcp", action="store_true")
    asked = parser.parse_args(arguments)
    if asked.only != "rsyslog":
        print(netloom(asked.messages, asked.rate, tcp=asked.tcp).line(asked.messages))
    if asked.only != "netloom" and (shutil.which("rsyslogd") or Path("/usr/sbin/rsyslogd").exists()):
        print(rsyslog(asked.messages, asked.rate, tcp=asked.tcp).line(asked.messages))
