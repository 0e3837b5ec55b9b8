"""The promises of a platform, for every noun of FRR."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from tests.platforms.frr_records import ORDER, pairs_of_worlds, worlds
from tests.platforms.promises import QUICK, Promises, World

from netloom.model.config import Config, Line
from netloom.platforms.contract import load_platform

FRR = load_platform("frr")
EMPTY = FRR.parse("frr version 8.4.4\nfrr defaults traditional\nhostname r1\n")
PROMISES = Promises(FRR, ORDER, EMPTY, inheriting=("bgp_peer_group", "bgp_neighbor"))


@QUICK
@given(pairs_of_worlds)
def test_what_is_wished_for_is_then_configured_and_nothing_is_left_to_do(pair: tuple[World, World]) -> None:
    PROMISES.reached_and_at_rest(*pair)


@QUICK
@given(pairs_of_worlds)
def test_the_delta_leads_to_the_other_configuration_and_back(pair: tuple[World, World]) -> None:
    PROMISES.leads_there_and_back(*pair)


@QUICK
@given(worlds())
def test_text_and_tree_say_the_same(world: World) -> None:
    PROMISES.text_and_tree_agree(world, "Building configuration...\n\nCurrent configuration:\n")


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
    PROMISES.unknown_lines_survive(world, unknown, keeping(before))


def keeping(config: Config) -> World:
    """The route maps of a configuration, so that they are not unwished for."""
    return {"route_map": PROMISES.records(config)["route_map"]}
