"""The loop on a simulated EOS: configuration sessions, their timer, faults and a controller that dies anywhere."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from tests.lab import sim_scenarios as scenarios
from tests.lab.eos_site import Transport, access, leaf
from tests.lab.sim_loop import Loop, wish_of

from netloom.intent.change import ApplySettings
from netloom.lab.simulation.device import Candidate
from netloom.lab.simulation.faults import Fault, Kind

GOOD = """
vlans:
  - {id: 30, name: voice}
interfaces:
  - {name: Ethernet2, description: to the printers, enabled: true}
switchports:
  - {interface: Ethernet2, mode: access, access_vlan: 30}
bgp_neighbors:
  - {peer: 10.0.0.0, remote_as: 65002, description: by netloom}
"""
LOCKOUT = f"{GOOD}  - {{peer: 10.8.8.8, remote_as: 65008}}\n".replace(
    "interfaces:\n", "interfaces:\n  - {name: Management1, enabled: false}\n"
)
STAGE = r"configure session netloom-t1\b(?! )"
DIFFERENCE, ARM, STATUS, READ, SAVE = "diffs", "commit timer", "show configuration sessions", "show running", "write"
CONFIRM = r"netloom-t1 commit(?! timer)"
STEPS = (STAGE, DIFFERENCE, ARM, STATUS, READ, CONFIRM, SAVE)
HURRY, TIMER_S, LONG_S = 200.0, 200, 2000
THEIRS = "vlan 99"
OLD, NEW = "4.28.1F", "4.33.1F"


@asynccontextmanager
async def loop_on(
    folder: Path, *, intent: str = GOOD, transport: Transport = "https", release: str = NEW, **settings: Any
) -> AsyncIterator[Loop]:
    given = {"timer_s": TIMER_S, **scenarios.PACE} | settings
    async with leaf(hurry=HURRY) as running:
        device = running.device
        device.config = device.platform.parse(f"! device: leaf1 (vEOS, EOS-{release})\n!\n{device.text()}")
        wish = await wish_of(folder, intent, "leaf1")
        loop = await Loop(folder, device, access(running, transport), wish, ApplySettings(**given)).prepare()
        loop.watch_saves("write memory")
        yield loop


# ---- without a fault -----------------------------------------------------------------------------


@pytest.mark.parametrize("release", [OLD, NEW])
@pytest.mark.parametrize("transport", ["https", "ssh", "telnet"])
async def test_a_good_change_is_confirmed_saved_and_leaves_nothing_to_plan(
    folder: Path, transport: Transport, release: str
) -> None:
    async with loop_on(folder, transport=transport, release=release) as loop:
        await scenarios.goes_well(loop)
        assert [event.state for event in loop.events] == scenarios.STATES


async def test_the_devices_own_difference_is_asked_for(folder: Path) -> None:
    async with loop_on(folder) as loop:
        await loop.apply()
        assert any("show session-config named netloom-t1 diffs" in said for said in loop.device.log)


# ---- what goes wrong on the way ------------------------------------------------------------------


async def test_a_change_whose_checks_fail_goes_back(folder: Path) -> None:
    async with loop_on(folder) as loop:
        await scenarios.fails_its_checks(loop)


async def test_a_refused_line_leaves_no_session_behind(folder: Path) -> None:
    async with loop_on(folder) as loop:
        await scenarios.mistypes(loop)
        assert loop.entry.state == "refused"


LOST: list[tuple[Transport, str, Kind]] = [
    *(("https", command, "reset") for command in STEPS),
    *(("https", command, "reset_after") for command in STEPS),
    *(("https", command, "error_body") for command in STEPS),
    *(("ssh", command, "reset_after") for command in (ARM, CONFIRM, SAVE)),
    ("telnet", CONFIRM, "reset"),
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


async def test_what_somebody_else_changed_before_the_commit_is_kept(folder: Path) -> None:
    async with loop_on(folder) as loop:
        foreign = scenarios.changed_by_others(loop, THEIRS, "after exchange")
        assert await loop.apply()
        assert loop.entry.state == "refused", loop.detail
        assert "'vlan 99', which is not planned" in loop.detail
        assert loop.device.config == foreign()
        assert loop.device.candidates == {}


async def test_what_somebody_else_changed_under_the_timer_is_noticed(folder: Path) -> None:
    async with loop_on(folder) as loop:
        await scenarios.notices_others_under_its_timer(loop, THEIRS)


async def test_another_sessions_timer_is_not_touched(folder: Path) -> None:
    async with loop_on(folder) as loop:
        device = loop.device
        device.candidates["theirs"] = Candidate("theirs", loop.base, loop.base, "eve", "pendingCommitTimer")
        device.start_timer("commit", 10_000, lambda: None)
        assert await loop.apply()
        assert loop.entry.state == "refused", loop.detail
        assert "commit timer of session theirs is running" in loop.detail
        assert [*device.candidates] == ["theirs"]
        assert "commit" in device.timers()
        assert device.config == loop.base


async def test_sessions_that_others_left_behind_are_in_the_way_and_stay(folder: Path) -> None:
    async with loop_on(folder) as loop:
        others = [f"s{number}" for number in range(5)]
        loop.device.candidates |= {name: Candidate(name, loop.base, loop.base, "gone") for name in others}
        assert await loop.apply()
        assert loop.entry.state in ("refused", "rolled_back"), loop.detail
        assert "Maximum number of pending sessions" in loop.detail
        assert [*loop.device.candidates] == others
        assert loop.device.config == loop.base


@pytest.mark.parametrize(
    ("moment", "turn"),
    [("after exchange", 1), ("after read", 3), ("before open", 2), ("after exchange", 9), ("before save", 1)],
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
    await scenarios.dies_while_it_cuts_itself_off(loop_on, folder, intent=LOCKOUT, timer_s=40, pause_s=10.0)


async def test_a_recovery_may_die_as_well(folder: Path) -> None:
    await scenarios.dies_twice(loop_on, folder, first=12, turns=6, timer_s=LONG_S)
