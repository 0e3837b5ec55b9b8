"""Captures: pcap and pcapng files as frames (draft-ietf-opsawg-pcap, draft-ietf-opsawg-pcapng).

A file that breaks off or is damaged gives the frames before that place, then raises CaptureError.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from netloom.errors import CodecError

ETHERNET, NULL, PPP, RAW, LOOP, LINUX_SLL, IPV4, IPV6, LINUX_SLL2 = 1, 0, 9, 101, 108, 113, 228, 229, 276
"""The link types (tcpdump.org/linktypes) that `packet.dissect` reads."""

_PCAP = {
    b"\xd4\xc3\xb2\xa1": ("<", 1000),
    b"\xa1\xb2\xc3\xd4": (">", 1000),
    b"\x4d\x3c\xb2\xa1": ("<", 1),
    b"\xa1\xb2\x3c\x4d": (">", 1),
}
"""How a file begins → its byte order, and nanoseconds in a fraction of a second."""
_PCAP_HEADER, _PCAP_FRAME = 24, 16

_SECTION = 0x0A0D0D0A
_INTERFACE, _OLD_PACKET, _SIMPLE_PACKET, _PACKET = 1, 2, 3, 6
_BYTE_ORDER = 0x1A2B3C4D
_NAME, _RESOLUTION, _OFFSET = 2, 9, 14
LARGEST = 1 << 28
"""No frame and no block is longer, whatever the file says."""


class CaptureError(CodecError):
    """The bytes are not a capture, or not a whole one."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One frame as it was captured."""

    time_ns: int
    """Since 1970; 0 where the capture keeps no time."""
    link_type: int
    data: bytes
    length: int
    """On the wire; more than `data` where the capture cut it."""
    interface: str | None = None


@dataclass(frozen=True, slots=True)
class _Interface:
    link_type: int
    longest: int
    """Frames are cut to it; 0 is no limit."""
    units: int = 10**6
    """Of time, in a second."""
    offset_s: int = 0
    name: str | None = None

    def time_ns(self, ticks: int) -> int:
        return ticks * 10**9 // self.units + self.offset_s * 10**9


def is_capture(data: bytes | memoryview) -> bool:
    """Whether a file begins as a capture does."""
    start = bytes(data[:4])
    return start in _PCAP or start == b"\x0a\x0d\x0d\x0a"


def frames(data: bytes | memoryview) -> Iterator[Frame]:
    """A file's frames in order; raises CaptureError at the place where it is none, after the frames before it."""
    view = memoryview(data)
    start = bytes(view[:4])
    if start in _PCAP:
        return _pcap(view, *_PCAP[start])
    if start == b"\x0a\x0d\x0d\x0a":
        return _Sections(view).frames()
    raise CaptureError(f"expected a pcap or pcapng file, got one that begins with {start.hex() or 'nothing'}")


def _pcap(view: memoryview, order: str, fraction_ns: int) -> Iterator[Frame]:
    if len(view) < _PCAP_HEADER:
        raise CaptureError(f"expected a header of {_PCAP_HEADER} bytes, got {len(view)}")
    link_type = struct.unpack_from(f"{order}I", view, 20)[0] & 0x0FFFFFFF
    header = struct.Struct(f"{order}4I")
    at = _PCAP_HEADER
    while at < len(view):
        if at + _PCAP_FRAME > len(view):
            raise CaptureError("it breaks off within a frame's header", offset=at)
        seconds, fraction, size, length = header.unpack_from(view, at)
        at += _PCAP_FRAME
        if size > min(LARGEST, len(view) - at):
            raise CaptureError(f"expected a frame of {size} bytes, {len(view) - at} are left", offset=at)
        yield Frame(seconds * 10**9 + fraction * fraction_ns, link_type, bytes(view[at : at + size]), length)
        at += size


@dataclass(slots=True)
class _Sections:
    """The blocks of a pcapng file, in turn."""

    view: memoryview
    order: str = "<"
    interfaces: list[_Interface] = field(default_factory=list)

    def frames(self) -> Iterator[Frame]:
        at = 0
        while at < len(self.view):
            size = self._size(at)
            kind = self._number(at)
            body = self.view[at + 8 : at + size - 4]
            try:
                found = self._block(kind, body)
            except (struct.error, IndexError) as exc:
                raise CaptureError(f"a block of type {kind:#x} is not whole", offset=at) from exc
            if found is not None:
                yield found
            at += size

    def _size(self, at: int) -> int:
        """How long the block is that begins here; a section says its byte order first."""
        if at + 12 > len(self.view):
            raise CaptureError("it breaks off within a block's header", offset=at)
        if bytes(self.view[at : at + 4]) == b"\x0a\x0d\x0d\x0a":
            mark = bytes(self.view[at + 8 : at + 12])
            orders = {_BYTE_ORDER.to_bytes(4, "little"): "<", _BYTE_ORDER.to_bytes(4, "big"): ">"}
            if mark not in orders:
                raise CaptureError(f"expected the byte-order mark, got {mark.hex()}", offset=at + 8)
            self.order = orders[mark]
        size = self._number(at + 4)
        if size < 12 or size % 4 or size > min(LARGEST, len(self.view) - at):
            raise CaptureError(f"expected a block of {size} bytes, {len(self.view) - at} are left", offset=at)
        return size

    def _number(self, at: int) -> int:
        return int(struct.unpack_from(f"{self.order}I", self.view, at)[0])

    def _block(self, kind: int, body: memoryview) -> Frame | None:
        if kind == _SECTION:
            self.interfaces = []
        elif kind == _INTERFACE:
            self.interfaces.append(self._interface(body))
        elif kind == _PACKET:
            number, high, low, size, length = struct.unpack_from(f"{self.order}5I", body)
            return self._frame(self.interfaces[number], high << 32 | low, body[20:], size, length)
        elif kind == _OLD_PACKET:
            number, _drops, high, low, size, length = struct.unpack_from(f"{self.order}HH4I", body)
            return self._frame(self.interfaces[number], high << 32 | low, body[20:], size, length)
        elif kind == _SIMPLE_PACKET:
            (length,) = struct.unpack_from(f"{self.order}I", body)
            interface = self.interfaces[0]
            size = min(length, interface.longest) if interface.longest else length
            return self._frame(interface, None, body[4:], min(size, len(body) - 4), length)
        return None

    def _frame(self, interface: _Interface, ticks: int | None, rest: memoryview, size: int, length: int) -> Frame:
        if size > len(rest):
            raise IndexError
        time_ns = 0 if ticks is None else interface.time_ns(ticks)
        return Frame(time_ns, interface.link_type, bytes(rest[:size]), length, interface.name)

    def _interface(self, body: memoryview) -> _Interface:
        link_type, _reserved, longest = struct.unpack_from(f"{self.order}HHI", body)
        units, offset, name = 10**6, 0, None
        at = 8
        while at + 4 <= len(body):
            code, size = struct.unpack_from(f"{self.order}HH", body, at)
            value = bytes(body[at + 4 : at + 4 + size])
            if code == _NAME:
                name = value.decode(errors="replace")
            elif code == _RESOLUTION and size == 1:
                units = 2 ** (value[0] & 0x7F) if value[0] & 0x80 else 10 ** value[0]
            elif code == _OFFSET and size == 8:
                (offset,) = struct.unpack(f"{self.order}q", value)
            elif code == 0:
                break
            at += 4 + size + -size % 4
        return _Interface(link_type, longest, units, offset, name)
