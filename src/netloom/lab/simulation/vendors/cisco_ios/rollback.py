"""Commands of IOS's commit machinery: entering configuration mode, replacing, confirming, comparing."""

from __future__ import annotations

import re
from collections.abc import Iterator

from netloom.lab.simulation.device import Command
from netloom.lab.simulation.shell import Answer
from netloom.lab.simulation.vendors.cisco_ios import files
from netloom.lab.simulation.vendors.cisco_ios.archive import MOST_MINUTES, readable
from netloom.lab.simulation.vendors.cisco_ios.printed import ordered
from netloom.lab.simulation.vendors.cisco_ios.shell import IosShell
from netloom.model.config import Tree

_ENTER = "Enter configuration commands, one per line.  End with CNTL/Z.\n"
_SURE = (
    "This will apply all necessary additions and deletions\nto replace the current running configuration with the\n"
    "contents of the specified configuration file, which is\nassumed to be a complete configuration, not a partial\n"
    "configuration. Enter Y if you are sure you want to proceed. ? [no]: "
)


def _configure_from(shell: IosShell) -> Answer:
    def go(line: str) -> Answer:
        return _configure(shell) if "terminal".startswith(line.lower()) else Answer()

    return shell.asked("Configuring from terminal, memory, or network [terminal]? ", go)


def _configure(shell: IosShell) -> Answer:
    holder = shell.device.locks.get("configuration")
    if holder is not None and not shell.holds_lock:
        words = f"Configuration mode is locked by process '1' user '{holder}' from terminal '1'. Please try later."
        return Answer(f"{words}\n", refused=True)
    shell.path = ()
    return Answer(_ENTER)


def _locked(shell: IosShell) -> Answer:
    answer = _configure(shell)
    if not answer.refused:
        shell.device.locks["configuration"], shell.holds_lock = shell.user, True
    return answer


def _clear_lock(shell: IosShell) -> Answer:
    shell.device.locks.pop("configuration", None)
    return Answer()


def _guarded(shell: IosShell, minutes: str, *, idle: bool = False) -> Answer:
    time = _minutes(minutes)
    if time is None:
        return shell.unknown(f"configure terminal revert timer {minutes}")
    armed = shell.archive.arm(time, shell.user, idle=idle)
    if armed.refused:
        return armed
    entered = _configure(shell)
    return Answer(armed.text + entered.text, refused=entered.refused)


def _guarded_idle(shell: IosShell, minutes: str) -> Answer:
    return _guarded(shell, minutes, idle=True)


def _minutes(typed: str) -> int | None:
    return int(typed) if typed.isdigit() and 1 <= int(typed) <= MOST_MINUTES else None


def _prolong(shell: IosShell, minutes: str) -> Answer:
    time = _minutes(minutes)
    return (
        shell.unknown(f"configure revert timer {minutes}") if time is None else shell.archive.prolong(time, shell.user)
    )


def _prolong_idle(shell: IosShell, minutes: str) -> Answer:
    time = _minutes(minutes)
    if time is None:
        return shell.unknown(f"configure revert timer idle {minutes}")
    return shell.archive.prolong(time, shell.user, idle=True)


def _replace(shell: IosShell, url: str, options: str = "") -> Answer:
    text = files.content(shell.device, url)
    if text is None:
        return files.missing(url)
    words = options.split()

    def go(line: str) -> Answer:
        return _replaced(shell, text, words) if line.lower().startswith("y") else Answer()

    return go("y") if "force" in words else shell.asked(_SURE, go)


def _replaced(shell: IosShell, text: str, words: list[str]) -> Answer:
    said = ""
    if "timer" in words:
        typed = words[words.index("timer") + 1 :]
        time = _minutes(typed[-1] if typed else "")
        if time is None:
            return shell.unknown("configure replace")
        armed = shell.archive.arm(time, shell.user, idle="idle" in words)
        if armed.refused:
            return armed
        said = armed.text
    if "list" in words:
        said += _listed(shell, text)
    answer = shell.archive.replace(text, user=shell.user, on_error_back="trigger" in words)
    failed = "aborted" in answer or answer.startswith("%")
    if failed and "timer" in words:
        shell.archive.confirm()
    return Answer(f"{said}{answer}", refused=failed)


