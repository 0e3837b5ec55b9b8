"""NAPALM's getters on EOS beyond its recorded cases: other releases, other replies."""

from __future__ import annotations

import json
from typing import Any

import pytest

from netloom.compat.napalm.view import getters, view
from netloom.errors import UsageError

Told = dict[str, Any]


def get(getter: str, **replies: Any) -> Any:
    texts = {stem: reply if isinstance(reply, str) else json.dumps(reply) for stem, reply in replies.items()}
    return json.loads(json.dumps(view("eos", getter, texts)))


VERSION = {
    "modelName": "DCS-7280SR3",
    "internalVersion": "4.28.3M-1.4283M",
    "version": "4.28.3M",
    "serialNumber": "JPE00000001",
    "systemMacAddress": "00:1c:73:00:00:01",
    "uptime": 86461.7,
    "memTotal": 8099732,
    "memFree": 5101360,
}
INTERFACE = {
    "lineProtocolStatus": "down",
    "interfaceStatus": "disabled",
    "description": "spare",
    "bandwidth": 10**10,
    "mtu": 9214,
    "physicalAddress": "00:1c:73:00:00:0a",
    "lastStatusChangeTimestamp": 1790000000.5,
}


def test_facts_are_those_of_the_version_and_its_interfaces_in_order() -> None:
    names = dict.fromkeys(("Ethernet10", "Ethernet2", "Ethernet1/1", "Management1"), INTERFACE)
    assert get(
        "get_facts",
        show_version=VERSION,
        show_hostname={"hostname": "leaf1", "fqdn": "leaf1.example.net"},
        show_interfaces={"interfaces": names},
    ) == {
        "hostname": "leaf1",
        "fqdn": "leaf1.example.net",
        "vendor": "Arista",
        "model": "DCS-7280SR3",
        "serial_number": "JPE00000001",
        "os_version": "4.28.3M-1.4283M",
        "uptime": 86461.0,
        "interface_list": ["Ethernet1/1", "Ethernet2", "Ethernet10", "Management1"],
    }


def test_an_interface_that_is_switched_off_flapped_at_a_moment() -> None:
    assert get("get_interfaces", show_interfaces={"interfaces": {"Ethernet1": INTERFACE}}) == {
        "Ethernet1": {
            "is_up": False,
            "is_enabled": False,
            "description": "spare",
            "last_flapped": 1790000000.5,
            "mtu": 9214,
            "speed": 10000.0,
            "mac_address": "00:1C:73:00:00:0A",
        }
    }


def test_every_interface_that_routes_has_both_families() -> None:
    unset = {"primaryIp": {"address": "0.0.0.0", "maskLen": 0}, "secondaryIpsOrderedList": []}  # noqa: S104 - no binding
    assert get(
        "get_interfaces_ip",
        show_ip_interface={"interfaces": {"Vlan10": {"interfaceAddress": unset, "lineProtocolStatus": "up"}}},
        show_ipv6_interface={
            "interfaces": {"Vlan20": {"addresses": [{"address": "2001:db8::1", "subnet": "2001:db8::/64"}]}}
        },
    ) == {
        "Vlan10": {"ipv4": {}, "ipv6": {}},
        "Vlan20": {"ipv4": {}, "ipv6": {"2001:db8::1": {"prefix_length": 64}}},
    }


NEIGHBOR = {
    "chassisIdType": "macAddress",
    "chassisId": "001c.7300.0001",
    "systemName": "spine1",
    "systemDescription": "Arista Networks EOS version 4.28.3M",
    "systemCapabilities": {"router": True, "bridge": False},
    "neighborInterfaceInfo": {"interfaceIdType": "interfaceName", "interfaceId": '"Ethernet3"'},
}


