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

import duckdb
import pyarrow as pa

from netloom.model.filter import parse_filter
from netloom.store.streams import Streams

DAY = datetime(2026, 11, 19, tzinfo=UTC)
ALWAYS = datetime(2100, 1, 1, tzinfo=UTC)
HOURS = 24
PER_DATAGRAM = 19
BATCH = 1 << 17
RUNS = 3

FLOWS = """
SELECT setseed({seed});
CREATE OR REPLACE TEMP TABLE drawn AS SELECT
  i,
  {start} + (i // {per}) * (3600000000000 // ({count} // {per} + 1)) AS received,
  floor(random() * 8)::UINTEGER AS exporter,
  random() < 0.2 AS six,
  random() < 0.5 AS out,
  floor(pow(random(), 3) * 20000)::UINTEGER AS inside,
  floor(pow(random(), 4) * 200000)::UINTEGER AS outside,
  floor(random() * 28000 + 32768)::USMALLINT AS client,
  [443, 443, 443, 80, 53, 53, 22, 123, 8443, 3306, 25, 5060, 993, 3389, 445, 8080]
    [1 + floor(random() * 16)::INT]::USMALLINT AS service,
  random() < 0.75 AS tcp,
  exp(4 + random() * random() * 11) AS size,
  floor(-ln(1 - random()) * 4000)::BIGINT AS lasted,
  floor(-ln(1 - random()) * 8000)::BIGINT AS waited
FROM range({count}) r(i);
"""
COLUMNS = """
SELECT
  'NETFLOW_V9' AS type,
  make_timestamp_ns(received) AS time_received_ns,
  make_timestamp_ns((received // 1000000 - waited - lasted) * 1000000) AS time_flow_start_ns,
  make_timestamp_ns((received // 1000000 - waited) * 1000000) AS time_flow_end_ns,
  CAST(format('00000000-0000-0000-0000-ffffc00002{:02x}', exporter + 1) AS UUID) AS sampler_address,
  0::UINTEGER AS observation_domain_id,
  (i // {per})::UINTEGER AS sequence_num,
  1.0::DOUBLE AS sampling_rate,
  'option' AS sampling_source,
  greatest(40, size)::UBIGINT AS bytes,
  greatest(1, size / 700)::UBIGINT AS packets,
  CAST(CASE WHEN out THEN ours ELSE theirs END AS UUID) AS src_addr,
  CAST(CASE WHEN out THEN theirs ELSE ours END AS UUID) AS dst_addr,
  CASE WHEN out THEN client ELSE service END AS src_port,
  CASE WHEN out THEN service ELSE client END AS dst_port,
  (CASE WHEN tcp THEN 6 ELSE 17 END)::UTINYINT AS proto,
  (CASE WHEN six THEN 34525 ELSE 2048 END)::USMALLINT AS etype,
  (CASE WHEN tcp THEN 27 - (inside % 2) * 1 END)::USMALLINT AS tcp_flags,
  (CASE WHEN service = 5060 THEN 184 ELSE 0 END)::UTINYINT AS ip_tos,
  (CASE WHEN out THEN inside % 20 + 1 ELSE 100 + outside % 4 END)::UINTEGER AS in_if,
  (CASE WHEN out THEN 100 + outside % 4 ELSE inside % 20 + 1 END)::UINTEGER AS out_if,
  (CASE WHEN out THEN 64500 ELSE 1000 + outside % 2000 END)::UINTEGER AS src_as,
  (CASE WHEN out THEN 1000 + outside % 2000 ELSE 64500 END)::UINTEGER AS dst_as
FROM (SELECT *,
  CASE WHEN six THEN format('20010db8-0000-0000-0000-0000{:08x}', inside)
    ELSE format('00000000-0000-0000-0000-ffff{:08x}', 167772160 + inside) END AS ours,
  CASE WHEN six THEN format('2a000000-0000-0000-0000-0000{:08x}', outside)
    ELSE format('00000000-0000-0000-0000-ffff{:08x}', 3405803776 - 200000 + outside) END AS theirs
  FROM drawn)
ORDER BY i
"""
ADDRESSES = ("sampler_address", "src_addr", "dst_addr")


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def hour_of_flows(hour: int, count: int) -> pa.Table:
    """The flows of one hour, in order of time."""
    start = int((DAY + timedelta(hours=hour)).timestamp()) * 10**9
    with duckdb.connect(config={"threads": 1}) as connection:
        connection.execute(FLOWS.format(seed=(hour + 1) / 100, start=start, per=PER_DATAGRAM, count=count))
        table = connection.sql(COLUMNS.replace("{per}", str(PER_DATAGRAM))).to_arrow_table()
    for name in ADDRESSES:  # the engine writes them as text
        packed = pa.array(
            [bytes.fromhex(text.replace("-", "")) for text in table.column(name).to_pylist()], pa.binary(16)
        )
        table = table.set_column(table.schema.get_field_index(name), name, packed.cast(pa.uuid()))
    return table


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


