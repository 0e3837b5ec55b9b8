"""The same datagrams read one by one and by columns, as rows of the table."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from ipaddress import IPv6Address, ip_address
from typing import Any

import numpy as np
import pyarrow as pa

from netloom.collectors.flow.batches import Batches
from netloom.collectors.flow.datagrams import Datagrams
from netloom.collectors.flow.decode import Decoder
from netloom.collectors.flow.held import Held
from netloom.collectors.flow.sampling import SamplingRates
from netloom.collectors.flow.templates import Templates
from netloom.model.flow import Flow
from netloom.model.noun import Record
from netloom.model.options import Options
from netloom.store.stream_schema import stream_table

FLOW = stream_table("flow")
Sent = tuple[str, bytes]
"""Source and datagram."""


def datagrams(sent: Sequence[Sent], received_ns: int = 1_700_000_000_000_000_000, width: int = 2048) -> Datagrams:
    width = max([width, *(len(data) for _, data in sent)])
    rows = np.full((len(sent), width), 0xA5, np.uint8)
    sources = np.zeros((len(sent), 2), np.uint64)
    for at, (source, data) in enumerate(sent):
        rows[at, : len(data)] = np.frombuffer(data, np.uint8)
        address = ip_address(source)
        packed = address.packed if isinstance(address, IPv6Address) else bytes(10) + b"\xff\xff" + address.packed
        sources[at] = np.frombuffer(packed, ">u8")
    lengths = np.array([len(data) for _, data in sent], np.int64)
    return Datagrams(rows, lengths, sources, received_ns + np.zeros(len(sent), np.int64))


@dataclass(slots=True)
class Gathered:
    """A sink that keeps what it gets."""

    batches: list[pa.RecordBatch] = field(default_factory=list)
    singly: list[Record] = field(default_factory=list)
    options: list[Record] = field(default_factory=list)
    counters: list[Record] = field(default_factory=list)
    misfits: Counter[str] = field(default_factory=Counter)

    def put(self, batches: list[pa.RecordBatch]) -> None:
        for batch in batches:
            batch.validate(full=True)
            self.batches.append(FLOW.fitting(batch))

    def put_flows(self, flows: list[Record]) -> None:
        self.singly += flows

    def put_records(self, stream: str, records: list[Record]) -> None:
        getattr(self, stream).extend(records)

    def rows(self) -> list[dict[str, Any]]:
        found = [row for batch in self.batches for row in rows(batch)]
        return found + ([] if not self.singly else rows(FLOW.batch(self.singly, misfits=self.misfits)))


def decoder(*, spare: bool, static: dict[str, int] | None = None) -> Decoder:
    return Decoder(Templates(), SamplingRates(static), Held(), announce=False, spare=spare)


def rows(batch: pa.RecordBatch) -> list[dict[str, Any]]:
    """What is there of each row; maps and lists that are empty are not."""
    found = []
    for row in pa.Table.from_batches([batch]).cast(_plain(batch.schema)).to_pylist():
        row["ie"] = {key: json.loads(value) for key, value in row.get("ie") or ()}
        found.append({name: value for name, value in row.items() if value not in (None, {}, [])})
    return found


def _plain(schema: pa.Schema) -> pa.Schema:
    kinds = {pa.uuid(): pa.binary(16), pa.timestamp("ns"): pa.int64()}
    return pa.schema([field.with_type(kinds.get(field.type, field.type)) for field in schema])


def in_order(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(found, key=lambda row: json.dumps(row, sort_keys=True, default=bytes.hex))


@dataclass(slots=True)
class Both:
    """Two decoders, one for each way, which are fed the same."""

    one: Decoder
    many: Decoder
    rows_together: int = 131_072
    sink: Gathered = field(default_factory=Gathered)
    flows: list[Record] = field(default_factory=list)
    options: list[Record] = field(default_factory=list)

    def feed(self, batches: Sequence[Sequence[Sent]], *, received_ns: int = 1_700_000_000_000_000_000) -> Batches:
        columns = Batches(self.many, self.sink, FLOW.schema, rows=self.rows_together)
        for number, sent in enumerate(batches):
            now = received_ns + number * 1_000_000_000
            columns.feed(datagrams(sent, now))
            for source, data in sent:
                for record in self.one.feed(data, source, now):
                    if isinstance(record, Flow):
                        self.flows.append(record)
                    elif isinstance(record, Options):
                        self.options.append(record)
        columns.flush()
        return columns

    def check(self, batches: Sequence[Sequence[Sent]]) -> int:
        """How many rows there were, once it is asserted that both ways found the same."""
        columns = self.feed(batches)
        misfits: Counter[str] = Counter()
        expected = rows(FLOW.batch(self.flows, misfits=misfits)) if self.flows else []
        found = self.sink.rows()
        assert in_order(found) == in_order(expected)
        assert columns.misfits + self.sink.misfits == misfits
        assert sorted(map(repr, self.sink.options)) == sorted(map(repr, self.options))
        assert self.many.counts == self.one.counts
        for name in ("lost", "late", "restarts"):
            assert getattr(self.many.sequences, name) == getattr(self.one.sequences, name), name
        assert self.many.templates.save() == self.one.templates.save() or len(self.one.templates) > 1
        return len(found)


def both(*, spare: bool = False, static: dict[str, int] | None = None) -> Both:
    return Both(decoder(spare=spare, static=static), decoder(spare=spare, static=static))
