"""Getters of the Junos driver from replies in the forms of Juniper's documentation."""

from __future__ import annotations

import json
from typing import Any

import pytest

from netloom.compat.napalm.view import getters, view

DOCUMENTED = {
    "cli",
    "get_arp_table",
    "get_bgp_config",
    "get_bgp_neighbors",
    "get_bgp_neighbors_detail",
    "get_config",
    "get_environment",
    "get_facts",
    "get_interfaces",
    "get_interfaces_counters",
    "get_interfaces_ip",
    "get_ipv6_neighbors_table",
    "get_lldp_neighbors",
    "get_lldp_neighbors_detail",
    "get_mac_address_table",
    "get_network_instances",
    "get_ntp_peers",
    "get_ntp_servers",
    "get_ntp_stats",
    "get_optics",
    "get_probes_config",
    "get_probes_results",
    "get_route_to",
    "get_snmp_information",
    "get_users",
    "get_vlans",
    "is_alive",
    "ping",
    "traceroute",
}
"""What NAPALM's table of supported getters says of its Junos driver, and what it does besides."""
ARP = """
<arp-table-information style="normal"><arp-table-entry>
<mac-address>00:05:86:71:22:01</mac-address><ip-address>10.0.12.2</ip-address><hostname>10.0.12.2</hostname>
<interface-name>irb.10 [ae0.0]</interface-name><arp-table-entry-flags><none/></arp-table-entry-flags>
<time-to-expire>1187</time-to-expire></arp-table-entry></arp-table-information>
"""
ND = """
<ipv6-nd-information><ipv6-nd-entry><ipv6-nd-neighbor-address>fe80::1</ipv6-nd-neighbor-address>
<ipv6-nd-neighbor-l2-address>none</ipv6-nd-neighbor-l2-address><ipv6-nd-state>incomplete</ipv6-nd-state>
<ipv6-nd-expire>0</ipv6-nd-expire><ipv6-nd-interface-name>ge-0/0/0.0</ipv6-nd-interface-name>
</ipv6-nd-entry></ipv6-nd-information>
"""
MACS = """
<l2ng-l2ald-rtb-macdb><l2ng-l2ald-mac-entry-vlan><l2ng-l2-vlan-id>10</l2ng-l2-vlan-id>
<l2ng-mac-entry><l2ng-l2-mac-vlan-name>users</l2ng-l2-mac-vlan-name>
<l2ng-l2-mac-address>00:05:86:71:22:09</l2ng-l2-mac-address><l2ng-l2-mac-flags>S</l2ng-l2-mac-flags>
<l2ng-l2-mac-logical-interface>ae0.0</l2ng-l2-mac-logical-interface></l2ng-mac-entry>
</l2ng-l2ald-mac-entry-vlan></l2ng-l2ald-rtb-macdb>
"""
OPTICS = """
<interface-information><physical-interface><name>xe-0/0/0</name><optics-diagnostics>
<laser-bias-current>6.244</laser-bias-current><laser-output-power-dbm>-2.60</laser-output-power-dbm>
<rx-signal-avg-optical-power-dbm>- Inf</rx-signal-avg-optical-power-dbm>
</optics-diagnostics></physical-interface></interface-information>
"""
ROUTE = """
<route-information><route-table><table-name>inet.0</table-name><rt style="detail">
<rt-destination>192.0.2.0</rt-destination><rt-prefix-length>24</rt-prefix-length>
<rt-entry><active-tag>*</active-tag><current-active/><last-active/><protocol-name>BGP</protocol-name>
<preference>170</preference><preference2>-101</preference2><age seconds="105219">1d 5:13:39</age>
<nh><selected-next-hop/><to>198.51.100.1</to><via>ae9.0</via></nh>
<local-as>65001</local-as><peer-as>65002</peer-as><metric2>0</metric2><med>5</med>
<as-path>AS path: 65002 65003 I </as-path><peer-id>198.51.100.1</peer-id><local-preference>100</local-preference>
<communities><community>65002:1</community><community>65002:2</community></communities></rt-entry>
<rt-entry><protocol-name>Static</protocol-name><preference>200</preference><age seconds="5">5</age>
<inactive-reason>Route Preference</inactive-reason><nh><to>10.0.0.1</to><via>fxp0.0</via></nh></rt-entry>
</rt></route-table></route-information>
"""
SNMP = """
<configuration><snmp><location>hall 3</location><contact>noc@example.net</contact>
<community><name>open</name><authorization>read-only</authorization></community>
<community><name>ours</name><authorization>read-write</authorization><client-list-name>NMS</client-list-name></community>
</snmp></configuration>
"""
PROBES = """
<configuration><services><rpm><probe><name>core</name><test><name>edge</name><probe-type>icmp-ping</probe-type>
<target><address>192.0.2.1</address></target><probe-count>15</probe-count><test-interval>60</test-interval>
</test></probe></rpm></services></configuration>
"""
PEERS = "<configuration><system><ntp><peer><name>192.0.2.7</name></peer></ntp></system></configuration>"
FACTS = """
hostname: edge1
fqdn: edge1.example.net
model: MX204
serialnumber: AB1234
version: 21.4R3
RE0: {status: OK, up_time: "1 day, 2 hours, 3 minutes, 4 seconds"}
"""

