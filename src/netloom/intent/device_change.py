"""One device's change, step by step: nothing is sent that the journal does not know, and every way out leads back.

The laws (each from a fault that a simpler way does not survive): the journal is on disk before each step; the timer
on the device is armed before the first line; a confirm goes over a new connection and is never repeated blindly;
what was confirmed is saved last; what is not confirmed is never saved.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, suppress
from dataclasses import dataclass
from typing import TypeVar

from netloom.devices.talk import converse
from netloom.errors import LockHeld, PlanRefused, StalePlan, Unsupported
from netloom.intent.change import (
    FINAL,
    NEXT,
    ApplySettings,
    Event,
    Means,
    Outcome,
    Session,
    State,
    Step,
    partial,
    same_config,
)
from netloom.intent.checks import CheckResult
from netloom.intent.journal import Journal
from netloom.intent.locks import Held, Locks
from netloom.intent.parting import Parting, parting
from netloom.intent.planned import DevicePlan, config_hash
from netloom.intent.way_back import FAULTS, WayBack, new_session, words
from netloom.platforms.contract import Change as GuardedChange
from netloom.platforms.contract import Guard, GuardStatus, Platform

Answer = TypeVar("Answer")


_CHUNK = 100
"""Lines sent without a look at the clock: a controller that slept must not go on after the timer has run out."""

_MOST_AGAIN = 2
"""How often lines that a daemon lost after the confirm are sent once more."""

_DROP_S = 20.0
"""How long a device that went away is called again to drop a candidate, which changes nothing there."""

CANDIDATE_LEFT = "its candidate may still be there: netloom recover drops it"

_QUOTE_S = 10.0
"""How long a device may take to tell what decides nothing; the timer runs meanwhile."""

_UNGUARDED = "allow changes without a timer with `--unguarded`"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a device's change writes to and waits."""

    journal: Journal
    locks: Locks
    emit: Callable[[Event], None]
    gate: Callable[[str, bool], Awaitable[bool]]
    """Says that a device is verified, or has failed, and waits for the word to confirm."""


