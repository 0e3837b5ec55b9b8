"""SNMP to one device: requests over UDP, repeated when lost, several columns of a table in flight."""

from __future__ import annotations

import asyncio
import secrets
import socket
from collections.abc import Callable, Mapping, Sequence
from typing import cast

from netloom.codecs import ber
from netloom.codecs.ber import BerError
from netloom.codecs.snmp import Missing, Operation, Pdu, Value, decode_v2c, encode_v2c
from netloom.codecs.usm import AUTHENTICATED, User, Usm
from netloom.errors import (
    AuthenticationFailed,
    DeviceError,
    OutputNotUnderstood,
    Refused,
    SessionClosed,
    Unreachable,
    Unsupported,
)
from netloom.model.host import Access, SnmpAccess
from netloom.transports.tcp import open_unconnected, resolve

REPETITIONS = 40
"""Rows asked for at once: an answer of some 2 kB."""
IN_FLIGHT = 8
"""Columns asked for at once: agents answer one request after the other, the network's delay is shared."""
TRIES_S = (1.0, 2.0, 3.0, 4.0)
"""How long to wait for an answer before asking again; the last is the end."""
VALUES_LIMIT = 5_000_000
"""Values a column; an agent that makes up instances without end is cut off."""

_USM_STATS = bytes((0x2B, 6, 1, 6, 3, 15, 1, 1))
_NOT_IN_TIME_WINDOW = 2
_REPORTS = {
    1: "it does not offer this security level to the user",
    3: "it does not know the user",
    5: "the authentication password or protocol is wrong",
    6: "the privacy password or protocol is wrong",
}
_TOO_BIG, _NO_SUCH_NAME = 1, 2
_ERRORS = {3: "badValue", 5: "genErr", 6: "noAccess", 13: "resourceUnavailable", 16: "authorizationError"}


