"""Forms that releases of IOS differ in: what is read of them, and that changes there and back keep them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.platforms.form_promises import goes_and_comes_back, is_kept, records

from netloom.platforms.contract import load_platform
from netloom.platforms.lines import unmodelled
from netloom.platforms.wording import acquainted

IOS = load_platform("cisco_ios")


SUBINTERFACE = """\
interface ATM0/0
 no ip address
!
interface ATM0/0.32 point-to-point
 no ip redirects
 pvc 0/32
!
interface Serial0/1.7 multipoint
 ip address 10.7.0.1 255.255.255.0
 ip ospf 1 area 0
!
router ospf 1
"""


def test_a_subinterface_is_named_without_its_kind() -> None:
    config = IOS.parse(SUBINTERFACE)
    assert [record.name for record in records(IOS, "interface", config)] == ["ATM0/0", "ATM0/0.32", "Serial0/1.7"]
    assert [record.interface for record in records(IOS, "ospf_interface", config)] == ["Serial0/1.7"]
    goes_and_comes_back(IOS, "interface", config)
    goes_and_comes_back(IOS, "ospf_interface", config)


TEXTS = {
    "interface, IPv6 in small letters": (
        "interface",
        "interface Loopback0\n ip address 10.0.0.1 255.255.255.255\n ipv6 address fd01:dead:beef::1/128\n",
    ),
    "interface, IPv6 by a word": (
        "interface",
        "interface Dialer1\n ip address negotiated\n ipv6 address autoconfig\n ipv6 address dhcp\n",
    ),
    "interface, blanks before a description": (
        "interface",
        "interface Loopback0\n description    to A\n no ip address\n",
    ),
    "interface, one of several silent about its address": (
        "interface",
        "interface Loopback0\n no ip address\n!\ninterface Tunnel1\n ip unnumbered Loopback0\n",
    ),
    "switchport, a port of an old chassis that says it has no address": (
        "switchport",
        "interface GigabitEthernet1/1\n no ip address\n switchport\n switchport mode trunk\n",
    ),
    "logging, without the word host": ("logging", "logging 10.0.0.1\nlogging 10.0.0.2\n"),
    "logging, one host by two transports": (
        "logging",
        "logging host 10.0.0.1\nlogging host 10.0.0.1 transport tcp port 1514\n",
    ),
    "logging, a host of IPv6": ("logging", "logging host ipv6 2001:0DB8::1\nlogging host ipv6 2001:db8::2\n"),
    "snmp_server, traps and informs to one host": (
        "snmp_server",
        "snmp-server host 10.0.0.9 informs version 2c public  msdp\nsnmp-server host 10.0.0.9 public  bgp\n",
    ),
    "snmp_server, informs of old": ("snmp_server", "snmp-server host 10.0.0.9 inform version 2c public\n"),
    "device, a domain in a VRF": (
        "device",
        "hostname r1\nip domain name vrf mgmt eng.example.net\nip domain name example.net\n",
    ),
    "route_map, two kinds of next hop": (
        "route_map",
        "route-map A permit 10\n set ip next-hop 10.0.0.1\n set ip next-hop recursive global 10.9.9.9\n",
    ),
    "route_map, a metric beside its type": (
        "route_map",
        "route-map A permit 10\n set metric 100\n set metric-type type-1\n",
    ),
    "bgp, families that say they are unicast": (
        "bgp",
        "router bgp 65001\n bgp log-neighbor-changes\n address-family ipv4 unicast vrf A\n  redistribute connected\n",
    ),
}


@pytest.mark.parametrize(("noun", "text"), TEXTS.values(), ids=TEXTS)
def test_a_form_of_a_release_is_read_and_kept(noun: str, text: str) -> None:
    is_kept(IOS, noun, text)


def test_what_a_second_line_says_of_a_known_host_is_told_as_unknown() -> None:
    config = IOS.parse(TEXTS["logging, one host by two transports"][1])
    (record,) = records(IOS, "logging", config)
    assert [(host.address, host.transport, host.port) for host in record.hosts] == [("10.0.0.1", None, None)]
    assert [str(line) for line in unmodelled(IOS, config)] == ["logging host 10.0.0.1 transport tcp port 1514"]


def test_the_domain_is_the_devices_own_and_a_vrfs_is_told_as_unknown() -> None:
    config = IOS.parse(TEXTS["device, a domain in a VRF"][1])
    assert [record.domain for record in records(IOS, "device", config)] == ["example.net"]
    assert [str(line) for line in unmodelled(IOS, config)] == ["ip domain name vrf mgmt eng.example.net"]


def test_name_servers_of_two_vrfs_have_no_order_between_them() -> None:
    one = "ip name-server vrf mgmt 10.0.0.1\nip name-server 10.0.0.2\nip name-server 10.0.0.3\n"
    other = "ip name-server 10.0.0.2\nip name-server 10.0.0.3\nip name-server vrf mgmt 10.0.0.1\n"
    assert records(IOS, "dns", IOS.parse(one)) == records(IOS, "dns", IOS.parse(other))


def test_a_change_speaks_the_words_of_the_release_that_it_leads_to() -> None:
    here, there = IOS.parse("hostname a\n"), IOS.parse("hostname a\nlogging 10.0.0.1\n")
    lines = IOS.delta(here, there)
    assert IOS.script(lines) == ["logging 10.0.0.1"]
    assert IOS.apply_lines(acquainted(here, there), lines) == there


def test_a_router_id_that_is_no_address_is_none() -> None:
    config = IOS.parse("router bgp 65001\n bgp router-id interface Loopback0\n bgp log-neighbor-changes\n")
    assert [record.router_id for record in records(IOS, "bgp", config)] == [None]


def test_a_neighbor_whose_session_template_gives_its_as_may_change() -> None:
    config = IOS.parse(
        "router bgp 65001\n neighbor 10.0.0.1 inherit peer-session S\n neighbor 10.0.0.1 description a\n"
    )
    (record,) = records(IOS, "bgp_neighbor", config)
    module = IOS.module("bgp_neighbor")
    assert module is not None
    lines = module.render(record, replace(record, description="b"), config)
    assert IOS.script(lines) == ["router bgp 65001", "neighbor 10.0.0.1 description b", "exit"]
