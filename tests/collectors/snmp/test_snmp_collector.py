"""The SNMP collector from agents to the store, in one process."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.collectors.snmp.agent_double import (
    COUNTER32,
    COUNTER64,
    GAUGE32,
    TICKS,
    AgentDouble,
    agent_double,
    identifier,
    number,
    text,
)

from netloom.collectors.contract import Context
from netloom.collectors.health import Health
from netloom.collectors.site import Site
from netloom.collectors.snmp.poll import Poll
from netloom.collectors.snmp.run import STATUS_FILE, SnmpCollector, collector
from netloom.collectors.snmp.settings import SETTINGS, SnmpSettings
from netloom.errors import SecretError, SourceError, UsageError
from netloom.inventory.deferred import DeferredSecret
from netloom.model.host import Access, Host, SnmpAccess
from netloom.model.secret import Secret
from netloom.store.streams import Streams

IF, IFX = "1.3.6.1.2.1.2.2.1", "1.3.6.1.2.1.31.1.1.1"
QUICK = SnmpSettings(interval_s=0.15, flush_s=0.05, tries_s=0.05, tries=2, poll_s=2.0, refresh_polls=4)


def device(ports: Mapping[int, str], *, uptime: int = 100_000) -> dict[str, bytes]:
    """A device with these interfaces: ifIndex → name."""
    objects = {
        "1.3.6.1.2.1.1.1.0": text("a double"),
        "1.3.6.1.2.1.1.2.0": identifier("1.3.6.1.4.1.9.1.1"),
        "1.3.6.1.2.1.1.3.0": number(uptime, TICKS),
        "1.3.6.1.2.1.31.1.5.0": number(0, TICKS),
    }
    for index, name in ports.items():
        objects |= {
            f"{IF}.2.{index}": text(f"{name} described"),
            f"{IF}.3.{index}": number(6),
            f"{IF}.5.{index}": number(1_000_000_000, GAUGE32),
            f"{IF}.7.{index}": number(1),
            f"{IF}.8.{index}": number(1),
            f"{IF}.14.{index}": number(0, COUNTER32),
            f"{IFX}.1.{index}": text(name),
            f"{IFX}.6.{index}": number(1_000_000 * index, COUNTER64),
            f"{IFX}.7.{index}": number(1_000 * index, COUNTER64),
            f"{IFX}.10.{index}": number(2_000_000 * index, COUNTER64),
        }
    return objects


def alive(double: AgentDouble, *, octets: int = 1000) -> Callable[[], None]:
    """Let the device's clock and counters run on, true to the time that passes."""
    began, first = time.monotonic(), dict(double.objects)

    def run() -> None:
        for oid in first:
            if oid == "1.3.6.1.2.1.1.3.0":
                double.objects[oid] = number(100_000 + int((time.monotonic() - began) * 100), TICKS)
            elif oid.startswith(f"{IFX}.6."):
                index = int(oid.rpartition(".")[2])
                double.objects[oid] = number(1_000_000 * index + int((time.monotonic() - began) * octets), COUNTER64)

    return run


class Fleet:
    """The inventory's devices."""

    def __init__(self, accesses: Mapping[str, Access | Exception]) -> None:
        self.accesses = accesses

    def __iter__(self) -> Iterator[Host]:
        return iter([Host(name, groups=("all", name[0])) for name in self.accesses])

    def access(self, host: Host) -> Access:
        found = self.accesses[host.name]
        if isinstance(found, Exception):
            raise found
        return found


def access(name: str, port: int | None) -> Access:
    snmp = SnmpAccess(version="2c", port=port, community=Secret("public")) if port else None
    return Access(name=name, address="127.0.0.1", platform="cisco_ios", snmp=snmp)


class TellingHealth(Health):
    """Says when something was counted."""

    def __init__(self) -> None:
        super().__init__()
        self.counted = asyncio.Event()

    def count(self, name: str, more: float = 1, **labels: str) -> None:
        super().count(name, more, **labels)
        self.counted.set()