class SnmpAgent(asyncio.DatagramProtocol):
    """A device's agent; `open_snmp` makes one."""

    def __init__(self, access: Access, snmp: SnmpAccess) -> None:
        self._access = access
        self._place = f"SNMP agent at {access.address} port {snmp.port}"
        self._community = snmp.community.reveal().encode() if snmp.community else b""
        self._usm = Usm(_user(access, snmp), salt=secrets.randbits(64)) if snmp.version == "3" else None
        self._transport: asyncio.DatagramTransport | None = None
        self._waiting: dict[int, asyncio.Future[Pdu | None]] = {}
        self._last_id = secrets.randbits(30)
        self._discovery = asyncio.Lock()
        self.retries = 0
        """Requests sent again."""
        self.ignored = 0
        """Datagrams that answered nothing, or not in a way to be trusted."""

    async def walk(self, columns: Sequence[str]) -> Mapping[str, Mapping[str, Value]]:
        """Whole columns of tables; a scalar's walk has the one instance "0"."""
        found: dict[str, Mapping[str, Value]] = {}
        slots = asyncio.Semaphore(IN_FLIGHT)

        async def one(column: str) -> None:
            async with slots:
                found[column] = await self._walk_column(column)

        try:
            async with asyncio.TaskGroup() as group:
                for column in dict.fromkeys(columns):
                    group.create_task(one(column))
        except ExceptionGroup as failures:
            # One failure cancels the others; the first tells the reason.
            raise failures.exceptions[0] from None
        return {column: found[column] for column in columns}

    async def get(self, oids: Sequence[str]) -> Mapping[str, Value | None]:
        """Single values; None where the agent has none."""
        names = [_content(self._access, oid) for oid in oids]
        pdu = await self._request(Operation.GET, [(name, None) for name in names])
        self._check(pdu)
        values = [None if isinstance(value, Missing) else value for _, value in pdu.bindings]
        if len(values) != len(names):
            raise OutputNotUnderstood(f"{self._place} answered {len(values)} values", device=self._access.name)
        return dict(zip(oids, values, strict=True))

    def close(self) -> None:
        """Stop listening."""
        if self._transport is not None:
            self._transport.close()

    # What asyncio tells.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # not asked with isinstance: before Python 3.12 asyncio's own datagram transport is no DatagramTransport
        self._transport = cast("asyncio.DatagramTransport", transport)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio's signature
        self._transport = None
        self._fail(SessionClosed("the SNMP socket is closed", device=self._access.name))

    def error_received(self, exc: Exception) -> None:
        if isinstance(exc, ConnectionRefusedError):
            self._fail(Refused(f"{self._place}: the port is closed", device=self._access.name))
        else:
            self._fail(Unreachable(f"{self._place}: {exc}", device=self._access.name))

    def datagram_received(self, data: bytes, addr: object) -> None:  # noqa: ARG002 - the socket is connected
        try:
            if self._usm is None:
                request_id, pdu = self._receive_v2c(data)
            else:
                received = self._usm.receive(data, self._now())
                request_id, pdu = received.message_id, received.pdu
                if pdu.operation is Operation.REPORT:
                    self._report(request_id, pdu, trusted=bool(received.flags & AUTHENTICATED))
                    return
        except BerError:
            self.ignored += 1
            return
        self._answer(request_id, pdu)

    def _receive_v2c(self, data: bytes) -> tuple[int, Pdu]:
        community, pdu = decode_v2c(data)
        if pdu.operation is not Operation.RESPONSE or community != self._community:
            raise BerError("not an answer to us")
        return pdu.request_id, pdu

    def _report(self, request_id: int, pdu: Pdu, *, trusted: bool) -> None:
        """An engine says why it did not answer (RFC 3414 §3.2)."""
        name = pdu.bindings[0][0] if pdu.bindings else b""
        reason = name[len(_USM_STATS)] if name.startswith(_USM_STATS) and len(name) > len(_USM_STATS) else 0
        if reason in _REPORTS:
            error = AuthenticationFailed(f"{self._place}: {_REPORTS[reason]}", device=self._access.name)
            future = self._waiting.get(request_id)
            if future is not None and not future.done():
                future.set_exception(error)
        elif reason != _NOT_IN_TIME_WINDOW or trusted:
            # Discovery's answer, or the clock was wrong and is right now: ask again.
            self._answer(request_id, None)

    def _answer(self, request_id: int, pdu: Pdu | None) -> None:
        future = self._waiting.get(request_id)
        if future is None or future.done():
            self.ignored += 1
        else:
            future.set_result(pdu)

    def _fail(self, error: DeviceError) -> None:
        for future in self._waiting.values():
            if not future.done():
                future.set_exception(error)

    def _now(self) -> float:
        return asyncio.get_running_loop().time()

    async def _walk_column(self, column: str) -> Mapping[str, Value]:
        prefix = _content(self._access, column)
        rows: dict[str, Value] = {}
        at, repetitions = prefix, REPETITIONS
        while True:
            pdu = await self._request(Operation.GET_BULK, [(at, None)], repetitions)
            if pdu.error_status == _TOO_BIG and repetitions > 1:
                repetitions //= 2
                continue
            if pdu.error_status == _NO_SUCH_NAME:
                return rows
            self._check(pdu)
            if not pdu.bindings:
                return rows
            before = len(rows)
            ended = self._take(pdu, prefix, rows)
            if ended:
                return rows
            if len(rows) - before < len(pdu.bindings) or len(rows) >= VALUES_LIMIT:
                raise OutputNotUnderstood(
                    f"{self._place} goes round in circles: it repeats instances of {column}", device=self._access.name
                )
            at = pdu.bindings[-1][0]

    def _take(self, pdu: Pdu, prefix: bytes, rows: dict[str, Value]) -> bool:
        """Add the answer's rows; whether the column has ended."""
        size = len(prefix)
        try:
            for name, value in pdu.bindings:
                if not name.startswith(prefix) or value is None or value.__class__ is Missing:
                    return True
                rows[ber.suffix(name[size:])] = value
        except BerError as exc:
            raise OutputNotUnderstood(f"{self._place}: an instance: {exc}", device=self._access.name) from exc
        return False

    def _check(self, pdu: Pdu) -> None:
        if pdu.error_status:
            name = _ERRORS.get(pdu.error_status, f"error {pdu.error_status}")
            raise OutputNotUnderstood(f"{self._place} answered {name}", device=self._access.name)

    async def _request(self, operation: Operation, bindings: Sequence[tuple[bytes, None]], repeat: int = 0) -> Pdu:
        if self._usm is not None and not self._usm.engine_id:
            async with self._discovery:
                if not self._usm.engine_id:
                    await self._exchange(self._usm.discover)
        # A wrong clock is put right by the first report; a second one is no longer news.
        for _ in range(3):
            pdu = await self._exchange(lambda request_id: self._encode(Pdu(operation, request_id, bindings, 0, repeat)))
            if pdu is not None:
                return pdu
        raise OutputNotUnderstood(f"{self._place} sends report after report", device=self._access.name)

    def _encode(self, pdu: Pdu) -> bytes:
        return encode_v2c(self._community, pdu) if self._usm is None else self._usm.request(pdu, self._now())

    async def _exchange(self, encode: Callable[[int], bytes]) -> Pdu | None:
        """Send, and send again, until an answer or a report comes."""
        loop = asyncio.get_running_loop()
        self._last_id = self._last_id % 0x7FFFFFFE + 1
        request_id = self._last_id
        future: asyncio.Future[Pdu | None] = loop.create_future()
        self._waiting[request_id] = future
        try:
            for attempt, patience in enumerate(TRIES_S):
                if self._transport is None:
                    raise SessionClosed("the SNMP socket is closed", device=self._access.name)
                self.retries += attempt > 0
                self._transport.sendto(encode(request_id))
                await asyncio.wait((future,), timeout=patience)
                if future.done():
                    return future.result()
        finally:
            del self._waiting[request_id]
            if not future.cancel() and not future.cancelled():
                future.exception()  # Seen, even where the caller was cancelled in the same moment.
        raise Unreachable(
            f"{self._place} does not answer ({len(TRIES_S)} tries, {sum(TRIES_S):g} s)",
            device=self._access.name,
            hint=f"an agent keeps silent, too, when the {'privacy password' if self._usm else 'community'} is wrong",
        )


