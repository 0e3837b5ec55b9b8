"""The collector: what it looks at, when, and what becomes of it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from tests.collectors.probe.services import Site
from tests.serving import serving

from netloom.codecs.marked_yaml import load
from netloom.collectors.contract import Context
from netloom.collectors.health import Health
from netloom.collectors.probe import look as looking
from netloom.collectors.probe.run import ProbeCollector, collector, phase
from netloom.collectors.probe.settings import Module, ProbeSettings, Target
from netloom.collectors.probe.targets import tasks_of
from netloom.collectors.settings import settings_of
from netloom.collectors.site import Site as Known
from netloom.errors import SourceError
from netloom.model.host import Access, Host
from netloom.model.secret import Secret
from netloom.store.streams import Streams


class Devices:
    def __init__(self, hosts: Sequence[Host]) -> None:
        self.hosts = hosts

    def __iter__(self) -> Iterator[Host]:
        return iter(self.hosts)

    def access(self, host: Host) -> Access:
        raise NotImplementedError


@pytest.fixture
def streams(tmp_path: Path) -> Iterator[Streams]:
    with Streams(tmp_path / "store") as opened:
        yield opened


def context(streams: Streams, settings: ProbeSettings, hosts: Sequence[Host]) -> Context:
    return Context(
        settings=settings,
        folder=streams.path,
        writer=streams.writer,
        health=Health(),
        site=Known(),
        devices=Devices(hosts),
    )


def a_host(name: str, **variables: Any) -> Host:
    return Host(name, ("leaves",) if name.startswith("leaf") else (), {"ansible_host": "127.0.0.1", **variables})


HOSTS = (
    a_host("leaf1", sites=["https://a.example.net/", "https://b.example.net/"]),
    a_host("leaf2", ansible_host="2001:db8::2", api="8443"),
    a_host("spine1"),
)


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        (Target(), ["leaf1 icmp 127.0.0.1", "leaf2 icmp 2001:db8::2", "spine1 icmp 127.0.0.1"]),
        (
            Target(hosts="leaves:!leaf1", module=("tcp", "tls"), target=":443"),
            ["leaf2 tcp [2001:db8::2]:443", "leaf2 tls [2001:db8::2]:443"],
        ),
        (
            Target(module=("http",), target="{{ sites }}"),
            ["leaf1 http https://a.example.net/", "leaf1 http https://b.example.net/"],
        ),
        (
            Target(module=("http",), target="https://{{ ansible_host }}:{{ api }}/x"),
            ["leaf2 http https://2001:db8::2:8443/x"],
        ),
        (Target(hosts="spine1", module=("http",), target="/health"), ["spine1 http 127.0.0.1/health"]),
    ],
)
def test_from_patterns_to_what_is_looked_at(target: Target, expected: list[str]) -> None:
    complaints: list[str] = []
    found = tasks_of(ProbeSettings(targets=(target,)), HOSTS, Secret, complaints.append)
    assert [f"{each.hostname} {each.name} {each.target}" for each in found] == expected
    assert complaints == []


def test_what_cannot_be_looked_at_is_complained_of() -> None:
    complaints: list[str] = []
    targets = (Target(hosts="nobody"), Target(hosts="spine1", target="{{ lookup('env', 'SECRET') }}"))
    assert tasks_of(ProbeSettings(targets=targets), HOSTS, Secret, complaints.append) == []
    assert ["nobody" in complaints[0], "no place for a secret" in complaints[1]] == [True, True]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "targets: [{hosts: all, module: htp}]",
            "1:10 collectors.probe: targets: expected modules among icmp, tcp, http",
        ),
        ("modules: {x: {prober: htp}}", "1:23 modules.x.prober: expected one of icmp, tcp, http"),
        ("modules: {x: {prober: http, timeout_s: 0}}", "expected at most 600, got 0"),
        ("modules: {x: {prober: http, http: {status: ok}}}", "expected such as 200, 2xx or 200-299, got 'ok'"),
        ("targets: [{interval_s: 0.1}]", "interval_s: expected at least 1, got 0.1"),
        ("modules: {x: {prober: icmp, icmp: {cuont: 1}}}", 'unknown key; did you mean "count"?'),
        ("modules: {x: {prober: icmp, icmp: {count: 1000}}}", "count: expected 1 to 100, got 1000"),
    ],
)
def test_a_mistake_in_the_settings_is_told_with_its_place(text: str, message: str) -> None:
    document = load(text, "netloom.yml")
    with pytest.raises(SourceError) as caught:
        settings_of("probe", document.data, document)
    assert message.replace("1:10 collectors.probe: ", "") in str(caught.value)


async def run_for(made: ProbeCollector, until: asyncio.Event) -> None:
    running = asyncio.create_task(made.run())
    await until.wait()
    made.stop()
    await running


async def test_looks_are_stored_beside_their_hosts_and_counted(streams: Streams) -> None:
    enough = asyncio.Event()
    site = Site({"/": (200, {}, b"well")})

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await site.talk(reader, writer)
        if len(site.heads) >= 4:
            enough.set()

    async with serving(talk) as port:
        settings = ProbeSettings(
            targets=(
                Target(hosts="spine1", module=("http",), target=f":{port}/", interval_s=1),
                Target(hosts="leaf1", module=("http",), target=f":{port}/none", interval_s=1),
            )
        )
        given = context(streams, settings, [a_host("spine1"), a_host("leaf1")])
        made = collector(given)
        assert isinstance(made, ProbeCollector)
        await run_for(made, enough)
    rows = list(
        streams.query("probe", columns=["hostname", "module", "target", "probe_success", "probe_http_status_code"])
    )
    seen = {(row["hostname"], row["probe_success"], row["probe_http_status_code"]) for row in rows}
    assert seen == {("spine1", True, 200), ("leaf1", False, 404)}
    totals = {name: value for (name, _), value in given.health.totals.items()}
    assert totals["stored_records_total"] == len(rows) == totals["decoded_records_total"]
    assert given.health.gauges[("targets", ())] == 2


class Clock:
    """Stands in for the look itself: each takes some time and notes when it began."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, takes: float) -> None:
        self.began: list[tuple[str, float]] = []
        self.most = self.now = 0

        async def probe(look: looking.Look) -> Any:
            self.began.append((look.target, asyncio.get_running_loop().time()))
            self.now += 1
            self.most = max(self.most, self.now)
            try:
                await asyncio.sleep(takes)
            finally:
                self.now -= 1
            return await looking.probe(look)

        monkeypatch.setattr("netloom.collectors.probe.run.probe", probe)


