"""Services to look at, and how to look at them, for tests of probes."""

from __future__ import annotations

import asyncio
import socket
import struct
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import dns.flags
import dns.message
import dns.rcode
import dns.rrset

from netloom.collectors.probe.look import Look, probe
from netloom.collectors.probe.permits import Permits
from netloom.collectors.probe.settings import Module
from netloom.model.host import Host
from netloom.model.probe import Probe
from netloom.model.secret import Secret

HERE = (Host("here", variables={"ansible_host": "127.0.0.1"}), Host("six", variables={"ansible_host": "::1"}))


def a_look(module: Module, target: str, hosts: tuple[Host, ...] = HERE) -> Look:
    permits = Permits(hosts, Secret)
    return Look(name="m", module=module, target=target, permits=permits, secret=lambda text: Secret(f"<{text}>"))


async def looked(module: Module, target: str, hosts: tuple[Host, ...] = HERE) -> Probe:
    return await probe(a_look(module, target, hosts))


@dataclass
class Site:
    """A web server: path → status, headers and body."""

    pages: dict[str, tuple[int, dict[str, str], bytes]]
    heads: list[str] = field(default_factory=list)

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        self.heads.append(head)
        method, path, _ = head.split(" ", 2)
        status, headers, body = self.pages.get(path, (404, {}, b"not here"))
        lines = [f"HTTP/1.1 {status} X", f"Content-Length: {len(body)}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        writer.write("\r\n".join([*lines, "", ""]).encode() + (b"" if method == "HEAD" else body))
        await writer.drain()


Answerer = Callable[[bytes], list[bytes]]


class _Datagrams(asyncio.DatagramProtocol):
    def __init__(self, answer: Answerer) -> None:
        self.answer = answer
        self.wire: Any = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.wire = transport

    def datagram_received(self, data: bytes, addr: Any) -> None:
        for each in self.answer(data):
            self.wire.sendto(each, addr)


@asynccontextmanager
async def datagrams(answer: Answerer, port: int = 0) -> AsyncIterator[int]:
    """A server that answers each datagram with some."""
    loop = asyncio.get_running_loop()
    wire, _ = await loop.create_datagram_endpoint(lambda: _Datagrams(answer), local_addr=("127.0.0.1", port))
    try:
        yield wire.get_extra_info("sockname")[1]
    finally:
        wire.close()
        await asyncio.sleep(0)


def names(data: bytes, *, records: tuple[str, ...] = (), rcode: int = 0, truncated: bool = False) -> bytes:
    """A name server's answer to a question."""
    asked = dns.message.from_wire(data)
    answer = dns.message.make_response(asked)
    answer.set_rcode(dns.rcode.Rcode(rcode))
    for each in records:
        answer.answer.append(dns.rrset.from_text(*each.split(" ", 4)))  # type: ignore[arg-type] # five words
    if truncated:
        answer.flags |= dns.flags.TC
        answer.answer.clear()
    return answer.to_wire()


def clock(data: bytes, *, ahead: float = 0.0, stratum: int = 2, leap: int = 0, era: int = 0) -> bytes:
    """A time server's answer."""
    now = time.time() + ahead + 2_208_988_800 + era * 2**32
    seconds, fraction = int(now) % 2**32, int(now % 1 * 2**32)
    stamp = struct.pack("!II", seconds, fraction)
    head = struct.pack("!BBbbII4s", leap << 6 | 4 << 3 | 4, stratum, 6, -20, 0, 655, b"GPS\0")
    return head + stamp + data[40:48] + stamp + stamp


def free_port() -> int:
    with socket.socket() as opened:
        opened.bind(("127.0.0.1", 0))
        return int(opened.getsockname()[1])
