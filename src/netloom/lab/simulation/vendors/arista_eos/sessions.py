"""EOS's configuration sessions and their commit timer (EOS User Manual, «configure session» and «commit timer»).

A session starts as a copy of the running configuration and replaces it when it is committed: of two, the last wins.
Under a timer a second commit confirms it; the end of the timer, or an abort, replaces the running configuration by the
one before the commit, with all that others changed since.
"""

from __future__ import annotations

import difflib
import re
import time
from typing import Any

from netloom.lab.simulation.device import Candidate, Device
from netloom.lab.simulation.shell import Answer

TIMER = "commit"
MOST_PENDING = 5
MOST_COMPLETED = 1
_DAY = 86_400
_RELEASE = re.compile(r"EOS (\d+)\.(\d+)")
NEWEST = (4, 33)
_NEW_STATES = (4, 32)
"""From this release on a session is `committed` at once, and the answer names the one that the timer runs for.

The end of the timer is told in seconds since 1970 before, in seconds of uptime since.
"""


class Sessions:
    """The configuration sessions of a device."""

    def __init__(self, device: Device) -> None:
        self._device = device

    def is_open(self, name: str) -> bool:
        """Whether lines can be entered in it."""
        found = self._device.candidates.get(name)
        return found is not None and found.state == "pending"

    def open(self, name: str, user: str) -> Answer:
        """Make sure that a session is there and open."""
        device = self._device
        found = device.candidates.get(name)
        if found is None:
            pending = [item for item in device.candidates.values() if item.state == "pending"]
            if len(pending) >= MOST_PENDING:
                return refusal("Maximum number of pending sessions has been reached. Please commit or abort one first")
            device.candidates[name] = Candidate(name, device.config, device.config, user)
        elif found.state != "pending":
            return refusal(f"Cannot enter session {name} (session is {found.state})")
        return Answer()

    def commit(self, name: str, clock: str | None = None) -> Answer:
        """Make a session the running configuration; the second commit confirms one that is under the timer."""
        device = self._device
        seconds = _seconds(clock) if clock is not None else 0
        if seconds is None:
            return Answer("% Invalid input\n", refused=True)
        if (reason := self._uncommitted(name)) is not None:
            return refusal(f"Cannot commit session {name} ({reason})")
        found = device.candidates[name]
        if found.state == "pending":
            found.base, device.config = device.config, found.config
        if clock is None:
            device.stop_timer(TIMER)
            self._complete(found)
        else:
            found.state = "pendingCommitTimer"
            device.start_timer(TIMER, seconds, lambda: self._expired(name))
        return Answer()

    def _uncommitted(self, name: str) -> str | None:
        """Why a session cannot be committed, None where it can."""
        found = self._device.candidates.get(name)
        if found is None:
            return "session does not exist"
        if found.state not in ("pending", "pendingCommitTimer"):
            return f"session is {found.state}"
        waiting = self.waiting()
        return f"the commit timer of session {waiting} is running" if waiting not in (None, name) else None

    def abort(self, name: str) -> Answer:
        """Remove a session; one under its timer goes back at once."""
        device = self._device
        found = device.candidates.get(name)
        if found is None:
            return refusal(f"Cannot abort session {name} (session does not exist)")
        if found.state == "pendingCommitTimer":
            device.stop_timer(TIMER)
            device.config = found.base
        elif found.state != "pending":
            return refusal(f"Cannot abort session {name} (session is {found.state})")
        del device.candidates[name]
        return Answer()

    def waiting(self) -> str | None:
        """The session whose commit waits to be confirmed."""
        found = (item.name for item in self._device.candidates.values() if item.state == "pendingCommitTimer")
        return next(found, None)

    def show(self) -> Answer:
        """`show configuration sessions detail`."""
        device = self._device
        new, left, waiting = release(device) >= _NEW_STATES, device.timer_left(TIMER), self.waiting()
        sessions: dict[str, Any] = {}
        rows = []
        for name, found in device.candidates.items():
            state = "committed" if new and found.state != "pending" else found.state
            sessions[name] = {"state": state, "commitUser": found.user, "description": "", "instances": {}}
            if found.state == "pendingCommitTimer" and left is not None and not new:
                sessions[name]["commitBy"] = time.time() + left
            clock = _clock(left) if name == waiting and left is not None else ""
            rows.append(f"  {name:<24} {state:<18} {found.user:<10} {clock:<16}\n")
        data: dict[str, Any] = {
            "maxSavedSessions": MOST_COMPLETED,
            "maxOpenSessions": MOST_PENDING,
            "mergeOnCommit": False,
            "saveToStartupConfigOnCommit": False,
            "sessions": sessions,
        }
        if new and waiting is not None and left is not None:
            data |= {"commitTimerSessionName": waiting, "commitTimerExpireTime": device.uptime_s + left}
        return Answer(_SESSIONS_HEAD + "".join(rows), data)

    def difference(self, name: str) -> Answer:
        """What a session would change."""
        found = self._device.candidates.get(name)
        if found is None:
            return refusal(f"Session {name} does not exist")
        return Answer(difference(self._device, found))

    def _complete(self, found: Candidate) -> None:
        """Only so many completed sessions are remembered; a confirmed one and an expired one look the same."""
        candidates = self._device.candidates
        done = [name for name, item in candidates.items() if item.state == "completed"]
        for name in done[: len(done) + 1 - MOST_COMPLETED]:
            del candidates[name]
        found.state = "completed"

    def _expired(self, name: str) -> None:
        found = self._device.candidates[name]
        self._device.config = found.base
        self._complete(found)
        if not self._device.reachable:
            self._device.hang_up()


_SESSIONS_HEAD = (
    f"Maximum number of completed sessions: {MOST_COMPLETED}\nMaximum number of pending sessions: {MOST_PENDING}\n"
    "Merge on commit is disabled\nAutosave to startup-config on commit is disabled\n\n"
    "  Name                     State              User       Commit Time Left\n"
    "  ------------------------ ------------------ ---------- ----------------\n"
)


def difference(device: Device, found: Candidate) -> str:
    """The running configuration and a session's, side by side as EOS shows it."""
    old, new = device.text().splitlines(), device.text(found.config).splitlines()
    names = ("system:/running-config", f"session:/{found.name}-session-config")
    lines = difflib.unified_diff(old, new, *names, lineterm="")
    return "".join(f"{line}\n" for line in lines)


def refusal(words: str) -> Answer:
    """What EOS will not do."""
    return Answer(f"% {words}\n", refused=True)


def release(device: Device) -> tuple[int, int]:
    """The release that the device's startup configuration names, or the newest one."""
    found = (match for mark in device.startup.marks if (match := _RELEASE.fullmatch(mark)))
    return next(((int(match[1]), int(match[2])) for match in found), NEWEST)


def _seconds(clock: str) -> float | None:
    found = re.fullmatch(r"(\d{1,2}):(\d{1,2}):(\d{1,2})", clock)
    seconds = int(found[1]) * 3600 + int(found[2]) * 60 + int(found[3]) if found is not None else 0
    return float(seconds) if 0 < seconds < _DAY else None


def _clock(seconds: float) -> str:
    whole = int(seconds)
    return f"{whole // 3600:02}:{whole // 60 % 60:02}:{whole % 60:02}"
