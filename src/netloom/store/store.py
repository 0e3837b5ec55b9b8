"""The store: state tables that remember, on disk."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING, Any, Self

import pyarrow as pa

from netloom.errors import StoreError
from netloom.model.filter import Filter
from netloom.model.noun import Record, nouns
from netloom.store.change import Change, changes
from netloom.store.compaction import Compacted, compact_table, retain_table
from netloom.store.manifest import HOT, hour_of
from netloom.store.schema import OBSERVATION, as_utc, table
from netloom.store.segment import SegmentWriter

if TYPE_CHECKING:
    from netloom.store.reading import Question, Reader, Rows


class Store:
    """Tables under one folder; several processes may append, read and compact at once.

    What `append` was given is safe once `flush` has returned. Until a device is asked again its latest observation
    holds, so an empty answer must be appended, too.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._waiting: dict[tuple[str, str, str, datetime], Any] = {}
        self._writers: dict[str, SegmentWriter] = {}
        self._reading: Reader | None = None
        self._lock = RLock()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def append(
        self,
        noun: str,
        hostname: str,
        observed_at: datetime,
        records: Sequence[Record],
        namespace: str = "default",
    ) -> None:
        """Keep one device's answer for the next flush; raises StoreError where a value does not fit its column."""
        asked = table(noun)
        batch = asked.batch(records, hostname=hostname, observed_at=observed_at, namespace=namespace)
        with self._lock:
            self._waiting[asked.name, namespace, hostname, as_utc(observed_at)] = batch

    def flush(self) -> int:
        """Write what waits, durably, and say how many rows; raises StoreError, and then everything still waits.

        A noun's rows go first. The observations, written last, commit them: rows without one are never shown.
        """
        with self._lock:
            if not self._waiting:
                return 0
            batch_id = secrets.randbits(62)
            hour = max(hour_of(moment.isoformat()) for *_, moment in self._waiting)
            rows: dict[str, list[Any]] = {}
            for (noun, *_), batch in self._waiting.items():
                rows.setdefault(noun, []).append(batch)
            for noun, batches in rows.items():
                self._write(noun, pa.Table.from_batches(batches, table(noun).schema), batch_id, hour)
            self._write(OBSERVATION, _observations(self._waiting), batch_id, hour)
            count: int = sum(batch.num_rows for batch in self._waiting.values())
            self._waiting.clear()
            return count

    def _write(self, name: str, rows: Any, batch_id: int, hour: str) -> None:
        if not rows.num_rows:
            return
        at = rows.schema.get_field_index("batch")
        batch_column = pa.repeat(pa.scalar(batch_id, pa.int64()), rows.num_rows)
        rows = rows.set_column(at, rows.schema.field(at), batch_column).combine_chunks()
        writer = self._writers.get(name)
        if writer is None:
            writer = self._writers[name] = SegmentWriter(self.path / name / HOT, rows.schema)
        try:
            for batch in rows.to_batches():
                writer.write(batch, hour)
        except OSError as exc:
            raise StoreError(f"{writer.folder}: cannot be written: {exc.strerror or exc}") from exc

    def query(
        self,
        noun: str,
        filter: Filter | None = None,  # noqa: A002 - the word people use for it
        *,
        at: datetime | None = None,
        hosts: Sequence[str] | None = None,
        columns: Sequence[str] | None = None,
        limit: int | None = None,
    ) -> Rows:
        """For each host the rows of its latest observation, up to `at`; raises UsageError and StoreError."""
        return self._ask(noun, filter, until=at, hosts=hosts, columns=columns, limit=limit)

    def history(
        self,
        noun: str,
        filter: Filter | None = None,  # noqa: A002 - as in query
        *,
        since: datetime,
        until: datetime | None = None,
        hosts: Sequence[str] | None = None,
        columns: Sequence[str] | None = None,
    ) -> Rows:
        """The rows of every observation in a span of time, oldest first; raises UsageError and StoreError."""
        return self._ask(noun, filter, since=since, until=until, hosts=hosts, columns=columns)

    def diff(
        self,
        noun: str,
        filter: Filter | None = None,  # noqa: A002 - as in query
        *,
        since: datetime,
        at: datetime | None = None,
        hosts: Sequence[str] | None = None,
    ) -> list[Change]:
        """What came, went and changed between two moments, counters and uptimes aside."""
        before = self._ask(noun, None, until=since, hosts=hosts)
        after = self._ask(noun, None, until=at, hosts=hosts)
        return changes(table(noun), before, after, filter or Filter())

    def observations(
        self, *, hosts: Sequence[str] | None = None, since: datetime, until: datetime | None = None
    ) -> Rows:
        """Who was asked for what and when, and how many rows came."""
        return self._ask(OBSERVATION, None, since=since, until=until, hosts=hosts)

    def compact(self, *, older_than: datetime) -> Compacted:
        """Turn finished segments last written before a moment into Parquet; raises StoreError."""
        with self._lock:
            self._finish()
        done = Compacted()
        for name in self.tables():
            done += compact_table(self.path / name, table(name).layout, older_than=older_than)
        return done

    def retain(self, *, since: datetime) -> int:
        """Delete compacted rows of hours that ended before a moment, and say how many; raises StoreError."""
        return sum(retain_table(self.path / name, since=since) for name in self.tables())

    def tables(self) -> list[str]:
        """The tables that hold anything, the observations last, for they commit the others."""
        try:
            found = [path.name for path in self.path.iterdir() if _is_table(path)] if self.path.exists() else []
        except OSError as exc:
            raise StoreError(f"{self.path}: cannot be read: {exc.strerror}") from exc
        return sorted(found, key=lambda name: (name == OBSERVATION, name))

    @property
    def damaged(self) -> Mapping[str, str]:
        """Files found damaged so far, and what is wrong with them."""
        return dict(self._reading.aside) if self._reading else {}

    def close(self) -> None:
        """Finish this process's segments; what was not flushed is dropped."""
        with self._lock:
            self._waiting.clear()
            self._finish()
            if self._reading is not None:
                self._reading.close()
                self._reading = None

    def _finish(self) -> None:
        for writer in self._writers.values():
            writer.close()
        self._writers.clear()

    def _ask(self, noun: str, question: Filter | None, **limits: Any) -> Rows:
        return self._reader().ask(_question(noun, question or Filter(), limits))

    def _reader(self) -> Reader:
        from netloom.store.reading import Reader  # noqa: PLC0415 - DuckDB is slow to import, and writers need none

        with self._lock:
            if self._reading is None:
                self._reading = Reader(self.path)
            return self._reading


def _observations(waiting: Mapping[tuple[str, str, str, datetime], Any]) -> Any:
    """One row an answer."""
    nouns, namespaces, hostnames, moments = zip(*waiting, strict=True)
    size = len(waiting)
    columns = {
        "namespace": namespaces,
        "hostname": hostnames,
        "observed_at": moments,
        "noun": nouns,
        "count": [batch.num_rows for batch in waiting.values()],
        "batch": [0] * size,
        "ordinal": [0] * size,
    }
    return pa.Table.from_pydict(columns, table(OBSERVATION).schema)


def _is_table(path: Path) -> bool:
    """Whether this is a table's folder, and of a noun that this version knows."""
    return (path.name == OBSERVATION or path.name in nouns()) and path.is_dir()


def _question(noun: str, question: Filter, limits: Mapping[str, Any]) -> Question:
    from netloom.store.reading import Question  # noqa: PLC0415 - as above

    return Question(noun, question, **limits)
