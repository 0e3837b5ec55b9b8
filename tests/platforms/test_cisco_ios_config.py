"""Cisco IOS's configuration by example: what is read, and what is typed to change it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from tests.intent.intent_inventory import wishes

from netloom.errors import PlanError
from netloom.intent.plan import plan_device
from netloom.intent.planned import DevicePlan
from netloom.model.acl import Acl
from netloom.model.bgp_neighbor import BgpNeighbor
from netloom.model.bgp_peer_group import BgpAddressFamily
from netloom.model.config import Config, Line
from netloom.model.device import Device
from netloom.model.dns import Dns, DnsServer
from netloom.model.interface import Interface
from netloom.model.logging import Logging, LogHost
from netloom.model.noun import Record
from netloom.model.ospf_interface import OspfInterface
from netloom.model.static_route import StaticRoute
from netloom.model.switchport import Switchport
from netloom.model.user import User
from netloom.model.vlan import Vlan
from netloom.model.vrf import Vrf
from netloom.platforms.cisco_ios.acl_numbers import SHARED, UNNUMBERED
from netloom.platforms.cisco_ios.bgp_forms import FLAT
from netloom.platforms.contract import load_platform
from netloom.platforms.lines import unmodelled

IOS = load_platform("cisco_ios")
RUNNING = (Path(__file__).parent / "cisco_ios_running.txt").read_text()


def records(noun: str, text: str = RUNNING) -> list[Record]:
    module = IOS.module(noun)
    assert module is not None
    found: list[Record] = module.configured(IOS.parse(text))
    return found


def one(noun: str, text: str = RUNNING) -> Record:
    (found,) = records(noun, text)
    return found


def plan(folder: Path, text: str, running: str = RUNNING) -> DevicePlan:
    """A plan that leads there, back, and nowhere a second time."""
    wish = wishes(folder, f"on: leaf1\n{text}")["leaf1"]
    made = plan_device("leaf1", IOS, running, wish)
    base = IOS.parse(running)
    predicted = IOS.apply_lines(base, made.lines)
    assert IOS.parse(IOS.format(predicted)) == IOS.parse(made.predicted)
    assert IOS.apply_lines(predicted, made.inverse) == base
    assert plan_device("leaf1", IOS, made.predicted, wish).empty
    return made


def typed(folder: Path, text: str, running: str = RUNNING) -> list[str]:
    """What a plan types, without the words that leave sections."""
    return [line for line in IOS.script(plan(folder, text, running).lines) if not line.startswith("exit")]


def test_a_whole_configuration_is_read() -> None:
    assert one("device") == Device(
        "edge1", "example.net", None, " Keep out!\n\n interface GigabitEthernet0/9\n  shutdown"
    )
    assert records("interface")[1] == Interface(
        "GigabitEthernet0/1", "to core", addresses=("10.1.0.2/24", "10.1.0.1/24"), acl_in="WEB"
    )
    assert records("vlan") == [Vlan(10), Vlan(20), Vlan(30, "voice")]
    assert records("switchport") == [Switchport("GigabitEthernet0/2", "trunk", allowed_vlans="10,20,30")]
    assert records("vrf") == [
        Vrf("RED", rd="65000:1", export_targets=("65000:1",), routing=("ipv4",)),
        Vrf("OLD", rd="65000:9", import_targets=("65000:9",), routing=("ipv4",)),
    ]
    assert records("user") == [
        User("ada", 15, password_hash="0822455D0A16", password_type="7"),
        User("bob", password_hash="$1$abc$def", password_type="5"),
    ]
    assert records("static_route") == [
        StaticRoute("0.0.0.0/0", "10.1.0.254"),
        StaticRoute("10.2.0.0/16", "10.1.0.7", "GigabitEthernet0/1", "RED", 200, 5, "backup"),
    ]
    assert one("dns") == Dns((DnsServer("10.0.0.53"), DnsServer("10.0.0.54")))
    assert one("logging") == Logging((LogHost("10.0.0.9", "RED"),), buffer_size=64000, buffer_severity="informational")
    assert records("ospf_interface") == [OspfInterface("GigabitEthernet0/1", "1", "0", passive=False)]
    (neighbor,) = records("bgp_neighbor")
    assert isinstance(neighbor, BgpNeighbor)
    assert (neighbor.password, neighbor.password_type) == ("0822455D0A16", "7")
    assert neighbor.address_families == (BgpAddressFamily("ipv4-unicast", activate=True, policy_in="RM"),)


def test_what_nobody_models_is_told() -> None:
    told = {line.text.split("\n")[0] for line in unmodelled(IOS, IOS.parse(RUNNING))}
    assert {"certificate self-signed 01", "ip helper-address 10.9.9.9", "no auto-summary", "login local"} <= told
    assert not {line for line in told if line.startswith(("ip route", "ntp", "snmp-server", "vlan", "10 "))}


def test_the_preamble_and_what_changes_by_itself_are_left_out_and_nothing_else() -> None:
    kept = IOS.normalise(RUNNING.replace("\n", "\r\n"))
    assert kept == IOS.normalise(kept)
    assert "clock-period" not in kept
    assert "Last configuration change" not in kept
    assert "\n Keep out!\n\n interface GigabitEthernet0/9\n" in kept
    assert IOS.parse(kept) == IOS.parse(RUNNING)


def test_tabs_trailing_spaces_and_line_ends_change_nothing() -> None:
    tabs = RUNNING.replace("\n ip address", "\n\tip address").replace("description to core   ", "description to core")
    assert IOS.parse(tabs.replace("\n", "\r\n")) == IOS.parse(RUNNING)


def test_the_form_that_was_read_is_the_form_that_is_written() -> None:
    config = IOS.parse(RUNNING)
    assert config.marks == {UNNUMBERED, FLAT}
    text = IOS.format(config)
    assert "ip access-list extended WEB\n remark web only\n permit tcp any any eq www\n remark web only\n" in text
    assert "access-list 10 remark -----\naccess-list 10 remark office\naccess-list 10 remark -----\n" in text
    assert " neighbor 10.1.0.9 route-map RM in\n" in text
    assert "vlan 10,20\n" in text
    assert IOS.parse(text) == config


def test_removing_the_primary_address_makes_the_secondary_one_primary(tmp_path: Path) -> None:
    assert typed(tmp_path, "interfaces: [{name: GigabitEthernet0/1, addresses: [10.1.0.1/24]}]") == [
        "interface GigabitEthernet0/1",
        "no ip address 10.1.0.1 255.255.255.0 secondary",
        "ip address 10.1.0.1 255.255.255.0",
    ]


def test_removing_a_secondary_address_keeps_the_primary_one(tmp_path: Path) -> None:
    assert typed(tmp_path, "interfaces: [{name: GigabitEthernet0/1, addresses: [10.1.0.2/24]}]") == [
        "interface GigabitEthernet0/1",
        "no ip address 10.1.0.1 255.255.255.0 secondary",
    ]


def test_primary_and_secondary_address_change_places(tmp_path: Path) -> None:
    assert typed(tmp_path, "interfaces: [{name: GigabitEthernet0/1, addresses: [10.1.0.1/24, 10.1.0.2/24]}]") == [
        "interface GigabitEthernet0/1",
        "no ip address 10.1.0.1 255.255.255.0 secondary",
        "ip address 10.1.0.1 255.255.255.0",
        "ip address 10.1.0.2 255.255.255.0 secondary",
    ]


def test_secondary_addresses_go_before_the_primary_one(tmp_path: Path) -> None:
    made = plan(tmp_path, "interfaces: [{name: GigabitEthernet0/1, addresses: []}]")
    assert [line.text for line in made.lines] == [
        "no ip address 10.1.0.1 255.255.255.0 secondary",
        "no ip address",
    ]
    assert "no ip address" in IOS.parse(made.predicted).section("interface GigabitEthernet0/1")


def test_a_change_of_the_vrf_keeps_the_addresses(tmp_path: Path) -> None:
    assert typed(tmp_path, "interfaces: [{name: GigabitEthernet0/1, vrf: RED}]") == [
        "interface GigabitEthernet0/1",
        "vrf forwarding RED",
        "ip address 10.1.0.2 255.255.255.0",
        "ip address 10.1.0.1 255.255.255.0 secondary",
    ]


def test_a_change_of_the_vrf_keeps_addresses_that_no_record_holds(tmp_path: Path) -> None:
    running = RUNNING.replace(
        " no ip address\n shutdown\n", " ip address dhcp\n ipv6 address FE80::1 link-local\n ipv6 enable\n"
    )
    lines = typed(tmp_path, "interfaces: [{name: GigabitEthernet0/3, vrf: RED}]", running)
    assert lines[1] == "vrf forwarding RED"
    assert set(lines[2:]) == {"ip address dhcp", "ipv6 address FE80::1 link-local", "ipv6 enable"}


def test_an_interface_joins_a_vrf_of_the_old_kind_by_its_old_word(tmp_path: Path) -> None:
    lines = typed(tmp_path, "interfaces: [{name: Loopback0, vrf: OLD}]")
    assert lines == ["interface Loopback0", "ip vrf forwarding OLD", "ip address 10.255.0.1 255.255.255.255"]


def test_an_access_list_is_bound_after_it_is_there(tmp_path: Path) -> None:
    wish = """\
