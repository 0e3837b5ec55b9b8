"""External data representation (RFC 4506) as far as sFlow uses it: nothing is believed beyond the end."""

from __future__ import annotations

import ipaddress
import struct
import uuid
from collections.abc import Callable, Mapping
from typing import Any

from netloom.codecs.sflow_formats import Kind, Many
from netloom.errors import CodecError

_U32, _U64, _I32, _F32 = struct.Struct(">I"), struct.Struct(">Q"), struct.Struct(">i"), struct.Struct(">f")


class XdrError(CodecError):
    """The bytes end too early, or say what cannot be."""


class Xdr:
    """Reads one thing after the other; every read raises XdrError where the bytes do not suffice."""

    def __init__(self, view: memoryview, start: int = 0) -> None:
        self._view = view
        self._start = start
        self._at = 0

    @property
    def offset(self) -> int:
        """Where the next thing stands in the datagram."""
        return self._start + self._at

    @property
    def left(self) -> int:
        """Bytes that have not been read."""
        return len(self._view) - self._at

    def take(self, size: int) -> memoryview:
        """So many bytes as they are."""
        if size > self.left:
            raise XdrError(f"expected {size} bytes more, {self.left} are left", offset=self.offset)
        self._at += size
        return self._view[self._at - size : self._at]

    def u32(self) -> int:
        """An unsigned number of four bytes."""
        return int(_U32.unpack(self.take(4))[0])

    def opaque(self) -> bytes:
        """Bytes behind their count, and the padding to a multiple of four."""
        size = self.u32()
        found = bytes(self.take(size))
        self.take(min(-size % 4, self.left))  # some agents leave out the last padding
        return found

    def part(self, size: int) -> Xdr:
        """A reader of the next bytes alone."""
        start = self.offset
        return Xdr(self.take(size), start)

    def address(self) -> str | None:
        """An address behind its type, None where it is of no known type; raises XdrError."""
        kind = self.u32()
        if kind == 0:
            return None
        if kind not in (1, 2):
            raise XdrError(f"expected an address of type 1 or 2, got {kind}", offset=self.offset - 4)
        return str(ipaddress.ip_address(bytes(self.take(4 if kind == 1 else 16))))

    def value(self, kind: Kind) -> Any:
        """What a kind describes: a number, text, bytes, a list, or a mapping of a structure's fields."""
        if isinstance(kind, Many):
            return self._many(kind.kind)
        if isinstance(kind, str):
            return _READ[kind](self)
        return {name: self.value(each) for name, each in kind}

    def _many(self, kind: Kind) -> list[Any]:
        count = self.u32()
        if count > self.left // 4:  # nothing is smaller than four bytes
            raise XdrError(f"expected {count} entries, {self.left} bytes are left", offset=self.offset - 4)
        return [self.value(kind) for _ in range(count)]


def _mac(reader: Xdr) -> str:
    found = bytes(reader.take(6)).hex(":")
    reader.take(min(2, reader.left))
    return found


_READ: Mapping[str, Callable[[Xdr], Any]] = {
    "u32": Xdr.u32,
    "u64": lambda reader: int(_U64.unpack(reader.take(8))[0]),
    "i32": lambda reader: int(_I32.unpack(reader.take(4))[0]),
    "f32": lambda reader: float(_F32.unpack(reader.take(4))[0]),
    "mac": _mac,
    "ipv4": lambda reader: str(ipaddress.IPv4Address(bytes(reader.take(4)))),
    "ipv6": lambda reader: str(ipaddress.IPv6Address(bytes(reader.take(16)))),
    "address": Xdr.address,
    "string": lambda reader: reader.opaque().decode(errors="replace"),
    "bytes": Xdr.opaque,
    "uuid": lambda reader: str(uuid.UUID(bytes=bytes(reader.take(16)))),
}