async def open_snmp(access: Access) -> SnmpAgent:
    """A socket towards the device's agent; nothing is asked yet."""
    snmp = access.snmp
    if snmp is None:
        raise Unsupported(
            "no SNMP access is configured",
            device=access.name,
            hint="set netloom_snmp_user, or netloom_snmp_community for version 2c",
        )
    family, address = (await resolve(access, snmp.port, socket.SOCK_DGRAM))[0]
    agent = SnmpAgent(access, snmp)
    opened = open_unconnected(access, family, socket.SOCK_DGRAM)
    try:
        opened.connect(address)
        await asyncio.get_running_loop().create_datagram_endpoint(lambda: agent, sock=opened)
    except OSError as exc:
        opened.close()
        raise Unreachable(f"{access.address}: {exc.strerror or exc}", device=access.name) from exc
    return agent


def _user(access: Access, snmp: SnmpAccess) -> User:
    if snmp.user is None:
        raise Unsupported("SNMP version 3 needs a user", device=access.name, hint="set netloom_snmp_user")
    if snmp.privacy_password and not snmp.auth_password:
        raise Unsupported(
            "SNMP privacy needs authentication", device=access.name, hint="set netloom_snmp_auth_password"
        )
    return User(
        name=snmp.user.encode(),
        auth_protocol=snmp.auth_protocol,
        auth_password=snmp.auth_password.reveal().encode() if snmp.auth_password else None,
        privacy_protocol=snmp.privacy_protocol,
        privacy_password=snmp.privacy_password.reveal().encode() if snmp.privacy_password else None,
    )


def _content(access: Access, oid: str) -> bytes:
    try:
        return ber.oid(oid)
    except ValueError as exc:
        raise Unsupported(str(exc), device=access.name) from exc