interfaces: [{name: GigabitEthernet0/1, acl_in: NEW}]
acls: [{name: NEW, entries: [{sequence: 10, action: permit, protocol: ip}]}]
"""
    assert typed(tmp_path, wish) == [
        "ip access-list extended NEW",
        "permit ip any any",
        "interface GigabitEthernet0/1",
        "ip access-group NEW in",
    ]


def test_an_access_list_is_unbound_before_it_goes(tmp_path: Path) -> None:
    wish = "own: [acls]\ninterfaces: [{name: GigabitEthernet0/1, acl_in: null}]\n"
    wish += 'acls: [{name: "10", type: standard, entries: [{sequence: 10, action: permit, source: 10.0.0.0/8}]}]'
    lines = typed(tmp_path, wish)
    assert lines.index("no ip access-group WEB in") < lines.index("no ip access-list extended WEB")


def test_a_change_of_a_trunk_never_empties_it(tmp_path: Path) -> None:
    assert typed(tmp_path, 'switchports: [{interface: GigabitEthernet0/2, allowed_vlans: "10,30,40"}]') == [
        "interface GigabitEthernet0/2",
        "switchport trunk allowed vlan 10,30,40",
    ]


def test_a_port_carries_no_more_vlans_while_it_leaves_its_trunk(tmp_path: Path) -> None:
    wish = "switchports: [{interface: GigabitEthernet0/2, mode: access, access_vlan: 10, allowed_vlans: null}]"
    lines = typed(tmp_path, wish)
    assert lines.index("switchport mode access") < lines.index("no switchport trunk allowed vlan")


def test_many_vlans_of_a_trunk_are_typed_in_parts(tmp_path: Path) -> None:
    vlans = ",".join(str(tag) for tag in range(2, 300, 2))
    lines = typed(tmp_path, f'switchports: [{{interface: GigabitEthernet0/2, allowed_vlans: "{vlans}"}}]')
    assert max(map(len, lines)) < 254
    assert lines[1].startswith("switchport trunk allowed vlan 2,")
    assert all(line.startswith("switchport trunk allowed vlan add ") for line in lines[2:])
    told = IOS.apply_lines(IOS.parse(RUNNING), [Line(line, (lines[0],)) for line in lines[1:]])
    (trunk,) = [line for line in told.section(lines[0]) if "allowed" in line]
    assert trunk == f"switchport trunk allowed vlan {vlans}"


def test_vlans_are_added_to_a_trunk_and_taken_from_it_as_typed() -> None:
    path = ("interface GigabitEthernet0/2",)
    lines = [
        Line("switchport trunk allowed vlan add 40-41", path),
        Line("switchport trunk allowed vlan remove 20", path),
    ]
    told = IOS.apply_lines(IOS.parse(RUNNING), lines)
    assert "switchport trunk allowed vlan 10,30,40-41" in told.section(*path)


def test_one_vlan_of_a_range_goes_alone(tmp_path: Path) -> None:
    wish = "own: [vlans]\nvlans: [{id: 10}, {id: 30, name: voice}, {id: 40}]"
    assert typed(tmp_path, wish) == ["vlan 40", "no vlan 20"]
    assert "vlan 20" not in IOS.apply_lines(IOS.parse(RUNNING), [Line("no vlan 10,20")]).tree


def test_rules_without_numbers_go_by_their_words_and_the_last_gets_none(tmp_path: Path) -> None:
    wish = """\
