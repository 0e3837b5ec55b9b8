from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
from tests.intent.intent_inventory import wishes
from tests.intent.toy_platform import MODULES, TOY, text_of

from netloom.errors import PlanError, SourceError
from netloom.intent.plan import Target, plan_device, plan_towards
from netloom.intent.planned import DevicePlan, config_hash
from netloom.intent.wish import Wish
from netloom.model.bgp import Bgp
from netloom.model.bgp_neighbor import BgpNeighbor
from netloom.model.bgp_peer_group import BgpAddressFamily, BgpPeerGroup
from netloom.model.interface import Interface
from netloom.model.prefix_list import PrefixList, PrefixListEntry
from netloom.model.route_map import RouteMap, RouteMapEntry
from netloom.platforms.contract import load_platform

PERMIT = PrefixListEntry(10, "permit", "10.0.0.0/8")
RUNNING = text_of(
    [
        Interface("eth0", addresses=("10.0.0.0/31",), mtu=9000),
        PrefixList("IN", entries=(PERMIT,)),
        RouteMap("IN", (RouteMapEntry(10, "permit", match_prefix_list="IN"),)),
        Bgp(65001),
        BgpPeerGroup("SPINES", remote_as="external"),
        BgpNeighbor(
            "10.0.0.1", peer_group="SPINES", address_families=(BgpAddressFamily("ipv4-unicast", policy_in="IN"),)
        ),
    ],
    "snmp community x",
    "logging host 192.0.2.1",
)


def wish(folder: Path, text: str) -> Wish:
    return wishes(folder, f"on: leaf1\n{text}")["leaf1"]


def plan(folder: Path, text: str, running: str = RUNNING) -> DevicePlan:
    """A plan that holds what every plan must."""
    made = plan_device("leaf1", TOY, running, wish(folder, text))
    base, predicted = TOY.parse(running), TOY.parse(made.predicted)
    assert TOY.apply_lines(base, made.lines) == predicted
    assert TOY.apply_lines(predicted, made.inverse) == base
    assert plan_device("leaf1", TOY, made.predicted, wish(folder, text)).empty
    return made


def steps(made: DevicePlan) -> list[str]:
    return [f"{operation.action} {operation.noun} {' '.join(operation.key)}" for operation in made.operations]


def sent(made: DevicePlan) -> list[str]:
    return [line.text for line in made.lines]


def test_what_is_there_already_is_no_change(tmp_path: Path) -> None:
    made = plan(tmp_path, "interfaces: [{name: eth0, mtu: 9000}]\nbgp: {asn: 65001}\n")
    assert made.empty
    assert made.predicted == RUNNING
    assert made.base_hash == config_hash(TOY, "! Last change\n" + RUNNING)


def test_stated_fields_override_and_the_others_stay(tmp_path: Path) -> None:
    made = plan(tmp_path, "interfaces: [{name: eth0, description: up, mtu: null}]\n")
    assert sent(made) == ["no mtu", 'description "up"']
    assert made.operations[0].reason == "intent/site.yml:2"


def test_parts_merge_by_their_key(tmp_path: Path) -> None:
    text = "prefix_lists: [{name: IN, entries: [{sequence: 5, action: deny, prefix: any}, {sequence: 10, le: 24}]}]\n"
    after = plan(tmp_path, text).operations[0].after
    assert after == PrefixList(
        "IN", entries=(PrefixListEntry(5, "deny", "any"), PrefixListEntry(10, "permit", "10.0.0.0/8", le=24))
    )


def test_absent_parts_and_objects_go(tmp_path: Path) -> None:
    text = """\
prefix_lists: [{name: IN, entries: [{sequence: 10, absent: true}]}]
interfaces: [{name: eth0, absent: true}]
"""
    made = plan(tmp_path, text)
    assert steps(made) == ["update prefix_list ipv4 IN", "delete interface eth0"]
    assert made.operations[0].after == PrefixList("IN")


def test_an_owned_noun_holds_what_is_wished_for_and_nothing_else(tmp_path: Path) -> None:
    made = plan(tmp_path, "own: [interfaces]\ninterfaces: [{name: eth1, mtu: 1500}]\n")
    assert steps(made) == ["create interface eth1", "delete interface eth0"]
    assert made.operations[1].reason == "owned and not wished for"


def test_an_owned_record_forgets_what_is_not_stated(tmp_path: Path) -> None:
    made = plan(tmp_path, "own: [interfaces]\ninterfaces: [{name: eth0, mtu: 9000}]\n")
    assert sent(made) == ["no addresses"]


def test_lines_nobody_knows_stay(tmp_path: Path) -> None:
    made = plan(tmp_path, "own: all\n")
    assert made.predicted == "snmp community x\nlogging host 192.0.2.1\n"
    assert not [risk for risk in made.risks if risk.code == "unmodelled_lines_removed"]


