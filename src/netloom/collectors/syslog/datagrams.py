"""Syslog over UDP (RFC 5426): a message a datagram."""

from __future__ import annotations

import asyncio
import socket
from contextlib import suppress

from netloom.collectors.contract import Context
from netloom.collectors.listening import Place, bound_at, bound_socket
from netloom.collectors.syslog.intake import Addresses, Intake
from netloom.collectors.syslog.settings import SyslogSettings
from netloom.transports.udp_socket import dropped, refuse

_AT_ONCE = 512
"""Datagrams read before others have their turn."""


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
        self.datagrams = 0
        self._limit = settings.message_limit
        self._intake = intake
        self._addresses = Addresses()
        self._drops = 0

    def start(self) -> None:
        """Read from now on."""
        self._intake.readers.append(self._flow)
        self._flow(not self._intake.is_full)

    @property
    def drops(self) -> int:
        """Datagrams that the kernel dropped: nobody read them in time."""
        if self._socket.fileno() >= 0:
            self._drops = dropped(self._socket)
        return self._drops

    async def close(self) -> None:
        """Take what the kernel still holds, and read no more."""
        if self._flow in self._intake.readers:
            self._intake.readers.remove(self._flow)
        asyncio.get_running_loop().remove_reader(self._socket)
        with suppress(OSError):  # without the filter, what comes meanwhile is read as well
            refuse(self._socket)
        while self._read():
            pass
        _ = self.drops
        self._socket.close()

    def _flow(self, read: bool) -> None:
        loop = asyncio.get_running_loop()
        if read:
            loop.add_reader(self._socket, self._read)
        else:
            loop.remove_reader(self._socket)

    def _read(self) -> int:
        """Take what is there, and say how many."""
        receive, plain, size = self._socket.recvfrom, self._addresses.plain, self._limit + 1
        messages, sources = [], []
        try:
            for _ in range(_AT_ONCE):
                data, address = receive(size)
                if len(data) == size:  # one octet more than is allowed: it was longer
                    data = data[:-1]
                    self.truncated += 1
                messages.append(data)
                sources.append(plain(address[0]))
        except BlockingIOError:
            pass
        except OSError:  # an ICMP error of something sent earlier; the next call goes on
            pass
        self.datagrams += len(messages)
        if messages:
            self._intake.add_all(messages, sources)
        return len(messages)