acls: [{name: WEB, entries: [
  {sequence: 30, action: deny, protocol: ip, log: false},
  {sequence: 40, action: permit, protocol: icmp}]}]
"""
    assert typed(tmp_path, wish) == [
        "ip access-list extended WEB",
        "no deny ip any any log",
        "deny ip any any",
        "permit icmp any any",
    ]


def test_a_rule_is_inserted_without_numbering_the_list_anew(tmp_path: Path) -> None:
    wish = "acls: [{name: WEB, entries: [{sequence: 15, action: permit, protocol: udp, destination_ports: eq 53}]}]"
    assert typed(tmp_path, wish) == ["ip access-list extended WEB", "15 permit udp any any eq domain"]


def test_the_same_rules_in_order_are_the_same_where_numbers_are_not_printed() -> None:
    acl = records("acl")[0]
    assert isinstance(acl, Acl)
    module = IOS.module("acl")
    assert module is not None
    drifted = Acl("WEB", entries=tuple(replace(entry, sequence=5 * at) for at, entry in enumerate(acl.entries, 1)))
    assert module.render(acl, drifted, IOS.parse(RUNNING)) == []


def numbered(text: str) -> str:
    """The running configuration of a release that prints numbers."""
    start, _, rest = RUNNING.partition("ip access-list extended WEB\n")
    tail = rest.partition("!\n")[2]
    kept = "\n".join(line for line in tail.splitlines() if not line.startswith("access-list 10 "))
    return f"{start}ip access-list extended WEB\n{text}!\n{kept}\n".replace("version 15.7", "version 17.9")


def test_numbers_drift_back_where_they_are_printed(tmp_path: Path) -> None:
    running = numbered(" 10 permit tcp any any eq www\n 25 deny ip any any\n")
    wish = """\