def test_what_is_named_comes_first_and_goes_last(tmp_path: Path) -> None:
    text = """\
own: [prefix_lists, route_maps]
bgp_neighbors: [{peer: 10.0.0.1, address_families: [{name: ipv4-unicast, policy_in: NEW}]}]
route_maps: [{name: NEW, entries: [{sequence: 1, action: permit, match_prefix_list: NEW}]}]
prefix_lists: [{name: NEW, entries: [{sequence: 1, action: permit, prefix: any}]}]
"""
    assert steps(plan(tmp_path, text)) == [
        "create prefix_list ipv4 NEW",
        "create route_map NEW",
        "update bgp_neighbor default 10.0.0.1",
        "delete route_map IN",
        "delete prefix_list ipv4 IN",
    ]


def test_an_address_leaves_its_interface_before_another_takes_it(tmp_path: Path) -> None:
    text = "interfaces: [{name: a, addresses: [10.0.0.0/31]}, {name: eth0, addresses: []}]\n"
    assert steps(plan(tmp_path, text)) == ["update interface eth0", "create interface a"]
    text = "interfaces: [{name: a, addresses: [10.0.0.0/31]}, {name: eth0, absent: true}]\n"
    assert steps(plan(tmp_path, text)) == ["delete interface eth0", "create interface a"]


def test_what_a_change_takes_along_is_put_back(tmp_path: Path) -> None:
    made = plan(tmp_path, "bgp: {asn: 65009}\n")
    assert steps(made) == [
        "update bgp default",
        "create bgp_peer_group default SPINES",
        "create bgp_neighbor default 10.0.0.1",
    ]
    assert {operation.reason for operation in made.operations[1:]} == {"kept through the changes above"}


def test_what_stands_in_a_deleted_object_goes_with_it(tmp_path: Path) -> None:
    made = plan(tmp_path, "own: [bgp]\n")
    assert steps(made) == [
        "delete bgp default",
        "delete bgp_neighbor default 10.0.0.1",
        "delete bgp_peer_group default SPINES",
    ]
    assert made.operations[1].reason == "goes with bgp default"
    assert len(made.lines) == 1


def test_wishes_against_each_other_come_to_no_plan(tmp_path: Path) -> None:
    with pytest.raises(
        PlanError, match=r"leaf1: bgp_neighbor default 10.0.0.1: there is no instance default \(intent/site"
    ):
        plan(tmp_path, "own: [bgp]\nbgp_neighbors: [{peer: 10.0.0.1, description: stays}]\n")


def test_a_noun_the_platform_does_not_speak_is_named_with_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(MODULES, "ospf")
    with pytest.raises(SourceError, match=r"^intent/site.yml:2:7 toy does not speak ospf \(on leaf1\)"):
        plan(tmp_path, "ospf: {}\n")
    assert plan(tmp_path, "own: [ospf]\n").empty


def test_a_new_object_needs_what_it_cannot_do_without(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"site.yml:2:6 bgp red: expected asn: a whole number \(on leaf1\)"):
        plan(tmp_path, "bgp: {vrf: red}\n")


def test_commands_follow_a_change_only(tmp_path: Path) -> None:
    assert plan(tmp_path, "on_change: ping\ninterfaces: [{name: eth0, mtu: 1}]\n").on_change == ("ping",)
    assert plan(tmp_path, "on_change: ping\n").on_change == ()


def test_template_lines_are_added_where_they_are_missing(tmp_path: Path) -> None:
    text = 'templates: [{text: "snmp community x\\nntp 1\\nntp 2"}, {text: foo, section: \'bgp ["default"]\'}]\n'
    made = plan(tmp_path, text)
    assert [str(line) for line in made.lines] == ["ntp 1", "ntp 2", 'bgp ["default"] > foo']
    assert made.operations[0].reason == "intent/site.yml:2, template text"


def test_a_template_may_own_lines_or_a_section(tmp_path: Path) -> None:
    assert sent(plan(tmp_path, 'templates: [{text: "snmp community y", owns: "snmp *"}]\n')) == [
        "no snmp community x",
        "snmp community y",
    ]
    running = RUNNING + "line vty\n timeout 1\n banner x\n"
    text = 'templates: [{text: "timeout 1\\nsecure", owns: line vty}]\n'
    assert sent(plan(tmp_path, text, running)) == ["no banner x", "secure"]
    assert sent(plan(tmp_path, 'templates: [{text: " ", owns: line vty}]\n', running)) == ["no line vty"]


