"""EOS's configuration by example: what is read, and what is typed to change it."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.intent.intent_inventory import wishes
from tests.platforms.promises import Promises, differences

from netloom.errors import Unsupported
from netloom.intent.plan import plan_device
from netloom.intent.planned import DevicePlan
from netloom.model.acl import Acl, AclEntry
from netloom.model.bgp import Bgp
from netloom.model.bgp_neighbor import BgpNeighbor
from netloom.model.bgp_peer_group import BgpAddressFamily, BgpPeerGroup
from netloom.model.config import Config, Line
from netloom.model.device import Device
from netloom.model.interface import Interface
from netloom.model.lag import Lag
from netloom.model.ospf import Ospf
from netloom.model.ospf_interface import OspfInterface
from netloom.model.prefix_list import PrefixList, PrefixListEntry
from netloom.model.route_map import RouteMap, RouteMapEntry
from netloom.model.static_route import StaticRoute
from netloom.model.switchport import Switchport
from netloom.model.user import User
from netloom.model.vrf import Vrf
from netloom.platforms.contract import load_platform
from netloom.platforms.lines import unmodelled

EOS = load_platform("arista_eos")
HERE = Path(__file__).parent
RUNNING = (HERE / "arista_eos_leaf.conf").read_text()
LEAF = EOS.parse(RUNNING)
SAMPLES = HERE.parents[1].parent / "shared/samples"
NOUNS = tuple(noun for noun in EOS.nouns() if hasattr(EOS.module(noun), "configured"))
PHYSICAL = tuple(("interface", (f"{kind}{number}",)) for kind in ("Ethernet", "Management") for number in range(100))


def module(noun: str) -> Any:
    found = EOS.module(noun)
    assert found is not None
    return found


def only(noun: str, **fields: Any) -> Any:
    found = [
        record
        for record in module(noun).configured(LEAF)
        if all(getattr(record, name) == value for name, value in fields.items())
    ]
    assert len(found) == 1
    return found[0]


def typed(noun: str, have: Any, want: Any, base: Config = LEAF) -> list[str]:
    """What is typed, without the lines that leave sections."""
    lines = module(noun).render(have, want, base)
    after = EOS.apply_lines(base, lines)
    assert differences(EOS.apply_lines(after, EOS.delta(after, base)), base) == []
    return [text for text in EOS.script(lines) if text != "exit"]


def plan(folder: Path, text: str, running: str = RUNNING) -> DevicePlan:
    """A plan that holds what every plan must."""
    wish = wishes(folder, f"on: leaf1\n{text}")["leaf1"]
    made = plan_device("leaf1", EOS, running, wish)
    base, predicted = EOS.parse(running), EOS.parse(made.predicted or running)
    assert EOS.apply_lines(base, made.lines) == predicted
    assert EOS.apply_lines(predicted, made.inverse) == base
    assert plan_device("leaf1", EOS, made.predicted or running, wish).empty
    return made


def place(made: DevicePlan, text: str) -> int:
    sent = [line.text for line in made.lines]
    assert sent.count(text) == 1
    return sent.index(text)


# ---- reading -------------------------------------------------------------------------------------


def test_every_line_stands_in_the_tree_and_records_and_the_rest_account_for_all() -> None:
    told = {str(line) for line in unmodelled(EOS, LEAF)}
    assert told >= {"mlag configuration > domain-id rack7", "interface Port-Channel1 > mlag 1", "ip routing"}
    modelled = ("hostname", "username", "ip address 1", "neighbor 10.", "route-map", "ip access-list FROM-RED > 20")
    assert not [line for line in told for word in modelled if word in line]
    assert "banner login" in next(iter(LEAF.sections("banner login")))[0]


@pytest.mark.parametrize("noun", NOUNS)
def test_each_record_stands_by_itself(noun: str) -> None:
    Promises(EOS, (noun,), LEAF, permanent=(("device", ()), *PHYSICAL)).every_record_stands_by_itself(LEAF)
    assert module(noun).configured(LEAF)


def test_text_and_tree_say_the_same_with_tabs_trailing_spaces_and_crlf() -> None:
    Promises(EOS, NOUNS, LEAF).is_kept_whole(RUNNING)
    untidy = RUNNING.replace("\n!\n", "  \n!\n").replace("\n", "\r\n")
    assert EOS.parse(untidy) == LEAF
    tabs = EOS.parse("interface Ethernet1\n\tdescription x \t\n\tno switchport\n")
    assert list(tabs.section("interface Ethernet1")) == ["description x", "no switchport"]


def test_the_archive_keeps_what_eos_can_load_again_and_nothing_that_changes_by_itself() -> None:
    text = EOS.normalise(RUNNING.replace("show running-config", "show startup-config"))
    assert "Command:" not in text
    assert "! device:" not in text
    assert EOS.normalise(text) == text == EOS.normalise(RUNNING)
    assert EOS.parse(text) == LEAF
    assert "only!\n\n!  this is no comment\n" in text


def test_the_text_is_written_as_eos_writes_it() -> None:
    text = EOS.format(EOS.parse("router bgp 1\n   vrf RED\n      rd 1:1\nvlan 10-11\nhostname x\n"))
    assert text == "router bgp 1\n   !\n   vrf RED\n      rd 1:1\n!\nvlan 10\n!\nvlan 11\n!\nhostname x\n"


def test_vlans_in_one_line_are_each_a_vlan() -> None:
    assert [vlan.id for vlan in module("vlan").configured(LEAF)] == [10, 20, 30, 31, 32, 40, 4094]
    assert typed("vlan", only("vlan", id=31), None) == ["no vlan 31"]
    assert EOS.apply_lines(LEAF, [Line("no vlan 10,20,30-32")]) == EOS.apply_lines(
        LEAF, [Line(f"no vlan {number}") for number in (10, 20, 30, 31, 32)]
    )


def test_secrets_are_known() -> None:
    told = [match["secret"] for pattern in EOS.secrets for match in pattern.finditer(RUNNING)]
    assert {"$6$Zi2e8nNAbBbF3VWt$examplehash", "AQQvKeimxJu+uGQ/yYvv9w==", "s3cret", "public"} <= set(told)


# ---- interfaces ----------------------------------------------------------------------------------


def test_a_secondary_address_goes_alone_and_the_others_stay() -> None:
    have = only("interface", name="Ethernet5")
    kept = tuple(address for address in have.addresses if address != "10.5.1.1/24")
    assert typed("interface", have, replace(have, addresses=kept)) == [
        "interface Ethernet5",
        "no ip address 10.5.1.1/24 secondary",
    ]


def test_a_primary_address_goes_and_a_secondary_one_takes_its_place() -> None:
    have = only("interface", name="Ethernet5")
    assert typed("interface", have, replace(have, addresses=have.addresses[1:])) == [
        "interface Ethernet5",
        "no ip address 10.5.1.1/24 secondary",
        "ip address 10.5.1.1/24",
    ]
    other = replace(have, addresses=("10.77.0.1/24", *have.addresses[1:]))
    assert typed("interface", have, other) == ["interface Ethernet5", "ip address 10.77.0.1/24"]


def test_secondary_addresses_go_before_the_primary_one() -> None:
    have = only("interface", name="Ethernet5")
    sent = typed("interface", have, replace(have, addresses=()))
    assert [text for text in sent if text.startswith("no ip ")] == [
        "no ip address 10.5.2.1/24 secondary",
        "no ip address 10.5.1.1/24 secondary",
        "no ip address 10.5.0.1/24",
    ]


@pytest.mark.parametrize(("vrf", "line"), [("MGMT", "vrf MGMT"), (None, "no vrf")])
def test_a_move_to_another_vrf_keeps_every_address(vrf: str | None, line: str) -> None:
    have = only("interface", name="Ethernet5")
    assert typed("interface", have, replace(have, vrf=vrf)) == [
        "interface Ethernet5",
        line,
        "ip address 10.5.0.1/24",
        "ip address 10.5.1.1/24 secondary",
        "ip address 10.5.2.1/24 secondary",
        "ipv6 address 2001:db8:5::1/64",
        "ipv6 address fe80::5/64 link-local",
    ]
    svi = only("interface", name="Vlan10")
    assert typed("interface", svi, replace(svi, vrf=vrf))[-1] == "ip address virtual 10.10.0.1/24"


def test_a_physical_interface_stays_with_what_nobody_models_and_a_virtual_one_goes() -> None:
    assert typed("interface", only("interface", name="Vlan10"), None) == ["no interface Vlan10"]
    lines = module("interface").render(only("interface", name="Ethernet2"), None, LEAF)
    after = EOS.apply_lines(LEAF, lines).section("interface Ethernet2")
    assert list(after) == ["switchport access vlan 10", "switchport phone vlan 20", "spanning-tree portfast"]


def test_default_interface_leaves_it_empty() -> None:
    after = EOS.apply_lines(LEAF, [Line("default interface Ethernet5"), Line("default mtu", ("interface Ethernet1",))])
    assert after.tree["interface Ethernet5"] == {}
    assert "mtu 9214" not in after.section("interface Ethernet1")


def test_old_releases_keep_their_words() -> None:
    text = "! device: old (vEOS, EOS-4.18.10M)\nvrf definition A\n   rd 1:1\ninterface Ethernet1\n   vrf forwarding A\n"
    base = EOS.parse(text + "router bgp 1\n")
    assert module("vrf").configured(base) == [Vrf("A", rd="1:1")]
    assert typed("vrf", None, Vrf("B", rd="2:2"), base) == ["vrf definition B", "rd 2:2"]
    assert typed("interface", None, Interface("Ethernet2", vrf="A"), base) == [
        "interface Ethernet2",
        "no switchport",
        "vrf forwarding A",
    ]
    assert typed("bgp_peer_group", None, BgpPeerGroup("G"), base) == ["router bgp 1", "neighbor G peer-group"]
    peer = module("bgp_neighbor").render(None, BgpNeighbor("10.0.0.1", remote_as=2), base)
    assert peer == [Line("neighbor 10.0.0.1 remote-as 2", ("router bgp 1",))]
    assert "neighbor 10.0.0.1 maximum-routes 12000" in EOS.apply_lines(base, peer).section("router bgp 1")
    assert typed("device", None, Device("old", domain="x.net"), base) == ["hostname old", "ip domain-name x.net"]
    rules = PrefixList("P", entries=(PrefixListEntry(10, "permit", "10.0.0.0/8"),))
    assert typed("prefix_list", None, rules, base) == ["ip prefix-list P seq 10 permit 10.0.0.0/8"]


# ---- switching -----------------------------------------------------------------------------------


def test_a_trunk_changes_in_one_line_and_is_never_empty() -> None:
    have = only("switchport", interface="Port-Channel1")
    header = "interface Port-Channel1"
    assert typed("switchport", have, replace(have, allowed_vlans="10,20,40")) == [
        header,
        "switchport trunk allowed vlan 10,20,40",
    ]
    assert typed("switchport", have, replace(have, allowed_vlans=None)) == [header, "no switchport trunk allowed vlan"]


def test_vlans_added_to_a_trunk_by_hand_join_the_others() -> None:
    path = ("interface Port-Channel1",)
    lines = [
        Line("switchport trunk allowed vlan add 33,50", path),
        Line("switchport trunk allowed vlan remove 10", path),
    ]
    assert "switchport trunk allowed vlan 20,30-33,50" in EOS.apply_lines(LEAF, lines).section(*path)


def test_ports_switch_by_themselves_and_stop_by_no_switchport() -> None:
    header = "interface Ethernet7"
    assert typed("switchport", None, Switchport("Ethernet7", mode="routed")) == [header, "no switchport"]
    assert typed("switchport", None, Switchport("Ethernet7", mode="access")) == []
    routed = only("switchport", interface="Ethernet1")
    assert typed("switchport", routed, Switchport("Ethernet1", mode="access", access_vlan=10)) == [
        "interface Ethernet1",
        "switchport",
        "switchport access vlan 10",
    ]


def test_an_aggregate_comes_before_its_members_and_keeps_what_stands_on_it() -> None:
    assert typed("lag", None, Lag("Port-Channel7", ("Ethernet7",), "active", 1)) == [
        "interface Port-Channel7",
        "port-channel min-links 1",
        "interface Ethernet7",
        "channel-group 7 mode active",
    ]
    assert typed("lag", only("lag", name="Port-Channel1"), None) == [
        "interface Ethernet4",
        "no channel-group",
        "interface Ethernet3",
        "no channel-group",
        "interface Port-Channel1",
        "no port-channel min-links",
    ]


# ---- access lists --------------------------------------------------------------------------------


def test_a_remark_changes_alone_and_its_twin_stays() -> None:
    have = only("acl", name="FROM-RED")
    assert [entry.remark for entry in have.entries if entry.remark] == ["allow the web", "allow the web"]
    changed = tuple(replace(entry, remark="new") if entry.sequence == 40 else entry for entry in have.entries)
    assert typed("acl", have, replace(have, entries=changed)) == ["ip access-list FROM-RED", "no 40", "40 remark new"]


def test_entries_that_move_to_other_numbers_are_no_drift_left_behind() -> None:
    have = only("acl", name="FROM-RED")
    moved = tuple(
        replace(entry, sequence=entry.sequence + 5) if entry.sequence > 50 else entry for entry in have.entries
    )
    assert typed("acl", have, replace(have, entries=moved)) == [
        "ip access-list FROM-RED",
        "no 70",
        "no 60",
        "65 permit tcp any any established",
        "75 deny ip any any",
    ]


def test_an_access_list_is_unbound_before_it_goes(tmp_path: Path) -> None:
    text = "acls: [{name: FROM-RED, absent: true}]\ninterfaces: [{name: Ethernet5, acl_in: null}]\n"
    made = plan(tmp_path, text)
    assert place(made, "no ip access-group FROM-RED in") < place(made, "no ip access-list FROM-RED")


def test_an_access_list_is_there_before_it_is_bound(tmp_path: Path) -> None:
    rule = "{sequence: 10, action: permit, protocol: ip, source: any, destination: any}"
    text = f"interfaces: [{{name: Ethernet1, acl_in: NEW}}]\nacls: [{{name: NEW, entries: [{rule}]}}]\n"
    made = plan(tmp_path, text)
    assert place(made, "10 permit ip any any") < place(made, "ip access-group NEW in")


def test_rules_are_written_in_the_words_of_eos() -> None:
    entries = (
        AclEntry(10, "permit", protocol="tcp", source="10.0.0.1/32", destination="any", destination_ports="eq 22"),
        AclEntry(20, "deny", protocol="ip", source="10.0.7.0 0.255.0.255", destination="10.0.0.0/8", log=True),
    )
    assert typed("acl", None, Acl("N", entries=entries)) == [
        "ip access-list N",
        "10 permit tcp host 10.0.0.1 any eq 22",
        "20 deny ip 10.0.7.0 0.255.0.255 10.0.0.0/8 log",
    ]


def test_a_list_that_turns_standard_is_made_anew() -> None:
    have = only("acl", name="FROM-RED")
    want = Acl("FROM-RED", type="standard", entries=(AclEntry(10, "permit", source="10.0.0.0/8"),))
    sent = typed("acl", have, want)
    assert sent[:2] == ["no ip access-list FROM-RED", "ip access-list standard FROM-RED"]
    assert "10 permit 10.0.0.0/8" in sent


# ---- routing -------------------------------------------------------------------------------------


def test_prefix_lists_keep_their_form_and_an_entry_goes_before_it_comes_again() -> None:
    have = only("prefix_list", name="LOOPBACKS")
    want = replace(have, entries=(have.entries[0], replace(have.entries[1], le=28)))
    assert typed("prefix_list", have, want) == [
        "ip prefix-list LOOPBACKS",
        "no seq 20",
        "seq 20 permit 10.254.0.0/16 le 28",
    ]
    flat = EOS.parse("ip prefix-list P seq 10 permit 10.0.0.0/8\nip prefix-list P seq 20 permit 10.1.0.0/16 eq 24\n")
    (record,) = module("prefix_list").configured(flat)
    assert typed("prefix_list", record, replace(record, entries=record.entries[1:]), flat) == [
        "no ip prefix-list P seq 10"
    ]
    assert typed("prefix_list", record, None, flat) == ["no ip prefix-list P"]


def test_a_route_map_changes_its_mind_by_coming_anew_and_keeps_what_it_says_in_its_own_words() -> None:
    have = only("route_map", name="FROM-SPINE")
    assert have.entries[0].other == ("set metric +10",)
    first = replace(have.entries[0], action="deny")
    sent = typed("route_map", have, replace(have, entries=(first, have.entries[1])))
    assert sent[:2] == ["no route-map FROM-SPINE permit 10", "route-map FROM-SPINE deny 10"]
    assert "set metric +10" in sent
    community = replace(have.entries[0], set_community=("65001:7", "additive"))
    assert typed("route_map", have, replace(have, entries=(community, have.entries[1]))) == [
        "route-map FROM-SPINE permit 10",
        "set community 65001:7 additive",
    ]


def test_a_static_route_changes_its_distance_by_going_first() -> None:
    have = only("static_route", prefix="10.99.0.0/16")
    assert have == StaticRoute("10.99.0.0/16", interface="blackhole", distance=250, tag=7, name="discard")
    assert typed("static_route", have, replace(have, distance=None)) == [
        "no ip route 10.99.0.0/16 Null0 250 tag 7 name discard",
        "ip route 10.99.0.0/16 Null0 tag 7 name discard",
    ]


def test_a_vrf_comes_with_its_routing_and_with_its_targets_in_bgp() -> None:
    want = Vrf("NEW", rd="1:1", import_targets=("1:1",), routing=("ipv4",))
    assert typed("vrf", None, want) == [
        "vrf instance NEW",
        "ip routing vrf NEW",
        "router bgp 65001",
        "vrf NEW",
        "rd 1:1",
        "route-target import evpn 1:1",
    ]
    assert "no ip routing vrf X" in EOS.apply_lines(LEAF, [Line("vrf instance X")]).tree


# ---- BGP and OSPF --------------------------------------------------------------------------------


def test_bgp_is_read_with_its_vrfs_groups_and_families() -> None:
    assert only("bgp", vrf="RED").asn == 65001
    group = only("bgp_peer_group", name="SPINES")
    (family,) = group.address_families
    assert (family.policy_in, family.prefix_list_out, family.send_community) == ("FROM-SPINE", "LOOPBACKS", "both")
    assert only("bgp_neighbor", vrf="RED").local_as == 65009
    assert only("bgp_neighbor", peer="Ethernet7").unnumbered
    dotted = EOS.parse("router bgp 65101.65101\n   neighbor 10.0.0.1 remote-as 1.2\n")
    assert module("bgp").configured(dotted)[0].asn == 65101 * 65536 + 65101
    assert module("bgp_neighbor").configured(dotted)[0].remote_as == 65538
    neighbor = module("bgp_neighbor").configured(dotted)[0]
    assert typed("bgp_neighbor", neighbor, replace(neighbor, description="x"), dotted) == [
        "router bgp 65101.65101",
        "neighbor 10.0.0.1 description x",
    ]


def test_a_neighbor_goes_by_one_line_and_out_of_every_family() -> None:
    lines = module("bgp_neighbor").render(only("bgp_neighbor", peer="2001:db8:1::2"), None, LEAF)
    assert lines == [Line("no neighbor 2001:db8:1::2", ("router bgp 65001",))]
    assert not [line for line in EOS.apply_lines(LEAF, lines).lines() if "2001:db8:1::2" in line.text]


def test_a_neighbor_is_enabled_by_one_line_and_joins_a_group_by_another() -> None:
    have = only("bgp_neighbor", peer="2001:db8:1::2")
    assert typed("bgp_neighbor", have, replace(have, enabled=True, peer_group="EVPN")) == [
        "router bgp 65001",
        "no neighbor 2001:db8:1::2 shutdown",
        "neighbor 2001:db8:1::2 peer group EVPN",
    ]


def test_a_group_that_goes_takes_along_the_members_that_are_nothing_without_it() -> None:
    assert typed("bgp_peer_group", only("bgp_peer_group", name="SPINES"), None)[:3] == [
        "router bgp 65001",
        "no neighbor 10.0.0.1",
        "no neighbor SPINES",
    ]
    after = EOS.apply_lines(LEAF, [Line("no neighbor EVPN peer group", ("router bgp 65001",))])
    kept = [text for text in after.section("router bgp 65001") if "10.255.0.100" in text]
    assert kept == ["neighbor 10.255.0.100 remote-as 65100"]


def test_a_member_says_no_against_its_group() -> None:
    base = EOS.parse(
        "router bgp 1\n   neighbor G peer group\n   neighbor G next-hop-self\n   neighbor 10.0.0.1 peer group G\n"
        "   neighbor 10.0.0.1 remote-as 2\n   no neighbor 10.0.0.1 next-hop-self\n"
    )
    path = ("router bgp 1",)
    line = Line("no neighbor 10.0.0.1 next-hop-self", path)
    assert str(line) in {str(found) for found in unmodelled(EOS, base)}
    without = EOS.apply_lines(base, [Line("default neighbor 10.0.0.1 next-hop-self", path)])
    assert line not in without
    assert EOS.delta(without, base) == [line]
    assert EOS.delta(base, without) == [Line("default neighbor 10.0.0.1 next-hop-self", path)]


def test_another_as_number_takes_everything_along_and_brings_it_back() -> None:
    have = only("bgp", vrf="default")
    lines = module("bgp").render(have, replace(have, asn=65009), LEAF)
    assert lines[0] == Line("no router bgp 65001")
    after = EOS.apply_lines(LEAF, lines)
    assert after.section("router bgp 65009") == LEAF.section("router bgp 65001")


def test_a_vrf_has_an_as_of_its_own_and_its_instance_leaves_what_belongs_to_the_vrf() -> None:
    have = only("bgp", vrf="RED")
    assert typed("bgp", have, replace(have, asn=65111))[-1] == "local-as 65111"
    lines = module("bgp").render(have, None, LEAF)
    assert list(EOS.apply_lines(LEAF, lines).section("router bgp 65001", "vrf RED")) == [
        "rd 10.255.0.1:50001",
        "route-target import evpn 50001:50001",
        "route-target export evpn 50001:50001",
    ]


def test_what_holds_by_itself_is_said_only_to_be_denied() -> None:
    assert typed("bgp", None, Bgp(65001), EOS.parse("hostname x\n")) == ["router bgp 65001"]
    want = Bgp(65001, ebgp_requires_policy=True, log_neighbor_changes=False, multipath_relax=True)
    assert typed("bgp", None, want, EOS.parse("hostname x\n")) == [
        "router bgp 65001",
        "no bgp log-neighbor-changes",
        "bgp missing-policy direction in action deny",
        "bgp missing-policy direction out action deny",
    ]


def test_ospf_names_interfaces_that_differ_from_the_default() -> None:
    have = only("ospf_interface", interface="Ethernet1")
    assert have.passive is False
    assert typed("ospf_interface", have, replace(have, passive=None)) == [
        "router ospf 1",
        "passive-interface Ethernet1",
    ]
    assert typed("ospf", only("ospf"), None) == ["no router ospf 1"]
    assert "max-lsa 12000" in EOS.apply_lines(LEAF, [Line("router ospf 2 vrf RED")]).section("router ospf 2 vrf RED")
    assert typed("ospf", None, Ospf(vrf="RED")) == ["router ospf 2 vrf RED"]


# ---- the device and its services -----------------------------------------------------------------


def test_a_banner_holds_any_text_and_goes_by_its_name() -> None:
    have = only("device", hostname="leaf1")
    assert have.banner_login == " Authorised use only!\n\n!  this is no comment\ninterface Ethernet99"
    assert typed("device", have, replace(have, banner_login=None, banner_motd="exit\n  end")) == [
        "no banner login",
        "banner motd\nexit\n  end\nEOF",
    ]


def test_a_line_about_a_user_keeps_what_it_does_not_say() -> None:
    have = only("user", name="admin")
    assert typed("user", have, replace(have, roles=())) == ["no username admin role"]
    assert typed("user", have, replace(have, privilege=None)) == ["username admin privilege 1"]
    assert typed("user", have, None) == ["no username admin"]
    after = EOS.apply_lines(LEAF, [Line("username admin privilege 10"), Line("username admin secret 5 $1$x")])
    assert "username admin privilege 10 role network-admin secret 5 $1$x" in after.tree


def test_hosts_and_servers_change_with_the_options_that_nobody_models() -> None:
    ntp = only("ntp")
    server = next(server for server in ntp.servers if server.key_id == 1)
    servers = tuple(replace(each, prefer=True) if each is server else each for each in ntp.servers)
    assert typed("ntp", ntp, replace(ntp, servers=servers)) == [
        "no ntp server vrf MGMT 192.0.2.124",
        "ntp server vrf MGMT 192.0.2.124 prefer minpoll 4 maxpoll 6 key 1",
    ]
    log = only("logging")
    assert log.source_interface == "Management1"
    assert typed("logging", log, replace(log, hosts=log.hosts[:2])) == ["no logging host 192.0.2.22"]
    snmp = only("snmp_server")
    assert typed("snmp_server", snmp, replace(snmp, traps=("bgp",))) == ["no snmp-server enable traps"]
    assert EOS.apply_lines(LEAF, [Line("ip name-server 192.0.2.54")]).tree.keys() - LEAF.tree.keys() == {
        "ip name-server vrf default 192.0.2.54"
    }


def test_a_source_interface_is_named_in_its_own_vrf() -> None:
    snmp = only("snmp_server")
    assert typed("snmp_server", replace(snmp, source_interface=None), snmp) == []
    moved = replace(snmp, source_interface="Ethernet5")
    assert typed("snmp_server", snmp, moved) == [
        "no snmp-server vrf MGMT local-interface",
        "snmp-server vrf RED local-interface Ethernet5",
    ]


@pytest.mark.parametrize(
    ("noun", "want", "message"),
    [
        ("bgp_neighbor", BgpNeighbor("10.0.0.9", remote_as="external"), "needs a number"),
        ("bgp_neighbor", BgpNeighbor("10.0.0.9", remote_as=1, connect_retry_s=5), "connect_retry_s"),
        ("bgp_neighbor", BgpNeighbor("10.0.0.9", remote_as=1, password="x"), "hides passwords"),
        (
            "bgp_neighbor",
            BgpNeighbor(
                "10.0.0.9", remote_as=1, address_families=(BgpAddressFamily("ipv6-unicast", next_hop_self=True),)
            ),
            "one next_hop_self for all",
        ),
        ("bgp_peer_group", BgpPeerGroup("G", vrf="RED"), "for all VRFs"),
        ("prefix_list", PrefixList("P", description="x"), "no description"),
        ("route_map", RouteMap("R", (RouteMapEntry(10, "permit", name="t"),)), "does not know name"),
        ("static_route", StaticRoute("10.0.0.0/8", interface="reject"), "blackhole"),
        ("interface", Interface("Ethernet1", vlan=7), "tags subinterfaces only"),
        ("switchport", Switchport("Vlan10", mode="trunk"), "cannot switch"),
        ("lag", Lag("bond0"), "Port-Channel"),
        ("user", User("x", password_hash="plain"), "hides passwords"),
        ("user", User("x", roles=("a", "b"), password_type="nopassword"), "one role"),
        ("ospf_interface", OspfInterface("Ethernet5", passive=True), "there is none"),
        ("device", Device("x", banner_motd="a\nEOF"), "ends a banner_motd"),
    ],
)
def test_what_eos_cannot_do_is_refused_before_anything_is_sent(noun: str, want: Any, message: str) -> None:
    with pytest.raises(Unsupported, match=message):
        module(noun).render(None, want, LEAF)


# ---- whole plans ---------------------------------------------------------------------------------

MERGE = """\
vlans: [{id: 50, name: cameras}]
vrfs: [{name: BLUE, routing: [ipv4], rd: "1:60001", import_targets: ["1:60001"]}]
acls:
  - name: FROM-BLUE
    entries: [{sequence: 10, action: permit, protocol: ip, source: 10.50.0.0/16, destination: any}]
