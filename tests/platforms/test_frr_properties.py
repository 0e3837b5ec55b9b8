"""The promises of a platform, for every noun of FRR."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.platforms.frr_records import ORDER, World, pairs_of_worlds, worlds

from netloom.model.config import Config, Line
from netloom.model.noun import Record
from netloom.platforms.contract import load_platform
from netloom.platforms.lines import unmodelled

FRR = load_platform("frr")
EMPTY = FRR.parse("frr version 8.4.4\nfrr defaults traditional\nhostname r1\n")


def module(noun: str) -> Any:
    found = FRR.module(noun)
    assert found is not None
    return found


def records(config: Config) -> World:
    return {noun: {record.key: record for record in module(noun).configured(config)} for noun in ORDER}


def steer(config: Config, want: World) -> tuple[Config, list[Line]]:
    """Change object by object: creations and updates along the references, deletions against them."""
    sent: list[Line] = []

    def change(noun: str, have: Record | None, wanted: Record | None) -> None:
        nonlocal config
        lines = module(noun).render(have, wanted, config)
        config = FRR.apply_lines(config, lines)
        sent.extend(lines)

    for noun in reversed(ORDER):
        for key, record in records(config)[noun].items():
            if key not in want[noun]:
                change(noun, record, None)
    for noun in ORDER:
        for key, record in want[noun].items():
            change(noun, records(config)[noun].get(key), record)
    return config, sent


def steered(config: Config, *worlds: World) -> Config:
    """The configuration after one wish and then another."""
    for want in worlds:
        config, _ = steer(config, want)
    return config


def unmet(config: Config, want: World) -> list[object]:
    """What is still to do: a second plan."""
    have = records(config)
    return [
        (noun, record, lines)
        for noun in ORDER
        for key, record in want[noun].items()
        if (lines := module(noun).render(have[noun].get(key), record, config))
    ]


QUICK = settings(
    max_examples=25,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@QUICK
@given(pairs_of_worlds)
def test_what_is_wished_for_is_then_configured_and_nothing_is_left_to_do(pair: tuple[World, World]) -> None:
    first, second = pair
    config = steered(EMPTY, first, second)
    assert unmet(config, second) == []
    shown = records(config)
    for noun, wanted in second.items():
        for key, record in wanted.items():
            canonical = getattr(module(noun), "canonical", lambda same: same)(record)
            if key in shown[noun] and noun not in INHERITING:
                assert shown[noun][key] == canonical
            elif key not in shown[noun]:
                assert module(noun).lines(record, EMPTY) == []


INHERITING = ("bgp_peer_group", "bgp_neighbor")
"""Nouns that show only what differs from a group's or the instance's: their next plan is empty all the same."""


@QUICK
@given(pairs_of_worlds)
def test_the_delta_leads_to_the_other_configuration_and_back(pair: tuple[World, World]) -> None:
    first, second = pair
    here, there = steered(EMPTY, first), steered(EMPTY, second)
    assert FRR.apply_lines(here, FRR.delta(here, there)) == there
    assert FRR.apply_lines(there, FRR.delta(there, here)) == here
    assert FRR.delta(here, here) == []


@QUICK
@given(worlds())
def test_text_and_tree_say_the_same(world: World) -> None:
    config = steered(EMPTY, world)
    text = FRR.format(config)
    assert FRR.parse(text) == config
    assert FRR.parse(FRR.normalise(f"Building configuration...\n\nCurrent configuration:\n{text}")) == config


UNKNOWN = (
    Line("log syslog informational"),
    Line("ip nht resolve-via-default"),
    Line("agentx"),
    Line("bgp as-path access-list AP1 seq 5 permit ^65"),
    Line("ip pim", ("interface eth1",)),
    Line("ip ospf authentication-key hunter2", ("interface eth2",)),
    Line("ip igmp version 2", ("interface eth9",)),
    Line("net 49.0001.0000.0000.0001.00", ("router isis CORE",)),
    Line("key-string sesame", ("key chain K", "key 1")),
    Line("set large-community 1:2:3", ("route-map RMZ permit 10",)),
)


@QUICK
@given(worlds(), st.sets(st.sampled_from(UNKNOWN)))
def test_lines_that_nobody_models_survive_every_change(world: World, unknown: set[Line]) -> None:
    before = FRR.apply_lines(EMPTY, sorted(unknown))
    config = steered(before, world | keeping(before), {noun: {} for noun in ORDER} | keeping(before))
    assert {line for line in unknown if line not in config} == set()
    assert unknown - set(unmodelled(FRR, config)) == set()


def keeping(config: Config) -> World:
    """The route maps of a configuration, so that they are not unwished for."""
    return {"route_map": records(config)["route_map"]}
