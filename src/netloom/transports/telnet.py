"""Telnet to devices: a terminal over TCP, where there is nothing better."""

from __future__ import annotations

import asyncio
from typing import Protocol

from netloom.codecs.telnet import RETURN, Telnet
from netloom.errors import SessionClosed
from netloom.model.host import Access
from netloom.transports.channel import Channel, Receiver
from netloom.transports.host_keys import HostKeys
from netloom.transports.tcp import open_tcp


class _Pipe(Protocol):
    def write(self, data: bytes) -> None: ...

    def close(self) -> None: ...


class TelnetChannel(asyncio.Protocol):
    """A terminal; the login prompts are left to whom it tells what arrives."""

    newline = RETURN

    def __init__(self, access: Access, receiver: Receiver) -> None:
        self._access = access
        self._receiver = receiver
        self._codec = Telnet()
        self._pipe: _Pipe | None = None
        self._early = bytearray()
        """What came before there was a way to answer."""

    def attach(self, pipe: _Pipe) -> None:
        """Use this way to the device."""
        self._pipe = pipe
        early, self._early = bytes(self._early), bytearray()
        if early:
            self.data_received(early)

    def data_received(self, data: bytes) -> None:
        if self._pipe is None:
            self._early += data
            return
        text, reply = self._codec.receive(data)
        if reply:
            self._pipe.write(reply)
        if text:
            self._receiver.received(text)

    def connection_lost(self, exc: Exception | None) -> None:
        text, _ = self._codec.receive(bytes(self._early))
        if text:
            self._receiver.received(text)  # what it said before it hung up
        self._pipe = None
        error = SessionClosed("the device closed the session", device=self._access.name)
        error.__cause__ = exc
        self._receiver.lost(error)

    def write(self, data: bytes) -> None:
        """Send keys."""
        if self._pipe is not None:
            self._pipe.write(self._codec.send(data))

    def close(self) -> None:
        """Hang up."""
        if self._pipe is not None:
            self._pipe.close()


async def open_telnet(access: Access, receiver: Receiver, keys: HostKeys) -> Channel:
    """Connect, over a jump host if there is one; raises Unreachable or Refused."""
    port = access.port or 23
    channel = TelnetChannel(access, receiver)
    if access.jump is not None:
        from netloom.transports.ssh_full import connect_full  # noqa: PLC0415 - asyncssh is slow to import

        jump = await connect_full(access.jump, keys)
        channel.attach(await jump.forward(channel, access, port))
        return channel
    pipe, _ = await asyncio.get_running_loop().create_connection(lambda: channel, sock=await open_tcp(access, port))
    channel.attach(pipe)
    return channel
