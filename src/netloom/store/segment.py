"""Hot segments: append-only Arrow IPC streams, one file a writer, which are the journal too.

A writer holds a lock on its file as long as it may write; a file that nobody holds is finished. What a killed writer
left half-written at the end is dropped on reading; nothing before it is touched by that.

A batch carries its own checksum. Several that belong together are followed by an empty one, their mark, with a checksum
over the bytes of them all: without it none of them is there. Large ones that are compressed have their numbers in
planes, and say so.
"""

from __future__ import annotations

import fcntl
import os
import secrets
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from io import FileIO
from pathlib import Path
from typing import Any

import pyarrow as pa

from netloom.store.planes import LEAST_ROWS, from_planes, to_planes

SUFFIX = ".arrows"
ROTATE_BYTES = 32 << 20
_CHECKSUM = b"crc32"
_MARK = b"crc32-of-group"
_PLANES = b"planes"


class SegmentWriter:
    """Appends batches to a file of its own; made on the first write, durable when `write` returns."""

    def __init__(
        self, folder: Path, schema: pa.Schema, *, compression: str | None = "lz4", rotate_bytes: int = ROTATE_BYTES
    ) -> None:
        self.folder = folder
        self.schema = schema
        self.compression = compression
        self.rotate_bytes = rotate_bytes
        self.hour: str | None = None
        """The hour of the newest row, so that a segment seldom spans two."""
        # An empty slice would bring buffers of what it was cut from.
        self._nothing = pa.RecordBatch.from_arrays([pa.array([], each.type) for each in schema], schema=schema)
        self._file: FileIO | None = None
        self._sink: _Whole | None = None
        self._writer: Any = None

    def write(self, batch: Any, hour: str) -> None:
        """Append and fsync; raises OSError, and then goes on in a new file, for this one may end half-written."""
        try:
            file, _ = self._ready(hour)
            self._writer.write_batch(batch, custom_metadata={_CHECKSUM: str(_checksum(batch))})
            os.fsync(file.fileno())
        except BaseException:
            self._abandon()
            raise
        self.hour = hour

    def write_all(self, batches: Sequence[Any], hour: str) -> None:
        """Append batches, all or none, and fsync; raises OSError, and then none is there and the file is finished."""
        file, start = None, 0
        try:
            file, sink = self._ready(hour)
            start, sink.checksum = file.tell(), 0
            for batch in batches:
                if self.compression and batch.num_rows >= LEAST_ROWS:
                    self._writer.write_batch(to_planes(batch), custom_metadata={_PLANES: b"1"})
                else:
                    self._writer.write_batch(batch)
            self._writer.write_batch(self._nothing, custom_metadata={_MARK: str(sink.checksum)})
            os.fsync(file.fileno())
        except BaseException:
            if file is not None:
                with suppress(OSError):  # a mark that reached the disk without the call's success must not count
                    file.truncate(start)
                    os.fsync(file.fileno())
            self._abandon()
            raise
        self.hour = hour

    def _ready(self, hour: str) -> tuple[FileIO, _Whole]:
        if self._file is not None and (hour != self.hour or self._file.tell() > self.rotate_bytes):
            self.close()
        if self._file is None:
            self._open()
        assert self._file is not None  # noqa: S101 - opened above
        assert self._sink is not None  # noqa: S101 - as above
        return self._file, self._sink

    def _open(self) -> None:
        make_folder(self.folder)
        path = self.folder / f"{os.getpid():07d}-{secrets.token_hex(8)}{SUFFIX}"
        aside = path.with_name(f".{path.name}.tmp")
        file = FileIO(aside, "xb")
        self._file = file
        fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
        aside.rename(path)  # nobody sees it before it is locked
        options = pa.ipc.IpcWriteOptions(compression=self.compression)
        self._sink = _Whole(file)
        self._writer = pa.ipc.new_stream(pa.PythonFile(self._sink, "w"), self.schema, options=options)
        sync_folder(self.folder)

    def _abandon(self) -> None:
        file, self._file, self._sink, self._writer = self._file, None, None, None
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
        self.checksum = 0
        """Of what was written since somebody set it to zero."""

    def write(self, data: Any) -> int:
        view = memoryview(data).cast("B")
        self.checksum = zlib.crc32(view, self.checksum)
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

    batches: tuple[Any, ...] = ()
    damage: str | None = None
    """What is wrong in its middle, None where at most its end is torn."""
    schema: Any = None
    end: int = 0
    """Where the next batch begins, or a torn one."""


def read_segment(path: Path, known: Segment | None = None) -> Segment:
    """Every whole batch up to a torn end or a damaged place, only what was added to what is known of it.

    Raises OSError where the file cannot be opened.
    """
    known = known or Segment()
    head = known.schema.serialize().to_pybytes() if known.end else b""
    with path.open("rb") as file:
        file.seek(known.end)
        data = pa.py_buffer(head + file.read())
    reading = _Reading(data, len(head))
    damage = reading.run()
    end = known.end + reading.good - len(head)
    return Segment((*known.batches, *reading.batches), damage, reading.schema or known.schema, end)


class _Reading:
    """One pass over the bytes of a stream."""

    def __init__(self, data: Any, start: int) -> None:
        self.data = data
        self.batches: list[Any] = []
        self.good = start
        """The end of the last batch that counts."""
        self.schema: Any = None
        self._held: list[tuple[Any, bool]] = []
        """Batches whose mark has not come yet, and whether they are in planes."""

    def run(self) -> str | None:
        """Read on and say what is damaged."""
        source = pa.BufferReader(self.data)
        start = 0
        try:
            reader = pa.ipc.open_stream(source)
            self.schema = reader.schema
            while True:
                start = source.tell()
                batch, metadata = reader.read_next_batch_with_custom_metadata()
                if not self._counts(batch, metadata, start):
                    return "a checksum differs"
                if not self._held:
                    self.good = source.tell()
        except StopIteration:
            return None
        except (pa.ArrowException, OSError, ValueError) as exc:
            return f"{type(exc).__name__}: {exc}"[:200] if _whole_message(source, start) else None

    def _counts(self, batch: Any, metadata: Any, start: int) -> bool:
        if metadata is None or _PLANES in metadata:
            self._held.append((batch, metadata is not None))
            return True
        if (expected := metadata.get(_MARK)) is not None:
            found, self._held = self._held, []
            right: bool = str(zlib.crc32(memoryview(self.data)[self.good : start])).encode() == expected
        else:
            found = [(batch, False)]
            right = str(_checksum(batch)).encode() == metadata.get(_CHECKSUM)
        if right:
            self.batches += [from_planes(each) if is_in_planes else each for each, is_in_planes in found]
        return right


def _whole_message(source: Any, start: int) -> bool:
    """Whether what failed to be read was there to its end, and so is damaged rather than torn."""
    source.seek(start)
    try:
        while pa.ipc.read_message(source).type == "dictionary":
            pass  # the batch that it is for follows
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
