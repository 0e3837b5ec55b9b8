"""One column's rows in an answer to GETBULK: the hot loop of polling, a million of these a second.

Nearly all answers have one shape: each binding's header, then the column's identifier, then an instance and a value
with short lengths. Such an answer is cut at the column's identifier by one call, and each piece is held to the lengths
that its header promises; whatever does not fit is decoded with all checks by `Reply.bindings`.
"""

from __future__ import annotations

from netloom.codecs import ber
from netloom.codecs.snmp import Missing, Reply, Value

_INTEGER, _COUNTER32, _GAUGE32, _TICKS, _COUNTER64 = 0x02, 0x41, 0x42, 0x43, 0x46
_STRINGS = frozenset((0x04, 0x40))
"""OCTET STRING and IpAddress."""
_NUMBERS = {
    **dict.fromkeys(range(1, 5), frozenset((_COUNTER32, _GAUGE32, _TICKS, _COUNTER64))),
    **dict.fromkeys(range(5, 9), frozenset((_COUNTER64,))),
}
"""Octets of a value → the tags of unsigned numbers that are within their bounds whatever the octets are."""
_NONE: frozenset[int] = frozenset()
_HEADER = 4
"""30 LL 06 OL."""
_SHAPES = 4096
_INSTANCES = 1 << 16


class Column:
    """The rows of one column, as answers bring them."""

    __slots__ = ("_shapes", "prefix", "rows")

    def __init__(self, prefix: bytes) -> None:
        self.prefix = prefix
        """The column's encoded identifier."""
        self.rows: dict[str, Value] = {}
        """Instance → value."""
        self._shapes = _Shapes(len(prefix))

    def take(self, reply: Reply) -> tuple[int, bytes | None]:
        """Add an answer's rows: how many bindings it had, and the last name, None where the column has ended.

        Raises BerError.
        """
        try:
            return self._take_alike(reply)
        except (_Unlike, IndexError):
            return self._take_any(reply)

    def _take_alike(self, reply: Reply) -> tuple[int, bytes | None]:
        rows, shapes, instances, number = self.rows, self._shapes, _instances, int.from_bytes
        pieces = reply.data[reply.at : reply.end].split(self.prefix)
        head = pieces[0]
        pieces[-1] += b"0\0\x06\0"  # as if one more followed
        del pieces[0]
        for piece in pieces:
            tag_at, value_at, size, octets, numbers = shapes[head]
            if len(piece) != size or piece[tag_at + 1] != octets:
                raise _Unlike
            tag = piece[tag_at]
            if tag in numbers:
                rows[instances[piece[:tag_at]]] = number(piece[value_at:-4])
            elif tag in _STRINGS:
                rows[instances[piece[:tag_at]]] = piece[value_at:-4]
            elif tag == _INTEGER and 0 < octets <= 8:
                rows[instances[piece[:tag_at]]] = number(piece[value_at:-4], signed=True)
            else:
                raise _Unlike
            head = piece[-4:]
        if not pieces:
            raise _Unlike
        return len(pieces), self.prefix + piece[:tag_at]

    def _take_any(self, reply: Reply) -> tuple[int, bytes | None]:
        bindings = reply.bindings()
        size, name = len(self.prefix), None
        for name, value in bindings:
            if not name.startswith(self.prefix) or len(name) == size or value is None or value.__class__ is Missing:
                return len(bindings), None
            self.rows[_instances[name[size:]]] = value
        return len(bindings), name


class _Unlike(Exception):
    """The answer is not of the common shape."""


class _Shapes(dict[bytes, tuple[int, int, int, int, frozenset[int]]]):
    """A binding's header → where its tag and value stand, its piece's length, the value's, its numbers' tags."""

    def __init__(self, prefix: int) -> None:
        super().__init__()
        self._prefix = prefix

    def __missing__(self, head: bytes) -> tuple[int, int, int, int, frozenset[int]]:
        if len(head) != _HEADER or head[0] != 0x30 or head[2] != 0x06 or head[1] >= 0x80:
            raise _Unlike
        instance, octets = head[3] - self._prefix, head[1] - head[3] - 4
        if instance < 1 or octets < 0:
            raise _Unlike
        size = instance + 2 + octets + _HEADER
        shape = (instance, instance + 2, size, octets, _NUMBERS.get(octets, _NONE))
        if len(self) < _SHAPES:
            self[head] = shape
        return shape


class _Instances(dict[bytes, str]):
    """Encoded instances → dotted ones; a device's columns all have the same. Raises BerError."""

    def __missing__(self, content: bytes) -> str:
        if len(self) >= _INSTANCES:
            self.clear()
        text = self[content] = ber.suffix(content)
        return text


_instances = _Instances()