# NetFlow 9 (RFC 3954): last and first switched, bytes, packets, interfaces, AS numbers, ports, protocol, flags, class.
COMMON = ((21, 4), (22, 4), (1, 8), (2, 8), (10, 4), (14, 4), (16, 4), (17, 4), (7, 2), (11, 2), (4, 1), (6, 1), (5, 1))
RECORD = struct.Struct(">IIQQIIIIHHBBB")
SIZE = {4: RECORD.size + 8, 6: RECORD.size + 32}


def template(number: int, addresses: tuple[tuple[int, int], ...]) -> bytes:
    fields = (*addresses, *COMMON)
    return struct.pack(">HH", number, len(fields)) + b"".join(struct.pack(">HH", *each) for each in fields)


TEMPLATES = template(260, ((8, 4), (12, 4))) + template(262, ((27, 16), (28, 16)))


def datagrams(table: pa.Table) -> Iterator[tuple[int, bytes]]:
    """Exporters and their datagrams, templates first."""
    names = [*ADDRESSES, "time_flow_end_ns", "time_flow_start_ns", "bytes", "packets", "in_if", "out_if", "src_as"]
    names += ["dst_as", "src_port", "dst_port", "proto", "tcp_flags", "ip_tos", "etype"]
    for at in range(1, 9):
        yield at, header(2, 0, at, 0) + struct.pack(">HH", 0, 4 + len(TEMPLATES)) + TEMPLATES
    waiting: dict[tuple[int, int], list[bytes]] = {}
    sequence = dict.fromkeys(range(1, 9), 1)
    boot = int(DAY.timestamp()) * 1000 - 86_400_000
    columns = [table.column(name) for name in names]
    plain = [
        column.cast(pa.binary(16))
        if name in ADDRESSES
        else column.cast(pa.int64())
        if name.startswith("time")
        else column
        for name, column in zip(names, columns, strict=True)
    ]
    for exporter, source, target, end, start, *rest, flags, tos, etype in zip(
        *(c.to_pylist() for c in plain), strict=True
    ):
        record = RECORD.pack(end // 10**6 - boot, start // 10**6 - boot, *rest, flags or 0, tos)
        version, cut = (6, 0) if etype == 34525 else (4, 12)
        key = (exporter[15], version)
        held = waiting.setdefault(key, [])
        held.append(source[cut:] + target[cut:] + record)
        if len(held) == PER_DATAGRAM:
            yield (
                key[0],
                header(len(held), sequence[key[0]], key[0], end // 10**9) + data_set(version, waiting.pop(key)),
            )
            sequence[key[0]] += 1
    for (at, version), held in waiting.items():
        yield at, header(len(held), sequence[at], at, 0) + data_set(version, held)
        sequence[at] += 1


def header(count: int, sequence: int, domain: int, seconds: int) -> bytes:
    moment = seconds or int(DAY.timestamp())
    return struct.pack(">HHIIII", 9, count, (moment - int(DAY.timestamp()) + 86_400) * 1000, moment, sequence, domain)


def data_set(version: int, records: list[bytes]) -> bytes:
    body = b"".join(records)
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
            for number, (_, datagram) in enumerate(datagrams(table)):
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
