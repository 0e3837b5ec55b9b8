"""Hot segments: append-only Arrow IPC streams, one file a writer, which are the journal too.

A writer holds a lock on its file as long as it may write; a file that nobody holds is finished. What a killed writer
left half-written at the end is dropped on reading; nothing before it is touched by that.
"""

from __future__ import annotations

import fcntl
import os
import secrets
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from io import FileIO
from pathlib import Path
from typing import Any

import pyarrow as pa

SUFFIX = ".arrows"
ROTATE_BYTES = 32 << 20
_CHECKSUM = b"crc32"


class SegmentWriter:
    """Appends batches to a file of its own; made on the first write, durable when `write` returns."""

    def __init__(self, folder: Path, schema: pa.Schema) -> None:
        self.folder = folder
        self.schema = schema
        self.hour: str | None = None
        """The hour of the newest row, so that a segment seldom spans two."""
        self._file: FileIO | None = None
        self._writer: Any = None

    def write(self, batch: Any, hour: str) -> None:
        """Append and fsync; raises OSError, and then goes on in a new file, for this one may end half-written."""
        if self._file is not None and (hour != self.hour or self._file.tell() > ROTATE_BYTES):
            self.close()
        try:
            if self._file is None:
                self._open()
            self._writer.write_batch(batch, custom_metadata={_CHECKSUM: str(_checksum(batch))})
            assert self._file is not None  # noqa: S101 - opened above
            os.fsync(self._file.fileno())
        except BaseException:
            self._abandon()
            raise
        self.hour = hour

    def _open(self) -> None:
        make_folder(self.folder)
        path = self.folder / f"{os.getpid():07d}-{secrets.token_hex(8)}{SUFFIX}"
        aside = path.with_name(f".{path.name}.tmp")
        file = FileIO(aside, "xb")
        self._file = file
        fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
        aside.rename(path)  # nobody sees it before it is locked
        options = pa.ipc.IpcWriteOptions(compression="lz4")
        self._writer = pa.ipc.new_stream(pa.PythonFile(_Whole(file), "w"), self.schema, options=options)
        sync_folder(self.folder)

    def _abandon(self) -> None:
        file, self._file, self._writer = self._file, None, None
        if file is not None:
            with suppress(OSError):
                file.close()

    def close(self) -> None:
        """Finish the file; others may compact it from now on."""
        if self._writer is not None:
            with suppress(OSError):  # the end mark is a courtesy to other readers
                self._writer.close()
        self._abandon()


class _Whole:
    """A raw file whose write writes everything: the system may take less, above all when the disk is nearly full."""

    def __init__(self, file: FileIO) -> None:
        self._file = file
        self.closed = False

    def write(self, data: Any) -> int:
        view = memoryview(data).cast("B")
        written = 0
        while written < len(view):
            written += self._file.write(view[written:]) or 0
        return written

    def flush(self) -> None:
        self._file.flush()

    def close(self) -> None:
        self.closed = True

    def tell(self) -> int:
        return self._file.tell()


@dataclass(frozen=True, slots=True)
class Segment:
    """What a hot segment holds."""

    batches: tuple[Any, ...]
    damage: str | None = None
    """What is wrong in its middle, None where at most its end is torn."""


def read_segment(path: Path) -> Segment:
    """Every whole batch up to a torn end or a damaged place; raises OSError where the file cannot be opened."""
    with path.open("rb") as file:
        data = pa.py_buffer(file.read())
    source = pa.BufferReader(data)
    batches: list[Any] = []
    start = 0
    try:
        reader = pa.ipc.open_stream(source)
        while True:
            start = source.tell()
            batch, metadata = reader.read_next_batch_with_custom_metadata()
            if metadata is None or metadata.get(_CHECKSUM) != str(_checksum(batch)).encode():
                return Segment(tuple(batches), "a checksum differs")
            batches.append(batch)
    except StopIteration:
        return Segment(tuple(batches))
    except (pa.ArrowException, OSError, ValueError) as exc:
        whole = _whole_message(source, start)
        return Segment(tuple(batches), f"{type(exc).__name__}: {exc}"[:200] if whole else None)


def _whole_message(source: Any, start: int) -> bool:
    """Whether what failed to be read was there to its end, and so is damaged rather than torn."""
    source.seek(start)
    try:
        pa.ipc.read_message(source)
    except (pa.ArrowException, OSError, EOFError):
        return False
    return True


def _checksum(batch: Any) -> int:
    """Of the batch as it is uncompressed, for Arrow itself has none."""
    return zlib.crc32(batch.serialize())


@contextmanager
def finished(path: Path) -> Iterator[bool]:
    """Whether no writer holds the segment; it cannot be taken while the context lasts."""
    with path.open("rb") as file:
        try:
            fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True


def make_folder(path: Path) -> None:
    """Make a folder and those above it, durably."""
    if not path.is_dir():
        make_folder(path.parent)
        path.mkdir(exist_ok=True)
        sync_folder(path.parent)


def sync_folder(path: Path) -> None:
    """Make the names in a folder durable."""
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
