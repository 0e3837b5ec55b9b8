"""A change of several devices: canary, batches, policies, halt, checks, and who is told what."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.intent.simulated_device import (
    Clock,
    SimulatedDevice,
    SimulatedGuard,
    apply_lines,
    parse,
    simulated_platform,
)

from netloom.errors import CommandRejected, PlanRefused
from netloom.intent.apply import Change
from netloom.intent.change import FINAL, NEXT, ApplySettings, Event, Means, Session, State
from netloom.intent.checks import CheckResult
from netloom.intent.journal import changes, unfinished
from netloom.intent.locks import Locks
from netloom.intent.planned import DevicePlan, Operation, Plan, config_hash
from netloom.intent.recover import recover
from netloom.model.config import Line

BASE = "a 1\nmgmt\n"
KEY = bytes(32)
SENT = (Line("-a 1"), Line("+a 2"))


class Fleet:
    """Devices that all get the same change."""

    def __init__(self, workspace: Path, names: Sequence[str] = ("r1", "r2", "r3", "r4")) -> None:
        self.workspace = workspace
        self.clock = Clock()
        self.devices = {name: SimulatedDevice(self.clock, set(BASE.split("\n")) - {""}) for name in names}
        self.platform = simulated_platform(SimulatedGuard())
        self.opened: list[str] = []
        self.events: list[Event] = []
        self.settings = ApplySettings(timer_s=60, verify_s=5, settle_s=2, reach_s=10)

    def open(self, name: str) -> AbstractAsyncContextManager[Session]:
        self.opened.append(name)
        return self.devices[name].open(name)

    def means(self, **more: Any) -> Means:
        plain = Means(
            open=self.open,
            workspace=self.workspace,
            key=KEY,
            platform=lambda _: self.platform,
            now=self.clock.now,
            monotonic=self.clock.monotonic,
            sleep=self.clock.sleep,
            operator="ann",
        )
        return replace(plain, **more)

    def plan(self, name: str) -> DevicePlan:
        predicted = self.platform.format(apply_lines(parse(BASE), SENT))
        operation = Operation("lines", ("a",), "update", None, None, SENT, "the test")
        back = (Line("-a 2"), Line("+a 1"))
        return DevicePlan(
            name, "simulated", config_hash(self.platform, BASE), (operation,), back, predicted, on_change=("clear",)
        )

    def change(self, batches: Sequence[Sequence[str]], means: Means | None = None, **settings: Any) -> Change:
        plan = Plan("p", self.clock.now(), tuple(self.plan(name) for name in self.devices))
        return Change("c1", plan, batches, means or self.means(), replace(self.settings, **settings))

    async def apply(self, batches: Sequence[Sequence[str]], means: Means | None = None, **settings: Any) -> Change:
        change = self.change(batches, means, **settings)
        async for event in change.run():
            self.events.append(event)
        return change

    def states(self, change: Change) -> dict[str, State]:
        return {name: outcome.state for name, outcome in change.outcomes.items()}

    def of(self, device: str) -> list[State]:
        return [event.state for event in self.events if event.device == device]


@pytest.fixture
def fleet(tmp_path: Path) -> Fleet:
    return Fleet(tmp_path)


def failing(*devices: str) -> Callable[[str], Awaitable[Sequence[CheckResult]]]:
    """A check that fails on some devices."""

    async def check(device: str) -> Sequence[CheckResult]:
        passed = device not in devices
        return [
            CheckResult(check="bgp", device=device, passed=passed, expected="up", actual="up" if passed else "down")
        ]

    return check


def test_every_state_leads_somewhere_and_ends_lead_nowhere() -> None:
    assert {state for states in NEXT.values() for state in states} <= set(NEXT)
    assert {state for state, following in NEXT.items() if not following} == FINAL


async def test_a_change_goes_through_every_state_in_order(fleet: Fleet) -> None:
    change = await fleet.apply([["r1"], ["r2", "r3", "r4"]])
    assert change.ok
    assert fleet.of("r1") == [
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
    first = [event.device for event in fleet.events].index("r2")
    assert {event.device for event in fleet.events[:first]} == {"r1"}
    device = fleet.devices["r1"]
    assert device.running == device.startup == {"a 2", "mgmt"}
    assert device.operations.count("run clear") == 1
    assert device.operations.index("confirm") < device.operations.index("save")
    assert unfinished(fleet.workspace, key=KEY) == []


async def test_a_moved_device_is_refused_before_anything_is_sent(fleet: Fleet) -> None:
    fleet.devices["r1"].running.add("somebody else's")
    change = await fleet.apply([["r1"], ["r2", "r3", "r4"]])
    assert set(fleet.states(change).values()) == {"refused"}
    assert change.outcomes["r1"].detail == "r1: the running configuration moved since the plan was made; plan again"
    assert change.outcomes["r2"].detail.startswith("not reached: r1: refused")
    assert fleet.devices["r1"].operations == ["open", "running_config"]
    assert fleet.devices["r2"].operations == []


async def test_a_rejected_line_is_undone_and_named_without_its_secret(fleet: Fleet) -> None:
    fleet.platform = replace(fleet.platform, secrets=(re.compile("password (?P<secret>.+)"),))
    fleet.devices["r1"].rejected = "a 2"
    sent = CommandRejected(device="r1", line="x password hunter2", answer="% no password hunter2 here")

    def fault(device: SimulatedDevice, operation: str, when: str) -> None:
        if operation == "line +a 2":
            raise sent

    fleet.devices["r1"].fault = fault
    change = await fleet.apply([["r1"], ["r2", "r3", "r4"]])
    assert change.outcomes["r1"].state == "rolled_back"
    assert "'x password <secret>' was rejected: % no password <secret> here" in change.outcomes["r1"].detail
    assert b"hunter2" not in changes(fleet.workspace, key=KEY)[0].path.read_bytes()
    assert fleet.devices["r1"].running == set(BASE.split("\n")) - {""}


async def test_checks_get_time_to_pass(fleet: Fleet) -> None:
    seen: list[float] = []

    async def slowly(device: str) -> Sequence[CheckResult]:
        seen.append(fleet.clock.seconds)
        return await failing(*([] if len(seen) > 3 else [device]))(device)

    change = await fleet.apply([["r1"], ["r2", "r3", "r4"]], fleet.means(after=slowly))
    assert change.ok


async def test_a_check_that_never_passes_rolls_back_well_before_the_timer(fleet: Fleet) -> None:
    change = await fleet.apply([["r1"], ["r2", "r3", "r4"]], fleet.means(after=failing("r1")))
    assert fleet.of("r1")[-2:] == ["rolling_back", "rolled_back"]
    assert "check bgp failed: expected: up actual: down" in change.outcomes["r1"].detail
    assert fleet.clock.seconds < 30
    assert fleet.devices["r1"].saved == []


async def test_a_check_that_fails_beforehand_refuses(fleet: Fleet) -> None:
    change = await fleet.apply([["r1"], ["r2", "r3", "r4"]], fleet.means(before=failing("r1")))
    assert change.outcomes["r1"].state == "refused"
    assert "arm" not in fleet.devices["r1"].operations


async def test_stop_keeps_what_is_done(fleet: Fleet) -> None:
    change = await fleet.apply([["r1"], ["r2", "r3"], ["r4"]], fleet.means(after=failing("r3")), policy="stop")
    assert fleet.states(change) == {"r1": "done", "r2": "done", "r3": "rolled_back", "r4": "refused"}


async def test_a_batch_stands_or_falls_together(fleet: Fleet) -> None:
    means = fleet.means(after=failing("r3"))
    change = await fleet.apply([["r1"], ["r2", "r3"], ["r4"]], means, policy="rollback_batch")
    assert fleet.states(change) == {"r1": "done", "r2": "rolled_back", "r3": "rolled_back", "r4": "refused"}
    assert "another device of the batch failed" in change.outcomes["r2"].detail
    assert fleet.devices["r2"].saved == []


async def test_all_can_go_back_under_a_timer_of_their_own(fleet: Fleet) -> None:
    means = fleet.means(after=failing("r3"))
    change = await fleet.apply([["r1"], ["r2", "r3"], ["r4"]], means, policy="rollback_all")
    assert fleet.states(change) == {"r1": "rolled_back", "r2": "rolled_back", "r3": "rolled_back", "r4": "refused"}
    device = fleet.devices["r1"]
    assert device.running == device.startup == {"a 1", "mgmt"}
    assert device.operations.count("arm") == device.operations.count("confirm") == 2
    assert [entry.id for entry in changes(fleet.workspace, key=KEY)] == ["c1", "c1-back"]


async def test_of_a_thousand_devices_that_refuse_only_the_canary_is_touched(tmp_path: Path) -> None:
    names = [f"r{number}" for number in range(1000)]
    fleet = Fleet(tmp_path, names)
    change = await fleet.apply([names[:1], names[1:100], names[100:]], fleet.means(after=failing(*names)))
    assert set(fleet.opened) == {"r0"}
    assert fleet.states(change)["r0"] == "rolled_back"
    assert fleet.states(change)["r999"] == "refused"


@pytest.mark.parametrize(
    ("at", "end"),
    [
        ("running_config", "refused"),
        ("arm", "rolled_back"),
        ("line -a 1", "rolled_back"),
        ("status", "rolled_back"),
        ("confirm", "done"),
    ],
)
async def test_a_halt_stops_before_the_next_step(fleet: Fleet, at: str, end: str) -> None:
    def fault(device: SimulatedDevice, operation: str, when: str) -> None:
        if operation == at:
            fleet.means().halt.touch()

    fleet.devices["r1"].fault = fault
    change = await fleet.apply([["r1"], ["r2", "r3", "r4"]])
    assert change.outcomes["r1"].state == end
    assert fleet.states(change)["r2"] == "refused"
    assert "halt" in change.stopped


async def test_a_halt_refuses_the_next_change(fleet: Fleet) -> None:
    fleet.means().halt.parent.mkdir()
    fleet.means().halt.touch()
    with pytest.raises(PlanRefused, match="halted"):
        await fleet.apply([["r1", "r2", "r3", "r4"]])


async def test_a_device_held_by_another_operator_is_left_alone(fleet: Fleet) -> None:
    with Locks(fleet.workspace) as locks:
        locks.acquire("r1", operator="bob", change="c0")
        change = await fleet.apply([["r1"], ["r2", "r3", "r4"]])
    assert change.outcomes["r1"].state == "refused"
    assert "held by bob for change c0" in change.outcomes["r1"].detail
    assert fleet.opened == []


async def test_a_lock_lost_in_mid_change_stops_this_side(fleet: Fleet) -> None:
    def steal(device: SimulatedDevice, operation: str, when: str) -> None:
        if operation == "line +a 2" and when == "after":
            locks = Locks(fleet.workspace)
            locks._open().execute("UPDATE device_lock SET token = token + 1, operator = 'bob'")
            locks.close()

    fleet.devices["r1"].fault = steal
    change = await fleet.apply([["r1"], ["r2", "r3", "r4"]])
    assert change.outcomes["r1"].state == "needs_operator"
    assert "taken over" in change.outcomes["r1"].detail
    assert fleet.devices["r1"].operations[-1] == "line +a 2"


async def test_too_little_time_left_on_the_timer_is_no_time_to_confirm(fleet: Fleet) -> None:
    def slow(device: SimulatedDevice, operation: str, when: str) -> None:
        if operation == "status" and when == "before":
            fleet.clock.pass_by(25)

    fleet.devices["r1"].fault = slow
    change = await fleet.apply([["r1"], ["r2", "r3", "r4"]])
    assert change.outcomes["r1"].state == "rolled_back"
    assert "too late to confirm" in change.outcomes["r1"].detail
    assert "confirm" not in fleet.devices["r1"].operations


async def test_a_plan_that_is_not_empty_afterwards_is_handed_over(fleet: Fleet) -> None:
    async def two_left(_device: str) -> int:
        return 2

    change = await fleet.apply([["r1"], ["r2", "r3", "r4"]], fleet.means(replan=two_left))
    assert change.outcomes["r1"].state == "needs_operator"
    assert "planning again finds operations left: 2" in change.outcomes["r1"].detail


async def test_a_device_that_is_away_when_it_is_planned_again_is_asked_again(fleet: Fleet) -> None:
    answers = [OSError("no route"), OSError("no route")]

    async def away_twice(_device: str) -> int:
        if answers:
            raise answers.pop()
        return 0

    change = await fleet.apply([["r1"], ["r2", "r3", "r4"]], fleet.means(replan=away_twice))
    assert change.ok, change.outcomes["r1"].detail


async def test_a_device_that_stays_away_when_it_is_planned_again_is_handed_over(fleet: Fleet) -> None:
    async def away(_device: str) -> int:
        raise OSError("no route")

    change = await fleet.apply([["r1"], ["r2", "r3", "r4"]], fleet.means(replan=away))
    assert change.outcomes["r1"].state == "needs_operator"
    assert "saved, but planning again failed: OSError: no route" in change.outcomes["r1"].detail


@pytest.mark.parametrize("seconds", [5.0, 600.0])
async def test_a_candidate_on_a_device_that_goes_away_is_dropped_later(fleet: Fleet, seconds: float) -> None:
    fleet.platform = simulated_platform(SimulatedGuard(stages=True))
    device = fleet.devices["r1"]

    def cut(device: SimulatedDevice, operation: str, when: str) -> None:
        if (operation, when) == ("stage", "after"):
            device.down_until = device.clock.seconds + seconds

    device.fault = cut
    change = await fleet.apply([["r1"], ["r2", "r3", "r4"]])
    outcome = change.outcomes["r1"]
    if seconds < 20:
        assert outcome.state == "refused", outcome.detail
    else:
        assert outcome.state == "unknown"
        assert "its candidate may still be there: netloom recover drops it" in outcome.detail
        assert list(device.candidates)
        fleet.clock.pass_by(seconds)
        assert [event.state async for event in recover(fleet.means(), fleet.settings)] == ["refused"]
    assert (device.candidates, device.running) == ({}, {"a 1", "mgmt"})
    assert unfinished(fleet.workspace, key=KEY) == []


async def test_what_a_device_would_have_put_away_after_the_confirm_is_put_away_though_its_reply_is_lost(
    fleet: Fleet,
) -> None:
    fleet.platform = simulated_platform(SimulatedGuard(stages=True))
    device = fleet.devices["r1"]

    def cut(device: SimulatedDevice, operation: str, when: str) -> None:
        if (operation, when) == ("confirm", "after"):
            device.candidates["what the timer needed"] = []
            device.down_until = device.clock.seconds + 1

    device.fault = cut
    change = await fleet.apply([["r1"], ["r2", "r3", "r4"]])
    assert change.ok, change.outcomes["r1"].detail
    assert device.operations[-1] == "discard"
    assert "discard" not in fleet.devices["r2"].operations


async def test_a_change_that_comes_back_on_the_way_back_goes_by_its_inverse(fleet: Fleet) -> None:
    device = fleet.devices["r1"]

    def again(device: SimulatedDevice, operation: str, when: str) -> None:
        if (operation, when) == ("revert", "after"):
            device.running = {"a 2", "mgmt"}
            device.timer = replace(device.timer, acknowledged=True, deadline=-100) if device.timer else None

    device.fault = again
    change = await fleet.apply([["r1"], ["r2", "r3", "r4"]], fleet.means(after=failing("r1")))
    assert change.outcomes["r1"].state == "rolled_back", change.outcomes["r1"].detail
    assert "rolled back by the inverse" in change.outcomes["r1"].detail
    assert device.running == {"a 1", "mgmt"}


async def test_without_a_timer_a_change_needs_to_be_allowed(fleet: Fleet) -> None:
    fleet.platform = simulated_platform(None)
    change = await fleet.apply([["r1"], ["r2", "r3", "r4"]])
    assert "has no dead-man timer; allow changes without a timer" in change.outcomes["r1"].detail
    assert fleet.devices["r1"].running == {"a 1", "mgmt"}


async def test_an_allowed_change_without_a_timer_says_so(fleet: Fleet) -> None:
    fleet.platform = simulated_platform(None)
    change = await fleet.apply([["r1"], ["r2", "r3", "r4"]], unguarded=True)
    assert change.ok
    assert Event("r1", "applying", "unguarded: no timer on the device") in fleet.events


async def test_an_open_change_forbids_the_next_until_it_is_recovered(fleet: Fleet) -> None:
    device = fleet.devices["r1"]

    def gone(at: SimulatedDevice, operation: str, when: str) -> None:
        if operation == "line +a 2":
            at.down_until = 10_000

    device.fault = gone
    change = await fleet.apply([["r1"], ["r2", "r3", "r4"]])
    assert change.outcomes["r1"].state == "unknown"
    with pytest.raises(PlanRefused, match=r"r1: change c1 has not come to its end; run `netloom recover`"):
        await fleet.apply([["r1", "r2", "r3", "r4"]])
    device.fault = None
    fleet.clock.pass_by(10_000)
    assert [event async for event in recover(fleet.means(), fleet.settings)] == [
        Event("r1", "rolled_back", "the device is as before")
    ]
    again = fleet.change([["r1", "r2", "r3", "r4"]])
    again.id = "c2"
    async for _ in again.run():
        pass
    assert again.ok


async def test_a_device_in_no_batch_or_in_two_is_refused(fleet: Fleet) -> None:
    for batches in ([["r1"]], [["r1", "r2"], ["r2", "r3", "r4"]]):
        with pytest.raises(PlanRefused, match="exactly one batch"):
            await fleet.apply(batches)


async def test_a_defect_on_one_device_lets_the_others_end(fleet: Fleet) -> None:
    def broken(device: SimulatedDevice, operation: str, when: str) -> None:
        if operation == "line +a 2":
            raise ZeroDivisionError

    fleet.devices["r2"].fault = broken
    change = await fleet.apply([["r1", "r2"], ["r3", "r4"]])
    assert fleet.states(change) == {"r1": "done", "r2": "needs_operator", "r3": "refused", "r4": "refused"}
    assert "stopped in applying: ZeroDivisionError" in change.outcomes["r2"].detail
    (entry,) = unfinished(fleet.workspace, key=KEY)
    assert [device.device for device in entry.unfinished] == ["r2"]


async def test_a_reader_that_goes_away_stops_the_change_and_leaves_it_to_the_timer(fleet: Fleet) -> None:
    events = fleet.change([["r1", "r2"], ["r3", "r4"]]).run()
    async for event in events:
        if event.state == "applying":
            break
    await events.aclose()
    await asyncio.sleep(0)
    assert {task for task in asyncio.all_tasks() if task is not asyncio.current_task()} == set()
    assert unfinished(fleet.workspace, key=KEY)
