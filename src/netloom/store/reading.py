"""Questions about tables, answered by DuckDB over Parquet files and hot segments."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from netloom.errors import StoreError, UsageError
from netloom.model.filter import Filter
from netloom.model.noun import Record
from netloom.store.compaction import conform, set_aside
from netloom.store.manifest import Snapshot, hour_of, reading, snapshot
from netloom.store.schema import OBSERVATION, Table, as_utc, table
from netloom.store.segment import read_segment
from netloom.store.where import quoted, where

ATTEMPTS = 5
"""A first compaction may take files away under a reader, which then looks again."""

_LATEST = """
SELECT namespace, hostname, max(observed_at) AS observed_at, arg_max(batch, (observed_at, batch)) AS batch
FROM rows WHERE noun = ? AND observed_at <= ? GROUP BY ALL"""
_BETWEEN = """
SELECT DISTINCT namespace, hostname, observed_at, batch
FROM rows WHERE noun = ? AND observed_at >= ? AND observed_at <= ?"""

_ALL = """
SELECT DISTINCT namespace, hostname, observed_at, batch FROM rows WHERE observed_at >= ? AND observed_at <= ?"""
_BEGINNING, _END = datetime(1, 1, 2, tzinfo=UTC), datetime(9999, 12, 30, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of a noun's table."""

    noun: str
    filter: Filter
    since: datetime | None = None
    """With it: every observation in between, not the latest alone."""
    until: datetime | None = None
    hosts: Sequence[str] | None = None
    columns: Sequence[str] | None = None
    limit: int | None = None


@dataclass(frozen=True, slots=True)
class Rows:
    """An answer: by host, and within a host in the device's own order (by time first, for a history)."""

    table: Table
    data: Any
    """A pyarrow.Table."""
    aside: tuple[str, ...] = ()
    """Damaged files whose rows may be missing here."""

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns' names in order."""
        return tuple(self.data.column_names)

    def __len__(self) -> int:
        return int(self.data.num_rows)

    def __iter__(self) -> Iterator[dict[str, Any]]:
        for batch in self.data.to_batches():
            yield from batch.to_pylist()

    def records(self) -> list[tuple[str, Record]]:
        """Each row's host and record; all of the noun's columns must be there."""
        return list(self.table.records(self))


