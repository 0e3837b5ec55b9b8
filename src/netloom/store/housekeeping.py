"""The chores of streams: compaction, retention, a limit on the disk, and what killed processes left behind.

Deleting needs a little room itself, for a manifest is written anew before its files go. So some is held in reserve, and
given up where the disk is full.
"""

from __future__ import annotations

import errno
import os
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TypeVar

from netloom.errors import StoreError
from netloom.model.stream import streams
from netloom.store.compaction import Compacted, compact_table, delete_parts, retain_table
from netloom.store.manifest import HOT, Part, exclusive, read_manifest
from netloom.store.retention import Policy
from netloom.store.rollup import kept_with, layout_of
from netloom.store.segment import SUFFIX, finished, make_folder
from netloom.store.stream_schema import stream_table

RESERVE = ".reserve"
RESERVE_BYTES = 1 << 20
_ABANDONED_S = 3600.0

Answer = TypeVar("Answer")


@dataclass(slots=True)
class Report:
    """What one round of housekeeping did."""

    compacted: Compacted = field(default_factory=Compacted)
    expired: Counter[str] = field(default_factory=Counter)
    """`flow`, `flow 5m` → rows that were kept long enough."""
    evicted: Counter[str] = field(default_factory=Counter)
    """The same → rows that had to go for want of room."""
    debris: int = 0
    """Files that killed processes left."""
    bytes: int = 0
    """What all streams take now, as far as known."""
    failures: list[str] = field(default_factory=list)
    """What could not be done; it is tried again in the next round."""


def keep_house(path: Path, policy: Policy, now: datetime) -> Report:
    """One round over the streams below a path; what fails is reported, and the rest is done."""
    report = Report()
    _hold_reserve(path)
    for name in _present(path):
        _attempt(report, partial(_compact, path, name, policy, now, report))
    for name, step, span in policy.spans():
        if (path / stream_table(name).folder).is_dir():
            _attempt(report, partial(_expire, path, name, step, now - span, report))
    if policy.max_bytes is not None:
        _attempt(report, partial(_evict, path, policy.max_bytes, report))
    for name in _present(path):
        _attempt(report, partial(_tidy, path / stream_table(name).folder, report))
    report.bytes = sum(_sizes(path).values())
    return report


def _attempt(report: Report, chore: Callable[[], None]) -> None:
    try:
        chore()
    except StoreError as exc:
        report.failures.append(str(exc))


def _present(path: Path) -> list[str]:
    return [name for name, stream in streams().items() if (path / stream.plural).is_dir()]


def _compact(path: Path, name: str, policy: Policy, now: datetime, report: Report) -> None:
    table = stream_table(name)
    limit = now - policy.settled
    report.compacted += compact_table(
        path / table.folder, layout_of(table), older_than=limit, memory_bytes=policy.memory_bytes
    )


def _expire(path: Path, name: str, step: str | None, since: datetime, report: Report) -> None:
    folder = path / stream_table(name).folder
    for summary in kept_with(name, step):
        gone = _with_reserve(path, partial(retain_table, folder, since=since, summary=summary))
        if gone and bool(summary) is (step is not None):
            report.expired[name if step is None else f"{name} {step}"] += gone


def _evict(path: Path, limit: int, report: Report) -> None:
    """Delete the oldest rows until all fits, and then the oldest summaries; hot segments stay."""
    used = sum(_sizes(path).values())
    if used <= limit:
        return
    parts = [(name, part) for name in _present(path) for part in _parts(path, name)]
    rows = {name: kept_with(name, None) for name, _ in parts}
    parts.sort(key=lambda each: (each[1].summary not in rows[each[0]], each[1].hour))
    going: dict[str, list[Part]] = {}
    for name, part in parts:
        if used <= limit:
            break
        going.setdefault(name, []).append(part)
        used -= part.size
    for name, some in going.items():
        folder = path / stream_table(name).folder
        for part in _with_reserve(path, partial(delete_parts, folder, some)):
            step = "" if part.summary in rows[name] else part.summary.rpartition("-")[2]
            if part.summary and not step:
                continue
            report.evicted[f"{name} {step}" if step else name] += part.rows


def _parts(path: Path, name: str) -> tuple[Part, ...]:
    folder = path / stream_table(name).folder
    try:
        return read_manifest(folder).parts
    except OSError as exc:
        raise StoreError(f"{folder}: cannot be read: {exc.strerror or exc}") from exc


def _sizes(path: Path) -> dict[Path, int]:
    """All files and what they take, the reserve aside."""
    found = {}
    for folder, _, names in os.walk(path):
        for name in set(names) - {RESERVE}:
            with suppress(OSError):  # it went meanwhile
                found[Path(folder, name)] = Path(folder, name).stat().st_size
    return found


def _tidy(folder: Path, report: Report) -> None:
    """Remove half-made files whose makers are gone."""
    try:
        with exclusive(folder):
            for path in _half_made(folder):
                path.unlink(missing_ok=True)
                report.debris += 1
    except OSError as exc:
        raise StoreError(f"{folder}: cannot be tidied: {exc.strerror or exc}") from exc


def _half_made(folder: Path) -> Iterator[Path]:
    long_ago = time.time() - _ABANDONED_S
    yield from folder.glob(".manifest.json.*.tmp")  # only who holds the lock makes one
    for path in (folder / HOT).glob(f".*{SUFFIX}.tmp"):
        with suppress(FileNotFoundError):
            if path.stat().st_mtime < long_ago:
                with finished(path) as alone:
                    if alone:
                        yield path


def _with_reserve(path: Path, deletion: Callable[[], Answer]) -> Answer:
    """Delete something, where the disk is full with the room that is held for it."""
    try:
        return deletion()
    except StoreError as exc:
        cause = exc.__cause__
        if not isinstance(cause, OSError) or cause.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        (path / RESERVE).unlink(missing_ok=True)
        return deletion()
    finally:
        _hold_reserve(path)


def _hold_reserve(path: Path) -> None:
    reserve = path / RESERVE
    with suppress(OSError):  # there is no room to hold now
        if path.is_dir() and (not reserve.exists() or reserve.stat().st_size < RESERVE_BYTES):
            make_folder(path)
            try:
                reserve.write_bytes(os.urandom(RESERVE_BYTES))
            except OSError:
                reserve.unlink(missing_ok=True)
