"""Checkpoints, rollback, and `configure replace` under its commit timer.

As in Cisco's «Performing Configuration Replace»: the device computes a patch to the file, applies it as a whole or not
at all, and goes back by itself unless `configure replace commit` comes in time. While that timer runs nothing else is
rolled back: who wants to go back waits for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from netloom.lab.simulation.device import Command, Commit, Device
from netloom.lab.simulation.shell import Answer
from netloom.lab.simulation.vendors.cisco_nxos.files import confirmed, content, name_of
from netloom.lab.simulation.vendors.cisco_nxos.shell import NxosShell
from netloom.lab.simulation.vendors.cisco_nxos.system import checkpoint_text
from netloom.model.config import Config, Line

TIMER = "config-replace"
_MOST = 10
_SECONDS = range(30, 3601)
_WHEN = "%a, %H:%M:%S %d %b %Y"
_ADVISORY = (
    "ADVISORY: {what} operation started...\nModifying running configuration from another VSH terminal in parallel\n"
    "is not recommended, as this may lead to {what} failure.\n\n"
)
_AT_WORK = (
    "Collecting Running-Config\nGenerating Rollback patch for switch profile\nRollback Patch is Empty\n"
    "Collecting Running-Config\nGenerating Rollback Patch\n"
)
_EXECUTED = (
    "Executing Rollback Patch\nDuring CR operation,will retain L3 configuration\n"
    "when vrf member change on interface\nGenerating Running-config for verification\nGenerating Rollback Patch\n\n"
)
_SEE_LOG = "Please run 'show config-replace log exec' to see if there is any configuration that requires reload to take"


@dataclass(slots=True)
class Operation:
    """The last replacement or rollback, for `show config-replace status` and its log."""

    what: str
    user: str
    started: datetime
    succeeded: bool
    patch: Sequence[str] = ()
    error: str = ""
    before: Config = field(default_factory=lambda: Config({}))


class Replacements:
    """A device's commit machinery."""

    def __init__(self, device: Device, user: str) -> None:
        self._device = device
        self._user = user

    # ---- what a change would be ----------------------------------------------------------------

    def patch(self, have: Config, want: Config) -> list[Line]:
        """The lines from one configuration to another."""
        return self._device.platform.delta(have, want)

    def shown(self, lines: Sequence[Line]) -> str:
        """A patch as `show diff rollback-patch` prints it."""
        text, before = "", tuple[str, ...]()
        for line in lines:
            for depth, header in enumerate(line.path):
                if line.path[: depth + 1] != before[: depth + 1]:
                    text += f"{'  ' * depth}{header}\n"
            text += f"{'  ' * len(line.path)}{line.text}\n"
            before = (*line.path, line.text)
        return f"!!\n{text}" if text else "Rollback Patch is Empty\n"

    # ---- configure replace ---------------------------------------------------------------------

    def verify(self, shell: NxosShell, path: str) -> Answer:
        """`configure replace … verify-only`."""
        found = self._wanted(path)
        if isinstance(found, Answer):
            return found
        lines = self.patch(self._device.config, found)
        refused = self._refused(shell, lines)
        typed = "".join(f"`{text}`\n" for text in self._typed(lines))
        self._remember("Config-replace verification", lines, error=refused)
        rule = "=" * 56
        end = f"Syntax error while parsing '{refused}'\n{rule}\nPatch validation failed\n" if refused else ""
        return Answer(
            "Version match between user file and running configuration.\nPre-check for User config PASSED\n"
            "Collecting Running-Config\nConverting to checkpoint file\nGenerating Rollback Patch\nValidating Patch\n"
            f"{rule}\n`config t `\n"
            f"{typed}{end or f'{rule}' + chr(10) + 'Patch validation completed successful' + chr(10)}"
        )

    def replace(self, shell: NxosShell, path: str, seconds: int | None = None) -> Answer:
        """`configure replace`, with a timer or for good."""
        device = self._device
        if seconds is not None and seconds not in _SECONDS:
            return shell.bad_number(str(seconds), _SECONDS.start, _SECONDS.stop - 1)
        if device.timer_left(TIMER) is not None:
            return _refusal("Another Config Replace operation waits for its commit")
        found = self._wanted(path)
        if isinstance(found, Answer):
            return found
        before, lines = device.config, self.patch(device.config, found)
        head = "Version match between user file and running configuration.\nPre-check for User config PASSED\n"
        head += _ADVISORY.format(what="Config Replace") + _AT_WORK
        error = self._refused(shell, lines) or self._executed(lines, found)
        self._remember("Configuration replace", lines, error=error, before=before)
        if error:
            return Answer(
                f"{head}Executing Rollback Patch\n\nERROR: {error}\n"
                "Rolling back to previous configuration is successful\n"
                "Configure replace failed. Use 'show config-replace log exec' to see reasons\n"
            )
        if seconds is not None:
            device.start_timer(TIMER, seconds, self._expired)
        done = _EXECUTED if lines else "Rollback Patch is Empty\n\n"
        return Answer(f"{head}{done}Configure replace completed successfully. {_SEE_LOG} effect.\n")

    def commit(self) -> Answer:
        """`configure replace commit`."""
        if not self._device.stop_timer(TIMER):
            return _refusal("No Config Replace operation waits for its commit")
        return Answer("Commit completed successfully.\n")

    def _wanted(self, path: str) -> Config | Answer:
        device = self._device
        text = content(device, path)
        if text is None:
            return _refusal(f"Unable to open file {path}: No such file or directory")
        found = device.platform.parse(text)
        versions = [
            next((line for line in config.tree if line.startswith("version ")), "") for config in (found, device.config)
        ]
        if versions[0].split()[:2] != versions[1].split()[:2]:
            return _refusal(
                "Version mismatch between user file and running configuration. Pre-check for User config FAILED"
            )
        return found

    def _refused(self, shell: NxosShell, lines: Sequence[Line]) -> str:
        """The first line that the command line would not take, empty where it takes all."""
        outer, shell.path = shell.path, None
        config = self._device.config
        try:
            for line in lines:
                if not shell.accepts(line.path, line.text):
                    return line.text
                self._device.config = self._device.applied(self._device.config, [line])
        finally:
            self._device.config, shell.path = config, outer
        return ""

    def _executed(self, lines: Sequence[Line], want: Config) -> str:
        after = self._device.applied(self._device.config, lines)
        if set(after.lines()) != set(want.lines()):
            return "the running configuration after the patch is not the one in the file"
        self._device.config = after
        return ""

    def _expired(self) -> None:
        device, last = self._device, self._device.memory.get(TIMER)
        if isinstance(last, Operation):
            lines = self.patch(device.config, last.before)
            device.config = last.before
            self._remember("Rollback to previous configuration", lines)
        if not device.reachable:
            device.hang_up()

    # ---- rollback ------------------------------------------------------------------------------

    def rollback(self, want: Config) -> Answer:
        """`rollback running-config …`: atomic, and never while a replacement waits for its commit."""
        device = self._device
        if device.timer_left(TIMER) is not None:
            return _refusal("Config Replace commit timer is running: wait for its expiry to go back")
        lines = self.patch(device.config, want)
        head = _ADVISORY.format(what="Rollback") + _AT_WORK
        device.config = want
        self._remember("Rollback to checkpoint", lines)
        return Answer(f"{head}{_EXECUTED if lines else ''}Rollback completed successfully.\n\n")

    # ---- what is told --------------------------------------------------------------------------

    def status(self) -> Answer:
        """`show config-replace status`."""
        last = self._device.memory.get(TIMER)
        if not isinstance(last, Operation):
            return Answer("Last operation : No config-replace or rollback operation\n")
        left = self._device.timer_left(TIMER)
        state = "Success" if last.succeeded else "Failed"
        text = (
            f"Last operation : {last.what}\nDetails:\n  Rollback type: atomic\n"
            f"  Start Time: {last.started:%a %b %d %H:%M:%S %Y}\n  End Time: {last.started:%a %b %d %H:%M:%S %Y}\n"
            f"  Operation Status: {state}\n"
        )
        if left is not None:
            text += f"  Commit Status: Not committed\n  Commit timer: running, {int(left)} seconds remaining\n"
        return Answer(text)

    def log(self) -> Answer:
        """`show config-replace log exec` and `… verify`."""
        last = self._device.memory.get(TIMER)
        if not isinstance(last, Operation):
            return Answer("Log is empty\n")
        typed = "".join(f"`{text}`\n" for text in last.patch)
        when = last.started.strftime(_WHEN)
        error = f"ERROR: {last.error}\n" if last.error else ""
        return Answer(
            f"Operation            : {last.what}\nCfg-replace done By  : {last.user}\nCfg-replace mode     : atomic\n"
            f"Verbose              : disabled\nStart Time           : {when}\nEnd Time             : {when}\n"
            f"Rollback Status      : {'Success' if last.succeeded else 'Failed'}\n\nExecuting Patch:\n"
            "----------------\n"
            f"`config t `\n{typed}{error}"
        )

    def _typed(self, lines: Sequence[Line]) -> list[str]:
        return self._device.platform.script(lines)

    def _remember(self, what: str, lines: Sequence[Line], *, error: str = "", before: Config | None = None) -> None:
        found = Operation(what, self._user, datetime.now(UTC), not error, self._typed(lines), error)
        found.before = before if before is not None else self._device.config
        self._device.memory[TIMER] = found


