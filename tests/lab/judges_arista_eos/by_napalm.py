"""NAPALM's eos driver on an EOS: HOST PORT TRANSPORT."""

import sys

import pytest
from napalm import get_network_driver
from napalm.base.exceptions import MergeConfigException

host, port, transport = sys.argv[1:]
driver = get_network_driver("eos")
device = driver(host, "admin", "admin", optional_args={"port": int(port), "transport": transport})
device.open()
facts = device.get_facts()
assert (facts["hostname"], facts["vendor"], facts["model"]) == ("leaf1", "Arista", "vEOS-simulated"), facts
assert "simulated" in facts["os_version"]
assert facts["fqdn"] == "leaf1.example.net"
assert {"Ethernet1", "Loopback0", "Management1"} <= set(facts["interface_list"])
interfaces = device.get_interfaces()
assert interfaces["Ethernet1"]["is_up"]
assert not interfaces["Ethernet2"]["is_enabled"]
assert interfaces["Ethernet1"]["description"] == "to leaf2"
addresses = device.get_interfaces_ip()
assert addresses["Ethernet1"]["ipv4"] == {"10.0.0.1": {"prefix_length": 31}}
assert "2001:db8::1" in addresses["Ethernet1"]["ipv6"]
assert device.get_interfaces_counters()["Ethernet1"]["rx_octets"] >= 0
assert device.get_lldp_neighbors()["Ethernet1"] == [{"hostname": "leaf2.example.net", "port": "Ethernet1"}]
detail = device.get_lldp_neighbors_detail()["Ethernet1"][0]
assert detail["remote_system_name"] == "leaf2.example.net"
peers = device.get_bgp_neighbors()["global"]["peers"]
assert peers["10.0.0.0"]["is_up"]
assert not peers["10.9.9.9"]["is_enabled"]
assert peers["10.0.0.0"]["address_family"]["ipv4"]["received_prefixes"] == 1
if transport != "ssh":  # the driver asks eAPI for it, whatever its transport
    (peer,) = device.get_bgp_neighbors_detail()["default"][65002]
    assert (peer["remote_address"], peer["connection_state"]) == ("10.0.0.0", "Established"), peer
assert "10.0.0.0" in str(device.get_bgp_config())
assert device.get_arp_table()[0]["ip"] == "10.0.0.0"
assert {entry["vlan"] for entry in device.get_mac_address_table()} == {1, 10}
assert device.get_vlans()["10"]["interfaces"] == ["Port-Channel1", "Ethernet3", "Cpu"]
assert set(device.get_network_instances()) == {"default", "red"}
assert device.get_users()["ada"]["level"] == 15
assert device.get_snmp_information()["location"] == "lab"
assert device.get_environment()["fans"] == {"1": {"status": True}, "2": {"status": True}}
assert device.get_ntp_servers()["192.0.2.1"]["iburst"]
assert device.get_ntp_stats()[0]["remote"] == "192.0.2.1"
assert device.get_optics()["Ethernet1"]
assert device.get_route_to("192.0.2.12/32")["192.0.2.12/32"][0]["next_hop"] == "10.0.0.0"
assert device.is_alive() == {"is_alive": True}

device.load_merge_candidate(config="vlan 50\n   name napalm\ninterface Ethernet2\n   description by NAPALM\n")
assert "+vlan 50" in device.compare_config()
assert "vlan 50" not in device.get_config()["running"]
assert "vlan 50" in device.get_config()["candidate"]
device.commit_config()
assert "vlan 50" in device.get_config()["running"]
assert "vlan 50" in device.get_config()["startup"]
device.rollback()
assert "vlan 50" not in device.get_config()["running"]

device.load_merge_candidate(config="vlan 51\n")
device.discard_config()
assert device.compare_config() == ""

if transport != "ssh":
    with pytest.raises(MergeConfigException, match="frobnicate"):
        device.load_merge_candidate(config="vlan 52\nfrobnicate\n")

device.load_merge_candidate(config="vlan 53\n")
device.commit_config(revert_in=300)
assert device.has_pending_commit()
assert "vlan 53" in device.get_config()["running"]
device.confirm_commit()
assert not device.has_pending_commit()
device.load_merge_candidate(config="vlan 54\n")
device.commit_config(revert_in=300)
device.rollback()
running = device.get_config()["running"]
assert "vlan 53" in running
assert "vlan 54" not in running

device.load_replace_candidate(config=running.replace("vlan 53\n", "vlan 55\n"))
difference = device.compare_config()
assert "-vlan 53" in difference
assert "+vlan 55" in difference
device.commit_config()
assert "vlan 55" in device.get_config()["running"]
device.close()
sys.stdout.write("done\n")
