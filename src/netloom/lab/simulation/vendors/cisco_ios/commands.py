"""What IOS's command line understands in exec mode: privileges, the terminal, starting anew, and all that is shown."""

from __future__ import annotations

import re

from netloom.lab.simulation.device import Command
from netloom.lab.simulation.shell import Answer
from netloom.lab.simulation.vendors.cisco_ios import (
    bgp,
    files,
    filters,
    interfaces,
    neighbors,
    probes,
    rollback,
    routing,
    switching,
    system,
)
from netloom.lab.simulation.vendors.cisco_ios.shell import IosShell as BareShell

_RELOAD = "reload"


class IosShell(BareShell):
    """One session, with all commands."""

    def scripted(self, line: str) -> Answer | None:
        return files.scripted(self, line)


def _enable(shell: BareShell, _level: str = "15") -> Answer:
    wanted = shell.device.spec.enable_password
    if shell.privileged or wanted is None:
        shell.privileged = True
        return Answer()
    tries = [0]

    def take(line: str) -> Answer:
        if line == wanted:
            shell.privileged = True
            return Answer()
        tries[0] += 1
        if tries[0] >= 3:
            return Answer("% Bad secrets\n\n", refused=True)
        shell.echo = False
        return shell.asked("Password: ", take)

    shell.echo = False
    return shell.asked("Password: ", take)


def _disable(shell: BareShell) -> str:
    shell.privileged = False
    return ""


def _length(shell: BareShell, lines: str) -> Answer:
    if not re.fullmatch(r"\d{1,3}", lines):
        return shell.unknown(f"terminal length {lines}")
    shell.page_length = int(lines)
    return Answer()


def _paged_again(shell: BareShell) -> str:
    shell.page_length = 24
    return ""


def _reload(shell: BareShell) -> Answer:
    def proceed() -> Answer:
        return shell.confirmed("Proceed with reload? [confirm]", lambda _: _start_anew(shell))

    def save(line: str) -> Answer:
        if line.lower().startswith("y"):
            files.saved(shell)
        return proceed()

    if shell.device.config != shell.device.startup:
        return shell.asked("System configuration has been modified. Save? [yes/no]: ", save)
    return proceed()


def _start_anew(shell: BareShell) -> Answer:
    shell.device.reboot()
    return Answer(end=True)


def _reload_in(shell: BareShell, time: str, *_: str) -> Answer:
    found = re.fullmatch(r"(?:(\d+):)?(\d+)", time)
    if found is None:
        return shell.unknown(f"reload in {time}")
    minutes = int(found[1] or 0) * 60 + int(found[2])

    def go(_: str) -> Answer:
        shell.device.start_timer(_RELOAD, minutes * 60, shell.device.reboot)
        return Answer()

    return shell.confirmed(
        f"Reload scheduled in {minutes} minutes by {shell.user} on vty0\nProceed with reload? [confirm]", go
    )


def _cancel_reload(shell: BareShell) -> Answer:
    if not shell.device.stop_timer(_RELOAD):
        return Answer("%No reload is scheduled.\n", refused=True)
    return Answer("\n\n***\n*** --- SHUTDOWN ABORTED ---\n***\n\n")


def _show_reload(shell: BareShell) -> str:
    left = shell.device.timer_left(_RELOAD)
    return (
        "No reload is scheduled.\n" if left is None else f"Reload scheduled in {system.lasted(left)} by {shell.user}\n"
    )


def _erase(shell: BareShell) -> Answer:
    def go(_: str) -> Answer:
        shell.device.startup = shell.device.platform.parse(f"hostname {shell.device.spec.name}\n")
        return Answer("[OK]\nErase of nvram: complete\n")

    return shell.confirmed("Erasing the nvram filesystem will remove all configuration files! Continue? [confirm]", go)


def _write(shell: BareShell) -> Answer:
    return files.saved(shell)


def _quiet(_: BareShell, *_words: str) -> str:
    return ""


def _leave(_: BareShell) -> Answer:
    return Answer(end=True)


IosShell.commands = (
    Command("enable", _enable),
    Command("enable <level>", _enable),
    Command("disable", _disable),
    Command("terminal length <lines>", _length),
    Command("terminal no length", _paged_again),
    Command("terminal width <columns>", _quiet),
    Command("terminal monitor", _quiet),
    Command("terminal no monitor", _quiet),
    Command("terminal exec prompt timestamp", _quiet),
    Command("terminal no exec prompt timestamp", _quiet),
    Command("write", _write),
    Command("write memory", _write),
    Command("write erase", _erase),
    Command("erase startup-config", _erase),
    Command("erase nvram:", _erase),
    Command("reload", _reload),
    Command("reload in <time>", _reload_in),
    Command("reload in <time> ...", _reload_in),
    Command("reload cancel", _cancel_reload),
    Command("show reload", _show_reload),
    Command("clear ...", _quiet),
    Command("undebug all", _quiet),
    Command("no debug all", _quiet),
    Command("exit", _leave),
    Command("logout", _leave),
    Command("quit", _leave),
    *rollback.COMMANDS,
    *files.COMMANDS,
    *system.COMMANDS,
    *interfaces.COMMANDS,
    *switching.COMMANDS,
    *neighbors.COMMANDS,
    *routing.COMMANDS,
    *bgp.COMMANDS,
    *filters.COMMANDS,
    *probes.COMMANDS,
)