NOTHING = {"avg": 0.0, "min": 0.0, "max": 0.0}
CASES: list[tuple[str, dict[str, str], Any]] = [
    (
        "get_arp_table",
        {"get-arp-table-information": ARP},
        [{"interface": "irb.10 [ae0.0]", "mac": "00:05:86:71:22:01", "ip": "10.0.12.2", "age": 1187.0}],
    ),
    (
        "get_ipv6_neighbors_table",
        {"get-ipv6-nd-information": ND},
        [{"interface": "ge-0/0/0.0", "mac": "", "ip": "fe80::1", "age": 0.0, "state": "incomplete"}],
    ),
    (
        "get_mac_address_table",
        {"get-ethernet-switching-table-information": MACS},
        [
            {
                "mac": "00:05:86:71:22:09",
                "interface": "ae0.0",
                "vlan": 10,
                "static": True,
                "active": True,
                "moves": 0,
                "last_move": 0.0,
            }
        ],
    ),
    (
        "get_optics",
        {"get-interface-optics-diagnostics-information": OPTICS},
        {
            "xe-0/0/0": {
                "physical_channels": {
                    "channel": [
                        {
                            "index": 0,
                            "state": {
                                "input_power": {"instant": 0.0, **NOTHING},
                                "output_power": {"instant": -2.6, **NOTHING},
                                "laser_bias_current": {"instant": 6.244, **NOTHING},
                            },
                        }
                    ]
                }
            }
        },
    ),
    (
        "get_route_to",
        {"get-route-information": ROUTE},
        {
            "192.0.2.0/24": [
                {
                    "protocol": "BGP",
                    "current_active": True,
                    "last_active": True,
                    "age": 105219,
                    "next_hop": "198.51.100.1",
                    "outgoing_interface": "ae9.0",
                    "selected_next_hop": True,
                    "preference": 170,
                    "inactive_reason": "",
                    "routing_table": "inet.0",
                    "protocol_attributes": {
                        "local_as": 65001,
                        "remote_as": 65002,
                        "remote_address": "198.51.100.1",
                        "as_path": "65002 65003",
                        "communities": ["65002:1", "65002:2"],
                        "local_preference": 100,
                        "preference2": -101,
                        "metric": 5,
                        "metric2": 0,
                    },
                },
                {
                    "protocol": "Static",
                    "current_active": False,
                    "last_active": False,
                    "age": 5,
                    "next_hop": "10.0.0.1",
                    "outgoing_interface": "fxp0.0",
                    "selected_next_hop": False,
                    "preference": 200,
                    "inactive_reason": "Route Preference",
                    "routing_table": "inet.0",
                    "protocol_attributes": {},
                },
            ]
        },
    ),
    (
        "get_snmp_information",
        {"_configuration__snmp____configuration_": SNMP},
        {
            "chassis_id": "",
            "contact": "noc@example.net",
            "location": "hall 3",
            "community": {"open": {"acl": "", "mode": "ro"}, "ours": {"acl": "NMS", "mode": "rw"}},
        },
    ),
    (
        "get_probes_config",
        {"_configuration__services__rpm____services___configuration_": PROBES},
        {
            "core": {
                "edge": {
                    "probe_type": "icmp-ping",
                    "target": "192.0.2.1",
                    "source": "",
                    "probe_count": 15,
                    "test_interval": 60,
                }
            }
        },
    ),
    ("get_ntp_peers", {"_configuration__system__ntp__peer____ntp___system___configuration_": PEERS}, {"192.0.2.7": {}}),
    (
        "get_facts",
        {
            "facts": FACTS,
            "get-interface-information": "<interface-information><physical-interface><name>ge-0/0/0</name>"
            "</physical-interface></interface-information>",
        },
        {
            "vendor": "Juniper",
            "hostname": "edge1",
            "fqdn": "edge1.example.net",
            "model": "MX204",
            "serial_number": "AB1234",
            "os_version": "21.4R3",
            "uptime": 93780,
            "interface_list": ["ge-0/0/0"],
        },
    ),
    (
        "ping",
        {
            "_command_ping_192_0_2_9__command_": "<ping-results><probe-results-summary><probes-sent>5</probes-sent>"
            "<packet-loss>100</packet-loss></probe-results-summary></ping-results>"
        },
        {"error": "Packet loss 100"},
    ),
    (
        "ping",
        {
            "_command_ping_nowhere__command_": "<rpc-reply><rpc-error><error-severity>error</error-severity>"
            "<error-message>unknown host</error-message></rpc-error></rpc-reply>"
        },
        {"error": "unknown host"},
    ),
    ("is_alive", {}, {"is_alive": True}),
    ("get_bgp_neighbors", {}, {}),
    ("get_vlans", {}, {}),
]


@pytest.mark.parametrize(
    ("getter", "replies", "expected"), CASES, ids=lambda value: value if isinstance(value, str) else ""
)
def test_replies_give_the_shape(getter: str, replies: dict[str, str], expected: Any) -> None:
    assert json.loads(json.dumps(view("junos", getter, replies))) == expected


def test_every_getter_of_the_driver_is_there() -> None:
    assert set(getters("juniper_junos")) >= DOCUMENTED
