"""Screens of nouns that are only configured: they become the records that the running configuration would give."""

from __future__ import annotations

import importlib
from types import ModuleType
from typing import Any

import pytest

from netloom.app.offline import parse_outputs
from netloom.errors import OutputNotUnderstood
from netloom.model.ospf_interface import OspfInterface
from netloom.model.prefix_list import PrefixList, PrefixListEntry
from netloom.model.route_map import RouteMap, RouteMapEntry

CISCO_LIKE = ("arista_eos", "cisco_ios", "cisco_nxos")


def module(platform: str, noun: str) -> ModuleType:
    return importlib.import_module(f"netloom.platforms.{platform}.{noun}")


PREFIX_LISTS = """\
Prefix-list with the last deletion/insertion: LOOPBACKS
ip prefix-list LOOPBACKS: 3 entries
   seq 5 deny 10.0.0.0/24 ge 25 le 31 (hit count: 0, refcount: 1)
   seq 10 permit 10.0.0.0/16 eq 32
   seq 15 permit 0.0.0.0/0
ipv6 prefix-list V6: 1 entries
   seq 5 permit 2001:DB8::/32 le 128
"""


@pytest.mark.parametrize("platform", CISCO_LIKE)
def test_prefix_lists_come_with_all_their_entries(platform: str) -> None:
    assert module(platform, "prefix_list").screened(f"r1# show ip prefix-list\n{PREFIX_LISTS}") == [
        PrefixList(
            "LOOPBACKS",
            entries=(
                PrefixListEntry(5, "deny", "10.0.0.0/24", ge=25, le=31),
                PrefixListEntry(10, "permit", "10.0.0.0/16", ge=32, le=32),
                PrefixListEntry(15, "permit", "0.0.0.0/0"),
            ),
        ),
        PrefixList("V6", "ipv6", entries=(PrefixListEntry(5, "permit", "2001:db8::/32", le=128),)),
    ]


ROUTE_MAPS = """\
route-map TO-ISP, permit, sequence 10
  Match clauses:
    ip address prefix-lists: OURS
    as-path (as-path filter): 7
    community (community-list filter): MARKED
  Set clauses:
    local-preference 200
    ipv6 next-hop 2001:DB8::1 2001:DB8::2
  Policy routing matches: 0 packets, 0 bytes
route-map TO-ISP, deny, sequence 20
  Match clauses:
    route-type: internal
  Set clauses:
"""


@pytest.mark.parametrize("platform", ["cisco_ios", "cisco_nxos"])
def test_clauses_of_a_route_map_are_read_as_they_are_typed(platform: str) -> None:
    assert module(platform, "route_map").screened(ROUTE_MAPS) == [
        RouteMap(
            "TO-ISP",
            (
                RouteMapEntry(
                    10,
                    "permit",
                    match_prefix_list="OURS",
                    match_as_path="7",
                    match_community="MARKED",
                    set_local_preference=200,
                    other=("set ipv6 next-hop 2001:DB8::1 2001:DB8::2",),
                ),
                RouteMapEntry(20, "deny", other=("match route-type internal",)),
            ),
        )
    ]


def test_eos_prints_clauses_as_they_are_typed() -> None:
    shown = """\
route-map RM-IN permit 10
  Description:
    description of no clause
  Match clauses:
    match ip address prefix-list OURS
  SubRouteMap:
  Set clauses:
    set metric 50
"""
    entry = RouteMapEntry(10, "permit", match_prefix_list="OURS", set_metric=50)
    assert module("arista_eos", "route_map").screened(shown) == [RouteMap("RM-IN", (entry,))]


