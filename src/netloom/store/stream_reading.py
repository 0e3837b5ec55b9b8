"""Questions about streams, answered by DuckDB over hot rows, Parquet files and summaries."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa

from netloom.errors import UsageError
from netloom.model.filter import Filter
from netloom.store.cover import END, Grain, cover
from netloom.store.engine import Asked, Engine, parquet, whole
from netloom.store.manifest import Part, Snapshot
from netloom.store.rollup import DERIVED, MEASURES, SECOND, bucket_of, layout_of, levels
from netloom.store.stream_question import (
    EPOCH,
    Span,
    StreamRows,
    Totals,
    fields_of,
    nanoseconds_of,
    sums_of,
    whole_number,
)
from netloom.store.stream_schema import StreamTable, near
from netloom.store.where import Where, quoted, where

CHUNK_ROWS = 1 << 14
WIDENING = (1, 4, 24, None)
"""So many hours are looked through for the latest rows, until there are enough."""
TIME = "time_ns"
"""The beginning of a step, in nanoseconds since 1970."""


class StreamReader:
    """Answers questions about one stream."""

    def __init__(self, table: StreamTable, folder: Path, engine: Engine) -> None:
        self.table = table
        self.folder = folder
        self._engine = engine
        self._layout = layout_of(table)
        self._levels = levels(table)
        self._derived = DERIVED.get(table.name, {})
        derived = [pa.field(name, kind) for name, (_, kind) in self._derived.items()]
        self._schema = pa.schema([*table.schema, *derived], metadata=table.schema.metadata)

    def rows(self, question: Filter, span: Span, columns: Sequence[str] | None, limit: int | None) -> StreamRows:
        """The rows in order of time, with a limit the latest; raises UsageError and StoreError."""
        chosen = self._known(columns if columns is not None else self.table.visible)
        compiled = where(question, self._schema)
        wanted = [
            name for name in self._schema.names if name in {*chosen, *fields_of(compiled.rest), self.table.moment}
        ]
        order = f"ORDER BY {quoted(self.table.moment)} {'DESC' if limit is not None else 'ASC'}"
        last = f" LIMIT {int(limit)}" if limit is not None and compiled.rest.expression is None else ""

        def found_in(hours: int | None) -> tuple[Any, bool]:
            """The rows of the last hours, and whether that is all."""
            whole_span = True

            def plan(taken: Snapshot) -> Asked:
                nonlocal whole_span
                since, until = span.nanoseconds
                first = _hours_back(taken, since, until, hours)
                whole_span = first == since
                source = self._source([*wanted, *self._compiled_fields(question)], taken, [(first, until)])
                sql = f"SELECT {_listed(wanted)} FROM ({source}) WHERE {compiled.sql} {order}{last}"  # noqa: S608 - quoted
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
        """Sums over flows, scaled by their sampling rates; raises UsageError and StoreError."""
        by = self._known(totals.by)
        compiled = where(question, self._schema)
        wanted = [name for name in self._schema.names if name in {*by, *self._compiled_fields(question)}]
        head, tail = _totalling(by, totals)

        def plan(taken: Snapshot) -> Asked:
            source, tables = self._pieces(taken, wanted, span, totals.step)
            if compiled.rest.expression is None:
                return Asked(f"{head}({source}) WHERE {compiled.sql} {tail}", compiled.parameters, tables)
            return Asked(f"SELECT * FROM ({source}) WHERE {compiled.sql}", compiled.parameters, tables)  # noqa: S608 - quoted

        found = self._engine.run(self.folder, self._layout, plan, lambda found: self._filtered(found, compiled, None))
        if compiled.rest.expression is not None:
            again = Asked(f"{head}found {tail}", [], {"found": found})
            found = self._engine.run(self.folder, self._layout, lambda _: again, whole)
        return self._answer(found)

    def _pieces(
        self, taken: Snapshot, wanted: list[str], span: Span, step: int | None
    ) -> tuple[str, dict[str, pa.Table]]:
        """The SQL for rows of the span with what is wanted and the measures, from the smallest tables there are."""
        since, until = span.nanoseconds
        chain, grains, coarsest = self._grains(taken, wanted, span, step)
        pieces = cover(since, until, grains, coarsest)
        measures = ["bytes", "packets", "sampling_rate"]
        time = f"epoch_ns({quoted(self.table.moment)}) AS {TIME}"
        rows = self._source(
            [*wanted, *measures, self.table.moment], taken, [(p.since, p.until) for p in pieces if not p.grain], span
        )
        chosen = _listed(dict.fromkeys([*wanted, *measures]))
        found = [f"SELECT {time}, {chosen}, 1 AS flows FROM ({rows})"]  # noqa: S608 - names are quoted
        tables = {}
        for at, level in enumerate(chain, 1):
            spans = [(piece.since, piece.until) for piece in pieces if piece.grain == at]
            paths = [taken.folder / part.path for part in _parts(taken, level.name, spans)]
            if paths:
                source = f"SELECT * FROM nothing_{at} UNION ALL BY NAME {parquet(paths)}"  # noqa: S608 - as above
                counts = f"SELECT {time}, {chosen}, flows FROM ({source})"  # noqa: S608 - as above
                found.append(f"{counts} WHERE {self._within(spans)}")
                tables[f"nothing_{at}"] = level.layout.schema.empty_table()
        return " UNION ALL BY NAME ".join(found), tables

    def _grains(
        self, taken: Snapshot, wanted: list[str], span: Span, step: int | None
    ) -> tuple[list[Any], list[Grain], int]:
        """The summary with the fewest rows that knows all that is wanted, and how coarse it may be."""
        own = Grain(1, _since(part for part in taken.parts if not part.summary))
        able = [
            chain for chain in self._levels.values() if set(wanted) <= {*chain[0].layout.schema.names} - {*MEASURES}
        ]
        if not able:
            return [], [own], 0
        ends = [span.nanoseconds]
        chain = min(able, key=lambda chain: sum(part.rows for part in _parts(taken, chain[0].name, ends)))
        grains = [
            Grain(level.step, _since(part for part in taken.parts if part.summary == level.name)) for level in chain
        ]
        coarsest = max(
            (at for at, level in enumerate(chain, 1) if step is None or step % level.step == 0),
            default=0,
        )
        return chain, [own, *grains], coarsest

    def _source(
        self, wanted: Sequence[str], taken: Snapshot, spans: list[tuple[int, int]], hot: Span | None = None
    ) -> str:
        """The SQL for the stream's own rows: hot ones, of the whole span, and those in Parquet files of some spans."""
        names = dict.fromkeys(wanted)
        computed = [f"{self._derived[name][0]} AS {name}" for name in names if name in self._derived]
        chosen = ", ".join([*(quoted(name) for name in names if name not in self._derived), *computed])
        ends = [hot.nanoseconds] if hot else spans
        both = f"SELECT * FROM nothing UNION ALL BY NAME SELECT * FROM hot WHERE {self._within(ends)}"  # noqa: S608 - numbers
        for parts, condition in _split(_parts(taken, "", spans), spans, self._within(spans)):
            files = parquet(taken.folder / part.path for part in parts)
            both += f" UNION ALL BY NAME (SELECT * FROM ({files}) WHERE {condition})"  # noqa: S608 - paths are quoted
        return f"SELECT {chosen} FROM ({both})"  # noqa: S608 - names are quoted

    def _within(self, spans: Sequence[tuple[int, int]]) -> str:
        moment = quoted(self.table.moment)
        found = [
            f"({moment} >= make_timestamp_ns({since}) AND {moment} < make_timestamp_ns({until}))"
            for since, until in spans
        ]
        return f"({' OR '.join(found) or 'false'})"

    def _filtered(self, found: Any, compiled: Where, limit: int | None) -> Any:
        """The rows that Python leaves of the engine's, up to a limit, as people read them."""
        if compiled.rest.expression is None:
            return self.table.shown(whole(found))
        left = []
        count = 0
        reader = found.to_arrow_reader(CHUNK_ROWS)
        for batch in reader:
            shown = self.table.shown(pa.Table.from_batches([batch]))
            left.append(
                shown.filter(pa.array([compiled.rest.matches(row) for row in self.table.rows(shown)], pa.bool_()))
            )
            count += left[-1].num_rows
            if limit is not None and count >= limit:
                break
        empty = self.table.shown(pa.Table.from_batches([], reader.schema))
        return pa.concat_tables([empty, *left]).slice(0, limit)

    def _answer(self, data: Any) -> StreamRows:
        aside = tuple(f"{path}: {why}" for path, why in self._engine.aside.items())
        return StreamRows(self.table, data, aside)

    def _known(self, names: Sequence[str]) -> list[str]:
        for name in names:
            if name not in self._schema.names:
                raise UsageError(f"{self.table.folder}: no column {name!r}", hint=near(name, self._schema.names))
        return list(dict.fromkeys(names))

    def _compiled_fields(self, question: Filter) -> set[str]:
        return fields_of(question) & set(self._schema.names)


