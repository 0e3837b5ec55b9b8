"""The loop on a simulated IOS: the rollback timer, faults and a controller that dies anywhere."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from tests.lab import sim_scenarios as scenarios
from tests.lab.ios_site import Transport, access, edge
from tests.lab.sim_loop import Loop, wish_of

from netloom.intent.change import ApplySettings
from netloom.lab.simulation.faults import Fault, Kind
from netloom.lab.simulation.vendors.cisco_ios.commands import IosShell
from netloom.model.config import Line

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
THEIRS = "ip route 10.99.0.0 255.255.0.0 Null0"


@asynccontextmanager
async def loop_on(
    folder: Path, *, intent: str = GOOD, transport: Transport = "ssh", archive: bool = True, **settings: Any
) -> AsyncIterator[Loop]:
    given = {"timer_s": TIMER_S, **scenarios.PACE} | settings
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
        await scenarios.goes_well(loop)
        assert [event.state for event in loop.events] == scenarios.STATES
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
        await scenarios.fails_its_checks(loop)
        assert "configure revert now" in loop.device.log


async def test_a_refused_line_takes_back_those_before_it(folder: Path) -> None:
    async with loop_on(folder) as loop:
        await scenarios.mistypes(loop)
        assert loop.entry.state == "rolled_back"


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
        await scenarios.survives(loop, Fault(kind, command))
        if command in (CONFIRM, SAVE) and kind == "reset_after":
            assert loop.entry.state == "done", loop.detail


async def test_whoever_cuts_himself_off_is_back_when_the_timer_has_run_out(folder: Path) -> None:
    async with loop_on(folder, intent=LOCKOUT, timer_s=60) as loop:
        await scenarios.cuts_itself_off(loop)
        assert "configure revert now" not in loop.device.log, "nobody could ask for it"


async def test_what_somebody_else_changed_under_the_timer_is_noticed(folder: Path) -> None:
    async with loop_on(folder) as loop:
        await scenarios.notices_others_under_its_timer(loop, THEIRS)


async def test_what_somebody_else_changed_before_the_timer_refuses_the_change(folder: Path) -> None:
    async with loop_on(folder) as loop:
        foreign = scenarios.changed_by_others(loop, THEIRS, "before open")
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
        loop.there_before = loop.left_behind()
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
        await scenarios.starts_anew(loop, moment, turn)
        assert loop.entry.state in ("refused", "rolled_back"), loop.detail


# ---- a controller that dies ----------------------------------------------------------------------


@pytest.mark.parametrize("late", [False, True], ids=["at once", "after the timer"])
async def test_a_controller_may_die_at_any_moment(folder: Path, *, late: bool) -> None:
    await scenarios.dies_anywhere(loop_on, folder, late=late, timer_s=LONG_S)


async def test_a_controller_may_die_while_it_cuts_itself_off(folder: Path) -> None:
    async def check(moment: int) -> str:
        async with loop_on(folder / str(moment), intent=LOCKOUT, timer_s=LONG_S) as loop:
            return await scenarios.dies(loop, moment, late=True)

    seen = await scenarios.moments(loop_on, folder, intent=LOCKOUT, timer_s=60)
    # the last line cuts the session off: there is no moment after it
    before = range(seen.index("before configure") + 1)
    assert await scenarios.each(before, check) == {"refused", "rolled_back"}


async def test_a_recovery_may_die_as_well(folder: Path) -> None:
    ends = await scenarios.dies_twice(loop_on, folder, first=12, turns=6, timer_s=LONG_S)
    assert ends == {"rolled_back"}
