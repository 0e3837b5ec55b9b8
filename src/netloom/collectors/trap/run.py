"""The trap collector: SNMP's traps and informs to traps and events in the store."""

from __future__ import annotations

import asyncio
import socket
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress

from netloom.codecs.usm import User
from netloom.codecs.usm_engine import Engine
from netloom.codecs.usm_senders import Senders
from netloom.collectors.contract import Context
from netloom.collectors.listening import Place, bound_at, bound_socket, place
from netloom.collectors.outlet import Outlet
from netloom.collectors.senders import Limits, networks
from netloom.collectors.trap.engine import engine_in, read_clocks, write_clocks
from netloom.collectors.trap.inbox import Answer, Dropped, Inbox, Taken
from netloom.collectors.trap.refine import TrapRefinery
from netloom.collectors.trap.settings import TrapSettings, TrapUser, engine_of
from netloom.errors import NetloomError, SecretError
from netloom.model.secret import Secret
from netloom.transports.udp_socket import dropped, refuse

_AT_ONCE = 64
"""Datagrams read before others have their turn."""
_LARGEST = 65_535
_CLOCKS_S = 60.0
_SHORTEST = 8
"""Characters of a password."""

Acknowledge = Callable[[], None]


def collector(context: Context) -> TrapCollector:
    """The collector of a context."""
    return TrapCollector(context)


