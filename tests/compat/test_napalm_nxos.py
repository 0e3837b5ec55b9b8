"""NAPALM's getters on NX-OS for which there are no recorded cases, in its two drivers' ways."""

from __future__ import annotations

import json
from typing import Any

import pytest

from netloom.compat.napalm import view

CONFIG = """!Command: show running-config
!Time: Fri Nov 20 09:00:00 2026

version 9.3(8) Bios:version 05.39
hostname leaf1
username admin password 5 $5$abcdef$ghijkl  role network-admin
username reader password 5 $5$mnopqr$stuvwx  role network-operator
username reader role priv-3
username bot password 5 !  role network-admin
username bot sshkey ssh-rsa AAAAB3Nza bot@example
snmp-server contact noc@example.net
snmp-server location Rack 7
snmp-server user admin network-admin auth md5 0x0123 priv 0x4567 localizedkey
snmp-server community s3cret group network-operator
snmp-server community s3cret use-acl MONITORS
ip sla 7
  icmp-echo 192.0.2.9 source-interface loopback0
    tag to the core
    frequency 30
router bgp 65001
  router-id 192.0.2.1
  template peer SPINES
    remote-as 65000
    update-source loopback0
    address-family ipv4 unicast
      route-map IN in
  neighbor 192.0.2.11
    inherit peer SPINES
    description spine 1
  neighbor 10.0.0.0
    remote-as 65002
    address-family ipv4 unicast
      maximum-prefix 100
"""


def seen(getter: str, **replies: object) -> Any:
    texts = {stem: text if isinstance(text, str) else json.dumps(text) for stem, text in replies.items()}
    return json.loads(json.dumps(view("cisco_nxos", getter, texts)))


def test_users_have_the_highest_level_of_their_roles() -> None:
    assert seen("get_users", show_running_config=CONFIG) == {
        "admin": {"level": 15, "password": "$5$abcdef$ghijkl", "sshkeys": []},
        "reader": {"level": 5, "password": "$5$mnopqr$stuvwx", "sshkeys": []},
        "bot": {"level": 15, "password": "!", "sshkeys": ["AAAAB3Nza"]},
    }


def test_snmp_communities_know_their_group_and_list() -> None:
    assert seen("get_snmp_information", show_running_config=CONFIG) == {
        "contact": "noc@example.net",
        "location": "Rack 7",
        "chassis_id": "",
        "community": {"s3cret": {"acl": "MONITORS", "mode": "network-operator"}},
    }


def test_a_sanitized_configuration_shows_no_secret() -> None:
    shown = seen("get_config_sanitized", show_running_config=CONFIG)["running"]
    assert "username admin password 5 <removed>" in shown
    assert "snmp-server user admin network-admin auth md5 <removed> priv <removed> localizedkey" in shown
    assert not any(secret in shown for secret in ("s3cret", "$5$", "0x0123", "0x4567"))
    assert shown.startswith("version 9.3(8)")


def test_bgp_groups_hold_their_neighbors() -> None:
    groups = seen("get_bgp_config", show_running_config=CONFIG)
    assert set(groups) == {"SPINES", "_"}
    assert (groups["SPINES"]["type"], groups["SPINES"]["import_policy"]) == ("external", "IN")
    assert groups["SPINES"]["neighbors"]["192.0.2.11"]["description"] == "spine 1"
    limits = groups["_"]["neighbors"]["10.0.0.0"]["prefix_limit"]
    assert limits == {"inet": {"unicast": {"limit": 100, "teardown": {"threshold": 0, "timeout": 0}}}}


def test_probes_are_ip_sla_operations() -> None:
    statistics = "IPSLAs Latest Operation Statistics\n\nIPSLA operation id: 7\n        Latest RTT: 3 milliseconds\n"
    statistics += "Number of successes: 9\nNumber of failures: 1\n"
    [probe] = seen("get_probes_config", show_running_config=CONFIG)["7"].values()
    assert (probe["target"], probe["source"], probe["test_interval"]) == ("192.0.2.9", "loopback0", 30)
    results = seen("get_probes_results", show_running_config=CONFIG, show_ip_sla_statistics=statistics)
    assert results["7"]["to the core"]["rtt"] == 3.0
    assert results["7"]["to the core"]["last_test_loss"] == 1


def test_ntp_statistics_are_those_of_the_peers_status() -> None:
    row = {"syncmode": "*", "remote": "192.0.2.123", "st": "2", "poll": "64", "reach": "377", "delay": "0.00125"}
    reply = {"TABLE_peersstatus": {"ROW_peersstatus": row}}
    [peer] = seen("get_ntp_stats", **{"show_ntp_peer-status": reply})
    assert (peer["remote"], peer["synchronized"], peer["reachability"]) == ("192.0.2.123", True, 377)
    assert (peer["stratum"], peer["hostpoll"], peer["delay"]) == (2, 64, 0.00125)


