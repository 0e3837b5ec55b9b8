"""A collector in this process, over a store of its own."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from netloom.collectors.contract import Collector, Context
from netloom.collectors.health import Health
from netloom.collectors.site import Exporter, Site
from netloom.store.streams import Streams

KEY = bytes(range(32))


class NoDevices:
    """Nobody is asked anything."""

    def __iter__(self) -> Any:
        return iter(())

    def access(self, host: Any) -> Any:
        """Never called."""
        raise AssertionError(host)


def context_of(path: Path, settings: Any, site: Site | None = None) -> Context:
    """What a collector is given."""
    folder = path / "folder"
    folder.mkdir(exist_ok=True)
    return Context(
        settings=settings,
        folder=folder,
        writer=Streams(path / "store").writer,
        health=Health(),
        site=site or Site(exporters={"127.0.0.1": Exporter("here"), "::1": Exporter("here6")}),
        devices=NoDevices(),
        key=KEY,
    )


@asynccontextmanager
async def running(make: Callable[[Context], Collector], context: Context) -> AsyncIterator[Collector]:
    """Run until the block is left, then until all is stored."""
    collector = make(context)
    task = asyncio.create_task(collector.run())
    try:
        await until(lambda: context.health.is_ready or task.done())
        if task.done():
            task.result()
        yield collector
    finally:
        collector.stop()
        await asyncio.wait_for(task, 20)


async def until(happened: Callable[[], Any], seconds: float = 20) -> None:
    """Wait for what other tasks and programs do."""
    async with asyncio.timeout(seconds):
        while not happened():  # noqa: ASYNC110 - other programs set no event
            await asyncio.sleep(0.01)


def port_of(context: Context, scheme: str) -> int:
    """Where it listens."""
    return next(int(url.rpartition(":")[2]) for url in context.health.listening if url.startswith(scheme))


def stored(path: Path, stream: str) -> list[dict[str, Any]]:
    """The rows of a stream, in order of time."""
    with Streams(path / "store") as streams:
        return [dict(row) for row in streams.query(stream)]


def total(context: Context, name: str, **labels: str) -> float:
    """A counter, summed over the labels that are not given."""
    context.health.report()
    return sum(
        value
        for (known, told), value in context.health.totals.items()
        if known == name and set(labels.items()) <= set(told)
    )