own: [acls]
acls: [{name: WEB, entries: [
  {sequence: 10, action: permit, protocol: tcp, destination_ports: eq 80}, {sequence: 20, action: deny, protocol: ip}]}]
"""
    assert typed(tmp_path, wish, running) == ["ip access-list extended WEB", "no 25", "20 deny ip any any"]


def test_a_rule_whose_number_is_taken_comes_after_the_old_one_went(tmp_path: Path) -> None:
    running = numbered(" 10 permit tcp any any eq www\n 20 deny ip any any\n")
    wish = "acls: [{name: WEB, entries: [{sequence: 10, action: permit, protocol: tcp, destination_ports: eq 443}]}]"
    assert typed(tmp_path, wish, running) == ["ip access-list extended WEB", "no 10", "10 permit tcp any any eq 443"]


def test_remarks_that_say_the_same_are_all_kept(tmp_path: Path) -> None:
    running = numbered(" 10 remark ---\n 20 remark office\n 30 remark ---\n 40 permit ip any any\n")
    (acl,) = records("acl", running)
    assert isinstance(acl, Acl)
    assert [entry.remark for entry in acl.entries] == ["---", "office", "---", None]
    wish = "acls: [{name: WEB, entries: [{sequence: 20, remark: branch}]}]"
    assert typed(tmp_path, wish, running) == ["ip access-list extended WEB", "no 20", "20 remark branch"]


def test_remarks_that_share_the_number_of_the_next_rule_go_by_their_words(tmp_path: Path) -> None:
    running = numbered(
        " 10 remark ---\n 10 remark office\n 10 permit tcp any any\n 20 remark ---\n 20 deny ip any any\n"
    )
    assert SHARED in IOS.parse(running).marks
    (acl,) = records("acl", running)
    assert isinstance(acl, Acl)
    assert [entry.sequence for entry in acl.entries] == [8, 9, 10, 19, 20]
    assert " 10 remark office\n 10 permit tcp any any\n 20 remark ---\n 20 deny" in IOS.format(IOS.parse(running))
    wish = "acls: [{name: WEB, entries: [{sequence: 9, remark: branch}]}]"
    assert typed(tmp_path, wish, running) == ["ip access-list extended WEB", "no remark office", "10 remark branch"]


def test_a_numbered_list_can_be_typed_the_old_way() -> None:
    config = IOS.parse(RUNNING)
    more = IOS.apply_lines(config, [Line("access-list 10 deny   any log"), Line("access-list 110 permit ip any any")])
    assert "20 deny any log" in more.section("ip access-list standard 10")
    assert "10 permit ip any any" in more.section("ip access-list extended 110")
    assert "ip access-list standard 10" not in IOS.apply_lines(config, [Line("no access-list 10")]).tree


def test_a_secret_takes_a_password_s_place_after_it_went(tmp_path: Path) -> None:
    assert typed(tmp_path, "users: [{name: ada, password_hash: $9$xyz}]") == [
        "no username ada",
        "username ada privilege 15 secret 9 $9$xyz",
    ]


def test_an_account_that_loses_its_privilege_is_made_anew(tmp_path: Path) -> None:
    assert typed(tmp_path, "users: [{name: ada, privilege: 1}]") == [
        "no username ada",
        "username ada password 7 0822455D0A16",
    ]


def test_a_port_channel_goes_after_its_members_left_it(tmp_path: Path) -> None:
    running = RUNNING.replace(" negotiation auto", " channel-group 1 mode active") + "interface Port-channel1\n!\n"
    lines = typed(tmp_path, "own: [lags, interfaces]", running)
    assert lines.index("no channel-group") < lines.index("no interface Port-channel1")


def test_a_banner_of_any_text_is_typed_between_signs_that_it_does_not_hold(tmp_path: Path) -> None:
    made = plan(tmp_path, 'device: {banner_motd: "a ^ b # c\\n\\nno end", banner_login: "@"}')
    script = IOS.script(made.lines)
    assert "banner motd @\na ^ b # c\n\nno end\n@" in script
    assert "banner login ^\n@\n^" in script
    (device,) = records("device", made.predicted)
    assert isinstance(device, Device)
    assert device.banner_motd == "a ^ b # c\n\nno end"


def test_a_neighbor_that_goes_takes_all_that_is_said_of_it(tmp_path: Path) -> None:
    wish = "own: [bgp_neighbors]\nbgp_neighbors: [{peer: 10.1.0.8, remote_as: 65002}]"
    assert typed(tmp_path, wish) == [
        "router bgp 65000",
        "neighbor 10.1.0.8 remote-as 65002",
        "no neighbor 10.1.0.9",
    ]


def test_an_instance_without_address_families_is_typed_as_it_is_printed(tmp_path: Path) -> None:
    wish = "bgp_neighbors: [{peer: 10.1.0.9, address_families: [{name: ipv4-unicast, policy_out: RM}]}]"
    made = plan(tmp_path, wish)
    assert [str(line) for line in made.lines] == ["router bgp 65000 > neighbor 10.1.0.9 route-map RM out"]
    assert "address-family ipv4" not in made.predicted.partition("router bgp")[2]


FAMILIES = """\
hostname r1
router bgp 65000
 bgp log-neighbor-changes
 no bgp default ipv4-unicast
 neighbor GROUP peer-group
 neighbor GROUP remote-as 65001
 neighbor 10.0.0.1 peer-group GROUP
 neighbor 2001:DB8::1 remote-as 65002
 !
 address-family ipv4
  network 192.168.122.0
  redistribute ospf 1 metric 5
  neighbor GROUP next-hop-self
  neighbor 10.0.0.1 activate
 exit-address-family
 !
 address-family ipv6
  neighbor 2001:DB8::1 activate
 exit-address-family
 !
 address-family ipv4 vrf RED
  neighbor 10.9.0.1 remote-as 65009
  neighbor 10.9.0.1 activate
 exit-address-family