class Reader:
    """Answers questions; files that turn out damaged are set aside and said."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.aside: dict[str, str] = {}
        """Damaged file → what is wrong with it."""
        self._connection: duckdb.DuckDBPyConnection | None = None
        self._hot: dict[Path, tuple[tuple[int, int], Any]] = {}

    def ask(self, question: Question) -> Rows:
        """The rows; raises UsageError for names that do not exist and StoreError."""
        asked = table(question.noun)
        columns = _chosen(asked, question.columns)
        compiled = where(question.filter, asked.schema)
        observed = self._observed(asked.name, question)
        moments = observed.column("observed_at")
        order = f"{'observed_at, ' if question.since else ''}namespace, hostname, ordinal"
        # The observations first, for they leave few rows to look at; LIMIT keeps the optimiser from turning it round.
        sql = (
            ", chosen AS MATERIALIZED (SELECT * FROM rows SEMI JOIN observed"  # noqa: S608 - names are quoted, values are parameters
            " USING (namespace, hostname, observed_at, batch) WHERE observed_at >= ? AND observed_at <= ? LIMIT 1e18)"
            f" SELECT {', '.join(map(quoted, asked.visible))} FROM chosen WHERE {compiled.sql} ORDER BY {order}"
        )
        parameters = [pc.min(moments).as_py(), pc.max(moments).as_py(), *compiled.parameters]
        hours = {hour_of(moment.isoformat()) for moment in pc.unique(moments).to_pylist()}
        if compiled.rest.expression is None and question.limit is not None:
            sql += f" LIMIT {int(question.limit)}"
        found = self._run(asked, hours, sql, parameters, observed)
        if compiled.rest.expression is not None:
            found = found.filter(pa.array([compiled.rest.matches(row) for row in found.to_pylist()], pa.bool_()))
            found = found.slice(0, question.limit)
        return Rows(asked, found.select(columns), tuple(f"{path}: {why}" for path, why in self.aside.items()))

    def _observed(self, noun: str, question: Question) -> Any:
        """The observations that are meant: who, when and in which batch."""
        parameters: list[Any]
        until = as_utc(question.until) if question.until else _END
        if noun == OBSERVATION:
            sql, parameters = _ALL, [as_utc(question.since) if question.since else _BEGINNING, until]
        elif question.since is None:
            sql, parameters = _LATEST, [noun, until]
        else:
            sql, parameters = _BETWEEN, [noun, as_utc(question.since), until]
        found = self._run(table(OBSERVATION), None, sql, parameters)
        if question.hosts is not None:
            wanted = pa.array(list(question.hosts), pa.string())
            found = found.filter(pc.is_in(found.column("hostname"), wanted))
        return found

    def _run(self, asked: Table, hours: set[str] | None, sql: str, parameters: list[Any], observed: Any = None) -> Any:
        """Run SQL in which `rows` is the table's rows of these hours (None is all)."""
        folder = self.root / asked.name
        for _ in range(ATTEMPTS):
            try:
                with reading(folder):
                    taken = snapshot(folder)
                    self._note(taken)
                    hot = self._hot_rows(taken, asked)
                    return self._execute(taken, hours, hot, sql, parameters, observed)
            except FileNotFoundError:
                continue
            except duckdb.Error as exc:
                if not self._damaged(taken) and snapshot(folder) == taken:
                    raise StoreError(f"{folder}: cannot be read: {exc}") from exc
            except OSError as exc:
                raise StoreError(f"{exc.filename or folder}: cannot be read: {exc.strerror or exc}") from exc
        raise StoreError(f"{folder}: its files keep changing", hint="ask again")

    def _execute(
        self, taken: Snapshot, hours: set[str] | None, hot: Any, sql: str, parameters: list[Any], observed: Any
    ) -> Any:
        paths = [str(taken.folder / part.path) for part in taken.parts if hours is None or part.hour in hours]
        source = "SELECT * FROM hot"
        if paths:
            source += (
                " UNION ALL BY NAME SELECT * FROM read_parquet($paths, union_by_name=true, hive_partitioning=false)"
            )
            listed = ", ".join("'" + path.replace("'", "''") + "'" for path in paths)
            source = source.replace("$paths", f"[{listed}]")
        with self._cursor() as cursor:
            cursor.register("hot", hot)
            if observed is not None:
                cursor.register("observed", observed)
            return cursor.sql(f"WITH rows AS ({source}) {sql}", params=parameters).to_arrow_table()

    def _cursor(self) -> duckdb.DuckDBPyConnection:
        if self._connection is None:
            self._connection = duckdb.connect(config={"autoinstall_known_extensions": False, "TimeZone": "UTC"})
        return self._connection.cursor()

    def _hot_rows(self, taken: Snapshot, asked: Table) -> Any:
        """The hot segments' rows; a segment that has not grown since is not read again."""
        tables = [asked.schema.empty_table()]
        for path in taken.hot:
            status = path.stat()
            version = (status.st_size, status.st_mtime_ns)
            known = self._hot.get(path)
            if known is None or known[0] != version:
                segment = read_segment(path)
                if segment.damage:
                    self.aside[str(path)] = segment.damage
                rows = pa.Table.from_batches(segment.batches) if segment.batches else asked.schema.empty_table()
                known = self._hot[path] = (version, conform(rows, asked.schema))
            tables.append(known[1])
        for path in [path for path in self._hot if path.parent.parent == taken.folder and path not in taken.hot]:
            del self._hot[path]
        return pa.concat_tables(tables)

    def _note(self, taken: Snapshot) -> None:
        for name in taken.aside:
            self.aside.setdefault(str(taken.folder / "aside" / name), "set aside as damaged")

    def _damaged(self, taken: Snapshot) -> bool:
        """Whether a Parquet file is damaged; those that are leave the table."""
        found = False
        for part in taken.parts:
            try:
                pq.read_table(taken.folder / part.path, partitioning=None, page_checksum_verification=True)
            except FileNotFoundError:
                continue
            except (pa.ArrowException, OSError, ValueError) as exc:
                found = True
                self.aside[str(taken.folder / "aside" / Path(part.path).name)] = str(exc)[:200]
                with suppress(OSError):  # on a read-only store the query fails with DuckDB's own message
                    set_aside(taken.folder, part)
        return found

    def close(self) -> None:
        """Let go of the engine."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def _chosen(asked: Table, columns: Sequence[str] | None) -> list[str]:
    if columns is None:
        return list(asked.visible)
    for name in columns:
        if name not in asked.visible:
            near = get_close_matches(name, asked.visible, n=1)
            hint = f'did you mean "{near[0]}"?' if near else f"expected one of {', '.join(asked.visible)}"
            raise UsageError(f"{asked.name} has no column {name!r}", hint=hint)
    return list(dict.fromkeys(columns))
