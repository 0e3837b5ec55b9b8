"""DuckDB over a table's Parquet files and hot segments, whatever compactions and damaged files do meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import Any, TypeVar

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from netloom.errors import StoreError
from netloom.store.compaction import set_aside
from netloom.store.layout import Layout
from netloom.store.manifest import Snapshot, reading, snapshot
from netloom.store.segment import Segment, read_segment

ATTEMPTS = 5
"""A first compaction may take files away under a reader, which then looks again."""

_SETTINGS: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": False,
    "TimeZone": "UTC",
    "arrow_lossless_conversion": True,  # addresses come as 16 bytes and not as text
    "parquet_metadata_cache": True,  # a file never changes
    "perfect_ht_threshold": 20,  # small numbers are places in a table rather than looked up in one
}

Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class Asked:
    """SQL over `hot`, the rows of the hot segments, `nothing`, which has each column and no row, and more."""

    sql: str
    parameters: list[Any] = field(default_factory=list)
    tables: Mapping[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class _Hot:
    """What is known of a hot segment."""

    version: tuple[int, int]
    segment: Segment
    rows: list[Any]


class Engine:
    """Runs SQL over tables; files that turn out damaged are set aside and said."""

    def __init__(self) -> None:
        self.aside: dict[str, str] = {}
        """Damaged file → what is wrong with it."""
        self._connection: duckdb.DuckDBPyConnection | None = None
        self._hot: dict[Path, _Hot] = {}
        self._lock = Lock()

    def run(
        self, folder: Path, layout: Layout, plan: Callable[[Snapshot], Asked], take: Callable[[Any], Answer]
    ) -> Answer:
        """What is taken of the answer to a plan for the table as it stands; raises StoreError."""
        return self.work(folder, layout, lambda taken, ask: take(ask(plan(taken))))

    def work(
        self, folder: Path, layout: Layout, answer: Callable[[Snapshot, Callable[[Asked], Any]], Answer]
    ) -> Answer:
        """What comes of several questions to the table as it stands at one moment; raises StoreError."""
        for _ in range(ATTEMPTS):
            try:
                with reading(folder):
                    taken = snapshot(folder)
                    self._note(taken)
                    with self._lock:
                        hot = self._hot_rows(taken, layout)
                    with self._cursor() as cursor:
                        cursor.register("hot", hot)
                        cursor.register("nothing", layout.schema.empty_table())

                        def ask(asked: Asked, cursor: duckdb.DuckDBPyConnection = cursor) -> Any:
                            for name, rows in asked.tables.items():
                                cursor.register(name, rows)
                            return cursor.sql(asked.sql, params=asked.parameters)

                        return answer(taken, ask)
            except FileNotFoundError:
                continue
            except duckdb.Error as exc:
                if not self._damaged(taken) and snapshot(folder) == taken:
                    raise StoreError(f"{folder}: cannot be read: {exc}") from exc
            except OSError as exc:
                raise StoreError(f"{exc.filename or folder}: cannot be read: {exc.strerror or exc}") from exc
        raise StoreError(f"{folder}: its files keep changing", hint="ask again")

    def _cursor(self) -> duckdb.DuckDBPyConnection:
        with self._lock:
            if self._connection is None:
                self._connection = duckdb.connect(config=_SETTINGS)
            return self._connection.cursor()

    def _hot_rows(self, taken: Snapshot, layout: Layout) -> Any:
        """The hot segments' rows; of a segment only what was added since is read."""
        tables = []
        for path in taken.hot:
            status = path.stat()
            version = (status.st_size, status.st_mtime_ns)
            known = self._hot.get(path)
            if known is None or known.version != version:
                before = known.segment if known is not None and not known.segment.damage else Segment()
                segment = read_segment(path, before)
                if segment.damage:
                    self.aside[str(path)] = segment.damage
                new = segment.batches[len(before.batches) :]
                rows = [*(known.rows if known and before.end else []), *(_table(layout, batch) for batch in new)]
                known = self._hot[path] = _Hot(version, segment, rows)
            tables += known.rows
        for path in [path for path in self._hot if path.parent.parent == taken.folder and path not in taken.hot]:
            del self._hot[path]
        return pa.concat_tables(tables, promote_options="default") if tables else layout.schema.empty_table()

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


def whole(found: Any) -> Any:
    """The answer as one table."""
    return found.to_arrow_table()


def parquet(paths: Iterable[Path]) -> str:
    """The SQL for the rows of Parquet files, whichever columns each has."""
    listed = ", ".join("'" + str(path).replace("'", "''") + "'" for path in paths)
    return f"SELECT * FROM read_parquet([{listed}], union_by_name=true, hive_partitioning=false)"  # noqa: S608 - quoted


def _table(layout: Layout, batch: Any) -> Any:
    return layout.conform(pa.Table.from_batches([batch]))
