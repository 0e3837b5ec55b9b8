"""SSH's data types (RFC 4251, section 5) and packets (RFC 4253, section 6), in clear or under AES-GCM (RFC 5647).

Law: a packet's length is believed only within `PACKET_LIMIT`, and under a cipher its contents only with the right tag.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from netloom.errors import CodecError

PACKET_LIMIT = 1 << 18
"""Bytes; as OpenSSH has it. RFC 4253, section 6.1, asks for 35,000 at least."""
_TAG = 16
_CLEAR_BLOCK, _BLOCK = 8, 16
_SHORTEST = 5
"""Of what the length counts: the padding's own length and four bytes of it."""


class SshError(CodecError):
    """The peer's bytes are not SSH as agreed on."""


class Fields:
    """A packet's fields, one after the other; raises SshError where there is none."""

    __slots__ = ("_at", "_data")

    def __init__(self, data: bytes, at: int = 0) -> None:
        self._data = data
        self._at = at

    def byte(self) -> int:
        """One byte."""
        return self._take(1)[0]

    def uint32(self) -> int:
        """Four bytes."""
        return int.from_bytes(self._take(4), "big")

    def text(self) -> bytes:
        """A string: bytes behind their length."""
        return self._take(self.uint32())

    def names(self) -> list[str]:
        """A name-list."""
        return self.text().decode("ascii", "replace").split(",")

    def number(self) -> int:
        """A mpint that is not negative."""
        value = int.from_bytes(self.text(), "big", signed=True)
        if value < 0:
            raise SshError("expected a number from zero, got a negative one")
        return value

    def _take(self, count: int) -> bytes:
        start, self._at = self._at, self._at + count
        if self._at > len(self._data):
            raise SshError(f"expected {count} more bytes in a packet, got {max(0, len(self._data) - start)}")
        return self._data[start : self._at]


def uint32(number: int) -> bytes:
    """Four bytes."""
    return number.to_bytes(4, "big")


def text(data: bytes) -> bytes:
    """A string."""
    return len(data).to_bytes(4, "big") + data


def names(listed: Sequence[str]) -> bytes:
    """A name-list."""
    return text(",".join(listed).encode("ascii"))


def mpint(number: int) -> bytes:
    """A number from zero, in as few bytes as hold it and its sign."""
    return text(number.to_bytes((number.bit_length() + 8) // 8, "big") if number else b"")


class _Cipher:
    """AES-GCM's key and nonce: a fixed part and a counter (RFC 5647, section 7.1)."""

    __slots__ = ("_counter", "_fixed", "aead")

    def __init__(self, key: bytes, iv: bytes) -> None:
        self.aead = AESGCM(key)
        self._fixed, self._counter = iv[:4], int.from_bytes(iv[4:12], "big")

    def nonce(self) -> bytes:
        """The next packet's."""
        nonce = self._fixed + self._counter.to_bytes(8, "big")
        self._counter = (self._counter + 1) & 0xFFFFFFFFFFFFFFFF
        return nonce


class Packer:
    """Payloads to packets."""

    def __init__(self, random: Callable[[int], bytes]) -> None:
        self._random = random
        self._cipher: _Cipher | None = None
        self.sent = 0
        """Bytes since the keys were new."""

    def use(self, key: bytes, iv: bytes) -> None:
        """From now on under these keys."""
        self._cipher, self.sent = _Cipher(key, iv), 0

    def pack(self, payload: bytes) -> bytes:
        """A packet as it goes on the wire."""
        cipher = self._cipher
        # The length is no part of what a block cipher of RFC 5647 aligns.
        over = len(payload) + (5 if cipher is None else 1)
        block = _CLEAR_BLOCK if cipher is None else _BLOCK
        padding = block - over % block
        if padding < 4:
            padding += block
        plain = bytes((padding,)) + payload + self._random(padding)
        length = len(plain).to_bytes(4, "big")
        self.sent += len(plain)
        if cipher is None:
            return length + plain
        return length + cipher.aead.encrypt(cipher.nonce(), plain, length)


class Unpacker:
    """Packets to payloads."""

    def __init__(self) -> None:
        self._data = bytearray()
        self._cipher: _Cipher | None = None
        self.received = 0
        """Bytes since the keys were new."""

    def use(self, key: bytes, iv: bytes) -> None:
        """What comes from now on is under these keys."""
        self._cipher, self.received = _Cipher(key, iv), 0

    def line(self, data: bytes, limit: int) -> bytes | None:
        """A line of text before the first packet, None where none is whole yet."""
        self._data += data
        end = self._data.find(b"\n", 0, limit)
        if end < 0:
            if len(self._data) >= limit:
                raise SshError(f"expected a line of at most {limit} bytes")
            return None
        found = bytes(self._data[:end]).removesuffix(b"\r")
        del self._data[: end + 1]
        return found

    def feed(self, data: bytes) -> Iterator[bytes]:
        """The payloads that are whole by now, each found when it is asked for; keys may change in between."""
        self._data += data
        at = 0
        try:
            while (found := self._next(at)) is not None:
                payload, at = found
                yield payload
        finally:
            del self._data[:at]

    def _next(self, at: int) -> tuple[bytes, int] | None:
        data, cipher = self._data, self._cipher
        if len(data) - at < 4:
            return None
        start = at + 4
        length = int.from_bytes(data[at:start], "big")
        if not _SHORTEST <= length <= PACKET_LIMIT:
            raise SshError(f"expected a packet of {_SHORTEST} to {PACKET_LIMIT} bytes, got {length}")
        end = start + length + (0 if cipher is None else _TAG)
        if len(data) < end:
            return None
        if cipher is None:
            plain = bytes(data[start:end])
        else:
            try:
                plain = cipher.aead.decrypt(cipher.nonce(), data[start:end], data[at:start])
            except InvalidTag:
                raise SshError("expected a packet with the right tag, got one that was changed") from None
        self.received += length
        padding = plain[0]
        if padding < 4 or padding + 1 >= length:
            raise SshError(f"expected a payload before the padding, got {length} bytes and padding of {padding}")
        return plain[1 : length - padding], end
