"""The loop on a simulated Nexus: configure replace under its timer, faults and a controller that dies anywhere."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.lab import sim_scenarios as scenarios
from tests.lab.nxos_site import Transport, access, nexus
from tests.lab.sim_loop import Loop, wish_of

from netloom.intent.change import ApplySettings
from netloom.lab.simulation.faults import Fault, Kind
from netloom.model.config import Config, Line

GOOD = """
vlans:
  - {id: 30, name: speech}
interfaces:
  - {name: Ethernet1/5, description: to the printers}
switchports:
  - {interface: Ethernet1/5, mode: access, access_vlan: 30}
bgp_neighbors:
  - {peer: 10.0.0.2, remote_as: 65002, description: by netloom}
acls:
  - name: EDGE
    entries:
      - {sequence: 10, action: permit, protocol: tcp, source: 10.0.0.0/8, destination: any, destination_ports: eq 443}
      - {sequence: 30, action: deny, protocol: ip, source: any, destination: any}
"""
LOCKOUT = GOOD.replace("interfaces:\n", "interfaces:\n  - {name: mgmt0, enabled: false}\n")
CHECKPOINT, VERIFY, DIFFERENCE = r"\bcheckpoint netloom", "verify-only", "show diff"
ARM, STATUS, READ, CONFIRM, SAVE = "commit-timeout", "replace status", "show running", "replace commit", "copy running"
STEPS = (CHECKPOINT, VERIFY, DIFFERENCE, ARM, STATUS, READ, CONFIRM, SAVE)
TIMER_S = 200
THEIRS = "vlan 99"
SLOW, FAST = 20.0, 200.0
"""How many times faster than they say the device's timers run: fast only where one has to run out by itself."""


@asynccontextmanager
async def loop_on(
    folder: Path, *, intent: str = GOOD, transport: Transport = "https", hurry: float = SLOW, **settings: Any
) -> AsyncIterator[Loop]:
    given = {"timer_s": TIMER_S, **scenarios.PACE} | settings
    async with nexus(hurry=hurry) as running:
        wish = await wish_of(folder, intent, "n1")
        loop = await Loop(folder, running.device, access(running, transport), wish, ApplySettings(**given)).prepare()
        loop.watch_saves("copy running-config startup-config")
        if hurry == SLOW:
            time_flies(loop)
        yield loop


def time_flies(loop: Loop) -> None:
    """Whoever waits for a timer finds that it has run out meanwhile."""
    device, watch = loop.device, loop.device.faults.watch

    def look(said: str) -> None:
        if watch is not None:
            watch(said)
        if "sleep 5" in said:
            device.run_out()

    device.faults.watch = look


# ---- without a fault -----------------------------------------------------------------------------


@pytest.mark.parametrize("transport", ["https", "ssh", "telnet"])
async def test_a_good_change_is_confirmed_saved_and_leaves_nothing_behind(folder: Path, transport: Transport) -> None:
    async with loop_on(folder, transport=transport) as loop:
        await scenarios.goes_well(loop)
        assert (loop.device.checkpoints, loop.device.files) == ({}, {})
        assert [event.state for event in loop.events] == scenarios.STATES


async def test_the_device_looks_at_the_file_and_tells_its_own_difference(folder: Path) -> None:
    async with loop_on(folder) as loop:
        await loop.apply()
        said = "\n".join(loop.device.log)
        assert said.index("verify-only") < said.index("show diff rollback-patch") < said.index("commit-timeout 200")
        assert "best-effort" not in said


async def test_changes_one_after_the_other_do_not_use_up_the_checkpoints(folder: Path) -> None:
    async with loop_on(folder) as loop:
        loop.device.checkpoints |= {f"of-somebody-{number}": loop.base for number in range(9)}
        for turn in range(3):
            wish = await wish_of(folder, f"vlans: [{{id: {60 + turn}}}]", "n1")
            own = Loop(folder / str(turn), loop.device, loop.access, wish, loop.settings)
            await own.prepare()
            assert await own.apply()
            assert own.entry.state == "done", own.detail
        assert len(loop.device.checkpoints) == 9


