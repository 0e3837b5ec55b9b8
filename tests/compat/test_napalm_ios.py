"""NAPALM's getters over IOS, where nobody recorded a case: the shapes of NAPALM's documentation."""

from __future__ import annotations

from typing import Any

import pytest

from netloom.compat.napalm.view import getters, view

INTERFACES = """\
GigabitEthernet0/0 is up, line protocol is up
  Internet address is 192.0.2.1/24
  Broadcast address is 255.255.255.255
  Secondary address 198.51.100.1/25
GigabitEthernet0/1 is administratively down, line protocol is down
  Internet protocol processing disabled
"""
INTERFACES6 = """\
GigabitEthernet0/0 is up, line protocol is up
  IPv6 is enabled, link-local address is FE80::1
  Global unicast address(es):
    2001:DB8::1, subnet is 2001:DB8::/64
"""
SUMMARY = """\
For address family: IPv4 Unicast
BGP router identifier 192.0.2.1, local AS number 65000
BGP table version is 17, main routing table version 17

Neighbor        V           AS MsgRcvd MsgSent   TblVer  InQ OutQ Up/Down  State/PfxRcd
192.0.2.2       4        65001      26      27       17    0    3 00:20:06        5
"""
NEIGHBOR = """\
BGP neighbor is 192.0.2.2,  remote AS 65001, external link
  BGP version 4, remote router ID 192.0.2.200
  BGP state = Established, up for 00:20:06
  Last read 00:00:24, last write 00:00:34, hold time is 180, keepalive interval is 60 seconds
  Neighbor capabilities:
    Four-octets ASN Capability: advertised and received
  Message statistics:
                         Sent       Rcvd
    Updates:                3          2
    Total:                 27         26

 For address family: IPv4 Unicast
  Route map for incoming advertisements is FROM-ISP
  Route map for outgoing advertisements is TO-ISP
    Prefixes Current:               9          5 (Consumes 400 bytes)
    Used as bestpath:             n/a          4
                                   Outbound    Inbound
  Local Policy Denied Prefixes:    --------    -------
    route-map:                            0          2
    Total:                                0          2
  Connections established 2; dropped 1
Local host: 192.0.2.1, Local port: 179
Foreign host: 192.0.2.2, Foreign port: 51234
"""
SLA = "ip sla 1\n icmp-echo 192.0.2.9 source-ip 192.0.2.1\n tag core\n frequency 30\n history buckets-kept 10\n"
SLA_STATISTICS = """\
IPSLAs Latest Operation Statistics

IPSLA operation id: 1
        Latest RTT: 12 milliseconds
Number of successes: 98
Number of failures: 2
"""
OSPF_ENTRY = """\
Routing entry for 10.1.0.0/16
  Known via "ospf 1", distance 110, metric 20, type intra area
  Last update from 192.0.2.2 on GigabitEthernet0/0, 00:04:05 ago
  Routing Descriptor Blocks:
  * 192.0.2.2, from 192.0.2.200, 00:04:05 ago, via GigabitEthernet0/0
      Route metric is 20, traffic share count is 1
"""

