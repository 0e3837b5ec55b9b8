"""The files on bootflash: listing, showing, copying, deleting."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime

from netloom.lab.simulation.device import Command, Device
from netloom.lab.simulation.shell import Answer
from netloom.lab.simulation.vendors.cisco_nxos.shell import NxosShell
from netloom.lab.simulation.vendors.cisco_nxos.system import running_text

NO_SUCH_FILE = "No such file or directory"
_TOTAL = 116_526_366_720
_PROGRESS = "".join(f"\r[{'#' * (done * 4 // 10):<40}] {done:>3}%" for done in (1, 50, 100)).lstrip("\r")


def name_of(path: str) -> str:
    """The name that a path on bootflash: has among the device's files."""
    return path.rpartition(":")[2].lstrip("/").removeprefix("sup-local/")


def content(device: Device, path: str) -> str | None:
    """A file's text, None where there is none."""
    found = device.files.get(name_of(path))
    return None if found is None else found.decode("utf-8", "replace")


def confirmed(shell: NxosShell, question: str, act: Callable[[], Answer], *, default: bool) -> Answer:
    """Do something after a question, or at once where the session asks none."""
    if not shell.asks:
        return act()

    def take(line: str) -> Answer:
        yes = line.strip().lower().startswith("y") if line.strip() else default
        return act() if yes else Answer()

    shell.pending, shell.question = take, question
    return Answer()


def _directory(shell: NxosShell, path: str = "bootflash:") -> Answer:
    device, name = shell.device, name_of(path)
    found = {known: data for known, data in device.files.items() if not name or known == name}
    if name and not found:
        return Answer(f"{NO_SUCH_FILE}\n")
    now = datetime.now(UTC)
    lines = [f"{len(data):>11}    {now:%b %d %H:%M:%S %Y}  {known}\n" for known, data in sorted(found.items())]
    used = sum(map(len, device.files.values()))
    usage = f"\nUsage for bootflash://sup-local\n{used:>12} bytes used\n{_TOTAL - used:>12} bytes free\n"
    return Answer(f"{''.join(lines)}{usage}{_TOTAL:>12} bytes total\n")


def _show_file(shell: NxosShell, path: str) -> Answer:
    text = content(shell.device, path)
    return Answer(f"{NO_SUCH_FILE}\n") if text is None else Answer(text)


def _md5(shell: NxosShell, path: str) -> Answer:
    data = shell.device.files.get(name_of(path))
    if data is None:
        return Answer(f"{NO_SUCH_FILE}\n")
    return Answer(f"{hashlib.md5(data, usedforsecurity=False).hexdigest()}\n")


def _delete(shell: NxosShell, path: str) -> Answer:
    name = name_of(path)
    question = f'Do you want to delete "/{name}" ? (yes/no/abort)   [y] '
    return confirmed(shell, question, lambda: _gone(shell, name), default=True)


def _gone(shell: NxosShell, name: str) -> Answer:
    if shell.device.files.pop(name, None) is None:
        return Answer(f"{NO_SUCH_FILE}\n")
    return Answer()


def _save(shell: NxosShell) -> Answer:
    shell.device.save()
    return Answer(f"{_PROGRESS}\nCopy complete, now saving to disk (please wait)...\nCopy complete.\n")


def _copy_to_file(shell: NxosShell, path: str) -> Answer:
    shell.device.files[name_of(path)] = running_text(shell.device).encode()
    return Answer("Copy complete, now saving to disk (please wait)...\nCopy complete.\n")


def _copy_startup(shell: NxosShell, path: str) -> Answer:
    device = shell.device
    device.files[name_of(path)] = running_text(device, device.startup, "startup-config").encode()
    return Answer("Copy complete, now saving to disk (please wait)...\nCopy complete.\n")


def _copy_to_running(shell: NxosShell, path: str) -> Answer:
    """Line by line, as if it were typed: what is there already stays."""
    text = content(shell.device, path)
    if text is None:
        return Answer(f"{NO_SUCH_FILE}\n", refused=True)
    outer, shell.path = shell.path, ()
    said = "".join(shell.configure(line.strip()).text for line in text.splitlines() if line.strip())
    shell.path = outer
    return Answer(f"{said}Copy complete, now saving to disk (please wait)...\nCopy complete.\n")


def _erase(shell: NxosShell) -> Answer:
    question = "Warning: This command will erase the startup-configuration.\nDo you wish to proceed anyway? (y/n)  [n] "
    return confirmed(shell, question, lambda: _erased(shell), default=False)


def _erased(shell: NxosShell) -> Answer:
    shell.device.startup = shell.device.platform.parse("")
    return Answer()


COMMANDS = (
    Command("dir", _directory),
    Command("dir <path>", _directory),
    Command("show file <path>", _show_file),
    Command("show file <path> md5sum", _md5),
    Command("delete <path>", _delete),
    Command("delete <path> no-prompt", lambda shell, path: _gone(shell, name_of(path))),
    Command("copy running-config startup-config", _save),
    Command("copy running-config <path>", _copy_to_file),
    Command("copy startup-config <path>", _copy_startup),
    Command("copy <path> running-config", _copy_to_running),
    Command("write erase", _erase),
)
