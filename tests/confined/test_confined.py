"""Confined processes: what they answer, what ends them, and that nothing of them stays."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from netloom.confined.pool import ConfinedPool
from netloom.confined.process import Answer, ConfinedProcess, Ended

ECHO = "tests.confined.confined_echo"


async def asked(process: ConfinedProcess | ConfinedPool, message: str, wall_s: float = 30) -> Answer:
    return await process.ask(message.encode(), wall_s=wall_s, output_bytes=1 << 20)


@pytest.fixture
async def process(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[ConfinedProcess]:
    monkeypatch.setenv("PYTHONPATH", ".")  # the module asked for stands beside the tests
    monkeypatch.setenv("TOP_SECRET", "x")
    async with ConfinedProcess(ECHO) as found:
        yield found


async def test_one_process_answers_one_message_after_the_other(process: ConfinedProcess) -> None:
    assert (await asked(process, "say a b")).lines == [b'"a"', b'"b"']
    assert (await asked(process, "say end")).lines == [b'"end"']
    assert (await asked(process, "say " + "word " * 100_000)).lines == [b'"word"'] * 100_000
    assert (await asked(process, "nothing")).lines == []
    (first,) = (await asked(process, "pid")).lines
    assert (await asked(process, "pid")).lines == [first]
    assert process.answers == 6


async def test_it_sees_nothing_of_the_environment_but_where_its_libraries_are(process: ConfinedProcess) -> None:
    (line,) = (await asked(process, "environment")).lines
    assert set(eval(line)) <= {"PYTHONPATH", "LD_LIBRARY_PATH", "LC_CTYPE"}  # noqa: S307 - a list of names


ENDS = {
    "much 2000000": Answer([], Ended.OVERLONG),
    "sleep": Answer([], Ended.LATE),
    "burn 30": Answer([], Ended.KILLED, "status -24"),
    "hold 1000": Answer([], Ended.KILLED, "MemoryError"),
    "fail for a reason": Answer([b'"begun"'], Ended.FAILED, "ValueError: for a reason"),
    "exit 0": Answer([], Ended.FAILED, "status 0"),
    "exit 3": Answer([], Ended.FAILED, "status 3"),
}


@pytest.mark.parametrize("message", ENDS)
async def test_what_ends_it_is_told_and_the_next_message_finds_a_new_one(
    process: ConfinedProcess, message: str
) -> None:
    (before,) = (await asked(process, "pid")).lines
    assert await asked(process, message, wall_s=1 if message == "sleep" else 30) == ENDS[message]
    (after,) = (await asked(process, "pid")).lines
    assert after != before


async def test_the_caps_hold_for_each_message_alone(process: ConfinedProcess) -> None:
    """What three messages use together would be too much for one."""
    for _ in range(3):
        assert (await asked(process, "burn 0.7")).ended is None
        assert (await asked(process, "hold 50")).ended is None
    assert process.answers == 6


async def test_a_caller_that_gives_up_takes_the_process_with_it(process: ConfinedProcess) -> None:
    (before,) = (await asked(process, "pid")).lines
    asking = asyncio.create_task(asked(process, "sleep"))
    await asyncio.sleep(0)
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    (after,) = (await asked(process, "pid")).lines
    assert after != before, "it would still be at work on what nobody waits for"


async def test_a_pool_shares_its_processes_and_replaces_the_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", ".")
    async with ConfinedPool(ECHO, size=2) as pool:
        answers = await asyncio.gather(*(asked(pool, "pid") for _ in range(40)))
        assert len({tuple(answer.lines) for answer in answers}) == 2
        ended = [answer.ended for answer in await asyncio.gather(asked(pool, "exit 1"), asked(pool, "exit 1"))]
        assert ended == [Ended.FAILED] * 2
        assert (await asked(pool, "say on")).lines == [b'"on"']
