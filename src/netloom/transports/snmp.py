"""SNMP to devices: requests over UDP, repeated when lost, several columns of a table in flight."""

from __future__ import annotations

import asyncio
import secrets
import socket
from collections import deque
from collections.abc import Mapping, Sequence

from netloom.codecs import ber
from netloom.codecs.ber import BerError
from netloom.codecs.snmp import Missing, Operation, Reply, Value, number_of
from netloom.errors import DeviceError, OutputNotUnderstood, SessionClosed, Unreachable, Unsupported
from netloom.model.host import Access, SnmpAccess
from netloom.transports.snmp_pace import Limits, Pace
from netloom.transports.snmp_query import Query
from netloom.transports.snmp_security import Community, Security, UserSecurity
from netloom.transports.snmp_socket import Place, SnmpSocket
from netloom.transports.snmp_walk import Walk
from netloom.transports.tcp import open_unconnected, resolve

_ERRORS = {3: "badValue", 5: "genErr", 6: "noAccess", 13: "resourceUnavailable", 16: "authorizationError"}
NO_SUCH_NAME = 2


class SnmpAgent:
    """A device's agent; `open_snmp` or `SnmpSockets.open` makes one."""

    def __init__(
        self, access: Access, snmp: SnmpAccess, shared: SnmpSocket, place: Place, *, limits: Limits | None = None
    ) -> None:
        self.device = access.name
        self.title = f"SNMP agent at {access.address} port {snmp.port}"
        self.place = place
        self.security: Security = _security(access, snmp, self.title)
        self.pace = Pace(limits or Limits())
        self.retries = 0
        """Requests sent again."""
        self._socket = shared
        self._owned = False
        self._closed = False
        self._waiting: deque[Query] = deque()
        self._in_flight: set[Query] = set()
        self._rows: dict[bytes, int] = {}
        self._pause: asyncio.TimerHandle | None = None

    @property
    def ignored(self) -> int:
        """Datagrams on the agent's socket that answered nothing, or not in a way to be trusted."""
        return self._socket.ignored

    @property
    def closed(self) -> bool:
        """Whether nothing can be asked any more."""
        return self._closed or self._socket.closed

    @property
    def bulk(self) -> bool:
        """Whether it knows GETBULK: from version 2 on."""
        return self.security.bulk

    def expected(self, prefix: bytes) -> int | None:
        """How many rows a column had when it was walked last."""
        return self._rows.get(prefix)

    async def walk(self, columns: Sequence[str]) -> Mapping[str, Mapping[str, Value]]:
        """Whole columns of tables; a scalar's walk has the one instance "0"."""
        walks = {column: Walk(self, column, self.content(column)) for column in dict.fromkeys(columns)}
        try:
            # The first failure tells the reason, and ends the others.
            await asyncio.gather(*(walk.future for walk in walks.values() if walk.start()))
        finally:
            for walk in reversed(walks.values()):  # those that wait first, lest they take the others' turn
                walk.stop()
        for walk in walks.values():
            self._rows[walk.prefix] = len(walk.rows)
        return {column: walks[column].rows for column in columns}

    async def get(self, oids: Sequence[str]) -> Mapping[str, Value | None]:
        """Single values; None where the agent has none."""
        names = [self.content(oid) for oid in oids]
        reply = await self._one(Operation.GET, names)
        if reply.error_status == NO_SUCH_NAME and 0 < reply.error_index <= len(names):
            # Version 1 answers nothing where one is missing (RFC 1157 §4.1.2): the others are asked for alone.
            rest = [oid for at, oid in enumerate(oids, 1) if at != reply.error_index]
            found = await self.get(rest) if rest else {}
            return {oid: found.get(oid) for oid in oids}
        self.check(reply)
        try:
            values = [None if isinstance(value, Missing) else value for _, value in reply.bindings()]
        except BerError as exc:
            raise OutputNotUnderstood(f"{self.title}: {exc}", device=self.device) from exc
        if len(values) != len(names):
            raise OutputNotUnderstood(f"{self.title} answered {len(values)} values", device=self.device)
        return dict(zip(oids, values, strict=True))

    def close(self) -> None:
        """Ask nothing more; what waits is told."""
        self._closed = True
        if self._pause is not None:
            self._pause.cancel()
        if self._owned:
            self._socket.close()
        waiting = [*self._in_flight, *self._waiting]
        self._waiting.clear()
        for query in waiting:
            self._socket.forget(query.ask)
            self._in_flight.discard(query)
            query.failed(SessionClosed("the SNMP socket is closed", device=self.device))

    def own_socket(self) -> None:
        """Close the socket with the agent: no other one uses it."""
        self._owned = True

    def content(self, oid: str) -> bytes:
        """An object identifier as it is sent; raises Unsupported."""
        try:
            return ber.oid(oid)
        except ValueError as exc:
            raise Unsupported(str(exc), device=self.device) from exc

    def check(self, reply: Reply) -> None:
        """Raise OutputNotUnderstood where the answer is an error."""
        if reply.error_status:
            name = _ERRORS.get(reply.error_status, f"error {reply.error_status}")
            raise OutputNotUnderstood(f"{self.title} answered {name}", device=self.device)

    # What queries and walks tell.

    def submit(self, query: Query) -> None:
        """Send a request as soon as the agent's pace allows."""
        query.attempt = query.told = 0
        if not self._waiting and self._goes_at_once():
            self._in_flight.add(query)
            self._socket.ask(query.ask, self.pace.limits.tries_s[0])
        else:
            self._waiting.append(query)
            self._pump()

    def _goes_at_once(self) -> bool:
        """Whether nothing holds up the next request."""
        pace = self.pace
        return (
            len(self._in_flight) < pace.in_flight
            and not pace.limits.requests_per_s
            and self.security.ready
            and not self.closed
        )

    def withdraw(self, query: Query) -> None:
        """Nobody waits for it any more."""
        self._socket.forget(query.ask)
        if query in self._in_flight:
            self.settled(query)
        elif query in self._waiting:
            self._waiting.remove(query)

    def repeat(self, query: Query) -> None:
        """Send it again at once, under a new number: the agent told why it did not answer."""
        self._socket.ask(query.ask, self.pace.limits.tries_s[query.attempt])

    def settled(self, query: Query) -> None:
        """It is answered or has failed; the next one may go."""
        self._in_flight.discard(query)
        if self._waiting:
            self._pump()

    def _pump(self) -> None:
        while self._waiting and len(self._in_flight) < self.pace.in_flight and self._pause is None:
            if not self.security.ready and self._in_flight:
                return  # the first one asks who is there
            if self.closed:
                self._waiting.popleft().failed(SessionClosed("the SNMP socket is closed", device=self.device))
                continue
            if self.pace.limits.requests_per_s:
                loop = asyncio.get_running_loop()
                if delay := self.pace.delay(loop.time()):
                    self._pause = loop.call_later(delay, self._go_on)
                    return
            query = self._waiting.popleft()
            self._in_flight.add(query)
            self._socket.ask(query.ask, self.pace.limits.tries_s[query.attempt])

    def _go_on(self) -> None:
        self._pause = None
        self._pump()

    async def _one(self, operation: Operation, names: Sequence[bytes]) -> Reply:
        future: asyncio.Future[Reply] = asyncio.get_running_loop().create_future()

        def done(reply: Reply, _octets: int) -> None:
            if not future.done():
                future.set_result(reply)

        def failed(error: DeviceError) -> None:
            if not future.done():
                future.set_exception(error)

        query = Query(self, operation, done, failed)
        query.names = names
        self.submit(query)
        try:
            return await future
        finally:
            if not future.done() or future.cancelled():
                self.withdraw(query)


