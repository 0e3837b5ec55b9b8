"""A look at what devices themselves say of a plan: staged as a candidate, compared, and dropped; nothing is applied.

The journal knows of the candidate before the device does: where netloom dies, or the device stays away, a recovery
drops it.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import closing
from dataclasses import dataclass

from netloom.intent.apply import unchecked
from netloom.intent.change import ApplySettings, Event, Means
from netloom.intent.device_change import CANDIDATE_LEFT, DeviceChange, Place
from netloom.intent.journal import Journal, open_devices
from netloom.intent.locks import Locks
from netloom.intent.own_words import hidden, untold
from netloom.intent.parting import Look
from netloom.intent.planned import DevicePlan, Plan
from netloom.intent.way_back import FAULTS, words

DONE = "looked at; nothing was applied"


class DeviceLook(DeviceChange):
    """One device: locked, its candidate staged, read, and dropped whatever happens."""

    failure: Exception | None = None

    async def _forward(self) -> None:
        guard = self._platform.guard
        assert guard is not None  # noqa: S101 - `look` asks only those that have one
        try:
            async with self._session() as session:
                await self._precheck(session)
                self._begin(self._means.token())
                await self._stage(session, guard, self._guarded())
        except FAULTS as exc:
            self.failure = exc if self.parting is None else None
        finally:
            # also when this task is cancelled: a second Ctrl-C leaves the rest to a recovery
            await self._leave()

    async def _leave(self) -> None:
        if await self._drop():
            self._enter("refused", words(self.failure, self._platform) if self.failure else DONE)
        else:
            self._enter("unknown", CANDIDATE_LEFT)


async def look(
    plan: Plan, means: Means, settings: ApplySettings, *, change: str, limit: int = 100
) -> AsyncGenerator[Look, None]:
    """Ask each device that can tell, at most `limit` at once; yields what they say as they say it."""
    able: list[DevicePlan] = []
    occupied = open_devices(means.workspace, key=means.key)
    for device in plan.changed:
        platform = means.platform(device.platform)
        if platform.guard is None or not platform.guard.stages or platform.difference is None:
            when = "before a change" if platform.told_afterwards is None else "before its lines are entered"
            yield Look(device.device, "untold", detail=f"{platform.title} tells no difference of its own {when}")
        elif device.device in occupied:
            why = f"change {occupied[device.device]} has not come to its end: run `netloom recover` first"
            yield Look(device.device, "failed", detail=why)
        else:
            able.append(device)
    if able:
        whole = Plan(plan.id, plan.created_at, tuple(able))
        journal = Journal.create(
            means.workspace, change, whole, key=means.key, now=means.now(), operator=means.operator
        )
        with closing(journal), Locks(means.workspace) as locks:
            work = _Work(
                unchecked(means), settings, Place(journal, locks, _unheard, _no_batch), asyncio.Semaphore(limit)
            )
            tasks = [asyncio.create_task(work.device(device)) for device in able]
            try:
                for done in asyncio.as_completed(tasks):
                    yield await done
            finally:
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)
                if not work.open:
                    journal.end("looked", means.now())


@dataclass(slots=True)
class _Work:
    means: Means
    settings: ApplySettings
    place: Place
    slots: asyncio.Semaphore
    open: bool = False
    """Whether a candidate may be left behind."""

    async def device(self, plan: DevicePlan) -> Look:
        """One device's look."""
        async with self.slots:
            made = DeviceLook(plan, means=self.means, settings=self.settings, place=self.place)
            try:
                await made.run()
            finally:
                self.open |= made.state not in ("refused", "approved")
        platform = self.means.platform(plan.platform)
        shown = hidden(platform, made.difference, (made.base, plan.predicted))
        if made.failure is not None or made.state == "unknown" or not made.base:
            return Look(plan.device, "failed", shown, made.parting, made.detail, made.failure)
        if made.parting is not None:
            return Look(plan.device, "parts", shown, made.parting, str(made.parting))
        if untold(platform, made.difference):
            return Look(plan.device, "untold", shown, detail="its release cannot compare before a change")
        return Look(plan.device, "agrees", shown)


def _unheard(_: Event) -> None:
    """Nobody watches the steps of a look."""


async def _no_batch(_device: str, _ok: bool) -> bool:
    """Devices do not wait for one another."""
    return False
