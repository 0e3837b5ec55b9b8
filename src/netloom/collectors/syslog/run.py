"""The syslog collector: UDP, TCP and TLS to logs and events in the store."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Sequence

from netloom.collectors.contract import Context
from netloom.collectors.listening import Place, place
from netloom.collectors.outlet import RETRY_S, Outlet
from netloom.collectors.senders import Limits, networks
from netloom.collectors.syslog.connections import Connections, StreamListener
from netloom.collectors.syslog.datagrams import UdpListener
from netloom.collectors.syslog.intake import Intake
from netloom.collectors.syslog.refine import Refinery
from netloom.collectors.syslog.settings import SCHEMES, SyslogSettings
from netloom.errors import NetloomError

CHUNK = 4096
"""Messages taken apart before the sockets have their turn."""
_FAREWELL_S = 2.0
_QUIET_S = 0.05
_GATHER_S = 0.1
"""Few messages wait so long for others: a chunk costs something whatever its size."""


def collector(context: Context) -> SyslogCollector:
    """The collector of a context."""
    return SyslogCollector(context)


class SyslogCollector:
    """Receives, takes apart, redacts, stores."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._settings: SyslogSettings = context.settings
        self._health = context.health
        self._lost: Counter[str] = Counter()
        self._made: Counter[str] = Counter()
        self._stopping = asyncio.Event()
        self._listeners: dict[Place, UdpListener | StreamListener] = {}
        self._gone = Counter[str]()
        """What closed listeners had counted."""
        self._relisten = asyncio.Lock()
        self._tasks: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Collect until stopped and everything is stored; raises NetloomError where it cannot listen."""
        self._intake = Intake(self._settings.queue_bytes)
        self._connections = Connections(self._settings, self._intake, self._health)
        self._logs, self._events = Outlet(self._context, "log"), Outlet(self._context, "event")
        self._take_over()
        self._health.refresh.append(self._publish)
        try:
            await self._listen()
            flushing = asyncio.create_task(self._flush_often())
            try:
                await self._work()
            finally:
                flushing.cancel()
        finally:
            await self._close_listeners(list(self._listeners))
            await self._logs.close()
            await self._events.close()
            self._publish()

    def reload(self, context: Context) -> None:
        """Take over settings and names; listeners that stay lose nothing."""
        self._context, self._settings = context, context.settings
        self._connections.settings = self._settings
        self._intake.limit = self._settings.queue_bytes
        self._take_over()
        task = asyncio.create_task(self._listen_anew())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def stop(self) -> None:
        """Receive nothing more; `run` returns when all is stored."""
        self._stopping.set()

    def _take_over(self) -> None:
        self._limits = Limits(networks(self._settings.allow, "allow"), self._settings.rate_limit)
        self._refinery = Refinery(self._context, self._made)

    async def _listen(self) -> None:
        """Open what is asked for and not open yet; raises NetloomError."""
        async with self._relisten:
            for text in dict.fromkeys(self._settings.listen):
                where = place(text, SCHEMES)
                if where not in self._listeners:
                    self._listeners[where] = await self._opened(where)
            self._health.ready(*(str(listener.place) for listener in self._listeners.values()))

    async def _listen_anew(self) -> None:
        wanted = {place(text, SCHEMES) for text in self._settings.listen}
        stale = [at for at, each in self._listeners.items() if isinstance(each, StreamListener) and each.is_stale()]
        await self._close_listeners([at for at in self._listeners if at not in wanted or at in stale])
        try:
            await self._listen()
        except NetloomError as exc:
            self._health.complain(str(exc))

    async def _opened(self, where: Place) -> UdpListener | StreamListener:
        if where.scheme == "udp":
            listener = UdpListener(where, self._context, self._intake)
            listener.start()
            return listener
        stream = StreamListener(where, self._context, self._connections)
        await stream.start()
        return stream

    async def _close_listeners(self, places: Sequence[Place]) -> None:
        for where in places:
            listener = self._listeners.pop(where)
            await listener.close()
            if isinstance(listener, UdpListener):
                self._gone.update(drops=listener.drops, truncated=listener.truncated)

    async def _work(self) -> None:
        """Take apart what comes, until stopped and nothing is left."""
        stopping = asyncio.create_task(self._stopping.wait())
        try:
            while not self._stopping.is_set():
                some = asyncio.create_task(self._intake.some.wait())
                await asyncio.wait((some, stopping), return_when=asyncio.FIRST_COMPLETED)
                some.cancel()
                if len(self._intake) < CHUNK and not self._stopping.is_set():
                    await asyncio.sleep(_GATHER_S)
                await self._drain()
        finally:
            stopping.cancel()
        await self._close_listeners(list(self._listeners))
        await self._end_connections()
        await self._drain()

    async def _end_connections(self) -> None:
        """Read what senders have put on their way already, for a moment at most, then hang up."""
        end = time.monotonic() + _FAREWELL_S
        before = -1
        while self._connections.open and before != self._intake.received and time.monotonic() < end:
            before = self._intake.received
            await self._drain()
            await asyncio.sleep(_QUIET_S)
        for connection in list(self._connections.open):
            connection.close()
        await asyncio.sleep(0)  # closed connections say what they still held

    async def _drain(self) -> None:
        """Take apart what is there; what comes meanwhile only where it is much."""
        at_least = 1
        while len(self._intake) >= at_least:
            if self._is_full() and not await self._logs.flush():
                await self._wait_for_the_store()
                continue
            self._refine(*self._intake.take(CHUNK))
            at_least = 1 if self._stopping.is_set() else CHUNK
            await asyncio.sleep(0)

    def _is_full(self) -> bool:
        settings = self._settings
        return self._logs.waiting >= settings.max_waiting or self._logs.octets >= settings.max_waiting_bytes

    async def _wait_for_the_store(self) -> None:
        """What has no room when the collector is to end is lost."""
        if not self._stopping.is_set():
            await asyncio.sleep(RETRY_S / 2)
            return
        while len(self._intake):
            self._lost["store"] += len(self._intake.take(CHUNK)[0])

    def _refine(self, messages: list[bytes], sources: list[str], received_ns: list[int]) -> None:
        refused, reasons = self._limits.take(Counter(sources), time.monotonic())
        if refused:
            self._lost.update(reasons)
            staying = _kept(refused, sources)
            messages, sources = [messages[at] for at in staying], [sources[at] for at in staying]
            received_ns = [received_ns[at] for at in staying]
        if messages:
            logs, events = self._refinery.refine(messages, sources, received_ns)
            self._logs.put_batch(logs)
            if events is not None:
                self._events.put_batch(events)

    async def _flush_often(self) -> None:
        while True:
            await asyncio.sleep(self._settings.flush_s)
            await self._logs.flush()
            await self._events.flush()

    def _publish(self) -> None:
        """Plain numbers into the health."""
        udp = [listener for listener in self._listeners.values() if isinstance(listener, UdpListener)]
        total, gauge = self._health.total, self._health.gauge
        # What people count: messages, whatever carried them.
        total("received_datagrams_total", self._intake.received)
        total("received_bytes_total", self._intake.received_octets)
        total("lost_total", self._gone["drops"] + sum(each.drops for each in udp), reason="kernel")
        for reason, count in self._lost.items():
            total("lost_total", count, reason=reason)
        cut = self._gone["truncated"] + self._connections.truncated + sum(each.truncated for each in udp)
        total("truncated_total", cut)
        for record in ("log", "event"):
            total("decoded_records_total", self._made[record], record=record)
        total("redacted_total", self._made["redacted"])
        gauge("connections", len(self._connections.open))
        gauge("queued_messages", len(self._intake))
        gauge("queued_bytes", self._intake.octets)
        gauge("waiting_records", self._logs.waiting + self._events.waiting)
        gauge("waiting_bytes", self._logs.octets + self._events.octets)


def _kept(refused: dict[str, int], sources: Sequence[str]) -> list[int]:
    """Which messages stay: of each sender the first ones."""
    left = {source: count - refused.get(source, 0) for source, count in Counter(sources).items()}
    kept = []
    for at, source in enumerate(sources):
        if left[source] > 0:
            left[source] -= 1
            kept.append(at)
    return kept
