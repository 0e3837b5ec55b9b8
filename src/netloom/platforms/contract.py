"""What a platform is: data and pure functions that say what to ask, how to read it and how to write it.

A platform is a folder whose `__init__.py` ends with `PLATFORM = Platform(...)`; a noun it speaks is a module of that
folder, named as the noun, with some of:

    configured(config: Config) -> list[Record]               from the running config alone
    lines(record: Record, config: Config) -> list[Line]      all that the running config shows of a record
    render(have: Record | None, want: Record | None, config: Config) -> list[Line]   the least change from have to want
    canonical(record: Record) -> Record                      as `configured` shows it once it is set
    kept(record: Record, config: Config) -> Record           as it can be where nobody speaks of it and others change
    unsure(config: Config) -> str | None                     why its records' parts cannot be named by their keys there
    READ: Read | tuple[Read, ...]                            what to ask; several are asked one after the other
    observed(*outputs: str) -> list[State]                   what the device says it does; raises ValueError
    screened(*outputs: str) -> list[Record]                  what screens say of a noun that the running config tells
    WALK: tuple[str, ...]                                    SNMP columns, as dotted OIDs
    walked(columns: Columns) -> list[State]                  the same from SNMP
    COMPLEMENT = True                                        one source does not tell all
    ABSENT: re.Pattern[str]                                  a refusal's words that mean «nothing there»

`config` is what the lines will be typed into: headers, defaults and what an object inherits come from it, and what no
noun models is kept. Where `render` yields nothing, the device already does what is wished, even if the records differ
in a default that the device does not show. `render` raises Unsupported for what the platform cannot do at all.

`observed` also reads what people saved and give it by hand (`netloom parse`): each output in any of the forms in which
the system tells the noun (text of several commands, JSON, XML), told apart by their content, in any order, empty ones
left out; `replies.merged` does so. Records of several outputs are put together by key. `screened` does the same for
nouns that are only configured (`show route-map`): devices themselves are asked for their running config instead.

READ and WALK are alternatives, READ first. With COMPLEMENT the records of both are put together by key, each filling
the other's None, and `observed` gets an empty text for a Read that this access cannot ask (a shell without an account).

With ABSENT a Read that is refused in these words counts as asked, with an empty answer: systems that know a command
only while its feature is on have no records then. `observed` of nothing but empty outputs yields nothing.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.metadata import entry_points
from types import ModuleType
from typing import Literal, Protocol, TypeVar

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
    rpc: str | None = None
    """The same question as the content of a NETCONF rpc element; `observed` gets the rpc-reply."""


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
    commit: str | None = None
    """Typed before configuration mode is left, where lines take effect by a commit only."""
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


@dataclass(frozen=True, slots=True)
class Ask:
    """One exchange with a device in the course of its guard's talk; the answer is its text."""

    text: str = ""
    """A command, a shell script, or the content of an rpc element."""
    by: Literal["cli", "config", "shell", "rpc", "file"] = "cli"
    """`config` enters `lines` by `platform.script`, to the answer to the last one; `file` stores `text` as `name`."""
    lines: tuple[Line, ...] = ()
    enter: str | None = None
    """How `config` enters configuration mode, where not as the terminal does."""
    leave: str | None = None
    name: str = ""


Shift = Mapping[str, int]
"""Text → how many times more it stands in a configuration afterwards; fewer times is negative, none at all left out."""

Answer = TypeVar("Answer")
Talk = Generator[Ask, str, Answer]
"""Asks one thing after the other, is sent each answer or thrown a DeviceError, and returns what came of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What a guard is to watch over."""

    token: str
    """Names this change on the device: letters, digits and dashes."""
    seconds: int
    """The timer."""
    base: str
    """The running configuration before, as the device printed it."""
    lines: tuple[Line, ...]
    inverse: tuple[Line, ...]
    predicted: str
    """The running configuration expected afterwards, as `platform.format` writes it."""


