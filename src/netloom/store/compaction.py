"""Hot segments into Parquet, by hour; the summaries of their rows in the same step; and old hours away."""

from __future__ import annotations

import os
import secrets
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from netloom.errors import StoreError
from netloom.store.grouping import Columns
from netloom.store.layout import Layout, parquet_options
from netloom.store.manifest import ASIDE, HOT, Manifest, Part, commit, exclusive, hour_of, read_manifest, unread
from netloom.store.schema import as_utc
from netloom.store.segment import SUFFIX, finished, make_folder, read_segment, sync_folder

MEMORY_BYTES = 1 << 30
ROUND_SEGMENTS = 256
"""So much is taken in at once, for it is all in memory."""


@dataclass(frozen=True, slots=True)
class Compacted:
    """What a compaction did to a table, or to several."""

    segments: int = 0
    rows: int = 0
    files: int = 0
    aside: tuple[str, ...] = ()
    """Damaged files, moved out of the way: what they are and why."""

    def __add__(self, other: Compacted) -> Compacted:
        return Compacted(
            self.segments + other.segments, self.rows + other.rows, self.files + other.files, self.aside + other.aside
        )


def compact_table(folder: Path, layout: Layout, *, older_than: datetime, memory_bytes: int = MEMORY_BYTES) -> Compacted:
    """Take in the finished hot segments last written before a moment; raises StoreError."""
    limit = as_utc(older_than).timestamp()
    done = Compacted()
    try:
        while (taken := _round(folder, layout, limit, memory_bytes // layout.PACKED)) is not None:
            done += taken
    except OSError as exc:
        raise StoreError(f"{exc.filename or folder}: cannot be compacted: {exc.strerror or exc}") from exc
    return done


def _round(folder: Path, layout: Layout, limit: float, room: int) -> Compacted | None:
    """Take in some segments; None where there are no more."""
    with exclusive(folder), ExitStack() as held:
        manifest = _swept(folder, read_manifest(folder))
        found: list[Path] = []
        size = 0
        for path in sorted((folder / HOT).glob(f"*{SUFFIX}")):
            status = path.stat()
            if path.name in manifest.taken or status.st_mtime >= limit or not held.enter_context(finished(path)):
                continue
            found.append(path)
            size += status.st_size
            if size > room or len(found) >= ROUND_SEGMENTS:
                break
        return _take_in(folder, layout, manifest, found) if found else None


def retain_table(folder: Path, *, since: datetime, summary: str = "") -> int:
    """Delete the hours that end before a moment, and say how many rows went; raises StoreError."""
    first = hour_of(as_utc(since).isoformat())
    gone = _delete_where(folder, lambda part: part.summary == summary and not part.within(first, None))
    return sum(part.rows for part in gone)


def delete_parts(folder: Path, parts: Collection[Part]) -> list[Part]:
    """Delete some files' rows, and say which of the files there still were; raises StoreError."""
    return _delete_where(folder, lambda part: part in parts)


def _delete_where(folder: Path, chosen: Callable[[Part], bool]) -> list[Part]:
    try:
        with exclusive(folder):
            manifest = _swept(folder, read_manifest(folder))
            old = [part for part in manifest.parts if chosen(part)]
            if old:
                manifest = replace(manifest, parts=tuple(part for part in manifest.parts if part not in old))
                commit(folder, manifest)
                _swept(folder, manifest)
            return old
    except OSError as exc:
        raise StoreError(f"{exc.filename or folder}: cannot be deleted: {exc.strerror or exc}") from exc


def set_aside(folder: Path, part: Part) -> None:
    """Move a damaged Parquet file out of the table; raises OSError."""
    with exclusive(folder):
        manifest = read_manifest(folder)
        if part in manifest.parts:
            _link_aside(folder, folder / part.path)
            parts = tuple(each for each in manifest.parts if each != part)
            commit(folder, replace(manifest, parts=parts, aside=(*manifest.aside, Path(part.path).name)))


def _take_in(folder: Path, layout: Layout, manifest: Manifest, paths: list[Path]) -> Compacted:
    rows, damaged = _good_rows(paths, layout)
    files = _Files(folder, list(manifest.parts), damaged)
    written = files.add(layout, rows)
    for path in damaged:
        _link_aside(folder, path)
    taken = (*manifest.taken, *(path.name for path in paths))
    manifest = Manifest(tuple(files.parts), taken, (*manifest.aside, *sorted(path.name for path in damaged)))
    commit(folder, manifest)
    _swept(folder, manifest)
    said = tuple(f"{path}: {reason}" for path, reason in sorted(damaged.items()))
    return Compacted(len(paths), sum(piece.num_rows for piece in rows), written, said)


def _good_rows(paths: list[Path], layout: Layout) -> tuple[list[Any], dict[Path, str]]:
    """The rows of segments, and what is wrong with the damaged ones."""
    rows = []
    damaged = {}
    for path in paths:
        segment = read_segment(path)
        if segment.damage:
            damaged[path] = segment.damage
        rows += [layout.conform(pa.Table.from_batches([batch])) for batch in segment.batches if batch.num_rows]
    return rows, damaged


@dataclass(frozen=True, slots=True)
class _Files:
    """The Parquet files that a compaction leaves."""

    folder: Path
    parts: list[Part]
    damaged: dict[Path, str]

    def add(self, layout: Layout, rows: list[Any]) -> int:
        """Write new rows and their summaries, and say how many files."""
        by_label: dict[str, list[Any]] = defaultdict(list)
        for piece in rows:
            for label, some in _by_label(piece, layout):
                by_label[label].append(some)
        for label, pieces in by_label.items():
            merged = [*pieces, *self._absorbed(layout, label, sum(piece.nbytes for piece in pieces))]
            self.parts.append(_write(self.folder, layout, label, layout.merged(merged)))
        count = len(by_label)
        if rows and layout.summaries:
            whole = Columns(pa.concat_tables(rows, promote_options="default"))
            for summary in layout.summaries:
                if summary.summarise is not None:
                    count += self.add(summary, [summary.summarise(whole)])
        return count

    def _absorbed(self, layout: Layout, label: str, new: int) -> list[Any]:
        """The rows of files that are written anew with so many new bytes; the files are no longer parts."""
        found = []
        for part in sorted(self.parts, key=lambda part: part.size):
            if (part.hour, part.summary) != (label, layout.summary) or part.size >= layout.absorbs(new):
                continue
            self.parts.remove(part)
            new += part.size * layout.PACKED
            path = self.folder / part.path
            try:
                found.append(layout.conform(pq.read_table(path, partitioning=None)))
            except (pa.ArrowException, OSError) as exc:
                self.damaged[path] = str(exc)[:200]
        return found


def _by_label(table: Any, layout: Layout) -> Iterator[tuple[str, Any]]:
    """Rows by the hour, day or month that their file is named after."""
    spans = pc.floor_temporal(table.column(layout.moment), unit=layout.span)
    distinct = pc.unique(spans)
    for span, label in zip(distinct, pc.strftime(distinct, format=layout.label), strict=True):
        yield label.as_py(), table if len(distinct) == 1 else table.filter(pc.equal(spans, span))


def _write(folder: Path, layout: Layout, label: str, table: Any) -> Part:
    path = f"{layout.summary}/hour={label}".lstrip("/") + f"/{secrets.token_hex(8)}.parquet"
    target = folder / path
    make_folder(target.parent)
    aside = target.with_name(f".{target.name}.tmp")
    ordered = layout.ordered(table)
    with aside.open("wb") as file:
        pq.write_table(ordered, file, **parquet_options(ordered, layout))
        file.flush()
        os.fsync(file.fileno())
        size = file.tell()
    aside.replace(target)
    sync_folder(target.parent)
    return Part(path, label, ordered.num_rows, size)


def _swept(folder: Path, manifest: Manifest) -> Manifest:
    """The manifest without segments that are gone; what it does not name is deleted, unless somebody reads it now."""
    with unread(folder) as alone:
        if not alone:
            return manifest
        named = {part.path for part in manifest.parts}
        written = [path for pattern in ("hour=*/*", "*/hour=*/*") for path in folder.glob(pattern)]
        _delete(path for path in written if path.relative_to(folder).as_posix() not in named)
        if manifest.taken:
            _delete(folder / HOT / name for name in manifest.taken)
            sync_folder(folder / HOT)
        _delete_empty(folder)
    return replace(manifest, taken=())


def _delete_empty(folder: Path) -> None:
    for path in [*folder.glob("hour=*"), *folder.glob("*/hour=*")]:
        with suppress(OSError):  # it still holds files
            path.rmdir()


def _delete(paths: Iterable[Path]) -> None:
    for path in paths:
        path.unlink(missing_ok=True)


def _link_aside(folder: Path, path: Path) -> None:
    """A second name for a damaged file, for the first goes once the manifest no longer names it."""
    make_folder(folder / ASIDE)
    with suppress(FileExistsError, FileNotFoundError):
        os.link(path, folder / ASIDE / path.name)