def test_lldp_neighbors_are_known_in_brief_and_in_detail() -> None:
    brief = {
        "lldpNeighbors": [{"port": "Ethernet1", "neighborDevice": "spine1", "neighborPort": "Ethernet3", "ttl": 120}]
    }
    assert get("get_lldp_neighbors", show_lldp_neighbors=brief) == {
        "Ethernet1": [{"hostname": "spine1", "port": "Ethernet3"}]
    }
    detail = {"lldpNeighbors": {"Ethernet1": {"lldpNeighborInfo": [NEIGHBOR]}, "Ethernet2": {"lldpNeighborInfo": []}}}
    assert get("get_lldp_neighbors_detail", show_lldp_neighbors__detail=detail) == {
        "Ethernet1": [
            {
                "parent_interface": "Ethernet1",
                "remote_port": "Ethernet3",
                "remote_port_description": "",
                "remote_chassis_id": "00:1C:73:00:00:01",
                "remote_system_name": "spine1",
                "remote_system_description": "Arista Networks EOS version 4.28.3M",
                "remote_system_capab": ["bridge", "router"],
                "remote_system_enable_capab": ["router"],
            }
        ]
    }


def test_interfaces_in_no_vrf_are_the_default_instances() -> None:
    told = get(
        "get_network_instances",
        show_vrf={"vrfs": {"red": {"routeDistinguisher": "65000:1", "interfaces": ["Vlan10"], "protocols": {}}}},
        show_ip_interface={"interfaces": {"Vlan10": {"name": "Vlan10"}, "Vlan20": {"name": "Vlan20"}}},
    )
    assert told["red"] == {
        "name": "red",
        "type": "L3VRF",
        "state": {"route_distinguisher": "65000:1"},
        "interfaces": {"interface": {"Vlan10": {}}},
    }
    assert told["default"]["interfaces"] == {"interface": {"Vlan20": {}}}
    assert told["default"]["type"] == "DEFAULT_INSTANCE"


def test_vlans_come_with_their_ports() -> None:
    vlan = {"name": "users", "status": "active", "interfaces": {"Ethernet1": {}, "Port-Channel1": {}}}
    assert get("get_vlans", show_vlan={"vlans": {"10": vlan}}) == {
        "10": {"name": "users", "interfaces": ["Ethernet1", "Port-Channel1"]}
    }


def test_snmp_is_told_by_the_agent_and_by_the_configuration() -> None:
    assert get(
        "get_snmp_information",
        show_snmp_chassis={"chassisId": "JPE00000001"},
        show_snmp_location={"location": '"Paris, room 4"'},
        show_snmp_contact={"contact": "noc"},
        show_running_config___section_snmp_server_community=(
            "snmp-server community public ro\nsnmp-server community ops view all rw OPS\n"
        ),
    ) == {
        "chassis_id": "JPE00000001",
        "location": "Paris, room 4",
        "contact": "noc",
        "community": {"public": {"acl": "", "mode": "ro"}, "ops": {"acl": "OPS", "mode": "rw"}},
    }


NTPQ = """\
     remote           refid      st t when poll reach   delay   offset  jitter
==============================================================================
*192.0.2.123     .GPS.            1 u   15   64  377    0.123   -0.011   0.004
 192.0.2.124     .INIT.          16 u    -   64    0    0.000    0.000   0.000
"""


def test_ntp_statistics_keep_ntpqs_letters() -> None:
    first, second = get("get_ntp_stats", show_ntp_associations=NTPQ)
    assert first == {
        "remote": "192.0.2.123",
        "referenceid": ".GPS.",
        "synchronized": True,
        "stratum": 1,
        "type": "u",
        "when": "15",
        "hostpoll": 64,
        "reachability": 377,
        "delay": 0.123,
        "offset": -0.011,
        "jitter": 0.004,
    }
    assert (second["synchronized"], second["when"]) == (False, "-")


