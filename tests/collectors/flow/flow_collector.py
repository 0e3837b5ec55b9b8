"""A flow collector in this process, over a store of its own."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from netloom.collectors.contract import Context
from netloom.collectors.flow.run import FlowCollector
from netloom.collectors.flow.settings import FlowSettings
from netloom.collectors.health import Health
from netloom.collectors.site import Site
from netloom.store.streams import Streams

ANYWHERE = ("udp://127.0.0.1:0",)


class NoDevices:
    def __iter__(self) -> Any:
        return iter(())

    def access(self, host: Any) -> Any:
        raise AssertionError(host)


@dataclass(slots=True)
class Running:
    collector: FlowCollector
    context: Context
    streams: Streams

    @property
    def port(self) -> int:
        return int(self.context.health.listening[0].rpartition(":")[2])

    def total(self, name: str, **labels: str) -> int:
        self.context.health.report()
        found = self.context.health.totals.get((name, tuple(sorted(labels.items()))), 0)
        return int(found)

    def send(self, *datagrams: bytes, source: str = "127.0.0.1") -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
            sender.bind((source, 0))
            for datagram in datagrams:
                sender.sendto(datagram, ("127.0.0.1", self.port))

    async def until(self, condition: Callable[[], bool]) -> None:
        async with asyncio.timeout(20):
            while not condition():  # noqa: ASYNC110 - counters of other threads have no event
                await asyncio.sleep(0.01)

    def rows(self, stream: str = "flow") -> list[dict[str, Any]]:
        return list(self.streams.query(stream))


@asynccontextmanager
async def running(
    folder: Path, settings: FlowSettings | None = None, writer: Callable[[str], Any] | None = None, **context: Any
) -> AsyncIterator[Running]:
    settings = settings or FlowSettings(listen=ANYWHERE, ring_bytes=1 << 22, flush_s=0.05, batch_s=0.01)
    own = folder / "watch" / "flow" / "0"
    own.mkdir(parents=True, exist_ok=True)
    with Streams(folder / "store") as streams:
        made = Context(
            settings=settings,
            folder=own,
            writer=writer or streams.writer,
            health=Health(),
            site=Site(),
            devices=NoDevices(),
            **context,
        )
        collector = FlowCollector(made)
        task = asyncio.create_task(collector.run())
        try:
            while not made.health.is_ready and not task.done():  # noqa: ASYNC110 - as above
                await asyncio.sleep(0.005)
            yield Running(collector, made, streams)
        finally:
            collector.stop()
            async with asyncio.timeout(30):
                await task