class SnmpSockets:
    """A socket for each network and family, shared by all agents there."""

    def __init__(self) -> None:
        self._sockets: dict[tuple[str | None, socket.AddressFamily], SnmpSocket] = {}

    async def open(self, access: Access, *, limits: Limits | None = None) -> SnmpAgent:
        """A device's agent; nothing is asked yet. Raises DeviceError."""
        snmp = _snmp_of(access)
        family, place = (await resolve(access, snmp.port, socket.SOCK_DGRAM))[0]
        key = (access.network, family)
        shared = self._sockets.get(key)
        if shared is None or shared.closed:
            shared = self._sockets[key] = _open(access, family)
        return SnmpAgent(access, snmp, shared, _canonical(family, place), limits=limits)

    @property
    def ignored(self) -> int:
        """Datagrams that answered nothing, or not in a way to be trusted."""
        return sum(shared.ignored for shared in self._sockets.values())

    def close(self) -> None:
        """Stop listening."""
        for shared in self._sockets.values():
            shared.close()


async def open_snmp(access: Access, *, limits: Limits | None = None) -> SnmpAgent:
    """A device's agent with a socket of its own; nothing is asked yet. Raises DeviceError."""
    sockets = SnmpSockets()
    try:
        agent = await sockets.open(access, limits=limits)
    except DeviceError:
        sockets.close()
        raise
    agent.own_socket()
    return agent


def _snmp_of(access: Access) -> SnmpAccess:
    if access.snmp is None:
        raise Unsupported(
            "no SNMP access is configured",
            device=access.name,
            hint="set netloom_snmp_user, or netloom_snmp_community for version 2c",
        )
    return access.snmp


def _open(access: Access, family: socket.AddressFamily) -> SnmpSocket:
    opened = open_unconnected(access, family, socket.SOCK_DGRAM)
    try:
        return SnmpSocket(opened, number_of)
    except OSError as exc:
        opened.close()
        raise Unreachable(f"{access.address}: {exc.strerror or exc}", device=access.name) from exc


def _canonical(family: socket.AddressFamily, place: Place) -> Place:
    """An address as the kernel writes it."""
    address, _, zone = str(place[0]).partition("%")
    text = socket.inet_ntop(family, socket.inet_pton(family, address))
    return (f"{text}%{zone}" if zone else text, *place[1:])


def _security(access: Access, snmp: SnmpAccess, title: str) -> Security:
    if snmp.version == "3":
        return UserSecurity(access, snmp, title, salt=secrets.randbits(64))
    return Community(snmp)
