"""The whole loop on one simulated device: plan, apply under its own commit machinery, verify, recover; with a fault.

The controller's clock runs as fast as the device's, so that a timer of ten minutes runs out in a second.
"""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Self

from tests.intent.intent_inventory import write

from netloom.devices.session import connect
from netloom.intent.apply import Change
from netloom.intent.change import ApplySettings, Event, Means, Session
from netloom.intent.checks import CheckResult
from netloom.intent.journal import DeviceEntry, changes
from netloom.intent.load import load_intent
from netloom.intent.plan import plan_device
from netloom.intent.planned import DevicePlan, Plan
from netloom.intent.recover import recover
from netloom.intent.wish import Wish
from netloom.lab.simulation.control import answer
from netloom.lab.simulation.device import Device
from netloom.model.config import Config, Line
from netloom.model.host import Access, Host
from netloom.platforms.contract import Ask, Platform, load_platform
from netloom.transports.host_keys import HostKeys

KEY = bytes(32)
START = datetime(2026, 11, 20, tzinfo=UTC)


class Crash(BaseException):
    """The controller is gone."""


Moment = Callable[[str], None]
"""Told «before …» and «after …» each thing that is asked of the device; may raise."""


class Watched:
    """A session that tells its moments."""

    def __init__(self, session: Session, moment: Moment) -> None:
        self._session = session
        self._moment = moment

    @property
    def platform(self) -> Platform:
        return self._session.platform

    async def running_config(self) -> str:
        return str(await self._around("read", self._session.running_config()))

    async def configure(self, lines: Sequence[Line], *, timeout_s: float | None = None) -> object:
        return await self._around("configure", self._session.configure(lines, timeout_s=timeout_s))

    async def run(self, command: str) -> str:
        return str(await self._around("run", self._session.run(command)))

    async def exchange(self, ask: Ask, *, timeout_s: float | None = None) -> str:
        return str(await self._around("exchange", self._session.exchange(ask, timeout_s=timeout_s)))

    async def save(self) -> object:
        return await self._around("save", self._session.save())

    async def _around(self, name: str, work: Awaitable[Any]) -> Any:
        try:
            self._moment(f"before {name}")
        except BaseException:
            work.close()  # type: ignore[attr-defined]  # a coroutine that never started
            raise
        answer = await work
        self._moment(f"after {name}")
        return answer


