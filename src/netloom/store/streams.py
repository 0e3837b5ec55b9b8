"""Streams on disk: flows, logs, traps and whatever else flows in, found again by its time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING, Any, Self

from netloom.errors import StoreError, UsageError
from netloom.model.filter import Filter
from netloom.model.stream import streams
from netloom.store.compaction import Compacted, compact_table, retain_table
from netloom.store.measure import measures_of
from netloom.store.naming import Names, names_of
from netloom.store.rollup import STEPS, kept_with, layout_of
from netloom.store.stream_question import Span, Totals, step_of
from netloom.store.stream_schema import near, stream_table
from netloom.store.stream_writer import StreamWriter

if TYPE_CHECKING:
    from netloom.store.completion import Completions
    from netloom.store.engine import Engine
    from netloom.store.housekeeping import Report
    from netloom.store.retention import Policy
    from netloom.store.stream_question import StreamRows
    from netloom.store.stream_reading import StreamReader

FOLDER = "streams"


class Streams:
    """The streams of a store; several processes may append, read and compact at once.

    A span of time includes its first moment and not its last.
    """

    def __init__(self, path: Path) -> None:
        self.path = path / FOLDER
        self._writers: list[StreamWriter] = []
        self._engine: Engine | None = None
        self._readers: dict[str, StreamReader] = {}
        self._lock = RLock()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def writer(self, stream: str, **options: Any) -> StreamWriter:
        """A writer with `StreamWriter`'s options; raises UsageError."""
        table = stream_table(stream)
        made = StreamWriter(table, self.path / table.folder, **options)
        with self._lock:
            self._writers.append(made)
        return made

    def query(
        self,
        stream: str,
        filter: Filter | None = None,  # noqa: A002 - the word people use for it
        *,
        since: datetime | None = None,
        until: datetime | None = None,
        columns: Sequence[str] | None = None,
        limit: int | None = None,
    ) -> StreamRows:
        """The rows in order of time, with a limit the latest; raises UsageError and StoreError."""
        return self._reader(stream).rows(filter or Filter(), Span(since=since, until=until), columns, limit)

    def top(  # noqa: PLR0913 - keywords, each of which people say
        self,
        stream: str,
        filter: Filter | None = None,  # noqa: A002 - as in query
        *,
        by: Sequence[str],
        of: str | Sequence[str] | None = None,
        agg: str | None = None,
        n: int | None = 10,
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> StreamRows:
        """The largest groups by the first of what is measured; raises UsageError and StoreError.

        `by` are columns, paths into records (`log.syslog.severity.name`) and into mappings (`tags.interface`,
        `ie."0/136"`), and the answer has columns of these names. `of` is one or several of:

        - bytes, packets and flows, for flows (all three if nothing is said). Bytes and packets are scaled by the
          sampling rate. `bytes_unscaled` is the part of `bytes` whose rate is unknown, which counts as it came; so with
          packets. Flows are counted as records.
        - rows, for every stream: how many there are.
        - any name that stands for numbers: its `agg`, which is avg (if nothing is said), min, max, sum, last, or p1 to
          p99; metrics' `value` is what they are asked for. The answer's column has its name.
        """
        names = names_of(stream_table(stream).name)
        totals = Totals(_told_apart(names, by), measures_of(names, of, agg), limit=n)
        return self._reader(stream).totals(filter or Filter(), Span(since=since, until=until), totals)

    def series(  # noqa: PLR0913 - as in top
        self,
        stream: str,
        filter: Filter | None = None,  # noqa: A002 - as in query
        *,
        step: timedelta,
        by: Sequence[str] = (),
        of: str | Sequence[str] | None = None,
        agg: str | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> StreamRows:
        """What `top` measures, of each step, in `time_ns`, and group; steps without rows are left out; raises as `top`.

        Sums, counts, avg, min, max and last come from the smallest summaries that know what is asked; percentiles need
        the rows themselves. Metrics are summed up by namespace, hostname, name and tags; logs are counted by namespace,
        hostname, source_address, severity, facility and event.code.
        """
        names = names_of(stream_table(stream).name)
        totals = Totals(_told_apart(names, by), measures_of(names, of, agg), step=step_of(step))
        return self._reader(stream).totals(filter or Filter(), Span(since=since, until=until), totals)

    def completions(self, stream: str, text: str, *, limit: int = 20) -> Completions:
        """How a half-written filter may go on: fields, operators, and values of the latest rows.

        Raises UsageError and StoreError.
        """
        from netloom.store.completion import completions  # noqa: PLC0415 - brings what writers need not

        return completions(self.query, stream, text, limit)

    def compact(self, *, older_than: datetime) -> Compacted:
        """Turn finished segments last written before a moment into Parquet; raises StoreError."""
        with self._lock:
            for writer in self._writers:
                writer.rotate()
        done = Compacted()
        for name in self.tables():
            table = stream_table(name)
            done += compact_table(self.path / table.folder, layout_of(table), older_than=older_than)
        return done

    def retain(self, stream: str, *, since: datetime, step: str | None = None) -> int:
        """Delete rows of hours that ended before a moment, or those of the summaries of a step: 1m, 5m or 1h.

        With the rows go the summaries by address.

        Says how many; raises UsageError and StoreError.
        """
        table = stream_table(stream)
        if step is not None and step not in STEPS:
            raise UsageError(f"no summaries of {step}", hint=near(step, list(STEPS)))
        folder = self.path / table.folder
        gone = {name: retain_table(folder, since=since, summary=name) for name in kept_with(table.name, step)}
        return gone[""] if step is None else sum(gone.values())

    def housekeeping(self, policy: Policy, now: datetime) -> Report:
        """Compact, delete what was kept long enough or has no room, remove debris; what fails is in the report.

        To be called about once a minute by one process or several; `now` is the clock.
        """
        from netloom.store.housekeeping import keep_house  # noqa: PLC0415 - brings what writers need not

        return keep_house(self.path, policy, now)

    def tables(self) -> list[str]:
        """The streams that hold anything."""
        try:
            return [name for name, stream in streams().items() if (self.path / stream.plural).is_dir()]
        except OSError as exc:
            raise StoreError(f"{self.path}: cannot be read: {exc.strerror}") from exc

    @property
    def damaged(self) -> Mapping[str, str]:
        """Files found damaged so far, and what is wrong with them."""
        return dict(self._engine.aside) if self._engine else {}

    def close(self) -> None:
        """Finish this process's segments; what was not flushed is dropped."""
        with self._lock:
            for writer in self._writers:
                writer.close()
            self._writers.clear()
            self._readers.clear()
            if self._engine is not None:
                self._engine.close()
                self._engine = None

    def _reader(self, stream: str) -> StreamReader:
        from netloom.store.engine import Engine  # noqa: PLC0415 - DuckDB is slow to import, and writers need none
        from netloom.store.stream_reading import StreamReader  # noqa: PLC0415 - as above

        table = stream_table(stream)
        with self._lock:
            if self._engine is None:
                self._engine = Engine()
            if table.name not in self._readers:
                self._readers[table.name] = StreamReader(table, self.path / table.folder, self._engine)
            return self._readers[table.name]


def _told_apart(names: Names, by: Sequence[str]) -> tuple[str, ...]:
    """What groups are told apart by; raises UsageError."""
    for name in by:
        names.sql(name)
    return tuple(dict.fromkeys(by))