class Guard(Protocol):
    """A timer on the device that undoes a change by itself: the platform's own commit machinery, or a dead-man timer.

    The timer survives the loss of the session, of the network and of netloom. When it runs out, the device goes
    back to where it was. Methods are pure: they talk by yielding `Ask`s. None of them repeats itself.
    """

    @property
    def stages(self) -> bool:
        """True: `stage` writes the lines to a candidate, and `arm` makes it the running configuration under the timer.

        False: `arm` starts the timer, and the lines are entered in the running configuration afterwards.
        """
        ...

    def stage(self, change: Change) -> Talk[str]:
        """Write the candidate and return the device's own difference, empty where it has none."""
        ...

    def discard(self, token: str) -> Talk[None]:
        """Drop our own candidate and whatever else the device keeps of an ended change of ours; nobody else's."""
        ...

    def arm(self, change: Change) -> Talk[GuardStatus]:
        """Start the timer; says `failed` with a reason where the device is not set up for it."""
        ...

    def confirm(self, token: str) -> Talk[GuardStatus]:
        """Stop the timer and keep the change; returns the state that holds afterwards."""
        ...

    def revert(self, token: str) -> Talk[GuardStatus]:
        """Go back now, and wait for the end of it."""
        ...

    def status(self, token: str) -> Talk[GuardStatus]:
        """Where the timer stands."""
        ...


@dataclass(frozen=True, slots=True)
class GuardStatus:
    """Where a timer on a device stands."""

    state: Literal["none", "staged", "armed", "confirmed", "reverting", "reverted", "failed"]
    """`none` also where the device does not remember: the running configuration then tells."""
    seconds_left: int | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """One POST to a device."""

    path: str
    body: bytes
    content_type: str


@dataclass(frozen=True, slots=True)
class ApiAnswer:
    """What a device's API says to one command: text (JSON for a command that asked for it), or why it refused."""

    output: str = ""
    error: str | None = None


class Api(Protocol):
    """A command line over HTTP(S), as pure functions.

    One whose requests raise privileges is a dataclass with a field `enable_password: Secret | None`: a session asks
    with a copy that holds its device's.
    """

    def request(self, commands: Sequence[str]) -> HttpRequest:
        """Commands that are all run in one session, up to the first refused; ` | json` asks for JSON, else text."""
        ...

    def answers(self, body: bytes, commands: Sequence[str]) -> list[ApiAnswer]:
        """An answer for each command that was run; raises ValueError for what is none of the API's.

        Raises OtherApi where the device knows the API in another form only, and has carried out nothing.
        """
        ...


class OtherApi(Exception):
    """A device speaks another form of its API: it is asked again, and from then on, in that."""

    def __init__(self, api: Api) -> None:
        super().__init__(f"speaks {type(api).__name__}")
        self.api = api


@dataclass(frozen=True, slots=True)
class CommandRpc:
    """How a command of the command line is asked over NETCONF."""

    request: Callable[[str], str]
    """The command as the content of an rpc element."""
    output: Callable[[str], str]
    """What the command prints, out of the rpc-reply."""


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
    api: Api | None = None
    """Its command line over HTTP, for the transports `http` and `https`."""
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
    comment: str = "!"
    """How a line starts that says nothing to the device."""
    difference: Callable[[str, Config, Config], tuple[Shift, Shift] | None] | None = None
    """What the device's own difference shifts, and what leads from one configuration to the other, in the same words.

    None where the device did not tell; raises ValueError for what is no difference of its.
    """
    told_afterwards: Callable[[], Talk[str]] | None = None
    """Asks a system without a candidate for its own difference once all lines are entered under its timer."""
    enter: Callable[[Sequence[Line]], Talk[None]] | None = None
    """How lines are entered over NETCONF."""
    command_rpc: CommandRpc | None = None
    """How commands are run over NETCONF."""
    secrets: tuple[re.Pattern[str], ...] = ()
    """Lines that hold secrets; group `secret` is what to hide."""
    reads: re.Pattern[str] | None = None
    """The commands that change nothing, where no others are typed unless the inventory permits it (`netloom_write`)."""

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