interfaces:
  - {name: Vlan50, vrf: BLUE, addresses: [10.50.0.1/24], acl_in: FROM-BLUE}
  - {name: Ethernet5, vrf: BLUE}
switchports:
  - {interface: Port-Channel1, allowed_vlans: "10,20,30-32,50"}
  - {interface: Ethernet7, mode: access, access_vlan: 50}
bgp: [{vrf: BLUE, asn: 65001, redistribute: [{family: ipv4, protocol: connected}]}]
bgp_neighbors: [{vrf: BLUE, peer: 10.50.0.9, remote_as: 65400}]
"""


def test_one_plan_touches_many_nouns_in_the_order_of_their_references(tmp_path: Path) -> None:
    made = plan(tmp_path, MERGE)
    assert place(made, "vlan 50") < place(made, "switchport access vlan 50")
    assert place(made, "ip access-list FROM-BLUE") < place(made, "ip access-group FROM-BLUE in")
    assert place(made, "vrf instance BLUE") < place(made, "ip address 10.50.0.1/24")
    section = EOS.parse(made.predicted).section("interface Ethernet5")
    assert {"vrf BLUE", "ip address 10.5.1.1/24 secondary", "ip access-group FROM-RED in"} <= set(section)


def test_what_is_owned_and_not_wished_for_goes(tmp_path: Path) -> None:
    made = plan(
        tmp_path,
        "own: [vlans, static_routes, ntp]\nvlans: [{id: 10, name: users}]\nntp: {authenticate: true}\n"
        "switchports: [{interface: Ethernet2, voice_vlan: null}]\n",
    )
    after = EOS.parse(made.predicted)
    assert [vlan.id for vlan in module("vlan").configured(after)] == [10]
    assert module("static_route").configured(after) == []
    assert not [text for text in after.tree if text.startswith("ntp server")]
    assert place(made, "no switchport phone vlan") < place(made, "no vlan 20")


# ---- others' configurations ----------------------------------------------------------------------

CONFIGS = sorted(
    path
    for path in SAMPLES.glob("lab-validation/snapshots/eos_*/configs/*/*")
    if re.match(r"! Command: show running-config\s", path.read_text(errors="replace"))
)


@pytest.mark.samples
@pytest.mark.skipif(not CONFIGS, reason="the samples are not here")
@pytest.mark.parametrize("path", CONFIGS, ids=lambda path: f"{path.parts[-4]}/{path.parts[-2]}")
def test_a_real_configuration_is_kept_whole_and_its_records_stand_by_themselves(path: Path) -> None:
    text = path.read_text()
    config = EOS.parse(text)
    said = [line.strip() for line in text.splitlines() if line.strip() and not line.strip().startswith("!")]
    assert set(said) - {"end"} == {line.text for line in config.lines()}
    promises = Promises(EOS, NOUNS, config, permanent=(("device", ()), *PHYSICAL))
    promises.is_kept_whole(text)
    promises.every_record_stands_by_itself(config)


PATCHES = sorted((SAMPLES / "annet/tests/annet/test_patch").glob("arista*.yaml"))


def sides(diff: str) -> tuple[Config, Config]:
    """Before and after, of a difference with signs after the indentation."""
    before, after = [], []
    for line in diff.splitlines():
        match = re.fullmatch(r"( *)([+-] )?(.*)", line)
        assert match is not None
        text = match[1] + re.sub(" +", " ", match[3])
        before += [text] if match[2] != "+ " else []
        after += [text] if match[2] != "- " else []
    return EOS.parse("\n".join(before)), EOS.parse("\n".join(after))


@pytest.mark.samples
@pytest.mark.skipif(not PATCHES, reason="the samples are not here")
@pytest.mark.parametrize("path", PATCHES, ids=lambda path: path.stem)
def test_our_change_leads_where_others_changes_lead(path: Path) -> None:
    import yaml  # noqa: PLC0415 - only where the samples are

    cases = yaml.safe_load(path.read_text())
    assert cases
    for case in cases:
        before, after = sides(case["diff"])
        lines = EOS.delta(before, after)
        assert lines
        assert differences(EOS.apply_lines(before, lines), after) == []


# ---- configurations that people's tools write ----------------------------------------------------

GENERATED_TEXT = (HERE / "arista_eos_generated.conf").read_text()
GENERATED = EOS.parse(GENERATED_TEXT)


@pytest.mark.parametrize("noun", NOUNS)
def test_what_holds_by_itself_may_be_said_too(noun: str) -> None:
    promises = Promises(EOS, (noun,), GENERATED, permanent=(("device", ()), *PHYSICAL))
    promises.every_record_stands_by_itself(GENERATED)
    promises.is_kept_whole(GENERATED_TEXT)


def test_defaults_that_are_said_are_no_unknown_lines() -> None:
    told = {line.text for line in unmodelled(EOS, GENERATED) if line.path and line.path[0].startswith("interface ")}
    assert not told & {"no shutdown", "mtu 1500", "switchport", "switchport mode access", "switchport access vlan 1"}
    assert not told & {"ip ospf hello-interval 10", "ip ospf area 100", "ipv6 address 2002:ABDC::1/64"}


def test_a_plan_leads_back_to_defaults_that_were_said(tmp_path: Path) -> None:
    text = "interfaces: [{name: Vlan3009, absent: true}, {name: Ethernet1, mtu: 9214, enabled: false}]\n"
    made = plan(tmp_path, text + "switchports: [{interface: Ethernet2, mode: routed}]\n", GENERATED_TEXT)
    assert "no switchport" in EOS.parse(made.predicted).section("interface Ethernet2")
