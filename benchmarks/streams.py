"""Flows in the store beside nfdump: the same flows in both, their room on the disk, and five questions.

usage: python benchmarks/streams.py [flows] [folder with nfdump and nfcapd]

A day of flows: 8 exporters, a fifth IPv6, 20,000 hosts inside and 200,000 outside of which few make most traffic, TCP
and UDP, sampled 1 in 1. netloom gets them as columns, nfcapd as NetFlow 9, an hour at a time, so that both have a file
an hour; nfcapd compresses with LZ4, which Debian's build does instead of Zstandard. Times are medians of wall and
processor time; the engine is warm, as it is in a process that answers a page, and nfdump's files are in memory.
"""

from __future__ import annotations

import os
import resource
import shutil
import signal
import socket
import statistics
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from netloom.model.filter import parse_filter
from netloom.store.streams import Streams

DAY = datetime(2026, 11, 19, tzinfo=UTC)
ALWAYS = datetime(2100, 1, 1, tzinfo=UTC)
HOURS = 24
PER_DATAGRAM = 19
BATCH = 1 << 17
RUNS = 3

SERVICES = np.array([443, 443, 443, 80, 53, 53, 22, 123, 8443, 3306, 25, 5060, 993, 3389, 445, 8080], np.uint16)
MAPPED = np.uint64(0xFFFF << 32)


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def hour_of_flows(hour: int, count: int) -> pa.Table:
    """The flows of one hour, in order of time."""
    draw = np.random.default_rng(hour + 1)
    start = int((DAY + timedelta(hours=hour)).timestamp()) * 10**9
    datagram = np.arange(count) // PER_DATAGRAM
    received = start + datagram * (3600 * 10**9 // (count // PER_DATAGRAM + 1))
    six, out, tcp = draw.random(count) < 0.2, draw.random(count) < 0.5, draw.random(count) < 0.75
    inside = (draw.random(count) ** 3 * 20_000).astype(np.uint64)
    outside = (draw.random(count) ** 4 * 200_000).astype(np.uint64)
    client = draw.integers(32_768, 60_768, count).astype(np.uint16)
    service = SERVICES[draw.integers(0, 16, count)]
    size = np.exp(4 + draw.random(count) * draw.random(count) * 11)
    ended = (received // 10**6 - draw.exponential(8000, count).astype(np.int64)) * 10**6
    began = ended - draw.exponential(4000, count).astype(np.int64) * 10**6
    ours = (np.where(six, 0x20010DB8 << 32, 0), np.where(six, inside, MAPPED + np.uint64(0x0A000000) + inside))
    theirs = (np.where(six, 0x2A000000 << 32, 0), np.where(six, outside, MAPPED + np.uint64(3405603776) + outside))
    inner, border, system = inside % 20 + 1, 100 + outside % 4, 1000 + outside % 2000
    exporter = draw.integers(1, 9, count).astype(np.uint64)
    columns = {
        "type": pa.repeat("NETFLOW_V9", count),
        "time_received_ns": moments(received),
        "time_flow_start_ns": moments(began),
        "time_flow_end_ns": moments(ended),
        "sampler_address": addresses(np.zeros(count), MAPPED + np.uint64(0xC0000200) + exporter),
        "observation_domain_id": pa.array(np.zeros(count, np.uint32)),
        "sequence_num": pa.array(datagram.astype(np.uint32)),
        "sampling_rate": pa.array(np.ones(count)),
        "sampling_source": pa.repeat("option", count),
        "bytes": pa.array(np.maximum(40, size).astype(np.uint64)),
        "packets": pa.array(np.maximum(1, size / 700).astype(np.uint64)),
        "src_addr": addresses(*(np.where(out, one, other) for one, other in zip(ours, theirs, strict=True))),
        "dst_addr": addresses(*(np.where(out, other, one) for one, other in zip(ours, theirs, strict=True))),
        "src_port": pa.array(np.where(out, client, service)),
        "dst_port": pa.array(np.where(out, service, client)),
        "proto": pa.array(np.where(tcp, 6, 17).astype(np.uint8)),
        "etype": pa.array(np.where(six, 34525, 2048).astype(np.uint16)),
        "tcp_flags": pa.array((27 - inside % 2).astype(np.uint16), mask=~tcp),
        "ip_tos": pa.array(np.where(service == 5060, 184, 0).astype(np.uint8)),
        "in_if": pa.array(np.where(out, inner, border).astype(np.uint32)),
        "out_if": pa.array(np.where(out, border, inner).astype(np.uint32)),
        "src_as": pa.array(np.where(out, 64_500, system).astype(np.uint32)),
        "dst_as": pa.array(np.where(out, system, 64_500).astype(np.uint32)),
    }
    return pa.table(columns)


def addresses(high: Any, low: Any) -> Any:
    """Addresses of their upper and lower 64 bits."""
    both = np.empty((len(low), 2), ">u8")
    both[:, 0], both[:, 1] = high, low
    return pa.Array.from_buffers(pa.binary(16), len(low), [None, pa.py_buffer(both.tobytes())]).cast(pa.uuid())


def moments(nanoseconds: Any) -> Any:
    return pa.array(nanoseconds.astype(np.int64)).view(pa.timestamp("ns"))


def fill(streams: Streams, flows: Iterator[pa.Table]) -> tuple[float, float]:
    """Processor seconds of appending and of compaction."""
    appended = compacted = 0.0
    with streams.writer("flow") as writer:
        for table in flows:
            began = time.process_time()
            for batch in table.combine_chunks().to_batches(BATCH):
                writer.append(batch)
                writer.flush()
            appended += time.process_time() - began
            began = time.process_time()
            streams.compact(older_than=ALWAYS)
            compacted += time.process_time() - began
    return appended, compacted


# NetFlow 9 (RFC 3954): addresses, last and first switched, bytes, packets, interfaces, AS numbers, ports, protocol,
# flags, class.
COMMON = {
    "time_flow_end_ns": (21, 4), "time_flow_start_ns": (22, 4), "bytes": (1, 8), "packets": (2, 8), "in_if": (10, 4),
    "out_if": (14, 4), "src_as": (16, 4), "dst_as": (17, 4), "src_port": (7, 2), "dst_port": (11, 2), "proto": (4, 1),
    "tcp_flags": (6, 1), "ip_tos": (5, 1),
}  # fmt: skip
FIELDS = {
    4: {"src_addr": (8, 4), "dst_addr": (12, 4), **COMMON},
    6: {"src_addr": (27, 16), "dst_addr": (28, 16), **COMMON},
}


def template(version: int) -> bytes:
    fields = FIELDS[version].values()
    return struct.pack(">HH", 256 + version, len(fields)) + b"".join(struct.pack(">HH", *each) for each in fields)


TEMPLATES = template(4) + template(6)


def datagrams(table: pa.Table) -> Iterator[bytes]:
    """Each exporter's, templates first."""
    boot = int(DAY.timestamp()) * 1000 - 86_400_000
    for exporter in range(1, 9):
        yield header(2, 0, exporter, 0) + struct.pack(">HH", 0, 4 + len(TEMPLATES)) + TEMPLATES
    codes = np.frombuffer(table.column("sampler_address").combine_chunks().storage.buffers()[1], np.uint8)[15::16]
    six = table.column("etype").to_numpy() == 34525
    sequence = dict.fromkeys(range(1, 9), 1)
    for exporter in range(1, 9):
        for version in (4, 6):
            some = table.filter(pa.array((codes == exporter) & (six == (version == 6))))
            seconds = some.column("time_received_ns").cast(pa.int64()).to_numpy() // 10**9
            packed = records(some, version, boot)
            for at in range(0, len(packed), PER_DATAGRAM):
                held = packed[at : at + PER_DATAGRAM]
                head = header(len(held), sequence[exporter], exporter, int(seconds[at]))
                yield head + data_set(version, held.tobytes())
                sequence[exporter] += 1


def records(some: pa.Table, version: int, boot: int) -> Any:
    """NetFlow 9's records, one after the other."""
    kinds = [
        (name, f"V{size}" if name.endswith("addr") else f">u{size}") for name, (_, size) in FIELDS[version].items()
    ]
    found = np.zeros(some.num_rows, np.dtype(kinds))
    for name, (_, size) in FIELDS[version].items():
        column = some.column(name).combine_chunks()
        if name.endswith("addr"):
            octets = np.frombuffer(column.storage.buffers()[1], np.uint8).reshape(-1, 16)[:, 16 - size :]
            found[name] = np.ascontiguousarray(octets).view(f"V{size}")[:, 0]
        elif name.startswith("time"):
            found[name] = column.cast(pa.int64()).to_numpy() // 10**6 - boot
        else:
            found[name] = column.fill_null(0).to_numpy()
    return found


def header(count: int, sequence: int, domain: int, seconds: int) -> bytes:
    moment = seconds or int(DAY.timestamp())
    return struct.pack(">HHIIII", 9, count, (moment - int(DAY.timestamp()) + 86_400) * 1000, moment, sequence, domain)


def data_set(version: int, body: bytes) -> bytes:
    padding = -len(body) % 4
    return struct.pack(">HH", 256 + version, 4 + len(body) + padding) + body + bytes(padding)


def capture(tools: Path, folder: Path, hour: int, table: pa.Table) -> int:
    """An hour of flows through nfcapd into its own file, and how many it has."""
    part = folder / f"part{hour}"
    part.mkdir(parents=True)
    port = 19000 + os.getpid() % 1000
    argv = [str(tools / "nfcapd"), "-w", str(part), "-p", str(port), "-b", "127.0.0.1", "-y", "-B", "8000000"]
    argv += ["-t", "86400"]
    with subprocess.Popen(argv, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL) as process:
        time.sleep(0.5)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
            for number, datagram in enumerate(datagrams(table)):
                sender.sendto(datagram, ("127.0.0.1", port))
                if number % 20 == 0:
                    while queued(port) > 50_000:
                        time.sleep(0.001)
        while queued(port):
            time.sleep(0.01)
        time.sleep(0.5)
        process.send_signal(signal.SIGTERM)
        process.wait()
    files = [path for path in part.iterdir() if path.name.startswith("nfcapd.")]
    target = folder / f"nfcapd.{(DAY + timedelta(hours=hour)).strftime('%Y%m%d%H%M')}"
    files[0].rename(target)
    shutil.rmtree(part)
    shown = subprocess.run(
        [str(tools / "nfdump"), "-r", str(target), "-I"], capture_output=True, text=True, check=True
    ).stdout
    return next(int(line.split()[1]) for line in shown.splitlines() if line.startswith("Flows:"))


def queued(port: int) -> int:
    """Bytes that a socket has not been asked for yet."""
    lines = Path("/proc/net/udp").read_text(encoding="ascii").splitlines()[1:]
    found = [line.split() for line in lines]
    return sum(int(words[4].split(":")[1], 16) for words in found if int(words[1].split(":")[1], 16) == port)


def timed(label: str, netloom: Callable[[], Any], nfdump: Callable[[], Any] | None) -> None:
    times: dict[str, list[float]] = {"wall": [], "cpu": [], "peer wall": [], "peer cpu": []}
    netloom()
    for _ in range(RUNS):
        began, cpu = time.perf_counter(), time.process_time()
        netloom()
        times["wall"].append(time.perf_counter() - began)
        times["cpu"].append(time.process_time() - cpu)
        if nfdump is None:
            continue
        began, used = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
        nfdump()
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        times["peer wall"].append(time.perf_counter() - began)
        times["peer cpu"].append(after.ru_utime + after.ru_stime - used.ru_utime - used.ru_stime)
    shown = {name: f"{statistics.median(found) * 1000:.0f}" if found else "" for name, found in times.items()}
    say(f"| {label} | {shown['wall']} | {shown['cpu']} | {shown['peer wall']} | {shown['peer cpu']} |")


def questions(streams: Streams, peer: Callable[..., Any] | None) -> None:
    last = DAY + timedelta(hours=HOURS - 1)
    hour = f"nfcapd.{last.strftime('%Y%m%d%H%M')}"

    def ask(*words: str, only: str | None = None) -> Callable[[], Any] | None:
        return None if peer is None else lambda: peer(*words, only=only)

    say("| question | netloom wall ms | netloom CPU ms | nfdump wall ms | nfdump CPU ms |")
    say("| --- | ---: | ---: | ---: | ---: |")
    timed(
        "top 10 sources, last hour",
        lambda: streams.top("flow", by=["src_addr"], of="bytes", since=last),
        ask("-s", "srcip/bytes", "-n", "10", only=hour),
    )
    timed(
        "bytes per interface and 5 minutes",
        lambda: streams.series("flow", step=timedelta(minutes=5), by=["sampler_address", "in_if"], of="bytes"),
        ask("-A", "inif", "-o", "csv"),
    )
    timed(
        "the same from single flows",
        lambda: streams.series(
            "flow", parse_filter("src_port>=0"), step=timedelta(minutes=5), by=["sampler_address", "in_if"], of="bytes"
        ),
        None,
    )
    timed(
        "prefix and port, by source",
        lambda: streams.top("flow", parse_filter("dst_addr in 10.0.16.0/20 src_port=443"), by=["src_addr"], of="bytes"),
        ask("-s", "srcip/bytes", "-n", "10", "dst net 10.0.16.0/20 and src port 443"),
    )
    timed(
        "top 10 pairs",
        lambda: streams.top("flow", by=["src_addr", "dst_addr"], of="bytes"),
        ask("-A", "srcip,dstip", "-O", "bytes", "-n", "10"),
    )
    timed(
        "top 10 sources", lambda: streams.top("flow", by=["src_addr"], of="bytes"), ask("-s", "srcip/bytes", "-n", "10")
    )


def main(count: int, tools: Path | None) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        each = count // HOURS
        with Streams(folder / "store") as streams:
            seen = []

            def flows() -> Iterator[pa.Table]:
                for hour in range(HOURS):
                    table = hour_of_flows(hour, each)
                    if tools is not None:
                        seen.append(capture(tools, folder / "nf", hour, table))
                    yield table

            appended, compacted = fill(streams, flows())
            rows = each * HOURS
            raw = sum(path.stat().st_size for path in (folder / "store").glob("streams/flows/hour=*/*.parquet"))
            sums = sum(path.stat().st_size for path in (folder / "store").glob("streams/flows/*-*/hour=*/*.parquet"))
            say(
                f"{rows} flows, a core's: appended {rows / appended / 1e6:.2f} M/s,"
                f" compacted {rows / compacted / 1e6:.2f} M/s"
            )
            say(f"{raw / rows:.1f} bytes a flow, and {sums / rows:.1f} for all summaries")

            peer = None
            if tools is not None:
                size = sum(path.stat().st_size for path in (folder / "nf").iterdir())
                say(f"nfdump, LZ4: {sum(seen)} flows ({sum(seen) / rows:.2%}), {size / sum(seen):.1f} bytes a flow")

                def peer(*words: str, only: str | None = None) -> Any:
                    where = ["-r", str(folder / "nf" / only)] if only else ["-R", str(folder / "nf")]
                    return subprocess.run([str(tools / "nfdump"), *where, *words], capture_output=True, check=True)

            questions(streams, peer)
            if tools is not None:
                for path in (folder / "nf").iterdir():  # last, for questions are slower then
                    argv = [str(tools / "nfdump"), "-J", "2", "-r", str(path)]
                    subprocess.run(argv, capture_output=True, check=False)
                size = sum(path.stat().st_size for path in (folder / "nf").iterdir())
                say(f"nfdump, bzip2: {size / sum(seen):.1f} bytes a flow")


if __name__ == "__main__":
    main(int(float(sys.argv[1])) if len(sys.argv) > 1 else 10_000_000, Path(sys.argv[2]) if len(sys.argv) > 2 else None)
