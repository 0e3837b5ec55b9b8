"""After a crash: each open change is looked at on its device and brought to an end; nothing is ever sent again.

The device decides. What it confirmed is kept and saved; what it did not goes back; what somebody else touched since
is handed over. A device that does not answer stays open, and its timer brings it back without us.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace

from netloom.devices.talk import converse
from netloom.errors import LockHeld
from netloom.intent.change import ApplySettings, Event, Means, State, Step, between, partial, same_config
from netloom.intent.journal import ChangeEntry, DeviceEntry, Journal, read_change, unfinished
from netloom.intent.locks import Held, Locks
from netloom.intent.way_back import FAULTS, WayBack, new_session, words
from netloom.platforms.contract import Platform

Decision = tuple[State, str]


async def recover(means: Means, settings: ApplySettings) -> AsyncIterator[Event]:
    """Bring every open change to its end, and yield each device's."""
    for entry in unfinished(means.workspace, key=means.key):
        journal = Journal.reopen(entry, key=means.key)
        try:
            work = [
                asyncio.create_task(_device(entry, device, journal, means, settings)) for device in entry.unfinished
            ]
            for done in asyncio.as_completed(work):
                yield await done
            if not entry.unfinished:
                journal.end("recovered", means.now())
        finally:
            journal.close()


async def _device(
    entry: ChangeEntry, device: DeviceEntry, journal: Journal, means: Means, settings: ApplySettings
) -> Event:
    """One device under its lock; whoever holds the lock is at work, and is left to it."""
    with Locks(means.workspace) as locks:
        return await _locked(entry, device, journal, means, settings, locks)


async def _locked(
    entry: ChangeEntry, device: DeviceEntry, journal: Journal, means: Means, settings: ApplySettings, locks: Locks
) -> Event:
    try:
        held = locks.acquire(device.device, operator=means.operator, change=entry.id)
    except LockHeld as exc:
        return Event(device.device, device.state, str(exc))
    try:
        # Whoever held the lock until now may have brought the device to its end.
        device = read_change(entry.path, key=means.key).devices[device.device]
        if device.finished:
            entry.devices[device.device] = device
            return Event(device.device, device.state, device.detail)
        state, detail = await _Recovery(device, journal, means, settings, locks, held).decide()
        if state != "unknown":
            journal.state(device.device, state, detail, means.now())
            entry.devices[device.device].state = state
        return Event(device.device, state, detail)
    finally:
        locks.release(held)


@dataclass(frozen=True, slots=True)
class _Recovery:
    entry: DeviceEntry
    journal: Journal
    means: Means
    settings: ApplySettings
    locks: Locks
    held: Held

    async def decide(self) -> Decision:
        """What the device and the journal say together; `unknown` where the device does not answer."""
        entry = self.entry
        if not entry.steps:
            return "refused", "netloom stopped before anything was sent"
        platform = self.means.platform(entry.platform)
        try:
            if set(entry.steps) == {"stage"}:
                return await self._drop(platform)
            decision = await self._ended(platform)
            if decision[0] in ("done", "rolled_back"):
                await self._tidy(platform)
        except FAULTS as exc:
            return "unknown", f"the device cannot be asked: {words(exc, platform)}"
        return decision

    async def _ended(self, platform: Platform) -> Decision:
        """What became of a change that had begun."""
        entry, way_back = self.entry, self._way_back(platform)
        if entry.token is not None and platform.guard is not None:
            status = await way_back.status()
            if status is None:
                return "unknown", "the device does not answer; a timer on it brings it back by itself"
            if status.state == "confirmed" or (status.state == "none" and await self._was_confirmed(platform)):
                return await self._keep(platform)
        elif "save" in entry.steps:
            return await self._keep(platform)
        self.journal.state(entry.device, "rolling_back", "after a crash", self.means.now())
        return await way_back.go()

    async def _drop(self, platform: Platform) -> Decision:
        """A candidate of ours that was never committed."""
        await self._tidy(platform)
        return "refused", "netloom stopped before anything was committed; its candidate is dropped"

    async def _tidy(self, platform: Platform) -> None:
        """Take away what the device keeps of ours: whoever died had no time for it."""
        if platform.guard is not None and platform.guard.stages and self.entry.token is not None:
            async with new_session(self.means, self.settings, self.entry.device) as session:
                await converse(session, platform.guard.discard(self.entry.token))

    async def _was_confirmed(self, platform: Platform) -> bool:
        """Of a timer that the device does not remember."""
        if "save" in self.entry.steps or "confirm" not in self.entry.steps:
            return "save" in self.entry.steps
        async with new_session(self.means, self.settings, self.entry.device) as session:
            return same_config(platform, await session.running_config(), self.entry.predicted)

    async def _keep(self, platform: Platform) -> Decision:
        """What was confirmed is saved, if it is there; what a daemon lost a part of goes back as a whole."""
        entry, until = self.entry, self.means.monotonic() + self.settings.settle_s
        while True:
            async with new_session(self.means, self.settings, entry.device) as session:
                running = await session.running_config()
                if same_config(platform, running, entry.predicted):
                    self._announce("save")
                    await session.save()
                    return "done", "it was confirmed before the crash, and is saved now"
            if self.means.monotonic() >= until:
                break
            await self.means.sleep(self.settings.pause_s)
        if partial(platform, running, entry.predicted) and not between(platform, running, entry.base, entry.predicted):
            return "unknown", "it was confirmed, but a part of it is missing: a daemon may be away"
        return await replace(self._way_back(platform), token=None).go()

    def _way_back(self, platform: Platform) -> WayBack:
        entry = self.entry
        return WayBack(
            device=entry.device,
            platform=platform,
            base=entry.base,
            predicted=entry.predicted,
            inverse=entry.inverse,
            token=entry.token,
            means=self.means,
            settings=self.settings,
            until=self.means.monotonic() + self._timer_left() + self.settings.pause_s,
            announce=self._announce,
            cautious=True,
        )

    def _timer_left(self) -> float:
        """For how long the timer on the device may still run; this machine's clock may have jumped."""
        entry = self.entry
        if entry.armed_at is None or entry.token is None:
            return 0.0
        gone = (self.means.now() - entry.armed_at).total_seconds()
        return min(max(0.0, entry.timer_s - gone), float(entry.timer_s))

    def _announce(self, step: Step) -> None:
        self.locks.check(self.held)
        self.journal.step(self.entry.device, step, self.means.now())
