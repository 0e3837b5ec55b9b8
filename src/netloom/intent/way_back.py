"""The way back of one device: its timer's revert, or the inverse where it has none, until it answers or time is up."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Literal

from netloom.devices.talk import converse
from netloom.errors import CommandRejected, LockHeld, NetloomError
from netloom.intent.change import ApplySettings, Means, Session, Step, between, same_config
from netloom.model.config import Line
from netloom.platforms.contract import GuardStatus, Platform, Talk
from netloom.platforms.redaction import HIDDEN, redact, scrub

FAULTS = (NetloomError, OSError, TimeoutError, ValueError)
"""What a step on a device may end with; anything else is a defect and ends the change as a crash would."""

REVERT_S = 180.0
"""How long a device may take to revert: its daemons may have to start anew first."""

End = tuple[Literal["rolled_back", "unknown", "needs_operator"], str]


@asynccontextmanager
async def new_session(means: Means, settings: ApplySettings, device: str) -> AsyncIterator[Session]:
    """A new session; opening it may take as long as a step, and closing a dead one is no failure."""
    context = means.open(device)
    async with asyncio.timeout(settings.step_s):
        session = await context.__aenter__()
    try:
        yield session
    finally:
        with suppress(*FAULTS):
            async with asyncio.timeout(settings.step_s):
                await context.__aexit__(None, None, None)


@dataclass(frozen=True, slots=True, kw_only=True)
class WayBack:
    """All that is needed to bring one device back to where it was."""

    device: str
    platform: Platform
    base: str
    predicted: str
    inverse: tuple[Line, ...]
    token: str | None
    means: Means
    settings: ApplySettings
    until: float
    """When to stop calling a device that does not answer, by the monotonic clock."""
    announce: Callable[[Step], None]
    """Writes the journal before something is sent."""
    cautious: bool = False
    """After a crash: hand over what anybody else may have changed, and send nothing."""

    async def status(self) -> GuardStatus | None:
        """The timer's state, asked for until the device answers; None where it never does."""
        guard = self.platform.guard
        while guard is not None and self.token is not None:
            try:
                async with new_session(self.means, self.settings, self.device) as session:
                    return await self._ask(session, guard.status(self.token))
            except FAULTS:
                if self.means.monotonic() >= self.until:
                    return None
            await self.means.sleep(self.settings.pause_s)
        return None

    async def go(self) -> End:
        """Bring the device back, and say where it stands; raises LockHeld where somebody else took over."""
        while True:
            try:
                return await self._back()
            except LockHeld:
                raise
            except FAULTS as exc:
                if self.means.monotonic() >= self.until:
                    own = "; the timer on the device reverts it by itself" if self.token else ""
                    return "unknown", f"the device cannot be asked: {words(exc, self.platform)}{own}"
            await self.means.sleep(self.settings.pause_s)

    async def _back(self) -> End:
        guard = self.platform.guard
        if guard is None or self.token is None:
            return await self._by_inverse("rolled back by its inverse", cautious=self.cautious)
        self.announce("revert")
        async with new_session(self.means, self.settings, self.device) as session:
            status = await self._ask(session, guard.revert(self.token))
        if await self._is_base():
            told = status.detail if status.state == "reverted" else ""
            return "rolled_back", told or "the device is as before"
        if status.state == "confirmed":
            return "needs_operator", "the change was confirmed meanwhile"
        # A device that went back twice, by its timer and by us, holds the change again.
        if status.state in {"none", "failed"} or (status.state == "reverted" and await self._is_planned()):
            said = f"the timer is {status.state}, rolled back by the inverse"
            return await self._by_inverse(said, cautious=True)
        return "needs_operator", f"{status.detail}; the running configuration is not as before"

    async def _by_inverse(self, said: str, *, cautious: bool) -> End:
        if await self._is_base():
            return "rolled_back", "the device is as before"
        async with new_session(self.means, self.settings, self.device) as session:
            running = await self._running(session)
            if cautious and not between(self.platform, running, self.base, self.predicted):
                return (
                    "needs_operator",
                    "the running configuration is neither as before nor as planned; nothing was sent",
                )
            self.announce("inverse")
            for line in self.inverse:
                # A line that is undone already is refused; the others still count.
                with suppress(CommandRejected):
                    async with asyncio.timeout(self.settings.step_s):
                        await session.configure([line])
        if await self._is_base():
            return "rolled_back", said
        return "needs_operator", "the inverse was sent, but the running configuration is not as before"

    async def _is_base(self) -> bool:
        """Whether the device is as before, at once or when its daemons are back.

        Each look is a new session's: one that was opened while a daemon was away may never see it again.
        """
        until = self.means.monotonic() + self.settings.settle_s
        while True:
            async with new_session(self.means, self.settings, self.device) as session:
                running = await self._running(session)
            if same_config(self.platform, running, self.base):
                return True
            if self.means.monotonic() >= until or between(self.platform, running, self.base, self.predicted):
                return False
            await self.means.sleep(self.settings.pause_s)

    async def _is_planned(self) -> bool:
        """Whether the device holds the whole change."""
        async with new_session(self.means, self.settings, self.device) as session:
            return same_config(self.platform, await self._running(session), self.predicted)

    async def _running(self, session: Session) -> str:
        async with asyncio.timeout(self.settings.step_s):
            return await session.running_config()

    async def _ask(self, session: Session, talk: Talk[GuardStatus]) -> GuardStatus:
        async with asyncio.timeout(REVERT_S):
            return await converse(session, talk, timeout_s=REVERT_S)


def words(exc: BaseException, platform: Platform | None = None) -> str:
    """What went wrong, for people and for the journal, without the secrets that a line or an answer quotes."""
    if isinstance(exc, TimeoutError) and not str(exc):
        return "no answer in time"
    patterns = platform.secrets if platform is not None else ()
    text = str(exc) if isinstance(exc, NetloomError) else f"{type(exc).__name__}: {exc}"
    if not isinstance(exc, CommandRejected):
        return scrub(text, patterns)
    # the platform's patterns know a secret by its line's beginning, which is in the middle of this message
    for secret in redact(exc.line, patterns, b"").secrets.values():
        text = text.replace(secret, HIDDEN)
    return scrub(text)