CASES: dict[str, tuple[str, dict[str, str], Any]] = {
    "addresses of both families": (
        "get_interfaces_ip",
        {"show_ip_interface": INTERFACES, "show_ipv6_interface": INTERFACES6},
        {
            "GigabitEthernet0/0": {
                "ipv4": {"192.0.2.1": {"prefix_length": 24}, "198.51.100.1": {"prefix_length": 25}},
                "ipv6": {"fe80::1": {"prefix_length": 10}, "2001:db8::1": {"prefix_length": 64}},
            }
        },
    ),
    "an agent with communities": (
        "get_snmp_information",
        {
            "show_run___include_snmp_server": "snmp-server community readers RO 10\nsnmp-server community writers RW\n"
            "snmp-server location rack 4\nsnmp-server contact noc@example.com\n",
            "show_snmp_chassis": "FDO0000A0AA\n",
        },
        {
            "chassis_id": "FDO0000A0AA",
            "contact": "noc@example.com",
            "location": "rack 4",
            "community": {"readers": {"mode": "ro", "acl": "10"}, "writers": {"mode": "rw", "acl": "N/A"}},
        },
    ),
    "servers of time": (
        "get_ntp_servers",
        {"show_run___include_ntp_server": "ntp server 192.0.2.123\nntp server vrf Mgmt-vrf 198.51.100.123 prefer\n"},
        {"192.0.2.123": {}, "198.51.100.123": {}},
    ),
    "peers of time by their associations": (
        "get_ntp_peers",
        {
            "show_ntp_associations": "  address         ref clock       st   when   poll reach  delay  offset   disp\n"
            "*~192.0.2.123     .GPS.            1     12     64   377  1.500   0.250  2.100\n"
        },
        {"192.0.2.123": {}},
    ),
    "IPv6 neighbors": (
        "get_ipv6_neighbors_table",
        {
            "show_ipv6_neighbors": "IPv6 Address                 Age Link-layer Addr State Interface\n"
            "2001:DB8::7                   15 0011.2233.4455  STALE Vl10\n"
        },
        [{"interface": "Vl10", "mac": "00:11:22:33:44:55", "ip": "2001:db8::7", "age": 15.0, "state": "STALE"}],
    ),
    "ARP of a VRF": (
        "get_arp_table_with_vrf",
        {
            "show_arp_vrf_BLUE___exclude_Incomplete": "Protocol  Address  Age (min)  Hardware Addr   Type   Interface\n"
            "Internet  192.0.2.7       12   0011.2233.4455  ARPA   Vlan10\n"
        },
        [{"interface": "Vlan10", "mac": "00:11:22:33:44:55", "ip": "192.0.2.7", "age": 12.0}],
    ),
    "a refused ping": ("ping", {"ping_nowhere": "% Unrecognized host or address, or protocol not running.\n"}, None),
    "a route of OSPF": (
        "get_route_to",
        {"show_ip_route_10_1_0_0_255_255_0_0": OSPF_ENTRY},
        {
            "10.1.0.0/16": [
                {
                    "protocol": "ospf",
                    "outgoing_interface": "GigabitEthernet0/0",
                    "age": 245,
                    "current_active": True,
                    "routing_table": "default",
                    "last_active": True,
                    "protocol_attributes": {},
                    "next_hop": "192.0.2.2",
                    "selected_next_hop": True,
                    "inactive_reason": "",
                    "preference": 20,
                }
            ]
        },
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_replies_take_napalms_shape(case: str) -> None:
    getter, replies, expected = CASES[case]
    found = view("ios", getter, replies)
    assert found == expected or (expected is None and isinstance(found, dict) and set(found) == {"error"})


def test_a_session_at_length() -> None:
    replies = {"show_ip_bgp_all_sum": SUMMARY, "show_ip_bgp_ipv4_unicast_neigh_192_0_2_2": NEIGHBOR}
    found: Any = view("ios", "get_bgp_neighbors_detail", replies)
    [session] = found["global"][65001]
    told = {
        "up": True,
        "local_as": 65000,
        "remote_as": 65001,
        "router_id": "192.0.2.200",
        "connection_state": "Established",
        "local_address": "192.0.2.1",
        "local_port": 179,
        "remote_address": "192.0.2.2",
        "remote_port": 51234,
        "import_policy": "FROM-ISP",
        "export_policy": "TO-ISP",
        "holdtime": 180,
        "keepalive": 60,
        "flap_count": 1,
        "input_messages": 26,
        "output_messages": 27,
        "input_updates": 2,
        "output_updates": 3,
        "messages_queued_out": 3,
        "active_prefix_count": 4,
        "accepted_prefix_count": 5,
        "received_prefix_count": 7,
        "advertised_prefix_count": 9,
        "suppressed_prefix_count": 2,
        "suppress_4byte_as": False,
        "routing_table": "global",
    }
    assert {name: session[name] for name in told} == told


def test_results_of_a_probe() -> None:
    replies = {"show_run___section_ip_sla__0_9_": SLA, "show_ip_sla_statistics": SLA_STATISTICS}
    found: Any = view("ios", "get_probes_results", replies)
    assert found["1"]["core"]["rtt"] == 12.0
    assert found["1"]["core"]["last_test_loss"] == 2
    assert found["1"]["core"]["target"] == "192.0.2.9"


@pytest.mark.parametrize("getter", sorted(set(getters("cisco_ios")) - {"get_facts"}))
def test_a_device_that_says_nothing_has_nothing(getter: str) -> None:
    view("ios", getter, {})


COUNTED = """\
FastEthernet0 is up, line protocol is up
  Hardware is FE, address is 0011.2233.4455 (bia 0011.2233.4455)
  MTU 1500 bytes, BW 100000 Kbit/sec, DLY 100 usec,
     250 packets input, 30000 bytes
     Received 338 broadcasts, 0 runts, 0 giants, 0 throttles
     1 input errors, 0 CRC, 0 frame, 0 overrun, 0 ignored
     0 watchdog, 12 multicast
     260 packets output, 31000 bytes, 0 underruns
     2 output errors, 0 collisions, 0 interface resets
Dialer1 is up, line protocol is up (spoofing)
  Hardware is Unknown
  MTU 1500 bytes, BW 56 Kbit/sec, DLY 20000 usec,
     25 packets input, 3000 bytes
     26 packets output, 3100 bytes
"""


def test_counters_that_an_interface_does_not_print_are_left_out() -> None:
    found: Any = view("cisco_ios", "get_interfaces_counters", {"show interfaces": COUNTED})
    assert found["Dialer1"] == {
        "rx_unicast_packets": 25,
        "rx_octets": 3000,
        "tx_unicast_packets": 26,
        "tx_octets": 3100,
        "tx_broadcast_packets": -1,
        "tx_multicast_packets": -1,
    }
    assert found["FastEthernet0"]["rx_multicast_packets"] == -1
    assert found["FastEthernet0"]["rx_discards"] == -1


def test_facts_that_nothing_tells_are_unknown() -> None:
    found: Any = view("cisco_ios", "get_facts", {"show version": "ROM: Bootstrap program is IOSv"})
    assert found["hostname"] == found["model"] == found["os_version"] == "Unknown"
    assert found["uptime"] == -1.0
