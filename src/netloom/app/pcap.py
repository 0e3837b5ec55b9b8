"""Captures to records, for the command line."""

from __future__ import annotations

import signal
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

from netloom.collectors.pcap.decode import CaptureDecoder
from netloom.collectors.pcap.files import records_of
from netloom.model.neighbor_frame import NeighborFrame
from netloom.model.noun import Record
from netloom.model.stream import streams
from netloom.transports.capture import Capture


def kinds() -> tuple[str, ...]:
    """What a capture may hold, as `record` names it."""
    return tuple(_name(stream.record) for stream in streams().values())


def decoded(paths: Sequence[Path], decoder: CaptureDecoder) -> Iterator[tuple[str, Record]]:
    """Each record with its kind; raises SourceError."""
    for path in paths:
        for record in records_of(path, decoder):
            yield _name(type(record)), record
    for record in decoder.end():
        yield _name(type(record)), record


def captured(interface: str, decoder: CaptureDecoder, seconds: float | None) -> Iterator[tuple[str, Record]]:
    """Each record of what passes an interface for so long or until Ctrl-C, with its kind; raises UsageError."""
    with Capture(interface) as capture:
        before = signal.signal(signal.SIGINT, lambda _number, _frame: capture.stop())
        try:
            for frame in capture.frames(seconds):
                for record in decoder.frame(frame):
                    yield _name(type(record)), record
        finally:
            signal.signal(signal.SIGINT, before)
    decoder.dropped += capture.dropped
    for record in decoder.end():
        yield _name(type(record)), record


def row(kind: str, record: Record) -> dict[str, Any]:
    """A record as JSON has it: its kind first, without what nobody told."""
    return {"record": kind, **_told(record)}


def _name(record: type[Record]) -> str:
    if record is NeighborFrame:
        return "neighbor"
    return next(name for name, stream in streams().items() if stream.record is record)


def _told(value: Any) -> Any:
    if isinstance(value, Record):
        every: Any = value
        pairs = ((field.name, _told(getattr(value, field.name))) for field in fields(every))
        return {name: each for name, each in pairs if each is not None and each != []}
    if isinstance(value, Mapping):
        return {str(name): _told(each) for name, each in value.items()}
    return [_told(each) for each in value] if isinstance(value, tuple | list) else value
