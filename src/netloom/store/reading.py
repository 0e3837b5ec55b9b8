"""Questions about tables, answered by DuckDB over Parquet files and hot segments."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from netloom.errors import UsageError
from netloom.model.filter import Filter
from netloom.model.noun import Record
from netloom.store.engine import Asked, Engine, parquet, whole
from netloom.store.manifest import Snapshot, hour_of
from netloom.store.schema import OBSERVATION, Table, as_utc, table
from netloom.store.where import quoted, where

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
        self._engine = Engine()

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

        def plan(taken: Snapshot) -> Asked:
            paths = [taken.folder / part.path for part in taken.parts if hours is None or part.hour in hours]
            source = f"SELECT * FROM hot UNION ALL BY NAME {parquet(paths)}" if paths else "SELECT * FROM hot"  # noqa: S608 - paths are quoted
            tables = {} if observed is None else {"observed": observed}
            return Asked(f"WITH rows AS ({source}) {sql}", parameters, tables)

        return self._engine.run(self.root / asked.name, asked.layout, plan, whole)

    @property
    def aside(self) -> Mapping[str, str]:
        """Damaged file → what is wrong with it."""
        return self._engine.aside

    def close(self) -> None:
        """Let go of the engine."""
        self._engine.close()


def _chosen(asked: Table, columns: Sequence[str] | None) -> list[str]:
    if columns is None:
        return list(asked.visible)
    for name in columns:
        if name not in asked.visible:
            near = get_close_matches(name, asked.visible, n=1)
            hint = f'did you mean "{near[0]}"?' if near else f"expected one of {', '.join(asked.visible)}"
            raise UsageError(f"{asked.name} has no column {name!r}", hint=hint)
    return list(dict.fromkeys(columns))
