"""Packets put together again: fragments of IP (RFC 791, RFC 8200 §4.5) and the bytes of TCP in their order.

Memory is bounded: what is oldest is given up first, and counted.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field

from netloom.codecs.packet import Packet, with_payload

DATAGRAMS = 1024
"""So many may be in pieces at once."""
LARGEST = 1 << 16
STREAMS = 4096
WINDOW = 1 << 20
"""So many bytes of a stream may wait for one that is missing."""
_HALF = 1 << 31

_Flow = tuple[str | None, str | None, int | None, int | None]


@dataclass(slots=True)
class _Pieces:
    first: Packet | None = None
    """The one with the transport's header."""
    parts: dict[int, bytes] = field(default_factory=dict)
    """Offset → bytes."""
    size: int | None = None
    """Of the whole, once its last piece is there."""

    def whole(self) -> bytes | None:
        """The payload; a piece that overlaps another gives what is new."""
        if self.size is None or self.first is None:
            return None
        found = bytearray()
        for offset, part in sorted(self.parts.items()):
            if offset > len(found):
                return None
            found += part[len(found) - offset :]
        return bytes(found[: self.size]) if len(found) >= self.size else None


class Fragments:
    """Datagrams that came in pieces."""

    def __init__(self) -> None:
        self._waiting: OrderedDict[tuple[str | None, str | None, int | None, int], _Pieces] = OrderedDict()
        self.given_up = 0

    def feed(self, packet: Packet) -> Packet | None:
        """The packet itself where it is whole, the whole one with its last piece, else None."""
        if packet.fragment_id is None:
            return packet
        key = (packet.src_addr, packet.dst_addr, packet.proto, packet.fragment_id)
        pieces = self._waiting.setdefault(key, _Pieces())
        offset, data = packet.fragment_offset, packet.ip_payload
        if offset + len(data) > LARGEST:
            return None
        pieces.parts[offset] = max(pieces.parts.get(offset, b""), data, key=len)
        if offset == 0:
            pieces.first = packet
        if not packet.more_fragments:
            pieces.size = offset + len(data)
        if (whole := pieces.whole()) is not None and pieces.first is not None:
            del self._waiting[key]
            return with_payload(pieces.first, whole)
        if len(self._waiting) > DATAGRAMS:
            self._waiting.popitem(last=False)
            self.given_up += 1
        return None


@dataclass(slots=True)
class _Stream:
    following: int
    """The sequence number that comes next."""
    ahead: dict[int, bytes] = field(default_factory=dict)
    waiting: int = 0


class Streams:
    """TCP's bytes in their order, each direction by itself."""

    def __init__(self) -> None:
        self._streams: OrderedDict[_Flow, _Stream] = OrderedDict()
        self.skipped = 0
        """Times that bytes were missing and the stream went on behind them."""

    def feed(self, packet: Packet) -> bytes:
        """The bytes that are next in their stream, and those that waited for them."""
        if packet.tcp_sequence is None or packet.tcp_flags is None:
            return b""
        key = (packet.src_addr, packet.dst_addr, packet.src_port, packet.dst_port)
        begins = packet.tcp_flags & 0x02
        start = packet.tcp_sequence + (1 if begins else 0)
        stream = self._streams.get(key)
        if stream is None or begins:
            stream = self._streams[key] = _Stream(start % (1 << 32))
            if len(self._streams) > STREAMS:
                self._streams.popitem(last=False)
        self._streams.move_to_end(key)
        found = _taken(stream, start % (1 << 32), packet.payload)
        if stream.waiting > WINDOW:
            stream.following = min(stream.ahead, key=lambda number: (number - stream.following) % (1 << 32))
            self.skipped += 1
            found += _taken(stream, stream.following, b"")
        if packet.tcp_flags & 0x05:
            self._streams.pop(key, None)
        return found


def _taken(stream: _Stream, start: int, data: bytes) -> bytes:
    known = stream.ahead.get(start, b"")
    if len(data) > len(known):
        stream.ahead[start] = data
        stream.waiting += len(data) - len(known)
    found = bytearray()
    progress = True
    while progress:
        progress = False
        for number in sorted(stream.ahead, key=lambda each: (each - stream.following + _HALF) % (1 << 32)):
            behind = (stream.following - number) % (1 << 32)
            if behind >= _HALF:  # it lies ahead
                break
            part = stream.ahead.pop(number)
            stream.waiting -= len(part)
            new = part[behind:]
            found += new
            stream.following = (stream.following + len(new)) % (1 << 32)
            progress = True
    return bytes(found)