@dataclass
class Loop:
    """A controller, one device, and what has been seen."""

    workspace: Path
    device: Device
    access: Access
    wish: Wish
    settings: ApplySettings
    passes: bool = True
    """Whether the checks after the change pass."""
    moment: Moment = lambda _: None
    events: list[Event] = field(default_factory=list)
    plan: DevicePlan = field(init=False)
    base: Config = field(init=False)
    predicted: Config = field(init=False)
    saved_early: list[str] = field(default_factory=list)
    there_before: list[str] = field(default_factory=list)
    """What others had left there."""

    async def prepare(self) -> Self:
        """Plan from what the device runs and has saved."""
        self.base = self.device.config
        self.device.save()
        self.there_before = self.left_behind()
        self.plan = await self.planned()
        assert not self.plan.empty
        self.predicted = self.platform.parse(self.plan.predicted)
        return self

    @property
    def platform(self) -> Platform:
        return load_platform(self.access.platform)

    async def planned(self) -> DevicePlan:
        """A plan from what runs now."""
        async with connect(self.access, keys=HostKeys(self.workspace / "known_hosts")) as session:
            text = await session.running_config()
        return plan_device(self.device.spec.name, self.platform, text, self.wish)

    # ---- what a change works with ----------------------------------------------------------------

    def clock(self) -> float:
        return time.monotonic() * self.device.spec.hurry

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds / self.device.spec.hurry)

    @asynccontextmanager
    async def opener(self, _name: str) -> AsyncIterator[Session]:
        self.moment("before open")
        async with connect(self.access, keys=HostKeys(self.workspace / "known_hosts")) as session:
            await session.open()
            self.moment("after open")
            yield Watched(session, self.moment)

    async def checked(self, device: str) -> Sequence[CheckResult]:
        said = "well" if self.passes else "ill"
        return [CheckResult(check="it works", device=device, passed=self.passes, expected="well", actual=said)]

    async def left(self, _device: str) -> int:
        return len((await self.planned()).operations)

    def means(self) -> Means:
        began = self.clock()
        return Means(
            open=self.opener,
            workspace=self.workspace,
            key=KEY,
            after=self.checked,
            replan=self.left,
            now=lambda: START + timedelta(seconds=self.clock() - began),
            monotonic=self.clock,
            sleep=self.sleep,
            token=lambda: "t1",
        )

    # ---- what is done ------------------------------------------------------------------------------

    async def apply(self) -> bool:
        """False where the controller died."""
        plan = Plan("p", START, (self.plan,))
        change = Change("c1", plan, [[self.plan.device]], self.means(), self.settings)

        async def run() -> None:
            async for event in change.run():
                self.events.append(event)

        return await self._survives(run)

    async def recover(self) -> bool:
        """A new process starts, and looks at what is open."""
        self.moment = lambda _: None
        return await self.recover_disturbed()

    async def recover_disturbed(self) -> bool:
        """The same, which may die as well."""
        with closing(sqlite3.connect(self.workspace / ".netloom" / "locks.db", isolation_level=None)) as locks:
            locks.execute("UPDATE device_lock SET started = 'an earlier process'")

        async def run() -> None:
            async for event in recover(self.means(), self.settings):
                self.events.append(event)

        return await self._survives(run)

    async def _survives(self, run: Callable[[], Awaitable[None]]) -> bool:
        try:
            await run()
        except Crash:
            return False
        return True

    # ---- what became of it ---------------------------------------------------------------------

    @property
    def entry(self) -> DeviceEntry:
        """What the journal knows."""
        return changes(self.workspace, key=KEY)[0].devices[self.plan.device]

    @property
    def detail(self) -> str:
        return " · ".join(f"{event.state}: {event.detail}" for event in self.events)

    def assert_whole(self) -> None:
        """Never half-configured, unrecorded, locked out, or saved too early."""
        running, startup, state = self.device.config, self.device.startup, self.entry.state
        assert self.entry.finished, f"unrecorded: {self.detail}"
        assert self.device.reachable, f"locked out: {self.detail}"
        assert running in (self.base, self.predicted), f"half-configured: {self.detail}"
        assert self.left_behind() == [], f"left behind: {self.left_behind()} {self.detail}"
        expected = {"done": self.predicted, "rolled_back": self.base, "refused": self.base}.get(state)
        assert running == expected, f"recorded as {state}: {self.detail}"
        assert startup == (self.predicted if state == "done" else self.base), f"startup of one {state}: {self.detail}"
        assert not self.saved_early, f"saved under a timer: {self.saved_early}"

    def left_behind(self) -> list[str]:
        """Timers, candidates, locks, checkpoints that were not there before."""
        name = self.device.spec.name
        told: list[str] = answer({"op": "memory", "node": name}, {name: self.device})["unfinished"]
        return [left for left in told if left not in self.there_before]

    def watch_saves(self, command: str) -> None:
        """Notice a save while a timer runs."""

        def look(said: str) -> None:
            if command in said and self.device.timers():
                self.saved_early.append(said)

        self.device.faults.watch = look


def crash_at(moment: int, seen: list[str]) -> Moment:
    """The controller dies at the n-th moment; `seen` fills with their names."""

    def look(name: str) -> None:
        seen.append(name)
        if len(seen) == moment + 1:
            raise Crash

    return look


async def wish_of(folder: Path, text: str, device: str) -> Wish:
    """What one intent file wishes for a device."""
    files = write(folder, {"intent/change.yml": f"on: {device}\n{text}"})
    return (await load_intent(files, lambda _: [Host(device)]))[device]
