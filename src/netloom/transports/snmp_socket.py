"""One UDP socket for thousands of SNMP agents: requests find their answers by number, and are repeated when lost."""

from __future__ import annotations

import asyncio
import os
import secrets
import socket
import struct
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

_FIRST_ID, _LAST_ID = 1 << 30, (1 << 31) - 1
"""Four octets each: an answer's number stands at the same place as its request's."""
_AT_ONCE = 64
"""Datagrams read before other work has its turn."""
_MANY, _TRICKLE, _GATHER_S = 12, 3, 0.001
"""So many that wait, so few that come at once: each waking costs as much as an answer, a millisecond is soon over."""
_LARGEST = 65535
_RECEIVE_BUFFER = 4 << 20
_IP_RECVERR, _IPV6_RECVERR = 11, 25
"""linux/in.h, linux/in6.h: ports that are closed are told of, though the socket is connected to none."""
_BUSY_S = 0.01

Place = tuple[Any, ...]
"""An agent's address as sockets have it."""


class Ask:
    """One request on its way; `answered` or `failed` is called once, and from then on nothing."""

    __slots__ = ("answered", "deadline", "encode", "expired", "number", "place", "refused")

    def __init__(
        self,
        place: Place,
        encode: Callable[[int], bytes],
        answered: Callable[[bytes], bool],
        refused: Callable[[OSError], None],
        expired: Callable[[], float | None],
    ) -> None:
        self.place = place
        self.encode = encode
        """The message with this number."""
        self.answered = answered
        """Takes a datagram with this number, and says whether it was an answer."""
        self.refused = refused
        """The network says that nobody is there."""
        self.expired = expired
        """No answer came in time: how long to wait after sending again, None for never."""
        self.number = 0
        self.deadline = 0.0