# ---- what goes wrong on the way ------------------------------------------------------------------


async def test_a_change_whose_checks_fail_goes_back_when_the_timer_has_run_out(folder: Path) -> None:
    async with loop_on(folder, hurry=FAST, timer_s=100) as loop:
        await scenarios.fails_its_checks(loop)
        assert (loop.device.checkpoints, loop.device.files) == ({}, {})


async def test_a_line_that_the_device_does_not_know_is_found_before_anything_changes(folder: Path) -> None:
    async with loop_on(folder) as loop:
        loop.plan = replace(loop.plan, predicted=f"{loop.plan.predicted}frobnicate 7\n")
        seen: list[Config] = []
        loop.moment = lambda _: seen.append(loop.device.config)
        assert await loop.apply()
        loop.assert_whole()
        assert loop.entry.state == "refused", loop.detail
        assert "frobnicate 7" in loop.detail
        assert {id(config) for config in seen} == {id(loop.base)}
        assert (loop.device.checkpoints, loop.device.files) == ({}, {})


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
    async with loop_on(folder, intent=LOCKOUT, hurry=FAST, timer_s=60) as loop:
        await scenarios.cuts_itself_off(loop)


async def test_without_the_servers_for_files_nothing_is_changed(folder: Path) -> None:
    async with loop_on(folder) as loop:
        loop.device.apply([Line("no feature sftp-server")])
        await loop.prepare()
        assert await loop.apply()
        assert loop.entry.state == "refused", loop.detail
        assert "cannot be written by SFTP" in loop.detail
        assert loop.device.config == loop.base
        assert loop.device.checkpoints == {}


async def test_what_somebody_else_changed_before_the_replacement_is_kept(folder: Path) -> None:
    async with loop_on(folder) as loop:
        foreign = scenarios.changed_by_others(loop, THEIRS, "after exchange")
        assert await loop.apply()
        assert loop.entry.state == "refused", loop.detail
        assert "moved while the change was prepared" in loop.detail
        assert loop.device.config == foreign()
        assert (loop.device.checkpoints, loop.device.files) == ({}, {})


async def test_what_somebody_else_changed_under_the_timer_is_noticed(folder: Path) -> None:
    async with loop_on(folder) as loop:
        await scenarios.notices_others_under_its_timer(loop, THEIRS)


async def test_another_ones_timer_is_not_touched(folder: Path) -> None:
    async with loop_on(folder) as loop:
        loop.device.start_timer("config-replace", 10_000, lambda: None)
        assert await loop.apply()
        assert loop.entry.state in ("refused", "rolled_back"), loop.detail
        assert "waits for its commit" in loop.detail
        assert "config-replace" in loop.device.timers()
        assert loop.device.config == loop.base


@pytest.mark.parametrize(
    ("moment", "turn"),
    [("after exchange", 5), ("after read", 3), ("before open", 2), ("after exchange", 9), ("before save", 1)],
)
async def test_a_device_that_starts_anew_comes_back_with_what_was_saved(folder: Path, moment: str, turn: int) -> None:
    async with loop_on(folder) as loop:
        await scenarios.starts_anew(loop, moment, turn)
        assert loop.entry.state == "rolled_back", loop.detail


# ---- a controller that dies ----------------------------------------------------------------------


@pytest.mark.parametrize("late", [False, True], ids=["at once", "after the timer"])
async def test_a_controller_may_die_at_any_moment(folder: Path, *, late: bool) -> None:
    await scenarios.dies_anywhere(loop_on, folder, late=late)


async def test_a_controller_may_die_while_it_cuts_itself_off(folder: Path) -> None:
    await scenarios.dies_while_it_cuts_itself_off(loop_on, folder, intent=LOCKOUT, hurry=FAST, timer_s=40, pause_s=10.0)


async def test_a_recovery_may_die_as_well(folder: Path) -> None:
    await scenarios.dies_twice(loop_on, folder, first=16, turns=6)
