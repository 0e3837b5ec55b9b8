"""NETCONF's framing (RFC 6242): messages in and out of a byte stream, by end-of-message mark or in chunks.

Law: a peer that lies about a chunk's length, or sends what is no frame, ends the session: there is no way to find the
next message (RFC 6242, section 4.2).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

END = b"]]>]]>"
MESSAGE_LIMIT = 1 << 28
"""Bytes; a longer message is an attack or a defect."""
_LONGEST_HEADER = 13
"""Line feed, number sign, at most ten digits (RFC 6242, section 4.2), line feed."""
_SIZE = re.compile(rb"[1-9][0-9]{0,9}")
_LINE_ENDS = re.compile(rb"[\r\n]*")


class FramingError(ValueError):
    """The peer's bytes are no NETCONF frames."""


class Framer:
    """One direction's reader and the other's writer; starts with end-of-message marks, as every session does."""

    def __init__(self) -> None:
        self.chunked = False
        """Set once both sides have said that they speak base:1.1."""
        self._data = bytearray()
        self._searched = 0
        """How far no mark begins in `_data`."""
        self._message = bytearray()
        self._left = 0
        """What is still to come of the chunk that has begun."""

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
            if message:
                yield message

    def _next(self) -> bytes | None:
        return self._chunks() if self.chunked else self._until_mark()

    def _until_mark(self) -> bytes | None:
        at = self._data.find(END, self._searched)
        if at < 0:
            self._searched = max(0, len(self._data) - len(END) + 1)
            self._limit(len(self._data))
            return None
        self._limit(at)
        message = bytes(self._data[:at]).strip()
        del self._data[: at + len(END)]
        self._searched = 0
        return message

    def _chunks(self) -> bytes | None:
        while True:
            if self._left:
                # What has come of a chunk is taken at once: waiting for all of it costs time at every part.
                part = self._data[: self._left]
                self._message += part
                self._left -= len(part)
                del self._data[: len(part)]
                if self._left:
                    return None
            size = self._header()
            if size is None:
                return None
            if size == 0:
                message = bytes(self._message)
                self._message.clear()
                return message
            self._limit(len(self._message) + size)
            self._left = size

    def _header(self) -> int | None:
        """The size of the next chunk, 0 at the end of the message, None where its header is not whole yet."""
        data = self._data
        if not self._message:
            self._skip_line_ends()
            if data == b"\r":
                return None
        start = b"\n#"
        if not start.startswith(bytes(data[:2])):
            raise FramingError(f"expected a chunk, got {bytes(data[:40])!r}")
        end = data.find(b"\n", 2, _LONGEST_HEADER)
        if end < 0:
            if len(data) >= _LONGEST_HEADER:
                raise FramingError(f"expected a chunk's size, got {bytes(data[:40])!r}")
            return None
        text = bytes(data[2:end])
        if text != b"#" and not _SIZE.fullmatch(text):
            raise FramingError(f"expected a chunk's size, got {text[:40]!r}")
        if text == b"#" and not self._message:
            raise FramingError("expected a chunk, got the end of a message that has none")
        del data[: end + 1]
        return 0 if text == b"#" else int(text)

    def _skip_line_ends(self) -> None:
        """Stray line ends are seen between messages, after a mark of version 1.0 for one; the last begins the chunk."""
        found = _LINE_ENDS.match(self._data)
        ends = found.end() if found else 0
        del found  # it holds on to the data
        del self._data[: max(0, ends - 1)]

    def _limit(self, size: int) -> None:
        if size > MESSAGE_LIMIT:
            raise FramingError(f"expected a message of at most {MESSAGE_LIMIT} bytes, got {size}")
