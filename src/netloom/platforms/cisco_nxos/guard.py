"""NX-OS' own commit machinery: `configure replace … commit-timeout` over a file, with a checkpoint to go back to.

The device computes the patch from the running configuration to the file, applies it, and goes back by itself unless
`configure replace commit` comes in time (System Management Configuration Guide, «Performing Configuration Replace»;
9.3 and later, on the 7000 series 8.2). `best-effort` is never used: it keeps half a change. A checkpoint carries our
token, so that a later session knows whose change it is. It goes with its file when the change has come to its end: a
device keeps ten checkpoints.
"""

from __future__ import annotations

import re
from typing import ClassVar

from netloom.errors import CommandRejected, OutputNotUnderstood, Unsupported
from netloom.platforms.cisco_nxos.rollback_patch import trimmed
from netloom.platforms.contract import Ask, Change, GuardStatus, Talk

_PREAMBLE = re.compile(r"\s*(?:!(?:Command|Time|Running configuration last done at|No configuration change).*\n|\n)*")
_SECONDS = range(30, 3601)
_STATUS = "show config-replace status"
_LEFT = re.compile(
    r"^.*\b(?:commit|remaining|left)\b.*?\b(\d+) ?(?:s|secs?|seconds?)\b.*$", re.IGNORECASE | re.MULTILINE
)
_RUNNING = re.compile(r"in[- ]?progress", re.IGNORECASE)
_ROLLED_BACK = re.compile(r"^\s*Last operation\s*:.*\brollback\b", re.IGNORECASE | re.MULTILINE)
_SUCCESS = re.compile(r"(?:completed|executed|done) successfully|\bsuccess(?:ful)?\b", re.IGNORECASE)
_FAILURE = re.compile(r"^.*\b(?:fail(?:ed|ure)?|error)\b.*$", re.IGNORECASE | re.MULTILINE)
_WENT_BACK = re.compile(
    r"^.*(?:configure replace failed|rolling back to previous configuration).*$", re.IGNORECASE | re.MULTILINE
)
"""Decides even beside a word of success: the way back succeeded."""
_PAUSE_S = 5
_MOST_PAUSES = 900


