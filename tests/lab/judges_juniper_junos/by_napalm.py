"""NAPALM's junos driver on a Junos: HOST PORT."""

import sys

import pytest
from napalm import get_network_driver
from napalm.base.exceptions import MergeConfigException

host, port, *private = sys.argv[1:]
driver = get_network_driver("junos")
device = driver(host, "admin", "admin", optional_args={"port": int(port), "config_private": bool(private)})
device.open()
facts = device.get_facts()
assert (facts["hostname"], facts["vendor"], facts["fqdn"]) == ("mx1", "Juniper", "mx1.example.net"), facts
assert facts["model"] == "VQFX-SIMULATED"
assert {"ge-0/0/0", "lo0", "em0"} <= set(facts["interface_list"])
interfaces = device.get_interfaces()
assert interfaces["ge-0/0/0"]["is_up"]
assert interfaces["ge-0/0/0"]["description"] == "to mx2"
assert not interfaces["xe-0/0/3"]["is_enabled"]
addresses = device.get_interfaces_ip()
assert addresses["ge-0/0/0.0"]["ipv4"] == {"10.0.0.1": {"prefix_length": 24}}
assert "2001:db8::1" in addresses["ge-0/0/0.0"]["ipv6"]
assert device.get_interfaces_counters()["ge-0/0/0"]["rx_octets"] >= 0
assert device.get_lldp_neighbors()["ge-0/0/0"] == [{"hostname": "mx2.example.net", "port": "ge-0/0/0"}]
assert device.get_lldp_neighbors_detail()["ge-0/0/0"][0]["remote_system_name"] == "mx2.example.net"
(peer,) = device.get_bgp_neighbors()["global"]["peers"].values()
assert peer["is_up"]
assert peer["address_family"]["ipv4"]["received_prefixes"] == 1
assert device.get_bgp_neighbors_detail()["global"][65002][0]["connection_state"] == "Established"
assert device.get_bgp_config()["PEERS"]["neighbors"]["10.0.0.2"]["remote_as"] == 65002
assert {entry["ip"] for entry in device.get_arp_table()} >= {"10.0.0.2"}
assert {entry["ip"] for entry in device.get_ipv6_neighbors_table()} == {"2001:db8::2"}
assert {entry["vlan"] for entry in device.get_mac_address_table()} == {10, 20}
assert device.get_vlans()["10"]["name"] == "users"
assert {"default", "RED"} <= set(device.get_network_instances())
assert device.get_users()["admin"]["level"] == 15
assert device.get_snmp_information()["location"] == "lab"
environment = device.get_environment()
assert environment["fans"]["Fan Tray 0"]["status"]
assert environment["memory"]["available_ram"]
assert "192.0.2.123" in device.get_ntp_servers()
assert device.get_ntp_stats()[0]["synchronized"]
assert device.get_optics()["ge-0/0/0"]
assert device.get_route_to("10.97.0.0/16")["10.97.0.0/16"][0]["protocol"] == "BGP"
assert device.ping("10.0.0.2")["success"]["packet_loss"] == 0
assert device.traceroute("10.0.0.2")["success"][1]["probes"][1]["ip_address"] == "10.0.0.2"
assert "Hostname: mx1" in device.cli(["show version"])["show version"]
assert "host-name mx1;" in device.get_config()["running"]
assert "set system host-name mx1" in device.get_config(format="set", retrieve="running")["running"]
assert device.is_alive() == {"is_alive": True}

device.load_merge_candidate(config="set vlans napalm vlan-id 50\nset interfaces xe-0/0/5 description NAPALM\n")
assert "napalm" in device.compare_config()
assert "vlan-id 50" not in device.get_config(retrieve="running")["running"]
device.commit_config(message="by NAPALM")
assert "vlan-id 50" in device.get_config(retrieve="running")["running"]
if not private:
    device.rollback()
    assert "vlan-id 50" not in device.get_config(retrieve="running")["running"]
    device.load_merge_candidate(config="set vlans waiting vlan-id 51\n")
    device.commit_config(revert_in=300)
    assert device.has_pending_commit()
    device.confirm_commit()
    assert not device.has_pending_commit()
    device.load_merge_candidate(config="set vlans waiting vlan-id 52\n")
    device.commit_config(revert_in=300)
    device.rollback()
    assert "vlan-id 51" in device.get_config(retrieve="running")["running"]

device.load_merge_candidate(config="vlans { dropped { vlan-id 60; } }")
assert "dropped" in device.compare_config()
device.discard_config()
assert device.compare_config() == ""

with pytest.raises(MergeConfigException):
    device.load_merge_candidate(config="set vlanss x vlan-id 61\n")

running = device.get_config(retrieve="running")["running"]
device.load_replace_candidate(config=running.replace("host-name mx1;", "host-name replaced;"))
assert device.compare_config() == "[edit system]\n-  host-name mx1;\n+  host-name replaced;"
device.commit_config()
device.close()
sys.stdout.write("done\n")
