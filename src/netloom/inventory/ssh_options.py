"""What `ansible_ssh_common_args` says about the way to a host: its jump hosts and the algorithms it permits."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass

ALGORITHMS = (
    "kexalgorithms",
    "hostkeyalgorithms",
    "ciphers",
    "macs",
    "pubkeyacceptedalgorithms",
    "pubkeyacceptedkeytypes",
)


@dataclass(frozen=True, slots=True)
class SshOptions:
    """The options that netloom follows; it leaves the others to OpenSSH."""

    jump: str | None = None
    """[user@]host[:port], several joined by commas."""
    algorithms: tuple[str, ...] = ()
    """Those added with a plus sign: `-o HostKeyAlgorithms=+ssh-rsa`."""


def read_ssh_options(text: str) -> SshOptions:
    """Read ssh(1)'s arguments; raises ValueError on quotes that do not close."""
    words = shlex.split(text)
    jump = None
    algorithms: dict[str, None] = {}
    for at, word in enumerate(words):
        after = words[at + 1] if at + 1 < len(words) else ""
        if word.startswith("-J"):
            jump = word[2:] or after
        if not word.startswith("-o"):
            continue
        name, _, value = re.sub(r"\s*=\s*|\s+", "=", (word[2:] or after).strip(), count=1).partition("=")
        if name.lower() == "proxyjump":
            jump = value
        elif name.lower() == "proxycommand":
            jump = _proxy_command(value)
        elif name.lower() in ALGORITHMS and value.startswith("+"):
            algorithms |= dict.fromkeys(value[1:].split(","))
    return SshOptions(jump if jump != "none" else None, tuple(algorithms))


def _proxy_command(command: str) -> str | None:
    """The jump host of `ssh -W %h:%p [-q] [-p PORT] [user@]host`; raises ValueError on other commands."""
    words = shlex.split(command)
    if command.lower() == "none":
        return None
    if not words or words[0].rpartition("/")[2] != "ssh" or "-W" not in words:
        raise ValueError(f"ProxyCommand {command!r} is not `ssh -W %h:%p host`; use ProxyJump or netloom_jump")
    hosts = []
    port = user = ""
    rest = iter(words[1:])
    for word in rest:
        if word in ("-W", "-o", "-i", "-F", "-E", "-b", "-c", "-m"):
            next(rest, None)
        elif word == "-p":
            port = next(rest, "")
        elif word == "-l":
            user = next(rest, "")
        elif not word.startswith("-"):
            hosts.append(word)
    if len(hosts) != 1:
        raise ValueError(f"ProxyCommand {command!r}: expected one host")
    return f"{f'{user}@' if user else ''}{hosts[0]}{f':{port}' if port else ''}"