class SnmpSocket:
    """A bound socket and what is asked over it."""

    def __init__(self, opened: socket.socket, numbers: Callable[[bytes], int]) -> None:
        self._socket = opened
        self._number_of = numbers
        self._loop = asyncio.get_running_loop()
        self._waiting: dict[int, Ask] = {}
        self._last = secrets.randbelow(_LAST_ID - _FIRST_ID) + _FIRST_ID
        self._deadlines: dict[float, deque[tuple[float, int]]] = {}
        """By patience: of those with the same, who asked first is the first whose time is up."""
        self._timer: asyncio.TimerHandle | None = None
        self._timer_at = 0.0
        self._tick: asyncio.TimerHandle | None = None
        self.ignored = 0
        """Datagrams that answered nothing, or not in a way to be trusted."""
        _prepare(opened)
        self._loop.add_reader(opened.fileno(), self._readable)

    @property
    def closed(self) -> bool:
        """Whether nothing can be asked any more."""
        return self._socket.fileno() < 0

    @property
    def waiting(self) -> int:
        """Requests without an answer."""
        return len(self._waiting)

    def ask(self, ask: Ask, patience_s: float) -> None:
        """Send a request under a number of its own."""
        self._last = self._last + 1 if self._last < _LAST_ID else _FIRST_ID
        while self._last in self._waiting:
            self._last = self._last + 1 if self._last < _LAST_ID else _FIRST_ID
        ask.number = self._last
        self._waiting[ask.number] = ask
        self._send(ask, patience_s)

    def forget(self, ask: Ask) -> None:
        """Nobody waits for this one any more."""
        if self._waiting.get(ask.number) is ask:
            del self._waiting[ask.number]

    def close(self) -> None:
        """Stop listening; what waits is told."""
        if self.closed:
            return
        self._loop.remove_reader(self._socket.fileno())
        self._socket.close()
        for timer in (self._timer, self._tick):
            if timer is not None:
                timer.cancel()
        waiting, self._waiting = list(self._waiting.values()), {}
        for ask in waiting:
            ask.refused(OSError("the SNMP socket is closed"))

    def _send(self, ask: Ask, patience_s: float) -> None:
        message = ask.encode(ask.number)
        for _ in range(2):
            try:
                self._socket.sendto(message, ask.place)
            except BlockingIOError:
                patience_s = min(patience_s, _BUSY_S)  # the device is not to blame: again soon
            except OSError as exc:
                # An error of another request, told here, is gone now; one of this request comes again.
                if self._read_errors():
                    continue
                self.forget(ask)
                self._loop.call_soon(ask.refused, exc)
                return
            break
        self._wait(ask, patience_s)

    def _wait(self, ask: Ask, patience_s: float) -> None:
        ask.deadline = deadline = self._loop.time() + patience_s
        row = self._deadlines.get(patience_s)
        if row is None:
            row = self._deadlines[patience_s] = deque()
        row.append((deadline, ask.number))
        if self._timer is None or deadline < self._timer_at:
            self._call_at(deadline)

    def _call_at(self, deadline: float) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer_at = deadline
        self._timer = self._loop.call_at(deadline, self._expire)

    def _expire(self) -> None:
        """Ask again where time is up; rows keep those that were answered until theirs would be."""
        self._timer = None
        now = self._loop.time() + _BUSY_S / 10
        for row in list(self._deadlines.values()):
            while row and row[0][0] <= now:
                deadline, number = row.popleft()
                ask = self._waiting.get(number)
                if ask is not None and ask.deadline == deadline:
                    self._give_up(ask)
        waiting, first = self._waiting, float("inf")
        for patience, row in list(self._deadlines.items()):
            while row and row[0][1] not in waiting:
                row.popleft()
            if row:
                first = min(first, row[0][0])
            else:
                del self._deadlines[patience]
        if first < float("inf"):
            self._call_at(first)

    def _give_up(self, ask: Ask) -> None:
        number, patience = ask.number, ask.expired()
        if patience is None:
            if self._waiting.get(number) is ask:
                del self._waiting[number]
        elif self._waiting.get(number) is ask:
            self._send(ask, patience)

    def _readable(self) -> None:
        """Read what came; where answers trickle in one by one to many that wait, let some gather first."""
        count = self._read()
        if count <= _TRICKLE and len(self._waiting) >= _MANY and not self.closed:
            self._loop.remove_reader(self._socket.fileno())
            self._tick = self._loop.call_later(_GATHER_S, self._gathered)

    def _gathered(self) -> None:
        self._tick = None
        if self._read() and len(self._waiting) >= _MANY and not self.closed:
            self._tick = self._loop.call_later(_GATHER_S, self._gathered)
        elif not self.closed:
            self._loop.add_reader(self._socket.fileno(), self._readable)

    def _read(self) -> int:
        """Take datagrams, and say how many came."""
        for count in range(_AT_ONCE):
            if self.closed:
                return count
            try:
                data, place = self._socket.recvfrom(_LARGEST)
            except BlockingIOError:
                return count + self._read_errors()
            except OSError:
                self._read_errors()
                continue
            self._received(data, place)
        return _AT_ONCE

    def _received(self, data: bytes, place: Place) -> None:
        number = self._number_of(data)
        ask = self._waiting.get(number)
        # Who does not sit at the address that was asked can only guess; nor may the answer of one be another's.
        if ask is None or place[:2] != ask.place[:2]:
            self.ignored += 1
            return
        del self._waiting[number]  # before: the answer may be the reason to ask anew
        if not ask.answered(data):
            self._waiting[number] = ask
            self.ignored += 1

    def _read_errors(self) -> int:
        """Tell those whose port is closed or whose network is gone; how many errors there were."""
        count = 0
        with suppress(BlockingIOError):
            while not self.closed:
                _, extra, _, place = self._socket.recvmsg(0, 512, socket.MSG_ERRQUEUE)
                count += 1
                error = OSError(*_errno(extra))
                for ask in [ask for ask in self._waiting.values() if ask.place[:2] == place[:2]]:
                    self.forget(ask)
                    ask.refused(error)
        if count and not self.closed and self._tick is None:
            # libuv stops watching a descriptor after an error (uv__poll_io): watch it anew.
            self._loop.remove_reader(self._socket.fileno())
            self._loop.add_reader(self._socket.fileno(), self._readable)
        return count


def _prepare(opened: socket.socket) -> None:
    with suppress(OSError):
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _RECEIVE_BUFFER)
    if opened.family == socket.AF_INET6:
        opened.setsockopt(socket.IPPROTO_IPV6, _IPV6_RECVERR, 1)
    else:
        opened.setsockopt(socket.IPPROTO_IP, _IP_RECVERR, 1)


def _errno(extra: Sequence[tuple[int, int, bytes]]) -> tuple[int, str]:
    """The error in a struct sock_extended_err (linux/errqueue.h)."""

    for level, kind, content in extra:
        if (level, kind) in ((socket.IPPROTO_IP, _IP_RECVERR), (socket.IPPROTO_IPV6, _IPV6_RECVERR)):
            (number,) = struct.unpack_from("=I", content)
            return number, os.strerror(number)
    return 0, "the network refused the datagram"
