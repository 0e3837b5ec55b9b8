"""Records in NAPALM's shapes: its keys, its units, its blanks."""

from __future__ import annotations

from netloom.compat.napalm import shapes
from netloom.model.arp import ArpState
from netloom.model.bgp_session import BgpSessionState
from netloom.model.device import DeviceState
from netloom.model.environment import EnvironmentState
from netloom.model.interface import InterfaceState
from netloom.model.mac import MacState
from netloom.model.neighbor import NeighborState
from netloom.model.ntp import NtpState
from netloom.model.optics import OpticsState
from netloom.model.snmp_server import SnmpCommunity, SnmpServer
from netloom.model.user import User
from netloom.model.vlan import VlanState
from netloom.model.vrf import VrfState


def test_facts_of_a_device_that_says_little_are_blank() -> None:
    assert shapes.facts(DeviceState(hostname="r1", uptime_s=60), ["Ethernet1"]) == {
        "hostname": "r1",
        "fqdn": "r1",
        "vendor": "",
        "model": "",
        "serial_number": "",
        "os_version": "",
        "uptime": 60.0,
        "interface_list": ["Ethernet1"],
    }


def test_speeds_are_megabits_and_mac_addresses_capital() -> None:
    state = InterfaceState(
        "Ethernet1", admin_status="up", oper_status="down", speed_bps=10**9, mac_address="00:1b:21:00:00:0a"
    )
    assert shapes.interfaces([state])["Ethernet1"] == {
        "is_up": False,
        "is_enabled": True,
        "description": "",
        "last_flapped": -1.0,
        "mtu": -1,
        "speed": 1000.0,
        "mac_address": "00:1B:21:00:00:0A",
    }


def test_a_counter_that_nobody_keeps_is_the_blank() -> None:
    counters = shapes.interfaces_counters([InterfaceState("Ethernet1", in_octets=7)], unknown=0)["Ethernet1"]
    assert counters["rx_octets"] == 7
    assert counters["tx_octets"] == 0
    assert len(counters) == 12


def test_addresses_stand_by_family() -> None:
    state = InterfaceState("Vlan10", addresses=("10.0.0.1/24", "2001:db8::1/64"))
    assert shapes.interfaces_ip([state, InterfaceState("Ethernet1")]) == {
        "Vlan10": {"ipv4": {"10.0.0.1": {"prefix_length": 24}}, "ipv6": {"2001:db8::1": {"prefix_length": 64}}}
    }


def test_neighbours_are_told_apart_by_family_and_vrf() -> None:
    entries = [
        ArpState("10.0.0.2", "Vlan10", "00:00:5e:00:53:01", age_s=5, vrf="red"),
        ArpState("10.0.0.3", "Vlan10", "00:00:5e:00:53:02"),
        ArpState("2001:db8::2", "Vlan10", "00:00:5e:00:53:03", state="REACH"),
    ]
    assert [row["ip"] for row in shapes.arp_table(entries)] == ["10.0.0.2", "10.0.0.3"]
    assert shapes.arp_table(entries, vrf="red") == [
        {"interface": "Vlan10", "mac": "00:00:5E:00:53:01", "ip": "10.0.0.2", "age": 5.0}
    ]
    assert [(row["ip"], row["state"]) for row in shapes.ipv6_neighbors_table(entries)] == [("2001:db8::2", "REACH")]


def test_a_mac_address_without_a_vlan_is_in_vlan_0() -> None:
    assert shapes.mac_address_table([MacState("00:00:5e:00:53:01", "Ethernet1", type="static")]) == [
        {
            "mac": "00:00:5E:00:53:01",
            "interface": "Ethernet1",
            "vlan": 0,
            "static": True,
            "active": True,
            "moves": -1,
            "last_move": -1.0,
        }
    ]


def test_a_neighbor_without_a_name_is_its_chassis() -> None:
    neighbors = [
        NeighborState("Ethernet1", "00:00:5e:00:53:01", "mac-address", port_id="Et1"),
        NeighborState("Ethernet1", "s2", port_id="Et2", system_name="s2.example", capabilities=("router",)),
    ]
    assert shapes.lldp_neighbors(neighbors) == {
        "Ethernet1": [{"hostname": "00:00:5e:00:53:01", "port": "Et1"}, {"hostname": "s2.example", "port": "Et2"}]
    }
    detail = shapes.lldp_neighbors_detail(neighbors, parents={"Ethernet1": "Port-Channel1"})["Ethernet1"]
    assert [row["remote_chassis_id"] for row in detail] == ["00:00:5E:00:53:01", "s2"]
    assert detail[1]["remote_system_enable_capab"] == ["router"]
    assert detail[1]["parent_interface"] == "Port-Channel1"