class TrapCollector:
    """Receives, checks, stores, and only then acknowledges."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._settings: TrapSettings = context.settings
        self._health = context.health
        self._stopping = asyncio.Event()
        self._urgent = asyncio.Event()
        self._sockets: dict[Place, socket.socket] = {}
        self._counts: Counter[str] = Counter()
        self._lost: Counter[str] = Counter()
        self._drops = 0
        """Of closed sockets."""
        self._unanswered: list[tuple[bytes, Acknowledge]] = []
        """Informs that no flush has made safe yet."""

    async def run(self) -> None:
        """Collect until stopped and everything is stored; raises NetloomError where it cannot listen."""
        self._traps, self._events = (
            Outlet(self._context, stream, max_waiting=self._settings.max_waiting) for stream in ("trap", "event")
        )
        self._take_over(None)
        self._health.refresh.append(self._publish)
        try:
            self._listen()
            await self._work()
        finally:
            self._close_sockets(list(self._sockets))
            await self._flush()
            await self._traps.close()
            await self._events.close()
            await asyncio.to_thread(self._keep_clocks)
            self._publish()

    def reload(self, context: Context) -> None:
        """Take over settings and names; sockets that stay lose nothing."""
        self._context, self._settings = context, context.settings
        try:
            self._take_over(self._inbox)
            wanted = {place(text, ("udp",)) for text in self._settings.listen}
            self._close_sockets([at for at in self._sockets if at not in wanted])
            self._listen()
        except NetloomError as exc:
            self._health.complain(str(exc))

    def stop(self) -> None:
        """Receive nothing more; `run` returns when all is stored."""
        self._stopping.set()
        self._urgent.set()

    def _take_over(self, before: Inbox | None) -> None:
        """Settings and names; what is known of senders stays. Raises SecretError."""
        settings, secret = self._settings, self._context.secret
        users = [_user(name, user, secret) for name, user in settings.users.items()]
        communities = [secret(text).reveal().encode() for text in settings.communities]
        pinned = [engine for text in settings.engines if (engine := engine_of(text))]
        senders = Senders({user.name: user for user in users}, pinned)
        own = self._engine(before, users)
        inbox = Inbox(own, senders, time.time(), communities=communities, plain=settings.plain)
        if before is None:
            read_clocks(self._context.folder, senders)
        else:
            inbox.take_over(before)
        self._inbox = inbox
        self._limits = Limits(networks(settings.allow, "allow"), settings.rate_limit)
        self._refinery = TrapRefinery(self._context)

    def _engine(self, before: Inbox | None, users: Sequence[User]) -> Engine:
        """The engine with these users: the one that runs, or started anew where it is to be another."""
        asked = engine_of(self._settings.engine_id)
        if before is not None and asked in {None, before.engine.engine_id}:
            return Engine(before.engine.engine_id, users, boots=before.engine.boots)
        return engine_in(self._context.folder, users, asked)

    def _listen(self) -> None:
        loop = asyncio.get_running_loop()
        for text in dict.fromkeys(self._settings.listen):
            where = place(text, ("udp",))
            if where not in self._sockets:
                opened = bound_socket(
                    where,
                    socket.SOCK_DGRAM,
                    self._context.open_socket,
                    receive_buffer=self._settings.receive_buffer,
                    shared=self._context.workers > 1,
                )
                self._sockets[where] = opened
                loop.add_reader(opened, self._read, opened)
        self._health.ready(*(str(bound_at(each, where.scheme)) for where, each in self._sockets.items()))

    def _close_sockets(self, places: list[Place]) -> None:
        """Take what the kernel still holds, and read no more."""
        for where in places:
            opened = self._sockets.pop(where)
            asyncio.get_running_loop().remove_reader(opened)
            with suppress(OSError):  # without the filter, what comes meanwhile is read as well
                refuse(opened)
            while self._read(opened):
                pass
            self._drops += dropped(opened)
            opened.close()

    async def _work(self) -> None:
        """Flush now and then, and at once where an inform waits for its answer."""
        kept = time.monotonic()
        while not self._stopping.is_set():
            with suppress(TimeoutError):
                async with asyncio.timeout(self._settings.flush_s):
                    await self._urgent.wait()
            self._urgent.clear()
            await self._flush()
            if time.monotonic() - kept >= _CLOCKS_S:
                kept = time.monotonic()
                await asyncio.to_thread(self._keep_clocks)

    async def _flush(self) -> None:
        """Make rows durable, then tell the senders of the informs among them."""
        unanswered, self._unanswered = self._unanswered, []
        await self._events.flush()
        if not await self._traps.flush():
            self._unanswered = unanswered + self._unanswered
            return
        now = time.time()
        for key, acknowledge in unanswered:
            self._inbox.stored(key, now)
            acknowledge()
            self._counts["acknowledged"] += 1

    def _read(self, opened: socket.socket) -> int:
        """Take what is there, and say how many."""
        count = 0
        for _ in range(_AT_ONCE):
            try:
                data, address = opened.recvfrom(_LARGEST)
            except OSError:  # nothing there, or an ICMP error of an answer
                break
            count += 1
            self._counts["datagrams"] += 1
            self._counts["bytes"] += len(data)
            self._take(data, address, opened)
        return count

    def _take(self, data: bytes, address: tuple[str, int], opened: socket.socket) -> None:
        source, now_ns = address[0].partition("%")[0], time.time_ns()
        refused, reasons = self._limits.take({source: 1}, time.monotonic())
        if refused:
            self._lost.update(reasons)
            return
        found = self._inbox.take(data, source, now_ns / 10**9)
        match found:
            case Taken():
                self._store(found, source, now_ns, lambda message: _send(opened, message, address))
            case Answer():
                self._counts[found.kind] += 1
                _send(opened, found.message, address)
            case Dropped("malformed" | "request" | "duplicate"):
                self._counts[found.reason] += 1
            case Dropped():
                self._lost[found.reason] += 1
                self._health.complain(f"{source}: a notification was not taken: {found.reason}")

    def _store(self, found: Taken, source: str, now_ns: int, send: Callable[[bytes], None]) -> None:
        record, event, device = self._refinery.refine(found.notification, source, now_ns)
        if not self._traps.put([record], [device]):
            self._inbox.lost(found.key)
            return
        self._counts["trap"] += 1
        if event is not None and self._events.put([event], [device]):
            self._counts["event"] += 1
        if found.answer is not None:
            answer = found.answer
            self._unanswered.append((found.key, lambda: send(answer(time.time()))))
            self._urgent.set()

    def _keep_clocks(self) -> None:
        try:
            write_clocks(self._context.folder, self._inbox.senders)
        except OSError as exc:
            self._health.complain(f"{self._context.folder}: the senders' clocks cannot be kept: {exc.strerror}")

    def _publish(self) -> None:
        """Plain numbers into the health."""
        total, counts = self._health.total, self._counts
        total("received_datagrams_total", counts["datagrams"])
        total("received_bytes_total", counts["bytes"])
        for record in ("trap", "event"):
            total("decoded_records_total", counts[record], record=record)
        for name in ("malformed", "request", "duplicate", "report", "acknowledged"):
            total(f"{name}_total", counts[name])
        total("redacted_total", self._refinery.redacted)
        total("lost_total", self._drops + sum(map(dropped, self._sockets.values())), reason="kernel")
        for reason, count in self._lost.items():
            total("lost_total", count, reason=reason)
        self._health.gauge("senders", len(self._inbox.senders.clocks))
        self._health.gauge("waiting_records", self._traps.waiting + self._events.waiting)


def _user(name: str, settings: TrapUser, secret: Callable[[str], Secret]) -> User:
    """A user of the settings with the secrets that they refer to; raises SecretError."""
    auth, privacy = (
        secret(text).reveal().encode() if text else None for text in (settings.auth_password, settings.privacy_password)
    )
    for what, password in (("auth_password", auth), ("privacy_password", privacy)):
        if password is not None and len(password) < _SHORTEST:
            raise SecretError(
                f"collectors.trap.users.{name}.{what}: expected {_SHORTEST} characters at least (RFC 3414 §11.2)"
            )
    return User(
        name=name.encode(),
        auth_protocol=settings.auth_protocol,
        auth_password=auth,
        privacy_protocol=settings.privacy_protocol,
        privacy_password=privacy,
    )


def _send(opened: socket.socket, message: bytes, address: tuple[str, int]) -> None:
    with suppress(OSError):  # who does not get it asks again
        opened.sendto(message, address)
