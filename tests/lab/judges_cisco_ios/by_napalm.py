"""NAPALM's ios driver on an IOS device: HOST PORT HOW, which is `inline` (tclsh) or `scp`."""

import sys

from napalm import get_network_driver

host, port, how = sys.argv[1:]
driver = get_network_driver("ios")
device = driver(host, "admin", "admin", optional_args={"port": int(port), "inline_transfer": how == "inline"})


def look() -> None:
    """What the driver reads."""
    facts = device.get_facts()
    assert (facts["hostname"], facts["vendor"], facts["model"]) == ("edge1", "Cisco", "C8000V"), facts
    assert "SIMULATED" in facts["os_version"], facts
    assert facts["fqdn"] == "edge1.example.net"
    assert {"GigabitEthernet1", "GigabitEthernet4.10", "Loopback0"} <= set(facts["interface_list"]), facts
    interfaces = device.get_interfaces()
    assert interfaces["GigabitEthernet2"]["is_up"]
    assert interfaces["GigabitEthernet2"]["description"] == "to core1"
    assert interfaces["GigabitEthernet2"]["speed"] == 1000.0
    assert not interfaces["GigabitEthernet3"]["is_enabled"]
    addresses = device.get_interfaces_ip()
    assert addresses["GigabitEthernet2"]["ipv4"] == {"10.0.0.1": {"prefix_length": 30}}
    assert addresses["GigabitEthernet2"]["ipv6"]["2001:db8:0:1::1"] == {"prefix_length": 64}, addresses
    assert device.get_interfaces_counters()["GigabitEthernet2"]["rx_octets"] >= 0
    assert device.get_lldp_neighbors()["GigabitEthernet2"] == [{"hostname": "core1.example.net", "port": "Gi1/0/1"}]
    assert device.get_lldp_neighbors_detail()["GigabitEthernet2"][0]["remote_system_name"] == "core1.example.net"
    peers = device.get_bgp_neighbors()["global"]["peers"]
    assert peers["10.0.0.2"]["is_up"]
    assert peers["10.0.0.2"]["description"] == "core"
    assert peers["10.0.0.2"]["address_family"]["ipv4 unicast"]["received_prefixes"] == 1
    assert not peers["10.9.9.9"]["is_enabled"]
    assert device.get_bgp_neighbors_detail()["global"][65002][0]["up"]
    assert ("10.0.0.2", "GigabitEthernet2") in {(entry["ip"], entry["interface"]) for entry in device.get_arp_table()}
    assert set(device.get_network_instances()) == {"default", "BLUE"}
    assert device.get_users()["ada"]["level"] == 15
    assert device.get_snmp_information()["location"] == "lab"
    assert device.get_environment()["memory"]["used_ram"] > 0
    assert device.get_ntp_servers() == {"192.0.2.1": {}}
    assert device.get_ntp_stats()[0]["remote"] == "192.0.2.1"
    (route,) = device.get_route_to("10.255.0.2/32")["10.255.0.2/32"]
    assert (route["protocol"], route["next_hop"]) == ("bgp", "10.0.0.2"), route
    assert route["protocol_attributes"]["as_path"] == "65002", route
    assert device.ping("10.255.0.2", count=3)["success"]["packet_loss"] == 0
    assert device.ping("10.66.0.1", count=3)["success"]["packet_loss"] == 3
    assert device.traceroute("10.255.0.2")["success"][1]["probes"][1]["ip_address"] == "10.255.0.2"
    assert device.is_alive() == {"is_alive": True}
    config = device.get_config()
    assert "hostname edge1" in config["running"]
    assert "hostname edge1" in config["startup"]
    assert "hostname edge1" in device.get_config(full=True)["running"]


def shown(pattern: str) -> str:
    """Lines of the running configuration."""
    said: str = device.device.send_command(f"show running-config | include {pattern}")
    return said


device.open()
if how == "scp":  # each transfer through tclsh takes Netmiko ten seconds, and the rest is the same
    device.device.send_config_set(["ip scp server enable"])
    look()
device.load_merge_candidate(config="interface GigabitEthernet3\n description by NAPALM\n")
assert "+ description by NAPALM" in device.compare_config()
assert "by NAPALM" not in shown("description by")
device.commit_config()
assert "by NAPALM" in shown("description by")
assert "by NAPALM" in device.get_config()["startup"]
device.rollback()
assert "by NAPALM" not in shown("description by")

if how == "scp":
    device.load_merge_candidate(config="interface GigabitEthernet3\n description kept\n")
    device.commit_config(revert_in=300)
    assert device.has_pending_commit()
    device.confirm_commit()
    assert not device.has_pending_commit()
    device.load_merge_candidate(config="interface GigabitEthernet3\n description dropped\n")
    device.commit_config(revert_in=300)
    assert "dropped" in shown("description dropped")
    device.rollback()
    assert "description kept" in shown("description kept")
    running = device.get_config()["running"]
    device.load_replace_candidate(config=running.replace("description kept", "description replaced"))
    difference = device.compare_config()
    assert "+description replaced" in difference, difference
    assert "-description kept" in difference, difference
    device.commit_config()
    assert "description replaced" in shown("description replaced")
    device.discard_config()
device.close()
sys.stdout.write("done\n")
