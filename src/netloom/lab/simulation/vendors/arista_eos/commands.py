"""What EOS's command line understands in exec mode: privileges, configuration, the terminal, and all that is shown."""

from __future__ import annotations

from netloom.lab.simulation.device import Command
from netloom.lab.simulation.shell import Answer
from netloom.lab.simulation.vendors.arista_eos import bgp, files, ports, protocols, services, switching, system
from netloom.lab.simulation.vendors.arista_eos.shell import EosShell

__all__ = ["EosShell"]


def _enable(shell: EosShell) -> Answer:
    wanted = shell.device.spec.enable_password
    if shell.privileged or wanted is None:
        shell.privileged = True
        return Answer()

    def take(line: str) -> Answer:
        shell.privileged = line == wanted
        return Answer() if shell.privileged else Answer("% Bad secret\n", refused=True)

    shell.pending, shell.question, shell.echo = take, "Password: ", False
    return Answer()


def _disable(shell: EosShell) -> str:
    shell.privileged = False
    return ""


def _configure(shell: EosShell) -> Answer:
    shell.session, shell.path = None, ()
    return Answer()


def _unnamed_session(shell: EosShell) -> Answer:
    number = 1 + sum(1 for name in shell.device.candidates if name.startswith("sess-"))
    return shell.open_session(f"sess-{number}")


def _commit_timer(shell: EosShell, name: str, clock: str) -> Answer:
    return shell.sessions.commit(name, clock)


def _length(shell: EosShell, lines: str) -> Answer:
    if not lines.isdigit():
        return shell.unknown(lines)
    shell.page_length = int(lines)
    return Answer(f"Pagination {'disabled.' if shell.page_length == 0 else f'set to {lines} lines.'}\n")


def _width(_: EosShell, columns: str) -> str:
    return f"Width set to {columns} columns.\n"


def _reload(shell: EosShell) -> Answer:
    def take(line: str) -> Answer:
        return _reload_now(shell) if line.lower() in ("", "y", "yes") else Answer()

    shell.pending, shell.question = take, "Proceed with reload? [confirm]"
    return Answer()


def _reload_now(shell: EosShell) -> Answer:
    shell.device.reboot()
    return Answer(end=True)


EosShell.commands = (
    Command("enable", _enable),
    Command("disable", _disable),
    Command("configure", _configure),
    Command("configure terminal", _configure),
    Command("configure session", _unnamed_session),
    Command("configure session <name>", lambda shell, name: shell.open_session(name)),
    Command("configure session <name> commit", lambda shell, name: shell.sessions.commit(name)),
    Command("configure session <name> commit timer <clock>", _commit_timer),
    Command("configure session <name> abort", lambda shell, name: shell.sessions.abort(name)),
    Command("terminal length <lines>", _length),
    Command("terminal width <columns>", _width),
    Command("terminal monitor", lambda _shell: ""),
    Command("reload", _reload),
    Command("reload now", _reload_now),
    Command("reload force", _reload_now),
    Command("exit", lambda _shell: Answer(end=True)),
    Command("logout", lambda _shell: Answer(end=True)),
    Command("quit", lambda _shell: Answer(end=True)),
    *files.COMMANDS,
    *system.COMMANDS,
    *ports.COMMANDS,
    *switching.COMMANDS,
    *protocols.COMMANDS,
    *bgp.COMMANDS,
    *services.COMMANDS,
)
