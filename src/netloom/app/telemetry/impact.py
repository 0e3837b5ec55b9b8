"""What a change did: what was seen on its devices before it and after it, the most unusual first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from netloom.app.telemetry.events import journal
from netloom.app.telemetry.window import Window
from netloom.errors import UsageError
from netloom.intent.journal import ChangeEntry
from netloom.intent.planfile import load_plan

if TYPE_CHECKING:
    from netloom.app.wiring import App

Kind = Literal["check", "state", "event", "log", "traffic", "metric"]
UNUSUAL = 2.0
"""Scores below are no news."""
LEAST = timedelta(seconds=30)
"""Of time after a change, before it can be told what it did."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """One thing that may have moved."""

    kind: Kind
    hostname: str
    what: str
    """The interface, the message's code, the check."""
    before: float | None
    after: float | None
    unit: str = ""
    said_before: str | None = None
    """For what is no number."""
    said_after: str | None = None
    score: float
    """In former spreads; what broke has the largest."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What is compared."""

    change: ChangeEntry
    devices: tuple[str, ...]
    before: Window
    after: Window

    @property
    def ratio(self) -> float:
        """The later span's length in those of the earlier one."""
        return self.after.seconds / self.before.seconds


@dataclass(frozen=True, slots=True)
class Impact:
    """Everything that was compared, the most unusual first."""

    scope: Scope
    moved: tuple[Moved, ...]
    missing: tuple[str, ...] = ()
    """What could not be compared, and why."""

    @property
    def unusual(self) -> tuple[Moved, ...]:
        """What is news."""
        return tuple(each for each in self.moved if abs(each.score) >= UNUSUAL)


@dataclass(frozen=True, slots=True)
class Compared:
    """What one source of comparisons found."""

    moved: Sequence[Moved] = ()
    missing: str = ""
    """Why there is nothing to compare."""


def find_change(app: App, name: str) -> ChangeEntry:
    """A change by its id, the beginning of it, its plan's id or file, or `last`; raises UsageError and PlanError."""
    known = [entry for entry in journal(app) if not entry.looked]
    if not known:
        raise UsageError("no change was ever applied", hint="netloom apply makes one")
    if name == "last":
        return known[-1]
    wanted = load_plan(Path(name)).id if Path(name).is_file() else name
    found = [entry for entry in known if wanted and (entry.id.startswith(wanted) or entry.plan.startswith(wanted))]
    if not found:
        last = ", ".join(entry.id for entry in known[-5:])
        raise UsageError(f"no change is called {name!r}", hint=f"the last ones are {last}")
    return found[-1]


def scope_of(entry: ChangeEntry, before: timedelta, after: timedelta, now: datetime) -> Scope:
    """What is compared for a change: the spans around it, as far as they are over; raises UsageError."""
    touched = {name: device for name, device in entry.devices.items() if device.began_at is not None}
    if not touched or entry.started_at is None:
        raise UsageError(f"change {entry.id} never reached a device: there is nothing to compare")
    starts = [device.began_at for device in touched.values() if device.began_at is not None]
    ends = [device.ended_at for device in touched.values()]
    start = min(starts)
    end = max((moment for moment in ends if moment is not None), default=entry.ended_at or now)
    if None in ends and entry.ended_at is None:
        end = now
    until = min(end + after, now)
    if until - end < LEAST:
        raise UsageError(
            f"change {entry.id} ended less than {LEAST.seconds} s ago",
            hint="ask again when there is something to compare",
        )
    return Scope(entry, tuple(sorted(touched)), Window(start - before, start), Window(end, until))


def impact(scope: Scope, answers: Iterable[Compared]) -> Impact:
    """What every source found, the most unusual first."""
    found = list(answers)
    moved = [each for answer in found for each in answer.moved]
    moved.sort(key=lambda each: (-abs(each.score), each.kind, each.hostname, each.what))
    return Impact(scope, tuple(moved), tuple(answer.missing for answer in found if answer.missing))
