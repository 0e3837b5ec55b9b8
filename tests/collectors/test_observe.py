"""Which source of a noun is asked, and what becomes of one that does not answer."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from itertools import count
from types import SimpleNamespace
from typing import Any

import pytest
from tests.collectors.device_double import Double, access, platform

from netloom.collectors.state.collect import collect_device
from netloom.collectors.state.observe import Observer, observable_nouns, observe
from netloom.errors import (
    AuthenticationFailed,
    CommandRejected,
    OperationTimeout,
    OutputNotUnderstood,
    Refused,
    Unreachable,
    Unsupported,
)
from netloom.model.arp import ArpState
from netloom.model.interface import InterfaceState
from netloom.model.static_route import StaticRoute
from netloom.platforms.contract import Read

REJECTED = CommandRejected(device="r1", line="show arp", answer="not found")


def read_arp(output: str) -> list[ArpState]:
    if output == "?":
        raise ValueError("expected JSON, got '?'")
    return [ArpState(address, "eth0") for address in output.split()]


ARP = SimpleNamespace(
    READ=Read("show arp", where="shell"),
    observed=read_arp,
    WALK=("1.2",),
    walked=lambda columns: [ArpState(str(value), "eth0") for value in columns["1.2"].values()],
)
WALKED_ARP: dict[str, dict[str, Any]] = {"1.2": {"1": "10.0.0.9"}}
INTERFACE = SimpleNamespace(
    READ=(Read("show interface"), Read("ip link", where="shell")),
    observed=lambda shown, kernel: [InterfaceState(name, mtu=len(kernel) or None) for name in shown.split()],
    WALK=("1.3",),
    walked=lambda _: [InterfaceState("eth0", mtu=9, ifindex=1)],
    COMPLEMENT=True,
)
STATIC = SimpleNamespace(configured=lambda config: [StaticRoute(prefix=line) for line in config.tree])


async def test_a_read_that_answers_is_enough() -> None:
    device = Double(access("r1", snmp=True), platform(arp=ARP), {"show arp": "10.0.0.1"}, WALKED_ARP)
    assert await observe(device, "arp") == [ArpState("10.0.0.1", "eth0")]
    assert device.asked == ["show arp"]


@pytest.mark.parametrize("refusal", [Unsupported("no shell account", device="r1"), REJECTED])
async def test_snmp_answers_where_a_read_cannot_be_asked_and_says_so(refusal: Exception) -> None:
    device = Double(access("r1", snmp=True), platform(arp=ARP), {"show arp": refusal}, WALKED_ARP)
    found = await Observer(device).observe("arp")
    assert found.records == [ArpState("10.0.0.9", "eth0")]
    assert found.notes[0].startswith("asked by SNMP: ")


async def test_without_snmp_the_refusal_stands() -> None:
    device = Double(access("r1"), platform(arp=ARP))
    with pytest.raises(Unsupported, match="r1: no shell account"):
        await observe(device, "arp")
    assert device.asked == ["show arp"]


async def test_an_empty_table_does_not_contradict_a_refused_command() -> None:
    device = Double(access("r1", snmp=True), platform(arp=ARP), {"show arp": REJECTED})
    with pytest.raises(CommandRejected, match="not found"):
        await observe(device, "arp")


@pytest.mark.parametrize("nouns", [{"arp": ARP}, {"interface": INTERFACE}])
async def test_a_refusal_that_means_nothing_there_is_an_empty_answer(nouns: dict[str, Any]) -> None:
    off = CommandRejected(device="r1", line="show", answer="% Invalid command")
    ((noun, module),) = nouns.items()
    absent = SimpleNamespace(**vars(module) | {"ABSENT": re.compile("Invalid command")})
    answers: dict[str, str | Exception] = {"show arp": off, "show interface": off, "ip link": off}
    found = await Observer(Double(access("r1"), platform(**{noun: absent}), answers)).observe(noun)
    assert (found.records, found.notes) == ([], ())


async def test_only_the_words_that_mean_nothing_there_are_taken_so() -> None:
    absent = SimpleNamespace(**vars(ARP) | {"ABSENT": re.compile("Invalid command")})
    with pytest.raises(CommandRejected, match="not found"):
        await observe(Double(access("r1"), platform(arp=absent), {"show arp": REJECTED}), "arp")


async def test_an_answer_that_does_not_parse_names_device_and_command() -> None:
    device = Double(access("r1", snmp=True), platform(arp=ARP), {"show arp": "?"}, WALKED_ARP)
    with pytest.raises(OutputNotUnderstood) as caught:
        await observe(device, "arp")
    assert str(caught.value) == "r1: the answer to 'show arp': expected JSON, got '?'"


async def test_sources_that_complement_each_other_are_all_asked_and_the_first_wins() -> None:
    answers: dict[str, str | Exception] = {"show interface": "eth0 eth1", "ip link": "12"}
    device = Double(access("r1", snmp=True), platform(interface=INTERFACE), answers)
    found = await Observer(device).observe("interface")
    assert found.records == [InterfaceState("eth0", mtu=2, ifindex=1), InterfaceState("eth1", mtu=2)]
    assert found.notes == ()


async def test_a_source_that_is_missing_is_noted_and_the_others_fill_in() -> None:
    timeout = OperationTimeout("SNMP did not answer", device="r1")
    device = Double(access("r1", snmp=True), platform(interface=INTERFACE), {"show interface": "eth0"}, timeout)
    found = await Observer(device).observe("interface")
    assert found.records == [InterfaceState("eth0")]
    assert found.notes == ("no shell account", "SNMP did not answer")


@pytest.mark.parametrize("columns", [None, OperationTimeout("SNMP did not answer", device="r1")])
async def test_with_no_read_at_all_snmp_alone_tells_or_fails(columns: Any) -> None:
    device = Double(access("r1", snmp=True), platform(interface=INTERFACE), {}, columns)
    if columns is None:
        assert await observe(device, "interface") == [InterfaceState("eth0", mtu=9, ifindex=1)]
    else:
        with pytest.raises(OperationTimeout):
            await observe(device, "interface")


async def test_with_no_source_at_all_the_first_refusal_is_raised() -> None:
    with pytest.raises(Unsupported, match="no shell account"):
        await observe(Double(access("r1"), platform(interface=INTERFACE)), "interface")


async def test_configured_nouns_come_from_one_reading_of_the_running_config() -> None:
    device = Double(
        access("r1"), platform(static_route=STATIC, prefix_list=STATIC), answers={"show run": "10.0.0.0/8\n"}
    )
    observer = Observer(device)
    assert (await observer.observe("static_route")).records == [StaticRoute(prefix="10.0.0.0/8")]
    assert (await observer.observe("prefix_list")).records == [StaticRoute(prefix="10.0.0.0/8")]
    assert device.asked == ["show run"]


async def test_a_noun_the_platform_does_not_speak_is_not_available() -> None:
    with pytest.raises(Unsupported, match="mac is not available on Double OS"):
        await observe(Double(access("r1"), platform(arp=ARP)), "mac")


def test_what_can_be_shown_is_what_is_observed_or_configured() -> None:
    assert observable_nouns(platform(arp=ARP, static_route=STATIC, lines=SimpleNamespace())) == ("arp", "static_route")


@pytest.mark.parametrize("refusal", [AuthenticationFailed("no", device="r1"), Unreachable("no", device="r1")])
async def test_a_login_that_failed_is_not_tried_again(refusal: Exception) -> None:
    device = Double(access("r1"), platform(arp=ARP, mac=ARP), {"show arp": refusal})
    observer = Observer(device)
    for noun in ("arp", "mac"):
        with pytest.raises(type(refusal)):
            await observer.observe(noun)
    assert device.asked == ["show arp"]


@pytest.mark.parametrize(
    ("failure", "asked"),
    [
        (Unreachable("no answer", device="r1"), ["show arp"]),
        (Refused("the port is closed", device="r1"), ["show arp", "show run"]),
    ],
)
async def test_an_address_without_an_answer_is_waited_for_once(failure: Exception, asked: list[str]) -> None:
    device = Double(access("r1"), platform(arp=ARP, static_route=STATIC), {"show arp": failure, "show run": failure})
    observer = Observer(device)
    for noun in ("arp", "static_route"):
        with pytest.raises(Unreachable):
            await observer.observe(noun)
    assert device.asked == asked


async def test_an_agent_that_does_not_answer_is_waited_for_once() -> None:
    timeout = OperationTimeout("SNMP did not answer", device="r1")
    device = Double(access("r1", snmp=True), platform(arp=ARP, mac=ARP), {}, timeout)
    observer = Observer(device)
    for noun in ("arp", "mac"):
        with pytest.raises(OperationTimeout):
            await observer.observe(noun)
    assert device.asked == ["show arp", "SNMP", "show arp"]


async def test_every_noun_comes_with_its_moment_and_one_that_fails_does_not_stop_the_others() -> None:
    modules = platform(arp=ARP, interface=INTERFACE, static_route=STATIC)
    device = Double(access("r1"), modules, {"show arp": "?", "show run": "10.0.0.0/8"})
    moments = (datetime(2026, 11, 20, tzinfo=UTC) + timedelta(seconds=second) for second in count())
    found = [each async for each in collect_device(device, clock=lambda: next(moments))]
    assert [each.noun for each in found] == ["arp", "interface", "static_route"]
    assert [(each.failed, each.available, len(each.records)) for each in found] == [
        (True, True, 0),
        (False, False, 0),
        (False, True, 1),
    ]
    assert [each.observed_at.second for each in found] == [0, 1, 2]
    assert isinstance(found[0].error, OutputNotUnderstood)


async def test_nouns_come_in_the_order_they_were_asked_for() -> None:
    device = Double(access("r1"), platform(arp=ARP, mac=ARP), {"show arp": ""})
    found = [each async for each in collect_device(device, ["mac", "route", "arp"])]
    assert [(each.noun, each.available) for each in found] == [("mac", True), ("route", False), ("arp", True)]
