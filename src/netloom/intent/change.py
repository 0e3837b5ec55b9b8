"""A change under way: its states, what is asked of a session, and the facts that decide where a device stands."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal, Protocol

from netloom.intent.checks import CheckResult
from netloom.intent.parting import Parting
from netloom.intent.planned import DevicePlan, config_hash
from netloom.model.config import Line
from netloom.platforms.contract import Ask, Platform, load_platform

State = Literal[
    "draft",
    "planned",
    "approved",
    "locked",
    "prechecked",
    "armed",
    "applying",
    "applied_unconfirmed",
    "verifying",
    "confirming",
    "saved",
    "done",
    "refused",
    "rolling_back",
    "rolled_back",
    "unknown",
    "needs_operator",
]

Step = Literal["stage", "arm", "configure", "on_change", "confirm", "save", "revert", "inverse"]
"""What is sent to the device: written to the journal before it is sent."""

# `unknown` is no end: the device does not answer, and a recovery asks it again.
FINAL: frozenset[State] = frozenset({"done", "refused", "rolled_back", "needs_operator"})

NEXT: dict[State, frozenset[State]] = {
    "draft": frozenset({"planned"}),
    "planned": frozenset({"approved", "refused"}),
    "approved": frozenset({"locked", "refused"}),
    "locked": frozenset({"prechecked", "refused", "needs_operator"}),
    "prechecked": frozenset({"armed", "applying", "refused", "unknown", "rolling_back", "needs_operator"}),
    "armed": frozenset({"applying", "rolling_back", "needs_operator"}),
    "applying": frozenset({"applied_unconfirmed", "rolling_back", "needs_operator"}),
    "applied_unconfirmed": frozenset({"verifying", "rolling_back", "needs_operator"}),
    "verifying": frozenset({"confirming", "rolling_back", "needs_operator"}),
    "confirming": frozenset({"saved", "unknown", "rolling_back", "rolled_back", "needs_operator"}),
    "unknown": frozenset({"confirming", "rolling_back", "unknown", "needs_operator"}),
    "saved": frozenset({"done", "rolled_back", "unknown", "needs_operator"}),
    "rolling_back": frozenset({"rolled_back", "unknown", "needs_operator"}),
    "done": frozenset(),
    "refused": frozenset(),
    "rolled_back": frozenset(),
    "needs_operator": frozenset(),
}
"""Which state may follow which."""


class Session(Protocol):
    """What a change asks of a device's session."""

    @property
    def platform(self) -> Platform:
        """The device's platform."""
        ...

    async def running_config(self) -> str:
        """The running configuration as the device prints it."""
        ...

    async def configure(self, lines: Sequence[Line], *, timeout_s: float | None = None) -> object:
        """Send configuration lines, none after one that is refused; raises CommandRejected."""
        ...

    async def run(self, command: str) -> str:
        """One command on the device's command line."""
        ...

    async def exchange(self, ask: Ask, *, timeout_s: float | None = None) -> str:
        """One question of a guard's talk, and the answer."""
        ...

    async def save(self) -> object:
        """Make the running configuration survive a reboot."""
        ...


Opener = Callable[[str], AbstractAsyncContextManager[Session]]
"""A device's name to a new session."""


@dataclass(frozen=True, slots=True)
class Event:
    """One step forward, for whoever watches."""

    device: str
    state: State
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplySettings:
    """How carefully a change goes."""

    timer_s: int = 120
    """The dead-man timer on the device; a verified change is confirmed well before."""
    verify_s: float = 50.0
    """How long checks may need to pass: sessions take seconds to come up. Never more than half the timer."""
    settle_s: float = 15.0
    """How long the running configuration may need to be as predicted: a daemon may be starting anew."""
    step_s: float = 60.0
    """The longest that one step on a device may take."""
    reach_s: float = 120.0
    """How long a device that has to be rolled back is called again after its timer has run out."""
    pause_s: float = 1.0
    """Between two attempts."""
    unguarded: bool = False
    """Go on without a dead-man timer where the platform has none: a lost connection then needs a person."""
    policy: Literal["stop", "rollback_batch", "rollback_all"] = "stop"
    """What happens to devices that are done when another fails: they stay, or go back with their batch, or all."""
    failed_share: float = 0.02
    """More failed devices than this stop the change."""


async def no_results(_device: str) -> Sequence[CheckResult]:
    """No check at all."""
    return ()


async def nothing_left(_device: str) -> int:
    """No operation left."""
    return 0


def uptime() -> float:
    """Seconds since boot; unlike the monotonic clock, the sleep of a laptop counts."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """What a change works with; time is an argument like the rest."""

    open: Opener
    workspace: Path
    key: bytes
    """The workspace's key, for what the journal must seal."""
    operator: str = "unknown"
    before: Callable[[str], Awaitable[Sequence[CheckResult]]] = no_results
    """A device's checks that must pass before anything is sent."""
    after: Callable[[str], Awaitable[Sequence[CheckResult]]] = no_results
    """A device's checks that must pass before the change is confirmed."""
    platform: Callable[[str], Platform] = load_platform
    """A platform by its name."""
    replan: Callable[[str], Awaitable[int]] = nothing_left
    """Plans a device again; the number of operations left, which must be none."""
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    monotonic: Callable[[], float] = uptime
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    token: Callable[[], str] = field(default=lambda: secrets.token_hex(8))

    @property
    def halt(self) -> Path:
        """While this file exists, no change takes a step forward."""
        return self.workspace / ".netloom" / "halt"


def same_config(platform: Platform, one: str, other: str) -> bool:
    """Whether two running configurations say the same, in whatever order."""
    if config_hash(platform, one) == config_hash(platform, other):
        return True
    try:
        return platform.parse(one) == platform.parse(other)
    except ValueError:
        return False


def between(platform: Platform, running: str, base: str, predicted: str) -> bool:
    """Whether a running configuration can be a change stopped half-way: nobody else's line is in it or missing."""
    now, old, new = (frozenset(platform.parse(text).lines()) for text in (running, base, predicted))
    return now <= old | new and old & new <= now


def partial(platform: Platform, running: str, whole: str) -> bool:
    """Whether a running configuration lacks lines and has none too many: as when a daemon is away."""
    return set(platform.parse(running).lines()) < set(platform.parse(whole).lines())


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one device's change ended."""

    plan: DevicePlan
    state: State
    detail: str = ""
    base: str = ""
    """The running configuration before; empty where it was never read."""
    after: str = ""
    """The running configuration after a change that is done."""
    difference: str = ""
    """The device's own, of the candidate; empty where it has none."""
    parting: Parting | None = None
    """Where it and the plan part."""
