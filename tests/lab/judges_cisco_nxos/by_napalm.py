"""NAPALM's nxos driver (NX-API) on a Nexus: HOST PORT TRANSPORT."""

import sys

import pytest
from napalm import get_network_driver
from napalm.base.exceptions import MergeConfigException

host, port, transport = sys.argv[1:]
driver = get_network_driver("nxos")
device = driver(host, "admin", "admin", optional_args={"port": int(port), "transport": transport})
device.open()
assert device.is_alive() == {"is_alive": True}
facts = device.get_facts()
assert (facts["hostname"], facts["vendor"], facts["fqdn"]) == ("n1", "Cisco", "n1.example.net"), facts
assert facts["serial_number"].startswith("SIM")
assert {"Ethernet1/1", "loopback0", "mgmt0", "Vlan10"} <= set(facts["interface_list"])
interfaces = device.get_interfaces()
assert interfaces["Ethernet1/1"]["is_up"]
assert not interfaces["Ethernet1/6"]["is_enabled"]
assert interfaces["Ethernet1/1"]["description"] == "to n2"
addresses = device.get_interfaces_ip()
assert addresses["Ethernet1/1"]["ipv4"] == {"10.0.0.1": {"prefix_length": 30}}
assert addresses["Vlan10"]["ipv4"] == {"10.10.0.1": {"prefix_length": 24}, "10.10.1.1": {"prefix_length": 24}}
assert "2001:db8::1" in addresses["Ethernet1/1"]["ipv6"]
assert device.get_lldp_neighbors()["Ethernet1/1"] == [{"hostname": "n2.example.net", "port": "Ethernet1/1"}]
peers = device.get_bgp_neighbors()["global"]["peers"]
assert peers["10.0.0.2"]["is_up"]
assert not peers["10.9.9.9"]["is_enabled"]
assert peers["10.0.0.2"]["address_family"]["ipv4"]["received_prefixes"] == 1
assert device.get_arp_table()[0]["ip"] == "10.0.0.2"
assert {entry["vlan"] for entry in device.get_mac_address_table()} == {10, 20}
assert device.get_vlans()["10"]["name"] == "users"
assert "Ethernet1/3" in device.get_vlans()["10"]["interfaces"]
assert set(device.get_network_instances()) == {"default", "management", "RED"}
assert device.get_users()["bob"]["level"] == 5
assert device.get_snmp_information()["location"] == "lab"
assert device.get_environment()["fans"]["Fan1(sys_fan1)"] == {"status": True}
assert set(device.get_ntp_servers()) == {"10.9.0.1"}
assert device.get_ntp_stats()[0]["remote"] == "10.9.0.1"

device.load_merge_candidate(config="vlan 50\n  name napalm\ninterface Ethernet1/5\n  description by NAPALM\n")
assert "vlan 50" in device.compare_config()
assert "vlan 50" not in device.get_config()["running"]
device.commit_config()
assert "  name napalm" in device.get_config()["running"]
assert "  name napalm" in device.get_config()["startup"]
device.rollback()
assert "napalm" not in device.get_config()["running"]

device.load_merge_candidate(config="vlan 51\n")
device.discard_config()
assert device.compare_config() == ""

device.load_merge_candidate(config="vlan 52\nfrobnicate\n")
with pytest.raises(MergeConfigException, match="rollback attempted"):
    device.commit_config()
assert "vlan 52" not in device.get_config()["running"]
assert "hostname n1" in device._get_checkpoint_file()
device.close()
sys.stdout.write("done\n")
