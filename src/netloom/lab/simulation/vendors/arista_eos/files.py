"""EOS's configurations as texts: running, startup, of a session, and in files."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable
from typing import Any

from netloom.lab.simulation.device import Command, Device
from netloom.lab.simulation.shell import Answer
from netloom.lab.simulation.vendors.arista_eos.sessions import refusal
from netloom.lab.simulation.vendors.arista_eos.shell import EosShell
from netloom.lab.simulation.vendors.arista_eos.system import MODEL, version_of
from netloom.model.config import Config, Tree

_RUNNING, _STARTUP, _FLASH = "running-config", "startup-config", "flash:"


def printed(device: Device, config: Config, command: str) -> str:
    """A configuration as `show` prints it."""
    head = f"! Command: {command}\n! device: {device.hostname} ({MODEL}, EOS-{version_of(device)})\n!\n"
    return f"{head}{device.text(config)}end\n"


def _document(tree: Tree) -> dict[str, Any]:
    """The same as eAPI tells it: lines, with what stands below them."""
    return {text: {"comments": [], "cmds": _document(below)} if below else None for text, below in tree.items()}


def _shown(shell: EosShell, config: Config, command: str) -> Answer:
    data = {"comments": [], "cmds": _document(config.tree), "header": [f"Command: {command}\n"]}
    return Answer(printed(shell.device, config, command), data)


def _running(shell: EosShell) -> Answer:
    return _shown(shell, shell.device.config, "show running-config")


def _all(shell: EosShell, *rest: str) -> Answer:
    """`all`: with some defaults, as far as clients look for them; `sanitized`: without secrets."""
    words = rest[0].split()
    command = f"show running-config {rest[0]}"
    if words[:1] == ["diffs"]:
        return Answer(_between(shell.device, shell.device.startup, shell.device.config))
    if words[:1] == ["interfaces"] and len(words) > 1:
        return _of_interfaces(shell, " ".join(words[1:]))
    if not words or not {*words} <= {"all", "sanitized", "detail"}:
        return shell.unknown(command)
    config = with_defaults(shell.device.config) if "all" in words else shell.device.config
    text = printed(shell.device, config, command)
    if "sanitized" in words:
        text = sanitized(shell.device, text)
    return Answer(text)


def _of_interfaces(shell: EosShell, name: str) -> Answer:
    wanted = shell.interface(name)
    text = shell.device.text()
    found = re.search(rf"^interface {re.escape(wanted)}\n(?: .*\n)*", text, re.MULTILINE)
    return Answer(found[0] if found else "")


def with_defaults(config: Config) -> Config:
    """A configuration that says of VLANs and interfaces what else goes without saying."""
    tree = config.copy().tree
    for header, below in tree.items():
        kind, _, name = header.partition(" ")
        lines: tuple[str, ...] = ()
        if kind == "vlan" and name.isdigit():
            lines = (f"name VLAN{int(name):04}", "state active")
        elif kind == "interface":
            switches = name.startswith(("Ethernet", "Port-Channel")) and "." not in name
            lines = (*_DEFAULTS, *(_SWITCHING if switches else ()))
        for line in lines:
            if not any(_same(line, other) for other in below):
                below[line] = {}
    return config.with_tree(tree)


_DEFAULTS = (
    "no description",
    "no shutdown",
    "load-interval 300",
    "mtu 1500",
    "flowcontrol send off",
    "flowcontrol receive off",
)
_SWITCHING = (
    "switchport",
    "switchport mode access",
    "switchport access vlan 1",
    "switchport trunk native vlan 1",
    "switchport trunk allowed vlan 1-4094",
)
_VALUE = re.compile(r" (?:\S*\d\S*|\S+)$")


def _same(default: str, line: str) -> bool:
    """Whether a line speaks of what a default speaks of."""
    plain, other = default.removeprefix("no "), line.removeprefix("no ")
    if plain in ("switchport", "shutdown"):
        return plain == other
    subject = plain if default.startswith("no ") else _VALUE.sub("", plain)
    return other == subject or other.startswith(f"{subject} ")


def sanitized(device: Device, text: str) -> str:
    """A configuration with `<removed>` in place of its secrets."""
    for pattern in device.platform.secrets:
        text = pattern.sub(lambda match: match[0].replace(match["secret"], "<removed>"), text)
    return text


def _startup(shell: EosShell) -> Answer:
    device = shell.device
    text = printed(device, device.startup, "show startup-config")
    return Answer(text.replace("!\n", "! Startup-config last modified by simulated\n!\n", 1))


def _between(device: Device, old: Config, new: Config) -> str:
    names = ("flash:/startup-config", "system:/running-config")
    lines = difflib.unified_diff(device.text(old).splitlines(), device.text(new).splitlines(), *names, lineterm="")
    return "".join(f"{line}\n" for line in lines)


def _session_config(shell: EosShell, name: str | None, command: str) -> Answer:
    own = shell.session if name is None else name
    found = shell.device.candidates.get(own or "")
    if found is None:
        return refusal(f"Session {own} does not exist" if own else "Not in a configuration session")
    return Answer(printed(shell.device, found.config, command))


def _own_difference(shell: EosShell) -> Answer:
    return shell.sessions.difference(shell.session or "")


def _save(shell: EosShell, *_: str) -> Answer:
    shell.device.save()
    return _copied()


def _copied() -> Answer:
    words = "Copy completed successfully."
    return Answer(f"{words}\n", {"messages": [words]})


def _copy(shell: EosShell, source: str, target: str) -> Answer:
    """Between the running and startup configuration and files in flash."""
    device = shell.device
    config = _read(device, source)
    if config is None:
        return refusal(f"Error copying {source} to {target} (No such file or directory)")
    if target == _STARTUP:
        device.startup = config
    elif target == _RUNNING:
        device.apply(list(config.lines()))
    elif target.startswith(_FLASH):
        device.files[_file(target)] = printed(device, config, "show running-config").encode()
    else:
        return refusal(f"Error copying {source} to {target} (Operation not supported)")
    return _copied()


def _read(device: Device, name: str) -> Config | None:
    known: dict[str, Callable[[], Config]] = {
        _RUNNING: lambda: device.config,
        _STARTUP: lambda: device.startup,
        "clean-config": lambda: device.startup.with_tree({}),
    }
    if name in known:
        return known[name]()
    if name.startswith("checkpoint:"):
        return device.checkpoints.get(_file(name))
    stored = device.files.get(_file(name))
    return None if stored is None else device.platform.parse(stored.decode("utf-8", "replace"))


def _file(name: str) -> str:
    return name.rpartition(":")[2].lstrip("/")


def _replace(shell: EosShell, source: str, *_: str) -> Answer:
    config = _read(shell.device, source)
    if config is None:
        return refusal(f"Error: {source}: No such file or directory")
    shell.device.config = config
    return Answer()


def _checkpoint(shell: EosShell, name: str) -> Answer:
    shell.device.checkpoints[name] = shell.device.config
    return Answer()


def _restore(shell: EosShell, name: str) -> Answer:
    return _replace(shell, f"checkpoint:{name}")


def _checkpoints(shell: EosShell) -> Answer:
    names = list(shell.device.checkpoints)
    text = "Maximum number of checkpoints: 20\n  Filename             User\n  -------------------- -------\n"
    rows = "".join(f"  {name:<20} {shell.user}\n" for name in names)
    return Answer(text + rows, {"checkpoints": {name: {"fileUser": shell.user} for name in names}})


def _dir(shell: EosShell, *_: str) -> Answer:
    rows = (f"       -rw-  {len(content):>10}   {name}\n" for name, content in sorted(shell.device.files.items()))
    return Answer(f"Directory of flash:/\n\n{''.join(rows)}\nsimulated by netloom\n")


def _delete(shell: EosShell, name: str) -> Answer:
    if shell.device.files.pop(_file(name), None) is None:
        return refusal(f"Error deleting {name} (No such file or directory)")
    return Answer()


COMMANDS = (
    Command("show running-config", _running),
    Command("show running-config ...", _all),
    Command("show startup-config", _startup),
    Command("show session-config", lambda shell: _session_config(shell, None, "show session-config")),
    Command("show session-config diffs", _own_difference),
    Command(
        "show session-config named <name>", lambda shell, name: _session_config(shell, name, "show session-config")
    ),
    Command(
        "show session-config named <name> sanitized",
        lambda shell, name: _session_config(shell, name, "show session-config sanitized"),
    ),
    Command("show session-config named <name> diffs", lambda shell, name: shell.sessions.difference(name)),
    Command("show configuration sessions", lambda shell: shell.sessions.show()),
    Command("show configuration sessions detail", lambda shell: shell.sessions.show()),
    Command("show configuration checkpoints", _checkpoints),
    Command("write", _save),
    Command("write memory", _save),
    Command("copy <source> <target>", _copy),
    Command("configure replace <source>", _replace),
    Command("configure replace <source> ...", _replace),
    Command("configure checkpoint save <name>", _checkpoint),
    Command("configure checkpoint restore <name>", _restore),
    Command("dir", _dir),
    Command("dir ...", _dir),
    Command("delete <name>", _delete),
)
