"""IOS's archive of configurations, and the rollback that it schedules (Cisco, Configuration Rollback Confirmed Change).

The timer saves the running configuration in the archive when it starts. When it runs out, that copy replaces the
running configuration, with all that anybody changed since. There is one timer, and a device that starts anew has
forgotten it.
"""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from netloom.lab.simulation.abbreviations import SIGNS
from netloom.lab.simulation.device import Device
from netloom.lab.simulation.shell import Answer
from netloom.lab.simulation.vendors.cisco_ios.printed import file_text
from netloom.lab.simulation.vendors.cisco_ios.words import FIRST_WORDS, is_physical
from netloom.model.config import Config, Line

if TYPE_CHECKING:
    from netloom.lab.simulation.shell import Shell

TIMER = "rollback"
NOTHING_PENDING = "%No Rollback Confirmed Change pending\n"
NO_ARCHIVE = "%Please turn config archive on before using Rollback Confirmed Change feature\n"
MOST_MINUTES = 120
_LEAST_KEPT = 10


@dataclass(frozen=True, slots=True)
class Pending:
    """A rollback that is to come."""

    url: str
    """The copy to go back to."""
    configured: datetime
    minutes: int
    idle: bool
    user: str


class Archive:
    """The archive of one device; all its sessions see the same."""

    def __init__(self, device: Device) -> None:
        self._device = device

    # ---- time and people -----------------------------------------------------------------------

    def clock(self) -> datetime:
        """The device's own time, which runs as its timers do."""
        device = self._device
        started = time.time() - (device.now - device.booted)
        return datetime.fromtimestamp(started + device.uptime_s, UTC)

    def changed_by(self, user: str) -> None:
        """Somebody left configuration mode."""
        self._device.memory["changed"] = (self.clock(), user)

    @property
    def changed(self) -> tuple[datetime, str] | None:
        """When the configuration was changed last, and by whom."""
        found = self._device.memory.get("changed")
        return found if isinstance(found, tuple) else None

    def lines(self) -> dict[int, Shell]:
        """The sessions by their line."""
        found = self._device.memory.setdefault("lines", {})
        assert isinstance(found, dict)  # noqa: S101 - made above
        return found

    def logged_in(self, _user: str, shell: Shell) -> None:
        """A session takes the first free line."""
        taken = self.lines()
        taken[next(number for number in range(len(taken) + 1) if number not in taken)] = shell

    def logged_out(self, shell: Shell) -> None:
        """Its line is free again."""
        taken = self.lines()
        for number in [number for number, other in taken.items() if other is shell]:
            del taken[number]

    # ---- copies --------------------------------------------------------------------------------

    @property
    def path(self) -> str | None:
        """Where copies are kept, None where the archive is not set up."""
        section = self._device.config.section("archive")
        return next((text.removeprefix("path ") for text in section if text.startswith("path ")), None)

    @property
    def maximum(self) -> int:
        """How many copies are kept."""
        section = self._device.config.section("archive")
        stated = next((text.split()[1] for text in section if text.startswith("maximum ")), "")
        return int(stated) if stated.isdigit() else _LEAST_KEPT

    def _beginning(self) -> str:
        path = (self.path or "").replace("$h", self._device.hostname)
        return f"{name_of(path)}-"

    def copies(self) -> list[str]:
        """The names of the copies, the newest last."""
        pattern = re.compile(rf"{re.escape(self._beginning())}\w{{3}}-[ -]?\d+-[\d.-]+-\d+")
        return [name for name in self._device.files if pattern.fullmatch(name)]

    def keep(self) -> str:
        """Save the running configuration; the copy's place."""
        stamp = self.clock().strftime("%b-%e-%H-%M-%S.%f")[:-3].replace(" ", "-")
        before = self.copies()
        number = int(before[-1].rpartition("-")[2]) + 1 if before else 0
        name = f"{self._beginning()}{stamp}-{number}"
        self._device.files[name] = file_text(self._device).encode()
        for old in before[: max(0, len(before) + 1 - self.maximum)]:
            del self._device.files[old]
        return f"flash:{name}"

    def saved(self) -> None:
        """The running configuration was saved: some archives keep a copy then."""
        if self.path is not None and "write-memory" in self._device.config.section("archive"):
            self.keep()

    def shown(self) -> str:
        """`show archive`."""
        if self.path is None:
            return " Archive feature not enabled\n"
        names = self.copies()
        next_number = int(names[-1].rpartition("-")[2]) + 1 if names else 0
        rows = [f"   {number:<9}flash:{name}" for number, name in enumerate(names, start=1)]
        rows = [*rows[:-1], f"{rows[-1]} <- Most Recent"] if rows else rows
        rows += [f"   {number}" for number in range(len(names) + 1, self.maximum + 1)]
        return (
            f"The maximum archive configurations allowed is {self.maximum}.\n"
            f"There are currently {len(names)} archive configurations saved.\n"
            f"The next archive file will be named flash:{self._beginning()}<timestamp>-{next_number}\n"
            " Archive #  Name\n" + "".join(f"{row}\n" for row in rows)
        )

    # ---- the timer -----------------------------------------------------------------------------

    @property
    def pending(self) -> Pending | None:
        """The rollback that is to come, if any."""
        found = self._device.memory.get(TIMER)
        return found if isinstance(found, Pending) else None

    def arm(self, minutes: int, user: str, *, idle: bool = False) -> Answer:
        """Save a copy and schedule the way back to it."""
        if self.path is None:
            return Answer(NO_ARCHIVE, refused=True)
        if self.pending is not None:
            return Answer("%Rollback Confirmed Change is already pending. Confirm or revert it first\n", refused=True)
        url = self.keep()
        self._schedule(Pending(url, self.clock(), minutes, idle, user))
        return Answer(f"Rollback Confirmed Change: Backing up current running config to {url}\n\n")

    def _schedule(self, pending: Pending) -> None:
        self._device.memory[TIMER] = pending
        self._device.start_timer(TIMER, pending.minutes * 60, self._expired)

    def prolong(self, minutes: int, user: str, *, idle: bool = False) -> Answer:
        """Start the timer again with another time."""
        if self.pending is None:
            return Answer(NOTHING_PENDING, refused=True)
        self._schedule(Pending(self.pending.url, self.clock(), minutes, idle, user))
        return Answer()

    def busy(self) -> None:
        """Somebody typed something: an idle timer starts anew."""
        if self.pending is not None and self.pending.idle:
            self._device.start_timer(TIMER, self.pending.minutes * 60, self._expired)

    def confirm(self) -> Answer:
        """Keep the change."""
        if self._forget() is None:
            return Answer(NOTHING_PENDING, refused=True)
        return Answer()

    def revert(self) -> Answer:
        """Go back now."""
        pending = self._forget()
        if pending is None:
            return Answer(NOTHING_PENDING, refused=True)
        return Answer(f"Rollback Confirmed Change: rolling to:{pending.url}\n\n{self._back_to(pending)}")

    def status(self) -> str:
        """`show archive config rollback timer`."""
        pending = self.pending
        if pending is None:
            return NOTHING_PENDING
        return (
            f"Time configured(or reconfigured): {pending.configured:%H:%M:%S UTC %a %b} {pending.configured.day} "
            f"{pending.configured.year}\nTimer type: {'idle' if pending.idle else 'absolute'} timer\n"
            f"Timer value: {pending.minutes} min\nUser: {pending.user}\n"
        )

    def _forget(self) -> Pending | None:
        pending = self.pending
        self._device.stop_timer(TIMER)
        self._device.memory.pop(TIMER, None)
        return pending

    def _expired(self) -> None:
        pending = self._forget()
        if pending is not None:
            self._back_to(pending)

    def _back_to(self, pending: Pending) -> str:
        name = name_of(pending.url)
        if name not in self._device.files:
            return f"%Error opening {pending.url} (No such file or directory)\nRollback aborted after 1 passes\n"
        text = self._device.files[name].decode("utf-8", "surrogateescape")
        answer = self.replace(text, user=pending.user)
        if not self._device.reachable:
            self._device.hang_up()
        return answer

    # ---- replacement ---------------------------------------------------------------------------

    def replace(self, text: str, *, user: str, on_error_back: bool = False) -> str:
        """Make a file's configuration the running one, and say how it went."""
        device = self._device
        if not re.search(r"(?m)^(?:version|hostname) \S", text):
            return "%The input file is not a valid config file.\n"
        wanted, refused = readable(device, text)
        physical = {header: below for header, below in device.config.tree.items() if is_physical(header)}
        if not (refused and on_error_back):
            device.config = wanted.with_tree({**physical, **wanted.tree})
            self.changed_by(user)
        if not refused:
            return "Total number of passes: 1\nRollback Done\n\n"
        listed = "".join(f"{line}\n" for line in refused)
        back = "The original configuration has been successfully restored.\n" if on_error_back else ""
        return (
            "% The rollback configlet from the last pass is listed below:\n********\n"
            f"!List of Rollback Commands:\n{listed}end\n********\n\nRollback aborted after 5 passes\n{back}"
        )


def readable(device: Device, text: str) -> tuple[Config, list[str]]:
    """A file's configuration, and the lines of it that are none."""
    config = device.platform.parse(text)
    unknown = [line for line in config.lines() if not _is_known(line)]
    bad = {line.text for line in unknown if not line.path}
    tree = {header: below for header, below in config.tree.items() if header not in bad}
    return config.with_tree(tree), [line.text for line in unknown]


def _is_known(line: Line) -> bool:
    typed = line.text.split()
    first = typed[1] if typed[0] in SIGNS and len(typed) > 1 else typed[0]
    return first[0].isdigit() or first in FIRST_WORDS


def name_of(url: str) -> str:
    """A file's name without its file system."""
    return url.rpartition(":")[2].strip("/")