class Running:
    """A collector at work, its store, and what it tells."""

    def __init__(self, folder: Path, accesses: Mapping[str, Access | Exception], settings: SnmpSettings) -> None:
        self.streams = Streams(folder / "store")
        self.health = TellingHealth()
        (folder / "own").mkdir()
        self.context = Context(
            settings=settings,
            folder=folder / "own",
            writer=self.streams.writer,
            health=self.health,
            site=Site(),
            devices=Fleet(accesses),
            root=folder,
        )
        self.collector: SnmpCollector = collector(self.context)

    def total(self, name: str, **labels: str) -> float:
        self.context.health.report()
        return self.context.health.totals.get((name, tuple(sorted(labels.items()))), 0)

    async def polls(self, more: int, result: str = "ok") -> None:
        """Wait until so many more turns have come to this end."""
        wanted = self.total("polls_total", result=result) + more
        async with asyncio.timeout(20):
            while self.total("polls_total", result=result) < wanted:
                self.health.counted.clear()
                await self.health.counted.wait()

    def rows(self, name: str) -> list[dict[str, Any]]:
        """The metrics of a name, in the order of time."""
        return sorted(
            (row for row in self.streams.query("metric") if row["name"] == name),
            key=lambda row: str(row["timestamp_ns"]),
        )


@asynccontextmanager
async def running(
    folder: Path, accesses: Mapping[str, Access | Exception], settings: SnmpSettings = QUICK
) -> AsyncIterator[Running]:
    """A collector that has stopped, all stored, after the block."""
    found = Running(folder, accesses, settings)
    task = asyncio.create_task(found.collector.run())
    try:
        yield found
    finally:
        found.collector.stop()
        await asyncio.wait_for(task, 10)


async def test_counters_and_true_rates_reach_the_store_under_the_interfaces_names(tmp_path: Path) -> None:
    async with agent_double(device({1: "Gi0/1", 300: "Gi0/2"})) as (double, port):
        go_on = alive(double, octets=50_000)
        async with running(tmp_path, {"r1": access("r1", port)}) as run:
            for _ in range(40):
                go_on()
                await asyncio.sleep(0.02)
    counters = [row for row in run.rows("interface.in_octets") if row["tags"] == {"interface": "Gi0/2"}]
    rates = [row["value"] for row in run.rows("interface.in_bps") if row["tags"] == {"interface": "Gi0/2"}]
    assert len(counters) >= 3
    assert counters[0]["value"] >= 300_000_000
    assert {row["hostname"] for row in counters} == {"r1"}
    assert rates
    assert all(100_000 < value < 900_000 for value in rates), rates
    assert {row["value"] for row in run.rows("snmp.up")} == {1.0}
    stored = run.total("stored_records_total", stream="metric")
    assert stored == run.total("decoded_records_total", record="metric") == len(list(run.streams.query("metric")))
    status = json.loads((tmp_path / "own" / STATUS_FILE).read_text())
    assert status["r1"]["profile"] == "cisco"
    assert status["r1"]["error"] is None


async def test_interfaces_keep_their_counters_when_a_restart_numbers_them_anew(tmp_path: Path) -> None:
    double_of = agent_double(device({1: "a", 2: "b"}))
    async with double_of as (double, port), running(tmp_path, {"r1": access("r1", port)}) as run:
        await run.polls(2)
        double.objects = device({1: "b", 2: "a"}, uptime=10)
        await run.polls(2)
    last = {row["tags"]["interface"]: row["value"] for row in run.rows("interface.in_octets")}
    assert last == {"b": 1_000_000, "a": 2_000_000}
    # b went from two million to one: no rate was made of it, and none is anything but zero
    assert {row["value"] for row in run.rows("interface.in_bps")} == {0.0}
    assert run.context.health.gauges["counter_readings", (("verdict", "restart"),)] > 0


