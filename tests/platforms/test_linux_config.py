"""Linux hosts: promises over random wishes, the kernel's own doings, and the real kernel in a namespace."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from tests.platforms.linux_records import ORDER, World, worlds

from netloom.errors import Unsupported
from netloom.model.config import Config, Line
from netloom.model.interface import Interface
from netloom.model.noun import Record
from netloom.model.static_route import StaticRoute
from netloom.platforms.contract import load_platform
from netloom.platforms.lines import unmodelled

LINUX = load_platform("linux")
EMPTY = LINUX.parse("")


def module(noun: str) -> Any:
    found = LINUX.module(noun)
    assert found is not None
    return found


def records(config: Config) -> World:
    return {noun: {record.key: record for record in module(noun).configured(config)} for noun in ORDER}


def canonical(want: World) -> World:
    found = {noun: [module(noun).canonical(record) for record in wanted.values()] for noun, wanted in want.items()}
    return {noun: {record.key: record for record in wanted} for noun, wanted in found.items()}


def steer(config: Config, want: World) -> tuple[Config, list[Line]]:
    """Routes that go, interfaces, routes that come."""
    wanted = canonical(want)
    sent: list[Line] = []

    def change(noun: str, key: tuple[str, ...], record: Record | None) -> None:
        nonlocal config
        lines = module(noun).render(records(config)[noun].get(key), record, config)
        config = LINUX.apply_lines(config, lines)
        sent.extend(lines)

    for key in set(records(config)["static_route"]) - set(wanted["static_route"]):
        change("static_route", key, None)
    for noun in ORDER:
        for key, record in wanted[noun].items():
            change(noun, key, record)
    return config, sent


QUICK = settings(max_examples=40, deadline=None, database=None)


@QUICK
@given(worlds(), worlds())
def test_what_is_wished_for_is_then_configured_and_the_way_back_leads_back(first: World, second: World) -> None:
    here, _ = steer(EMPTY, first)
    there, _ = steer(here, second)
    shown, wanted = records(there), canonical(second)
    assert shown["static_route"] == wanted["static_route"]
    for key, record in wanted["interface"].items():
        assert shown["interface"].get(key, Interface(key[0])) == record
    for noun in ORDER:
        for key, record in wanted[noun].items():
            assert module(noun).render(shown[noun].get(key), record, there) == []
    assert LINUX.apply_lines(there, LINUX.delta(there, here)) == here
    assert LINUX.delta(there, there) == []
    assert LINUX.parse(LINUX.format(there)) == there
    assert unmodelled(LINUX, there) == []


HOST = """\
link set dev eth1 alias to leaf 1
link set dev eth2 down
address add 10.1.1.10/24 dev eth1
address add 10.1.2.10/24 dev eth1
address add 10.9.0.1 peer 10.9.0.2/32 dev eth3
address add 2001:db8::1/64 dev eth1
route add 10.0.0.0/8 via 10.1.1.1
route add 10.5.5.5/32 via 10.1.1.1 src 10.1.2.10
route add 2001:db8:5::/48 via 2001:db8::9
route add blackhole 10.6.0.0/16
"""


@pytest.mark.parametrize(
    ("line", "lost"),
    [
        ("address del 10.1.2.10/24 dev eth1", ["route add 10.5.5.5/32 via 10.1.1.1 src 10.1.2.10"]),
        (
            "link set dev eth1 down",
            [
                "address add 2001:db8::1/64 dev eth1",
                "route add 10.0.0.0/8 via 10.1.1.1",
                "route add 10.5.5.5/32 via 10.1.1.1 src 10.1.2.10",
                "route add 2001:db8:5::/48 via 2001:db8::9",
            ],
        ),
    ],
)
def test_what_the_kernel_takes_along_is_foreseen(line: str, lost: list[str]) -> None:
    before = LINUX.parse(HOST)
    after = LINUX.apply_lines(before, [Line(line)])
    gone = {each.text for each in before.lines()} - {each.text for each in after.lines()}
    assert gone - {line.replace("del", "add")} == set(lost)


def test_lines_are_typed_so_that_they_may_be_typed_twice_and_text_stays_text() -> None:
    lines = [
        Line("link set dev eth1 alias it's $HOME"),
        Line("address add 10.1.1.10/24 dev eth1"),
        Line("route del 10.0.0.0/8 via 10.1.1.1"),
        Line("link set dev eth1 alias"),
    ]
    assert LINUX.script(lines) == [
        "ip link set dev eth1 alias 'it'\"'\"'s $HOME'",
        "ip address replace 10.1.1.10/24 dev eth1",
        "ip route del 10.0.0.0/8 via 10.1.1.1",
        "ip link set dev eth1 alias ''",
    ]


def test_what_is_beyond_the_model_is_kept_and_told() -> None:
    assert [line.text for line in unmodelled(LINUX, LINUX.parse(HOST))] == [
        "address add 10.9.0.1 peer 10.9.0.2/32 dev eth3",
        "route add 10.5.5.5/32 via 10.1.1.1 src 10.1.2.10",
    ]


@pytest.mark.parametrize(
    "route", [StaticRoute("10.0.0.0/8", "10.1.1.1", vrf="RED"), StaticRoute("10.0.0.0/8", "10.1.1.1", tag=5)]
)
def test_what_linux_cannot_do_is_refused(route: StaticRoute) -> None:
    with pytest.raises(Unsupported, match=r"static route 10\.0\.0\.0/8"):
        module("static_route").render(None, route, EMPTY)


class Host:
    """A network namespace that commands run in."""

    def __init__(self) -> None:
        self._held = subprocess.Popen(["unshare", "-n", "cat"], stdin=subprocess.PIPE)
        self._enter = ["nsenter", "-t", str(self._held.pid), "-n", "sh", "-c"]

    def run(self, script: str) -> str:
        done = subprocess.run([*self._enter, script], capture_output=True, text=True, check=False)
        assert done.returncode == 0, (script, done.stderr)
        return done.stdout

    def close(self) -> None:
        self._held.communicate()


@pytest.fixture(scope="module")
def host() -> Iterator[Host]:
    if os.geteuid() != 0:
        pytest.skip("a network namespace needs root")
    found = Host()
    while found.run("readlink /proc/self/ns/net") == f"{Path('/proc/self/ns/net').readlink()}\n":
        pass  # unshare has not run yet
    found.run("ip link set lo up; sysctl -qw net.ipv6.conf.default.accept_dad=0")
    for name in ("eth1", "eth2"):
        found.run(f"ip link add {name} type veth peer name p{name}; ip link set {name} up; ip link set p{name} up")
    yield found
    found.close()


def typed(host: Host, lines: Sequence[Line]) -> Config:
    host.run("\n".join(["set -e", *LINUX.script(lines)]))
    return LINUX.parse(host.run(LINUX.running_config.command))


@pytest.mark.lab
@settings(
    max_examples=10,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
@given(worlds(), worlds())
def test_the_kernel_does_what_was_predicted_and_comes_back(host: Host, first: World, second: World) -> None:
    start = host.run(LINUX.running_config.command)
    config = LINUX.parse(start)
    for world in (first, second):
        predicted, lines = steer(config, world)
        config = typed(host, lines)
        assert set(config.lines()) == set(predicted.lines()), lines
    typed(host, LINUX.delta(config, LINUX.parse(start)))
    assert LINUX.normalise(host.run(LINUX.running_config.command)) == LINUX.normalise(start)
