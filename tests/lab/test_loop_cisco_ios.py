"""The loop on a simulated IOS: the rollback timer, faults and a controller that dies anywhere."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.lab.ios_site import Transport, access, edge
from tests.lab.sim_loop import Loop, crash_at, wish_of

from netloom.intent.change import ApplySettings
from netloom.lab.simulation.faults import Fault, Kind
from netloom.lab.simulation.vendors.cisco_ios.commands import IosShell
from netloom.model.config import Config, Line

GOOD = """
interfaces:
  - {name: GigabitEthernet3, description: to the printers, addresses: [10.3.0.1/24], enabled: true, acl_in: PRINT}
  - {name: GigabitEthernet4.20, vlan: 20, vrf: BLUE, addresses: [10.20.0.1/24]}
acls:
  - name: PRINT
    family: ipv4
    entries:
      - {sequence: 10, action: permit, protocol: tcp, source: any, destination: any, destination_ports: eq 9100}
bgp_neighbors:
  - {peer: 10.3.0.2, remote_as: 65003, description: by netloom}
static_routes:
  - {prefix: 10.77.0.0/16, next_hop: 10.3.0.2}
"""
LOCKOUT = GOOD.replace("interfaces:\n", "interfaces:\n  - {name: GigabitEthernet1, enabled: false}\n")
ARM, STATUS, READ = "configure terminal revert timer", "show archive config rollback timer", "show running"
ENTER, LINE, CONFIRM, SAVE = "configure terminal$", "description by netloom", "configure confirm", "write memory"
STEPS = (READ, ARM, STATUS, ENTER, LINE, CONFIRM, SAVE)
HURRY, TIMER_S, LONG_S = 200.0, 240, 3000


@pytest.fixture
def folder() -> Iterator[Path]:
    """In memory: many changes are journalled."""
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as name:
        yield Path(name)


@asynccontextmanager
async def loop_on(
    folder: Path, *, intent: str = GOOD, transport: Transport = "ssh", archive: bool = True, **settings: Any
) -> AsyncIterator[Loop]:
    given = {"timer_s": TIMER_S, "verify_s": 20.0, "settle_s": 5.0, "reach_s": 100.0, "pause_s": 2.0} | settings
    async with edge(hurry=HURRY) as running:
        device = running.device
        if not archive:
            device.apply([Line("no archive")])
        wish = await wish_of(folder, intent, "edge1")
        loop = await Loop(folder, device, access(running, transport), wish, ApplySettings(**given)).prepare()
        loop.watch_saves("write memory")
        yield loop


# ---- without a fault -----------------------------------------------------------------------------


@pytest.mark.parametrize("transport", ["ssh", "telnet"])
async def test_a_good_change_is_confirmed_saved_and_leaves_nothing_to_plan(folder: Path, transport: Transport) -> None:
    async with loop_on(folder, transport=transport) as loop:
        assert await loop.apply()
        loop.assert_whole()
        assert loop.entry.state == "done", loop.detail
        assert (await loop.planned()).empty
        assert [event.state for event in loop.events] == [
            "locked",
            "prechecked",
            "armed",
            "applying",
            "applied_unconfirmed",
            "verifying",
            "confirming",
            "saved",
            "done",
        ]
        assert any(name.startswith("netloom-") for name in loop.device.files), "the copy to go back to"


@pytest.mark.parametrize("unguarded", [False, True])
async def test_without_an_archive_a_change_goes_on_only_where_that_is_allowed(folder: Path, *, unguarded: bool) -> None:
    async with loop_on(folder, archive=False, unguarded=unguarded) as loop:
        assert await loop.apply()
        loop.assert_whole()
        assert loop.entry.state == ("done" if unguarded else "refused"), loop.detail
        if not unguarded:
            assert "IOS keeps no archive to roll back to" in loop.detail
            assert not any(said.startswith("configure") for said in loop.device.log)


# ---- what goes wrong on the way ------------------------------------------------------------------


async def test_a_change_whose_checks_fail_goes_back(folder: Path) -> None:
    async with loop_on(folder) as loop:
        loop.passes = False
        assert await loop.apply()
        loop.assert_whole()
        assert loop.entry.state == "rolled_back"
        assert "expected: well actual: ill" in loop.detail
        assert "configure revert now" in loop.device.log


async def test_a_refused_line_takes_back_those_before_it(folder: Path) -> None:
    async with loop_on(folder) as loop:
        operation = loop.plan.operations[0]
        broken = replace(operation, lines=(*operation.lines, Line("frobnicate")))
        loop.plan = replace(loop.plan, operations=(broken, *loop.plan.operations[1:]))
        assert await loop.apply()
        loop.assert_whole()
        assert loop.entry.state == "rolled_back"
        assert "frobnicate" in loop.detail
        assert "Invalid input" in loop.detail


LOST: list[tuple[Transport, str, Kind]] = [
    *(("ssh", command, "reset") for command in STEPS),
    *(("ssh", command, "reset_after") for command in STEPS),
    *(("ssh", command, "reject") for command in (ARM, LINE, CONFIRM)),
    ("ssh", LINE, "garbage"),
    ("ssh", READ, "prompt_in_output"),
    ("telnet", ARM, "reset_after"),
    ("telnet", CONFIRM, "reset"),
    ("telnet", CONFIRM, "reset_after"),
    ("telnet", SAVE, "reset_after"),
]


@pytest.mark.parametrize(("transport", "command", "kind"), LOST)
async def test_a_lost_reply_leaves_the_device_whole(
    folder: Path, transport: Transport, command: str, kind: Kind
) -> None:
    async with loop_on(folder, transport=transport) as loop:
        loop.device.faults.waiting.append(Fault(kind, command))
        assert await loop.apply()
        assert loop.entry.finished or await loop.recover()
        assert [struck for struck, _ in loop.device.faults.struck] == [kind], loop.detail
        loop.assert_whole()
        if command in (CONFIRM, SAVE) and kind == "reset_after":
            assert loop.entry.state == "done", loop.detail


async def test_whoever_cuts_himself_off_is_back_when_the_timer_has_run_out(folder: Path) -> None:
    async with loop_on(folder, intent=LOCKOUT, timer_s=60) as loop:
        assert await loop.apply()
        loop.assert_whole()
        assert loop.entry.state == "rolled_back", loop.detail
        assert "configure revert now" not in loop.device.log, "nobody could ask for it"


async def test_what_somebody_else_changed_under_the_timer_is_noticed(folder: Path) -> None:
    async with loop_on(folder) as loop:
        changed_by_others(loop, "after open", skip=1)
        assert await loop.apply()
        assert loop.entry.state == "rolled_back", loop.detail
        assert "no longer as predicted" in loop.detail
        assert loop.device.config == loop.base, "IOS goes back to the copy, whoever changed what since"


async def test_what_somebody_else_changed_before_the_timer_refuses_the_change(folder: Path) -> None:
    async with loop_on(folder) as loop:
        foreign = changed_by_others(loop, "before open")
        assert await loop.apply()
        assert loop.entry.state == "refused", loop.detail
        assert loop.device.config == foreign()
        assert loop.device.timers() == {}


async def test_another_sessions_timer_is_not_touched(folder: Path) -> None:
    async with loop_on(folder) as loop:
        eve = IosShell(loop.device, "eve")
        assert not eve.execute("configure terminal revert timer 100").refused
        assert await loop.apply()
        assert loop.entry.state == "refused", loop.detail
        assert "a rollback timer is running already (set by eve)" in loop.detail
        assert [*loop.device.timers()] == ["rollback"]
        assert loop.device.config == loop.base


async def test_configuration_mode_that_a_dead_session_holds_is_left_to_people(folder: Path) -> None:
    async with loop_on(folder) as loop:
        gone = IosShell(loop.device, "gone")
        assert not gone.execute("configure terminal lock").refused
        assert await loop.apply()
        assert loop.entry.finished or await loop.recover()
        loop.assert_whole()
        assert loop.entry.state in ("refused", "rolled_back"), loop.detail
        assert "locked by process '1' user 'gone'" in loop.detail
        gone.closed()
        assert not IosShell(loop.device, "next").execute("configure terminal").refused


@pytest.mark.parametrize(
    ("moment", "turn"),
    [("after exchange", 1), ("after exchange", 3), ("after configure", 1), ("before open", 2), ("before save", 1)],
)
async def test_a_device_that_starts_anew_comes_back_with_what_was_saved(folder: Path, moment: str, turn: int) -> None:
    async with loop_on(folder) as loop:
        seen: list[str] = []

        def reboot(name: str) -> None:
            seen.append(name)
            if name == moment and seen.count(moment) == turn and loop.device.boots == 1:
                loop.device.reboot()

        loop.moment = reboot
        assert await loop.apply()
        assert loop.device.boots == 2
        assert loop.entry.finished or await loop.recover()
        loop.assert_whole()
        assert loop.entry.state in ("refused", "rolled_back"), loop.detail


# ---- a controller that dies ----------------------------------------------------------------------


async def moments(folder: Path, intent: str) -> int:
    """How many moments a change has that nothing disturbs."""
    async with loop_on(folder / "count", intent=intent) as loop:
        seen: list[str] = []
        loop.moment = seen.append
        await loop.apply()
        return len(seen)


async def each(count: int, check: Callable[[int], Awaitable[str]]) -> set[str]:
    """Several at once: a session waits for its prompts longer than it works."""
    room = asyncio.Semaphore(6)

    async def one(moment: int) -> str:
        async with room:
            return await check(moment)

    return set(await asyncio.gather(*(one(moment) for moment in range(count))))


@pytest.mark.parametrize("late", [False, True], ids=["at once", "after the timer"])
async def test_a_controller_may_die_at_any_moment(folder: Path, *, late: bool) -> None:
    count = await moments(folder, GOOD)

    async def check(moment: int) -> str:
        async with loop_on(folder / str(moment), timer_s=LONG_S) as loop:
            seen: list[str] = []
            loop.moment = crash_at(moment, seen)
            assert not await loop.apply()
            if late:
                loop.device.run_out()
            assert await loop.recover()
            try:
                loop.assert_whole()
            except AssertionError as exc:
                raise AssertionError(f"died {seen[-1]} ({moment} of {count}): {exc}") from exc
            return loop.entry.state

    assert count > 20
    assert await each(count, check) == {"refused", "rolled_back", "done"}


async def test_a_controller_may_die_while_it_cuts_itself_off(folder: Path) -> None:
    async def check(moment: int) -> str:
        async with loop_on(folder / str(moment), intent=LOCKOUT, timer_s=LONG_S) as loop:
            loop.moment = crash_at(moment, [])
            assert not await loop.apply()
            loop.device.run_out()
            assert await loop.recover()
            loop.assert_whole()
            return loop.entry.state

    # the last line cuts the session off: there is no moment after it
    assert await each(await moments_before_the_cut(folder), check) == {"refused", "rolled_back"}


async def moments_before_the_cut(folder: Path) -> int:
    async with loop_on(folder / "count", intent=LOCKOUT, timer_s=60) as loop:
        seen: list[str] = []
        loop.moment = seen.append
        await loop.apply()
    return seen.index("before configure") + 1


async def test_a_recovery_may_die_as_well(folder: Path) -> None:
    async def check(moment: int) -> str:
        async with loop_on(folder / str(moment), timer_s=LONG_S) as loop:
            loop.moment = crash_at(12, [])
            assert not await loop.apply()
            loop.moment = crash_at(moment, [])
            await loop.recover_disturbed()
            assert await loop.recover()
            loop.assert_whole()
            return loop.entry.state

    assert await each(6, check) == {"rolled_back"}


def changed_by_others(loop: Loop, moment: str, *, skip: int = 0) -> Callable[[], Config]:
    """Somebody enters a line at a moment, once; gives what runs then."""
    found: list[Config] = []
    seen: list[str] = []

    def act(name: str) -> None:
        seen.append(name)
        if not found and seen.count(moment) == skip + 1:
            loop.device.apply([Line("ip route 10.99.0.0 255.255.0.0 Null0")])
            found.append(loop.device.config)

    loop.moment = act
    return lambda: found[0]
