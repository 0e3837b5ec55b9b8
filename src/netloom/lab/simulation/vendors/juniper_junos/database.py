"""Junos' configuration database: the shared candidate, private copies, the lock, commits and their timer.

From the Junos CLI and Junos XML management protocol guides: changes go to a candidate that all share, unless somebody
edits a private copy or holds it exclusively; what the holder of the lock has not committed goes with the lock; a commit
with confirmation is undone by itself unless another commit, or a check, follows in time. A commit is on disk at once.
One that waits for its confirmation is undone by a reboot as well (an assumption: no guide says it).
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from netloom.lab.simulation.device import Commit, Device
from netloom.lab.simulation.vendors.juniper_junos.checks import Fault, checked
from netloom.model.config import Config
from netloom.platforms.juniper_junos.curly import write_curly

Mode = Literal["shared", "private", "exclusive"]

TIMER = "commit"
LONGEST_MINUTES = 65_535
KEPT = 50
"""Commits that the device remembers."""
_MODIFIED = "configuration database modified"
_SHARED_MODIFIED = (
    "shared configuration database modified\n\nPlease temporarily use 'configure shared' to commit\n"
    "outstanding changes in the shared database, exit,\nand return to configuration mode using 'configure private'"
)


class DatabaseRefused(Exception):
    """What mgd will not do."""

    def __init__(self, message: str, faults: tuple[Fault, ...] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.faults = faults


@dataclass(slots=True)
class JunosCommit(Commit):
    """One entry of the history."""

    client: str = "cli"
    timer: str = ""
    """`commit confirmed, rollback in 10mins`, where it waited for a confirmation."""


@dataclass(slots=True)
class Waiting:
    """A commit that is not confirmed yet."""

    base: Config
    persist: str | None = None
    session: int | None = None
    """The session with which it goes (RFC 6241, section 8.4.1); Junos' own commits outlive theirs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CommitOptions:
    """How to commit."""

    log: str = ""
    seconds: float | None = None
    """The time within which it has to be confirmed."""
    persist: str | None = None
    bound: bool = False
    """A confirmed commit as RFC 6241 has it: undone when its session ends, and extended by another."""


@dataclass(slots=True)
class Edit:
    """One session in configuration mode, or one NETCONF session."""

    number: int
    user: str
    client: str
    mode: Mode = "shared"
    since: float = 0.0
    private: Config | None = None
    base: Config | None = None
    """What the private copy was made from."""
    drop: Callable[[], None] = lambda: None
    """Ends the session."""


