"""One device, one fault at each step, recovery: nothing half-configured, unrecorded, locked out or saved early."""

from __future__ import annotations

import asyncio
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import pytest
from tests.intent.simulated_device import (
    Clock,
    Crash,
    SimulatedDevice,
    SimulatedGuard,
    apply_lines,
    parse,
    simulated_platform,
)

from netloom.errors import SessionClosed
from netloom.intent.apply import Change
from netloom.intent.change import ApplySettings, Event, Means
from netloom.intent.journal import DeviceEntry, Journal, changes
from netloom.intent.planned import DevicePlan, Operation, Plan, config_hash
from netloom.intent.recover import recover
from netloom.model.config import Line
from netloom.platforms.contract import Platform

BASE = ("mgmt", "a 1", "b 2", "c 3")
GOOD = ("-a 1", "+a 9", "+d 4", "-b 2")
LOCKOUT = ("-a 1", "+a 9", "-mgmt", "+d 4")
FOREIGN = "somebody else's"
KEY = bytes(32)


def text_of(lines: object) -> str:
    return "".join(f"{line}\n" for line in sorted(lines))  # type: ignore[call-overload]  # any set of lines


def plan_of(lines: tuple[str, ...], platform: Platform) -> DevicePlan:
    base = parse(text_of(BASE))
    sent = tuple(Line(text) for text in lines)
    predicted = apply_lines(base, sent)
    inverse = tuple(Line(("+" if text.startswith("-") else "-") + text[1:]) for text in reversed(lines))
    operation = Operation("lines", ("x",), "update", None, None, sent, "the test")
    return DevicePlan(
        "r1",
        "simulated",
        config_hash(platform, text_of(BASE)),
        (operation,),
        inverse,
        text_of(predicted.tree),
        on_change=("clear",),
    )


@dataclass
class World:
    """A controller, a device, and what has been seen."""

    workspace: Path
    guarded: bool = True
    stages: bool = False
    native: bool = False
    """The device's own timer, of which it remembers nothing afterwards."""
    lines: tuple[str, ...] = GOOD
    clock: Clock = field(default_factory=Clock)
    events: list[Event] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.device = SimulatedDevice(self.clock, set(BASE), forgets=self.native)
        self.platform = simulated_platform(SimulatedGuard(stages=self.stages) if self.guarded else None)
        self.plan = plan_of(self.lines, self.platform)
        self.settings = ApplySettings(
            timer_s=60, verify_s=10, settle_s=2, reach_s=30, pause_s=5, unguarded=not self.guarded
        )

    def means(self) -> Means:
        return Means(
            open=self.device.open,
            workspace=self.workspace,
            key=KEY,
            platform=lambda _: self.platform,
            now=self.clock.now,
            monotonic=self.clock.monotonic,
            sleep=self.clock.sleep,
            token=lambda: "t1",
        )

    def apply(self) -> bool:
        """False where the controller died."""
        whole = Plan("p", self.clock.now(), (self.plan,))
        change = Change("c1", whole, [["r1"]], self.means(), self.settings)

        async def run() -> None:
            async for event in change.run():
                self.events.append(event)

        return self._survives(run)

    def recover(self) -> bool:
        """A new process starts, and looks at what is open."""
        with closing(sqlite3.connect(self.workspace / ".netloom" / "locks.db", isolation_level=None)) as locks:
            locks.execute("UPDATE device_lock SET started = 'an earlier process'")

        async def run() -> None:
            async for event in recover(self.means(), self.settings):
                self.events.append(event)

        return self._survives(run)

    def _survives(self, run: Callable[[], object]) -> bool:
        try:
            asyncio.run(run())  # type: ignore[arg-type]  # a coroutine function
        except Crash:
            return False
        return True

    def entry(self) -> DeviceEntry | None:
        found = changes(self.workspace, key=KEY)
        return found[0].devices.get("r1") if found else None


@pytest.fixture
def folder() -> Iterator[Path]:
    """In memory: thousands of changes are journalled, and that each line reaches the disk is another test's matter."""
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as name:
        yield Path(name)


# ---- faults ---------------------------------------------------------------------------------------


@dataclass
class At:
    """Does something once, at the n-th moment around operations (two moments each)."""

    moment: int
    act: Callable[[SimulatedDevice], None]
    seen: int = 0
    fired: bool = False

    def __call__(self, device: SimulatedDevice, _operation: str, _when: str) -> None:
        at, self.seen = self.seen, self.seen + 1
        if at == self.moment:
            self.fired = True
            self.act(device)


def crash(_: SimulatedDevice) -> None:
    raise Crash


def cut(_: SimulatedDevice) -> None:
    raise SessionClosed("cut", device="r1")


def link_down(seconds: float) -> Callable[[SimulatedDevice], None]:
    def act(device: SimulatedDevice) -> None:
        device.down_until = device.clock.seconds + seconds

    return act


def stall(device: SimulatedDevice) -> None:
    """The controller hangs until the timer on the device has run out."""
    device.clock.pass_by(100)


def foreign(device: SimulatedDevice) -> None:
    device.running.add(FOREIGN)


def reboot(device: SimulatedDevice) -> None:
    device.reboot()


FAULTS: dict[str, Callable[[SimulatedDevice], None]] = {
    "crash": crash,
    "cut": cut,
    "link down 5 s": link_down(5),
    "link down 300 s": link_down(300),
    "stall": stall,
    "foreign edit": foreign,
    "reboot": reboot,
}


