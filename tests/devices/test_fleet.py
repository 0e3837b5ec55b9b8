from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import aclosing
from pathlib import Path

import pytest
from tests.devices.fake_device import STALL, Router, access, ssh_device, telnet_device

from netloom.devices.fleet import Outcome, run_fleet
from netloom.devices.session import Session
from netloom.errors import OperationTimeout, Refused
from netloom.model.host import Access
from netloom.transports.host_keys import HostKeys


@pytest.fixture
def keys(tmp_path: Path) -> HostKeys:
    return HostKeys(tmp_path / "known_hosts")


async def show_clock(session: Session) -> str:
    return await session.run("show clock")


async def test_one_stalling_device_delays_none_of_five_hundred(keys: HostKeys) -> None:
    """The stalling one would hold its place for ten seconds; the others are through long before."""
    good, bad = Router(commands={"show clock": [b"12:00\r\n"]}), Router(commands={"show clock": [b"12:", STALL]})
    async with telnet_device(good) as good_port, telnet_device(bad) as bad_port:
        accesses = [access("stalling", bad_port, transport="telnet")]
        accesses += [access(f"r{number}", good_port, transport="telnet") for number in range(499)]
        done = 0
        async with aclosing(run_fleet(accesses, show_clock, keys=keys, limit=100)) as outcomes:
            async for outcome in outcomes:
                assert outcome.ok, outcome.error
                assert outcome.value == "12:00\n"
                done += 1
                if done == 499:
                    break
    assert done == 499


async def test_every_device_has_one_outcome_of_its_own(keys: HostKeys) -> None:
    router = Router(commands={"show clock": [b"12:00\r\n"], "hang": [STALL]})

    async def work(session: Session) -> str:
        if session.access.name == "crash":
            raise ZeroDivisionError("a bug in the work")
        return await session.run("hang" if session.access.name == "slow" else "show clock")

    async with ssh_device(router) as port:
        accesses = [access(name, port) for name in ("a", "crash", "slow", "b")]
        accesses.insert(2, access("closed", 1))
        found: dict[str, Outcome[str]] = {}
        async for outcome in run_fleet(accesses, work, keys=keys, limit=2, timeout_s=1.0):
            found[outcome.device] = outcome
    assert {name: outcome.value for name, outcome in found.items() if outcome.ok} == {"a": "12:00\n", "b": "12:00\n"}
    errors = {name: type(outcome.error) for name, outcome in found.items() if not outcome.ok}
    assert errors == {"crash": ZeroDivisionError, "closed": Refused, "slow": OperationTimeout}
    assert str(found["slow"].error).startswith("slow: it took longer than 1 s")


async def test_the_limit_holds(keys: HostKeys) -> None:
    running = most = 0

    async def work(_: Session) -> None:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(0)
        running -= 1

    outcomes = [one async for one in run_fleet([access(f"r{n}", 1) for n in range(50)], work, keys=keys, limit=7)]
    assert len(outcomes) == 50
    assert all(outcome.ok for outcome in outcomes)
    assert most == 7


async def test_an_empty_fleet_is_done_at_once(keys: HostKeys) -> None:
    assert [outcome async for outcome in run_fleet([], show_clock, keys=keys)] == []


async def test_devices_are_taken_as_there_is_room(keys: HostKeys) -> None:
    """A thousand devices are not a thousand tasks: the inventory is read as the work goes on."""
    taken = 0

    def inventory() -> Iterator[Access]:
        nonlocal taken
        for number in range(1_000):
            taken += 1
            yield access(f"r{number}", 1)

    async def work(_: Session) -> None:
        return

    async with aclosing(run_fleet(inventory(), work, keys=keys, limit=10)) as outcomes:
        await anext(outcomes)
        # Ten at work, ten done and waiting to be read, and the ten that took the places of those.
        assert taken <= 31


async def test_a_cancelled_run_leaves_no_task_and_no_connection(keys: HostKeys) -> None:
    router = Router(commands={"show clock": [b"12:", STALL]})
    async with ssh_device(router) as port:
        before = asyncio.all_tasks()

        async def run() -> None:
            async for _ in run_fleet([access(f"r{n}", port) for n in range(8)], show_clock, keys=keys):
                pass

        task = asyncio.create_task(run())
        while len(router.typed) < 16:
            await asyncio.wait((task,), timeout=0.01)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        ours = {left for left in asyncio.all_tasks() - before if "fleet" in repr(left)}
        assert ours == set()
