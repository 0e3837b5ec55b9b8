"""Plans for FRR routers: the laws of planning on the nouns, lines and side effects of a real system."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from tests.intent.intent_inventory import wishes
from tests.intent.world_wishes import held, whole
from tests.platforms.frr_records import ORDER, worlds
from tests.platforms.promises import World

from netloom.errors import PlanError
from netloom.intent.plan import Target, plan_device, plan_towards
from netloom.intent.planned import DevicePlan
from netloom.intent.wish import Wish
from netloom.platforms.contract import load_platform

FRR = load_platform("frr")
EMPTY = "frr version 8.4.4\nfrr defaults traditional\nhostname r1\nlog syslog informational\n"
RUNNING = (Path(__file__).parent / "frr_running.conf").read_text()
QUICK = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@QUICK
@given(have=worlds(), want=worlds())
def test_any_world_is_reached_and_left_again(have: World, want: World) -> None:
    first = plan_device("r1", FRR, EMPTY, whole(have, ORDER))
    held(EMPTY, first)
    second = plan_device("r1", FRR, first.predicted, whole(want, ORDER))
    held(first.predicted, second)
    assert plan_device("r1", FRR, second.predicted, whole(want, ORDER)).empty
    assert "log syslog informational" in second.predicted
    back = plan_towards("r1", FRR, second.predicted, Target(first.predicted, "commit 1"))
    held(second.predicted, back)
    assert FRR.parse(back.predicted) == FRR.parse(first.predicted)


@QUICK
@given(have=worlds(), want=worlds())
def test_merging_leads_nowhere_twice(have: World, want: World) -> None:
    running = plan_device("r1", FRR, EMPTY, whole(have, ORDER)).predicted
    wish = Wish(whole(want, ORDER).objects)
    try:
        made = plan_device("r1", FRR, running, wish)
    except PlanError:
        return  # two worlds laid over each other may contradict each other: a prefix list that says the same twice
    held(running, made)
    assert plan_device("r1", FRR, made.predicted, wish).empty


def plan(folder: Path, text: str) -> DevicePlan:
    wish = wishes(folder, f"on: leaf1\n{text}")["leaf1"]
    made = plan_device("leaf1", FRR, RUNNING, wish)
    held(RUNNING, made)
    assert plan_device("leaf1", FRR, made.predicted or RUNNING, wish).empty
    return made


def sent(made: DevicePlan) -> list[str]:
    return [str(line) for line in made.lines]


def test_another_as_number_keeps_all_that_stands_in_the_instance(tmp_path: Path) -> None:
    made = plan(tmp_path, "bgp: {asn: 65009}\n")
    assert sent(made)[:2] == ["no router bgp 65001", "router bgp 65009"]
    assert "router bgp 65009 > neighbor 10.0.0.0 password geheim" in sent(made)
    assert [risk.code for risk in made.risks] == ["bgp_restarted"]


def test_a_policy_is_made_before_it_is_bound_and_unbound_before_it_goes(tmp_path: Path) -> None:
    text = """\
own: [route_maps, prefix_lists]
bgp_neighbors: [{peer: 10.0.0.0, address_families: [{name: ipv4-unicast, policy_in: NEW}]}]
route_maps: [{name: NEW, entries: [{sequence: 10, action: permit, match_prefix_list: Q}]}]
prefix_lists: [{name: Q, entries: [{sequence: 5, action: permit, prefix: 10.0.0.0/8}]}]
"""
    assert sent(plan(tmp_path, text)) == [
        "ip prefix-list Q seq 5 permit 10.0.0.0/8",
        "route-map NEW permit 10",
        "route-map NEW permit 10 > match ip address prefix-list Q",
        "router bgp 65001 > address-family ipv4 unicast > neighbor 10.0.0.0 route-map NEW in",
        "no route-map IN",
        "no ip prefix-list P",
    ]


def test_templates_write_what_no_noun_models(tmp_path: Path) -> None:
    text = """\
templates:
  - {text: "bgp deterministic-med\\nbgp router-id 10.255.0.1", section: router bgp 65001}
  - {text: "log file /var/log/frr.log", owns: "log *"}
"""
    assert sent(plan(tmp_path, text)) == [
        "router bgp 65001 > bgp deterministic-med",
        "no log syslog informational",
        "log file /var/log/frr.log",
    ]


def test_what_frr_cannot_do_is_told_with_its_place(tmp_path: Path) -> None:
    with pytest.raises(PlanError) as caught:
        plan(tmp_path, "interfaces: [{name: eth1, mtu: 9000}]\n")
    assert str(caught.value) == (
        "leaf1: interface eth1: FRR cannot set the MTU (intent/site.yml:2); set it in the system beneath FRR"
    )


def test_an_owned_interface_is_reset_and_keeps_foreign_lines(tmp_path: Path) -> None:
    made = plan(tmp_path, "own: [interfaces]\ninterfaces: [{name: lo, addresses: [10.255.0.1/32]}]\n")
    assert sent(made) == ["interface eth1 > no ip address 10.0.0.1/31", "interface eth1 > no description"]
    assert " mpls enable" in made.predicted


def test_planning_a_thousand_lines_stays_quick(tmp_path: Path) -> None:
    lists = "".join(f"ip prefix-list L{at} seq 5 permit 10.{at % 256}.0.0/16\n" for at in range(700))
    port = "interface eth{0}\n description port {0}\n ip address 10.{0}.0.1/24\nexit\n!\n"
    ports = "".join(port.format(at) for at in range(100))
    wish = wishes(tmp_path, "on: leaf1\ninterfaces: [{name: eth7, description: new}]\n")["leaf1"]
    started = time.process_time()
    made = plan_device("leaf1", FRR, RUNNING + ports + lists, wish)
    assert time.process_time() - started < 2
    assert sent(made) == ["interface eth7 > description new"]
