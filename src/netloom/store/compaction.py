"""Hot segments into Parquet, one file an hour and table; and old hours away."""

from __future__ import annotations

import os
import secrets
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from netloom.errors import StoreError
from netloom.store.manifest import ASIDE, HOT, Manifest, Part, commit, exclusive, hour_of, read_manifest, unread
from netloom.store.schema import as_utc
from netloom.store.segment import SUFFIX, finished, make_folder, read_segment, sync_folder

MERGE_BYTES = 64 << 20
"""An hour's file is rewritten with its late rows as long as it is smaller."""


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


def compact_table(folder: Path, schema: pa.Schema, *, older_than: datetime) -> Compacted:
    """Take in the finished hot segments last written before a moment; raises StoreError."""
    limit = as_utc(older_than).timestamp()
    try:
        with exclusive(folder), ExitStack() as held:
            manifest = _swept(folder, read_manifest(folder))
            found = [
                path
                for path in sorted((folder / HOT).glob(f"*{SUFFIX}"))
                if path.name not in manifest.taken
                and path.stat().st_mtime < limit
                and held.enter_context(finished(path))
            ]
            return _take_in(folder, schema, manifest, found) if found else Compacted()
    except OSError as exc:
        raise StoreError(f"{exc.filename or folder}: cannot be compacted: {exc.strerror or exc}") from exc


def retain_table(folder: Path, *, since: datetime) -> int:
    """Delete the hours that end before a moment, and say how many rows went; raises StoreError."""
    first = hour_of(as_utc(since).isoformat())
    try:
        with exclusive(folder):
            manifest = _swept(folder, read_manifest(folder))
            old = [part for part in manifest.parts if part.hour < first]
            if old:
                manifest = replace(manifest, parts=tuple(part for part in manifest.parts if part.hour >= first))
                commit(folder, manifest)
                _swept(folder, manifest)
            return sum(part.rows for part in old)
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


def _take_in(folder: Path, schema: pa.Schema, manifest: Manifest, paths: list[Path]) -> Compacted:
    rows, damaged = _good_rows(paths, schema)
    count = sum(piece.num_rows for pieces in rows.values() for piece in pieces)
    parts = list(manifest.parts)
    for hour, pieces in rows.items():
        for part in [part for part in parts if part.hour == hour and part.size < MERGE_BYTES]:
            parts.remove(part)
            try:
                pieces.append(conform(pq.read_table(folder / part.path, partitioning=None), schema))
            except (pa.ArrowException, OSError) as exc:
                damaged[folder / part.path] = str(exc)[:200]
        parts.append(_write(folder, hour, pa.concat_tables(pieces)))
    for path in damaged:
        _link_aside(folder, path)
    taken = (*manifest.taken, *(path.name for path in paths))
    manifest = Manifest(tuple(parts), taken, (*manifest.aside, *sorted(path.name for path in damaged)))
    commit(folder, manifest)
    _swept(folder, manifest)
    said = tuple(f"{path}: {reason}" for path, reason in sorted(damaged.items()))
    return Compacted(len(paths), count, len(rows), said)


def _good_rows(paths: list[Path], schema: pa.Schema) -> tuple[dict[str, list[Any]], dict[Path, str]]:
    """The rows of segments by hour, and what is wrong with the damaged ones."""
    rows: dict[str, list[Any]] = defaultdict(list)
    damaged = {}
    for path in paths:
        segment = read_segment(path)
        if segment.damage:
            damaged[path] = segment.damage
        for batch in segment.batches:
            for hour, piece in _by_hour(conform(pa.Table.from_batches([batch]), schema)):
                rows[hour].append(piece)
    return rows, damaged


def conform(table: Any, schema: pa.Schema) -> Any:
    """Rows of an older or newer schema as this one has them: new columns null, unknown columns dropped."""
    if table.schema.equals(schema):
        return table
    arrays = []
    for field in schema:
        if field.name in table.column_names:
            arrays.append(_cast(table.column(field.name), field.type))
        else:
            arrays.append(pa.nulls(table.num_rows, field.type))
    return pa.Table.from_arrays(arrays, schema=schema)


def _cast(column: Any, wanted: Any) -> Any:
    if column.type.equals(wanted):
        return column
    try:
        return column.cast(wanted)
    except pa.ArrowException:  # a nested record that gained or lost fields, which Arrow does not cast
        return pa.chunked_array([pa.array([_fitting(value, wanted) for value in column.to_pylist()], wanted)])


def _fitting(value: Any, wanted: Any) -> Any:
    if value is None:
        return None
    if pa.types.is_list(wanted):
        return [_fitting(item, wanted.value_type) for item in value] if isinstance(value, list) else None
    if pa.types.is_struct(wanted):
        return {field.name: _fitting(value.get(field.name), field.type) for field in wanted}
    try:
        return pa.scalar(value, wanted).as_py()
    except pa.ArrowException:
        return str(value) if pa.types.is_string(wanted) else None


def _by_hour(table: Any) -> Iterator[tuple[str, Any]]:
    hours = pc.strftime(pc.floor_temporal(table.column("observed_at"), unit="hour"), format="%Y-%m-%dT%H")
    for hour in pc.unique(hours).to_pylist():
        yield hour, table.filter(pc.equal(hours, hour))


def _write(folder: Path, hour: str, table: Any) -> Part:
    path = f"hour={hour}/{secrets.token_hex(8)}.parquet"
    target = folder / path
    make_folder(target.parent)
    aside = target.with_name(f".{target.name}.tmp")
    ordered = table.sort_by([(name, "ascending") for name in ("observed_at", "hostname", "batch", "ordinal")])
    with aside.open("wb") as file:
        pq.write_table(ordered, file, compression="zstd", row_group_size=1 << 17, write_page_checksum=True)
        file.flush()
        os.fsync(file.fileno())
        size = file.tell()
    aside.replace(target)
    sync_folder(target.parent)
    return Part(path, hour, ordered.num_rows, size)


def _swept(folder: Path, manifest: Manifest) -> Manifest:
    """The manifest without segments that are gone; what it does not name is deleted, unless somebody reads it now."""
    with unread(folder) as alone:
        if not alone:
            return manifest
        named = {part.path for part in manifest.parts}
        _delete(path for path in folder.glob("hour=*/*") if path.relative_to(folder).as_posix() not in named)
        if manifest.taken:
            _delete(folder / HOT / name for name in manifest.taken)
            sync_folder(folder / HOT)
        _delete_empty(folder)
    return replace(manifest, taken=())


def _delete_empty(folder: Path) -> None:
    for path in folder.glob("hour=*"):
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
