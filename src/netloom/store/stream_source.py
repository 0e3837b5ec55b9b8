"""Where an answer's rows come from: hot ones, Parquet files, and the smallest summaries that know what is asked."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from netloom.store.cover import END, Grain, Piece, cover
from netloom.store.engine import parquet
from netloom.store.manifest import Part, Snapshot
from netloom.store.measure import Measure
from netloom.store.naming import Names
from netloom.store.rollup import SECOND, Level
from netloom.store.stream_question import EPOCH, Span, nanoseconds_of
from netloom.store.where import quoted

TIME = "time_ns"
"""The beginning of a step, in nanoseconds since 1970."""


@dataclass(slots=True)
class Source:
    """The SQL for some rows, and the tables it needs beside `hot` and `nothing`."""

    sql: str
    tables: dict[str, Any] = field(default_factory=dict)
    rows: int = 0
    """In the files that it reads."""


class StreamSource:
    """Says where rows come from."""

    def __init__(self, names: Names, levels: Mapping[str, list[Level]]) -> None:
        self.names = names
        self._levels = levels
        self._moment = names.table.moment

    def rows(
        self, wanted: Collection[str], taken: Snapshot, spans: list[tuple[int, int]], hot: Span | None = None
    ) -> Source:
        """The stream's own rows: hot ones, of the whole span, and those in Parquet files of some spans."""
        chosen = ", ".join(f"{self.names.of_row(name)} AS {quoted(name)}" for name in dict.fromkeys(wanted))
        needed = [*(each for name in wanted for each in self.names.columns_of(name)), self._moment]
        columns = ", ".join(map(quoted, dict.fromkeys(needed)))
        ends = [hot.nanoseconds] if hot else spans
        both = f"SELECT {columns} FROM nothing UNION ALL BY NAME SELECT * FROM hot WHERE {self._within(ends)}"  # noqa: S608 - numbers
        parts = parts_of(taken, "", spans)
        for some, condition in _split(parts, spans, self._within(spans)):
            files = parquet(taken.folder / part.path for part in some)
            both += f" UNION ALL BY NAME (SELECT * FROM ({files}) WHERE {condition})"  # noqa: S608 - paths are quoted
        return Source(f"SELECT {chosen} FROM ({both})", {}, sum(part.rows for part in parts))  # noqa: S608 - quoted

    def pieces(
        self, taken: Snapshot, wanted: Collection[str], measures: Sequence[Measure], span: Span, step: int | None
    ) -> Source:
        """The rows of a span with what is wanted and what the measures need, from the smallest tables there are."""
        columns = {name: sql for measure in measures for name, sql in measure.columns.items()}
        chain, pieces = self._chosen(taken, wanted, columns, span, step)
        fields = [name for measure in measures for name in measure.fields]
        own = self.rows(
            [*wanted, *fields, self._moment], taken, [(p.since, p.until) for p in pieces if not p.grain], span
        )
        time = f"epoch_ns({quoted(self._moment)}) AS {TIME}"
        kept = [quoted(name) for name in dict.fromkeys(wanted) if name not in columns]
        computed = [f"{sql} AS {quoted(name)}" for name, sql in columns.items()]
        found = [f"SELECT {', '.join([time, *kept, *computed])} FROM ({own.sql})"]  # noqa: S608 - names are quoted
        listed = ", ".join([time, *kept, *map(quoted, columns)])
        for at, level in enumerate(chain, 1):
            spans = [(piece.since, piece.until) for piece in pieces if piece.grain == at]
            parts = parts_of(taken, level.name, spans)
            if parts:
                source = f"SELECT * FROM nothing_{at} UNION ALL BY NAME {_files(taken, parts)}"  # noqa: S608 - as above
                found.append(f"SELECT {listed} FROM ({source}) WHERE {self._within(spans)}")  # noqa: S608 - as above
                own.tables[f"nothing_{at}"] = level.layout.schema.empty_table()
                own.rows += sum(part.rows for part in parts)
        return Source(" UNION ALL BY NAME ".join(found), own.tables, own.rows)

    def _chosen(
        self, taken: Snapshot, wanted: Collection[str], columns: Mapping[str, str], span: Span, step: int | None
    ) -> tuple[list[Level], list[Piece]]:
        """The summary with the fewest rows that knows all that is wanted, and which of its steps answers for when."""
        since, until = span.nanoseconds
        own = Grain(1, _since(part for part in taken.parts if not part.summary))
        chains = [chain for chain in self._levels.values() if _knows(chain, wanted, columns)]
        whole = {id(chain): self._grains(taken, chain) for chain in chains}
        able = [chain for chain in chains if own.since == END or whole[id(chain)][-1].since <= own.since]
        if not able:
            return [], cover(since, until, [own], 0)
        reach = {id(chain): min(grain.since for grain in [own, *whole[id(chain)]]) for chain in able}
        furthest = max(since, min(reach.values()))
        able = [chain for chain in able if reach[id(chain)] <= furthest]

        def cost(chain: list[Level]) -> tuple[int, int]:
            coarsest = _coarsest(chain, step)
            pieces = cover(since, until, [own, *whole[id(chain)]], coarsest)
            return _rows_of(taken, chain, pieces), len(chain[0].layout.schema)

        chain = min(able, key=cost)
        return chain, cover(since, until, [own, *whole[id(chain)]], _coarsest(chain, step))

    def _grains(self, taken: Snapshot, chain: list[Level]) -> list[Grain]:
        return [
            Grain(level.step, _since(part for part in taken.parts if part.summary == level.name)) for level in chain
        ]

    def _within(self, spans: Sequence[tuple[int, int]]) -> str:
        moment = quoted(self._moment)
        found = [
            f"({moment} >= make_timestamp_ns({since}) AND {moment} < make_timestamp_ns({until}))"
            for since, until in spans
        ]
        return f"({' OR '.join(found) or 'false'})"


