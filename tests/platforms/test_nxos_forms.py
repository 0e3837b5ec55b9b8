"""Forms of a Nexus' lines that people's configurations have: what is read of them, and that they are kept."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.platforms.form_promises import is_kept, records

from netloom.model.interface import Interface
from netloom.model.switchport import Switchport
from netloom.platforms.contract import load_platform
from netloom.platforms.lines import unmodelled

NXOS = load_platform("cisco_nxos")
VRF = """\
vrf context A
  address-family ipv4 unicast
    route-target import 65000:1
  address-family ipv6 unicast
"""
TEXTS = {
    "static_route, by a tracked next hop": ("static_route", "ip route 10.4.0.0/16 10.1.1.2 track 1 name x 200\n"),
    "vrf, targets of one family": ("vrf", VRF),
    "ospf, an area's options side by side": (
        "ospf",
        "feature ospf\nrouter ospf 1\n  area 0.0.0.3 nssa no-summary\n  area 0.0.0.3 nssa translate type7 always\n",
    ),
    "switchport, a key chain beside the kind of authentication": (
        "switchport",
        (
            "interface Ethernet1/2\n  no switchport\n  ip ospf authentication message-digest\n"
            "  ip ospf authentication key-chain K\n  ip ospf authentication-key 3 8e008e8d49648110\n"
        ),
    ),
    "route_map, a metric beside its type": (
        "route_map",
        "route-map A permit 10\n  set metric 100\n  set metric-type type-1\n",
    ),
    "snmp_server, traps and informs to one host": (
        "snmp_server",
        "snmp-server host 10.0.0.9 informs version 2c private\nsnmp-server host 10.0.0.9 traps version 1 private\n",
    ),
    "user, the SNMP side of an account": (
        "user",
        (
            "username ann password 5 $5$abc  role network-admin\n"
            "snmp-server user ann network-admin auth md5 0x5632724fb8ac3699296af26281e1d0f1 localizedkey\n"
            "snmp-server user ann use-ipv4acl A use-ipv6acl B\n"
        ),
    ),
}


@pytest.mark.parametrize(("noun", "text"), TEXTS.values(), ids=TEXTS)
def test_a_form_is_read_and_kept(noun: str, text: str) -> None:
    is_kept(NXOS, noun, text)


def test_the_targets_of_every_family_are_the_vrfs() -> None:
    config = NXOS.parse(VRF)
    (record,) = records(NXOS, "vrf", config)
    assert record.import_targets == ("65000:1",)
    module = NXOS.module("vrf")
    assert module is not None
    lines = module.render(record, replace(record, import_targets=("65000:1", "65000:2")), config)
    assert [str(line) for line in lines] == [
        "vrf context A > address-family ipv4 unicast > route-target import 65000:2",
        "vrf context A > address-family ipv6 unicast > route-target import 65000:2",
    ]


def test_a_port_of_a_tunnel_neither_switches_as_usual_nor_is_lost() -> None:
    config = NXOS.parse("interface Ethernet1/6\n  switchport mode dot1q-tunnel\n  switchport access vlan 10\n")
    assert records(NXOS, "switchport", config) == []
    assert [line.text for line in unmodelled(NXOS, config)] == [
        "switchport mode dot1q-tunnel",
        "switchport access vlan 10",
    ]
    module = NXOS.module("switchport")
    assert module is not None
    wished = Switchport("Ethernet1/6", mode="access", access_vlan=20)
    after = NXOS.apply_lines(config, module.render(None, wished, config))
    assert records(NXOS, "switchport", after) == [wished]


def test_a_static_route_keeps_what_it_is_tracked_by() -> None:
    config = NXOS.parse(TEXTS["static_route, by a tracked next hop"][1])
    (record,) = records(NXOS, "static_route", config)
    module = NXOS.module("static_route")
    assert module is not None
    lines = module.render(record, replace(record, distance=250), config)
    assert lines[-1].text == "ip route 10.4.0.0/16 10.1.1.2 track 1 name x 250"


def test_what_a_second_line_says_of_a_known_server_is_told_as_unknown() -> None:
    config = NXOS.parse("ntp server 10.0.0.1\nntp server 10.0.0.1 prefer\nntp server 10.0.0.2\n")
    assert [[server.address for server in record.servers] for record in records(NXOS, "ntp", config)] == [
        ["10.0.0.1", "10.0.0.2"]
    ]
    assert [str(line) for line in unmodelled(NXOS, config)] == ["ntp server 10.0.0.1 prefer"]


def test_a_router_id_that_is_an_interface_is_none() -> None:
    config = NXOS.parse("feature bgp\nrouter bgp 65001\n  router-id loopback1\n")
    assert [record.router_id for record in records(NXOS, "bgp", config)] == [None]


def test_a_neighbor_whose_session_template_gives_its_as_may_change() -> None:
    config = NXOS.parse(
        "feature bgp\nrouter bgp 1\n  neighbor 10.0.0.1\n    inherit peer-session S\n    description a\n"
    )
    (record,) = records(NXOS, "bgp_neighbor", config)
    module = NXOS.module("bgp_neighbor")
    assert module is not None
    lines = module.render(record, replace(record, description="b"), config)
    assert [line.text for line in lines] == ["description b"]


def test_the_interface_that_comes_with_its_feature_may_be_all_that_is_wished_for() -> None:
    module = NXOS.module("interface")
    assert module is not None
    config = NXOS.parse("hostname a\n")
    lines = module.render(None, Interface("Vlan1", enabled=False), config)
    assert [line.text for line in lines] == ["feature interface-vlan"]
    assert records(NXOS, "interface", NXOS.apply_lines(config, lines)) == [Interface("Vlan1", enabled=False)]


def test_names_looked_up_without_a_word_are_so_again_on_the_way_back() -> None:
    here, there = NXOS.parse("hostname a\n"), NXOS.parse("hostname a\nno ip domain-lookup\n")
    changed = NXOS.apply_lines(here, NXOS.delta(here, there))
    assert changed == there
    assert NXOS.apply_lines(changed, NXOS.delta(changed, here)) == here