!
route-map RM permit 10
"""


def test_families_are_entered_where_neighbors_are_not_active_by_themselves(tmp_path: Path) -> None:
    wish = """\
bgp_neighbors:
  - {peer: 10.0.0.2, remote_as: 65003, address_families: [{name: ipv4-unicast, activate: true, policy_in: RM}]}
"""
    assert typed(tmp_path, wish, FAMILIES) == [
        "router bgp 65000",
        "neighbor 10.0.0.2 remote-as 65003",
        "address-family ipv4",
        "neighbor 10.0.0.2 route-map RM in",
        "neighbor 10.0.0.2 activate",
    ]


def test_a_member_leaves_its_group_with_all_that_the_group_gave_it(tmp_path: Path) -> None:
    wish = "bgp_neighbors: [{peer: 10.0.0.1, peer_group: null, remote_as: 65001}]"
    lines = typed(tmp_path, wish, FAMILIES)
    assert lines.index("no neighbor 10.0.0.1 peer-group GROUP") < lines.index("neighbor 10.0.0.1 remote-as 65001")
    assert lines[-1] == "neighbor 10.0.0.1 activate"


def test_another_as_number_takes_every_neighbor_along(tmp_path: Path) -> None:
    made = plan(tmp_path, "bgp: [{asn: 65009}]")
    assert [line.text for line in made.lines] == [
        "no router bgp 65000",
        "router bgp 65009",
        "neighbor 10.1.0.9 remote-as 65001",
        "neighbor 10.1.0.9 password 7 0822455D0A16",
        "neighbor 10.1.0.9 route-map RM in",
        "no auto-summary",
    ]


def test_a_vrf_s_neighbors_stand_in_its_own_family(tmp_path: Path) -> None:
    assert [record.key for record in records("bgp_neighbor", FAMILIES)] == [
        ("default", "10.0.0.1"),
        ("default", "2001:db8::1"),
        ("RED", "10.9.0.1"),
    ]
    wish = "bgp_neighbors: [{peer: 10.9.0.2, vrf: RED, remote_as: 65010}]"
    assert typed(tmp_path, wish, FAMILIES) == [
        "router bgp 65000",
        "address-family ipv4 vrf RED",
        "neighbor 10.9.0.2 remote-as 65010",
        "neighbor 10.9.0.2 activate",
    ]


def test_a_route_keeps_its_track_when_its_distance_changes(tmp_path: Path) -> None:
    wish = "static_routes: [{prefix: 0.0.0.0/0, next_hop: 10.1.0.254, distance: 5}]"
    assert typed(tmp_path, wish) == ["ip route 0.0.0.0 0.0.0.0 10.1.0.254 5 track 1"]


def test_a_match_that_changes_goes_before_it_would_be_widened(tmp_path: Path) -> None:
    wish = """\