def _totalling(by: Sequence[str], totals: Totals) -> tuple[str, str]:
    """The SQL around the rows that are added up; sums become whole numbers last, when few of them are left."""
    sums = {name: sql for measure in totals.of for name, sql in sums_of(measure).items()}
    step = [f"{bucket_of(TIME, totals.step)} AS {TIME}"] if totals.step else []
    inner = [*step, *map(quoted, by), *(f"{sql} AS {name}" for name, sql in sums.items())]
    outer = [*([TIME] if step else []), *map(quoted, by), *map(whole_number, sums)]
    order = ", ".join([*([TIME] if step else []), f"{totals.of[0]} DESC NULLS LAST", *map(quoted, by)])
    last = "" if totals.limit is None else f" LIMIT {int(totals.limit)}"
    head = f"SELECT {', '.join(outer)} FROM (SELECT {', '.join(inner)} FROM "  # noqa: S608 - names are quoted
    return head, f"GROUP BY ALL ORDER BY {order}{last}) ORDER BY {order}"


def _parts(taken: Snapshot, summary: str, spans: Sequence[tuple[int, int]]) -> list[Part]:
    """The files of a summary, or of the rows themselves, that may hold something of some spans."""
    labels = [(_label(since), _label(until - 1)) for since, until in spans]
    return [
        part
        for part in taken.parts
        if part.summary == summary and any(part.within(first, last) for first, last in labels)
    ]