def test_a_template_that_writes_beyond_what_it_owns_is_refused(tmp_path: Path) -> None:
    with pytest.raises(
        SourceError, match=r"site.yml:2:13 template text: 'ntp 1' is outside of what it owns, 'snmp \*'"
    ):
        plan(tmp_path, 'templates: [{text: "ntp 1", owns: "snmp *"}]\n')


def test_objects_in_a_section_that_a_template_replaces_go_with_it(tmp_path: Path) -> None:
    text = 'templates: [{text: "asn 65001", owns: "bgp [\\"default\\"]"}]\n'
    made = plan(tmp_path, text)
    assert made.predicted.count("neighbor") == 0


def test_a_way_back_is_part_of_every_plan_or_there_is_none(tmp_path: Path) -> None:
    broken = dataclasses.replace(TOY, delta=lambda *_: [])
    with pytest.raises(PlanError, match="leaf1: there is no way back: 'interface"):
        plan_device("leaf1", broken, RUNNING, wish(tmp_path, "interfaces: [{name: eth0, mtu: 1}]\n"))


def test_a_configuration_that_does_not_parse_is_told() -> None:
    def parse(text: str) -> None:
        raise ValueError("line 3")

    broken = dataclasses.replace(TOY, parse=parse)  # type: ignore[arg-type] # never returns
    with pytest.raises(PlanError, match="leaf1: its configuration does not parse as toy: line 3"):
        plan_device("leaf1", broken, RUNNING, Wish())


def test_towards_a_text_objects_change_as_objects_and_the_rest_as_lines() -> None:
    target = text_of([Interface("eth0", mtu=1500), Bgp(65002)], "snmp community y")
    made = plan_towards("leaf1", TOY, RUNNING, Target(target, "commit 1a2b"))
    assert TOY.parse(made.predicted) == TOY.parse(target)
    assert TOY.apply_lines(TOY.parse(target), made.inverse) == TOY.parse(RUNNING)
    assert steps(made)[:2] == ["update bgp default", "update interface eth0"]
    assert steps(made)[-1] == "update lines "
    assert {line.text for line in made.operations[-1].lines} == {
        "no snmp community x",
        "no logging host 192.0.2.1",
        "snmp community y",
    }
    assert {operation.reason for operation in made.operations} <= {"commit 1a2b", "goes with bgp default"}


def test_towards_itself_is_no_change() -> None:
    assert plan_towards("leaf1", TOY, RUNNING, Target(RUNNING, "now")).empty


def test_secrets_of_the_archive_are_found_again_or_the_plan_is_refused() -> None:
    target = RUNNING + "user a password <netloom:password:12ab>\n"
    running = RUNNING + "user a password geheim\nntp 1\n"

    def unredact(line: str, known: object) -> str | None:
        return line.replace("<netloom:password:12ab>", "geheim") if "geheim" in str(known) else None

    made = plan_towards("leaf1", TOY, running, Target(target, "x"), unredact=unredact)
    assert sent(made) == ["no ntp 1"]
    with pytest.raises(PlanError, match="archived without its secret"):
        plan_towards("leaf1", TOY, RUNNING, Target(target, "x"), unredact=unredact)
    with pytest.raises(PlanError, match="archived without its secret"):
        plan_towards("leaf1", TOY, running, Target(target, "x"))


def test_a_whole_configuration_is_gone_to_whatever_defaults_it_states() -> None:
    nexus = load_platform("cisco_nxos")
    running = "version 9.3(8)\nhostname a\nvlan 1,10\ninterface Ethernet1/1\n  shutdown\n"
    target = "version 9.3(8)\nhostname a\nvlan 1,10\ninterface Ethernet1/1\n  switchport\n  no shutdown\n  mtu 1500\n"
    made = plan_towards("a", nexus, running, Target(target, "commit 1a2b3c"))
    assert [str(line) for line in made.lines] == ["interface Ethernet1/1 > no shutdown"]
    assert "no shutdown" in made.predicted
    assert [str(line) for line in made.inverse] == ["interface Ethernet1/1 > shutdown"]
    assert plan_towards("a", nexus, made.predicted, Target(target, "commit 1a2b3c")).empty


def test_what_no_command_changes_does_not_stand_in_the_way_of_a_whole_configuration() -> None:
    ios = load_platform("cisco_ios")
    made = plan_towards("a", ios, "version 17.3\nhostname a\n", Target("version 16.9\nhostname b\n", "commit 1a2b3c"))
    assert [line.text for line in made.lines] == ["hostname b"]
    assert [f"{risk.severity} {risk.code}: {risk.message}" for risk in made.risks if risk.code == "beyond_reach"] == [
        "medium beyond_reach: no command changes these lines, which differ: version 17.3, version 16.9"
    ]
    assert plan_towards("a", ios, made.predicted, Target("version 16.9\nhostname b\n", "commit 1a2b3c")).empty
