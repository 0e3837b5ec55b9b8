"""An SNMP agent over a mapping of objects, which tests change as they like."""

from __future__ import annotations

import asyncio
from bisect import bisect_right
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any, cast

from netloom.codecs import ber
from netloom.codecs.ber import tlv
from netloom.codecs.snmp import Operation, decode_v2c

COUNTER32, GAUGE32, TICKS, COUNTER64 = 0x41, 0x42, 0x43, 0x46


def number(value: int, tag: int = ber.INTEGER) -> bytes:
    return ber.integer(value, tag)


def text(value: str) -> bytes:
    return tlv(ber.OCTETS, value.encode())


def identifier(value: str) -> bytes:
    return tlv(ber.OID, ber.oid(value))


class AgentDouble(asyncio.DatagramProtocol):
    """Answers version 2c; `objects` are encoded values by their instances' identifiers."""

    def __init__(self, objects: Mapping[str, bytes]) -> None:
        self.objects = dict(objects)
        self.asked: list[tuple[Operation, str]] = []
        self.silent = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.DatagramTransport", transport)

    def datagram_received(self, data: bytes, addr: Any) -> None:
        if self.silent:
            return
        _, pdu = decode_v2c(data)
        names = [ber.dotted(name) for name, _ in pdu.bindings]
        self.asked += [(pdu.operation, name) for name in names]
        if pdu.operation is Operation.GET:
            found = [(name, self.objects.get(name, b"\x81\x00")) for name in names]
        else:
            found = self._following(names[0], pdu.error_index)
        bindings = b"".join(tlv(ber.SEQUENCE, tlv(ber.OID, ber.oid(name)) + value) for name, value in found)
        head = ber.integer(pdu.request_id) + ber.integer(0) * 2
        body = tlv(Operation.RESPONSE, head + tlv(ber.SEQUENCE, bindings))
        self._transport.sendto(tlv(ber.SEQUENCE, ber.integer(1) + tlv(ber.OCTETS, b"public") + body), addr)

    def _following(self, name: str, count: int) -> list[tuple[str, bytes]]:
        order = sorted(self.objects, key=_parts)
        first = bisect_right([_parts(each) for each in order], _parts(name))
        found = [(each, self.objects[each]) for each in order[first : first + count]]
        return found + [(name, b"\x82\x00")] * (count - len(found))


def _parts(oid: str) -> tuple[int, ...]:
    return tuple(map(int, oid.split(".")))


@asynccontextmanager
async def agent_double(objects: Mapping[str, bytes]) -> AsyncIterator[tuple[AgentDouble, int]]:
    """The agent and its port."""
    double = AgentDouble(objects)
    transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(
        lambda: double, local_addr=("127.0.0.1", 0)
    )
    try:
        yield double, transport.get_extra_info("sockname")[1]
    finally:
        transport.close()
        await asyncio.sleep(0)
