"""Batches of datagrams to batches of flows."""

from __future__ import annotations

from functools import lru_cache
from typing import Protocol

from netloom.codecs import sflow
from netloom.collectors.flow.admission import address_text
from netloom.collectors.flow.datagrams import Datagrams
from netloom.collectors.flow.decode import Decoder
from netloom.collectors.flow.sflow_records import records as sflow_records
from netloom.model.counters import Counters
from netloom.model.flow import Flow
from netloom.model.noun import Record
from netloom.model.options import Options


class Sink(Protocol):
    """Where records go."""

    def put_flows(self, flows: list[Record]) -> None:
        """Take flows that were decoded one by one."""
        ...

    def put_records(self, stream: str, records: list[Record]) -> None:
        """Take records of another stream."""
        ...


class Batches:
    """Decodes batches; what comes of them is gathered until there is enough, or until `flush`."""

    def __init__(self, decoder: Decoder, sink: Sink, *, rows: int) -> None:
        self.rows = rows
        self.decoder = decoder
        self._sink = sink
        self._flows: list[Record] = []
        self._options: list[Record] = []
        self._counters: list[Record] = []

    def feed(self, datagrams: Datagrams) -> None:
        """Decode every one, in their order."""
        for at in range(len(datagrams)):
            self._one(datagrams, at)

    def _one(self, datagrams: Datagrams, at: int) -> None:
        data = datagrams.data[at, : datagrams.lengths[at]].tobytes()
        source = _text(*datagrams.sources[at].tolist())
        received = int(datagrams.received_ns[at])
        if sflow.is_sflow(data):
            self._sflow(data, source, received)
            return
        for record in self.decoder.feed(data, source, received):
            if isinstance(record, Flow):
                self._flows.append(record)
            elif isinstance(record, Options):
                self._options.append(record)
        if len(self._flows) >= self.rows:
            self.flush()

    def _sflow(self, data: bytes, source: str, received: int) -> None:
        self.decoder.counts.datagrams += 1
        try:
            found = sflow.parse(data)
        except sflow.SflowError as exc:
            self.decoder.counts.malformed += 1
            self.decoder.faults.append(f"{source}: {exc}")
            return
        self.decoder.counts.malformed += found.torn
        for record in sflow_records(found, source, received):
            if isinstance(record, Counters):
                self._counters.append(record)
            else:
                self._flows.append(record)
                self.decoder.counts.flows += 1

    def flush(self) -> None:
        """Hand over what was gathered."""
        flows, self._flows = self._flows, []
        options, self._options = self._options, []
        counters, self._counters = self._counters, []
        self._sink.put_flows(flows)
        self._sink.put_records("options", options)
        self._sink.put_records("counters", counters)


_text = lru_cache(1 << 16)(address_text)
