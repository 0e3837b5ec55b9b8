"""A table's manifest: which Parquet files hold its rows, and which hot segments they have taken in.

Replacing it is the one step that makes a compaction true: a reader sees the table before it or after it, and what a
killed compaction leaves behind is named in no manifest.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from netloom.errors import StoreError
from netloom.store.segment import SUFFIX, make_folder, sync_folder

HOT = "hot"
NAME = "manifest.json"
ASIDE = "aside"
READERS = ".readers"


@dataclass(frozen=True, slots=True)
class Part:
    """One Parquet file."""

    path: str
    """Below the table's folder: `hour=2026-11-20T10/….parquet`."""
    hour: str
    """The hour, in UTC, of all its rows; of summaries the day or the month."""
    rows: int
    size: int
    """Bytes."""

    @property
    def summary(self) -> str:
        """Which summary of the table it belongs to, empty where it holds the rows themselves."""
        return self.path.rpartition("hour=")[0].rstrip("/")

    def within(self, first: str | None, last: str | None) -> bool:
        """Whether it may hold rows from one hour to another; None is unbounded."""
        size = len(self.hour)
        return (first is None or self.hour >= first[:size]) and (last is None or self.hour <= last[:size])


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a table consists of, beside the hot segments."""

    parts: tuple[Part, ...] = ()
    taken: tuple[str, ...] = ()
    """Names of hot segments whose rows are in the parts, until the files are deleted."""
    aside: tuple[str, ...] = ()
    """Damaged files that were moved out of the way."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A consistent view of a table: each row is in exactly one of these files."""

    folder: Path
    parts: tuple[Part, ...]
    hot: tuple[Path, ...]
    aside: tuple[str, ...]


def hour_of(text: str) -> str:
    """The partition of a moment in ISO 8601, UTC: its hour."""
    return text[:13]


def snapshot(folder: Path) -> Snapshot:
    """The table as it stands; raises StoreError.

    Hot segments are listed before the manifest is read: a segment that a compaction takes in between is then named in
    the manifest, and cannot be missed.
    """
    try:
        hot = sorted((folder / HOT).glob(f"*{SUFFIX}"))
        manifest = read_manifest(folder)
    except OSError as exc:
        raise StoreError(f"{exc.filename or folder}: cannot be read: {exc.strerror}") from exc
    taken = set(manifest.taken)
    return Snapshot(folder, manifest.parts, tuple(path for path in hot if path.name not in taken), manifest.aside)


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a table, empty where there is none yet; raises StoreError and OSError."""
    path = folder / NAME
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return Manifest()
    except UnicodeDecodeError as exc:
        raise StoreError(f"{path}: damaged: {exc.reason}") from exc
    try:
        data = json.loads(text)
        parts = tuple(Part(**part) for part in data["parts"])
        return Manifest(parts, tuple(data["taken"]), tuple(data["aside"]))
    except (ValueError, KeyError, TypeError) as exc:
        raise StoreError(f"{path}: damaged: {exc}", hint="restore it from a backup of the store") from exc


def commit(folder: Path, manifest: Manifest) -> None:
    """Make this the table's manifest, durably and at once; raises OSError."""
    text = json.dumps(asdict(manifest), indent=1)
    write_aside(folder / NAME, text.encode())


def write_aside(path: Path, data: bytes) -> None:
    """Write a file beside its place, sync it, and rename it into place; raises OSError."""
    aside = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with aside.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        aside.replace(path)
    except OSError:
        with suppress(OSError):
            aside.unlink()
        raise
    sync_folder(path.parent)


@contextmanager
def exclusive(folder: Path) -> Iterator[None]:
    """Only one process at a time changes a table's manifest; appending and reading go on beside it."""
    make_folder(folder)
    with (folder / ".lock").open("a") as file:
        fcntl.flock(file.fileno(), fcntl.LOCK_EX)
        yield


@contextmanager
def reading(folder: Path) -> Iterator[None]:
    """While the context lasts no file that a snapshot may name is deleted."""
    try:
        file = (folder / READERS).open("rb")
    except OSError:  # nothing has been compacted yet, so nothing is deleted either
        yield
        return
    with file:
        fcntl.flock(file.fileno(), fcntl.LOCK_SH)
        yield


@contextmanager
def unread(folder: Path) -> Iterator[bool]:
    """Whether nobody reads the table now; new readers wait while the context lasts."""
    with (folder / READERS).open("ab") as file:
        try:
            fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