def test_interfaces_from_json_keep_the_devices_names() -> None:
    rows = [
        {
            "interface": "mgmt0",
            "state": "up",
            "admin_state": "up",
            "eth_hw_addr": "0050.56aa.0001",
            "eth_bw": 1000000,
            "eth_mtu": "1500",
        },
        {
            "interface": "Vlan20",
            "svi_admin_state": "up",
            "svi_line_proto": "down",
            "svi_mac": "0050.56aa.0002",
            "svi_bw": "1000000",
            "svi_mtu": "9216",
        },
    ]
    found = seen("get_interfaces", show_interface={"TABLE_interface": {"ROW_interface": rows}})
    assert found["mgmt0"]["is_up"] is True
    assert found["mgmt0"]["speed"] == 1000.0
    assert (found["Vlan20"]["is_up"], found["Vlan20"]["is_enabled"]) == (True, True)
    assert (found["Vlan20"]["mac_address"], found["Vlan20"]["mtu"]) == ("00:50:56:AA:00:02", 9216)


def test_addresses_from_screens_have_their_lengths() -> None:
    ipv4 = (
        'IP Interface Status for VRF "default"\n'
        "Ethernet2/2, Interface status: protocol-up/link-up/admin-up, iod: 38,\n"
        "  IP address: 10.2.2.2, IP subnet: 10.2.2.0/27 route-preference: 0, tag: 0\n"
        "  IP address: 10.3.3.3, IP subnet: 10.3.3.0/25 secondary route-preference: 0, tag: 0\n"
    )
    ipv6 = (
        'IPv6 Interface Status for VRF "default"\n'
        "Ethernet2/2, Interface status: protocol-up/link-up/admin-up, iod: 38\n"
        "  IPv6 address:\n"
        "    2001:db8::a1/64 [VALID]\n"
        "  IPv6 subnet:  2001:db8::/64\n"
        "  IPv6 link-local address: fe80::1 (default) [VALID]\n"
    )
    found = seen("get_interfaces_ip", show_ip_interface_vrf_all=ipv4, show_ipv6_interface_vrf_all=ipv6)
    assert found == {
        "Ethernet2/2": {
            "ipv4": {"10.2.2.2": {"prefix_length": 27}, "10.3.3.3": {"prefix_length": 25}},
            "ipv6": {"2001:db8::a1": {"prefix_length": 64}, "fe80::1": {"prefix_length": 64}},
        }
    }


def test_the_mac_table_from_json_has_the_ports_as_they_are() -> None:
    rows = [
        {
            "disp_mac_addr": "0050.56aa.0001",
            "disp_type": "* ",
            "disp_vlan": "10",
            "disp_is_static": "0",
            "disp_port": "Ethernet1/5",
        },
        {
            "disp_mac_addr": "0050.56aa.0002",
            "disp_type": "G ",
            "disp_vlan": "-",
            "disp_is_static": "1",
            "disp_port": "sup-eth1(R)",
        },
    ]
    found = seen("get_mac_address_table", show_mac_address_table={"TABLE_mac_address": {"ROW_mac_address": rows}})
    assert [(row["mac"], row["vlan"], row["static"], row["active"]) for row in found] == [
        ("00:50:56:AA:00:01", 10, False, True),
        ("00:50:56:AA:00:02", 0, True, True),
    ]


def test_neighbors_by_the_table_stand_at_the_ports_as_it_spells_them() -> None:
    table = (
        "Device ID            Local Intf      Hold-time  Capability  Port ID\n"
        "spine1.example.net   Eth1/1          120        BR          Ethernet1/7\n"
    )
    assert seen("get_lldp_neighbors", show_lldp_neighbors=table) == {
        "Eth1/1": [{"hostname": "spine1.example.net", "port": "Ethernet1/7"}]
    }


def test_a_ping_into_the_void_is_told_as_it_was() -> None:
    assert seen("ping", ping_nowhere="ping: bad address 'nowhere'") == {"error": "ping: bad address 'nowhere'"}


def test_bgp_details_stand_below_the_remote_as() -> None:
    text = (
        "BGP neighbor is 10.0.0.0, remote AS 65002, ebgp link, Peer index 3\n"
        "  BGP version 4, remote router ID 192.0.2.99\n"
        "  BGP state = Established, up for 2d03h\n"
        "  Connections established 3, dropped 2\n"
        "  For address family: IPv4 Unicast\n"
        "  7 accepted paths consume 1000 bytes of memory\n"
        "  3 sent paths\n"
    )
    [detail] = seen("get_bgp_neighbors_detail", show_bgp_vrf_all_all_neighbors=text)["global"]["65002"]
    assert (detail["up"], detail["accepted_prefix_count"], detail["flap_count"]) == (True, 7, 2)


@pytest.mark.parametrize("getter", ["get_bgp_neighbors", "get_lldp_neighbors", "get_lldp_neighbors_detail"])
def test_a_feature_that_is_off_has_nothing_to_tell(getter: str) -> None:
    refused = "                  ^\n% Invalid command at '^' marker.\n"
    asked = ("show bgp all summary vrf all", "show lldp neighbors", "show lldp neighbors detail")
    assert view("cisco_nxos", getter, dict.fromkeys(asked, refused)) == {}