prefix_lists: [{name: PX, entries: [{sequence: 5, action: permit, prefix: 10.0.0.0/8}]}]
route_maps: [{name: RM, entries: [{sequence: 10, action: permit, match_prefix_list: PX}]}]
"""
    lines = typed(tmp_path, wish)
    assert lines == [
        "ip prefix-list PX seq 5 permit 10.0.0.0/8",
        "route-map RM permit 10",
        "no match ip address prefix-list PL",
        "match ip address prefix-list PX",
    ]


def test_passive_interfaces_are_shown_against_their_default() -> None:
    path = ("router ospf 1",)
    config = IOS.parse(RUNNING)
    assert "passive-interface Loopback0" not in IOS.apply_lines(
        config, [Line("passive-interface Loopback0", path)]
    ).section(*path)
    open_all = IOS.apply_lines(config, [Line("no passive-interface default", path)])
    assert not [text for text in open_all.section(*path) if "passive" in text]


def test_a_vrf_takes_addresses_routes_and_families_along() -> None:
    config = IOS.apply_lines(IOS.parse(RUNNING), [Line("vrf forwarding RED", ("interface Loopback0",))])
    gone = IOS.apply_lines(config, [Line("no vrf definition RED")])
    assert gone.section("interface Loopback0") == {"no ip address": {}}
    assert not [text for text in gone.tree if "vrf RED" in text and text.startswith("ip route")]


def test_default_lines_undo_as_no_lines_do() -> None:
    path = ("interface GigabitEthernet0/1",)
    told = IOS.apply_lines(IOS.parse(RUNNING), [Line("default description", path)])
    assert not [text for text in told.section(*path) if text.startswith("description")]


def test_a_port_that_says_that_it_is_open_is_open_and_can_be_shut(tmp_path: Path) -> None:
    running = RUNNING.replace(" negotiation auto\n", " no shutdown\n")
    (port,) = [record for record in records("interface", running) if record.key == ("GigabitEthernet0/1",)]
    assert isinstance(port, Interface)
    assert port.enabled
    assert not any(line.text == "no shutdown" for line in unmodelled(IOS, IOS.parse(running)))
    wish = "interfaces: [{name: GigabitEthernet0/1, enabled: false}]"
    assert typed(tmp_path, wish, running) == ["interface GigabitEthernet0/1", "shutdown"]
    opened = typed(tmp_path, "interfaces: [{name: GigabitEthernet0/3, enabled: true, addresses: [10.3.0.1/24]}]")
    assert opened[1:] == ["ip address 10.3.0.1 255.255.255.0", "no shutdown"]


def test_defaults_that_a_configuration_states_come_back(tmp_path: Path) -> None:
    running = "interface Vlan5\n mtu 1500\n no shutdown\n ip ospf priority 1\nlogging trap informational\n"
    wish = """\