# ---- commands ---------------------------------------------------------------------------------


def _refusal(words: str) -> Answer:
    return Answer(f"ERROR: {words}\n", refused=True)


def _of(shell: NxosShell) -> Replacements:
    return Replacements(shell.device, shell.user)


def _checkpoint(shell: NxosShell, name: str = "", rest: str = "") -> Answer:
    device = shell.device
    own = [known for known in device.checkpoints if not known.startswith("system-")]
    name = name or next(free for number in range(1, _MOST + 2) if (free := f"user-checkpoint-{number}") not in own)
    if name in own and not rest.startswith("description"):
        return _refusal(f"checkpoint {name} already exists")
    if len(own) >= _MOST:
        return _refusal(f"Maximum number of user checkpoints ({_MOST}) is reached")
    device.checkpoints[name] = device.config
    device.history.append(Commit(device.config, shell.user, datetime.now(UTC).timestamp(), name))
    return Answer("...Done\n")


def _no_checkpoint(shell: NxosShell, name: str) -> Answer:
    if shell.device.checkpoints.pop(name, None) is None:
        return _refusal(f"checkpoint {name} does not exist")
    return Answer()


def _checkpoint_file(shell: NxosShell, path: str) -> Answer:
    def write() -> Answer:
        shell.device.files[name_of(path)] = checkpoint_text(shell.device).encode()
        return Answer("Done\n")

    if name_of(path) not in shell.device.files:
        return write()
    return confirmed(shell, "File already exists. Do you wish to overwrite? (y/n) [n] ", write, default=not shell.asks)


