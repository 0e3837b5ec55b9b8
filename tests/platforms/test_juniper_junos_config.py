"""Junos' configuration: the traps that a plan must not fall into."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from netloom.errors import Unsupported
from netloom.model.acl import Acl, AclEntry
from netloom.model.bgp import Bgp
from netloom.model.bgp_neighbor import BgpNeighbor
from netloom.model.bgp_peer_group import BgpAddressFamily, BgpPeerGroup
from netloom.model.config import Config, Line
from netloom.model.interface import Interface
from netloom.model.lag import Lag
from netloom.model.logging import Logging, LogHost
from netloom.model.noun import Record, nouns
from netloom.model.ospf_interface import OspfInterface
from netloom.model.prefix_list import PrefixList, PrefixListEntry
from netloom.model.route_map import RouteMap, RouteMapEntry
from netloom.model.snmp_server import SnmpCommunity, SnmpHost, SnmpServer
from netloom.model.static_route import StaticRoute
from netloom.model.switchport import Switchport
from netloom.model.user import User
from netloom.model.vlan import Vlan
from netloom.model.vrf import Vrf
from netloom.platforms.contract import load_platform
from netloom.platforms.redaction import redact

JUNOS = load_platform("junos")
ROUTER = (Path(__file__).parent / "juniper_junos_router.conf").read_text()
MX = JUNOS.parse(ROUTER)
EMPTY = JUNOS.parse("")


def module(noun: str) -> Any:
    found = JUNOS.module(noun)
    assert found is not None
    return found


def of(noun: str, config: Config, *key: str) -> Any:
    return next(record for record in module(noun).configured(config) if record.key == key)


def texts(lines: list[Line]) -> list[str]:
    return [line.text for line in lines]


def render(noun: str, have: Record | None, want: Record | None, config: Config) -> list[str]:
    return texts(module(noun).render(have, want, config))


def after(config: Config, *commands: str) -> Config:
    return JUNOS.apply_lines(config, [Line(command) for command in commands])


def commands(text: str) -> Config:
    return JUNOS.parse("\n".join(line.strip() for line in text.strip().splitlines()))


def shown(config: Config) -> list[str]:
    return [str(line) for line in config.lines()]


def test_removing_one_address_keeps_the_other_and_says_who_is_primary() -> None:
    config = commands(
        """set interfaces ge-0/0/0 unit 0 family inet address 10.0.0.1/24
        set interfaces ge-0/0/0 unit 0 family inet address 10.0.0.9/24"""
    )
    have = of("interface", config, "ge-0/0/0.0")
    assert have.addresses == ("10.0.0.1/24", "10.0.0.9/24")
    unit = "interfaces ge-0/0/0 unit 0 family inet address"
    fewer = Interface("ge-0/0/0.0", addresses=("10.0.0.1/24",))
    assert render("interface", have, fewer, config) == [f"delete {unit} 10.0.0.9/24"]
    other = Interface("ge-0/0/0.0", addresses=("10.0.0.9/24", "10.0.0.1/24"))
    assert render("interface", have, other, config) == [f"set {unit} 10.0.0.9/24 primary"]
    assert of("interface", after(config, f"set {unit} 10.0.0.9/24 primary"), "ge-0/0/0.0") == other


def test_what_nobody_models_of_an_address_stays_with_it() -> None:
    have = of("interface", MX, "ge-0/0/0.100")
    want = Interface(**{**{field: getattr(have, field) for field in have.__slots__}, "description": "new"})
    assert render("interface", have, want, MX) == ["set interfaces ge-0/0/0 unit 100 description new"]


def test_a_filter_is_bound_after_it_is_there_and_unbound_before_it_goes() -> None:
    bound = Interface("ge-0/0/0.0", acl_in="F1")
    assert ("acl", ("ipv4", "F1")) in [(ref.noun, ref.key) for ref in bound.refs]
    lines = render("interface", None, bound, EMPTY)
    assert lines == ["set interfaces ge-0/0/0 unit 0 family inet filter input F1"]
    config = after(EMPTY, *lines)
    assert render("interface", bound, Interface("ge-0/0/0.0"), config) == [
        "delete interfaces ge-0/0/0 unit 0 family inet filter"
    ]


def test_moving_an_interface_to_a_vrf_keeps_its_address() -> None:
    config = commands(
        """set interfaces ge-0/0/0 unit 0 family inet address 10.0.0.1/24
        set routing-instances RED instance-type virtual-router
        set routing-instances RED interface ge-0/0/0.0
        set routing-instances BLUE instance-type virtual-router"""
    )
    have = of("interface", config, "ge-0/0/0.0")
    want = Interface("ge-0/0/0.0", addresses=("10.0.0.1/24",), vrf="BLUE")
    lines = render("interface", have, want, config)
    assert lines == [
        "delete routing-instances RED interface ge-0/0/0.0",
        "set routing-instances BLUE interface ge-0/0/0.0",
    ]
    assert of("interface", after(config, *lines), "ge-0/0/0.0") == want


def test_a_trunk_changes_by_its_difference_alone() -> None:
    base = "interfaces ge-0/0/1 unit 0 family ethernet-switching"
    config = commands(
        f"""set {base} interface-mode trunk
        set {base} vlan members users
        set {base} vlan members 20-25
        set vlans users vlan-id 10"""
    )
    have = of("switchport", config, "ge-0/0/1.0")
    assert have.allowed_vlans == "10,20-25"
    more = Switchport("ge-0/0/1.0", mode="trunk", allowed_vlans="10,20-25,30")
    assert render("switchport", have, more, config) == [f"set {base} vlan members 30"]
    fewer = Switchport("ge-0/0/1.0", mode="trunk", allowed_vlans="20-25")
    assert render("switchport", have, fewer, config) == [f"delete {base} vlan members users"]
    every = Switchport("ge-0/0/1.0", mode="trunk")
    assert of("switchport", after(config, *render("switchport", have, every, config)), "ge-0/0/1.0") == every


def test_a_range_of_members_gives_up_one_of_its_vlans() -> None:
    base = "interfaces ge-0/0/1 unit 0 family ethernet-switching"
    config = commands(f"set {base} interface-mode trunk\nset {base} vlan members 20-25")
    want = Switchport("ge-0/0/1.0", mode="trunk", allowed_vlans="20-22,24-25")
    lines = render("switchport", of("switchport", config, "ge-0/0/1.0"), want, config)
    assert lines == [
        f"delete {base} vlan members 20-25",
        f"set {base} vlan members 20-22",
        f"set {base} vlan members 24-25",
    ]
    assert of("switchport", after(config, *lines), "ge-0/0/1.0") == want


def test_an_older_switch_is_spoken_to_in_its_own_words() -> None:
    config = commands("set interfaces ge-0/0/0 unit 0 family ethernet-switching port-mode access")
    assert render("switchport", None, Switchport("ge-0/0/9.0", mode="trunk", allowed_vlans="7"), config) == [
        "set interfaces ge-0/0/9 unit 0 family ethernet-switching port-mode trunk",
        "set interfaces ge-0/0/9 unit 0 family ethernet-switching vlan members 7",
    ]


def test_a_vlan_that_is_renamed_takes_its_ports_along() -> None:
    base = "set interfaces ge-0/0/1 unit 0 family ethernet-switching vlan members"
    config = commands(f"set vlans users vlan-id 10\nset vlans users l3-interface irb.10\n{base} users")
    lines = render("vlan", Vlan(10, "users"), Vlan(10, "staff"), config)
    assert lines[0] == "rename vlans users to staff"
    assert set(shown(after(config, *lines))) == {
        f"{base} staff",
        "set vlans staff vlan-id 10",
        "set vlans staff l3-interface irb.10",
    }


def test_removing_one_vlan_of_many_touches_no_other() -> None:
    config = commands("set vlans a vlan-id 1\nset vlans b vlan-id 10\nset vlans c vlan-id 20")
    assert render("vlan", Vlan(10, "b"), None, config) == ["delete vlans b"]


def test_a_rule_put_between_two_others_is_inserted_and_the_others_stay() -> None:
    config = commands(
        """set firewall family inet filter F term 10 from protocol tcp
        set firewall family inet filter F term 10 then accept
        set firewall family inet filter F term 20 then discard
        set firewall family inet filter F interface-specific"""
    )
    have = of("acl", config, "ipv4", "F")
    assert [entry.sequence for entry in have.entries] == [10, 20]
    want = Acl("F", entries=(have.entries[0], AclEntry(15, "permit", protocol="udp"), have.entries[1]))
    lines = render("acl", have, want, config)
    assert lines == [
        "set firewall family inet filter F term 15 from protocol udp",
        "set firewall family inet filter F term 15 then accept",
        "insert firewall family inet filter F term 15 after term 10",
    ]
    assert [entry.sequence for entry in of("acl", after(config, *lines), "ipv4", "F").entries] == [10, 15, 20]


def test_remarks_are_refused_rather_than_lost() -> None:
    with pytest.raises(Unsupported, match="Junos has no remarks"):
        render("acl", None, Acl("F", entries=(AclEntry(10, remark="why"),)), EMPTY)


def test_terms_that_differ_under_one_name_are_refused() -> None:
    twins = (AclEntry(10, "permit", name="a"), AclEntry(20, "deny", name="a"))
    with pytest.raises(ValueError, match="expected one term a, got two that differ"):
        render("acl", None, Acl("F", entries=twins), EMPTY)


def test_a_filter_keeps_in_its_options_what_a_rule_cannot_say() -> None:
    entry = of("acl", MX, "ipv4", "EDGE-IN").entries[2]
    assert entry.action == "deny"
    assert entry.options == (
        "from source-address 10.0.0.0/8; from source-address 10.1.0.0/16 except; then reject tcp-reset"
    )


def test_names_of_ports_and_protocols_stay_as_they_are_written() -> None:
    config = commands("set firewall family inet filter F term a from protocol icmp\n"
                      "set firewall family inet filter F term a from icmp-type echo-request\n"
                      "set firewall family inet filter F term a then accept")  # fmt: skip
    have = of("acl", config, "ipv4", "F")
    assert (have.entries[0].protocol, have.entries[0].icmp_type) == ("icmp", "echo")
    assert render("acl", have, have, config) == []


def test_a_group_that_goes_takes_its_neighbors_and_a_neighbor_goes_alone() -> None:
    neighbor = of("bgp_neighbor", MX, "default", "10.255.0.3")
    assert render("bgp_neighbor", neighbor, None, MX) == ["delete protocols bgp group IBGP neighbor 10.255.0.3"]
    group = of("bgp_peer_group", MX, "default", "EXT")
    assert render("bgp_peer_group", group, None, MX) == ["delete protocols bgp group EXT"]
    assert ("bgp_peer_group", ("default", "EXT")) in [
        (ref.noun, ref.key) for ref in of("bgp_neighbor", MX, "default", "192.0.2.66").refs
    ]


def test_a_neighbor_that_changes_its_group_takes_along_what_else_is_said_of_it() -> None:
    base = "set protocols bgp group"
    config = commands(
        f"""set routing-options autonomous-system 65000
        {base} A neighbor 192.0.2.1 peer-as 65001
        {base} A neighbor 192.0.2.1 graceful-restart
        {base} B type external"""
    )
    have = of("bgp_neighbor", config, "default", "192.0.2.1")
    lines = render("bgp_neighbor", have, BgpNeighbor("192.0.2.1", remote_as=65001, peer_group="B"), config)
    assert lines[0] == "delete protocols bgp group A neighbor 192.0.2.1"
    assert set(lines[1:]) == {
        "set protocols bgp group B neighbor 192.0.2.1 graceful-restart",
        "set protocols bgp group B neighbor 192.0.2.1 peer-as 65001",
    }


def test_a_chain_of_policies_stays_until_one_policy_is_wished_for() -> None:
    group = of("bgp_peer_group", MX, "default", "IBGP")
    assert {family.policy_in for family in group.address_families} == {None}
    families = tuple(
        BgpAddressFamily(name, activate=True, policy_in="C", policy_out="NHS", route_reflector_client=True)
        for name in ("ipv4-unicast", "ipv6-unicast")
    )
    want = BgpPeerGroup(**{**{field: getattr(group, field) for field in group.__slots__}, "address_families": families})
    lines = render("bgp_peer_group", group, want, MX)
    assert "set protocols bgp group IBGP import C" in lines
    assert [
        family.policy_in for family in of("bgp_peer_group", after(MX, *lines), "default", "IBGP").address_families
    ] == [
        "C",
        "C",
    ]


def test_a_route_with_a_preference_of_its_own_is_qualified_beside_others() -> None:
    config = commands("set routing-options static route 10.0.0.0/8 next-hop 192.0.2.1")
    want = StaticRoute("10.0.0.0/8", "192.0.2.2", distance=200)
    lines = render("static_route", None, want, config)
    assert lines == ["set routing-options static route 10.0.0.0/8 qualified-next-hop 192.0.2.2 preference 200"]
    assert set(module("static_route").configured(after(config, *lines))) == {
        want,
        StaticRoute("10.0.0.0/8", "192.0.2.1"),
    }


def test_the_last_next_hop_takes_the_route_with_it_and_another_does_not() -> None:
    first = of("static_route", MX, "default", "0.0.0.0/0", "10.0.0.254", "")
    assert render("static_route", first, None, MX) == [
        "delete routing-options static route 0.0.0.0/0 next-hop 10.0.0.254"
    ]
    black = of("static_route", MX, "default", "10.1.0.0/16", "", "blackhole")
    assert render("static_route", black, None, MX) == ["delete routing-options static route 10.1.0.0/16"]


def test_a_preference_that_another_next_hop_left_behind_is_not_taken_over() -> None:
    path = "routing-options static route 10.50.0.0/16"
    left = JUNOS.parse(f"set {path} preference 10\nset {path} qualified-next-hop 10.0.0.8 preference 5")
    have = StaticRoute("10.50.0.0/16", next_hop="10.0.0.8")
    want = StaticRoute("10.50.0.0/16", next_hop="10.0.0.8", tag=7)
    assert render("static_route", have, want, left) == [f"set {path} tag 7"]


def test_ipv6_routes_stand_in_their_own_table() -> None:
    assert render("static_route", None, StaticRoute("::/0", "2001:db8::1"), EMPTY) == [
        "set routing-options rib inet6.0 static route ::/0 next-hop 2001:db8::1"
    ]
    config = commands("set routing-instances RED instance-type vrf")
    assert render("static_route", None, StaticRoute("::/0", "2001:db8::1", vrf="RED"), config) == [
        "set routing-instances RED routing-options rib RED.inet6.0 static route ::/0 next-hop 2001:db8::1"
    ]


def test_a_list_that_gets_lengths_becomes_the_other_kind_and_policies_follow() -> None:
    config = commands(
        """set policy-options prefix-list P 10.0.0.0/8
        set policy-options policy-statement R term a from prefix-list P
        set policy-options policy-statement R term a then accept"""
    )
    want = PrefixList("P", entries=(PrefixListEntry(10, "permit", "10.0.0.0/8", le=24),))
    lines = render("prefix_list", of("prefix_list", config, "ipv4", "P"), want, config)
    changed = after(config, *lines)
    assert set(shown(changed)) == {
        "set policy-options route-filter-list P 10.0.0.0/8 upto /24",
        "set policy-options policy-statement R term a from route-filter-list P",
        "set policy-options policy-statement R term a then accept",
    }
    assert of("route_map", changed, "R").entries[0].match_prefix_list == "P"


def test_a_policy_term_that_moves_is_inserted() -> None:
    config = commands(
        """set policy-options policy-statement R term a then accept
        set policy-options policy-statement R term b then reject"""
    )
    want = RouteMap("R", (RouteMapEntry(10, "deny", name="b"), RouteMapEntry(20, "permit", name="a")))
    lines = render("route_map", of("route_map", config, "R"), want, config)
    assert lines == ["insert policy-options policy-statement R term a after term b"]
    assert of("route_map", after(config, *lines), "R") == want


def test_a_term_that_neither_accepts_nor_rejects_goes_on_to_the_next() -> None:
    entry = of("route_map", MX, "A").entries[2]
    assert (entry.action, entry.on_match, entry.other) == (
        "permit",
        "next",
        ("then metric add 5", "then next-hop self"),
    )


def test_a_new_aggregate_finds_room_on_the_chassis() -> None:
    lines = render("lag", None, Lag("ae7", ("ge-0/0/8",), "active"), MX)
    assert "set chassis aggregated-devices ethernet device-count 8" in lines
    assert "set interfaces ge-0/0/8 gigether-options 802.3ad ae7" in lines
    assert not [line for line in render("lag", None, Lag("ae1", (), None, 2), MX) if "device-count" in line]


def test_an_aggregate_without_members_stays_passive() -> None:
    active = JUNOS.apply_lines(MX, [Line("set interfaces ae7 aggregated-ether-options lacp active")])
    (have,) = (record for record in JUNOS.module("lag").configured(active) if record.name == "ae7")  # type: ignore[union-attr]
    assert have.mode == "active"
    want = Lag("ae7", mode="passive")
    after = JUNOS.apply_lines(active, JUNOS.module("lag").render(have, want, active))  # type: ignore[union-attr]
    assert want in JUNOS.module("lag").configured(after)  # type: ignore[union-attr]


def test_an_interface_that_changes_its_area_keeps_its_key() -> None:
    have = of("ospf_interface", MX, "ge-0/0/0.100")
    want = OspfInterface(**{**{field: getattr(have, field) for field in have.__slots__}, "area": "0.0.0.5"})
    changed = after(MX, *render("ospf_interface", have, want, MX))
    key = 'set protocols ospf area 0.0.0.5 interface ge-0/0/0.100 authentication md5 1 key "$9$ospf"'
    assert key in shown(changed)
    assert of("ospf_interface", changed, "ge-0/0/0.100") == want


def test_a_banner_may_hold_any_text() -> None:
    device = of("device", MX)
    assert device.banner_login == '  Authorised only\nUse "care"'
    text = 'a "quoted" # line\n\\ and {braces}; [x]'
    want = type(device)("mx1", banner_login=text)
    config = after(EMPTY, *render("device", None, want, EMPTY))
    assert module("device").configured(config) == [want]
    assert JUNOS.parse(JUNOS.format(config)) == config


def test_forms_of_passwords_and_keys_are_kept() -> None:
    have = of("user", MX, "bob")
    want = User("bob", roles=("super-user",), password_hash="$6$new$hash", ssh_keys=have.ssh_keys, uid=2001)
    assert render("user", have, want, MX) == [
        'set system login user bob authentication encrypted-password "$6$new$hash"'
    ]
    assert render("user", have, None, MX) == ["delete system login user bob"]
    assert render("user", of("user", MX, "root"), None, MX) == []


def test_no_secret_stays_in_an_archived_configuration() -> None:
    hidden = redact(ROUTER, JUNOS.secrets, b"key").text
    for secret in ("$6$", "$9$", "public", "NMS", "priv {"):
        assert secret not in hidden
    set_form = "".join(f"{line}\n" for line in MX.lines())
    hidden = redact(set_form, JUNOS.secrets, b"key").text
    for secret in ("$6$", "$9$", "community public", "trap-group NMS"):
        assert secret not in hidden


def test_the_trap_groups_receivers_share_its_settings() -> None:
    hosts = (SnmpHost("192.0.2.1", "G", port=1), SnmpHost("192.0.2.2", "G", port=2))
    with pytest.raises(Unsupported, match="share version, VRF and port"):
        render("snmp_server", None, SnmpServer(communities=(SnmpCommunity("c"),), hosts=hosts), EMPTY)


def test_a_server_that_gets_messages_says_how_severe() -> None:
    want = Logging(hosts=(LogHost("192.0.2.9"),))
    assert render("logging", None, want, EMPTY) == ["set system syslog host 192.0.2.9 any info"]


def test_an_inactive_object_that_is_wished_for_is_activated() -> None:
    config = JUNOS.parse("vlans { inactive: users { vlan-id 10; } }")
    assert render("vlan", None, Vlan(10, "users"), config) == ["activate vlans users"]


def test_an_interface_keeps_what_another_noun_or_nobody_says_of_it() -> None:
    config = commands("set interfaces ge-0/0/0 description x\nset interfaces ge-0/0/0 gigether-options 802.3ad ae0")
    assert render("interface", of("interface", config, "ge-0/0/0"), None, config) == [
        "delete interfaces ge-0/0/0 description"
    ]


def test_a_vrf_goes_with_all_that_is_in_it() -> None:
    assert render("vrf", Vrf("RED"), None, MX) == ["delete routing-instances RED"]


CANNOT: list[tuple[str, Record]] = [
    ("interface", Interface("ge-0/0/0", addresses=("10.0.0.1/24",))),
    ("switchport", Switchport("ge-0/0/0", mode="access")),
    ("vlan", Vlan(10, "a", enabled=False)),
    ("lag", Lag("Port-Channel1")),
    ("static_route", StaticRoute("10.0.0.0/8", "192.0.2.1", name="x")),
    ("prefix_list", PrefixList("P", entries=(PrefixListEntry(10, "deny", "10.0.0.0/8"),))),
    ("route_map", RouteMap("R", (RouteMapEntry(10, "permit", set_weight=5),))),
    ("route_map", RouteMap("R", (RouteMapEntry(10, "permit", set_community=("65000:1",)),))),
    ("bgp", Bgp(65000, maximum_paths=4)),
    ("bgp_neighbor", BgpNeighbor("192.0.2.1", remote_as=65001)),
    ("bgp_neighbor", BgpNeighbor("ge-0/0/0.0", unnumbered=True, peer_group="G")),
    ("bgp_peer_group", BgpPeerGroup("G", keepalive_s=5)),
    ("ospf_interface", OspfInterface("ge-0/0/0.0")),
    ("user", User("bob", roles=())),
    ("user", User("bob", roles=("super-user",), privilege=15)),
    ("vrf", Vrf("RED", import_targets=("1:1", "1:2"))),
]


@pytest.mark.parametrize(("noun", "record"), CANNOT, ids=lambda value: value if isinstance(value, str) else value.key)
def test_what_junos_cannot_do_is_refused(noun: str, record: Record) -> None:
    with pytest.raises(Unsupported):
        render(noun, None, record, EMPTY)


def test_every_noun_that_people_configure_and_junos_has_is_spoken() -> None:
    configured = {name for name, noun in nouns().items() if noun.record is not None}
    spoken = {noun for noun in JUNOS.nouns() if hasattr(module(noun), "render")}
    assert configured - spoken == {"bfd_peer", "bfd_profile"}


def test_tabs_in_a_banner_become_spaces() -> None:
    config = commands('set system host-name mx1\nset system login message "a\\tb\\n"')
    assert of("device", config).banner_login == "a       b"
    assert render("device", of("device", config), of("device", config), config) == []
