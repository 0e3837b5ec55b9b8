"""What NX-OS' command line understands in exec mode."""

from __future__ import annotations

from netloom.lab.simulation.device import Command
from netloom.lab.simulation.shell import Answer
from netloom.lab.simulation.vendors.cisco_nxos import (
    addresses,
    bgp,
    environment,
    files,
    interface_tables,
    interfaces,
    neighbors,
    replace,
    routing,
    services,
    switching,
    system,
)
from netloom.lab.simulation.vendors.cisco_nxos.files import confirmed
from netloom.lab.simulation.vendors.cisco_nxos.shell import NxosShell

__all__ = ["NxosShell"]


def _enable(shell: NxosShell) -> Answer:
    wanted = shell.device.spec.enable_password
    if shell.privileged or wanted is None:
        shell.privileged = True
        return Answer()

    def take(line: str) -> Answer:
        shell.privileged = line == wanted
        return Answer() if shell.privileged else Answer("% Access denied\n", refused=True)

    shell.pending, shell.question, shell.echo = take, "Password: ", False
    return Answer()


def _configure(shell: NxosShell) -> Answer:
    shell.path = ()
    return Answer("Enter configuration commands, one per line. End with CNTL/Z.\n")


def _length(shell: NxosShell, lines: str) -> Answer:
    if not lines.isdigit():
        return shell.bad_number(lines, 0, 511)
    shell.page_length = int(lines)
    return Answer()


def _asks(*, whether: bool) -> Command:
    def take(shell: NxosShell) -> Answer:
        shell.asks = whether
        return Answer()

    return Command("no terminal dont-ask" if whether else "terminal dont-ask", take)


def _disable(shell: NxosShell) -> Answer:
    shell.privileged = shell.device.spec.enable_password is None
    return Answer()


def _reload(shell: NxosShell) -> Answer:
    return confirmed(
        shell, "This command will reboot the system. (y/n)?  [n] ", lambda: _rebooted(shell), default=False
    )


def _rebooted(shell: NxosShell) -> Answer:
    shell.device.reboot()
    return Answer(end=True)


def _sleep(shell: NxosShell, seconds: str) -> Answer:
    return Answer(takes_s=float(seconds)) if seconds.isdigit() else shell.bad_number(seconds, 0, 2147483647)


def _terminal(shell: NxosShell) -> Answer:
    return Answer(
        f'TTY: /dev/pts/0 Type: "vt100"\nLength: {shell.page_length} lines, Width: 511 columns\nSession Timeout: None\n'
    )


NxosShell.commands = (
    Command("enable", _enable),
    Command("disable", _disable),
    Command("configure", _configure),
    Command("configure terminal", _configure),
    Command("terminal length <lines>", _length),
    Command("terminal width <columns>", lambda _shell, _columns: Answer()),
    Command("terminal session-timeout <minutes>", lambda _shell, _minutes: Answer()),
    Command("terminal monitor", lambda _shell: Answer()),
    Command("show terminal", _terminal),
    _asks(whether=False),
    _asks(whether=True),
    Command("sleep <seconds>", _sleep),
    Command("reload", _reload),
    Command("exit", lambda _shell: Answer(end=True)),
    *system.COMMANDS,
    *environment.COMMANDS,
    *interfaces.COMMANDS,
    *interface_tables.COMMANDS,
    *addresses.COMMANDS,
    *switching.COMMANDS,
    *routing.COMMANDS,
    *bgp.COMMANDS,
    *neighbors.COMMANDS,
    *services.COMMANDS,
    *files.COMMANDS,
    *replace.COMMANDS,
)
