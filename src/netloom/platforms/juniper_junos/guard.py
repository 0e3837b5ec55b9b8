"""Junos' own commit machinery: the locked candidate, `commit check`, and a confirmed commit that undoes itself.

The candidate is the shared one under an exclusive lock, for Junos does not commit a private copy with confirmation
(Junos XML Management Protocol Guide, «Committing the Candidate Configuration Only After Confirmation»). The lock is
refused while somebody else's changes wait in the candidate, and what is left in it goes with the session that locked
it. Everything is asked over NETCONF; where the device offers none, the same is typed in `configure exclusive`, all of
it in one visit, so that nothing of ours stays behind there either.

A commit is ours when its log says `netloom-TOKEN`. Any later commit confirms the one that waits, also somebody
else's; what became of it then the running configuration tells.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal

from netloom.errors import CommandRejected, DeviceError
from netloom.model.config import Line
from netloom.platforms import xml_output
from netloom.platforms.contract import Ask, Change, GuardStatus, Talk
from netloom.platforms.juniper_junos.candidate import CHECK, LOCK, UNLOCK, accepted, commit, drop, load
from netloom.platforms.juniper_junos.commit_history import Commit, device_time, read_commits

Way = Literal["rpc", "cli"]

_TOKEN = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,63}")
_REVERTED = "-reverted"
_MODIFIED = "database modified"
_COMMITS: dict[Way, Ask] = {"rpc": Ask("<get-commit-information/>", by="rpc"), "cli": Ask("show system commit")}
_TIMES: dict[Way, Ask] = {"rpc": Ask("<get-system-uptime-information/>", by="rpc"), "cli": Ask("show system uptime")}
_DIFFERENCE = Ask('<get-configuration compare="rollback" rollback="0" format="text"/>', by="rpc")
_COMPARE = "show | compare | no-more"
_PROMPTED = re.compile(r"(?:\s*^(?:\{[\w:.-]+\})?(?:\[edit\])?[ \t]*$)*\Z", re.MULTILINE)
"""What Junos prints before each prompt of configuration mode, at the end of an answer."""
_LONGEST_MINUTES = 65_535
_OCCUPIED = "another commit waits to be confirmed"


@dataclass(frozen=True, slots=True)
class CandidateCommit:
    """A candidate, and a commit that waits to be confirmed."""

    stages: ClassVar[bool] = True

    def stage(self, change: Change) -> Talk[str]:
        """Lock the candidate, load the lines and check them; the difference is the one that Junos would commit."""
        mark_of(change.token)
        way, commits = yield from _history()
        if (yield from _occupied(way, commits)):
            # the check would confirm it
            raise CommandRejected(device="", line="commit check", answer=_OCCUPIED)
        if way == "cli":
            # there is no candidate to come back to over a command line: this visit only checks and compares
            compared = yield _typed([*change.lines, Line("commit check"), Line(_COMPARE)])
            return _compared(compared)
        yield LOCK
        try:
            yield from load(change.lines)
            accepted((yield CHECK))
            difference = yield _DIFFERENCE
        except CommandRejected:
            yield from drop()
            raise
        return _text(difference)

    def discard(self, token: str) -> Talk[None]:
        """Drop the candidate that this session holds locked; another's is refused to us by Junos itself."""
        mark_of(token)
        way, _ = yield from _history()
        if way == "cli":
            return
        try:
            yield LOCK
        except CommandRejected as exc:
            if _MODIFIED not in exc.answer:
                yield from drop()
            return
        yield UNLOCK

    def arm(self, change: Change) -> Talk[GuardStatus]:
        """Commit under the timer, in whole minutes; a commit of somebody else's that waits would be confirmed by it."""
        mark = mark_of(change.token)
        way, commits = yield from _history()
        minutes = max(1, math.ceil(change.seconds / 60))
        if minutes > _LONGEST_MINUTES:
            return GuardStatus("failed", detail=f"expected a timer of {_LONGEST_MINUTES} minutes at most")
        if (yield from _occupied(way, commits)):
            return GuardStatus("failed", detail=_OCCUPIED)
        if way == "cli":
            yield _typed([*change.lines, Line(f'commit confirmed {minutes} comment "{mark}"')])
        else:
            timer = f"<confirmed/><confirm-timeout>{minutes}</confirm-timeout>"
            accepted((yield commit(mark, timer)))
            yield UNLOCK
        return (yield from self.status(change.token))

    def confirm(self, token: str) -> Talk[GuardStatus]:
        """Commit once more, while ours waits; changes of somebody else's in the candidate are not committed."""
        before = yield from self.status(token)
        if before.state != "armed":
            return before
        way, _ = yield from _history()
        if way == "cli":
            yield _typed([Line(f'commit comment "{mark_of(token)}"')])
        else:
            try:
                yield LOCK
            except CommandRejected as exc:
                if _MODIFIED not in exc.answer:
                    return GuardStatus("armed", before.seconds_left, exc.answer)
                accepted((yield CHECK))  # confirms as well, and commits nothing
                return GuardStatus("confirmed", detail="somebody's changes wait in the candidate")
            accepted((yield commit(mark_of(token))))
            yield UNLOCK
        return (yield from self.status(token))

    def revert(self, token: str) -> Talk[GuardStatus]:
        """Load what was before and commit it; only while our own commit is the last one and waits."""
        before = yield from self.status(token)
        if before.state != "armed":
            return before
        way, _ = yield from _history()
        mark = mark_of(token) + _REVERTED
        if way == "cli":
            yield _typed([Line("rollback 1"), Line(f'commit comment "{mark}"')])
        else:
            yield LOCK
            try:
                accepted((yield Ask('<load-configuration rollback="1"/>', by="rpc")))
                now = yield from self.status(token)
                if now.state != "armed":
                    # the timer ran out on the way here: what lies one commit back by then is the change itself
                    yield from drop()
                    return now
                accepted((yield commit(mark)))
            except CommandRejected:
                yield from drop()
                raise
            yield UNLOCK
        return (yield from self.status(token))

    def status(self, token: str) -> Talk[GuardStatus]:
        """What the last commits say of ours."""
        mark = mark_of(token)
        way, commits = yield from _history()
        last = commits[0] if commits else None
        if last is not None and last.names(mark + _REVERTED):
            return GuardStatus("reverted")
        if last is not None and last.names(mark):
            if last.timer_s is None:
                return GuardStatus("confirmed")
            return GuardStatus("armed", _left(last, device_time((yield _TIMES[way]))))
        ours = next((commit.number for commit in commits if commit.names(mark)), None)
        return GuardStatus("none", detail=f"commit {ours} of the history" if ours is not None else "")


