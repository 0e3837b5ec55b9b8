"""Questions about streams, answered by DuckDB over hot rows, Parquet files and summaries."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa

from netloom.model.filter import Filter
from netloom.store.engine import Asked, Engine, whole
from netloom.store.manifest import Snapshot
from netloom.store.naming import names_of
from netloom.store.rollup import layout_of, levels
from netloom.store.stream_question import Span, StreamRows, Totals
from netloom.store.stream_schema import StreamTable
from netloom.store.stream_source import Source, StreamSource, hours_back
from netloom.store.stream_totals import Ask, Totalling
from netloom.store.where import Where, quoted, where

CHUNK_ROWS = 1 << 14
WIDENING = (1, 4, 24, None)
"""So many hours are looked through for the latest rows, until there are enough."""


class StreamReader:
    """Answers questions about one stream."""

    def __init__(self, table: StreamTable, folder: Path, engine: Engine) -> None:
        self.table = table
        self.folder = folder
        self.names = names_of(table.name)
        self._engine = engine
        self._layout = layout_of(table)
        self._source = StreamSource(self.names, levels(table))

    def rows(self, question: Filter, span: Span, columns: Sequence[str] | None, limit: int | None) -> StreamRows:
        """The rows in order of time, with a limit the latest; raises UsageError and StoreError."""
        chosen = self._known(columns if columns is not None else self.table.visible)
        schema = self.names.schema
        compiled = where(question, schema, self.table.plain)
        wanted = [
            name for name in schema.names if name in {*chosen, *self.names.heads(compiled.rest), self.table.moment}
        ]
        needed = [*wanted, *self.names.heads(question)]
        order = f"ORDER BY {quoted(self.table.moment)} {'DESC' if limit is not None else 'ASC'}"
        last = f" LIMIT {int(limit)}" if limit is not None and compiled.rest.expression is None else ""

        def found_in(hours: int | None) -> tuple[Any, bool]:
            """The rows of the last hours, and whether that is all."""
            whole_span = True

            def plan(taken: Snapshot) -> Asked:
                nonlocal whole_span
                since, until = span.nanoseconds
                first = hours_back(taken, since, until, hours)
                whole_span = first == since
                source = self._source.rows(needed, taken, [(first, until)])
                sql = f"SELECT {_listed(wanted)} FROM ({source.sql}) WHERE {compiled.sql} {order}{last}"  # noqa: S608 - quoted
                return Asked(sql, compiled.parameters)

            rows = self._engine.run(
                self.folder, self._layout, plan, lambda found: self._filtered(found, compiled, limit)
            )
            return rows, whole_span

        if limit is None:
            return self._answer(found_in(None)[0].select(chosen))
        for hours in WIDENING:
            data, complete = found_in(hours)
            if complete or data.num_rows >= limit:
                break
        latest_last = pa.array(range(data.num_rows - 1, -1, -1), pa.int64())
        return self._answer(data.take(latest_last).select(chosen))

    def totals(self, question: Filter, span: Span, totals: Totals) -> StreamRows:
        """Groups of rows added up; raises UsageError and StoreError."""
        totalling = Totalling(self.names, totals)
        asked = self.names.asked(question)
        compiled = where(question, self.names.described(asked), self.table.plain)
        rest = compiled.rest.expression is not None
        wanted = {*map(self.names.source, totals.by), *asked, *(self.names.heads(compiled.rest) if rest else ())}

        def work(taken: Snapshot, ask: Ask) -> Any:
            source = self._source.pieces(taken, sorted(wanted), totals.of, span, totals.step)
            if rest:
                return self._totals_of_rest(totalling, source, compiled, ask)
            found = totalling.largest(source, compiled, ask) if totalling.is_wide(source) else None
            if found is None:
                sql = totalling.around(source.sql, compiled.sql)
                found = ask(Asked(sql, compiled.parameters, source.tables)).to_arrow_table()
            return found

        found = self._engine.work(self.folder, self._layout, work)
        return self._answer(self.table.shown(found, [name for measure in totals.of for name in measure.answers]))

    def _totals_of_rest(self, totalling: Totalling, source: Source, compiled: Where, ask: Ask) -> Any:
        """The totals of rows that Python must look at first."""
        sql = f"SELECT * FROM ({source.sql}) WHERE {compiled.sql}"  # noqa: S608 - names are quoted
        rows = ask(Asked(sql, compiled.parameters, source.tables))
        kept = self._left(rows, compiled, None)
        again = Asked(totalling.around("SELECT * FROM found", "true"), [], {"found": kept})
        return whole(ask(again))

    def _filtered(self, found: Any, compiled: Where, limit: int | None) -> Any:
        """The rows that Python leaves of the engine's, up to a limit, as people read them."""
        if compiled.rest.expression is None:
            return self.table.shown(whole(found))
        return self.table.shown(self._left(found, compiled, limit))

    def _left(self, found: Any, compiled: Where, limit: int | None) -> Any:
        """The rows that Python leaves of the engine's."""
        left = []
        count = 0
        reader = found.to_arrow_reader(CHUNK_ROWS)
        for batch in reader:
            piece = pa.Table.from_batches([batch])
            matches: Callable[[Any], bool] = compiled.rest.matches
            rows = self.table.rows(self.table.shown(piece))
            left.append(piece.filter(pa.array([matches(row) for row in rows], pa.bool_())))
            count += left[-1].num_rows
            if limit is not None and count >= limit:
                break
        empty = pa.Table.from_batches([], reader.schema)
        return pa.concat_tables([empty, *left]).slice(0, limit)

    def _answer(self, data: Any) -> StreamRows:
        aside = tuple(f"{path}: {why}" for path, why in self._engine.aside.items())
        return StreamRows(self.table, data, aside)

    def _known(self, names: Sequence[str]) -> list[str]:
        for name in names:
            if name not in self.names.schema.names:
                raise self.names.unknown(name)
        return list(dict.fromkeys(names))


def _listed(names: Any) -> str:
    return ", ".join(map(quoted, names))
