"""SSH's channels from the client's side (RFC 4254): sessions with their windows, and answers to what servers ask.

Law: what a server sends beyond the window that it was given ends the connection, and so does what names no channel.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from typing import Protocol

from netloom.codecs.ssh_wire import Fields, SshError, text, uint32

GLOBAL_REQUEST, REQUEST_SUCCESS, REQUEST_FAILURE = 80, 81, 82
OPEN, OPENED, OPEN_FAILED, WINDOW_ADJUST, DATA, EXTENDED_DATA, EOF, CLOSE, REQUEST, SUCCESS, FAILURE = range(90, 101)
WINDOW, PACKET = 1 << 21, 1 << 15
"""Bytes that a server may send ahead, and in one packet."""
PROHIBITED = 1
_KEEPALIVE = bytes((GLOBAL_REQUEST,)) + text(b"keepalive@openssh.com") + b"\1"


class Sink(Protocol):
    """Whom a channel tells what happens."""

    def opened(self) -> None:
        """The channel is there; requests may be made."""

    def failed(self, reason: str) -> None:
        """The server opens no channel, or does not do what was asked of it."""

    def granted(self) -> None:
        """The server does what was needed."""

    def data(self, data: bytes, *, error: bool) -> None:
        """Bytes of the output, or of the error output."""

    def status(self, status: int) -> None:
        """The command's exit status."""

    def closed(self) -> None:
        """The channel is gone."""


class Channel:
    """One session."""

    def __init__(self, number: int, sink: Sink, send: Callable[[bytes], None]) -> None:
        self.number = number
        self.sink = sink
        self._send = send
        self._theirs: bytes | None = None
        self._window = self._packet = 0
        self._room = WINDOW
        self._waiting = bytearray()
        self._needed: deque[bool] = deque()
        """Of each request that waits for its answer: whether it has to be granted."""
        self._ended = self._told_end = self._closing = False

    def request(self, kind: bytes, content: bytes = b"", *, needed: bool = True) -> None:
        """Ask something of the server; `granted` or `failed` come of it where it is needed."""
        self._needed.append(needed)
        self._say(REQUEST, text(kind) + b"\1" + content)

    def terminal(self, columns: int, rows: int) -> None:
        """Ask for a terminal (RFC 4254, section 6.2); where it is refused, there is none."""
        size = uint32(columns) + uint32(rows) + uint32(0) + uint32(0)
        self.request(b"pty-req", text(b"vt100") + size + text(b"\0"), needed=False)

    def write(self, data: bytes) -> None:
        """Send bytes as far as the server's window lets us, the rest later."""
        if not self._closing and not self._ended:
            self._waiting += data
            self._flush()

    def end(self) -> None:
        """Nothing more will be written."""
        self._ended = True
        self._flush()

    def close(self) -> None:
        """Hang up."""
        if not self._closing:
            self._closing = True
            if self._theirs is not None:
                self._say(CLOSE)

    def take(self, kind: int, fields: Fields) -> bool:
        """One of the server's messages for this channel; true at its end."""
        if kind == OPENED and self._theirs is None:
            self._theirs, self._window, self._packet = (uint32(fields.uint32()), fields.uint32(), fields.uint32())
            if self._closing:
                self._say(CLOSE)
            else:
                self.sink.opened()
        elif kind == OPEN_FAILED and self._theirs is None:
            fields.uint32()
            self.sink.failed(fields.text().decode("utf-8", "replace"))
            return True
        elif self._theirs is None:
            raise SshError(f"expected a channel to be opened, got message {kind}")
        elif kind in (DATA, EXTENDED_DATA):
            self._data(kind, fields)
        elif kind == WINDOW_ADJUST:
            self._window += fields.uint32()
            self._flush()
        elif kind == REQUEST:
            self._asked(fields)
        elif kind in (SUCCESS, FAILURE):
            self._judged(granted=kind == SUCCESS)
        elif kind == CLOSE:
            self.close()
            self.sink.closed()
            return True
        elif kind != EOF:
            raise SshError(f"expected a message of an open channel, got {kind}")
        return False

    def _data(self, kind: int, fields: Fields) -> None:
        if kind == EXTENDED_DATA:
            fields.uint32()
        data = fields.text()
        self._room -= len(data)
        if self._room < 0:
            raise SshError(f"expected no more than the window holds, got {-self._room} bytes beyond it")
        if self._room < WINDOW // 2 and not self._closing:
            self._say(WINDOW_ADJUST, uint32(WINDOW - self._room))
            self._room = WINDOW
        if data and not self._closing:
            self.sink.data(data, error=kind == EXTENDED_DATA)

    def _judged(self, *, granted: bool) -> None:
        if not self._needed:
            raise SshError("expected no answer without a request, got one")
        if not self._needed.popleft() or self._closing:
            return
        if granted:
            self.sink.granted()
        else:
            self.sink.failed("it refuses the request")

    def _asked(self, fields: Fields) -> None:
        kind, reply = fields.text(), fields.byte()
        if kind == b"exit-status":
            self.sink.status(fields.uint32())
        if reply and not self._closing:
            self._say(SUCCESS if kind == b"exit-status" else FAILURE)

    def _flush(self) -> None:
        while self._waiting and self._window and self._theirs is not None and not self._closing:
            part = bytes(self._waiting[: min(self._window, self._packet or PACKET)])
            del self._waiting[: len(part)]
            self._window -= len(part)
            self._say(DATA, text(part))
        if self._ended and not (self._waiting or self._told_end or self._closing) and self._theirs is not None:
            self._told_end = True
            self._say(EOF)

    def _say(self, kind: int, content: bytes = b"") -> None:
        assert self._theirs is not None  # noqa: S101 - the callers looked
        self._send(bytes((kind,)) + self._theirs + content)


