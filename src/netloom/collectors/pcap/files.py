"""Files to records: captures, files of bare datagrams, and files of syslog lines."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from mmap import ACCESS_READ, mmap
from pathlib import Path

from netloom.codecs.pcap import CaptureError, frames, is_capture
from netloom.collectors.pcap.decode import CaptureDecoder
from netloom.collectors.pcap.payloads import is_flow_export, kind_of
from netloom.errors import SourceError
from netloom.model.noun import Record

_GZIP = b"\x1f\x8b"
_UNPACKED = 1 << 30
"""A compressed capture is not read beyond it."""


def records_of(path: Path, decoder: CaptureDecoder) -> Iterator[Record]:
    """Every record in a file; raises SourceError, after the records before a place that is damaged."""
    data = _contents(path)
    if is_capture(data):
        try:
            for frame in frames(data):
                yield from decoder.frame(frame)
        except CaptureError as exc:
            raise SourceError(f"the capture is damaged: {exc}", file=str(path)) from exc
        return
    yield from _bare(path, bytes(data), decoder)


def _contents(path: Path) -> bytes | memoryview:
    """The file's bytes: mapped where it is long, unpacked where it is packed."""
    try:
        with path.open("rb") as file:
            if file.read(2) == _GZIP:
                file.seek(0)
                with gzip.GzipFile(fileobj=file) as packed:
                    return packed.read(_UNPACKED)
            if path.stat().st_size > 1 << 20:
                return memoryview(mmap(file.fileno(), 0, access=ACCESS_READ))
            file.seek(0)
            return file.read()
    except (OSError, EOFError) as exc:
        reason = exc.strerror if isinstance(exc, OSError) and exc.strerror else str(exc)
        raise SourceError(f"cannot be read: {reason}", file=str(path)) from exc


def _bare(path: Path, data: bytes, decoder: CaptureDecoder) -> Iterator[Record]:
    """One datagram or several, or lines of text; the file's time stands for that of their arrival."""
    received_ns = path.stat().st_mtime_ns
    kind = kind_of(data, (None, None))
    if kind in ("flow", "sflow", "snmp") or is_flow_export(data):
        yield from decoder.datagram(data, None, received_ns, kind)
        return
    if b"\0" in data:
        raise SourceError(
            "expected a capture, datagrams of NetFlow, IPFIX, sFlow or SNMP, or lines of syslog", file=str(path)
        )
    for line in data.splitlines():
        if line.strip():
            yield from decoder.datagram(line, None, received_ns, "syslog")
