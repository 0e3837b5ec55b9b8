"""A simulated device's memory: its configurations, candidates, checkpoints and timers, whoever asks for them."""

from __future__ import annotations

import asyncio
import re
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

from netloom.lab.simulation.faults import Faults
from netloom.model.config import Config, Line
from netloom.model.noun import Record
from netloom.platforms.contract import Platform, load_platform

if TYPE_CHECKING:
    from netloom.lab.simulation.spec import Spec


Text = str


@dataclass(slots=True)
class Timer:
    """Something that the device will do by itself."""

    name: str
    seconds: float
    """As the device counts them."""
    due: float
    """By the loop's clock."""
    act: Callable[[], None]
    handle: asyncio.TimerHandle | None = None


@dataclass(slots=True)
class Candidate:
    """A configuration in the making."""

    name: str
    base: Config
    config: Config
    user: str = ""
    state: str = "pending"


@dataclass(slots=True)
class Commit:
    """One entry of the history of configurations."""

    config: Config
    user: str
    at: float
    comment: str = ""


@dataclass(slots=True)
class Traffic:
    """What has passed an interface, derived from its name and the uptime so that it moves and never goes back."""

    octets: int
    packets: int


class Device:
    """One simulated device; the servers and shells of all its sessions share it."""

    def __init__(self, spec: Spec, *, smallest: Text) -> None:
        self.spec = spec
        self.platform: Platform = load_platform(spec.platform)
        self._first = spec.config or smallest
        self._config: Config | None = None
        self._records: dict[str, list[Record]] = {}
        """What was read of the present configuration, by noun."""
        self.shown: dict[str, str] = {}
        """What was written of the present configuration to show it, by whatever name its vendor gives it."""
        self._startup: Config | None = None
        self.candidates: dict[str, Candidate] = {}
        self.checkpoints: dict[str, Config] = {}
        self.history: list[Commit] = []
        self.files: dict[str, bytes] = {}
        self.locks: dict[str, str] = {}
        """What is locked → by which session."""
        self.memory: dict[str, object] = {}
        """What else the vendor's machinery remembers until the next start."""
        self.faults = Faults()
        self.world: dict[str, Device] = {}
        """Every device that runs beside it, by name."""
        self.links_down: set[str] = set()
        """Interfaces whose cable is pulled."""
        self.log: list[str] = []
        """Every command that was carried out, by whatever door it came."""
        self.booted = asyncio.get_running_loop().time()
        self.boots = 1
        self._timers: dict[str, Timer] = {}
        self._hang_ups: set[Callable[[], None]] = set()
        self._managed: bool | None = None

    @property
    def config(self) -> Config:
        """The running configuration; read when it is first asked for, so that a thousand devices start at once."""
        if self._config is None:
            self._config, self._records, self.shown = _read(self.spec.platform, self._first)
            self._startup = self._config
        return self._config

    @config.setter
    def config(self, config: Config) -> None:
        if config is not self.config:
            if self._managed is None:
                self._managed = self._holds_its_address()
            self._config = config
            self._records, self.shown = {}, {}

    @property
    def startup(self) -> Config:
        """The configuration of the next start."""
        return self.config if self._startup is None else self._startup

    @startup.setter
    def startup(self, config: Config) -> None:
        self._startup = config

    @property
    def reachable(self) -> bool:
        """Whether an interface that is switched on has the management address; one that never had it is reachable.

        Servers look after each command, and drop all sessions of a device that has cut itself off.
        """
        if self._managed is None:
            self._managed = self._holds_its_address()
        return not self._managed or self._holds_its_address()

    def _holds_its_address(self) -> bool:
        own = self.spec.address
        shut = {
            getattr(record, "name", "") for record in self.records("interface") if not getattr(record, "enabled", True)
        }
        return any(
            item.partition("/")[0] == own
            for record in self.records("interface")
            if not {getattr(record, "name", ""), getattr(record, "name", "").partition(".")[0]} & shut
            for item in getattr(record, "addresses", ())
        )

    # ---- facts ---------------------------------------------------------------------------------

    @property
    def uptime_s(self) -> float:
        """Seconds since it started, as it counts them."""
        return (self.now - self.booted) * self.spec.hurry

    @property
    def now(self) -> float:
        """The loop's clock."""
        return asyncio.get_running_loop().time()

    @property
    def serial(self) -> str:
        """A serial number of its own, which says that it is simulated."""
        return f"SIM{zlib.crc32(self.spec.name.encode()):08X}"

    @property
    def mac(self) -> str:
        """A locally administered MAC address of its own."""
        number = zlib.crc32(self.spec.name.encode())
        return ":".join(f"{byte:02x}" for byte in (0x02, 0x53, *number.to_bytes(4, "big")))

    @property
    def hostname(self) -> str:
        """As configured, or the spec's name."""
        found: list[Record] = self.records("device")
        return str(getattr(found[0], "hostname", "")) or self.spec.name if found else self.spec.name

    def records(self, noun: str) -> list[Record]:
        """What is configured of a noun."""
        if noun not in self._records:
            module = self.platform.module(noun)
            speaks = module is not None and hasattr(module, "configured")
            self._records[noun] = module.configured(self.config) if module is not None and speaks else []
        return self._records[noun]

    def traffic(self, interface: str) -> Traffic:
        """Counters of an interface."""
        rate = 1000 + zlib.crc32(f"{self.spec.name} {interface}".encode()) % 90_000
        octets = int(self.uptime_s * rate)
        return Traffic(octets, octets // 500)

    # ---- changes -------------------------------------------------------------------------------

    def apply(self, lines: Sequence[Line]) -> None:
        """Enter lines in the running configuration."""
        self.config = self.platform.apply_lines(self.config, lines)

    def applied(self, config: Config, lines: Sequence[Line]) -> Config:
        """Another configuration after these lines."""
        return self.platform.apply_lines(config, lines)

    def text(self, config: Config | None = None) -> str:
        """A configuration as text, without any preamble."""
        present = self.config
        if config is not None and config is not present:
            return self.platform.format(config)
        if "text" not in self.shown:
            self.shown["text"] = self.platform.format(present)
        return self.shown["text"]

    def save(self) -> None:
        """Keep the running configuration for the next start."""
        self.startup = self.config

    def reboot(self) -> None:
        """Start anew: what was not saved is lost, and so are sessions, candidates and timers."""
        for name in list(self._timers):
            self.stop_timer(name)
        self.config = self.startup
        self.candidates.clear()
        self.locks.clear()
        self.memory.clear()
        self.booted = self.now
        self.boots += 1
        self.hang_up()

    def erase(self) -> None:
        """Start anew as at the very first start: nothing that happened since is remembered."""
        self._startup = self.platform.parse(self._first)
        self.checkpoints.clear()
        self.history.clear()
        self.files.clear()
        self.links_down.clear()
        self.faults.waiting.clear()
        self.reboot()

    # ---- timers --------------------------------------------------------------------------------

    def start_timer(self, name: str, seconds: float, act: Callable[[], None]) -> None:
        """Do something in so many seconds, unless it is stopped; a timer of the same name is replaced."""
        self.stop_timer(name)
        delay = seconds / self.spec.hurry
        timer = Timer(name, seconds, self.now + delay, act)
        timer.handle = asyncio.get_running_loop().call_later(delay, self._expire, name)
        self._timers[name] = timer

    def stop_timer(self, name: str) -> bool:
        """Whether there was one."""
        timer = self._timers.pop(name, None)
        if timer is not None and timer.handle is not None:
            timer.handle.cancel()
        return timer is not None

    def timer_left(self, name: str) -> float | None:
        """Seconds left, as the device counts them; None where no such timer runs."""
        timer = self._timers.get(name)
        return None if timer is None else max(0.0, (timer.due - self.now) * self.spec.hurry)

    def timers(self) -> Mapping[str, float]:
        """Every timer and its seconds left."""
        return {name: self.timer_left(name) or 0.0 for name in self._timers}

    def run_out(self) -> None:
        """The end of every timer comes now."""
        for name in list(self._timers):
            timer = self._timers[name]
            if timer.handle is not None:
                timer.handle.cancel()
            self._expire(name)

    def _expire(self, name: str) -> None:
        timer = self._timers.pop(name, None)
        if timer is not None:
            timer.act()

    # ---- sessions ------------------------------------------------------------------------------

    def joined(self, hang_up: Callable[[], None]) -> None:
        """A session began."""
        self._hang_ups.add(hang_up)

    def left(self, hang_up: Callable[[], None]) -> None:
        """A session ended."""
        self._hang_ups.discard(hang_up)

    def hang_up(self) -> None:
        """Drop every session, as a failed link does."""
        for drop in list(self._hang_ups):
            drop()

    def stop(self) -> None:
        """No timer may outlive the servers."""
        for name in list(self._timers):
            self.stop_timer(name)


@lru_cache(maxsize=64)
def _read(platform: str, text: Text) -> tuple[Config, dict[str, list[Record]], dict[str, str]]:
    """A configuration, and room for what is read and written of it: devices that start alike do it once."""
    return load_platform(platform).parse(text), {}, {}


def words_of(text: str) -> list[str]:
    """A command's words; quotes keep blanks together."""
    return [match.group() for match in re.finditer(r'"[^"]*"|\S+', text)]


@dataclass(frozen=True, slots=True)
class Command:
    """A command line's pattern, and what answers it.

    `show interfaces <name>` takes one word for each `<…>`; a last `...` takes the rest. Words may be shortened; of
    several patterns that fit, the one with more words typed in full wins.
    """

    pattern: str
    answer: Callable[..., object]
    """Called with the shell and the words taken; see `shell.Shell`."""
    words: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "words", tuple(self.pattern.split()))

    def taken(self, typed: Sequence[str]) -> tuple[str, ...] | None:
        """The words that the pattern leaves open, None where it does not fit."""
        rest = self.words[-1] == "..."
        fixed = self.words[:-1] if rest else self.words
        if len(typed) < len(fixed) or (len(typed) > len(fixed) and not rest):
            return None
        found = []
        for word, given in zip(fixed, typed, strict=False):
            if word.startswith("<"):
                found.append(given)
            elif not word.startswith(given.lower()):
                return None
        return (*found, *([" ".join(typed[len(fixed) :])] if rest else []))


def matching(commands: Sequence[Command], typed: Sequence[str]) -> tuple[Command, tuple[str, ...]] | None:
    """The first command that fits, exact words before shortened ones, and those before what may be anything."""
    found: list[tuple[tuple[int, int], Command, tuple[str, ...]]] = []
    for command in commands:
        taken = command.taken(typed)
        if taken is not None:
            exact = sum(1 for word, given in zip(command.words, typed, strict=False) if word == given.lower())
            fixed = sum(1 for word in command.words if not word.startswith(("<", "...")))
            found.append(((exact, fixed), command, taken))
    if not found:
        return None
    best = max(found, key=lambda item: item[0])
    return best[1], best[2]


def sections(text: str, pattern: str) -> Iterator[str]:
    """The lines of a configuration that a pattern matches, with what is indented below them."""
    inside = -1
    for line in text.splitlines():
        depth = len(line) - len(line.lstrip())
        if inside >= 0 and depth > inside:
            yield line
            continue
        inside = -1
        if re.search(pattern, line):
            inside = depth
            yield line
