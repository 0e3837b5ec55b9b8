"""The loop on a simulated Junos: the candidate, commits under confirmation, faults, a controller that dies anywhere."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from tests.lab import sim_scenarios as scenarios
from tests.lab.junos_site import Transport, access, router
from tests.lab.sim_loop import Loop, wish_of

from netloom.intent.change import ApplySettings
from netloom.intent.planned import DevicePlan
from netloom.lab.simulation.faults import Fault, Kind
from netloom.lab.simulation.vendors.juniper_junos.database import CommitOptions, Database, Mode, database_of
from netloom.model.config import Line

GOOD = """
vlans:
  - {id: 30, name: printers}
interfaces:
  - {name: xe-0/0/4, description: to the printers}
switchports:
  - {interface: xe-0/0/4.0, mode: access, access_vlan: 30}
bgp_neighbors:
  - {peer: 10.0.0.2, remote_as: 65002, peer_group: PEERS, description: by netloom}
"""
LOCKOUT = GOOD.replace("interfaces:\n", "interfaces:\n  - {name: em0, enabled: false}\n", 1)
LOCK, LOAD, HISTORY, READ, UNLOCK, COMMIT = (
    "^lock-configuration",
    "load-configuration",
    "get-commit-information",
    "get-configuration",
    "unlock-configuration",
    "commit-configuration",
)
CHECK, ARM, CONFIRM = (COMMIT, 0), (COMMIT, 1), (COMMIT, 2)
"""Which of the commits it is."""
STEPS = (
    (LOCK, 0),
    (LOAD, 0),
    CHECK,
    (READ, 1),
    (READ, 2),
    ARM,
    (UNLOCK, 0),
    (HISTORY, 3),
    (LOCK, 1),
    CONFIRM,
    (UNLOCK, 1),
)
PLANS: dict[str, DevicePlan] = {}
"""What each intent comes to on the same device: planned once."""
HURRY, TIMER_S, LONG_S = 200.0, 120, 1800


class JunosLoop(Loop):
    """A loop that leaves nothing locked, and nothing in the candidate."""

    def assert_whole(self) -> None:
        super().assert_whole()
        assert database(self).holder is None, "the lock is held by nobody"
        assert database(self).shared is None, "something is left in the candidate"


@asynccontextmanager
async def loop_on(
    folder: Path, *, intent: str = GOOD, transport: Transport = "netconf", **settings: Any
) -> AsyncIterator[Loop]:
    given = {"timer_s": TIMER_S, **scenarios.PACE} | settings
    async with router(hurry=HURRY) as running:
        wish = await wish_of(folder, intent, "mx1")
        loop = JunosLoop(folder, running.device, access(running, transport), wish, ApplySettings(**given))
        if intent not in PLANS:
            PLANS[intent] = (await loop.prepare()).plan
        loop.plan, loop.base = PLANS[intent], loop.device.config
        loop.predicted = loop.platform.parse(loop.plan.predicted)
        loop.device.save()
        yield loop


def database(loop: Loop) -> Database:
    return database_of(loop.device)


def somebody(loop: Loop, mode: Mode = "shared") -> Any:
    """Eve edits: a function that enters a line, and one that commits."""
    edit = database(loop).join("eve", "cli", mode)

    def enter(line: str) -> None:
        config = loop.device.applied(database(loop).candidate(edit), [Line(line)])
        database(loop).change(edit, config)

    def commit(**options: Any) -> None:
        database(loop).commit(edit, CommitOptions(**options))

    return enter, commit


# ---- without a fault -----------------------------------------------------------------------------


@pytest.mark.parametrize("transport", ["netconf", "ssh", "telnet"])
async def test_a_good_change_is_confirmed_and_leaves_nothing_to_plan(folder: Path, transport: Transport) -> None:
    async with loop_on(folder, transport=transport) as loop:
        await scenarios.goes_well(loop)
        assert [event.state for event in loop.events][-5:] == scenarios.STATES[-5:]
        logs = [commit.comment for commit in database(loop).history]
        assert logs[:2] == ["netloom-t1", "netloom-t1"]
        assert [bool(commit.timer) for commit in database(loop).history][:2] == [False, True]


async def test_the_devices_own_difference_is_asked_for(folder: Path) -> None:
    async with loop_on(folder) as loop:
        asked: list[str] = []
        loop.device.faults.watch = asked.append
        await loop.apply()
        assert asked.index("load-configuration") < asked.index("commit-configuration")
        assert asked[asked.index("commit-configuration") + 1] == "get-configuration"


# ---- what goes wrong on the way ------------------------------------------------------------------


@pytest.mark.parametrize("transport", ["netconf", "telnet"])
async def test_a_change_whose_checks_fail_goes_back(folder: Path, transport: Transport) -> None:
    async with loop_on(folder, transport=transport) as loop:
        await scenarios.fails_its_checks(loop)
        assert database(loop).history[0].comment == "netloom-t1-reverted"


@pytest.mark.parametrize("transport", ["netconf", "telnet"])
@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("set frobnicate", "syntax error"),
        ("set interfaces xe-0/0/4 mtu 1", "invalid value"),
        ("set protocols bgp group PEERS import NOWHERE", "NOWHERE referenced but not defined"),
    ],
)
async def test_what_junos_refuses_leaves_nothing_behind(
    folder: Path, transport: Transport, line: str, words: str
) -> None:
    async with loop_on(folder, transport=transport) as loop:
        scenarios.mistype(loop, line)
        assert await loop.apply()
        loop.assert_whole()
        assert loop.entry.state in ("refused", "rolled_back"), loop.detail
        assert words in loop.detail
        assert len(database(loop).history) == 1, "nothing was committed"


LOST: list[tuple[str, int, Kind]] = [
    (command, after, kind) for command, after in STEPS for kind in ("reset", "reset_after", "reject")
]


@pytest.mark.parametrize(("command", "after", "kind"), LOST)
async def test_a_lost_or_refused_reply_leaves_the_device_whole(
    folder: Path, command: str, after: int, kind: Kind
) -> None:
    async with loop_on(folder) as loop:
        await scenarios.survives(loop, Fault(kind, command, after=after))
        if (command, after) == CONFIRM and kind == "reset_after":
            assert loop.entry.state == "done", loop.detail


@pytest.mark.parametrize(
    ("command", "after"), [("commit confirmed", 0), ("commit comment", 0), ("show system commit", 4)]
)
@pytest.mark.parametrize("kind", ["reset", "reset_after"])
async def test_the_same_holds_on_a_command_line(folder: Path, command: str, after: int, kind: Kind) -> None:
    async with loop_on(folder, transport="telnet") as loop:
        await scenarios.survives(loop, Fault(kind, command, after=after))


@pytest.mark.parametrize("transport", ["netconf", "telnet"])
async def test_whoever_cuts_himself_off_is_back_when_the_timer_has_run_out(folder: Path, transport: Transport) -> None:
    async with loop_on(folder, intent=LOCKOUT, timer_s=60, transport=transport) as loop:
        await scenarios.cuts_itself_off(loop)
        assert database(loop).history[0].client == "other", "the device went back by itself"


# ---- others ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("transport", ["netconf", "telnet"])
async def test_somebodys_lock_is_respected(folder: Path, transport: Transport) -> None:
    async with loop_on(folder, transport=transport) as loop:
        somebody(loop, "exclusive")
        assert await loop.apply()
        assert loop.entry.state in ("refused", "rolled_back"), loop.detail
        assert "locked by" in loop.detail
        assert "eve" in loop.detail
        assert database(loop).holder is not None
        assert loop.device.config == loop.base


@pytest.mark.parametrize("transport", ["netconf", "telnet"])
async def test_what_somebody_has_in_the_candidate_stays_there(folder: Path, transport: Transport) -> None:
    async with loop_on(folder, transport=transport) as loop:
        enter, _ = somebody(loop)
        enter("set vlans theirs vlan-id 99")
        assert await loop.apply()
        assert loop.entry.state in ("refused", "rolled_back"), loop.detail
        assert "modified" in loop.detail
        shared = database(loop).shared
        assert shared is not None
        assert "theirs" in shared.tree["vlans"]
        assert loop.device.config == loop.base


@pytest.mark.parametrize("transport", ["netconf", "telnet"])
async def test_somebodys_commit_that_waits_is_neither_confirmed_nor_undone(folder: Path, transport: Transport) -> None:
    async with loop_on(folder, transport=transport) as loop:
        enter, commit = somebody(loop)
        enter("set vlans theirs vlan-id 99")
        commit(seconds=6000.0, log="theirs")
        loop.plan = await loop.planned()
        assert await loop.apply()
        assert loop.entry.state in ("refused", "rolled_back"), loop.detail
        assert "another commit waits to be confirmed" in loop.detail
        assert "commit" in loop.device.timers(), "it still waits"
        assert "theirs" in loop.device.config.tree["vlans"]
        assert [commit.comment for commit in database(loop).history] == ["theirs", ""]


async def test_what_somebody_commits_before_we_do_is_kept(folder: Path) -> None:
    async with loop_on(folder) as loop:
        enter, commit = somebody(loop)

        def act() -> None:
            enter("set vlans theirs vlan-id 99")
            commit(log="theirs")

        scenarios.at(loop, "after read", 1, act)
        assert await loop.apply()
        assert loop.entry.state in ("refused", "rolled_back", "needs_operator"), loop.detail
        assert "theirs" in loop.device.config.tree["vlans"]
        assert "printers" not in loop.device.config.tree["vlans"]
        assert database(loop).holder is None


async def test_somebody_who_commits_under_our_timer_confirms_ours_and_a_person_has_to_look(folder: Path) -> None:
    async with loop_on(folder) as loop:
        enter, commit = somebody(loop)

        def act() -> None:
            enter("set vlans theirs vlan-id 99")
            commit(log="theirs")

        scenarios.at(loop, "after open", 2, act)
        assert await loop.apply()
        assert loop.entry.state == "needs_operator", loop.detail
        assert {"theirs", "printers"} <= set(loop.device.config.tree["vlans"])
        assert database(loop).history[0].comment == "theirs"
        assert loop.device.timers() == {}


async def test_somebodys_edits_under_our_timer_are_not_committed_by_us(folder: Path) -> None:
    async with loop_on(folder) as loop:
        enter, _ = somebody(loop)
        scenarios.at(loop, "after open", 2, lambda: enter("set vlans theirs vlan-id 99"))
        assert await loop.apply()
        assert loop.entry.state == "done", loop.detail
        assert loop.device.config == loop.predicted
        shared = database(loop).shared
        assert shared is not None
        assert "theirs" in shared.tree["vlans"]


@pytest.mark.parametrize(
    ("moment", "turn"),
    [("after exchange", 2), ("after exchange", 6), ("after read", 3), ("before open", 2), ("after exchange", 12)],
)
async def test_a_device_that_starts_anew_comes_back_with_what_was_confirmed(
    folder: Path, moment: str, turn: int
) -> None:
    async with loop_on(folder) as loop:
        await scenarios.starts_anew(loop, moment, turn)


# ---- a controller that dies ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("transport", "late", "first", "step"),
    [("netconf", False, 0, 1), ("netconf", True, 1, 2), ("telnet", False, 0, 3), ("telnet", True, 1, 5)],
    ids=["netconf, at once", "netconf, after the timer", "telnet, at once", "telnet, after the timer"],
)
async def test_a_controller_may_die_at_any_moment(
    folder: Path, transport: Transport, *, late: bool, first: int, step: int
) -> None:
    await scenarios.dies_anywhere(
        loop_on, folder, late=late, first=first, step=step, transport=transport, timer_s=LONG_S
    )


async def test_a_controller_may_die_while_it_cuts_itself_off(folder: Path) -> None:
    await scenarios.dies_while_it_cuts_itself_off(loop_on, folder, step=2, intent=LOCKOUT, timer_s=40, pause_s=10.0)


async def test_a_recovery_may_die_as_well(folder: Path) -> None:
    await scenarios.dies_twice(loop_on, folder, first=24, turns=8, timer_s=LONG_S)