OSPF: dict[str, tuple[str, list[OspfInterface]]] = {
    "cisco_ios": (
        (
            "Interface    PID   Area            IP Address/Mask    Cost  State Nbrs F/C\n"
            "Lo0          1     0               192.0.2.1/32       1     LOOP  0/0\n"
            "Gi0/0/4      1     0.0.0.8         192.0.2.98/30      1000  P2P   1/1\n"
        ),
        [
            OspfInterface("Loopback0", "1", "0", 1),
            OspfInterface("GigabitEthernet0/0/4", "1", "0.0.0.8", 1000, "point-to-point"),
        ],
    ),
    "cisco_nxos": (
        (
            " OSPF Process ID UNDERLAY VRF default\n Total number of interface: 1\n"
            " Interface               ID     Area            Cost   State    Neighbors Status\n"
            " Eth1/1                  2      0.0.0.1         40     P2P      1         up\n"
        ),
        [OspfInterface("Ethernet1/1", "UNDERLAY", "0.0.0.1", 40, "point-to-point")],
    ),
    "arista_eos": (
        (
            "   Interface          Instance VRF        Area            IP Address         Cost  State      Nbrs\n"
            "   Et1                1        default    0.0.0.1         192.0.2.1/31       10    P2P        1\n"
            "   Vl10               1        default    0.0.0.1         192.0.2.33/27      10    Backup DR  2\n"
        ),
        [
            OspfInterface("Ethernet1", "1", "0.0.0.1", 10, "point-to-point"),
            OspfInterface("Vlan10", "1", "0.0.0.1", 10),
        ],
    ),
    "juniper_junos": (
        (
            "admin@mx1> show ospf interface\n"
            "Interface           State   Area            DR ID           BDR ID          Nbrs\n"
            "ge-0/0/0.0          PtToPt  0.0.0.1         0.0.0.0         0.0.0.0            1\n"
            "ae1.0               BDR     0.0.0.1         192.0.2.5       192.0.2.1          1\n"
        ),
        [OspfInterface("ge-0/0/0.0", None, "0.0.0.1", None, "point-to-point"), OspfInterface("ae1.0", None, "0.0.0.1")],
    ),
}


@pytest.mark.parametrize("platform", OSPF)
def test_ospf_interfaces_come_with_area_and_cost(platform: str) -> None:
    shown, expected = OSPF[platform]
    assert module(platform, "ospf_interface").screened(shown) == expected


def test_communities_of_eos_come_with_what_guards_them() -> None:
    shown = """\
Community name: monitors
Community access: read-only
Community view: NARROW (non-existent)
Access list: MGMT

Community name: writers
Community access: read-write
IPv6 access list: MGMT6 (non-existent)
"""
    [server] = module("arista_eos", "snmp_server").screened(shown)
    told = [(each.name, each.access, each.view, each.acl, each.ipv6_acl) for each in server.communities]
    assert told == [("monitors", "ro", "NARROW", "MGMT", None), ("writers", "rw", None, None, "MGMT6")]


def test_hosts_name_the_servers() -> None:
    [found] = module("cisco_ios", "dns").screened(
        "Default domain is example.net\nName servers are 192.0.2.1, 192.0.2.2\n"
    )
    assert [server.address for server in found.servers] == ["192.0.2.1", "192.0.2.2"]
    assert module("cisco_ios", "dns").screened("Name servers are 255.255.255.255\n") == []


@pytest.mark.parametrize("noun", ["prefix_list", "route_map", "ospf_interface"])
def test_what_is_no_such_screen_is_refused(noun: str) -> None:
    with pytest.raises(OutputNotUnderstood, match="expected"):
        parse_outputs("cisco_ios", noun, ["Interface  Status\nGi0/1  up\n"])


@pytest.mark.parametrize(
    ("noun", "text"),
    [
        ("route_map", "route-map RM permit 10\n set metric 5\n"),
        ("static_route", "ip route 10.0.0.0 255.0.0.0 192.0.2.1\n"),
    ],
)
def test_a_running_configuration_does_where_there_is_no_screen(noun: str, text: str) -> None:
    found: list[Any] = parse_outputs("cisco_ios", noun, [text])
    assert len(found) == 1
