"""Syslog over UDP (RFC 5426): a message a datagram."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from contextlib import suppress
from typing import Any

import numpy as np
from numpy.typing import NDArray

from netloom.collectors.contract import Context
from netloom.collectors.listening import Place, bound_at, bound_socket
from netloom.collectors.senders import SOURCES
from netloom.collectors.syslog.intake import Intake
from netloom.collectors.syslog.settings import SyslogSettings
from netloom.transports.udp_ring import CALL, Receiver, Ring, Taken
from netloom.transports.udp_socket import buffer_bytes

_WIDTH = 1024
"""Octets of nearly all messages; longer ones take a way of their own."""
_LITTLE = 256
_LONGEST_S = 0.005
_SHORTEST_S = 0.001
_COST = 1280
"""Octets of the kernel's buffer that a short datagram takes."""
_RING = 2 * CALL * _WIDTH


class UdpListener:
    """One socket, read whenever something is there and the intake takes it."""

    def __init__(self, where: Place, context: Context, intake: Intake) -> None:
        settings: SyslogSettings = context.settings
        self._socket = bound_socket(
            where,
            socket.SOCK_DGRAM,
            context.open_socket,
            receive_buffer=settings.receive_buffer,
            shared=context.workers > 1,
        )
        self.place = bound_at(self._socket, where.scheme)
        self.truncated = 0
        """Datagrams cut at the limit."""
        self._limit = settings.message_limit
        self._intake = intake
        self._names = Names(self._socket.family)
        self._receiver = Receiver([self._socket], Ring(_RING, min(_WIDTH, self._limit)))
        self._drops = 0
        self._pause: asyncio.TimerHandle | None = None
        # A quarter of the buffer, at a hundred thousand datagrams a second.
        self._pause_s = min(_LONGEST_S, buffer_bytes(self._socket) / (4 * _COST * 100_000))

    def start(self) -> None:
        """Read from now on."""
        self._intake.readers.append(self._flow)
        self._flow(not self._intake.is_full)

    @property
    def drops(self) -> int:
        """Datagrams that the kernel dropped: nobody read them in time."""
        if self._socket.fileno() >= 0:
            self._drops = self._receiver.drops()
        return self._drops

    async def close(self) -> None:
        """Take what the kernel still holds, and read no more."""
        if self._flow in self._intake.readers:
            self._intake.readers.remove(self._flow)
        self._flow(read=False)
        with suppress(OSError):  # without the filter, what comes meanwhile is read as well
            self._receiver.refuse()
        while self._read():
            pass
        _ = self.drops
        self._receiver.close()

    def _flow(self, read: bool) -> None:
        loop = asyncio.get_running_loop()
        if self._pause is not None:
            self._pause.cancel()
            self._pause = None
        if read:
            loop.add_reader(self._socket, self._readable)
        else:
            loop.remove_reader(self._socket)

    def _readable(self) -> None:
        """Take what is there; where that is little, let the kernel gather more before the next call."""
        got = self._read()
        if got < _LITTLE and self._pause_s >= _SHORTEST_S and not self._intake.is_full:
            self._flow(read=False)
            self._pause = asyncio.get_running_loop().call_later(self._pause_s, self._flow, True)

    def _read(self) -> int:
        """Take what is there, up to one call's worth, and say how many."""
        got = self._receiver.receive(self._socket.fileno())
        if not got:
            return 0
        ring, limit = self._receiver.ring, self._limit
        taken = ring.take(got)
        lengths, width = taken.lengths.tolist(), ring.width
        if max(lengths) <= width and min(lengths) >= 0:
            block = taken.data.tobytes()
            messages = [block[at : at + size] for at, size in zip(range(0, width * got, width), lengths, strict=True)]
        else:
            whole = [self._whole(taken, at) for at in range(got)]
            self.truncated += sum(length < 0 or length > limit for length in lengths)
            messages = [data[:limit] for data in whole]
        self._intake.add_all(messages, self._names.of(taken.sources))
        ring.release(got)
        return got

    @staticmethod
    def _whole(taken: Taken, at: int) -> bytes:
        """A datagram with its tail; where that found no room, its beginning."""
        length = int(taken.lengths[at])
        row = taken.data[at] if length < 0 else taken.data[at, :length]
        return row.tobytes() + taken.tails.get(at, b"")


class Names:
    """Addresses in 128 bits as text."""

    def __init__(self, family: int) -> None:
        self._is_plain = family == socket.AF_INET
        self._known: dict[Any, str] = {}

    def of(self, sources: NDArray[np.uint64]) -> list[str]:
        """Each one's text; few are new."""
        known = self._known
        if len(known) > SOURCES:
            known.clear()
        keys = sources[:, 1].tolist() if self._is_plain else list(map(tuple, sources.tolist()))
        for key in set(keys).difference(known):
            known[key] = self._text(key)
        return [known[key] for key in keys]

    def _text(self, key: Any) -> str:
        if self._is_plain:
            return str(ipaddress.IPv4Address(key & 0xFFFFFFFF))
        return str(ipaddress.IPv6Address(key[0] << 64 | key[1]))
