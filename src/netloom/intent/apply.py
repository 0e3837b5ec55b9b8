"""A change of several devices: batch after batch, each device by itself, and no further than it goes well."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Iterator, Sequence
from contextlib import aclosing, suppress
from dataclasses import dataclass, field, replace

from netloom.errors import PlanRefused
from netloom.intent.change import ApplySettings, Event, Means, Outcome, no_results, nothing_left
from netloom.intent.device_change import DeviceChange, Place
from netloom.intent.journal import Journal, open_devices
from netloom.intent.locks import Locks
from netloom.intent.planned import DevicePlan, Operation, Plan, config_hash
from netloom.intent.way_back import words
from netloom.platforms.contract import Platform


@dataclass(slots=True)
class Change:
    """A change under way; `outcomes` fills as devices come to their end."""

    id: str
    plan: Plan
    batches: Sequence[Sequence[str]]
    means: Means
    settings: ApplySettings
    outcomes: dict[str, Outcome] = field(default_factory=dict)
    stopped: str = ""
    """Why the change went no further, empty where it went to its end."""
    open: bool = False
    """Whether some device's end is not known: only a recovery tells."""
    _tried: list[list[str]] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Whether every device that should change is done."""
        wanted = [device.device for device in self.plan.changed]
        return all(name in self.outcomes and self.outcomes[name].state == "done" for name in wanted)

    async def run(self) -> AsyncGenerator[Event, None]:
        """Apply the plan, and yield what happens as it happens; raises PlanRefused before anything is sent."""
        plans = self._check()
        journal = Journal.create(
            self.means.workspace,
            self.id,
            self.plan,
            key=self.means.key,
            now=self.means.now(),
            operator=self.means.operator,
        )
        try:
            for batch in self.batches:
                members = [plans[name] for name in batch if name in plans]
                self._tried.append([plan.device for plan in members])
                async with aclosing(self._batch(members, journal)) as events:
                    async for event in events:
                        yield event
                self.stopped = self._why_stop(batch)
                if self.stopped:
                    break
            for event in self._not_reached(journal):
                yield event
            if not self.open:
                journal.end("done" if self.ok else "stopped", self.means.now())
        finally:
            journal.close()
        async with aclosing(self._undo()) as events:
            async for event in events:
                yield event

    def _check(self) -> dict[str, DevicePlan]:
        plans = {device.device: device for device in self.plan.changed}
        named = [name for batch in self.batches for name in batch]
        if set(plans) - set(named) or len(named) != len(set(named)):
            raise PlanRefused("expected every device of the plan in exactly one batch")
        open_changes = open_devices(self.means.workspace, key=self.means.key)
        for name in plans:
            if name in open_changes:
                raise PlanRefused(
                    f"{name}: change {open_changes[name]} has not come to its end", hint="run `netloom recover` first"
                )
        if self.means.halt.exists():
            raise PlanRefused(f"halted: {self.means.halt} exists", hint="remove it to go on")
        return plans

    async def _batch(self, plans: Sequence[DevicePlan], journal: Journal) -> AsyncGenerator[Event, None]:
        """All devices of a batch at once; events in the order in which they happen."""
        queue: asyncio.Queue[Event | None] = asyncio.Queue()
        gate = _Gate([plan.device for plan in plans], together=self.settings.policy != "stop")
        locks = Locks(self.means.workspace)
        place = Place(journal, locks, queue.put_nowait, gate.passed)

        async def all_of_them() -> None:
            try:
                await asyncio.gather(*(self._device(plan, place) for plan in plans))
            finally:
                queue.put_nowait(None)

        work = asyncio.create_task(all_of_them())
        try:
            while (event := await queue.get()) is not None:
                yield event
            await work
        finally:
            work.cancel()
            with suppress(asyncio.CancelledError):
                await work
            locks.close()

    async def _device(self, plan: DevicePlan, place: Place) -> None:
        change = DeviceChange(plan, means=self.means, settings=self.settings, place=place)
        try:
            self.outcomes[plan.device] = outcome = await change.run()
            self.open |= outcome.state == "unknown"
        except Exception as exc:  # noqa: BLE001 - a defect met on one device must not stop the others half-way
            self.open = True
            detail = f"stopped in {change.state}: {words(exc)}; run `netloom recover`"
            self.outcomes[plan.device] = Outcome(plan, "needs_operator", detail, change.base)
            place.emit(Event(plan.device, "needs_operator", detail))

    def _why_stop(self, batch: Sequence[str]) -> str:
        ends = [self.outcomes[name] for name in batch if name in self.outcomes]
        for outcome in ends:
            if outcome.state in {"rolled_back", "needs_operator", "unknown"}:
                return f"{outcome.plan.device}: {outcome.state}: {outcome.detail}"
        failed = [outcome for outcome in self.outcomes.values() if outcome.state != "done"]
        share = len(failed) / max(1, len(self.plan.changed))
        if share > self.settings.failed_share:
            return f"{failed[-1].plan.device}: {failed[-1].state}: {failed[-1].detail}"
        return f"halted: {self.means.halt} exists" if self.means.halt.exists() else ""

    def _not_reached(self, journal: Journal) -> Iterator[Event]:
        for plan in self.plan.changed:
            if plan.device not in self.outcomes:
                detail = f"not reached: {self.stopped}"
                journal.state(plan.device, "refused", detail, self.means.now())
                self.outcomes[plan.device] = Outcome(plan, "refused", detail)
                yield Event(plan.device, "refused", detail)

    async def _undo(self) -> AsyncGenerator[Event, None]:
        """Roll devices back that are done already, as the policy says: a new guarded change by their inverse."""
        batches = {"stop": [], "rollback_batch": self._tried[-1:], "rollback_all": self._tried}[self.settings.policy]
        done = [[name for name in batch if self.outcomes[name].state == "done"] for batch in reversed(batches)]
        steps = [batch for batch in done if batch]
        if not self.stopped or not steps:
            return
        back = tuple(
            _reversed(self.outcomes[name], self.id, self.means.platform(self.outcomes[name].plan.platform))
            for batch in steps
            for name in batch
        )
        undo = Change(
            f"{self.id}-back",
            Plan(self.plan.id, self.means.now(), back),
            steps,
            unchecked(self.means),
            replace(self.settings, policy="stop", failed_share=1.0),
        )
        try:
            async with aclosing(undo.run()) as events:
                async for event in events:
                    yield event
        except PlanRefused as exc:
            self.stopped = f"{self.stopped}; nothing was rolled back: {exc}"
        for name, outcome in undo.outcomes.items():
            back_again = outcome.state == "done"
            detail = f"went back: {self.stopped}" if back_again else f"did not go back: {outcome.detail}"
            self.outcomes[name] = replace(
                self.outcomes[name], state="rolled_back" if back_again else "needs_operator", detail=detail
            )


def unchecked(means: Means) -> Means:
    """The same means without anybody's checks: on the way back only the configuration counts."""
    return replace(means, before=no_results, after=no_results, replan=nothing_left)


def _reversed(outcome: Outcome, change: str, platform: Platform) -> DevicePlan:
    """The plan that undoes a change that is done."""
    plan = outcome.plan
    reason = f"change {change} goes back"
    return DevicePlan(
        plan.device,
        plan.platform,
        base_hash=config_hash(platform, outcome.after),
        operations=(Operation("lines", (change,), "update", None, None, plan.inverse, reason),),
        inverse=plan.lines,
        predicted=outcome.base,
        on_change=plan.on_change,
    )


class _Gate:
    """Holds the devices of a batch before their confirm until all are verified, or one has failed."""

    def __init__(self, devices: Sequence[str], *, together: bool) -> None:
        self._waiting = set(devices)
        self._failed = False
        self._together = together
        self._open = asyncio.Event()

    async def passed(self, device: str, ok: bool) -> bool:
        """Report a device, once; a verified one gets the word to confirm, or not to."""
        if not self._together:
            return ok
        if device in self._waiting:
            self._waiting.discard(device)
            self._failed |= not ok
        if self._failed or not self._waiting:
            self._open.set()
        if ok:
            await self._open.wait()
        return ok and not self._failed
