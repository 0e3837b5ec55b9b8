"""NETCONF in front of simulated devices (RFC 6241, 6242)."""

from __future__ import annotations

import asyncio
import itertools
from typing import TYPE_CHECKING, Protocol
from xml.sax.saxutils import escape

from netloom.codecs.netconf import Framer, FramingError
from netloom.lab.simulation.vendor import NetconfRefused, NetconfService

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

    from netloom.lab.simulation.device import Device
    from netloom.lab.simulation.vendor import Vendor

NAMESPACE = "urn:ietf:params:xml:ns:netconf:base:1.0"
_NUMBERS = itertools.count(1)


class Reader(Protocol):
    """Where requests come from."""

    async def read(self, n: int = -1) -> bytes:
        """Some bytes, none at the end."""
        ...


class Writer(Protocol):
    """Where replies go."""

    def write(self, data: bytes) -> None:
        """Send bytes."""
        ...


async def serve_netconf(device: Device, vendor: Vendor, user: str, reader: Reader, writer: Writer) -> None:
    """One session, to its end."""
    assert vendor.netconf is not None  # noqa: S101 - asked for by the caller
    service = vendor.netconf(device, user, next(_NUMBERS))
    gone = asyncio.Event()
    device.joined(gone.set)
    service.hang_up = gone.set
    session = _Session(service, writer)
    try:
        session.hello()
        while not session.over and not gone.is_set():
            reading = asyncio.create_task(reader.read(65536))
            waiting = asyncio.create_task(gone.wait())
            done, _ = await asyncio.wait({reading, waiting}, return_when=asyncio.FIRST_COMPLETED)
            waiting.cancel()
            if reading not in done:
                reading.cancel()
                break
            data = reading.result()
            if not data:
                break
            await session.received(data)
    except (FramingError, OSError):
        pass
    finally:
        device.left(gone.set)
        service.closed()


class _Session:
    def __init__(self, service: NetconfService, writer: Writer) -> None:
        self._service = service
        self._writer = writer
        self._framer = Framer()
        self._lies = False
        self.over = False

    def hello(self) -> None:
        capabilities = "".join(f"<capability>{escape(name)}</capability>" for name in self._service.capabilities)
        text = (
            f'<hello xmlns="{NAMESPACE}"><capabilities>{capabilities}</capabilities>'
            f"<session-id>{self._service.session_id}</session-id></hello>"
        )
        self._writer.write(self._framer.frame(text.encode()))

    async def received(self, data: bytes) -> None:
        for message in self._framer.feed(data):  # lazily: a hello changes the framing of what stands behind it
            await self._message(message)

    async def _message(self, message: bytes) -> None:
        root = parse(message)
        name = local(root)
        if name == "hello":
            offered = {(element.text or "").strip() for element in root.iter("{*}capability")}
            self._framer.chunked = "urn:ietf:params:netconf:base:1.1" in offered and (
                "urn:ietf:params:netconf:base:1.1" in self._service.capabilities
            )
            return
        pairs = [(str(key), str(value)) for key, value in root.attrib.items()]
        attributes = "".join(f' {key}="{escape(value)}"' for key, value in pairs if "{" not in key)
        operation = next((child for child in root.iterchildren("*")), None)
        if operation is None:
            content: str | None = error(NetconfRefused("empty rpc", tag="missing-element"))
        else:
            content = await self._carried_out(operation)
        if content is not None:
            reply = f'<rpc-reply xmlns="{NAMESPACE}"{attributes}>{content}</rpc-reply>'
            self._writer.write(self._bytes(reply.encode()))

    async def _carried_out(self, operation: Element) -> str | None:
        device, name = self._service.device, local(operation)
        fault = device.faults.strike(name)
        if fault is not None and fault.kind == "stall":
            await asyncio.Event().wait()
        if fault is not None and fault.kind == "reset":
            self.over = True
            return None
        if fault is not None and fault.kind == "reject":
            return error(NetconfRefused("refused on demand"))
        if device.spec.latency_s or (fault is not None and fault.kind == "slow"):
            await asyncio.sleep(device.spec.latency_s + (fault.seconds if fault is not None else 0))
        device.log.append(f"<{name}>")
        if name == "close-session":
            self.over = True
            return "<ok/>"
        try:
            content = await self._service.rpc(operation)
        except NetconfRefused as refused:
            content = error(refused)
        if not device.reachable:
            device.hang_up()
            return None
        if fault is not None and fault.kind == "reset_after":
            self.over = True
            return None
        self._lies = fault is not None and fault.kind == "bad_chunk"
        return content

    def _bytes(self, reply: bytes) -> bytes:
        if self._lies and self._framer.chunked:
            self._lies = False
            return b"\n#%d\n%b\n##\n" % (len(reply) + 7, reply)
        return self._framer.frame(reply)


def parse(text: bytes | str) -> Element:
    """XML from the network; no entities, nothing fetched."""
    from lxml import etree  # noqa: PLC0415 - slow to import

    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_blank_text=False)
    return etree.fromstring(text.encode() if isinstance(text, str) else text, parser)


def local(element: Element) -> str:
    """An element's name without its namespace."""
    return str(element.tag).rpartition("}")[2]


def error(refused: NetconfRefused) -> str:
    """An rpc-error."""
    path = f"<error-path>{escape(refused.path)}</error-path>" if refused.path else ""
    element = (
        f"<error-info><bad-element>{escape(refused.element)}</bad-element></error-info>" if refused.element else ""
    )
    return (
        f"<rpc-error><error-type>application</error-type><error-tag>{refused.tag}</error-tag>"
        f"<error-severity>{refused.severity}</error-severity>{path}"
        f"<error-message>{escape(refused.message)}</error-message>{element}</rpc-error>"
    )
