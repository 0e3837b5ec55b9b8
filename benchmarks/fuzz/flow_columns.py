"""NetFlow and IPFIX by columns: datagrams are gathered into batches, each with an honest one among them."""

from __future__ import annotations

from random import Random

import numpy as np
import pyarrow as pa
from benchmarks.fuzz.flow import HONEST, PREPARE, SEEDS, grammar
from benchmarks.fuzz.target import Feed, Target

from netloom.collectors.flow.batches import Batches
from netloom.collectors.flow.datagrams import Datagrams
from netloom.collectors.flow.decode import Decoder
from netloom.model.noun import Record
from netloom.store.stream_schema import stream_table

TOGETHER = 250
WIDTH = 2048
_SOURCES = {True: 0xFFFF_C000_0201, False: 0xFFFF_CB00_7101}
"""The honest exporter's address and the hostile one's."""


class _Sink:
    def __init__(self) -> None:
        self.rows = 0

    def put(self, batches: list[pa.RecordBatch]) -> None:
        for batch in batches:
            batch.validate(full=True)
            self.rows += batch.num_rows

    def put_flows(self, flows: list[Record]) -> None:
        self.rows += len(flows)

    def put_records(self, stream: str, records: list[Record]) -> None:
        del stream
        self.rows += len(records)


def _open() -> Feed:
    sink = _Sink()
    batches = Batches(Decoder(announce=False), sink, stream_table("flow").schema, rows=8192)
    waiting: list[bytes] = []
    now = 0

    def together() -> int:
        nonlocal now
        now += 1_000_000
        before = sink.rows
        batches.feed(_gathered(waiting, now))
        batches.flush()
        waiting.clear()
        return sink.rows - before

    def feed(datagram: bytes) -> int:
        if datagram in (HONEST, PREPARE):
            if waiting:
                together()
            waiting.append(datagram)
            return together()
        if len(datagram) <= WIDTH:
            waiting.append(datagram)
        return together() if len(waiting) >= TOGETHER else 0

    return feed


def _gathered(waiting: list[bytes], now: int) -> Datagrams:
    data = np.zeros((len(waiting), WIDTH), np.uint8)
    for row, datagram in zip(data, waiting, strict=True):
        row[: len(datagram)] = np.frombuffer(datagram, np.uint8)
    sources = np.zeros((len(waiting), 2), np.uint64)
    sources[:, 1] = [_SOURCES[datagram in (HONEST, PREPARE)] for datagram in waiting]
    lengths = np.array([len(datagram) for datagram in waiting], np.int64)
    return Datagrams(data, lengths, sources, np.full(len(waiting), now))


def _grammar(rng: Random) -> bytes:
    """Now and then one with octets behind it, or of another version."""
    datagram = grammar(rng)
    return datagram if rng.random() < 0.95 else rng.choice((b"\0\5", b"\0\7", b"\0\0", b"\0\x0a")) + datagram[2:]


TARGET = Target(_open, SEEDS, _grammar, (HONEST, 2), PREPARE)