# ---- what must hold -------------------------------------------------------------------------------


def assert_whole(world: World, *, touched_by_others: bool) -> None:
    device, entry = world.device, world.entry()
    base, predicted = frozenset(BASE), frozenset(world.plan.predicted.split("\n")) - {""}
    ours = frozenset(device.running) - {FOREIGN}
    assert entry is not None
    assert entry.finished, f"unrecorded: {entry}"
    assert "mgmt" in device.running, "locked out"
    assert ours in (base, predicted), f"half-configured: {sorted(ours)} {entry.state} {entry.detail}"
    expected = {"done": predicted, "rolled_back": base, "refused": base}.get(entry.state, ours)
    assert ours == expected, f"recorded as {entry.state}, runs {sorted(ours)}"
    if entry.state == "done":
        assert device.startup - {FOREIGN} == predicted
    if entry.state == "rolled_back":
        assert device.running - ({FOREIGN} if touched_by_others else set()) == base
    assert FOREIGN in device.running or not touched_by_others, "somebody else's change is lost"
    if entry.state == "needs_operator":
        assert touched_by_others, f"handed over without need: {entry.detail}"
    for saved in device.saved:
        assert saved - {FOREIGN} == predicted
        assert not world.guarded or predicted in {config - {FOREIGN} for config in device.confirmed}, "saved too early"


def moments(workspace: Path, **kind: object) -> int:
    """How many moments an undisturbed change has."""
    world = World(workspace, **kind)  # type: ignore[arg-type]  # the fields of World
    counter = At(-1, lambda _: None)
    world.device.fault = counter
    world.apply()
    return counter.seen


def disturbed(folder: Path, **kind: object) -> Iterator[tuple[str, int, World, At]]:
    """A world for each fault at each moment."""
    for moment in range(moments(folder / "count", **kind)):
        for name, act in FAULTS.items():
            world = World(folder / f"{name} {moment}", **kind)  # type: ignore[arg-type]  # the fields of World
            world.device.fault = At(moment, act)
            yield name, moment, world, world.device.fault


KINDS = {
    "dead-man timer": {},
    "unguarded": {"guarded": False},
    "native timer": {"native": True},
    "native candidate": {"native": True, "stages": True},
}


@pytest.mark.parametrize("wait_s", [0, 1000], ids=["at once", "after the timer"])
@pytest.mark.parametrize("lines", [GOOD, LOCKOUT], ids=["good", "lockout"])
@pytest.mark.parametrize("kind", KINDS)
def test_one_fault_at_any_step_leaves_a_device_whole(
    folder: Path, *, kind: str, lines: tuple[str, ...], wait_s: float
) -> None:
    if kind == "unguarded" and lines is LOCKOUT:
        pytest.skip("without a timer nothing brings a device back that locks everybody out: hence the explicit flag")
    count = 0
    for name, moment, world, fault in disturbed(folder, lines=lines, **KINDS[kind]):
        world.apply()
        world.clock.pass_by(wait_s)
        world.device.down_until = 0
        assert world.recover()
        world.clock.pass_by(1000)
        assert world.recover()
        try:
            assert fault.fired
            assert_whole(world, touched_by_others=name == "foreign edit")
        except AssertionError as exc:
            raise AssertionError(f"{name} at {moment} ({world.device.operations}): {exc}; {world.events}") from exc
        count += 1
    assert count > 100


@pytest.mark.parametrize("torn", [False, True], ids=["whole line", "torn line"])
def test_a_crash_at_any_line_of_the_journal_leaves_a_device_whole(
    folder: Path, monkeypatch: pytest.MonkeyPatch, *, torn: bool
) -> None:
    write = Journal.write
    for last in range(1, 40):
        world = World(folder / str(last))
        lines = iter(range(1, last + 1))

        def until(journal: Journal, kind: str, now: datetime, lines: Iterator[int] = lines, **fields: object) -> None:
            if next(lines, None) is not None:
                write(journal, kind, now, **fields)
                return
            if torn:
                with journal.path.open("ab") as file:
                    file.write(f'{{"kind": "{kind}", "at": '.encode())
            raise Crash

        monkeypatch.setattr(Journal, "write", until)
        died = not world.apply()
        monkeypatch.setattr(Journal, "write", write)
        assert world.recover()
        assert_whole(world, touched_by_others=False)
        if not died:
            break
    assert 15 < last < 39


@pytest.mark.parametrize("name", ["crash", "cut", "reboot"])
def test_a_recovery_may_die_as_well(folder: Path, name: str) -> None:
    for first in range(0, moments(folder / "count"), 2):
        for second in range(12):
            world = World(folder / f"{first} {second}")
            world.device.fault = At(first, crash)
            world.apply()
            world.device.fault = fault = At(second, FAULTS[name])
            world.recover()
            assert world.recover()
            assert_whole(world, touched_by_others=False)
            if not fault.fired:
                break


@pytest.mark.parametrize("line", GOOD)
def test_any_line_may_be_rejected(folder: Path, line: str) -> None:
    world = World(folder)
    world.device.rejected = line[1:]
    world.apply()
    assert_whole(world, touched_by_others=False)
    entry = world.entry()
    assert entry is not None
    assert entry.state == "rolled_back"