def _rollback_checkpoint(shell: NxosShell, name: str, mode: str = "") -> Answer:
    del mode
    want = shell.device.checkpoints.get(name)
    return _refusal(f"checkpoint {name} does not exist") if want is None else _of(shell).rollback(want)


def _rollback_file(shell: NxosShell, path: str, mode: str = "") -> Answer:
    del mode
    text = content(shell.device, path)
    if text is None:
        return _refusal(f"{path}: No such file or directory")
    return _of(shell).rollback(shell.device.platform.parse(text))


def _replace_timed(shell: NxosShell, path: str, seconds: str) -> Answer:
    if not seconds.isdigit():
        return shell.bad_number(seconds, _SECONDS.start, _SECONDS.stop - 1)
    return _of(shell).replace(shell, path, int(seconds))


def _config_of(shell: NxosShell, kind: str, words: list[str]) -> Config | None:
    device = shell.device
    if "running-config".startswith(kind):
        return device.config
    if "startup-config".startswith(kind):
        return device.startup
    if not words:
        return None
    name = words.pop(0)
    if "checkpoint".startswith(kind):
        return device.checkpoints.get(name)
    text = content(device, name)
    return None if text is None else device.platform.parse(text)


def _difference(shell: NxosShell, rest: str) -> Answer:
    """Two of running-config, startup-config, checkpoint NAME, file PATH."""
    words = rest.split()
    found: list[Config | None] = []
    while words and len(found) < 2:
        found.append(_config_of(shell, words.pop(0), words))
    if len(found) < 2 or None in found:
        return _refusal("the checkpoint or file does not exist")
    have, want = (config for config in found if config is not None)
    of = _of(shell)
    return Answer(f"Collecting Running-Config\n#Generating Rollback Patch\n{of.shown(of.patch(have, want))}")


