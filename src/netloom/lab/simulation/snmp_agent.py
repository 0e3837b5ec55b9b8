"""An SNMP agent in front of simulated devices: the system group, IF-MIB and what the vendor adds.

It speaks v2c (RFC 3416), and v3 with the one account that the device may have (RFC 3414).
"""

from __future__ import annotations

import asyncio
from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING

from netloom.codecs import ber
from netloom.codecs.ber import BerError, tlv
from netloom.codecs.snmp import Operation, Pdu, decode_v2c
from netloom.codecs.usm import User
from netloom.codecs.usm_engine import Engine, Report
from netloom.lab.simulation.mib import SnmpValue, system_values

if TYPE_CHECKING:
    from netloom.lab.simulation.device import Device
    from netloom.lab.simulation.spec import Spec
    from netloom.lab.simulation.vendor import Vendor

NO_SUCH_INSTANCE, END_OF_VIEW = b"\x81\x00", b"\x82\x00"
NOT_WRITABLE = 17
VERSION_3 = 3
REPETITIONS = 100
"""The most rows of one answer."""
ROOM = 48_000
"""Octets of an answer after which no more rows are added: a datagram must hold them, and all its frames."""
ENTERPRISE = 99_999
"""As in `mib`: of no vendor."""
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
        self._engine = _engine(device.spec)

    def connection_made(self, transport: asyncio.DatagramTransport) -> None:  # type: ignore[override] # always a datagram's
        self._transport = transport

    def datagram_received(self, data: bytes, addr: object) -> None:
        try:
            answer = self._answered_v3(data) if _version(data) == VERSION_3 else self._answered_v2c(data)
        except BerError:
            return
        if self._transport is not None and answer is not None:
            self._transport.sendto(answer, addr)  # type: ignore[arg-type] # asyncio's own address

    def _answered_v2c(self, data: bytes) -> bytes | None:
        community, pdu = decode_v2c(data)
        own = self._device.spec.snmp_community
        if own is None or community != own.encode() or self._silent(pdu):
            return None
        return tlv(ber.SEQUENCE, ber.integer(1) + tlv(ber.OCTETS, community) + self._response(pdu))

    def _answered_v3(self, data: bytes) -> bytes | None:
        if self._engine is None or not self._device.reachable:
            return None
        self._engine.boots = self._device.boots
        now = self._device.now - self._device.booted
        asked = self._engine.receive(data, now)
        if isinstance(asked, Report):
            return asked.message
        return None if self._silent(asked.pdu) else self._engine.reply(asked, self._response(asked.pdu), now)

    def _silent(self, pdu: Pdu) -> bool:
        fault = self._device.faults.strike(f"snmp {pdu.operation.name}")
        return not self._device.reachable or (fault is not None and fault.kind in ("stall", "reset"))

    def _response(self, pdu: Pdu) -> bytes:
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
        return tlv(Operation.RESPONSE, body)

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
        rows, size = asked[single:], 0
        for _ in range(min(repetitions, REPETITIONS)):
            steps = [self._after(name) for name in rows]
            found += [binding for _, binding in steps]
            size += sum(len(binding) for _, binding in steps)
            if size > ROOM or all(name == row for (name, _), row in zip(steps, rows, strict=True)):
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


def _version(data: bytes) -> int:
    at, end = ber.expect(data, 0, len(data), ber.SEQUENCE)
    return ber.read_integer(data, at, end)[0]


def _engine(spec: Spec) -> Engine | None:
    """The engine of a device that has an account; its identity is made of the device's name (RFC 3411 §5)."""
    account = spec.snmp_account
    if account is None:
        return None
    user = User(
        name=account.name.encode(),
        auth_protocol=account.auth_protocol,
        auth_password=account.auth_password.encode(),
        privacy_protocol=account.privacy_protocol,
        privacy_password=account.privacy_password.encode(),
    )
    return Engine((0x80000000 | ENTERPRISE).to_bytes(4) + b"\x04" + spec.name.encode()[:27], [user])