async def test_looks_come_at_their_times_without_drift(streams: Streams, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock(monkeypatch, 0.0)
    monkeypatch.setattr(Target, "__post_init__", lambda _: None)
    target = Target(hosts="spine1", module=("tcp",), target=":1", interval_s=0.05)
    given = context(streams, ProbeSettings(targets=(target,)), HOSTS)
    made = ProbeCollector(given)
    enough = asyncio.Event()
    asyncio.get_running_loop().call_later(1.0, enough.set)
    begun = asyncio.get_running_loop().time()
    await run_for(made, enough)
    (task,) = tasks_of(given.settings, HOSTS, Secret, print)
    late = [(when - begun - phase(task)) % 0.05 for _, when in clock.began]
    counted = sum(value for (name, _), value in given.health.totals.items() if name == "lost_total")
    assert len(clock.began) + counted >= 17
    assert sorted(late)[len(late) // 2] < 0.025


async def test_no_more_looks_at_once_than_are_set_and_those_left_out_are_counted(
    streams: Streams, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = Clock(monkeypatch, 0.15)
    monkeypatch.setattr(Target, "__post_init__", lambda _: None)
    hosts = [a_host(f"leaf{at}", ansible_host=f"192.0.2.{at}") for at in range(20)]
    target = Target(module=("tcp",), target=":1", interval_s=0.1)
    given = context(streams, ProbeSettings(targets=(target,), concurrent=5), hosts)
    enough = asyncio.Event()
    asyncio.get_running_loop().call_later(0.5, enough.set)
    await run_for(ProbeCollector(given), enough)
    reasons = {dict(labels).get("reason") for (name, labels), _ in given.health.totals.items() if name == "lost_total"}
    assert clock.most == 5
    assert {"queue", "overrun"} & reasons


async def test_a_reload_keeps_the_times_of_what_stays(streams: Streams) -> None:
    settings = ProbeSettings(targets=(Target(module=("tcp",), target=":1", interval_s=3600),))
    given = context(streams, settings, HOSTS)
    made = ProbeCollector(given)
    running = asyncio.create_task(made.run())
    await asyncio.sleep(0)
    before = {key: when for when, key in made._plan}
    made.reload(context(streams, settings, [*HOSTS[1:], a_host("leaf9", ansible_host="192.0.2.9")]))
    after = {key: when for when, key in made._plan}
    assert {key[0] for key in after} == {"leaf2", "spine1", "leaf9"}
    assert all(after[key] == when for key, when in before.items() if key in after)
    made.stop()
    await running


async def test_a_fault_in_a_prober_costs_one_look(streams: Streams, monkeypatch: pytest.MonkeyPatch) -> None:
    enough = asyncio.Event()

    async def broken(_: looking.Look) -> Any:
        asyncio.get_running_loop().call_soon(enough.set)
        raise ZeroDivisionError("oops")

    monkeypatch.setattr("netloom.collectors.probe.run.probe", broken)
    monkeypatch.setattr(Target, "__post_init__", lambda _: None)
    target = Target(hosts="spine1", module=("tcp",), target=":1", interval_s=0.02)
    given = context(streams, ProbeSettings(targets=(target,)), HOSTS)
    await run_for(ProbeCollector(given), enough)
    assert "ZeroDivisionError: oops" in given.health.complaints[0]
    assert given.health.totals[("lost_total", (("reason", "fault"),))] >= 1


def test_built_in_modules_can_be_replaced() -> None:
    settings = ProbeSettings(modules={"http": Module(prober="http", timeout_s=1)})
    assert settings.module("http") == Module(prober="http", timeout_s=1)
    assert settings.module("none") is None
