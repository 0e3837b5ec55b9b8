"""The probe collector: each look at its time, without drift, and never more at once than is set."""

from __future__ import annotations

import asyncio
import contextlib
import heapq
import zlib
from collections.abc import Callable

from netloom.collectors.contract import Collector, Context
from netloom.collectors.outlet import Outlet
from netloom.collectors.probe.look import Look, probe
from netloom.collectors.probe.permits import Permits
from netloom.collectors.probe.settings import ProbeSettings
from netloom.collectors.probe.targets import Task, tasks_of

Key = tuple[str, str, str]
FAREWELL_S = 2.0
"""Looks under way have so long when the collector is stopped."""


class ProbeCollector:
    """Looks at what the settings name."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._settings: ProbeSettings = context.settings
        self._health = context.health
        self._outlet = Outlet(context, "probe", max_waiting=self._settings.max_waiting)
        self._stop = asyncio.Event()
        self._changed = asyncio.Event()
        self._tasks: dict[Key, Task] = {}
        self._plan: list[tuple[float, Key]] = []
        """When each is looked at next, by the loop's clock; the soonest first."""
        self._under_way: dict[Key, asyncio.Task[None]] = {}
        self._permits: Permits | None = None

    async def run(self) -> None:
        """Look until `stop`."""
        self._take(self._context)
        self._health.ready()
        flushing = asyncio.create_task(self._flush())
        try:
            while not self._stop.is_set():
                await self._pause()
                self._begin_due()
        finally:
            await self._finish()
            flushing.cancel()
            await asyncio.gather(flushing, return_exceptions=True)
            await self._outlet.close()

    def reload(self, context: Context) -> None:
        """Take over settings and inventory; what is looked at already keeps its times."""
        self._context, self._settings = context, context.settings
        self._take(context)
        self._changed.set()

    def stop(self) -> None:
        """Begin no look any more, and store what was found."""
        self._stop.set()
        self._changed.set()

    def _take(self, context: Context) -> None:
        hosts = list(context.devices)
        before = self._tasks
        tasks = tasks_of(self._settings, hosts, context.secret, self._health.complain)
        self._permits = Permits(hosts, context.secret)
        self._tasks = {task.key: task for task in tasks}
        now = asyncio.get_running_loop().time()
        kept = {
            key for _, key in self._plan if key in self._tasks and before[key].interval_s == self._tasks[key].interval_s
        }
        self._plan = [each for each in self._plan if each[1] in kept]
        self._plan += [(now + phase(task), task.key) for task in tasks if task.key not in kept]
        heapq.heapify(self._plan)
        self._health.gauge("targets", len(tasks))

    async def _pause(self) -> None:
        """Until the next look is due, or something has changed."""
        now = asyncio.get_running_loop().time()
        wait = self._plan[0][0] - now if self._plan else 3600.0
        self._changed.clear()
        if wait > 0 and not self._stop.is_set():
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(wait):
                    await self._changed.wait()

    def _begin_due(self) -> None:
        """Begin what is due. One that is due again before it is done, or when too many are under way, is left out."""
        now = asyncio.get_running_loop().time()
        while self._plan and self._plan[0][0] <= now and not self._stop.is_set():
            due, key = heapq.heappop(self._plan)
            task = self._tasks[key]
            missed = int((now - due) // task.interval_s)
            heapq.heappush(self._plan, (due + (missed + 1) * task.interval_s, key))
            if missed:
                self._health.count("lost_total", missed, reason="late")
            if key in self._under_way or len(self._under_way) >= self._settings.concurrent:
                self._health.count("lost_total", reason="overrun" if key in self._under_way else "queue")
                continue
            look = asyncio.create_task(self._look(task))
            self._under_way[key] = look
            look.add_done_callback(self._forget(key))

    def _forget(self, key: Key) -> Callable[[asyncio.Task[None]], None]:
        def forget(task: asyncio.Task[None]) -> None:
            self._under_way.pop(key, None)
            if not task.cancelled() and (error := task.exception()) is not None:
                # A fault of ours in one prober costs one look, and is seen.
                self._health.count("lost_total", reason="fault")
                self._health.complain(f"{' '.join(key)}: {type(error).__name__}: {error}")

        return forget

    async def _look(self, task: Task) -> None:
        assert self._permits is not None  # noqa: S101 - `run` has made them
        look = Look(
            name=task.name,
            module=task.module,
            target=task.target,
            permits=self._permits,
            secret=self._context.secret,
            open_socket=self._context.open_socket,
        )
        found = await probe(look)
        self._health.count("probes_total", module=task.name, outcome="success" if found.probe_success else "failure")
        if self._outlet.put([found], [task.hostname]):
            self._health.count("decoded_records_total", record="probe")

    async def _flush(self) -> None:
        while True:
            await asyncio.sleep(self._settings.flush_s)
            if self._outlet.waiting:
                await self._outlet.flush()
            self._health.gauge("under_way", len(self._under_way))

    async def _finish(self) -> None:
        """Give looks under way a moment; those that take longer are given up, and counted."""
        tasks = list(self._under_way.values())
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=FAREWELL_S)
            for task in late:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            if late:
                self._health.count("lost_total", len(late), reason="stopped")


def phase(task: Task) -> float:
    """When in its interval a look is taken: always the same, and spread evenly over all that there are."""
    return zlib.crc32("\0".join(task.key).encode()) / 2**32 * task.interval_s


def collector(context: Context) -> Collector:
    """The probe collector."""
    return ProbeCollector(context)
