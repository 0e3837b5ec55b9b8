"""What must hold of the loop on every simulated system; each system's test tells its device, its intents and its words.

`loop_on(folder, **options)` is a system's own: a prepared loop on a device that has just started.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from pathlib import Path
from typing import Any

from tests.lab.sim_loop import Loop, crash_at

from netloom.lab.simulation.faults import Fault
from netloom.model.config import Config, Line

LoopOn = Callable[..., AbstractAsyncContextManager[Loop]]

PACE = {"verify_s": 20.0, "settle_s": 5.0, "reach_s": 100.0, "pause_s": 2.0}
"""Settings of a change, in the device's seconds."""
STATES = [
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
"""Of a change that nothing disturbs."""


# ---- one loop --------------------------------------------------------------------------------------


async def goes_well(loop: Loop) -> None:
    """A good change is confirmed, saved, and leaves nothing to plan."""
    assert await loop.apply()
    loop.assert_whole()
    assert loop.entry.state == "done", loop.detail
    assert (await loop.planned()).empty


async def fails_its_checks(loop: Loop) -> None:
    """A change whose checks fail goes back."""
    loop.passes = False
    assert await loop.apply()
    loop.assert_whole()
    assert loop.entry.state == "rolled_back", loop.detail
    assert "expected: well actual: ill" in loop.detail


def mistype(loop: Loop, line: str) -> None:
    """Let the plan's first operation end with a line that the device refuses."""
    operation = loop.plan.operations[0]
    broken = replace(operation, lines=(*operation.lines, Line(line)))
    loop.plan = replace(loop.plan, operations=(broken, *loop.plan.operations[1:]))


async def mistypes(loop: Loop) -> None:
    """A line that the device refuses leaves it whole, and is quoted with the device's words."""
    mistype(loop, "frobnicate")
    assert await loop.apply()
    loop.assert_whole()
    assert "frobnicate" in loop.detail
    assert "Invalid input" in loop.detail


async def survives(loop: Loop, fault: Fault) -> None:
    """Whatever the device does wrong once, it is whole in the end."""
    loop.device.faults.waiting.append(fault)
    assert await loop.apply()
    assert loop.entry.finished or await loop.recover()
    assert [struck for struck, _ in loop.device.faults.struck] == [fault.kind], loop.detail
    loop.assert_whole()


async def cuts_itself_off(loop: Loop) -> None:
    """A change that ends the way in is undone by the device itself."""
    assert await loop.apply()
    loop.assert_whole()
    assert loop.entry.state == "rolled_back", loop.detail


async def notices_others_under_its_timer(loop: Loop, line: str) -> None:
    """What somebody else enters is never confirmed; the device takes it along when it goes back."""
    changed_by_others(loop, line, "after open", turn=2)
    assert await loop.apply()
    assert loop.entry.state == "rolled_back", loop.detail
    assert "no longer as predicted" in loop.detail
    assert loop.device.config == loop.base, "it goes back to the whole configuration before, whoever changed what since"


async def starts_anew(loop: Loop, moment: str, turn: int) -> None:
    """A device that starts anew in the middle comes back with what was saved."""
    at(loop, moment, turn, loop.device.reboot)
    assert await loop.apply()
    assert loop.device.boots == 2
    assert loop.entry.finished or await loop.recover()
    loop.assert_whole()


def at(loop: Loop, moment: str, turn: int, act: Callable[[], object]) -> None:
    """Do something at the n-th moment of a name, once."""
    seen: list[str] = []

    def look(name: str) -> None:
        seen.append(name)
        if name == moment and seen.count(moment) == turn:
            act()

    loop.moment = look


def changed_by_others(loop: Loop, line: str, moment: str, *, turn: int = 1) -> Callable[[], Config]:
    """Somebody enters a line at a moment; gives what runs then."""
    found: list[Config] = []

    def act() -> None:
        loop.device.apply([Line(line)])
        found.append(loop.device.config)

    at(loop, moment, turn, act)
    return lambda: found[0]


# ---- a controller that dies ------------------------------------------------------------------------


async def moments(loop_on: LoopOn, folder: Path, **options: Any) -> list[str]:
    """The moments of a change that nothing disturbs."""
    async with loop_on(folder / "count", **options) as loop:
        seen: list[str] = []
        loop.moment = seen.append
        await loop.apply()
        return seen


async def each(turns: Iterable[int], check: Callable[[int], Awaitable[str]]) -> set[str]:
    """Several at once: a session waits for its prompts longer than it works."""
    room = asyncio.Semaphore(6)

    async def one(turn: int) -> str:
        async with room:
            return await check(turn)

    return set(await asyncio.gather(*(one(turn) for turn in turns)))


async def dies(loop: Loop, moment: int, *, late: bool) -> str:
    """The controller dies at a moment and comes back, at once or after the timer; the device's end."""
    seen: list[str] = []
    loop.moment = crash_at(moment, seen)
    assert not await loop.apply(), f"nothing happens at moment {moment}"
    if late:
        loop.device.run_out()
    assert await loop.recover()
    try:
        loop.assert_whole()
    except AssertionError as exc:
        raise AssertionError(f"died {seen[-1]} ({moment}): {exc}") from exc
    return loop.entry.state


async def dies_anywhere(
    loop_on: LoopOn, folder: Path, *, late: bool, first: int = 0, step: int = 1, **options: Any
) -> None:
    """Wherever the controller dies, the device is whole once it is back; all ends are met."""
    count = len(await moments(loop_on, folder, **options))
    assert count > 20

    async def check(moment: int) -> str:
        async with loop_on(folder / str(moment), **options) as loop:
            return await dies(loop, moment, late=late)

    assert await each(range(first, count, step), check) == {"refused", "rolled_back", "done"}


async def dies_while_it_cuts_itself_off(loop_on: LoopOn, folder: Path, *, step: int = 1, **options: Any) -> None:
    """The same where the change ends the way in, up to the first moment that nobody lives to see."""
    for moment in range(0, 60, step):
        async with loop_on(folder / str(moment), **options) as loop:
            loop.moment = crash_at(moment, [])
            survived = await loop.apply()
            loop.device.run_out()
            assert await loop.recover()
            loop.assert_whole()
            assert loop.entry.state in ("refused", "rolled_back")
            if survived:
                break
    assert moment > 10


async def dies_twice(loop_on: LoopOn, folder: Path, *, first: int, turns: int, **options: Any) -> set[str]:
    """A recovery may die as well; the devices' ends."""

    async def check(moment: int) -> str:
        async with loop_on(folder / str(moment), **options) as loop:
            loop.moment = crash_at(first, [])
            assert not await loop.apply()
            loop.moment = crash_at(moment, [])
            await loop.recover_disturbed()
            assert await loop.recover()
            loop.assert_whole()
            return loop.entry.state

    return await each(range(turns), check)
