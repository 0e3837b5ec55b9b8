"""The promises of a platform, for every noun of Cisco IOS."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.platforms.cisco_ios_records import ORDER, worlds
from tests.platforms.promises import QUICK, Promises, World

from netloom.model.config import Line
from netloom.platforms.contract import load_platform

IOS = load_platform("cisco_ios")
PREAMBLE = "Building configuration...\n\nCurrent configuration : 1234 bytes\n!\n! Last configuration change at 1\n!\n"
START = """\
hostname r0
aaa new-model
!
interface GigabitEthernet0/1
 no ip address
 shutdown
 duplex auto
!
interface GigabitEthernet0/2
 no ip address
!
interface GigabitEthernet1/0/1
!
interface GigabitEthernet1/0/2
!
"""
NEW = Promises(
    IOS,
    ORDER,
    IOS.parse(f"version 17.9\n{START}"),
    inheriting=("bgp_peer_group", "bgp_neighbor", "ospf", "ospf_interface"),
    permanent=(("device", ()),),
)


@QUICK
@given(worlds(), worlds())
def test_what_is_wished_for_is_then_configured_and_nothing_is_left_to_do(first: World, second: World) -> None:
    NEW.reached_and_at_rest(first, second)


@QUICK
@given(worlds(), worlds())
def test_the_delta_leads_to_the_other_configuration_and_back(first: World, second: World) -> None:
    NEW.leads_there_and_back(first, second)


@QUICK
@given(worlds())
def test_text_and_tree_say_the_same(world: World) -> None:
    NEW.text_and_tree_agree(world, PREAMBLE)


UNKNOWN = (
    Line("service timestamps log datetime msec"),
    Line("no ip http server"),
    Line("ip ssh version 2"),
    Line("ip helper-address 10.9.9.9", ("interface GigabitEthernet0/1",)),
    Line("negotiation auto", ("interface GigabitEthernet0/2",)),
    Line("spanning-tree portfast", ("interface GigabitEthernet1/0/1",)),
    Line("transport input ssh", ("line vty 0 4",)),
    Line("match ip address 110", ("class-map match-any C",)),
    Line("snmp-server view V1 iso included"),
)


@QUICK
@given(worlds(), st.sets(st.sampled_from(UNKNOWN)))
def test_lines_that_nobody_models_survive_every_change(world: World, unknown: set[Line]) -> None:
    NEW.unknown_lines_survive(world, unknown, {"device": {(): next(iter(world["device"].values()))}})


@pytest.mark.parametrize("noun", ORDER)
def test_every_noun_is_written_and_read(noun: str) -> None:
    module = IOS.module(noun)
    assert module is not None
    assert {"configured", "lines", "render", "canonical"} <= set(dir(module))
