"""NETCONF over SSH (RFC 6241, 6242): a session that sends rpc elements and gives back whole rpc-replies.

Law: replies come in the order of the requests (RFC 6241, section 4.5), each with its message-id; one that fits none
ends the session, and so does one that comes too late, for nobody could tell the next ones apart.
"""

from __future__ import annotations

import asyncio
import itertools
from typing import TYPE_CHECKING

from netloom.codecs.netconf import END, Framer, FramingError
from netloom.codecs.netconf_messages import (
    BASE,
    HELLO,
    RpcError,
    envelope,
    hello,
    rpc,
    rpc_errors,
    switches_late,
)
from netloom.codecs.netconf_operations import close_session
from netloom.errors import CommandRejected, DeviceError, OperationTimeout, OutputNotUnderstood, SessionClosed

if TYPE_CHECKING:
    from netloom.model.host import Access
    from netloom.transports.channel import Channel
    from netloom.transports.ssh import SshConnection

GOODBYE_S = 2
SETTLING_S = 0.1
"""After the hello of a server that needs a moment for ours."""


class RpcRejected(CommandRejected):
    """The device answered with rpc-errors; `errors` has them as they were given."""

    def __init__(self, *, device: str, operation: str, errors: tuple[RpcError, ...]) -> None:
        super().__init__(device=device, line=operation, answer="; ".join(str(error) for error in errors))
        self.errors = errors


class NetconfSession:
    """One session; `open_netconf` makes it."""

    def __init__(self, access: Access) -> None:
        self._access = access
        self._framer = Framer()
        self._channel: Channel | None = None
        self._numbers = itertools.count(1)
        self._waiting: dict[str, asyncio.Future[str] | None] = {}
        """By message-id, in the order of the requests; None for one that nobody waits for any more."""
        self._greeted: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._error: DeviceError | None = None
        self.capabilities: frozenset[str] = frozenset()
        """URIs, as the device's hello lists them."""
        self.session_id: str | None = None
        self.notifications = 0
        """How many came unasked, and were dropped."""

    @property
    def alive(self) -> bool:
        """Whether something can be asked."""
        return self._error is None

    # What a channel tells (transports.channel.Receiver).

    def received(self, data: bytes) -> None:
        """Bytes arrived."""
        if self._error is not None:
            return
        try:
            for message in self._framer.feed(data):
                self._message(message.decode("utf-8", "backslashreplace"))
        except (FramingError, ValueError) as exc:
            error = OutputNotUnderstood(f"NETCONF: {exc}", device=self._access.name)
            error.__cause__ = exc
            self.lost(error)
            self.close()

    def lost(self, error: DeviceError) -> None:
        """The channel is gone."""
        self._error = self._error or error
        for future in (self._greeted, *self._waiting.values()):
            if future is not None and not future.done():
                future.set_exception(self._error)
                future.exception()  # somebody may have stopped waiting
        self._waiting.clear()

    async def open(self, channel: Channel) -> None:
        """Exchange hellos."""
        self._channel = channel
        # By its mark, though theirs may be here already and have changed what follows (RFC 6242, section 4.1).
        channel.write(HELLO.encode() + END)
        try:
            async with asyncio.timeout(self._access.connect_timeout_s):
                await self._greeted
        except TimeoutError as exc:
            raise OperationTimeout("no NETCONF hello in time", device=self._access.name) from exc
        if self._framer.chunked and switches_late(self.capabilities):
            await asyncio.sleep(SETTLING_S)

    async def rpc(self, content: str, *, timeout_s: float | None = None) -> str:
        """The whole rpc-reply to an operation (see codecs.netconf_operations); raises RpcRejected for rpc-errors.

        An rpc-error of severity `warning` is no refusal (RFC 6241, section 4.3).
        """
        name, device = _operation(content), self._access.name
        if self._error is not None or self._channel is None:
            raise self._error or SessionClosed("the NETCONF session is closed", device=device)
        number = str(next(self._numbers))
        future: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._waiting[number] = future
        self._channel.write(self._framer.frame(rpc(number, content).encode()))
        limit = self._access.command_timeout_s if timeout_s is None else timeout_s
        try:
            async with asyncio.timeout(limit):
                reply = await future
        except TimeoutError as exc:
            error = OperationTimeout(f"{name} took longer than {limit:g} s", device=device)
            self.lost(error)
            self.close()
            raise error from exc
        finally:
            if number in self._waiting:  # cancelled: the reply is still to come
                self._waiting[number] = None
        try:
            errors = tuple(error for error in rpc_errors(reply) if error.severity != "warning")
        except ValueError as exc:
            raise OutputNotUnderstood(f"NETCONF: the reply to {name}: {exc}", device=device) from exc
        if errors:
            raise RpcRejected(device=device, operation=name, errors=errors)
        return reply

    async def close_session(self) -> None:
        """Say goodbye, then hang up."""
        try:
            await self.rpc(close_session(), timeout_s=GOODBYE_S)
        except DeviceError:
            pass
        finally:
            self.close()

    def close(self) -> None:
        """Hang up."""
        self._error = self._error or SessionClosed("the NETCONF session is closed", device=self._access.name)
        if self._channel is not None:
            self._channel.close()

    def _message(self, text: str) -> None:
        if not self._greeted.done():
            said = hello(text)
            self.capabilities, self.session_id = said.capabilities, said.session_id
            # What stands behind the hello is framed so already (RFC 6242, section 4.1).
            self._framer.chunked = f"{BASE}1.1" in said.capabilities
            self._greeted.set_result(None)
            return
        found = envelope(text)
        if found.name == "notification":
            self.notifications += 1
            return
        # Some devices forget the message-id of a request that they could not read: then the order tells.
        number = next(iter(self._waiting), "") if found.message_id is None else found.message_id
        if found.name != "rpc-reply" or number not in self._waiting:
            raise ValueError(f"expected a reply to a request of ours, got {found.name} {found.message_id or ''}")
        future = self._waiting.pop(number)
        if future is not None and not future.done():
            future.set_result(text)


async def open_netconf(access: Access, connection: SshConnection) -> NetconfSession:
    """A NETCONF session in the SSH subsystem of that name; raises DeviceError."""
    session = NetconfSession(access)
    channel = await connection.open_subsystem("netconf", session)
    try:
        await session.open(channel)
    except BaseException:
        session.close()
        channel.close()
        raise
    return session


def _operation(content: str) -> str:
    return content.strip().lstrip("<").split(">", 1)[0].split(" ", 1)[0].rstrip("/")
