"""An SNMP v2c agent in front of simulated devices (RFC 3416): the system group, IF-MIB and what the vendor adds."""

from __future__ import annotations

import asyncio
from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING

from netloom.codecs import ber
from netloom.codecs.ber import BerError, tlv
from netloom.codecs.snmp import Operation, Pdu, decode_v2c
from netloom.lab.simulation.mib import SnmpValue, system_values

if TYPE_CHECKING:
    from netloom.lab.simulation.device import Device
    from netloom.lab.simulation.vendor import Vendor

NO_SUCH_INSTANCE, END_OF_VIEW = b"\x81\x00", b"\x82\x00"
NOT_WRITABLE = 17
REPETITIONS = 100
"""The most rows of one answer: a datagram must hold them."""
FRESH_S = 1.0
"""For how long the values made for one request serve the next: a walk sees one picture."""

Oid = tuple[int, ...]


async def start_snmp(device: Device, vendor: Vendor, port: int) -> asyncio.DatagramTransport:
    """A listening agent."""
    loop = asyncio.get_running_loop()
    transport, _ = await loop.create_datagram_endpoint(
        lambda: _Agent(device, vendor), local_addr=(device.spec.address, port)
    )
    return transport


class _Agent(asyncio.DatagramProtocol):
    def __init__(self, device: Device, vendor: Vendor) -> None:
        self._device = device
        self._vendor = vendor
        self._transport: asyncio.DatagramTransport | None = None
        self._names: list[Oid] = []
        self._values: list[bytes] = []
        self._made = float("-inf")

    def connection_made(self, transport: asyncio.DatagramTransport) -> None:  # type: ignore[override] # always a datagram's
        self._transport = transport

    def datagram_received(self, data: bytes, addr: object) -> None:
        try:
            community, pdu = decode_v2c(data)
        except BerError:
            return
        fault = self._device.faults.strike(f"snmp {pdu.operation.name}")
        own = self._device.spec.snmp_community
        if own is None or community != own.encode() or (fault is not None and fault.kind in ("stall", "reset")):
            return
        if self._transport is not None:
            self._transport.sendto(self._answer(community, pdu), addr)  # type: ignore[arg-type] # asyncio's own address

    def _answer(self, community: bytes, pdu: Pdu) -> bytes:
        self._refresh()
        asked = [tuple(map(int, ber.dotted(name).split("."))) for name, _ in pdu.bindings]
        status, index, found = 0, 0, b""
        match pdu.operation:
            case Operation.GET:
                found = b"".join(self._exactly(name) for name in asked)
            case Operation.GET_NEXT:
                found = b"".join(self._after(name)[1] for name in asked)
            case Operation.GET_BULK:
                found = self._bulk(asked, pdu.error_status, pdu.error_index)
            case _:
                status, index = NOT_WRITABLE, 1
        body = ber.integer(pdu.request_id) + ber.integer(status) + ber.integer(index) + tlv(ber.SEQUENCE, found)
        message = ber.integer(1) + tlv(ber.OCTETS, community) + tlv(Operation.RESPONSE, body)
        return tlv(ber.SEQUENCE, message)

    def _exactly(self, name: Oid) -> bytes:
        at = bisect_left(self._names, name)
        there = at < len(self._names) and self._names[at] == name
        return _binding(name, self._values[at] if there else NO_SUCH_INSTANCE)

    def _after(self, name: Oid) -> tuple[Oid, bytes]:
        at = bisect_right(self._names, name)
        if at == len(self._names):
            return name, _binding(name, END_OF_VIEW)
        return self._names[at], _binding(self._names[at], self._values[at])

    def _bulk(self, asked: list[Oid], single: int, repetitions: int) -> bytes:
        found = [self._after(name)[1] for name in asked[:single]]
        rows = asked[single:]
        for _ in range(min(repetitions, REPETITIONS)):
            steps = [self._after(name) for name in rows]
            found += [binding for _, binding in steps]
            if all(name == row for (name, _), row in zip(steps, rows, strict=True)):
                break
            rows = [name for name, _ in steps]
        return b"".join(found)

    def _refresh(self) -> None:
        now = self._device.now
        if now - self._made < FRESH_S:
            return
        values: dict[Oid, SnmpValue] = system_values(self._device, self._vendor.platform)
        if self._vendor.snmp is not None:
            values |= {
                tuple(map(int, name.split("."))): value for name, value in self._vendor.snmp(self._device).items()
            }
        self._names = sorted(values)
        self._values = [values[name].encoded() for name in self._names]
        self._made = now


def _binding(name: Oid, value: bytes) -> bytes:
    return tlv(ber.SEQUENCE, tlv(ber.OID, ber.oid(".".join(map(str, name)))) + value)