def parts_of(taken: Snapshot, summary: str, spans: Sequence[tuple[int, int]]) -> list[Part]:
    """The files of a summary, or of the rows themselves, that may hold something of some spans."""
    labels = [(_label(since), _label(until - 1)) for since, until in spans]
    return [
        part
        for part in taken.parts
        if part.summary == summary and any(part.within(first, last) for first, last in labels)
    ]


def hours_back(taken: Snapshot, since: int, until: int, hours: int | None) -> int:
    """Where the last hours of a span begin that have files; the span's own beginning where there are no more."""
    labels = sorted({part.hour for part in parts_of(taken, "", [(since, until)])}, reverse=True)
    if hours is None or hours >= len(labels):
        return since
    return max(since, beginning(labels[hours - 1]))


def beginning(label: str) -> int:
    """When an hour, a day or a month begins."""
    return nanoseconds_of(datetime.fromisoformat((label + "-01-01")[:10] + label[10:]).replace(tzinfo=UTC))


def _knows(chain: list[Level], wanted: Collection[str], columns: Mapping[str, str]) -> bool:
    names = set(chain[0].layout.schema.names)
    return set(wanted) <= names - chain[0].layout.varied and set(columns) <= names


def _coarsest(chain: list[Level], step: int | None) -> int:
    return max((at for at, level in enumerate(chain, 1) if step is None or step % level.step == 0), default=0)


def _rows_of(taken: Snapshot, chain: list[Level], pieces: Sequence[Piece]) -> int:
    """How many rows the files have that answer for some pieces."""
    found = 0
    for at, name in enumerate(["", *(level.name for level in chain)]):
        spans = [(piece.since, piece.until) for piece in pieces if piece.grain == at]
        found += sum(part.rows for part in parts_of(taken, name, spans))
    return found


def _files(taken: Snapshot, parts: Sequence[Part]) -> str:
    return parquet(taken.folder / part.path for part in parts)


def _split(parts: list[Part], spans: Sequence[tuple[int, int]], condition: str) -> Iterator[tuple[list[Part], str]]:
    """Files that lie in the spans wholly, whose rows' times need not be looked at, and the others."""
    hour = 3600 * SECOND
    inside = {
        part.hour
        for part in parts
        if any(since <= (start := beginning(part.hour)) and start + hour <= until for since, until in spans)
    }
    if whole_ones := [part for part in parts if part.hour in inside]:
        yield whole_ones, "true"
    if others := [part for part in parts if part.hour not in inside]:
        yield others, condition


def _since(parts: Iterator[Part]) -> int:
    """When the first of the files begins, the end of time where there is none."""
    first = min((part.hour for part in parts), default=None)
    return END if first is None else beginning(first)


def _label(nanoseconds: int) -> str:
    return (EPOCH + timedelta(seconds=nanoseconds // SECOND)).isoformat()[:13]
