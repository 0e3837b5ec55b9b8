"""Messages of syslog in a stream (RFC 6587): counted octets, or ended by a newline or a zero; senders may mix them."""

from __future__ import annotations

import re

_COUNT = re.compile(rb"([1-9]\d{0,8}) ")
_ENDS = re.compile(rb"[\n\0]")


class SyslogFraming:
    """Cuts a connection's bytes into messages; one longer than `limit` is given in part, and its rest is dropped."""

    def __init__(self, limit: int = 65536) -> None:
        self._limit = limit
        self._buffer = bytearray()
        self._dropping = 0
        """Octets of a counted message that are still to be thrown away."""
        self._to_newline = False
        """What comes up to the next newline belongs to a message already given in part."""
        self._searched = 0
        """So far no message ends."""
        self.truncated = 0
        """Messages of which a part was dropped."""

    def feed(self, data: bytes) -> list[bytes]:
        """The messages that are whole now."""
        self._buffer += data
        if (lines := self._lines()) is not None:
            return lines
        found = []
        while (message := self._next()) is not None:
            if message:
                found.append(message)
        return found

    def _lines(self) -> list[bytes] | None:
        """All at once where they are what nearly all are: lines that begin with a priority; None where they are not."""
        data = bytes(self._buffer)
        if self._dropping or self._to_newline or data[:1] != b"<" or b"\0" in data:
            return None
        lines = data.split(b"\n")
        rest = lines.pop()
        if rest and rest[:1] != b"<":  # that may be a count, and the message whole
            return None
        if data.count(b"\n<") != len(lines) - (rest[:1] != b"<") or max(map(len, (rest, *lines))) > self._limit:
            return None
        self._buffer = bytearray(rest)
        self._searched = 0
        return lines

    def end(self) -> list[bytes]:
        """What is left when the connection is closed: a message without its newline."""
        rest, self._buffer = bytes(self._buffer), bytearray()
        return [] if self._to_newline or self._dropping or not rest.strip() else [rest]

    def _next(self) -> bytes | None:
        """A message, empty where only something was skipped, None where more must come."""
        if self._dropping:
            size = min(self._dropping, len(self._buffer))
            self._dropping -= size
            self._cut(size)
        if not self._buffer or self._dropping:
            return None
        if not self._to_newline and (count := _COUNT.match(self._buffer)):
            return self._counted(count.end(), int(count[1]))
        return self._ended()

    def _counted(self, start: int, size: int) -> bytes | None:
        taken = min(size, self._limit)
        if len(self._buffer) < start + taken:
            return None
        message = bytes(self._buffer[start : start + taken])
        self._cut(start + taken)
        if taken < size:
            self._dropping = size - taken
            self.truncated += 1
        return message

    def _ended(self) -> bytes | None:
        end = _ENDS.search(self._buffer, self._searched)
        if end is None:
            self._searched = len(self._buffer)
            return self._overlong()
        message = b"" if self._to_newline else bytes(self._buffer[: min(end.start(), self._limit)])
        self.truncated += len(message) < end.start() and not self._to_newline
        self._to_newline = False
        self._cut(end.end())
        return message

    def _overlong(self) -> bytes | None:
        if len(self._buffer) <= self._limit:
            return None
        message = b"" if self._to_newline else bytes(self._buffer[: self._limit])
        self.truncated += not self._to_newline
        self._cut(len(self._buffer))
        self._to_newline = True
        return message

    def _cut(self, size: int) -> None:
        del self._buffer[:size]
        self._searched = 0