interfaces: [{name: Vlan5, mtu: 9000, enabled: false}]
ospf_interfaces: [{interface: Vlan5, priority: 7}]
logging: {severity: errors}
"""
    assert len(plan(tmp_path, wish, running).lines) == 4


def test_a_physical_interface_is_stripped_and_stays(tmp_path: Path) -> None:
    wish = "own: [interfaces]\ninterfaces: [{name: Loopback0, addresses: [10.255.0.1/32]}]"
    made = plan(tmp_path, wish)
    left = IOS.parse(made.predicted).section("interface GigabitEthernet0/1")
    assert "ip helper-address 10.9.9.9" in left
    assert "no ip address" in left
    assert not any(line.text.startswith(("no interface G", "no shutdown")) for line in made.lines)


def test_a_logical_interface_comes_and_goes_as_a_whole(tmp_path: Path) -> None:
    made = plan(tmp_path, "interfaces: [{name: Vlan20, addresses: [10.20.0.1/24], description: users}]")
    assert [line.text for line in made.lines] == [
        "interface Vlan20",
        "description users",
        "ip address 10.20.0.1 255.255.255.0",
    ]
    assert [str(line) for line in made.inverse] == ["no interface Vlan20"]


def test_a_configuration_that_leaves_no_ip_address_out_is_changed_and_led_back(tmp_path: Path) -> None:
    running = "hostname r1\ninterface GigabitEthernet1\n description x\n"
    wish = "interfaces: [{name: GigabitEthernet1, addresses: [10.0.0.1/24]}, {name: Loopback0}]"
    made = plan(tmp_path, wish, running)
    assert [line.text for line in made.lines] == ["ip address 10.0.0.1 255.255.255.0", "interface Loopback0"]
    assert [line.text for line in made.inverse] == ["no ip address", "no interface Loopback0"]
    assert "no ip address" not in made.predicted


def test_a_port_that_begins_to_route_says_that_it_has_no_address(tmp_path: Path) -> None:
    wish = "switchports: [{interface: GigabitEthernet0/2, mode: routed, allowed_vlans: null}]"
    made = plan(tmp_path, wish)
    assert " no switchport\n no ip address\n" in made.predicted


def test_a_subinterface_is_tagged_before_it_is_addressed(tmp_path: Path) -> None:
    wish = "interfaces: [{name: GigabitEthernet0/1.50, vlan: 50, vrf: RED, addresses: [10.50.0.1/24]}]"
    lines = typed(tmp_path, wish)
    assert lines.index("encapsulation dot1Q 50") < lines.index("ip address 10.50.0.1 255.255.255.0")
    assert lines.index("vrf forwarding RED") < lines.index("ip address 10.50.0.1 255.255.255.0")


def test_a_wish_over_several_nouns_is_ordered_by_references_and_replaces_what_is_owned(tmp_path: Path) -> None:
    wish = """\
