"""NETCONF's framing (RFC 6242): messages in and out of a byte stream, by end-of-message mark or in chunks.

Law: a peer that lies about a chunk's length, or sends what is no frame, ends the session: there is no way to find the
next message (RFC 6242, section 4.2).
"""

from __future__ import annotations

from collections.abc import Iterator

END = b"]]>]]>"
MESSAGE_LIMIT = 1 << 28
"""Bytes; a longer message is an attack or a defect."""
_CHUNK_DIGITS = 10
"""A chunk's size has at most ten digits (RFC 6242, section 4.2)."""


class FramingError(ValueError):
    """The peer's bytes are no NETCONF frames."""


class Framer:
    """One direction's reader and the other's writer; starts with end-of-message marks, as every session does."""

    def __init__(self) -> None:
        self.chunked = False
        """Set once both sides have said that they speak base:1.1."""
        self._data = bytearray()
        self._message: list[bytes] = []
        self._size = 0
        self._searched = 0

    def frame(self, message: bytes) -> bytes:
        """A message as it goes on the wire."""
        if self.chunked:
            return b"\n#%d\n%b\n##\n" % (len(message), message)
        return message + END

    def feed(self, data: bytes) -> Iterator[bytes]:
        """The messages that are whole by now, each found when it is asked for; raises FramingError.

        A message may change `chunked` for what stands behind it, as a hello does.
        """
        self._data += data
        while (message := self._next()) is not None:
            yield message

    def _next(self) -> bytes | None:
        return self._chunks() if self.chunked else self._until_mark()

    def _until_mark(self) -> bytes | None:
        at = self._data.find(END, self._searched)
        if at < 0:
            self._searched = max(0, len(self._data) - len(END))
            self._limit(len(self._data))
            return None
        message = bytes(self._data[:at]).strip()
        del self._data[: at + len(END)]
        self._searched = 0
        return message

    def _chunks(self) -> bytes | None:
        while True:
            head = self._head()
            if head is None:
                return None
            start, size = head
            if size == 0:
                del self._data[:start]
                message = b"".join(self._message)
                self._message.clear()
                self._size = 0
                return message
            if len(self._data) < start + size:
                return None
            self._message.append(bytes(self._data[start : start + size]))
            self._size += size
            del self._data[: start + size]

    def _head(self) -> tuple[int, int] | None:
        """Where the next chunk's data starts, and its size; size 0 is the end of the message."""
        data = self._data
        # Between messages stray line ends are seen (after a mark of version 1.0, for one); the last begins the chunk.
        begin = 0 if self._message else max(0, len(data) - len(data.lstrip(b"\r\n")) - 1)
        if len(data) < begin + 3:
            return None
        if data[begin : begin + 2] != b"\n#":
            raise FramingError(f"expected a chunk, got {bytes(data[begin : begin + 40])!r}")
        end = data.find(b"\n", begin + 2, begin + 3 + _CHUNK_DIGITS)
        if end < 0:
            if len(data) >= begin + 3 + _CHUNK_DIGITS:
                raise FramingError(f"expected a chunk's size, got {bytes(data[begin : begin + 40])!r}")
            return None
        text = bytes(data[begin + 2 : end])
        if text == b"#":
            return end + 1, 0
        if not text.isdigit() or text.startswith(b"0"):
            raise FramingError(f"expected a chunk's size, got {text!r}")
        self._limit(self._size + int(text))
        return end + 1, int(text)

    def _limit(self, size: int) -> None:
        if size > MESSAGE_LIMIT:
            raise FramingError(f"expected a message of at most {MESSAGE_LIMIT} bytes, got {size}")
