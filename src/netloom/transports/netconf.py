"""NETCONF over SSH (RFC 6241, 6242): a session that sends rpc elements and gives back whole rpc-replies.

Law: replies come in the order of the requests (RFC 6241, section 4.1), each with its message-id; one that fits none
ends the session.
"""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Sequence
from typing import TYPE_CHECKING

from netloom.codecs.netconf import Framer, FramingError
from netloom.errors import CommandRejected, DeviceError, OperationTimeout, OutputNotUnderstood, SessionClosed

if TYPE_CHECKING:
    from netloom.model.host import Access
    from netloom.transports.channel import Channel
    from netloom.transports.ssh import SshConnection

NAMESPACE = "urn:ietf:params:xml:ns:netconf:base:1.0"
BASE = "urn:ietf:params:netconf:base:"
PORT = 830
_HELLO = (
    f'<?xml version="1.0" encoding="UTF-8"?><hello xmlns="{NAMESPACE}"><capabilities>'
    f"<capability>{BASE}1.0</capability><capability>{BASE}1.1</capability></capabilities></hello>"
).encode()


class NetconfSession:
    """One session; `open_netconf` makes it."""

    def __init__(self, access: Access) -> None:
        self._access = access
        self._framer = Framer()
        self._channel: Channel | None = None
        self._numbers = itertools.count(1)
        self._waiting: dict[str, asyncio.Future[str]] = {}
        self._hello: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._error: DeviceError | None = None
        self.capabilities: frozenset[str] = frozenset()
        """As the device's hello lists them, without parameters' order changed."""
        self.session_id: str | None = None

    @property
    def alive(self) -> bool:
        """Whether something can be asked."""
        return self._error is None

    # What a channel tells (transports.channel.Receiver).

    def received(self, data: bytes) -> None:
        """Bytes arrived."""
        try:
            messages = list(self._framer.feed(data))
        except FramingError as exc:
            error = OutputNotUnderstood(f"NETCONF: {exc}", device=self._access.name)
            error.__cause__ = exc
            self.lost(error)
            self.close()
            return
        for message in messages:
            self._message(message.decode("utf-8", "backslashreplace"))

    def lost(self, error: DeviceError) -> None:
        """The channel is gone."""
        self._error = self._error or error
        for future in (self._hello, *self._waiting.values()):
            if not future.done():
                future.set_exception(self._error)
                future.exception()  # somebody may have stopped waiting
        self._waiting.clear()

    async def open(self, channel: Channel) -> None:
        """Exchange hellos."""
        self._channel = channel
        channel.write(self._framer.frame(_HELLO))
        try:
            async with asyncio.timeout(self._access.connect_timeout_s):
                hello = await self._hello
        except TimeoutError as exc:
            raise OperationTimeout("no NETCONF hello in time", device=self._access.name) from exc
        self.capabilities = frozenset(_texts(hello, "capability"))
        self.session_id = next(iter(_texts(hello, "session-id")), None)
        if not any(capability.startswith(BASE) for capability in self.capabilities):
            raise OutputNotUnderstood("its NETCONF hello names no base capability", device=self._access.name)
        self._framer.chunked = f"{BASE}1.1" in self.capabilities

    async def rpc(self, content: str, *, timeout_s: float | None = None) -> str:
        """The whole rpc-reply to an operation (`<get-config>…</get-config>`); raises CommandRejected for rpc-errors.

        An rpc-error of severity `warning` is no refusal (RFC 6241, section 4.3).
        """
        if self._error is not None or self._channel is None:
            raise self._error or SessionClosed("the NETCONF session is closed", device=self._access.name)
        number = str(next(self._numbers))
        message = f'<rpc xmlns="{NAMESPACE}" message-id="{number}">{content}</rpc>'
        future: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._waiting[number] = future
        self._channel.write(self._framer.frame(message.encode()))
        limit = self._access.command_timeout_s if timeout_s is None else timeout_s
        try:
            async with asyncio.timeout(limit):
                reply = await future
        except TimeoutError as exc:
            error = OperationTimeout(f"{_name(content)} took longer than {limit:g} s", device=self._access.name)
            self.lost(error)  # a reply that comes late would be taken for another's
            self.close()
            raise error from exc
        finally:
            self._waiting.pop(number, None)
        if "rpc-error" in reply and (errors := _errors(reply)):
            raise CommandRejected(device=self._access.name, line=_name(content), answer="; ".join(errors))
        return reply

    async def close_session(self) -> None:
        """Say goodbye, then hang up."""
        try:
            await self.rpc("<close-session/>", timeout_s=2)
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
        if not self._hello.done():
            self._hello.set_result(text)
            return
        number = _message_id(text)
        future = self._waiting.get(number or "")
        if future is None and len(self._waiting) == 1 and number is None:
            (future,) = self._waiting.values()  # some devices forget it when they could not read the request
        if future is not None and not future.done():
            future.set_result(text)


async def open_netconf(access: Access, connection: SshConnection) -> NetconfSession:
    """A NETCONF session in the SSH subsystem of that name; raises DeviceError."""
    session = NetconfSession(access)
    await session.open(await connection.open_subsystem("netconf", session))
    return session


def _tree(text: str, device: str = "") -> object:
    from lxml import etree  # noqa: PLC0415 - 20 ms to import

    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True, collect_ids=False)
    try:
        return etree.fromstring(text.encode(), parser)
    except etree.XMLSyntaxError as exc:
        raise OutputNotUnderstood(f"NETCONF: {exc}", device=device) from exc


def _texts(text: str, name: str) -> list[str]:
    tree = _tree(text)
    return [(element.text or "").strip() for element in tree.iter("{*}" + name)]  # type: ignore[attr-defined] # lxml's


def _errors(reply: str) -> list[str]:
    """The words of every rpc-error that is more than a warning."""
    found = []
    for error in _tree(reply).iter("{*}rpc-error"):  # type: ignore[attr-defined] # lxml's
        said = {child.tag.rpartition("}")[2]: " ".join("".join(child.itertext()).split()) for child in error}
        if said.get("error-severity") == "warning":
            continue
        words = said.get("error-message") or said.get("error-tag") or "no reason given"
        place = said.get("error-path") or said.get("bad-element") or said.get("error-info")
        found.append(f"{words} ({place})" if place else words)
    return found


def _message_id(text: str) -> str | None:
    start = text.find("<", text.find("?>") + 2 if text.startswith("<?xml") else 0)
    head = text[start : text.find(">", start)]
    for quote in "\"'":
        _, found, rest = head.partition(f"message-id={quote}")
        if found:
            return rest.partition(quote)[0]
    return None


def _name(content: str) -> str:
    return content.strip().lstrip("<").split(">", 1)[0].split(" ", 1)[0].rstrip("/")


def capability(capabilities: Sequence[str] | frozenset[str], name: str) -> bool:
    """Whether a capability such as `candidate` is there, in whatever version."""
    return any(f":netconf:capability:{name}:" in found for found in capabilities)
