"""What a platform is: data and pure functions that say what to ask, how to read it and how to write it.

A platform is a folder whose `__init__.py` ends with `PLATFORM = Platform(...)`; a noun it speaks is a module of that
folder, named as the noun, with some of:

    configured(config: Config) -> list[Record]               from the running config alone
    lines(record: Record, config: Config) -> list[Line]      all that the running config shows of a record
    render(have: Record | None, want: Record | None, config: Config) -> list[Line]   the least change from have to want
    canonical(record: Record) -> Record                      as `configured` shows it once it is set
    READ: Read | tuple[Read, ...]                            what to ask; several are asked one after the other
    observed(*outputs: str) -> list[State]                   what the device says it does; raises ValueError
    WALK: tuple[str, ...]                                    SNMP columns, as dotted OIDs
    walked(columns: Columns) -> list[State]                  the same from SNMP
    COMPLEMENT = True                                        one source does not tell all

`config` is what the lines will be typed into: headers, defaults and what an object inherits come from it, and what no
noun models is kept. Where `render` yields nothing, the device already does what is wished, even if the records differ
in a default that the device does not show. `render` raises Unsupported for what the platform cannot do at all.

READ and WALK are alternatives, READ first. With COMPLEMENT the records of both are put together by key, each filling
the other's None, and `observed` gets an empty text for a Read that this access cannot ask (a shell without an account).
"""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.metadata import entry_points
from types import ModuleType
from typing import Literal, Protocol

import netloom.platforms
from netloom.errors import UsageError
from netloom.model.config import Config, Line
from netloom.model.noun import nouns

SnmpValue = int | bytes | str
"""INTEGER, Counter, Gauge, TimeTicks → int; OCTET STRING, IpAddress → bytes; OBJECT IDENTIFIER → dotted str."""
Columns = Mapping[str, Mapping[str, SnmpValue]]
"""Column OID → instance suffix ("1.2") → value."""


@dataclass(frozen=True, slots=True)
class Read:
    """One question to a device."""

    command: str
    where: Literal["cli", "shell"] = "cli"
    """On the device's command line, or in the system's shell beneath it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialog:
    """A question the device asks in the middle of a command, and the answer."""

    question: re.Pattern[bytes]
    answer: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Terminal:
    """How a command line looks over SSH or Telnet.

    Prompts match the whole of the last, unfinished line, the other patterns a part of it; ANSI sequences are removed.
    """

    prompt: re.Pattern[bytes]
    """The operational prompt; group `host` is the device's name, and ties later prompts to it.

    Group `user`, where it matches, says that privileges have to be raised by `enable` first.
    """
    config_prompt: re.Pattern[bytes]
    """The configuration prompt, with a group `host` as well."""
    exec_channel: bool = False
    """Over SSH each command runs in a channel of its own and has an exit status; there is no prompt."""
    shell_prompt: re.Pattern[bytes] | None = None
    """The prompt of the system's shell, for accounts that land there; `start_cli` then leads to the command line."""
    start_cli: str | None = None
    literal_key: bytes = b"\x16"
    """The key before a `?` or a tab that is meant as text: without it the command line shows its help."""
    pager: re.Pattern[bytes] | None = None
    pager_key: bytes = b" "
    setup: tuple[str, ...] = ()
    """Commands to send first, such as those that turn the pager off."""
    dialogs: tuple[Dialog, ...] = ()
    rejections: tuple[re.Pattern[str], ...] = ()
    """Output that means that a line was refused."""
    config_rejections: tuple[re.Pattern[str], ...] = ()
    """The same, in configuration mode only."""
    enable: str | None = None
    enter_config: str = "configure terminal"
    leave_config: str = "end"
    exit_section: str | None = "exit"
    """How to leave one section; None where headers are absolute."""
    username_prompt: re.Pattern[bytes] = re.compile(rb"(?i)(?:user ?name|login): ?$")
    password_prompt: re.Pattern[bytes] = re.compile(rb"(?i)password: ?$")
    window: int = 10
    """Lines in flight when configuring."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Capabilities:
    """What the platform's own commit machinery can do."""

    candidate: bool = False
    native_diff: bool = False
    confirmed_commit: bool = False
    replace: bool = False
    save: bool = True
    """The running configuration outlives a reboot only when saved."""
    lock: bool = False