class DeviceChange:
    """The state machine of one device."""

    def __init__(self, plan: DevicePlan, *, means: Means, settings: ApplySettings, place: Place) -> None:
        self.plan = plan
        self.state: State = "approved"
        self.detail = ""
        self.base = ""
        self.after = ""
        self.difference = ""
        """The device's own, of its candidate."""
        self.parting: Parting | None = None
        self._means = means
        self._settings = settings
        self._place = place
        self._platform: Platform = means.platform(plan.platform)
        self._held: Held | None = None
        self._token: str | None = None
        self._deadline = 0.0
        self._touched = False
        self._staged = False
        self._lacks = False
        self._cut_short = False
        """The confirm, before the device put away what it no longer needs."""

    async def run(self) -> Outcome:
        """Take the device from approved to its end."""
        try:
            if await self._lock():
                await self._forward()
        finally:
            await self._place.gate(self.plan.device, False)
            if self._held is not None and (self.state in FINAL or self.state == "unknown"):
                self._place.locks.release(self._held)
        return Outcome(self.plan, self.state, self.detail, self.base, self.after, self.difference, self.parting)

    async def _lock(self) -> bool:
        change = self._place.journal.path.stem
        try:
            self._held = self._place.locks.acquire(self.plan.device, operator=self._means.operator, change=change)
        except LockHeld as exc:
            self._enter("refused", str(exc))
            return False
        self._enter("locked")
        return True

    async def _forward(self) -> None:
        """Up to the save; every fault after the first step on the device leads to the way back."""
        try:
            async with self._session() as session:
                await self._precheck(session)
                await self._arm(session)
                await self._configure(session)
                await self._settled(session)
                await self._quote(session)
                await self._on_change(session)
            await self._verify()
            await self._confirm()
        except FAULTS as exc:
            await self._failed(exc)
        else:
            await self._save()

    async def _failed(self, exc: Exception) -> None:
        """A step went wrong: before the first step the change is refused, later it is undone."""
        if self.state in FINAL:
            return
        await self._place.gate(self.plan.device, False)
        reason = words(exc, self._platform)
        if not self._touched:
            if await self._drop():
                self._enter("refused", reason)
            else:
                self._enter("unknown", f"{reason}; {CANDIDATE_LEFT}")
        elif isinstance(exc, LockHeld):
            self._lost(exc)
        else:
            await self._roll_back(reason)

    async def _precheck(self, session: Session) -> None:
        self._look()
        self.base = await self._timed(session.running_config())
        if config_hash(self._platform, self.base) != self.plan.base_hash:
            raise StalePlan(
                f"{self.plan.device}: the running configuration moved since the plan was made", hint="plan again"
            )
        _must_pass(await self._timed(self._means.before(self.plan.device)))
        self._enter("prechecked")

    async def _arm(self, session: Session) -> None:
        """Start the timer on the device, or say that there is none."""
        self._look()
        guard, settings = self._platform.guard, self._settings
        if guard is None:
            if not settings.unguarded:
                raise PlanRefused(f"{self.plan.device}: {self._platform.title} has no dead-man timer", hint=_UNGUARDED)
            self._begin(None)
            return
        self._begin(self._means.token())
        change = self._guarded()
        try:
            if guard.stages:
                await self._stage(session, guard, change)
            self._step("arm")
            status = await self._timed(converse(session, guard.arm(change)))
        except Unsupported as exc:
            self._touched = self._staged = False
            if not settings.unguarded:
                raise PlanRefused(f"the timer cannot be armed: {words(exc, self._platform)}", hint=_UNGUARDED) from exc
            self._begin(None)
            return
        if status.state == "failed":
            self._touched = False
            raise PlanRefused(f"the timer cannot be armed: {status.detail}")
        if status.state != "armed":
            raise PlanRefused(f"{self.plan.device}: the timer is {status.state} after arming")
        self._deadline = self._means.monotonic() + settings.timer_s
        self._enter("armed", f"{settings.timer_s} s")

    def _guarded(self) -> GuardedChange:
        """What the guard is to watch over."""
        return GuardedChange(
            token=self._token or "",
            seconds=self._settings.timer_s,
            base=self.base,
            lines=self.plan.lines,
            inverse=self.plan.inverse,
            predicted=self.plan.predicted,
        )

    async def _stage(self, session: Session, guard: Guard, change: GuardedChange) -> None:
        """Write the candidate, and look again: whoever commits last would undo what others did meanwhile."""
        self._step("stage")
        self._touched, self._staged = False, True  # nothing runs that did not run before
        self.difference = await self._timed(converse(session, guard.stage(change)))
        self.parting = parting(self._platform, self.difference, self.base, self.plan.predicted)
        if self.parting is not None:
            raise PlanRefused(f"{self.plan.device}: its own difference is another than the plan's: {self.parting}")
        running = await self._timed(session.running_config())
        if config_hash(self._platform, running) != self.plan.base_hash:
            raise StalePlan(f"{self.plan.device}: the running configuration moved while the change was prepared")

    async def _drop(self) -> bool:
        """Take our candidate away, and what else of ours the device keeps; False where it does not answer in time."""
        guard, token = self._platform.guard, self._token
        until = self._means.monotonic() + _DROP_S
        while self._staged and guard is not None and token is not None:
            try:
                async with self._session() as session:
                    await self._timed(converse(session, guard.discard(token)))
                    self._staged = False
            except FAULTS:
                if self._means.monotonic() >= until:
                    break
                await self._means.sleep(self._settings.pause_s)
        return not self._staged

    async def _configure(self, session: Session) -> None:
        self._look()
        self._enter("applying", "" if self._token else "unguarded: no timer on the device")
        guard = self._platform.guard
        if self._token is not None and guard is not None and guard.stages:
            self._enter("applied_unconfirmed", "by the device's own candidate")
            return
        lines = self.plan.lines
        for at in range(0, len(lines), _CHUNK):
            self._look()
            if self._token is not None and self._means.monotonic() > self._half_time():
                raise PlanRefused("half the timer is over, and lines are left to send")
            self._step("configure")
            await self._timed(session.configure(lines[at : at + _CHUNK]))
        self._enter("applied_unconfirmed")

    async def _settled(self, session: Session) -> None:
        """Wait until the running configuration is as predicted: a daemon that starts anew takes seconds."""
        until = min(self._means.monotonic() + self._settings.settle_s, self._half_time())
        while True:
            self._look()
            running = await self._timed(session.running_config())
            if same_config(self._platform, running, self.plan.predicted):
                return
            if self._means.monotonic() >= until:
                raise StalePlan(f"{self.plan.device}: the running configuration is not as predicted")
            await self._means.sleep(self._settings.pause_s)

    async def _quote(self, session: Session) -> None:
        """What a system without a candidate says itself; quoted, for what runs is as predicted already."""
        ask = self._platform.told_afterwards
        if ask is None or self._token is None:
            return
        with suppress(*FAULTS):
            self.difference = await converse(session, ask(), timeout_s=min(_QUOTE_S, self._settings.step_s))
        if self.difference:
            self.parting = parting(self._platform, self.difference, self.base, self.plan.predicted)

    async def _on_change(self, session: Session) -> None:
        for command in self.plan.on_change:
            self._look()
            self._step("on_change")
            await self._timed(session.run(command))

    async def _verify(self) -> None:
        """The configuration as predicted and every check passed, over a connection of its own."""
        self._enter("verifying")
        until = min(self._means.monotonic() + self._settings.verify_s, self._half_time())
        while True:
            self._look()
            results = await self._timed(self._means.after(self.plan.device))
            failed = [result for result in results if result.passed is False]
            if not failed:
                break
            if self._means.monotonic() >= until:
                _must_pass(failed)
            await self._means.sleep(self._settings.pause_s)
        if not await self._place.gate(self.plan.device, True):
            raise PlanRefused("another device of the batch failed")

    async def _confirm(self) -> None:
        """Over a new connection, with more than twice the time left that the way there took."""
        self._look()
        self._enter("confirming")
        began = self._means.monotonic()
        async with self._session() as session:
            running = await self._timed(session.running_config())
            if not same_config(self._platform, running, self.plan.predicted):
                raise StalePlan(f"{self.plan.device}: the running configuration is no longer as predicted")
            guard, token = self._platform.guard, self._token
            if guard is None or token is None:
                return
            status = await self._timed(converse(session, guard.status(token)))
            took = self._means.monotonic() - began
            if status.state != "armed" or status.seconds_left is None or status.seconds_left <= 2 * took:
                left = f"{status.seconds_left} s left, {took:.1f} s needed to reach the device"
                raise PlanRefused(f"too late to confirm: the timer is {status.state}, {left}")
            self._look()
            self._step("confirm")
            try:
                status = await self._timed(converse(session, guard.confirm(token)))
            except FAULTS as exc:
                self._enter("unknown", f"no reply to the confirm: {words(exc, self._platform)}")
                status, self._cut_short = await self._ask(), True
        if status.state == "none" and await self._runs_as_predicted():
            status = GuardStatus("confirmed")
        if status.state != "confirmed":
            raise PlanRefused(f"the timer is {status.state}: {status.detail or 'the confirm came too late'}")
        if self.state == "unknown":
            self._enter("confirming", "the device says that it is confirmed")

    async def _runs_as_predicted(self) -> bool:
        """What a device that forgets its timers is asked instead."""
        async with self._session() as session:
            running = await self._timed(session.running_config())
        return same_config(self._platform, running, self.plan.predicted)

    async def _ask(self) -> GuardStatus:
        """What came of a confirm whose reply was lost: read, never repeated."""
        status = await self._way_back().status()
        return status or GuardStatus("none", detail="the device does not answer")

    async def _save(self) -> None:
        """Last: the device keeps the change from now on. Each look is a new session's: an old one may miss a daemon."""
        reach = self._means.monotonic() + self._settings.reach_s
        settle = self._means.monotonic() + self._settings.settle_s
        for _sent_again in range(_MOST_AGAIN + 1):
            while True:
                try:
                    async with self._session() as session:
                        if await self._saved(session) or await self._gone(session):
                            break
                        if self._means.monotonic() >= settle:
                            await self._send_again(session)
                            break
                except LockHeld as exc:
                    self._lost(exc)
                    return
                except FAULTS as exc:
                    if self._means.monotonic() >= reach:
                        self._enter("unknown", f"confirmed, but not saved: {words(exc, self._platform)}")
                        return
                await self._means.sleep(self._settings.pause_s)
            if self.state == "saved":
                await self._replan()
            if self.state in FINAL:
                return
            settle = self._means.monotonic() + self._settings.settle_s
        if self._lacks:
            self._enter("unknown", "confirmed, but a part of the configuration is missing: a daemon may be away")
        else:
            self._enter("needs_operator", "confirmed, but not saved: the running configuration is not as planned")

    async def _saved(self, session: Session) -> bool:
        """Save what is as predicted before and after; what a daemon lost in between would be missing from it."""
        if not same_config(self._platform, await self._timed(session.running_config()), self.plan.predicted):
            return False
        self._step("save")
        await self._timed(session.save())
        self.after = await self._timed(session.running_config())
        if same_config(self._platform, self.after, self.plan.predicted):
            self._enter("saved")
        return self.state == "saved"

    async def _gone(self, session: Session) -> bool:
        """Whether a device that started anew lost the whole change."""
        running = await self._timed(session.running_config())
        if same_config(self._platform, running, self.base):
            self._enter("rolled_back", "the device started anew before the change was saved")
        return self.state == "rolled_back"

    async def _send_again(self, session: Session) -> None:
        """What a daemon lost by starting anew after the confirm, if nobody changed anything else."""
        running = await self._timed(session.running_config())
        self._lacks = partial(self._platform, running, self.plan.predicted)
        if self._lacks:
            parse = self._platform.parse
            self._step("configure")
            await self._timed(session.configure(self._platform.delta(parse(running), parse(self.plan.predicted))))

    async def _replan(self) -> None:
        """Nothing of the intent may be left; a device that is away for a moment is asked again."""
        if self._cut_short:
            await self._drop()
        until = self._means.monotonic() + self._settings.reach_s
        while True:
            try:
                left = await self._timed(self._means.replan(self.plan.device))
                break
            except FAULTS as exc:
                if self._means.monotonic() >= until:
                    self._enter("needs_operator", f"saved, but planning again failed: {words(exc, self._platform)}")
                    return
            await self._means.sleep(self._settings.pause_s)
        if left:
            self._enter("needs_operator", f"saved, but planning again finds operations left: {left}")
        else:
            self._enter("done")

    async def _roll_back(self, reason: str) -> None:
        self._enter("rolling_back", reason)
        try:
            state, detail = await self._way_back().go()
        except LockHeld as exc:
            self._lost(exc)
        else:
            if state == "rolled_back":
                await self._drop()
            self._enter(state, f"{reason}; {detail}")

    def _way_back(self) -> WayBack:
        return WayBack(
            device=self.plan.device,
            platform=self._platform,
            base=self.base,
            predicted=self.plan.predicted,
            inverse=self.plan.inverse,
            token=self._token,
            means=self._means,
            settings=self._settings,
            until=self._deadline + self._settings.reach_s,
            announce=self._step,
        )

    # ---- what every step does -------------------------------------------------------------------

    def _begin(self, token: str | None) -> None:
        self._token = token
        self._deadline = self._means.monotonic() + self._settings.timer_s
        self._place.journal.begin(
            self.plan, self.base, token=token, timer_s=self._settings.timer_s if token else 0, now=self._means.now()
        )

    def _enter(self, state: State, detail: str = "") -> None:
        if state not in NEXT[self.state]:
            raise AssertionError(f"{self.state} → {state} is no step of the state machine")
        self._place.journal.state(self.plan.device, state, detail, self._means.now())
        self.state, self.detail = state, detail
        self._place.emit(Event(self.plan.device, state, detail))

    def _lost(self, exc: LockHeld) -> None:
        """Somebody else took over: not even the journal is ours any more."""
        self.state, self.detail = "needs_operator", f"{exc}; nothing more was sent"
        self._place.emit(Event(self.plan.device, self.state, self.detail))

    def _step(self, step: Step) -> None:
        """The lock is still ours, and the journal knows what comes next."""
        if self._held is not None:
            self._place.locks.check(self._held)
        self._place.journal.step(self.plan.device, step, self._means.now())
        self._touched = True

    def _look(self) -> None:
        """Before each step forward: the lock is ours, and nobody called a halt."""
        if self._held is not None:
            self._place.locks.check(self._held)
        if self._means.halt.exists():
            raise PlanRefused(f"halted: {self._means.halt} exists")

    def _half_time(self) -> float:
        return self._deadline - self._settings.timer_s / 2

    async def _timed(self, what: Awaitable[Answer]) -> Answer:
        async with asyncio.timeout(self._settings.step_s):
            return await what

    def _session(self) -> AbstractAsyncContextManager[Session]:
        return new_session(self._means, self._settings, self.plan.device)


def _must_pass(results: Sequence[CheckResult]) -> None:
    failed = [result for result in results if result.passed is False]
    if failed:
        first = failed[0]
        more = f" (and {len(failed) - 1} more)" if len(failed) > 1 else ""
        raise PlanRefused(f"check {first.check} failed: expected: {first.expected} actual: {first.actual}{more}")