own: [acls, vrfs, users]
vrfs: [{name: BLUE, rd: "65000:3"}]
users: [{name: bob, password_hash: $1$abc$def}]
acls:
  - {name: MGMT, type: standard, entries: [{sequence: 10, action: permit, source: 10.0.0.0/8}]}
interfaces:
  - {name: GigabitEthernet0/1, acl_in: MGMT}
  - {name: Loopback0, vrf: BLUE}
snmp_server: {communities: [{name: sesame, acl: MGMT}]}
static_routes: [{prefix: 10.2.0.0/16, next_hop: 10.1.0.7, interface: GigabitEthernet0/1, vrf: RED, absent: true}]
logging: {hosts: [{address: 10.0.0.9, vrf: RED, absent: true}]}
"""
    lines = typed(tmp_path, wish)
    assert lines.index("rd 65000:3") < lines.index("vrf forwarding BLUE")
    assert lines.index("permit 10.0.0.0 0.255.255.255") < lines.index("ip access-group MGMT in")
    assert lines.index("ip access-group MGMT in") < lines.index("no ip access-list extended WEB")
    assert lines.index("snmp-server community sesame RO MGMT") < lines.index("no ip access-list standard 10")
    assert {"no vrf definition RED", "no ip vrf OLD", "no username ada"} <= set(lines)


@pytest.mark.parametrize(
    ("wish", "words"),
    [
        ("bgp: [{asn: 65000, ebgp_requires_policy: true}]", "without a policy"),
        ("bgp_neighbors: [{peer: 10.1.0.9, connect_retry_s: 5}]", "connect_retry_s"),
        ("users: [{name: ada, roles: [admin]}]", "roles"),
        ("logging: {hosts: [{address: 10.0.0.9, vrf: RED, severity: errors}]}", "one severity"),
        ("route_maps: [{name: RM, entries: [{sequence: 10, action: permit, call: X}]}]", "call"),
        ('acls: [{name: "10", type: extended, entries: []}]', "standard"),
        ("vrfs: [{name: OLD, routing: [ipv4, ipv6]}]", "old kind"),
        ("static_routes: [{prefix: 10.0.0.0/8, interface: reject}]", "blackhole"),
        ("prefix_lists: [{name: P, entries: [{sequence: 5, action: permit, prefix: 10.0.0.0/8, ge: 4}]}]", "length"),
    ],
)
def test_what_ios_cannot_do_is_refused_with_the_reason(tmp_path: Path, wish: str, words: str) -> None:
    with pytest.raises(PlanError, match=words):
        plan(tmp_path, wish)


def test_bgp_takes_over_routes_of_the_vrf_s_own_process_where_none_is_named(tmp_path: Path) -> None:
    wish = "bgp: [{asn: 65000, redistribute: [{family: ipv4, protocol: ospf}]}]"
    assert typed(tmp_path, wish) == ["router bgp 65000", "redistribute ospf 1"]


def test_families_written_without_indentation_are_read() -> None:
    flat = "router bgp 1\n  neighbor A peer-group\n  address-family ipv4\n  neighbor A next-hop-self\n"
    flat += "  exit-address-family\n  neighbor A description x\n"
    assert IOS.parse(flat) == Config(
        {
            "router bgp 1": {
                "neighbor A peer-group": {},
                "address-family ipv4": {"neighbor A next-hop-self": {}},
                "neighbor A description x": {},
            }
        }
    )


def test_secrets_are_found_wherever_they_stand() -> None:
    text = (
        "enable secret 9 $9$hush\nusername a privilege 15 secret 5 $1$hush\nsnmp-server community hush RO 10\n"
        "snmp-server host 10.0.0.1 vrf M version 2c hush config\nkey 7 hush\n neighbor 10.0.0.1 password 7 hush\n"
        " ip ospf message-digest-key 1 md5 7 hush\ncrypto isakmp key hush address 0.0.0.0\n password 7 hush\n"
        "tacacs-server host 1.1.1.1 key 7 hush\n  key-string 7 hush\n pre-shared-key address 1.1.1.1 key hush\n"
    )
    for number, line in enumerate(text.splitlines()):
        found = [match["secret"] for pattern in IOS.secrets for match in pattern.finditer(line)]
        assert found, (number, line)
        assert all("hush" in secret for secret in found), (line, found)