@dataclass(slots=True)
class Database:
    """The database of one device."""

    device: Device
    epoch: float = field(default_factory=time.time)
    started: float = 0.0
    boot: int = 1
    shared: Config | None = None
    """The candidate, None while nobody changed it."""
    holder: int | None = None
    """The session that holds the lock."""
    edits: dict[int, Edit] = field(default_factory=dict)
    waiting: Waiting | None = None
    _numbers: int = 5000
    _text: tuple[Config, str] | None = None
    """The last configuration that was written out: it is asked for again and again."""

    def text(self, config: Config) -> str:
        """A configuration in braces."""
        if self._text is None or self._text[0] is not config:
            self._text = config, write_curly(config.tree)
        return self._text[1]

    @property
    def clock(self) -> float:
        """The device's clock, in seconds of the epoch."""
        return self.epoch + (self.device.now - self.started) * self.device.spec.hurry

    @property
    def history(self) -> list[JunosCommit]:
        """The commits, newest first."""
        found = self.device.history
        if not found:
            found.append(JunosCommit(self.device.config, "root", self.clock, client="other"))
        return [commit for commit in found if isinstance(commit, JunosCommit)]

    # ---- sessions ------------------------------------------------------------------------------

    def join(self, user: str, client: str, mode: Mode = "shared", number: int | None = None) -> Edit:
        """Begin to edit; raises DatabaseRefused."""
        if number is None:
            self._numbers += 1
            number = self._numbers
        edit = Edit(number, user, client, mode, self.clock)
        if mode == "exclusive":
            self.lock(edit)
        elif mode == "private":
            if self.shared is not None:
                raise DatabaseRefused(_SHARED_MODIFIED)
            self._unless_locked(edit)
            edit.private = edit.base = self.device.config
        self.edits[number] = edit
        return edit

    def leave(self, edit: Edit) -> None:
        """The session ends: the lock goes, and what was not committed under it; so does a private copy."""
        if self.edits.pop(edit.number, None) is None or self.boot != self.device.boots:
            return
        if self.holder == edit.number:
            self.shared = self.holder = None
        if self.waiting is not None and self.waiting.session == edit.number:
            self.revert()

    def lock(self, edit: Edit) -> None:
        """Take the lock; raises DatabaseRefused."""
        if self.holder is not None:
            raise DatabaseRefused(self.locked_by())
        if self.shared is not None:
            raise DatabaseRefused(_MODIFIED)
        self.holder = edit.number
        self.edits[edit.number] = edit

    def unlock(self, edit: Edit) -> None:
        """Give the lock back, with what was not committed; raises DatabaseRefused."""
        if self.holder != edit.number:
            raise DatabaseRefused("configuration database is not locked" if self.holder is None else self.locked_by())
        self.shared = self.holder = None

    def locked_by(self) -> str:
        """How Junos says that the database is locked."""
        holder = self.edits.get(self.holder or 0)
        return f"configuration database locked by:\n  {self.described(holder)}" if holder is not None else "locked"

    def described(self, edit: Edit | None) -> str:
        """A session, as Junos lists it."""
        if edit is None:
            return ""
        how = f"exclusive{' [edit]' if edit.client == 'cli' else ''}" if self.holder == edit.number else "[edit]"
        where = "terminal p0 " if edit.client == "cli" else ""
        since = time.strftime("%Y-%m-%d %H:%M:%S UTC", time.gmtime(edit.since))
        return f"{edit.user} {where}(pid {edit.number}) on since {since}\n      {how}"

    # ---- the candidate -------------------------------------------------------------------------

    def candidate(self, edit: Edit) -> Config:
        """What a session edits."""
        if edit.private is not None:
            return edit.private
        return self.device.config if self.shared is None else self.shared

    def change(self, edit: Edit, config: Config) -> None:
        """Put something else into what a session edits; raises DatabaseRefused where another holds the lock."""
        if edit.private is not None:
            edit.private = config
            return
        self._unless_locked(edit)
        self.shared = None if config == self.device.config else config

    def changed(self, edit: Edit) -> bool:
        """Whether a session has something to commit."""
        return self.candidate(edit) != (edit.base if edit.base is not None else self.device.config)

    def rolled_back(self, number: int) -> Config:
        """A configuration of the history; raises DatabaseRefused."""
        if number == 0:
            return self.device.config
        if not 0 <= number < len(self.history):
            raise DatabaseRefused(f"rollback {number}: the configuration does not exist")
        return self.history[number].config

    def _unless_locked(self, edit: Edit) -> None:
        if self.holder not in (None, edit.number):
            raise DatabaseRefused(self.locked_by())

    # ---- commits -------------------------------------------------------------------------------

    def check(self, edit: Edit) -> None:
        """`commit check`, which confirms a commit that waits; raises DatabaseRefused with what is wrong."""
        self._unless_locked(edit)
        if faults := checked(self._merged(edit)):
            raise DatabaseRefused("configuration check-out failed", faults)
        self._confirmed()

    def commit(self, edit: Edit, options: CommitOptions) -> None:
        """Make a candidate the running configuration; raises DatabaseRefused."""
        self._unless_locked(edit)
        if edit.private is not None and options.seconds is not None:
            raise DatabaseRefused("commit confirmed is not supported on a private copy of the configuration")
        if edit.private is not None and self.shared is not None:
            raise DatabaseRefused("shared configuration database modified")
        if options.seconds is not None and options.seconds > LONGEST_MINUTES * 60:
            raise DatabaseRefused("confirm-timeout: value out of range")
        new = self._merged(edit)
        if faults := checked(new):
            raise DatabaseRefused("configuration check-out failed", faults)
        base = self.waiting.base if self.waiting is not None and options.bound else self.device.config
        self._confirmed()
        self._record(edit, new, options)
        self.device.config, self.shared = new, None
        if edit.private is not None:
            edit.private = edit.base = new
        if options.seconds is None:
            self.device.save()
            return
        bound = options.bound and options.persist is None
        self.waiting = Waiting(base, options.persist, edit.number if bound else None)
        self.device.start_timer(TIMER, options.seconds, self.revert)

    def revert(self) -> None:
        """Nobody confirmed: what was before is committed."""
        waiting, self.waiting = self.waiting, None
        self.device.stop_timer(TIMER)
        if waiting is None:
            return
        self.device.config, self.shared = waiting.base, None
        self.device.save()
        self._insert(JunosCommit(waiting.base, "root", self.clock, client="other"))
        if not self.device.reachable:
            self.device.hang_up()

    def _confirmed(self) -> None:
        if self.waiting is not None:
            self.waiting = None
            self.device.stop_timer(TIMER)
            self.device.save()

    def _merged(self, edit: Edit) -> Config:
        """A private copy's changes upon what others committed since."""
        if edit.private is None or edit.base is None or edit.base == self.device.config:
            return self.candidate(edit)
        return self.device.applied(self.device.config, self.device.platform.delta(edit.base, edit.private))

    def _record(self, edit: Edit, config: Config, options: CommitOptions) -> None:
        timer = ""
        if options.seconds is not None:
            minutes = max(1, round(options.seconds / 60))
            timer = f"commit confirmed, rollback in {minutes}mins"
        self._insert(JunosCommit(config, edit.user, self.clock, options.log, client=edit.client, timer=timer))

    def _insert(self, commit: JunosCommit) -> None:
        _ = self.history
        self.device.history.insert(0, commit)
        del self.device.history[KEPT:]


def database_of(device: Device) -> Database:
    """A device's database; one that started anew has a new one, with the commits of before."""
    found = device.memory.get("database")
    if isinstance(found, Database) and found.boot == device.boots:
        return found
    made = Database(device, started=device.now, boot=device.boots)
    commits = made.history
    # the clock must not go back, however fast it ran before
    made.epoch = max(made.epoch, commits[0].at)
    if device.boots > 1 and commits[0].config != device.config:
        device.history.insert(0, JunosCommit(device.config, "root", made.clock, client="other"))
    device.memory["database"] = made
    return made
