"""Batches of datagrams to batches of flows: by columns where that can be, one by one where it cannot.

Both ways share templates, sampling rates, held data and sequences, and come to the same rows.
"""

from __future__ import annotations

from collections import Counter
from typing import Protocol

import numpy as np
import pyarrow as pa

from netloom.codecs import netflow
from netloom.collectors.flow.columns import Columns
from netloom.collectors.flow.datagrams import Datagrams
from netloom.collectors.flow.decode import RECORDS, Decoder
from netloom.collectors.flow.rounds import Rounds, exporter_text
from netloom.collectors.flow.sflow_columns import SflowDecoder, is_sflow
from netloom.model.flow import Flow
from netloom.model.noun import Record
from netloom.model.options import Options


class Sink(Protocol):
    """Where records go."""

    def put(self, batches: list[pa.RecordBatch]) -> None:
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
        self._sampled: list[pa.RecordBatch] = []
        self.sflow = SflowDecoder(schema)

    def feed(self, datagrams: Datagrams) -> None:
        """Decode every one; what belongs together stays in its order."""
        data = datagrams.data
        first = data[:, 0].astype(np.int64) << 8 | data[:, min(1, data.shape[1] - 1)]
        own = np.isin(first, _VERSIONS) & (datagrams.lengths >= 2)
        if own.all():
            Rounds(self, datagrams).decode()
            return
        samples = ~own & is_sflow(datagrams)
        for at in np.flatnonzero(~own & ~samples).tolist():
            self.one(datagrams, at)  # which counts it as malformed
        if own.any():
            Rounds(self, datagrams.rows(own)).decode()
        if samples.any():
            self._sflow(datagrams if samples.all() else datagrams.rows(samples))

    def one(self, datagrams: Datagrams, at: int) -> None:
        """Decode a single one by itself."""
        data = datagrams.data[at, : datagrams.lengths[at]].tobytes()
        source, received = exporter_text(*datagrams.sources[at].tolist()), int(datagrams.received_ns[at])
        for record in self.decoder.feed(data, source, received):
            if isinstance(record, Flow):
                self._flows.append(record)
            elif isinstance(record, Options):
                self._options.append(record)
        self._limit()

    def _sflow(self, datagrams: Datagrams) -> None:
        found = self.sflow.feed(datagrams)
        self._flows += found.flows
        self._counters += found.counters
        if found.batch is not None and found.batch.num_rows:
            self._sampled.append(found.batch)
        if sum(batch.num_rows for batch in self._sampled) >= self.rows:
            self._flush_columns()
        self._limit()

    def _limit(self) -> None:
        if len(self._flows) >= RECORDS or len(self._options) >= RECORDS or len(self._counters) >= RECORDS:
            self._flush_records()

    def room(self, rows: int) -> Columns:
        """Columns with room for so many rows more."""
        if self._columns.rows and self._columns.rows + rows > min(self.rows, self._columns.room):
            self._flush_columns()
        return self._columns

    @property
    def most(self) -> int:
        """Rows that there is ever room for."""
        return self._columns.room

    def flush(self) -> None:
        """Hand over what was gathered."""
        self._flush_columns()
        self._flush_records()

    def _flush_columns(self) -> None:
        batches, self._sampled = self._sampled, []
        if self._columns.rows:
            batches.append(self._columns.batch())
        if batches:
            self._sink.put(batches)

    def _flush_records(self) -> None:
        flows, self._flows = self._flows, []
        options, self._options = self._options, []
        counters, self._counters = self._counters, []
        self._sink.put_flows(flows)
        self._sink.put_records("options", options)
        self._sink.put_records("counters", counters)


_VERSIONS = np.array(sorted(netflow.VERSIONS))
