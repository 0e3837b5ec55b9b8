"""A simulated device far away: what it writes comes late, in order, and holds up nothing."""

from __future__ import annotations

import asyncio

from netloom.lab.simulation.distance import Distance
from netloom.lab.simulation.running import make
from netloom.lab.simulation.spec import Spec
from netloom.model.config import Line

TRIP_S = 0.02


async def test_writes_travel_side_by_side_and_arrive_in_order() -> None:
    arrived: list[bytes] = []
    all_there = asyncio.Event()

    def write(data: bytes) -> None:
        arrived.append(data)
        if len(arrived) == 50:
            all_there.set()

    loop = asyncio.get_running_loop()
    distance, started = Distance(write, TRIP_S), loop.time()
    for number in range(50):
        distance.write(b"%d" % number)
    assert arrived == []
    await all_there.wait()
    assert arrived == [b"%d" % number for number in range(50)]
    assert TRIP_S <= loop.time() - started < 50 * TRIP_S


async def test_the_end_brings_what_is_under_way_and_nothing_twice() -> None:
    arrived: list[bytes] = []
    distance = Distance(arrived.append, TRIP_S)
    distance.write(b"last ")
    distance.write(b"words")
    distance.end()
    await asyncio.sleep(2 * TRIP_S)
    assert arrived == [b"last ", b"words"]


async def test_without_distance_it_is_there_at_once() -> None:
    arrived: list[bytes] = []
    Distance(arrived.append, 0).write(b"here")
    assert arrived == [b"here"]


async def test_devices_that_start_alike_change_alone() -> None:
    config = "hostname twin\ninterface GigabitEthernet1\n description first\n"
    one, two = (make(Spec(name=name, platform="cisco_ios", config=config)).device for name in ("one", "two"))
    assert one.config is two.config
    assert [record.key for record in one.records("interface")] == [("GigabitEthernet1",)]
    one.apply([Line("description second", ("interface GigabitEthernet1",))])
    assert "description second" in one.text()
    assert "description first" in two.text()
    assert [getattr(record, "description", None) for record in two.records("interface")] == ["first"]
    assert [getattr(record, "description", None) for record in one.records("interface")] == ["second"]