async def test_names_are_read_seldom_and_columns_that_a_device_lacks_too(tmp_path: Path) -> None:
    settings = replace(QUICK, refresh_polls=100)
    async with agent_double(device({1: "a"})) as (double, port):
        go_on = alive(double)
        async with running(tmp_path, {"r1": access("r1", port)}, settings) as run:
            await run.polls(1)
            double.asked.clear()
            go_on()
            await run.polls(1)
            seldom = [name for _, name in double.asked if name.startswith((f"{IFX}.1", f"{IFX}.18", "1.3.6.1.2.1.15"))]
            assert [name for name in seldom if not name.startswith(f"{IFX}.10")] == []
            double.asked.clear()
            go_on()
            double.objects |= {
                oid.removesuffix(".1") + ".2": value
                for oid, value in device({1: "new"}).items()
                if oid.startswith("1.3.6.1.2.1.2")
            } | {f"{IFX}.1.2": text("new")}
            await run.polls(2)
    assert "new" in {row["tags"]["interface"] for row in run.rows("interface.oper_status")}


async def test_old_devices_counters_of_32_bits_are_taken(tmp_path: Path) -> None:
    objects = {
        oid: value
        for oid, value in device({1: "a"}).items()
        if not oid.startswith((f"{IFX}.6", f"{IFX}.7", f"{IFX}.10"))
    }
    objects |= {f"{IF}.10.1": number(4_000_000_000, COUNTER32), f"{IF}.16.1": number(7, COUNTER32)}
    async with agent_double(objects) as (_, port), running(tmp_path, {"r1": access("r1", port)}) as run:
        await run.polls(2)
    assert {row["value"] for row in run.rows("interface.in_octets")} == {4_000_000_000.0}


async def test_a_silent_device_is_told_and_holds_up_no_other(tmp_path: Path) -> None:
    async with agent_double(device({1: "a"})) as (quiet, first), agent_double(device({1: "a"})) as (_, second):
        quiet.silent = True
        fleet: dict[str, Access | Exception] = {
            "quiet": access("quiet", first),
            "well": access("well", second),
            "without": access("without", None),
            "wrong": UsageError("wrong: no platform is known"),
        }
        async with running(tmp_path, fleet) as run:
            await run.polls(3)
            await run.polls(1, "failed")
            assert run.context.health.gauges["devices", ()] == 2
            assert run.context.health.gauges["devices_down", ()] == 1
            assert run.total("unusable_devices_total") == 1
            quiet.silent = False
            await run.polls(6)
    up = [(row["hostname"], row["value"]) for row in run.rows("snmp.up")]
    assert ("quiet", 0.0) in up
    assert [value for name, value in up if name == "quiet"][-1] == 1.0
    assert {value for name, value in up if name == "well"} == {1.0}
    assert any("quiet: SNMP agent" in words for words in run.context.health.complaints)


async def test_a_secret_that_cannot_be_followed_concerns_its_device_alone(tmp_path: Path) -> None:
    def nowhere() -> Secret:
        raise SecretError("env:NOWHERE is not set")

    async with agent_double(device({1: "a"})) as (_, port):
        blind = replace(access("blind", port), snmp=SnmpAccess(version="2c", community=DeferredSecret(nowhere)))
        async with running(tmp_path, {"blind": blind, "r1": access("r1", port)}) as run:
            await run.polls(1)
            run.collector.reload(run.context)
            await run.polls(1)
            assert set(run.collector._devices) == {"r1"}
    assert any("env:NOWHERE" in words for words in run.context.health.complaints)


async def test_a_defect_is_told_and_ends_no_turns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with agent_double(device({1: "a"})) as (_, port), running(tmp_path, {"r1": access("r1", port)}) as run:
        await run.polls(1)
        with monkeypatch.context() as patch:
            patch.setattr(Poll, "take", lambda *_: 1 / 0)
            while not run.total("defects_total"):
                run.health.counted.clear()
                await run.health.counted.wait()
        await run.polls(1)
    assert "r1: ZeroDivisionError: division by zero" in run.context.health.complaints