class Guard(Protocol):
    """A dead-man timer armed on the device before a change: pure makers of shell scripts and a reader of answers.

    The timer survives the loss of the session, of the network and of netloom. When it runs out it brings the
    device back to the snapshot by itself.
    """

    def arm(self, *, token: str, seconds: int, snapshot: str, inverse: Sequence[Line], predicted: str = "") -> str:
        """A script that stores the snapshot and starts the timer; what `predicted` does not know is not ours."""
        ...

    def confirm(self, *, token: str) -> str:
        """A script that disarms the timer; it prints the state that holds afterwards."""
        ...

    def revert(self, *, token: str) -> str:
        """A script that makes the timer fire at once and waits for its end."""
        ...

    def status(self, *, token: str) -> str:
        """A script that prints the timer's state and the seconds left."""
        ...

    def read(self, output: str) -> GuardStatus:
        """What one of the scripts above printed."""
        ...


@dataclass(frozen=True, slots=True)
class GuardStatus:
    """Where a dead-man timer stands."""

    state: Literal["none", "armed", "confirmed", "reverting", "reverted", "failed"]
    seconds_left: int | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Platform:
    """One vendor's system."""

    name: str
    vendor: str
    title: str
    """As people call it: «FRRouting 8–10»."""
    aliases: tuple[str, ...] = ()
    """Other tools' names for it: Ansible's network_os, NAPALM's and Netmiko's drivers."""
    fingerprints: tuple[re.Pattern[str], ...] = ()
    """How its systems describe themselves in LLDP and sysDescr, from what only they say to what others say too."""
    terminal: Terminal
    transports: tuple[str, ...] = ("ssh", "telnet")
    running_config: Read
    save: str | None
    """The command that makes the running configuration survive a reboot."""
    capabilities: Capabilities
    guard: Guard | None = None
    parse: Callable[[str], Config]
    """The running configuration's text to its tree; raises ValueError."""
    format: Callable[[Config], str]
    """The inverse: what the device would print, without its preamble."""
    normalise: Callable[[str], str]
    """The running configuration's text without what changes by itself (timestamps, preambles), for the archive."""
    apply_lines: Callable[[Config, Sequence[Line]], Config]
    """Predicts the running configuration after these lines."""
    delta: Callable[[Config, Config], list[Line]]
    """The lines that lead from one configuration to another, modelled or not, in a safe order."""
    script: Callable[[Sequence[Line]], list[str]]
    """The lines as typed on the command line, sections entered and left."""
    secrets: tuple[re.Pattern[str], ...] = ()
    """Lines that hold secrets; group `secret` is what to hide."""

    def module(self, noun: str) -> ModuleType | None:
        """The platform's module for a noun, None where it does not speak it."""
        return _noun_modules(self.name).get(noun)

    def nouns(self) -> tuple[str, ...]:
        """The nouns it speaks."""
        return tuple(_noun_modules(self.name))


@cache
def _shipped() -> dict[str, str]:
    """Platform name → module path of the folders here."""
    modules = pkgutil.iter_modules(netloom.platforms.__path__)
    return {info.name: f"netloom.platforms.{info.name}" for info in modules if info.ispkg}


@cache
def _packages() -> dict[str, str]:
    """Platform name → module path: the folders here, and outsiders by the entry points `netloom.platforms`."""
    outsiders = {point.name: point.value for point in entry_points(group="netloom.platforms")}
    return dict(sorted((outsiders | _shipped()).items()))


def platform_names() -> tuple[str, ...]:
    """Every platform there is."""
    return tuple(_packages())


@cache
def load_platform(name: str) -> Platform:
    """The platform of this name or alias; raises UsageError."""
    # The entry points of everything installed take 10 ms to read: only for a name that is not shipped.
    packages = _shipped() if name in _shipped() else _packages()
    if name in packages:
        platform: Platform = importlib.import_module(packages[name]).PLATFORM
        return platform
    for candidate in packages:
        if name in load_platform(candidate).aliases:
            return load_platform(candidate)
    raise UsageError(f"unknown platform {name!r}", hint=f"expected one of {', '.join(packages)}")


@cache
def _noun_modules(platform: str) -> dict[str, ModuleType]:
    package = importlib.import_module(_shipped().get(platform) or _packages()[platform])
    names = {info.name for info in pkgutil.iter_modules(package.__path__)}
    return {noun: importlib.import_module(f"{package.__name__}.{noun}") for noun in nouns() if noun in names}
