"""EOS's own commit machinery: a configuration session, committed under a timer (EOS User Manual, configure session).

A second commit of the session confirms it. Until 4.31 the session's state says `pendingCommitTimer`; since 4.32 it
says `committed` at once, and the answer names the session that the timer runs for.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any, ClassVar

from netloom.errors import CommandRejected
from netloom.platforms.contract import Ask, Change, GuardStatus, Talk

_TOKEN = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,63}")
_SESSIONS = Ask("show configuration sessions detail | json")
_CLOCK = Ask("show version | json")
_PENDING = ("pending", "active")
_DAY = 86_400
_EPOCH = 1_000_000_000
"""Times above are seconds since 1970, below since the switch started: releases differ."""


@dataclass(frozen=True, slots=True)
class ConfigurationSession:
    """A session of our own for each change, named by its token."""

    stages: ClassVar[bool] = True

    def stage(self, change: Change) -> Talk[str]:
        """Enter the lines in a session and leave it; the difference is the one that EOS would commit."""
        name = session_name(change.token)
        yield Ask(by="config", lines=change.lines, enter=f"configure session {name}", leave="end")
        difference = yield Ask(f"show session-config named {name} diffs")
        return difference.strip("\r\n")

    def discard(self, token: str) -> Talk[None]:
        """Abort our session, where it is still open; a name of somebody else's is never touched."""
        name = session_name(token)
        document = yield from _sessions()
        if _state_of(document, name) in _PENDING:
            yield Ask(f"configure session {name} abort")

    def arm(self, change: Change) -> Talk[GuardStatus]:
        """Commit the session under the timer; another session's timer would be cut short by ours."""
        name = session_name(change.token)
        document = yield from _sessions()
        running = _timer_of(document)
        if running is not None:
            return GuardStatus("failed", detail=f"the commit timer of session {running} is running")
        if _state_of(document, name) not in _PENDING:
            return GuardStatus("failed", detail=f"session {name} is {_state_of(document, name) or 'gone'}")
        if not 0 < change.seconds < _DAY:
            return GuardStatus("failed", detail=f"expected a timer of less than a day, got {change.seconds} s")
        yield Ask(f"configure session {name} commit timer {clock(change.seconds)}")
        return (yield from self.status(change.token))

    def confirm(self, token: str) -> Talk[GuardStatus]:
        """Commit the session again, while its timer runs; it says `confirmed` only where EOS takes that."""
        before = yield from self.status(token)
        if before.state != "armed":
            return before
        yield Ask(f"configure session {session_name(token)} commit")
        after = yield from self.status(token)
        return GuardStatus("confirmed") if after.state in ("none", "confirmed") else after

    def revert(self, token: str) -> Talk[GuardStatus]:
        """Abort the pending commit: EOS goes back before it answers. A session not yet committed is dropped."""
        name = session_name(token)
        before = yield from self.status(token)
        if before.state not in ("armed", "staged"):
            return before
        try:
            yield Ask(f"configure session {name} abort")
        except CommandRejected as exc:
            after = yield from self.status(token)
            return GuardStatus("failed", detail=exc.answer.strip()) if after.state == before.state else after
        after = yield from self.status(token)
        if after.state in ("armed", "staged"):
            return GuardStatus("reverting", after.seconds_left)
        return GuardStatus("reverted")

    def status(self, token: str) -> Talk[GuardStatus]:
        """Where our session stands. What became of a committed one without a timer the running configuration tells."""
        name = session_name(token)
        document = yield from _sessions()
        state = _state_of(document, name)
        if _timer_of(document) == name:
            left = None
            if (expires := _expiry(document, name)) is not None:
                left = _left(expires, _document((yield _CLOCK)))
            return GuardStatus("armed", left)
        if state in _PENDING:
            return GuardStatus("staged")
        if state is not None and state.lower().startswith("abort"):
            return GuardStatus("reverted", detail=state)
        # an expired timer and a confirmed one leave the same word behind
        return GuardStatus("none", detail=f"the session is {state}" if state else "")


def session_name(token: str) -> str:
    """The session's name; raises ValueError for a token that EOS would not take as one word."""
    if not _TOKEN.fullmatch(token):
        raise ValueError(f"expected a token of letters, digits and dashes, got {token!r}")
    return f"netloom-{token}"


def clock(seconds: int) -> str:
    """A timer as EOS takes it: hh:mm:ss."""
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def _sessions() -> Talk[dict[str, Any]]:
    return _document((yield _SESSIONS))


def _document(answer: str) -> dict[str, Any]:
    """A JSON answer; raises ValueError for another."""
    try:
        document = json.loads(answer[answer.index("{") : answer.rindex("}") + 1])
    except ValueError as exc:
        raise ValueError(f"expected JSON of EOS, got {' '.join(answer.split())[:80]!r}") from exc
    found: dict[str, Any] = document
    return found


def _state_of(document: dict[str, Any], name: str) -> str | None:
    session = document.get("sessions", {}).get(name)
    return str(session.get("state", "")) if session is not None else None


def _timer_of(document: dict[str, Any]) -> str | None:
    """The session whose commit waits to be confirmed."""
    if name := document.get("commitTimerSessionName"):
        return str(name)
    sessions = document.get("sessions", {}).items()
    return next((str(name) for name, session in sessions if session.get("state") == "pendingCommitTimer"), None)


def _expiry(document: dict[str, Any], name: str) -> float | None:
    found = document.get("commitTimerExpireTime") or document.get("sessions", {}).get(name, {}).get("commitBy")
    return float(found) if isinstance(found, int | float) and found > 0 else None


def _left(expires: float, version: dict[str, Any]) -> int | None:
    uptime, booted = version.get("uptime"), version.get("bootupTimestamp")
    if not isinstance(uptime, int | float):
        return None
    if expires < _EPOCH:
        return max(0, int(expires - uptime))
    return max(0, int(expires - booted - uptime)) if isinstance(booted, int | float) else None


GUARD = ConfigurationSession()