def _show_checkpoint(shell: NxosShell, name: str) -> Answer:
    config = shell.device.checkpoints.get(name)
    if config is None:
        return _refusal(f"checkpoint {name} does not exist")
    return Answer(f"{'-' * 80}\nName: {name}\n\n{checkpoint_text(shell.device, config)}")


def _checkpoints(shell: NxosShell) -> Answer:
    device, text = shell.device, ""
    for number, (name, config) in enumerate(device.checkpoints.items(), start=1):
        made = next((item for item in reversed(device.history) if item.comment == name), None)
        when = datetime.fromtimestamp(made.at, UTC) if made is not None else datetime.now(UTC)
        text += (
            f"{number}) {name}:\nCreated by {made.user if made is not None else 'admin'}\nCreated at {when:{_WHEN}}\n"
            f"Size is {len(checkpoint_text(device, config)):,} bytes\nUser Checkpoint Summary\n{'-' * 80}\n"
            "Description: None\n\n"
        )
    return Answer(text)


def _rollback_log(shell: NxosShell, *_: str) -> Answer:
    return _of(shell).log()


COMMANDS = (
    Command("checkpoint", _checkpoint),
    Command("checkpoint <name>", _checkpoint),
    Command("checkpoint <name> description ...", lambda shell, name, _: _checkpoint(shell, name)),
    Command("checkpoint file <path>", _checkpoint_file),
    Command("no checkpoint <name>", _no_checkpoint),
    Command("show checkpoint summary", _checkpoints),
    Command("show checkpoint <name>", _show_checkpoint),
    Command("show diff rollback-patch ...", _difference),
    Command("rollback running-config checkpoint <name>", _rollback_checkpoint),
    Command("rollback running-config checkpoint <name> <mode>", _rollback_checkpoint),
    Command("rollback running-config file <path>", _rollback_file),
    Command("rollback running-config file <path> <mode>", _rollback_file),
    Command("configure replace commit", lambda shell: _of(shell).commit()),
    Command("configure replace <path>", lambda shell, path: _of(shell).replace(shell, path)),
    Command("configure replace <path> verify-only", lambda shell, path: _of(shell).verify(shell, path)),
    Command("configure replace <path> commit-timeout <seconds>", _replace_timed),
    Command("show config-replace status", lambda shell: _of(shell).status()),
    Command("show config-replace log exec", lambda shell: _of(shell).log()),
    Command("show config-replace log verify", lambda shell: _of(shell).log()),
    Command("show rollback status", lambda shell: _of(shell).status()),
    Command("show rollback log exec", _rollback_log),
    Command("show rollback log verify", _rollback_log),
)
