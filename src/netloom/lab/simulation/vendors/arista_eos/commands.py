"""What EOS's command line understands in exec mode."""

from __future__ import annotations

from typing import Any

from netloom.lab.simulation.device import Command
from netloom.lab.simulation.shell import Answer
from netloom.lab.simulation.vendors.arista_eos import protocols, system
from netloom.lab.simulation.vendors.arista_eos.shell import TIMER, EosShell, difference

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


def _configure(shell: EosShell, *_: str) -> Answer:
    if not shell.privileged:
        return Answer("% Invalid input (privileged mode required)\n", refused=True)
    shell.path = ()
    return Answer()


def _commit_timer(shell: EosShell, name: str, clock: str) -> Answer:
    return shell.commit(name, clock)


def _difference(shell: EosShell, name: str) -> Answer:
    if name not in shell.device.candidates:
        return Answer(f"% Session {name} does not exist\n", refused=True)
    return Answer(difference(shell.device, name) + "\n")


def _sessions(shell: EosShell) -> Answer:
    device = shell.device
    sessions: dict[str, Any] = {}
    for name, found in device.candidates.items():
        sessions[name] = {"state": found.state, "commitUser": "", "description": "", "instances": {}}
        left = device.timer_left(TIMER)
        if found.state == "pendingCommitTimer" and left is not None:
            sessions[name]["commitBy"] = device.uptime_s + left
    data = {"maxSavedSessions": 1, "maxOpenSessions": 5, "sessions": sessions}
    rows = [f"{'':2}{name:<24} {found.state:<20} {found.user:<10}" for name, found in device.candidates.items()]
    head = "Maximum number of completed sessions: 1\nMaximum number of pending sessions: 5\n\n"
    head += "  Name                     State                User       Terminal\n"
    head += "  ------------------------ -------------------- ---------- --------\n"
    return Answer(head + "".join(f"{row}\n" for row in rows), data)


def _save(shell: EosShell, *_: str) -> Answer:
    shell.device.save()
    return Answer("Copy completed successfully.\n", {"messages": ["Copy completed successfully."]})


def _length(shell: EosShell, lines: str) -> str:
    shell.page_length = int(lines) if lines.isdigit() else 24
    return f"Pagination {'disabled' if lines == '0' else f'set to {lines} lines'}.\n"


def _disable(shell: EosShell) -> str:
    shell.privileged = False
    return ""


def _reload(shell: EosShell, *_: str) -> Answer:
    shell.device.reboot()
    return Answer(end=True)


EosShell.commands = (
    Command("enable", _enable),
    Command("disable", _disable),
    Command("configure", _configure),
    Command("configure terminal", _configure),
    Command("configure session <name>", lambda shell, name: shell.open_session(name)),
    Command("configure session <name> commit", lambda shell, name: shell.commit(name)),
    Command("configure session <name> commit timer <clock>", _commit_timer),
    Command("configure session <name> abort", lambda shell, name: shell.abort(name)),
    Command("show session-config named <name> diffs", _difference),
    Command("show configuration sessions", _sessions),
    Command("show configuration sessions detail", _sessions),
    Command("write", _save),
    Command("write memory", _save),
    Command("copy running-config startup-config", _save),
    Command("terminal length <lines>", _length),
    Command("terminal width <columns>", lambda _shell, columns: f"Width set to {columns} columns.\n"),
    Command("reload", _reload),
    Command("reload ...", _reload),
    Command("exit", lambda _shell: Answer(end=True)),
    Command("logout", lambda _shell: Answer(end=True)),
    *system.COMMANDS,
    *protocols.COMMANDS,
)
