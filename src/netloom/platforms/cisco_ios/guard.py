"""IOS's own timer: `configure terminal revert timer` (Cisco, Configuration Rollback Confirmed Change).

When it runs out, IOS replaces the running configuration by the copy that it made in the archive when the timer
started. There is one timer for the whole device, and it has no name; once it is over, nothing tells how it ended.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from netloom.errors import Unsupported
from netloom.platforms.contract import Ask, Change, GuardStatus, Talk
from netloom.platforms.no_candidate import NoCandidate

_PATH = re.compile(r"(?m)^archive *\n(?: .*\n)*? +path +\S")
_CONFIGURED = re.compile(r"Time configured.*?: *(.+)")
_MINUTES = re.compile(r"Timer value: *(\d+) *min")
_USER = re.compile(r"User: *(\S+)")
_CLOCK = re.compile(r"(\d+):(\d\d):(\d\d)(?:\.\d+)? \S+ \w+ (\w+) +(\d+) (\d{4})")
_REFUSED = re.compile(r"(?m)^%.*")
_MOST = 120
HINT = "configure `archive` and in it `path flash:netloom` first"


@dataclass(frozen=True, slots=True)
class RevertTimer(NoCandidate):
    """The device's rollback timer; the change is typed into the running configuration while it runs."""

    def arm(self, change: Change) -> Talk[GuardStatus]:
        """Start the timer, where the archive is set up and nobody else's timer runs."""
        if not _PATH.search(change.base.replace("\r", "")):
            raise Unsupported("IOS keeps no archive to roll back to", device="", hint=HINT)
        minutes = max(1, -(-change.seconds // 60))
        if minutes > _MOST:
            return GuardStatus("failed", detail=f"expected a timer of at most {_MOST} minutes, got {minutes}")
        before = yield from self.status(change.token)
        if before.state == "armed":
            return GuardStatus("failed", detail=f"a rollback timer is running already ({before.detail})")
        yield Ask(by="config", enter=f"configure terminal revert timer {minutes}", leave="end")
        return (yield from self.status(change.token))

    def confirm(self, token: str) -> Talk[GuardStatus]:  # noqa: ARG002 - the timer has no name
        """Stop the timer; `none` where there is none any more."""
        answer = yield Ask("configure confirm")
        return GuardStatus("none", detail=_told(answer)) if _REFUSED.search(answer) else GuardStatus("confirmed")

    def revert(self, token: str) -> Talk[GuardStatus]:
        """Go back now; the command ends when the rollback is done."""
        before = yield from self.status(token)
        if before.state != "armed":
            return before
        answer = yield Ask("configure revert now")
        after = yield from self.status(token)
        if after.state == "armed":
            return GuardStatus("failed", after.seconds_left, _told(answer) or "the timer is still running")
        if "Rollback aborted" in answer or "Error" in answer:
            return GuardStatus("failed", detail=_told(answer))
        return GuardStatus("reverted", detail=_told(answer))

    def status(self, token: str) -> Talk[GuardStatus]:  # noqa: ARG002 - the timer has no name
        """The timer's state by the device's own clock."""
        shown = yield Ask("show archive config rollback timer")
        configured, minutes = _CONFIGURED.search(shown), _MINUTES.search(shown)
        if configured is None or minutes is None:
            return GuardStatus("none", detail=_told(shown))
        clock = yield Ask("show clock")
        started, now = _time(configured[1]), _time(clock)
        user = _USER.search(shown)
        left = None
        if started is not None and now is not None:
            left = max(0, int(minutes[1]) * 60 - int((now - started).total_seconds()))
        return GuardStatus("armed", left, f"set by {user[1]}" if user else "")


def _time(text: str) -> datetime | None:
    """The device's time; both times are of one clock, so its zone does not matter."""
    match = _CLOCK.search(text)
    if match is None:
        return None
    hour, minute, second, month, day, year = match.groups()
    return datetime.strptime(f"{year} {month} {day} {hour}:{minute}:{second}", "%Y %b %d %H:%M:%S")


def _told(answer: str) -> str:
    return " ".join(answer.split())[:200]


GUARD = RevertTimer()