def _listed(shell: IosShell, text: str) -> str:
    """The lines that lead to a file's configuration."""
    device = shell.device
    lines = device.platform.script(device.platform.delta(device.config, readable(device, text)[0]))
    return "!Pass 1\n\n!List of Rollback Commands:\n" + "".join(f"{line}\n" for line in lines) + "end\n\n"


# ---- comparison ---------------------------------------------------------------------------------


def _compare(shell: IosShell, one: str = "system:running-config", other: str = "nvram:startup-config") -> Answer:
    trees = []
    for url in (one, other):
        text = files.content(shell.device, url)
        if text is None:
            return files.missing(url)
        trees.append(ordered(readable(shell.device, text)[0]).tree)
    lines = [*differences(*trees, sign="+"), *differences(*reversed(trees), sign="-")]
    body = "".join(f"{line}\n" for line in lines) if lines else "!No changes were found\n"
    return Answer(f"\n!Contextual Config Diffs:\n{body}\n")


def _compare_with_running(shell: IosShell, url: str) -> Answer:
    return _compare(shell, url, "system:running-config")


def differences(old: Tree, new: Tree, *, sign: str, depth: int = 0) -> Iterator[str]:
    """What only the new one has, with the headers that it stands under."""
    pad = " " * depth
    for text, below in new.items():
        if text not in old:
            yield from _whole(text, below, sign=sign, depth=depth)
        elif found := list(differences(old[text], below, sign=sign, depth=depth + 1)):
            yield f"{pad}{text}"
            yield from found


def _whole(text: str, below: Tree, *, sign: str, depth: int) -> Iterator[str]:
    for line in text.splitlines():
        yield f"{' ' * depth}{sign}{line}"
    for deeper, more in below.items():
        yield from _whole(deeper, more, sign=sign, depth=depth + 1)


def _incremental(shell: IosShell, url: str, _options: str = "") -> Answer:
    """What a file adds to the running configuration."""
    text = files.content(shell.device, url)
    if text is None:
        return files.missing(url)
    scratch = shell.device.config.with_tree(shell.device.config.tree)
    lines = list(_added(scratch.tree, _wished(shell, text), 0))
    return Answer("!List of Commands:\n" + "".join(f"{line}\n" for line in lines) + "end\n" if lines else _NOTHING_NEW)


_NOTHING_NEW = "!List of Commands:\nend\n!No changes were found\n"


def _wished(shell: IosShell, text: str) -> Tree:
    """A part of a configuration as a tree, by indentation alone: it may hold lines that take others away."""
    return shell.device.platform.parse(re.sub(r"(?m)^end$", "", text)).tree


def _added(running: Tree, wished: Tree, depth: int) -> Iterator[str]:
    for text, below in wished.items():
        if (
            text.startswith("no ")
            and text[3:] not in running
            and not any(known.startswith(f"{text[3:]} ") for known in running)
        ):
            continue
        found = list(_added(running.get(text, {}), below, depth + 1))
        if found or text not in running:
            yield f"{' ' * depth}{text}"
            yield from found


def _archive(shell: IosShell) -> Answer:
    return Answer(shell.archive.shown())


def _keep(shell: IosShell) -> Answer:
    if shell.archive.path is None:
        return Answer(" Archive feature not enabled\n", refused=True)
    shell.archive.keep()
    return Answer()


COMMANDS = (
    Command("configure", _configure_from),
    Command("configure terminal", _configure),
    Command("configure terminal lock", _locked),
    Command("clear configuration lock", _clear_lock),
    Command("configure terminal revert timer <minutes>", _guarded),
    Command("configure terminal revert timer idle <minutes>", _guarded_idle),
    Command("configure revert timer <minutes>", _prolong),
    Command("configure revert timer idle <minutes>", _prolong_idle),
    Command("configure revert now", lambda shell: shell.archive.revert()),
    Command("configure confirm", lambda shell: shell.archive.confirm()),
    Command("configure replace <url>", _replace),
    Command("configure replace <url> ...", _replace),
    Command("archive config", _keep),
    Command("show archive", _archive),
    Command("show archive config rollback timer", lambda shell: Answer(shell.archive.status())),
    Command("show archive config differences", _compare),
    Command("show archive config differences <one>", _compare_with_running),
    Command("show archive config differences <one> <other>", _compare),
    Command("show archive config incremental-diffs <url>", _incremental),
    Command("show archive config incremental-diffs <url> ...", _incremental),
)