class ConfigureReplace:
    """A candidate file, made the running configuration under a timer."""

    stages: ClassVar[bool] = True

    def stage(self, change: Change) -> Talk[str]:
        """Take a checkpoint, store the file, have the device verify it, and return its own patch."""
        try:
            patch = yield from self._staged(change)
        except (CommandRejected, OutputNotUnderstood, Unsupported):
            yield from self.discard(change.token)
            raise
        return patch

    def _staged(self, change: Change) -> Talk[str]:
        yield Ask(f"checkpoint {_checkpoint(change.token)}")
        yield Ask(_whole(change), by="file", name=_file(change.token))
        yield from self._verified(change.token)
        patch = yield Ask(f"show diff rollback-patch running-config file {_file(change.token)}")
        return trimmed(patch)

    def discard(self, token: str) -> Talk[None]:
        """Remove our checkpoint and our file, where they are there."""
        for command in (f"no checkpoint {_checkpoint(token)}", f"delete {_file(token)} no-prompt"):
            yield from _tried(command)

    def arm(self, change: Change) -> Talk[GuardStatus]:
        """Replace the running configuration under the timer; says `failed` with the device's words."""
        if change.seconds not in _SECONDS:
            return GuardStatus("failed", detail=f"expected a timer of 30 to 3600 s, got {change.seconds} s")
        try:
            answer = yield Ask(f"configure replace {_file(change.token)} commit-timeout {change.seconds}")
        except CommandRejected as exc:
            words = f"configure replace with commit-timeout was refused: {exc.answer.strip()}"
            return GuardStatus("failed", detail=f"{words} (NX-OS has it from 9.3 on)")
        failure = _WENT_BACK.search(answer) or (None if _SUCCESS.search(answer) else _FAILURE.search(answer))
        if failure is not None:
            log = yield from _tried("show config-replace log exec")
            return GuardStatus("failed", detail=_reason(failure[0], log))
        found = yield from self.status(change.token)
        return found if found.state == "armed" else GuardStatus("armed", change.seconds, "by configure replace")

    def confirm(self, token: str) -> Talk[GuardStatus]:
        """Stop the timer, if it still runs."""
        before = yield from self.status(token)
        if before.state != "armed":
            return before
        yield Ask("configure replace commit")
        after = yield from self.status(token)
        if after.state != "none":
            return after
        yield from self.discard(token)
        return GuardStatus("confirmed")

    def revert(self, token: str) -> Talk[GuardStatus]:
        """Roll back to the checkpoint; where the timer forbids that, wait until it has run out."""
        refused = ""
        try:
            answer = yield Ask(f"rollback running-config checkpoint {_checkpoint(token)} atomic")
            if not (failure := _FAILURE.search(answer)) or _SUCCESS.search(answer):
                yield from self.discard(token)
                return GuardStatus("reverted", detail="rolled back to the checkpoint")
            refused = failure[0].strip()
        except CommandRejected as exc:
            refused = exc.answer.strip()
        found = yield from self.status(token)
        for _ in range(_MOST_PAUSES):
            if found.state not in ("armed", "reverting"):
                break
            yield Ask(f"sleep {_PAUSE_S}")
            found = yield from self.status(token)
        if found.state == "none":
            return GuardStatus("failed", detail=f"the checkpoint was refused: {refused}")
        if found.state == "reverted":
            yield from self.discard(token)
        return found

    def status(self, token: str) -> Talk[GuardStatus]:
        """Whether the timer runs; `none` where the device tells nothing of a change of ours."""
        try:
            said = yield Ask(_STATUS)
        except CommandRejected as exc:
            return GuardStatus("none", detail=exc.answer.strip())
        if left := _LEFT.search(said):
            return GuardStatus("armed", int(left[1]))
        if _RUNNING.search(said):
            return GuardStatus("reverting")
        if _ROLLED_BACK.search(said) and (yield from self._is_ours(token)):
            return GuardStatus("reverted", detail="the timer ran out")
        return GuardStatus("none")

    def _is_ours(self, token: str) -> Talk[bool]:
        """Whether our checkpoint is still there: what the device tells may be another's."""
        known = yield from _tried("show checkpoint summary")
        return _checkpoint(token) in known

    def _verified(self, token: str) -> Talk[None]:
        """Have the device look at the file; raises OutputNotUnderstood with its reasons where it finds fault."""
        try:
            answer = yield Ask(f"configure replace {_file(token)} verify-only")
        except CommandRejected:
            return  # a release without it: arming tells whether it can replace at all
        failure = _FAILURE.search(answer)
        if failure is not None and not _SUCCESS.search(answer):
            log = yield from _tried("show config-replace log verify")
            raise OutputNotUnderstood(
                f"the device does not take the configuration: {_reason(failure[0], log)}", device=""
            )


def _tried(command: str) -> Talk[str]:
    """The answer to a command, empty where it is refused."""
    try:
        answer = yield Ask(command)
    except CommandRejected:
        return ""
    return answer


def _checkpoint(token: str) -> str:
    return f"netloom-{token}"


def _file(token: str) -> str:
    return f"bootflash:netloom-{token}.cfg"


def _whole(change: Change) -> str:
    """The predicted configuration under the preamble that the device itself prints: it wants to see it there."""
    preamble = _PREAMBLE.match(change.base)
    return f"{preamble[0] if preamble else ''}{change.predicted}"


def _reason(failure: str, log: str) -> str:
    """The first lines of a log that say what is wrong, else what was said at once."""
    found = [line.strip() for line in log.splitlines() if _FAILURE.search(line)]
    return "; ".join(found[:3]) or failure.strip()


GUARD = ConfigureReplace()