def mark_of(token: str) -> str:
    """What the log of our commits says; raises ValueError for a token that is no word."""
    if not _TOKEN.fullmatch(token):
        raise ValueError(f"expected a token of letters, digits and dashes, got {token!r}")
    return f"netloom-{token}"


def _history() -> Talk[tuple[Way, list[Commit]]]:
    """The commits, and the way by which the device can be asked."""
    try:
        answer = yield _COMMITS["rpc"]
        return "rpc", read_commits(answer)
    except CommandRejected:
        raise
    except DeviceError:
        answer = yield _COMMITS["cli"]
        return "cli", read_commits(answer)


def _occupied(way: Way, commits: Sequence[Commit]) -> Talk[bool]:
    """Whether somebody's commit waits.

    One whose time is over and that is still the last was confirmed by a check, of which the history says nothing.
    """
    if not commits or commits[0].timer_s is None:
        return False
    left = _left(commits[0], device_time((yield _TIMES[way])))
    return left is None or left > 0


def _typed(lines: Sequence[Line]) -> Ask:
    return Ask(by="config", lines=tuple(lines), enter="configure exclusive", leave="exit configuration-mode")


def _text(reply: str) -> str:
    """The text within an answer."""
    found = [xml_output.all_text(element) for element in xml_output.elements(reply)] if "<" in reply else [reply]
    return "\n".join(text.strip("\n") for text in found if text.strip())


def _compared(answer: str) -> str:
    """What a comparison says on a screen."""
    return _PROMPTED.sub("", answer.replace("\r\n", "\n")).strip("\n")


def _left(commit: Commit, now: int | None) -> int | None:
    if commit.timer_s is None or commit.at is None or now is None:
        return None
    return max(0, commit.at + commit.timer_s - now)


GUARD = CandidateCommit()
