"""Groups of rows added up: the engine's SQL for it, and a quicker way to the largest of very many groups."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from netloom.store.engine import Asked
from netloom.store.measure import Measure, whole_number
from netloom.store.naming import Names
from netloom.store.packed import ADDRESS
from netloom.store.rollup import bucket_of
from netloom.store.stream_question import Totals
from netloom.store.stream_source import TIME, Source
from netloom.store.where import Where, quoted

MANY_ROWS = 1 << 20
"""Of fewer rows all groups are added up at once."""
BUCKETS_KEPT = 512
"""Of 65,536 buckets that groups fall into by their hash."""

Ask = Callable[[Asked], Any]


@dataclass(frozen=True, slots=True)
class Totalling:
    """One question's SQL."""

    names: Names
    totals: Totals

    @property
    def _measures(self) -> Sequence[Measure]:
        return self.totals.of

    def around(self, source: str, condition: str) -> str:
        """The groups of a source's rows; sums become whole numbers last, when few of them are left."""
        step = [TIME] if self.totals.step else []
        sums = {name: sql for measure in self._measures for name, sql in measure.answers.items()}
        keys = [f"{self.names.sql(name)} AS {quoted(name)}" for name in self.totals.by]
        times = [f"{bucket_of(TIME, self.totals.step)} AS {TIME}"] if self.totals.step else []
        inner = ", ".join([*times, *keys, *(f"{sql} AS {quoted(name)}" for name, sql in sums.items())])
        outer = [*step, *map(quoted, self.totals.by)]
        for measure in self._measures:
            outer += [whole_number(quoted(name)) if measure.whole else quoted(name) for name in measure.answers]
        order = ", ".join([*step, f"{quoted(next(iter(sums)))} DESC NULLS LAST", *map(quoted, self.totals.by)])
        last = "" if self.totals.limit is None else f" LIMIT {int(self.totals.limit)}"
        groups = f"SELECT {inner} FROM ({source}) WHERE {condition} GROUP BY ALL ORDER BY {order}{last}"  # noqa: S608 - quoted
        return f"SELECT {', '.join(outer)} FROM ({groups}) ORDER BY {order}"  # noqa: S608 - names are quoted

    def is_wide(self, source: Source) -> bool:
        """Whether there may be about as many groups as rows, of which few are asked for."""
        kinds = [self.names.kind(name) for name in self.totals.by]
        varied = sum(kind == ADDRESS for kind in kinds if isinstance(kind, pa.DataType))
        varied += sum(name in self.names.table.varied for name in self.totals.by)
        small = self.totals.limit is not None and self.totals.limit <= BUCKETS_KEPT // 4
        return small and varied > 1 and source.rows >= MANY_ROWS and self._measures[0].additive

    def largest(self, source: Source, compiled: Where, ask: Ask) -> Any:
        """The largest groups, found in two looks; None where these do not tell which they are.

        The first adds up buckets of groups, which takes one small table. What a bucket has in all no group in it
        exceeds: if enough groups in the largest buckets have more than the largest of the other buckets, they are it.
        """
        keys = ", ".join(self.names.sql(name) for name in self.totals.by)
        bucket = f"CAST(hash({keys}) >> 48 AS USMALLINT)"
        name, sql = next(iter(self._measures[0].answers.items()))
        whole = f"SELECT {bucket} AS bucket, {sql} AS size FROM ({source.sql}) WHERE {compiled.sql} GROUP BY 1"  # noqa: S608 - quoted
        top = f"SELECT bucket, coalesce(size, 0) AS size FROM ({whole}) ORDER BY size DESC LIMIT {BUCKETS_KEPT + 1}"  # noqa: S608 - as above
        buckets = ask(Asked(top, compiled.parameters, source.tables)).to_arrow_table()
        if buckets.num_rows <= BUCKETS_KEPT:
            return None
        kept = buckets.slice(0, BUCKETS_KEPT).column("bucket")
        edge = buckets.column("size")[BUCKETS_KEPT].as_py()
        condition = f"{compiled.sql} AND {bucket} IN (SELECT bucket FROM kept)"  # noqa: S608 - as above
        tables = {**source.tables, "kept": pa.table({"bucket": kept})}
        found = ask(Asked(self.around(source.sql, condition), compiled.parameters, tables)).to_arrow_table()
        sizes = found.column(name)
        if found.num_rows < (self.totals.limit or 0) or pc.min(sizes).as_py() <= edge:
            return None
        return found