def test_ntp_servers_and_peers_have_their_settings() -> None:
    config = "ntp server vrf mgmt 192.0.2.1 prefer iburst version 3 key 7\nntp peer 192.0.2.2\n"
    [server] = get("get_ntp_servers", show_running_config___section_ntp=config).values()
    assert server == {
        "address": "192.0.2.1",
        "port": 123,
        "version": 3,
        "association_type": "SERVER",
        "iburst": True,
        "prefer": True,
        "network_instance": "mgmt",
        "source_address": "",
        "key_id": 7,
    }
    assert list(get("get_ntp_peers", show_running_config___section_ntp=config)) == ["192.0.2.2"]


def test_ipv6_neighbours_are_read_from_the_screen() -> None:
    screen = (
        "IPv6 Address                                  Age Hardware Addr    State Interface\n"
        "2001:db8::2                               0:03:28 001c.7300.0002   REACH Et1\n"
    )
    assert get("get_ipv6_neighbors_table", show_ipv6_neighbors=screen) == [
        {"interface": "Ethernet1", "mac": "00:1C:73:00:00:02", "ip": "2001:db8::2", "age": 208.0, "state": "reachable"}
    ]


def summary(state: str, **more: Any) -> Told:
    peer = {"asn": "65100", "peerState": state, "prefixReceived": 6, "prefixAccepted": 5} | more
    return {"vrfs": {"red": {"routerId": "10.255.0.1", "asn": "65001", "peers": {"10.0.0.1": peer}}}}


SCREEN = """\
BGP neighbor is 10.0.0.1, remote AS 65100, external link
  Description: spine one
  BGP version 4, remote router ID 10.255.0.2, VRF red
  BGP state is Established, up for 00:06:10
    IPv4 Unicast:                     7         6
    IPv6 Unicast:                     0         0
Local AS is 65001, local router ID 10.255.0.1
"""


def test_bgp_neighbors_are_read_from_screens_as_well() -> None:
    told = get(
        "get_bgp_neighbors",
        show_ip_bgp_summary_vrf_all=summary("Established"),
        show_ipv6_bgp_summary_vrf_all={"vrfs": {"red": {"routerId": "10.255.0.1", "asn": "65001", "peers": {}}}},
        show_ip_bgp_neighbors_vrf_all=SCREEN,
    )
    assert told == {
        "red": {
            "router_id": "10.255.0.1",
            "peers": {
                "10.0.0.1": {
                    "local_as": 65001,
                    "remote_as": 65100,
                    "remote_id": "10.255.0.2",
                    "is_up": True,
                    "is_enabled": True,
                    "description": "spine one",
                    "uptime": 370,
                    "address_family": {
                        "ipv4": {"received_prefixes": 6, "accepted_prefixes": 5, "sent_prefixes": 7},
                        "ipv6": {"received_prefixes": -1, "accepted_prefixes": -1, "sent_prefixes": -1},
                    },
                }
            },
        }
    }


def test_a_peer_that_is_switched_off_is_not_enabled() -> None:
    told = get("get_bgp_neighbors", show_ip_bgp_summary_vrf_all=summary("Idle", peerStateIdleReason="Admin"))
    peer = told["red"]["peers"]["10.0.0.1"]
    assert (peer["is_up"], peer["is_enabled"], peer["uptime"]) == (False, False, -1)


def test_routes_of_other_protocols_are_their_next_hops() -> None:
    routes = {
        "10.0.0.0/8": {
            "routeType": "static",
            "preference": 1,
            "vias": [{"nexthopAddr": "10.1.1.1", "interface": "Ethernet1"}],
        },
        "10.9.0.0/16": {"routeType": "connected", "vias": [{"interface": "Vlan9"}]},
        "10.8.0.0/16": {"routeType": "static", "preference": 1, "routeAction": "drop", "vias": []},
    }
    told = get("get_route_to", show_ip_route_vrf_default_10_0_0_0_8__detail={"vrfs": {"default": {"routes": routes}}})
    rows = {prefix: [(row["next_hop"], row["outgoing_interface"]) for row in rows] for prefix, rows in told.items()}
    assert rows == {
        "10.0.0.0/8": [("10.1.1.1", "Ethernet1")],
        "10.9.0.0/16": [("", "Vlan9")],
        "10.8.0.0/16": [("NULL", "")],
    }
    assert told["10.0.0.0/8"][0]["protocol"] == "static"


