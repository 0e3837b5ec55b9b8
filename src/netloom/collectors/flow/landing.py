"""From decoded flows to the store: labelled, flushed in a thread of their own, bounded, counted where they are lost."""

from __future__ import annotations

import queue
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Protocol

import pyarrow as pa

from netloom.collectors.contract import Context, Writer
from netloom.collectors.flow.sflow_interfaces import InterfaceMetrics
from netloom.errors import StoreError
from netloom.model.counters import Counters
from netloom.model.noun import Record

DEPTH = 2
"""Batches that wait for the store before decoding waits too, and then the ring, and then the kernel."""
LAST_TRIES = 5
RETRY_S = 1.0
_RECORDS = 50_000
"""Records of the other streams that wait at most."""


class Table(Protocol):
    """The store's table, as its writer shows it."""

    schema: Any

    def batch(
        self, records: Sequence[Record], *, namespace: str = "default", misfits: Counter[str] | None = None
    ) -> pa.RecordBatch:
        """Rows of records."""
        ...


class Labelling(Protocol):
    """Adds columns from what is known of the network."""

    def columns(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """The batch with more columns."""
        ...


@dataclass(frozen=True, slots=True)
class _Records:
    stream: str
    records: list[Record]
    hostnames: list[str | None] | None = None


class Landing:
    """`put` and `put_records` in the decoder's thread, `run` in its own."""

    def __init__(self, context: Context, *, max_waiting: int) -> None:
        self._context = context
        self._max_waiting = max_waiting
        self._flows = context.writer("flow")
        self._others: dict[str, Writer] = {}
        self._queue: queue.Queue[list[pa.RecordBatch] | _Records | None] = queue.Queue(DEPTH)
        self.labels: Labelling | None = None
        self.counted = InterfaceMetrics(context.site)
        self.stored: Counter[str] = Counter()
        """Stream → rows."""
        self.lost: Counter[str] = Counter()
        """Stream → rows that the store did not take."""
        self.misfits: Counter[str] = Counter()
        """Column → values left out, for they do not fit it."""
        self.failures = 0
        self._ended = threading.Event()

    @property
    def table(self) -> Table:
        """The table of flows."""
        table: Table = self._flows.table  # type: ignore[attr-defined]  # the store's writer shows it beside the contract
        return table

    def put(self, batches: list[pa.RecordBatch]) -> None:
        """Hand over flows; waits where the store is slower."""
        self._put(batches)

    def put_flows(self, flows: Sequence[Record]) -> None:
        """Hand over flows that were decoded one by one."""
        if flows:
            self._put([self.table.batch(flows, namespace=self._context.namespace, misfits=self.misfits)])

    def put_records(self, stream: str, records: list[Record]) -> None:
        """Hand over records of another stream."""
        if records:
            self._put(_Records(stream, records))

    def end(self) -> None:
        """Nothing more comes."""
        self._put(None)

    def _put(self, item: list[pa.RecordBatch] | _Records | None) -> None:
        while not self._ended.is_set():
            with suppress(queue.Full):
                self._queue.put(item, timeout=1)
                return

    def run(self) -> None:
        """Store what is handed over until the end."""
        try:
            self._run()
        finally:
            self._ended.set()  # whoever hands over more must not wait for it

    def _run(self) -> None:
        while True:
            try:
                found = self._queue.get(timeout=RETRY_S)
            except queue.Empty:
                if any(writer.waiting for _, writer in self._writers()):
                    self._flush_all()
                continue
            if found is None:
                break
            if isinstance(found, _Records):
                for each in self._named(found):
                    self._take(each)
            else:
                self._land(found)
        for _ in range(LAST_TRIES):
            if self._flush_all():
                break
            time.sleep(RETRY_S)
        for stream, writer in self._writers():
            self.lost[stream] += writer.discard()
            writer.close()

    def _writers(self) -> list[tuple[str, Writer]]:
        return [("flow", self._flows), *self._others.items()]

    def _land(self, batches: list[pa.RecordBatch]) -> None:
        rows = sum(batch.num_rows for batch in batches)
        if self._flows.waiting + rows > self._max_waiting and not self._flush("flow", self._flows):
            self.lost["flow"] += rows
            return
        labels = self.labels
        for batch in batches:
            self._flows.append(batch if labels is None else labels.columns(batch))
        self._flush_all()

    def _named(self, found: _Records) -> Iterator[_Records]:
        """Records as they came; counters with the names of their devices, and what they tell as metrics."""
        if found.stream != "counters":
            yield found
            return
        counters = [record for record in found.records if isinstance(record, Counters)]
        yield _Records("counters", found.records, [self.counted.device(each) for each in counters])
        if self._context.settings.counter_metrics:
            metrics, hostnames = self.counted.of(counters)
            if metrics:
                yield _Records("metric", list(metrics), hostnames)

    def _take(self, found: _Records) -> None:
        if (writer := self._others.get(found.stream)) is None:
            writer = self._others[found.stream] = self._context.writer(found.stream)
        room = max(0, _RECORDS - writer.waiting)
        hostnames = None if found.hostnames is None else found.hostnames[:room]
        writer.add(found.records[:room], hostnames=hostnames, namespace=self._context.namespace)
        self.lost[found.stream] += max(0, len(found.records) - room)
        if writer.waiting >= _RECORDS // 2:
            self._flush(found.stream, writer)

    def _flush_all(self) -> bool:
        done = [self._flush(stream, writer) for stream, writer in self._writers()]
        return all(done)

    def _flush(self, stream: str, writer: Writer) -> bool:
        try:
            self.stored[stream] += writer.flush()
        except StoreError as exc:
            self.failures += 1
            self._context.health.complain(str(exc))
            return False
        return True
