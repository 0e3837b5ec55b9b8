"""IOS's files: what is on the flash, copies from and to configurations, and scripts typed into tclsh."""

from __future__ import annotations

import hashlib
import re
from itertools import takewhile

from netloom.lab.simulation.device import Command, Device
from netloom.lab.simulation.shell import Answer
from netloom.lab.simulation.vendors.cisco_ios.archive import name_of
from netloom.lab.simulation.vendors.cisco_ios.printed import file_text
from netloom.lab.simulation.vendors.cisco_ios.shell import IosShell

_TOTAL, _USED = 1_940_303_872, 612_352_000
_FLASH = ("flash", "bootflash", "disk0", "slot0")
_RUNNING, _STARTUP = ("running-config", "system:running-config"), ("startup-config", "nvram:startup-config")
_PUTS = re.compile(r'puts \[open "(?:\w+:)?/?(?P<name>[^"]+)" w\+?\] \{(?P<text>.*)\}\s*', re.DOTALL)


def content(device: Device, url: str) -> str | None:
    """What a file or a configuration holds; None where it is not there."""
    if _is(url, _RUNNING):
        return file_text(device)
    if _is(url, _STARTUP):
        return file_text(device, device.startup)
    if url.startswith("null:"):
        return ""
    found = device.files.get(name_of(url))
    return None if found is None else found.decode("utf-8", "surrogateescape")


def _is(url: str, names: tuple[str, ...]) -> bool:
    url = url.replace(":/", ":")
    return any(name == url or (len(url) > 2 and name.startswith(url)) for name in names)


def missing(url: str) -> Answer:
    """The refusal of a file that is not there."""
    return Answer(f"%Error opening {url} (No such file or directory)\n", refused=True)


# ---- the flash ----------------------------------------------------------------------------------


def _dir(shell: IosShell, url: str = "flash:") -> Answer:
    device, (system, _, name) = shell.device, url.partition(":")
    if system not in _FLASH and system != "nvram":
        return Answer(f"%Error opening {url} (No such device)\n", refused=True)
    names = [found for found in device.files if name.strip("/") in ("", found)]
    if name.strip("/") and not names:
        return missing(url)
    stamp = f"{shell.archive.clock():%b %d %Y %H:%M:%S} +00:00"
    rows = "".join(
        f"{number:>5}  -rw-  {len(device.files[found]):>16}  {stamp}  {found}\n"
        for number, found in enumerate(names, start=11)
    )
    used = _USED + sum(len(data) for data in device.files.values())
    place = url if name.strip("/") else f"{system}:/"
    return Answer(f"Directory of {place}\n\n{rows}\n{_TOTAL} bytes total ({_TOTAL - used} bytes free)\n")


def _more(shell: IosShell, url: str) -> Answer:
    found = content(shell.device, url)
    return missing(url) if found is None else Answer(found)


def _verify(shell: IosShell, url: str) -> Answer:
    data = shell.device.files.get(name_of(url))
    if data is None:
        return missing(url)
    digest = hashlib.md5(data, usedforsecurity=False).hexdigest()
    return Answer(f".MD5 of {url} Done!\nverify /md5 ({url}) = {digest}\n")


def _delete(shell: IosShell, url: str) -> Answer:
    name = name_of(url)
    if name not in shell.device.files:
        return missing(url)

    def remove(_: str) -> Answer:
        shell.device.files.pop(name, None)
        return Answer()

    return shell.confirmed(f"Delete {url}? [confirm]", remove)


def _delete_by_force(shell: IosShell, url: str) -> Answer:
    shell.device.files.pop(name_of(url), None)
    return Answer()


def _file_systems(shell: IosShell) -> str:
    used = _USED + sum(len(data) for data in shell.device.files.values())
    return (
        "File Systems:\n\n       Size(b)       Free(b)      Type  Flags  Prefixes\n"
        "             -             -    opaque     rw   system:\n"
        "             -             -    opaque     rw   null:\n"
        f"*   {_TOTAL}    {_TOTAL - used}      disk     rw   flash: bootflash:\n"
        "       2097152       2085345     nvram     rw   nvram:\n"
    )


# ---- copies -------------------------------------------------------------------------------------


def _copy(shell: IosShell, source: str, target: str) -> Answer:
    default = target if _is(target, (*_RUNNING, *_STARTUP)) else name_of(target) or name_of(source)

    def go(line: str) -> Answer:
        chosen = target if _is(target, (*_RUNNING, *_STARTUP)) or not line else f"flash:{line}"
        return copied(shell, source, chosen)

    if content(shell.device, source) is None:
        return missing(source)
    if "file prompt quiet" in shell.device.config.tree:
        return go("")
    return shell.asked(f"Destination filename [{name_of(default)}]? ", go)


def copied(shell: IosShell, source: str, target: str) -> Answer:
    """A file's content in another place; lines into the running configuration are typed there."""
    text = content(shell.device, source)
    if text is None:
        return missing(source)
    if _is(target, _STARTUP):
        return saved(shell)
    if _is(target, _RUNNING):
        told = typed_in(shell, text)
    else:
        told = ""
        if not target.startswith("null:"):
            shell.device.files[name_of(target) or name_of(source)] = text.encode("utf-8", "surrogateescape")
    size = len(text.encode("utf-8", "surrogateescape"))
    return Answer(f"{told}{size} bytes copied in 0.052 secs ({int(size / 0.052)} bytes/sec)\n")


def saved(shell: IosShell) -> Answer:
    """Keep the running configuration for the next start."""
    shell.device.save()
    shell.archive.saved()
    return Answer("Building configuration...\n[OK]\n")


def typed_in(shell: IosShell, text: str) -> str:
    """Lines of a file entered in the running configuration; what was refused is told line by line."""
    scribe = type(shell)(shell.device, shell.user)
    scribe.path, told = (), ""
    for line in takewhile(lambda line: line != "end", text.splitlines()):
        if scribe.pending is None and not line.strip():
            continue
        answer = scribe.execute(line if scribe.pending is not None else line.strip())
        if scribe.pending is not None and scribe.question:
            answer = scribe.execute("y")
        if answer.refused:
            told += f"{line}\n{answer.text.lstrip()}"
    return told


# ---- tclsh --------------------------------------------------------------------------------------


def _tclsh(shell: IosShell) -> Answer:
    shell.scripting = []
    return Answer()


def scripted(shell: IosShell, line: str) -> Answer | None:
    """A line typed in tclsh; None where it is a command of exec mode."""
    assert shell.scripting is not None  # noqa: S101 - the caller looked
    if not shell.scripting and line.strip() in ("tclquit", "exit", "quit"):
        shell.scripting = None
        return Answer()
    shell.scripting.append(line)
    script = "\n".join(shell.scripting)
    if script.count("{") > script.count("}"):
        return Answer()
    shell.scripting = []
    if (match := _PUTS.fullmatch(script)) is not None:
        shell.device.files[name_of(match["name"])] = f"{match['text']}\n".encode("utf-8", "surrogateescape")
        return Answer()
    return None


COMMANDS = (
    Command("dir", _dir),
    Command("dir <url>", _dir),
    Command("more <url>", _more),
    Command("verify /md5 <url>", _verify),
    Command("delete <url>", _delete),
    Command("delete /force <url>", _delete_by_force),
    Command("copy <source> <target>", _copy),
    Command("show file systems", _file_systems),
    Command("tclsh", _tclsh),
)