TRACE = """\
traceroute to 192.0.2.9 (192.0.2.9), 30 hops max, 60 byte packets
 1  spine1 (10.0.0.1)  0.216 ms  0.152 ms  0.150 ms
 2  * * *
 3  192.0.2.9 (192.0.2.9)  1.216 ms * 192.0.2.8 (192.0.2.8)  1.5 ms
"""


def test_a_trace_has_hops_with_probes() -> None:
    hops = get("traceroute", traceroute_192_0_2_9=TRACE)["success"]
    assert hops["1"]["probes"]["3"] == {"rtt": 0.15, "ip_address": "10.0.0.1", "host_name": "spine1"}
    assert hops["2"]["probes"]["1"] == {"rtt": 2000.0, "ip_address": "*", "host_name": "*"}
    assert [probe["ip_address"] for probe in hops["3"]["probes"].values()] == ["192.0.2.9", "*", "192.0.2.8"]


def test_a_ping_that_cannot_start_says_why() -> None:
    assert get("ping", ping_192_0_2_9="connect: Network is unreachable\n") == {
        "error": "connect: Network is unreachable"
    }


def test_secrets_are_removed_from_both_configurations() -> None:
    told = get(
        "get_config_sanitized",
        show_running_config_sanitized="username ops secret 5 <removed>\n",
        show_startup_config=(
            "username ops privilege 15 secret sha512 $6$abc$def\n"
            "router bgp 65001\n   neighbor 10.0.0.1 password 7 0123ABCD\n"
            "snmp-server community hunter2 ro\ntacacs-server host 10.0.0.9 key 7 0011\n"
        ),
    )
    assert told["running"] == "username ops secret 5 <removed>\n"
    assert told["startup"] == (
        "username ops privilege 15 secret sha512 <removed>\n"
        "router bgp 65001\n   neighbor 10.0.0.1 password 7 <removed>\n"
        "snmp-server community <removed> ro\ntacacs-server host 10.0.0.9 key 7 <removed>\n"
    )


def test_a_neighbor_without_a_group_is_in_the_nameless_one() -> None:
    config = """\
router bgp 65001
   neighbor 10.0.0.1 remote-as 65100
   neighbor 10.0.0.1 description to spine one
   neighbor 10.0.0.1 password 7 0123ABCD
   neighbor 10.0.0.1 route-map IN in
"""
    told = get("get_bgp_config", show_running_config___section_router_bgp=config)
    assert told["_"]["neighbors"] == {
        "10.0.0.1": {
            "description": "to spine one",
            "remote_as": 65100,
            "local_as": 65001,
            "local_address": "",
            "import_policy": "IN",
            "export_policy": "",
            "nhs": False,
            "route_reflector_client": False,
            "authentication_key": "0123ABCD",
            "prefix_limit": {},
        }
    }


def test_accounts_are_read_from_the_screen_as_well() -> None:
    screen = (
        "user: ops\n       role: network-admin\n       privilege level: 15\n       ssh public key: ssh-rsa AAAA ops\n"
    )
    assert get("get_users", show_users_accounts=screen) == {
        "ops": {"level": 15, "password": "", "sshkeys": ["ssh-rsa AAAA ops"]}
    }


def test_an_unknown_getter_is_an_error_that_names_the_known_ones() -> None:
    with pytest.raises(UsageError, match="get_everything") as caught:
        view("eos", "get_everything", {})
    assert "get_facts" in str(caught.value)
    assert {"get_probes_config", "get_probes_results", "is_alive"} <= getters("arista_eos").keys()
    assert get("get_probes_config") == get("get_probes_results") == {}