def _split(parts: list[Part], spans: Sequence[tuple[int, int]], condition: str) -> Iterator[tuple[list[Part], str]]:
    """Files that lie in the spans wholly, whose rows' times need not be looked at, and the others."""
    hour = 3600 * SECOND
    inside = {
        part.hour
        for part in parts
        if any(since <= (start := _beginning(part.hour)) and start + hour <= until for since, until in spans)
    }
    if whole_ones := [part for part in parts if part.hour in inside]:
        yield whole_ones, "true"
    if others := [part for part in parts if part.hour not in inside]:
        yield others, condition


def _hours_back(taken: Snapshot, since: int, until: int, hours: int | None) -> int:
    """Where the last hours of a span begin that have files; the span's own beginning where there are no more."""
    labels = sorted({part.hour for part in _parts(taken, "", [(since, until)])}, reverse=True)
    if hours is None or hours >= len(labels):
        return since
    return max(since, _beginning(labels[hours - 1]))


def _since(parts: Iterator[Part]) -> int:
    """When the first of the files begins, the end of time where there is none."""
    first = min((part.hour for part in parts), default=None)
    return END if first is None else _beginning(first)


def _beginning(label: str) -> int:
    """When an hour, a day or a month begins."""
    return nanoseconds_of(datetime.fromisoformat((label + "-01-01")[:10] + label[10:]).replace(tzinfo=UTC))


def _label(nanoseconds: int) -> str:
    return (EPOCH + timedelta(seconds=nanoseconds // SECOND)).isoformat()[:13]


def _listed(names: Any) -> str:
    return ", ".join(map(quoted, names))
