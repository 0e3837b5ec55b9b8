"""Datagrams by the hundred thousand: recvmmsg(2) straight into slots of one piece of memory, which is a ring.

One thread receives, another takes; between them stand two numbers. While the ring is full nothing is received, and the
kernel counts what then no longer fits its own buffer.
"""

from __future__ import annotations

import ctypes
import select
import socket
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from netloom.transports import udp_socket

CALL = 512
"""Datagrams of one system call."""
LONGEST = 65_535
_MAPPED = np.uint64(0xFFFF << 32)
_NAME = 32
_MMSGHDR = 64
_MSG_TRUNC = 0x20
_DONTWAIT = 0x40


@dataclass(frozen=True, slots=True)
class Taken:
    """Datagrams in their order, to be given back with `Ring.release`."""

    data: NDArray[np.uint8]
    """Shape (n, width)."""
    lengths: NDArray[np.int64]
    """Their true lengths: what is longer than the width continues in `tails`; -1 where it found no room."""
    sources: NDArray[np.uint64]
    """Shape (n, 2): senders' addresses in 128 bits, IPv4's mapped."""
    received_ns: NDArray[np.int64]
    tails: dict[int, bytes]
    """Row → what follows the width."""


class Ring:
    """Slots of one width; what is longer has its end elsewhere, within a quarter of the ring's size."""

    def __init__(self, size: int, width: int) -> None:
        self.slots = max(2 * CALL, size // width)
        self.width = width
        self.data = np.empty((self.slots, width), np.uint8)
        self.lengths = np.zeros(self.slots, np.int64)
        self.sources = np.zeros((self.slots, 2), np.uint64)
        self.received_ns = np.zeros(self.slots, np.int64)
        self.tails: dict[int, bytes] = {}
        self.tail_bytes = 0
        self.most_tail_bytes = size // 4
        self.head = 0
        """Datagrams that came since the start; the receiver alone writes it."""
        self.tail = 0
        """Datagrams that were given back; the taker alone writes it."""

    @property
    def waiting(self) -> int:
        """Datagrams that nobody has given back yet."""
        return self.head - self.tail

    @property
    def oldest_ns(self) -> int:
        """When the first one that waits was received."""
        return int(self.received_ns[self.tail % self.slots])

    def take(self, most: int) -> Taken:
        """The oldest of those that wait, up to so many or to the ring's end; views of the ring, not copies."""
        start = self.tail % self.slots
        stop = min(start + min(most, self.waiting), self.slots)
        rows = slice(start, stop)
        found = {at - start: self.tails[at] for at in range(start, stop) if at in self.tails} if self.tails else {}
        return Taken(self.data[rows], self.lengths[rows], self.sources[rows], self.received_ns[rows], found)

    def release(self, count: int) -> None:
        """Give the oldest slots back."""
        if self.tails:
            start = self.tail % self.slots
            for at in [at for at in list(self.tails) if start <= at < start + count]:
                self.tail_bytes -= len(self.tails.pop(at))
        self.tail += count


class Receiver:
    """Fills a ring from sockets."""

    def __init__(self, sockets: Sequence[socket.socket], ring: Ring) -> None:
        self.ring = ring
        self.received = 0
        self.octets = 0
        self.truncated = 0
        """Datagrams whose end found no room: nothing of them is kept."""
        self._lost = 0
        self._drops: dict[int, int] = {}
        self._sockets = {each.fileno(): each for each in sockets}
        self._epoll = select.epoll()
        self._prepare()
        for number in self._sockets:
            self._epoll.register(number, select.EPOLLIN)

    def _prepare(self) -> None:
        """One header a slot; the overflow is one a place within a call, for calls never overlap."""
        slots, width = self.ring.slots, self.ring.width
        places = np.arange(slots, dtype=np.uint64)
        self._names = np.zeros((slots, _NAME), np.uint8)
        self._over = np.empty((CALL, LONGEST), np.uint8)
        parts = np.zeros((slots, 4), np.uint64)
        parts[:, 0] = np.uint64(self.ring.data.ctypes.data) + places * np.uint64(width)
        parts[:, 1] = width
        parts[:, 2] = np.uint64(self._over.ctypes.data) + places % np.uint64(CALL) * np.uint64(LONGEST)
        parts[:, 3] = LONGEST - width if width < LONGEST else 1
        self._parts = parts  # the headers point into it
        # struct mmsghdr on 64 bits: name, its length, parts, their number, control, its length, flags, octets received.
        headers = np.zeros((slots, _MMSGHDR // 8), np.uint64)
        headers[:, 0] = np.uint64(self._names.ctypes.data) + places * np.uint64(_NAME)
        headers[:, 1] = _NAME
        headers[:, 2] = np.uint64(parts.ctypes.data) + places * np.uint64(32)
        headers[:, 3] = 2
        self._headers = headers
        self._words = headers.view(np.uint32)
        library = ctypes.CDLL(None, use_errno=True)
        self._call = library.recvmmsg
        self._call.argtypes = [ctypes.c_int, ctypes.c_void_p, ctypes.c_uint, ctypes.c_int, ctypes.c_void_p]

    def wait(self, seconds: float) -> list[int]:
        """The sockets that have something."""
        return [number for number, _ in self._epoll.poll(seconds)]

    def receive(self, number: int) -> int:
        """What a socket holds, up to one call's worth and the ring's room; how many datagrams that were."""
        ring = self.ring
        start = ring.head % ring.slots
        # The overflow's places repeat: a call stays within one round of them.
        room = min(CALL, ring.slots - start, ring.slots - ring.waiting)
        if room <= 0:
            return 0
        self._headers[start : start + room, 1] = _NAME  # the kernel wrote the length of the name it found
        got = self._call(number, self._headers.ctypes.data + _MMSGHDR * start, room, _DONTWAIT, None)
        if got <= 0:
            return 0  # nothing there, or an ICMP error of somebody we never wrote to
        rows = slice(start, start + got)
        lengths = self._words[rows, 14].astype(np.int64)
        self.received += got
        self.octets += int(lengths.sum())
        ring.lengths[rows] = lengths
        ring.received_ns[rows] = time.time_ns()
        names = self._names[rows]
        if self._sockets[number].family == socket.AF_INET:
            ring.sources[rows, 0] = 0
            ring.sources[rows, 1] = names[:, 4:8].copy().view(">u4")[:, 0].astype(np.uint64) | _MAPPED
        else:
            ring.sources[rows] = names[:, 8:24].copy().view(">u8")
        if int(lengths.max()) > ring.width:
            self._keep_tails(start, lengths)
        ring.head += got
        return int(got)

    def _keep_tails(self, start: int, lengths: NDArray[np.int64]) -> None:
        ring = self.ring
        for at in (start + np.flatnonzero(lengths > ring.width)).tolist():
            more = int(ring.lengths[at]) - ring.width
            cut = int(self._words[at, 12]) & _MSG_TRUNC
            if cut or ring.tail_bytes + more > ring.most_tail_bytes:
                self.truncated += 1
                ring.lengths[at] = -1
                continue
            ring.tails[at] = self._over[at % CALL, :more].tobytes()
            ring.tail_bytes += more

    def drops(self) -> int:
        """Datagrams that the kernel dropped on these sockets since they were bound."""
        for number, each in self._sockets.items():
            now = udp_socket.dropped(each)
            self._lost += (now - self._drops.get(number, 0)) % (1 << 32)
            self._drops[number] = now
        return self._lost

    def refuse(self) -> None:
        """Let nothing more in; what the sockets hold can still be received."""
        for each in self._sockets.values():
            udp_socket.refuse(each)

    def drained(self) -> Iterator[int]:
        """Receive all that is left, a call at a time, as long as the ring has room; 0 where it has none now."""
        for number in self._sockets:
            while True:
                got = self.receive(number)
                if got:
                    yield got
                elif self.ring.waiting >= self.ring.slots:
                    yield 0
                else:
                    break

    def close(self) -> None:
        """Close the sockets."""
        self._epoll.close()
        for each in self._sockets.values():
            each.close()