class Channels:
    """All channels of a connection; payloads go to `send`."""

    def __init__(self, send: Callable[[bytes], None]) -> None:
        self._send = send
        self._open: dict[int, Channel] = {}
        self._numbers = 0
        self.unanswered = 0
        """Keepalives."""

    def open(self, sink: Sink) -> Channel:
        """A new session."""
        number = self._numbers
        self._numbers += 1
        channel = self._open[number] = Channel(number, sink, self._send)
        self._send(bytes((OPEN,)) + text(b"session") + uint32(number) + uint32(WINDOW) + uint32(PACKET))
        return channel

    def keep_alive(self) -> None:
        """Ask something that every server answers, if only by a refusal."""
        self.unanswered += 1
        self._send(_KEEPALIVE)

    def take(self, payloads: Sequence[bytes]) -> None:
        """What the server says; raises SshError."""
        for payload in payloads:
            kind, fields = payload[0], Fields(payload, 1)
            if OPENED <= kind <= FAILURE:
                channel = self._open.get(fields.uint32())
                if channel is None:
                    raise SshError(f"expected one of our channels, got message {kind} for another")
                if channel.take(kind, fields):
                    del self._open[channel.number]
            elif kind == GLOBAL_REQUEST:
                fields.text()
                if fields.byte():
                    self._send(bytes((REQUEST_FAILURE,)))
            elif kind in (REQUEST_SUCCESS, REQUEST_FAILURE):
                self.unanswered = 0
            elif kind == OPEN:
                fields.text()
                refusal = uint32(fields.uint32()) + uint32(PROHIBITED) + text(b"not here") + text(b"")
                self._send(bytes((OPEN_FAILED,)) + refusal)
            else:
                raise SshError(f"expected a message of a channel, got {kind}")

    def lost(self) -> None:
        """The connection is gone, and every channel with it."""
        channels, self._open = list(self._open.values()), {}
        for channel in channels:
            channel.sink.closed()
