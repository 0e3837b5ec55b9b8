"""A dead-man timer for systems with a POSIX shell: scripts that arm it, ask for it, confirm and revert.

The timer is a detached process on the device. Its state is one file in a private directory, and every change of
state is a rename of that file: of a confirm and an expiry that meet, exactly one wins. Time is the device's uptime,
so that its clock may jump. After a reboot nothing is left to do: the change was never saved.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, cast, get_args

from netloom.model.config import Line
from netloom.platforms.contract import Ask, Change, GuardStatus, Talk
from netloom.platforms.deadman_shell import ARM, CONFIRM, PRELUDE, REVERT, STATUS, WORK
from netloom.platforms.no_candidate import NoCandidate

State = Literal["none", "armed", "confirmed", "reverting", "reverted", "failed"]

_TOKEN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_ANSWER = re.compile(r"^netloom-guard (\w+) (-|\d+) ?(.*)$", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadManTimer(NoCandidate):
    """A guard made of shell; what differs between systems is shell too, run in the timer's directory."""

    show: str
    """Prints the running configuration."""
    canonical: str
    """Filters a configuration to one line a statement, sections in front, in any order."""
    restore: Callable[[Sequence[Line]], str]
    """Commands that apply the inverse; each may fail, and running them twice does no harm."""
    merge: str = ":"
    """Brings back what `snapshot` has and the system lost, when a daemon started anew."""
    replace: str = ":"
    """The last resort: makes the system equal to `snapshot` by other means."""
    epoch: str = ":"
    """Prints what changes when a daemon stops or starts anew."""
    home: str = "/tmp"  # noqa: S108 - on the device, in a directory that is ours alone
    """Where the timer keeps its own directory."""
    patience: int = 90
    """Seconds for which a revert is tried again."""
    linger: int = 60
    """Seconds for which lines that arrive after the revert are undone again."""

    def arm(self, change: Change) -> Talk[GuardStatus]:
        """Store the snapshot and start the timer, if the device still is as the snapshot says."""
        return self._told(
            self.arm_script(
                token=change.token,
                seconds=change.seconds,
                snapshot=change.base,
                inverse=change.inverse,
                predicted=change.predicted,
            )
        )

    def confirm(self, token: str) -> Talk[GuardStatus]:
        """Disarm the timer."""
        return self._told(self.confirm_script(token=token))

    def revert(self, token: str) -> Talk[GuardStatus]:
        """Go back to the snapshot at once and wait for the end; may be said again."""
        return self._told(self.revert_script(token=token))

    def status(self, token: str) -> Talk[GuardStatus]:
        """The timer's state and the seconds left."""
        return self._told(self.status_script(token=token))

    def _told(self, script: str) -> Talk[GuardStatus]:
        output = yield Ask(script, by="shell")
        return self.read(output)

    def arm_script(
        self, *, token: str, seconds: int, snapshot: str, inverse: Sequence[Line], predicted: str = ""
    ) -> str:
        """A script that stores the snapshot and starts the timer, if the device still is as the snapshot says."""
        if any("\n" in part or "\r" in part for line in inverse for part in (line.text, *line.path)):
            raise ValueError("expected lines without line breaks in the inverse")
        files = {"snapshot": snapshot, "predicted": predicted, "restore": self.restore(inverse), "work": self._work()}
        stored = "\n".join(_here(name, text) for name, text in files.items())
        return self._script(token, ARM.replace("@SECONDS@", str(int(seconds)))).replace("@FILES@", stored, 1)

    def confirm_script(self, *, token: str) -> str:
        """A script that disarms the timer and prints the state that holds afterwards."""
        return self._script(token, CONFIRM)

    def revert_script(self, *, token: str) -> str:
        """A script that goes back to the snapshot at once, waits for the end, and may be run again."""
        return self._script(token, REVERT)

    def status_script(self, *, token: str) -> str:
        """A script that prints the timer's state and the seconds left."""
        return self._script(token, STATUS)

    def read(self, output: str) -> GuardStatus:
        """What one of the scripts printed; raises ValueError where it did not come to its end."""
        answers = _ANSWER.findall(output.replace("\r", ""))
        if not answers or answers[-1][0] not in get_args(State):
            raise ValueError(f"expected a line `netloom-guard STATE SECONDS`, got {output.strip()[-200:]!r}")
        state, left, detail = answers[-1]
        return GuardStatus(cast("State", state), int(left) if left != "-" else None, detail.strip())

    def _work(self) -> str:
        parts = {"show": self.show, "canonical": self.canonical, "merge": self.merge, "replace": self.replace}
        functions = [f"{name}() {{\n{body}\n}}" for name, body in (*parts.items(), ("epoch", self.epoch))]
        text = WORK.replace("@PATIENCE@", str(self.patience)).replace("@LINGER@", str(self.linger))
        return text.replace("@FUNCTIONS@", "\n".join(functions))

    def _script(self, token: str, body: str) -> str:
        """One function, called on the last line: a script cut off on its way does nothing."""
        if not _TOKEN.fullmatch(token):
            raise ValueError(f"expected a token of letters, digits, dot, dash, underscore, got {token!r}")
        text = "main() {\n" + PRELUDE + body + "\n}\n(main) </dev/null\n"
        filled = {"@TOKEN@": token, "@PATIENCE@": str(self.patience), "@HOME@": shlex.quote(self.home)}
        for name, value in filled.items():
            text = text.replace(name, value)
        return text


def _here(name: str, text: str) -> str:
    mark = "NETLOOM"
    while mark in text:
        mark += "_"
    return f"cat >\"$D/{name}\" <<'{mark}'\n{text.rstrip()}\n{mark}"


def quoted(argv: Sequence[str]) -> str:
    """An argument list as a shell takes it."""
    return shlex.join(argv)
