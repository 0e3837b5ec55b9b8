"""NAPALM's nxos_ssh driver on a Nexus: HOST PORT."""

import sys

from napalm import get_network_driver

host, port = sys.argv[1:]
driver = get_network_driver("nxos_ssh")
device = driver(host, "admin", "admin", optional_args={"port": int(port)})
device.open()
assert device.is_alive() == {"is_alive": True}
facts = device.get_facts()
assert (facts["hostname"], facts["vendor"], facts["os_version"]) == ("n1", "Cisco", "9.3(8)"), facts
assert facts["fqdn"] == "n1.example.net"
assert facts["serial_number"].startswith("SIM")
assert {"Ethernet1/1", "Loopback0", "Vlan10"} <= set(facts["interface_list"]), facts
interfaces = device.get_interfaces()
assert interfaces["Ethernet1/1"]["is_up"]
assert not interfaces["Ethernet1/6"]["is_enabled"]
assert interfaces["Ethernet1/1"]["description"] == "to n2"
addresses = device.get_interfaces_ip()
assert addresses["Ethernet1/1"]["ipv4"] == {"10.0.0.1": {"prefix_length": 30}}, addresses
assert device.get_lldp_neighbors()["Ethernet1/1"] == [{"hostname": "n2.example.net", "port": "Ethernet1/1"}]
peers = device.get_bgp_neighbors()["global"]["peers"]
assert peers["10.0.0.2"]["is_up"], peers
assert not peers["10.9.9.9"]["is_enabled"]
assert device.get_arp_table()[0]["ip"] == "10.0.0.2"
assert 10 in {entry["vlan"] for entry in device.get_mac_address_table()}
assert device.get_vlans()["10"]["name"] == "users"
assert device.get_users()["bob"]["level"] == 5
assert device.get_snmp_information()["location"] == "lab"
assert device.get_environment()["memory"]["used_ram"] > 0
assert set(device.get_ntp_servers()) == {"10.9.0.1"}
assert device.get_interfaces_counters()["Ethernet1/1"]["rx_octets"] >= 0
assert device.get_optics()["Ethernet1/1"]
assert device.get_route_to("2.2.2.2/32", protocol="bgp")["2.2.2.2/32"][0]["next_hop"] == "10.0.0.2"

device.load_merge_candidate(config="vlan 50\n  name napalm\ninterface Ethernet1/5\n  description by NAPALM\n")
assert "vlan 50" in device.compare_config()
device.commit_config()
assert "  name napalm" in device.get_config()["running"]
assert "  name napalm" in device.get_config()["startup"]
device.rollback()
assert "napalm" not in device.get_config()["running"]

checkpoint = device._get_checkpoint_file()
wanted = checkpoint.replace("vlan 1,10,20", "vlan 1,10,21").replace("vlan 20\n  name voice", "vlan 21\n  name speech")
device.load_replace_candidate(config=wanted)
difference = device.compare_config()
assert "no vlan 20" in difference, difference
assert "vlan 21" in difference
device.commit_config()
assert "  name speech" in device.get_config()["running"]
device.close()
sys.stdout.write("done\n")