async def test_turns_that_are_missed_are_counted(tmp_path: Path) -> None:
    async with agent_double(device({1: "a"})) as (double, port):
        double.silent = True
        settings = replace(QUICK, interval_s=0.05, tries_s=0.1)
        async with running(tmp_path, {"r1": access("r1", port)}, settings) as run:
            await run.polls(2, "failed")
        assert run.total("skipped_polls_total") >= 2


async def test_a_reload_takes_devices_and_profiles_over_and_keeps_counters(tmp_path: Path) -> None:
    async with agent_double(device({1: "a"})) as (one, first), agent_double(device({1: "b"})) as (_, second):
        go_on = alive(one)
        async with running(tmp_path, {"r1": access("r1", first)}) as run:
            await run.polls(2)
            (tmp_path / "profiles").mkdir()
            profile = tmp_path / "profiles" / "cisco.toml"
            profile.write_text("[match]\nsys_object_id = ['1.3.6.1.4.1.9']\nnonsense = 1\n")
            fresh = replace(run.context, devices=Fleet({"r1": access("r1", first), "r2": access("r2", second)}))
            with pytest.raises(SourceError, match=r"cisco.toml:3 .*nonsense: unknown"):
                run.collector.reload(fresh)
            profile.write_text(
                "interfaces = true\nmatch = {sys_object_id = ['1.3.6.1.4.1.9']}\n"
                "[[table]]\nmetric = [{name = 'acme.descr_up', column = 'sysUpTime'}]\n"
            )
            readings = sum(run.collector._devices["r1"].poll.counting.verdicts.values())
            run.collector.reload(fresh)
            go_on()
            await run.polls(4)
            assert sum(run.collector._devices["r1"].poll.counting.verdicts.values()) > readings
            run.collector.reload(replace(fresh, devices=Fleet({"r2": access("r2", second)})))
            assert set(run.collector._devices) == {"r2"}
    assert {row["hostname"] for row in run.rows("acme.descr_up")} == {"r1", "r2"}


async def test_what_the_store_does_not_take_is_counted(tmp_path: Path) -> None:
    settings = replace(QUICK, max_waiting=10)
    async with (
        agent_double(device({1: "a"})) as (_, port),
        running(tmp_path, {"r1": access("r1", port)}, settings) as run,
    ):
        await run.polls(2)
    told = run.total("decoded_records_total", record="metric")
    lost = run.total("lost_total", reason="store", stream="metric")
    assert lost > 0
    assert told == lost + run.total("stored_records_total", stream="metric")


async def test_devices_are_shared_out_among_workers_and_chosen_by_group(tmp_path: Path) -> None:
    async with agent_double(device({1: "a"})) as (_, port):
        fleet = {name: access(name, port) for name in ("a1", "a2", "a3", "b1", "b2", "b3")}
        seen: list[str] = []
        for worker in range(2):
            folder = tmp_path / str(worker)
            folder.mkdir()
            run = Running(folder, fleet, replace(QUICK, groups=("a",)))
            run.context.worker, run.context.workers = worker, 2
            task = asyncio.create_task(run.collector.run())
            await asyncio.sleep(0)
            seen += run.collector._devices
            run.collector.stop()
            await task
    assert sorted(seen) == ["a1", "a2", "a3"]


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"interval_s": 0}, "interval_s: expected more than 0, got 0"),
        ({"parallel": 0}, "parallel: expected at least 1, got 0"),
        ({"requests_per_s": -1}, "requests_per_s: expected 0 or more"),
        ({"reply_octets": 100}, "reply_octets: expected 484 to 65000"),
    ],
)
def test_settings_that_cannot_be_are_refused(given: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        SETTINGS(**given)
