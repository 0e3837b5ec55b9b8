"""Batches of datagrams to batches of flows: by columns where that can be, one by one where it cannot.

Both ways share templates, sampling rates, held data and sequences, and come to the same rows.
"""

from __future__ import annotations

from collections import Counter
from typing import Protocol

import numpy as np
import pyarrow as pa

from netloom.codecs import netflow, sflow
from netloom.collectors.flow.columns import Columns
from netloom.collectors.flow.datagrams import Datagrams
from netloom.collectors.flow.decode import RECORDS, Decoder
from netloom.collectors.flow.rounds import Rounds, exporter_text
from netloom.collectors.flow.sflow_records import records as sflow_records
from netloom.model.counters import Counters
from netloom.model.flow import Flow
from netloom.model.noun import Record
from netloom.model.options import Options


class Sink(Protocol):
    """Where records go."""

    def put(self, batch: pa.RecordBatch) -> None:
        """Take flows."""
        ...

    def put_flows(self, flows: list[Record]) -> None:
        """Take flows that were decoded one by one."""
        ...

    def put_records(self, stream: str, records: list[Record]) -> None:
        """Take records of another stream."""
        ...


class Batches:
    """Decodes batches; what comes of them is gathered until there is enough, or until `flush`."""

    def __init__(
        self, decoder: Decoder, sink: Sink, schema: pa.Schema, *, rows: int, namespace: str = "default"
    ) -> None:
        """`schema` is that of the table of flows."""
        self.rows = rows
        self.decoder = decoder
        self.misfits: Counter[str] = Counter()
        """Column → values left out, for they do not fit it."""
        self._sink = sink
        self._columns = Columns(schema, max(rows, 2 * RECORDS), namespace)
        self._flows: list[Record] = []
        self._options: list[Record] = []
        self._counters: list[Record] = []

    def feed(self, datagrams: Datagrams) -> None:
        """Decode every one; what belongs together stays in its order."""
        first = datagrams.data[:, 0].astype(np.int64) << 8 | datagrams.data[:, min(1, datagrams.data.shape[1] - 1)]
        own = np.isin(first, _VERSIONS) & (datagrams.lengths >= 2)
        for at in np.flatnonzero(~own).tolist():
            self._other(datagrams, at)
        if own.all():
            Rounds(self, datagrams).decode()
        elif own.any():
            Rounds(self, datagrams.rows(own)).decode()

    def one(self, datagrams: Datagrams, at: int) -> None:
        """Decode a single one by itself."""
        data, source, received = _single(datagrams, at)
        for record in self.decoder.feed(data, source, received):
            if isinstance(record, Flow):
                self._flows.append(record)
            elif isinstance(record, Options):
                self._options.append(record)
        self._limit()

    def _other(self, datagrams: Datagrams, at: int) -> None:
        """sFlow, or nothing known."""
        data, source, received = _single(datagrams, at)
        counts = self.decoder.counts
        if not sflow.is_sflow(data):
            self.decoder.feed(data, source, received)  # which counts it as malformed
            return
        counts.datagrams += 1
        try:
            found = sflow.parse(data)
        except sflow.SflowError as exc:
            counts.malformed += 1
            self.decoder.faults.append(f"{source}: {exc}")
            return
        counts.malformed += found.torn
        for record in sflow_records(found, source, received):
            if isinstance(record, Counters):
                self._counters.append(record)
            else:
                self._flows.append(record)
                counts.flows += 1
        self._limit()

    def _limit(self) -> None:
        if len(self._flows) >= RECORDS or len(self._options) >= RECORDS or len(self._counters) >= RECORDS:
            self._flush_records()

    def room(self, rows: int) -> Columns:
        """Columns with room for so many rows more."""
        if self._columns.rows and self._columns.rows + rows > min(self.rows, self._columns.room):
            self._sink.put(self._columns.batch())
        return self._columns

    @property
    def most(self) -> int:
        """Rows that there is ever room for."""
        return self._columns.room

    def flush(self) -> None:
        """Hand over what was gathered."""
        if self._columns.rows:
            self._sink.put(self._columns.batch())
        self._flush_records()

    def _flush_records(self) -> None:
        flows, self._flows = self._flows, []
        options, self._options = self._options, []
        counters, self._counters = self._counters, []
        self._sink.put_flows(flows)
        self._sink.put_records("options", options)
        self._sink.put_records("counters", counters)


_VERSIONS = np.array(sorted(netflow.VERSIONS))


def _single(datagrams: Datagrams, at: int) -> tuple[bytes, str, int]:
    data = datagrams.data[at, : datagrams.lengths[at]].tobytes()
    return data, exporter_text(*datagrams.sources[at].tolist()), int(datagrams.received_ns[at])
