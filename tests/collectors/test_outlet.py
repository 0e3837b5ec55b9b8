"""The way into the store: bounded, and every row is stored or counted, also where a flush is cancelled."""

import asyncio
import threading
from pathlib import Path
from typing import Any

import pytest

from netloom.collectors import outlet
from netloom.collectors.contract import Context
from netloom.collectors.health import Health
from netloom.collectors.outlet import Outlet
from netloom.collectors.site import Site
from netloom.errors import StoreError
from netloom.model.metric import Metric
from netloom.store.streams import Streams


class Slow:
    """A stream's writer that writes only when it may, and fails when told to."""

    def __init__(self, writer: Any) -> None:
        self._writer = writer
        self.may = threading.Event()
        self.may.set()
        self.begun = threading.Event()
        self.fails = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._writer, name)

    def flush(self) -> int:
        self.begun.set()
        assert self.may.wait(20)
        if self.fails:
            self.fails -= 1
            raise StoreError("no room")
        return int(self._writer.flush())


def made(tmp_path: Path, **options: Any) -> tuple[Outlet, Slow, Health]:
    streams = Streams(tmp_path)
    slow = Slow(streams.writer("metric"))
    health = Health()
    context = Context(
        settings=None,
        folder=tmp_path,
        writer=lambda _: slow,
        health=health,
        site=Site(),
        devices=None,  # type: ignore[arg-type] # not asked
    )
    return Outlet(context, "metric", **options), slow, health


def metrics(count: int) -> list[Metric]:
    return [Metric(timestamp_ns=at, name="u", value=1.0) for at in range(count)]


def count(health: Health, name: str) -> float:
    return sum(value for (found, _), value in health.totals.items() if found == name)


async def test_what_was_put_in_is_stored_and_counted(tmp_path: Path) -> None:
    way, slow, health = made(tmp_path)
    assert way.put(metrics(3)) == 3
    way.put_batch(slow.table.batch(metrics(4)))
    assert way.waiting == 7
    assert way.octets > 0
    assert await way.flush()
    assert (way.waiting, way.octets, count(health, "stored_records_total")) == (0, 0, 7)
    await way.close()
    assert len(Streams(tmp_path).query("metric")) == 7


async def test_a_flush_that_is_cancelled_writes_on_and_is_counted(tmp_path: Path) -> None:
    way, slow, health = made(tmp_path)
    slow.may.clear()
    way.put(metrics(5))
    flushing = asyncio.create_task(way.flush())
    await asyncio.to_thread(slow.begun.wait, 20)
    flushing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await flushing
    way.put(metrics(2))
    slow.may.set()
    await way.close()
    assert count(health, "stored_records_total") == 7 == len(Streams(tmp_path).query("metric"))
    assert count(health, "lost_total") == 0


async def test_beyond_its_bound_new_records_are_dropped_and_counted(tmp_path: Path) -> None:
    way, slow, health = made(tmp_path, max_waiting=10)
    slow.fails = 1
    assert way.put(metrics(8)) == 8
    assert not await way.flush()
    assert way.put(metrics(8)) == 2
    assert count(health, "lost_total") == 6
    await way.close()
    assert count(health, "stored_records_total") == 10


async def test_what_cannot_be_written_at_the_end_is_counted_as_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outlet, "RETRY_S", 0.0)
    way, slow, health = made(tmp_path)
    slow.fails = 9
    way.put(metrics(4))
    assert not await way.flush()
    await way.close()
    assert count(health, "lost_total") == 4
    assert count(health, "store_failures_total") == 2
