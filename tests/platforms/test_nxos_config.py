"""The traps of NX-OS' configuration, each by a plan."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tests.platforms.nxos_plans import NXOS, RUNNING, plan, typed

from netloom.errors import PlanError
from netloom.model.config import Config, Line
from netloom.model.interface import Interface
from netloom.model.switchport import Switchport
from netloom.platforms.cisco_nxos import interface, switchport
from netloom.platforms.lines import unmodelled


def test_a_secondary_address_goes_and_the_primary_stays(tmp_path: Path) -> None:
    wish = "interfaces: [{name: Vlan10, addresses: [10.0.10.1/24]}]"
    assert typed(tmp_path, wish) == ["interface Vlan10", "no ip address 10.0.11.1/24 secondary"]


def test_a_secondary_address_becomes_the_primary_one(tmp_path: Path) -> None:
    wish = "interfaces: [{name: Vlan10, addresses: [10.0.11.1/24, 10.0.10.1/24]}]"
    assert typed(tmp_path, wish) == [
        "interface Vlan10",
        "no ip address 10.0.11.1/24 secondary",
        "ip address 10.0.11.1/24",
        "ip address 10.0.10.1/24 secondary",
    ]


def test_a_list_is_there_before_it_is_bound_and_goes_after_it_is_unbound(tmp_path: Path) -> None:
    rule = "{sequence: 10, action: permit, protocol: ip, source: any, destination: any}"
    wish = f"own: [acls]\nacls: [{{name: NEW, entries: [{rule}]}}]\ninterfaces: [{{name: Vlan10, acl_in: NEW}}]"
    assert typed(tmp_path, wish) == [
        "ip access-list NEW",
        "10 permit ip any any",
        "interface Vlan10",
        "ip access-group NEW in",
        "no ip access-list OLD",
    ]


def test_a_move_to_another_vrf_keeps_the_addresses_and_all_that_was_wiped(tmp_path: Path) -> None:
    assert typed(tmp_path, "interfaces: [{name: Vlan10, vrf: RED}]") == [
        "interface Vlan10",
        "vrf member RED",
        "ip address 10.0.10.1/24",
        "ip address 10.0.11.1/24 secondary",
        "ip access-group OLD in",
        "ip pim sparse-mode",
    ]


def test_a_trunk_changes_in_one_line_and_is_never_empty(tmp_path: Path) -> None:
    wish = "switchports: [{interface: port-channel5, allowed_vlans: '20-21,30'}]"
    assert typed(tmp_path, wish) == ["interface port-channel5", "switchport trunk allowed vlan 20-21,30"]


def test_a_port_stops_to_be_a_trunk_before_it_forgets_its_vlans(tmp_path: Path) -> None:
    wish = "switchports: [{interface: port-channel5, mode: access, allowed_vlans: null}]"
    assert typed(tmp_path, wish) == [
        "interface port-channel5",
        "no switchport mode",
        "no switchport trunk allowed vlan",
    ]


def test_continued_vlans_of_a_trunk_are_one_set(tmp_path: Path) -> None:
    allowed = "switchport trunk allowed vlan 10,20-22"
    running = RUNNING.replace(f"  {allowed}\n\n", f"  {allowed}\n  switchport trunk allowed vlan add 30-31\n\n", 1)
    wish = "switchports: [{interface: port-channel5, allowed_vlans: '20-21'}]"
    assert typed(tmp_path, wish, running) == ["interface port-channel5", "switchport trunk allowed vlan 20-21"]
    assert plan(tmp_path, wish.replace("20-21", "10,20-22,30-31"), running).empty


def test_vlans_in_one_line_come_and_go_one_by_one(tmp_path: Path) -> None:
    wish = "own: [vlans]\nvlans: [{id: 10, name: people}, {id: 22}, {id: 30, name: voice, enabled: false}]"
    made = plan(tmp_path, wish)
    assert [line for line in NXOS.script(made.lines) if line != "exit"] == [
        "vlan 10",
        "name people",
        "vlan 30",
        "name voice",
        "state suspend",
        "no vlan 21",
        "no vlan 20",
    ]
    assert "vlan 1,10,22,30\nvlan 10\n  name people\nvlan 30\n" in made.predicted
    assert "vlan 1\n" not in made.predicted


def test_a_range_that_a_template_removes_takes_only_its_own() -> None:
    config = NXOS.apply_lines(NXOS.parse("vlan 1,10-13\nvlan 11\n  name x\n"), [Line("no vlan 10,12-13")])
    assert config == NXOS.parse("vlan 1,11\nvlan 11\n  name x\n")


def test_drift_in_a_remark_and_in_a_number_is_seen_and_twin_remarks_stay(tmp_path: Path) -> None:
    entries = "{sequence: 10, remark: web servers}, {sequence: 20, destination_ports: eq 443}"
    assert typed(tmp_path, f"acls: [{{name: OLD, entries: [{entries}]}}]") == [
        "ip access-list OLD",
        "no 20",
        "no 10",
        "10 remark web servers",
        "20 permit tcp any 10.1.0.0/16 eq 443",
    ]
    same = "{sequence: 10, remark: web}, {sequence: 30, remark: web}"
    assert plan(tmp_path, f"acls: [{{name: OLD, entries: [{same}]}}]").empty


def test_features_come_first_and_are_never_taken_away(tmp_path: Path) -> None:
    ports = "interfaces: [{name: loopback0, addresses: [10.255.0.1/32]}]"
    wish = (
        f"ospf: [{{process: U}}]\n{ports}\nospf_interfaces: [{{interface: loopback0, process: U, area: 0, bfd: true}}]"
    )
    lines = typed(tmp_path, wish)
    assert lines.index("feature ospf") < lines.index("router ospf U")
    assert lines.index("feature bfd") < lines.index("ip ospf bfd")
    assert "ip router ospf U area 0.0.0.0" in lines
    assert not any("feature" in line for line in typed(tmp_path, "own: [bgp, bgp_neighbors, bgp_peer_groups]"))


def test_the_first_vlan_interface_comes_with_its_feature_and_vlan_1(tmp_path: Path) -> None:
    running = "version 9.3(5)\nhostname leaf1\nvlan 1\n"
    made = plan(tmp_path, "interfaces: [{name: Vlan10, addresses: [10.0.0.1/24]}]", running)
    assert next(line.text for line in made.lines) == "feature interface-vlan"
    assert "interface Vlan1\n" in made.predicted
    assert [line.text for line in made.inverse][-1] == "no feature interface-vlan"


def test_a_port_with_an_address_stops_switching_first_and_is_down_until_said_otherwise(tmp_path: Path) -> None:
    wish = "interfaces: [{name: Ethernet1/2, addresses: [10.4.0.1/24], enabled: true}]"
    assert typed(tmp_path, wish) == ["interface Ethernet1/2", "no switchport", "ip address 10.4.0.1/24", "no shutdown"]


def test_a_port_that_routes_forgets_how_it_switched_and_learns_it_again_on_the_way_back(tmp_path: Path) -> None:
    address = "interfaces: [{name: Ethernet1/4, addresses: [10.4.0.1/24], enabled: true}]"
    made = plan(tmp_path, f"{address}\nswitchports: [{{interface: Ethernet1/4, mode: routed}}]")
    after = NXOS.parse(made.predicted).section("interface Ethernet1/4")
    assert sorted(after) == ["ip address 10.4.0.1/24", "no shutdown", "no switchport"]
    assert [line.text for line in made.inverse][-2:] == ["switchport", "switchport access vlan 10"]


def test_a_subinterface_needs_a_parent_that_routes(tmp_path: Path) -> None:
    wish = "interfaces: [{name: Ethernet1/2.100, vlan: 100, addresses: [10.4.0.1/24]}]"
    assert typed(tmp_path, wish) == [
        "interface Ethernet1/2",
        "no switchport",
        "interface Ethernet1/2.100",
        "encapsulation dot1q 100",
        "ip address 10.4.0.1/24",
        "no shutdown",
        "interface Ethernet1/2",
        "no shutdown",
    ]


def test_an_address_keeps_a_port_routing_that_nobody_wants_to_switch(tmp_path: Path) -> None:
    wish = "own: [switchports]\nswitchports: [{interface: Ethernet1/3, mode: trunk}]\nlags: [{name: port-channel5}]"
    assert "switchport" not in typed(tmp_path, wish)


@pytest.mark.parametrize(
    ("text", "up"),
    [
        ("version 9.3(5)\ninterface Ethernet1/1\n", True),
        ("version 9.3(5)\nsystem default switchport shutdown\ninterface Ethernet1/1\n", False),
        ("version 9.3(5)\ninterface Ethernet1/1\n  no switchport\n", False),
        ("version 9.3(5)\nno system default switchport\ninterface Ethernet1/1\n", False),
        ("version 7.3(1)D1(1)\ninterface Ethernet1/1\n", False),
        ("version 8.4(2)\ninterface Ethernet1/1\n", False),
        ("version 7.3(1)D1(1)\nsystem default switchport\ninterface Ethernet1/1\n", True),
        ("version 7.1(4)N1(1)\ninterface Ethernet1/1\n  no switchport\n", True),
        ("version 9.3(5)\ninterface Ethernet1/1\n  no switchport\n  no shutdown\n", True),
        ("version 9.3(5)\ninterface Vlan10\n", False),
        ("version 9.3(5)\ninterface Ethernet1/1.10\n", False),
        ("version 9.3(5)\ninterface port-channel1\n  no switchport\n", True),
        ("version 9.3(5)\ninterface loopback0\n", True),
        ("version 9.3(5)\ninterface mgmt0\n", True),
    ],
)
def test_what_a_port_does_by_itself_depends_on_its_kind_its_layer_and_the_release(text: str, *, up: bool) -> None:
    assert [record.enabled for record in interface.configured(NXOS.parse(text))] == [up]


def test_where_ports_route_by_default_a_switching_one_says_so() -> None:
    config = NXOS.parse("version 7.3(1)D1(1)\ninterface Ethernet1/1\n  no shutdown\n")
    want = Switchport("Ethernet1/1", "access", access_vlan=10)
    lines = switchport.render(None, want, config)
    assert [line.text for line in lines] == ["switchport", "switchport access vlan 10"]
    after = NXOS.apply_lines(config, lines)
    assert switchport.configured(after) == [want]
    assert switchport.render(None, Switchport("Ethernet1/1", "routed"), config) == []


def test_defaults_that_a_configuration_states_come_back(tmp_path: Path) -> None:
    stated = "interface Ethernet1/4\n  switchport\n  switchport mode access\n  no shutdown\n"
    running = RUNNING.replace("interface Ethernet1/4\n", stated)
    made = plan(tmp_path, "interfaces: [{name: Ethernet1/4, enabled: false}]", running)
    assert [line.text for line in made.lines] == ["shutdown"]
    made = plan(tmp_path, "switchports: [{interface: Ethernet1/4, mode: trunk}]", running)
    assert [line.text for line in made.inverse] == ["switchport mode access"]


def test_a_member_that_leaves_its_port_channel_is_told_again_what_stays(tmp_path: Path) -> None:
    wish = "lags: [{name: port-channel5, members: [Ethernet1/2], mode: active}]"
    assert typed(tmp_path, wish) == [
        "interface Ethernet1/3",
        "no channel-group",
        "switchport trunk allowed vlan 10,20-22",
        "switchport mode trunk",
        "spanning-tree port type edge trunk",
        "interface Ethernet1/2",
        "channel-group 5 mode active",
    ]


def test_members_bring_their_port_channel_and_the_feature_that_it_needs(tmp_path: Path) -> None:
    running = RUNNING.replace("feature lacp\n", "")
    wish = "lags: [{name: port-channel7, members: [Ethernet1/2], mode: passive, min_links: 2}]"
    assert typed(tmp_path, wish, running) == [
        "feature lacp",
        "interface port-channel7",
        "lacp min-links 2",
        "interface Ethernet1/2",
        "channel-group 7 mode passive",
    ]


def test_a_neighbor_whose_header_names_its_as_keeps_the_form_and_the_lines_nobody_models(tmp_path: Path) -> None:
    wish = "bgp_neighbors: [{peer: 10.0.0.3, remote_as: 65009, enabled: false}]"
    made = plan(tmp_path, wish)
    assert [line.text for line in made.lines] == ["neighbor 10.0.0.3 remote-as 65009", "shutdown"]
    assert "  neighbor 10.0.0.3 remote-as 65009\n    password 3 abcd\n    maximum-peers 10\n" in made.predicted


def test_a_neighbor_goes_by_its_address_alone_and_its_vrf_stays(tmp_path: Path) -> None:
    wish = "own: [bgp_neighbors]\nbgp_neighbors: [{peer: 10.0.0.1, peer_group: SPINE, description: spine1}]"
    assert typed(tmp_path, wish) == ["router bgp 65001", "no neighbor 10.0.0.3"]


def test_neighbors_of_a_vrf_stand_in_its_section_and_inherit_from_templates_beside_it(tmp_path: Path) -> None:
    families = "[{name: ipv4-unicast, next_hop_self: true}, {name: ipv6-unicast}]"
    wish = (
        "vrfs: [{name: GREEN, rd: auto, import_targets: [auto]}]\nbgp: [{asn: 65001, vrf: GREEN}]\n"
        f"bgp_neighbors: [{{peer: 10.9.0.1, vrf: GREEN, peer_group: SPINE, address_families: {families}}}]"
    )
    assert typed(tmp_path, wish) == [
        "vrf context GREEN",
        "rd auto",
        "address-family ipv4 unicast",
        "route-target import auto",
        "router bgp 65001",
        "vrf GREEN",
        "neighbor 10.9.0.1",
        "inherit peer SPINE",
        "address-family ipv4 unicast",
        "next-hop-self",
        "address-family ipv6 unicast",
    ]


def test_another_as_number_makes_the_process_anew_with_all_that_stands_in_it(tmp_path: Path) -> None:
    made = plan(tmp_path, "bgp: [{asn: 65002}]")
    assert [line.text for line in made.lines][:2] == ["no router bgp 65001", "router bgp 65002"]
    assert made.predicted.partition("router bgp 65002")[2].count("neighbor 10.0.0.") == 2


def test_a_process_that_another_vrf_needs_stays(tmp_path: Path) -> None:
    running = f"{RUNNING}  vrf RED\n    router-id 10.255.0.2\n"
    made = plan(tmp_path, "own: [bgp]\nbgp: [{asn: 65001, vrf: RED, router_id: 10.255.0.2}]", running)
    assert "router bgp 65001\n" in made.predicted
    assert "router-id 10.255.0.1" not in made.predicted
    assert "router-id 10.255.0.2" in made.predicted


def test_the_host_name_takes_the_name_of_the_context_along(tmp_path: Path) -> None:
    made = plan(tmp_path, "device: {hostname: leaf9}")
    assert "vdc leaf9 id 1\n  limit-resource vlan" in made.predicted


@pytest.mark.parametrize("text", ["Keep out", "mail @noc #1\n\n  exit\nhostname x", "^C is no end", "! no comment"])
def test_a_banner_holds_any_text_and_comes_back(tmp_path: Path, text: str) -> None:
    quoted = text.replace("\n", "\\n")
    first = plan(tmp_path, f'device: {{hostname: leaf1, banner_motd: "{quoted}"}}')
    assert text in first.predicted
    assert NXOS.parse(NXOS.normalise(first.predicted)) == NXOS.parse(first.predicted)
    second = plan(tmp_path, "device: {hostname: leaf1, banner_motd: other}", first.predicted)
    assert text not in second.predicted


def test_hashes_are_passed_on_as_shown_and_plain_passwords_refused(tmp_path: Path) -> None:
    user = "users: [{name: ann, roles: [network-admin, priv-1], password_hash: $5$a$b"
    assert typed(tmp_path, f"{user}, password_type: '5'}}]") == [
        "username ann password 5 $5$a$b  role network-admin",
        "username ann role priv-1",
    ]
    with pytest.raises(PlanError, match="expected password_type 5, 8 or 9"):
        plan(tmp_path, f"{user}}}]")
    with pytest.raises(PlanError, match="expected password_type 3, 6 or 7"):
        plan(tmp_path, "bgp_neighbors: [{peer: 10.0.0.1, password: secret}]")


def test_a_role_that_an_account_loses_is_named(tmp_path: Path) -> None:
    wish = "users: [{name: admin, roles: [network-operator]}]"
    assert typed(tmp_path, wish) == [
        "username admin password 5 $5$xyz$abc  role network-operator",
        "no username admin role network-admin",
    ]


def test_the_account_that_is_built_in_stays(tmp_path: Path) -> None:
    assert typed(tmp_path, "own: [users]\nusers: [{name: ann, roles: [priv-1]}]") == ["username ann role priv-1"]


def test_name_servers_in_one_line_come_and_go_one_by_one(tmp_path: Path) -> None:
    servers = "[{address: 192.0.2.54, vrf: management}, {address: 192.0.2.55, vrf: management}]"
    made = plan(tmp_path, f"own: [dns]\ndns: {{servers: {servers}}}")
    assert [line.text for line in made.lines] == [
        "no ip name-server 192.0.2.53 use-vrf management",
        "ip name-server 192.0.2.55 use-vrf management",
    ]
    assert "ip name-server 192.0.2.54 192.0.2.55 use-vrf management\n" in made.predicted


def test_services_name_their_vrf(tmp_path: Path) -> None:
    where = "address: 192.0.2.9, vrf: management"
    wish = (
        f"ntp: {{servers: [{{{where}, prefer: true, key_id: 1}}]}}\n"
        f"logging: {{hosts: [{{{where}, severity: informational, facility: local6}}]}}\n"
        f"snmp_server: {{hosts: [{{{where}, user: public}}], communities: [{{name: public, acl: OLD}}]}}\n"
    )
    assert typed(tmp_path, wish) == [
        "logging server 192.0.2.9 6 use-vrf management facility local6",
        "ntp server 192.0.2.9 prefer use-vrf management key 1",
        "snmp-server community public group network-operator",
        "snmp-server community public use-ipv4acl OLD",
        "snmp-server host 192.0.2.9 traps version 2c public",
        "snmp-server host 192.0.2.9 use-vrf management",
    ]


@pytest.mark.parametrize(
    ("wish", "told"),
    [
        ("ntp: {servers: [{address: 192.0.2.9, iburst: true}]}", "no iburst"),
        ("acls: [{name: S, type: standard}]", "no standard lists"),
        ("device: {hostname: leaf1, banner_login: x}", "no banner_login"),
        ("ospf: [{process: U, networks: [{prefix: 10.0.0.0/8, area: 0}]}]", "no networks"),
        ("bgp: [{asn: 65001, ebgp_requires_policy: true}]", "RFC 8212"),
        ("bgp_neighbors: [{peer: 10.0.0.1, connect_retry_s: 5}]", "no connect_retry_s"),
        ("static_routes: [{prefix: 10.9.0.0/16, interface: reject}]", "blackhole"),
        ("users: [{name: ann, roles: [a], privilege: 15}]", "no privilege"),
        ("lags: [{name: Port-Channel1}]", "port-channel and a number"),
        ("switchports: [{interface: Vlan99, mode: access}]", "Ethernet and port-channel only"),
        ("route_maps: [{name: M, entries: [{sequence: 10, action: permit, call: N}]}]", "no call"),
        ("logging: {facility: local6}", "no facility"),
    ],
)
def test_what_the_system_cannot_do_is_refused_with_a_word(tmp_path: Path, wish: str, told: str) -> None:
    with pytest.raises(PlanError, match=told):
        plan(tmp_path, wish)


def test_several_nouns_at_once_come_in_the_order_of_their_references(tmp_path: Path) -> None:
    rule = "{sequence: 5, action: permit, prefix: 10.0.0.0/8, le: 24}"
    term = "{sequence: 10, action: permit, match_prefix_list: PL}"
    redistributed = "{family: ipv4, protocol: connected, policy: OUT}"
    wish = (
        f"prefix_lists: [{{name: PL, entries: [{rule}]}}]\nroute_maps: [{{name: OUT, entries: [{term}]}}]\n"
        f"vrfs: [{{name: BLUE}}]\nbgp: [{{asn: 65001, vrf: BLUE, redistribute: [{redistributed}]}}]\n"
        "interfaces: [{name: Vlan20, vrf: BLUE, addresses: [10.20.0.1/24], enabled: true}]"
    )
    lines = typed(tmp_path, wish)
    order = [
        "ip prefix-list PL seq 5 permit 10.0.0.0/8 le 24",
        "route-map OUT permit 10",
        "redistribute direct route-map OUT",
    ]
    assert sorted(order, key=lines.index) == order
    assert lines.index("vrf context BLUE") < lines.index("vrf member BLUE") < lines.index("ip address 10.20.0.1/24")
    back = [line.text for line in plan(tmp_path, wish).inverse]
    assert back.index("no vrf BLUE") < back.index("no route-map OUT") < back.index("no ip prefix-list PL")


def test_owning_everything_leaves_what_cannot_go_and_comes_to_rest(tmp_path: Path) -> None:
    nouns = (
        "acls, bgp, bgp_neighbors, bgp_peer_groups, interfaces, lags, static_routes, switchports, users, vlans, vrfs"
    )
    made = plan(tmp_path, f"own: [{nouns}]\nvlans: [{{id: 10, name: users}}]")
    left = NXOS.parse(made.predicted)
    assert [record for record in interface.configured(left) if record != Interface(record.name)] == [
        Interface("Vlan1", enabled=False)
    ]
    assert {"vlan 1", "vlan 10", "vrf context management"} <= left.tree.keys()
    assert {line.text for line in made.lines}.isdisjoint({"no vlan 1", "no interface Vlan1", "no username admin"})


def test_tabs_trailing_blanks_and_carriage_returns_say_nothing() -> None:
    tabbed = re.sub(r"(?m)^(?:  )+", lambda blanks: "\t" * (len(blanks[0]) // 2), RUNNING)
    spoiled = tabbed.replace("\n", " \r\n")
    assert NXOS.parse(spoiled) == NXOS.parse(RUNNING)


def test_what_nobody_models_is_told_and_features_are_among_it() -> None:
    told = {str(line) for line in unmodelled(NXOS, NXOS.parse(RUNNING))}
    assert {"feature bgp", "line vty", "interface Vlan10 > ip pim sparse-mode"} <= told
    assert not any("remark" in line or "switchport" in line for line in told)


def test_the_archive_keeps_what_does_not_change_by_itself() -> None:
    later = RUNNING.replace("10:00:00", "11:11:11")
    assert NXOS.normalise(RUNNING) == NXOS.normalise(later)
    assert "!Time" not in NXOS.normalise(RUNNING)


def test_a_typed_default_is_not_shown_and_an_area_is_an_address() -> None:
    config = NXOS.parse("version 9.3(5)\ninterface Ethernet1/1\n")
    path = ("interface Ethernet1/1",)
    typed_lines = ["switchport mode access", "mtu 1500", "no shutdown", "ip router ospf U area 1"]
    after = NXOS.apply_lines(config, [Line(text, path) for text in typed_lines])
    assert list(after.section(*path)) == ["ip router ospf U area 0.0.0.1"]


@pytest.mark.parametrize(
    ("line", "secret"),
    [
        ("username admin password 5 $5$xyz$abc  role network-admin", "$5$xyz$abc"),
        ("snmp-server community s3cret group network-operator", "s3cret"),
        ("snmp-server user admin network-admin auth md5 0xaa11 priv aes-128 0xbb22 localizedkey", "0xaa11"),
        ("    password 3 a1b2c3", "a1b2c3"),
        ("tacacs-server host 192.0.2.1 key 7 fewhg", "fewhg"),
        ("  ip ospf message-digest-key 1 md5 3 abcdef", "abcdef"),
        ("ntp authentication-key 1 md5 qwerty 7", "qwerty"),
        ("snmp-server host 192.0.2.1 traps version 2c s3cret", "s3cret"),
    ],
)
def test_secrets_are_known_by_their_lines(line: str, secret: str) -> None:
    found = {match["secret"] for pattern in NXOS.secrets for match in pattern.finditer(line)}
    assert secret in found


@pytest.mark.parametrize("prompt", [b"leaf1# ", b"\rleaf1#", b"leaf-1.example# ", b"switch(boot)# "])
def test_prompts_are_known(prompt: bytes) -> None:
    terminal = NXOS.terminal
    assert terminal.prompt.fullmatch(prompt) or terminal.config_prompt.fullmatch(prompt)


@pytest.mark.parametrize("mode", ["config", "config-if", "config-router-neighbor-af", "config-vlan", "config-acl"])
def test_configuration_modes_are_known_and_name_the_device(mode: str) -> None:
    match = NXOS.terminal.config_prompt.fullmatch(f"leaf1({mode})# ".encode())
    assert match is not None
    assert match["host"] == b"leaf1"


@pytest.mark.parametrize(
    "answer",
    [
        "% Invalid command at '^' marker.",
        "% Incomplete command at '^' marker.",
        "ERROR: VLAN 1 cannot be deleted",
        "% Permission denied for the role",
        "Error: Port-channel does not exist",
    ],
)
def test_refusals_are_known(answer: str) -> None:
    output = f"\n         ^\n{answer}\n"
    assert any(pattern.search(output) for pattern in NXOS.terminal.config_rejections + NXOS.terminal.rejections)


@pytest.mark.parametrize(
    "answer", ["% Warning: something", "Copy complete.", "Warning: Deleted all L3 config on interface"]
)
def test_remarks_are_no_refusals(answer: str) -> None:
    assert not any(pattern.search(answer) for pattern in NXOS.terminal.config_rejections)


def test_an_empty_configuration_is_one() -> None:
    assert NXOS.parse("") == Config({})
    assert NXOS.format(Config({})) == ""