def test_sessions_of_one_peer_are_one_peer_with_families() -> None:
    first = BgpSessionState("10.0.0.2", state="Established", asn=1, peer_asn=2, pfx_rx=3, local_router_id="10.0.0.1")
    second = BgpSessionState("10.0.0.2", afi="vpnv4", state="Established", asn=1, peer_asn=2)
    assert shapes.bgp_neighbors([first, second], families=("ipv4", "ipv6")) == {
        "global": {
            "router_id": "10.0.0.1",
            "peers": {
                "10.0.0.2": {
                    "local_as": 1,
                    "remote_as": 2,
                    "remote_id": "",
                    "is_up": True,
                    "is_enabled": True,
                    "description": "",
                    "uptime": -1,
                    "address_family": {
                        "ipv4": {"received_prefixes": 3, "accepted_prefixes": -1, "sent_prefixes": -1},
                        "ipv6": {"received_prefixes": -1, "accepted_prefixes": -1, "sent_prefixes": -1},
                        "vpnv4": {"received_prefixes": -1, "accepted_prefixes": -1, "sent_prefixes": -1},
                    },
                }
            },
        }
    }


def test_a_vrf_without_sessions_has_its_router_id() -> None:
    assert shapes.bgp_neighbors([], router_ids={"red": "10.0.0.1"}) == {"red": {"router_id": "10.0.0.1", "peers": {}}}


def test_the_environment_stands_by_kind() -> None:
    parts = [
        EnvironmentState("fan", "1/1", ok=False),
        EnvironmentState("temperature", "cpu", temperature_c=70.0, warning_c=65.0, critical_c=80.0),
        EnvironmentState("power", "1", ok=True, capacity_w=500.0, output_w=80.5),
        EnvironmentState("cpu", "0", usage_percent=12.5),
        EnvironmentState("memory", "system", used_bytes=10, available_bytes=20),
    ]
    assert shapes.environment(parts) == {
        "fans": {"1/1": {"status": False}},
        "temperature": {"cpu": {"temperature": 70.0, "is_alert": True, "is_critical": False}},
        "power": {"1": {"status": True, "capacity": 500.0, "output": 80.5}},
        "cpu": {0: {"%usage": 12.5}},
        "memory": {"used_ram": 10, "available_ram": 20},
    }


def test_lanes_are_channels_of_their_interface() -> None:
    lanes = [OpticsState("Ethernet1", lane, rx_power_dbm=-2.5) for lane in (0, 1)]
    channels = shapes.optics(lanes, dark=-100.0, rest=-100.0)["Ethernet1"]["physical_channels"]["channel"]
    assert [channel["index"] for channel in channels] == [0, 1]
    assert channels[0]["state"]["input_power"] == {"instant": -2.5, "avg": -100.0, "min": -100.0, "max": -100.0}
    assert channels[0]["state"]["output_power"]["instant"] == -100.0
    assert channels[0]["state"]["laser_bias_current"]["instant"] == 0.0


def test_users_vlans_and_vrfs_stand_by_name() -> None:
    assert shapes.users([User("ops", privilege=15, password_hash="$6$x", ssh_keys=("ssh-rsa A",))]) == {
        "ops": {"level": 15, "password": "$6$x", "sshkeys": ["ssh-rsa A"]}
    }
    assert shapes.vlans([VlanState(10, "users", interfaces=("Ethernet1",))]) == {
        "10": {"name": "users", "interfaces": ["Ethernet1"]}
    }
    instances = shapes.network_instances([VrfState("default"), VrfState("red", rd="1:1", interfaces=("Vlan10",))])
    assert instances["default"]["type"] == "DEFAULT_INSTANCE"
    assert instances["red"] == {
        "name": "red",
        "type": "L3VRF",
        "state": {"route_distinguisher": "1:1"},
        "interfaces": {"interface": {"Vlan10": {}}},
    }


def test_the_agent_shows_its_communities() -> None:
    agent = SnmpServer(
        location="lab", communities=(SnmpCommunity("public", acl="SNMP"), SnmpCommunity("private", "rw"))
    )
    assert shapes.snmp_information(agent, access_list="N/A") == {
        "chassis_id": "",
        "contact": "",
        "location": "lab",
        "community": {"public": {"acl": "SNMP", "mode": "ro"}, "private": {"acl": "N/A", "mode": "rw"}},
    }


def test_ntp_reachability_is_printed_in_octal() -> None:
    [row] = shapes.ntp_stats([NtpState("10.0.0.1", state="synchronized", reachability=255, when_s=12)])
    assert (row["reachability"], row["when"], row["synchronized"], row["hostpoll"]) == (377, "12", True, -1)


def test_a_configuration_that_was_not_asked_for_is_empty() -> None:
    assert shapes.configurations(running="hostname r1") == {"running": "hostname r1", "candidate": "", "startup": ""}
