"""From records to the shapes of NAPALM's getters, whatever the platform; what a record does not know becomes a blank.

The shapes are those of NAPALM's documentation: numbers in its units (Mbit/s, dBm, seconds), MAC addresses in capitals,
-1 or an empty text for what is unknown. Drivers differ in some blanks: those are arguments.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from netloom.model.arp import ArpState
from netloom.model.bgp_session import BgpSessionState
from netloom.model.device import DeviceState
from netloom.model.environment import EnvironmentState
from netloom.model.interface import InterfaceState
from netloom.model.mac import MacState
from netloom.model.neighbor import NeighborState
from netloom.model.ntp import NtpState
from netloom.model.optics import OpticsState
from netloom.model.snmp_server import SnmpServer
from netloom.model.user import User
from netloom.model.vlan import VlanState
from netloom.model.vrf import VrfState

Shape = dict[str, Any]
_COUNTERS = ("errors", "discards", "octets", "unicast_packets", "multicast_packets", "broadcast_packets")
_DIRECTIONS = {"tx": "out", "rx": "in"}


def facts(device: DeviceState, interfaces: Iterable[str]) -> Shape:
    """`get_facts`: the device, and the names of its interfaces in the order given."""
    return {
        "hostname": device.hostname,
        "fqdn": device.fqdn or device.hostname,
        "vendor": device.vendor or "",
        "model": device.model or "",
        "serial_number": device.serial_number or "",
        "os_version": device.os_version or "",
        "uptime": float(-1 if device.uptime_s is None else device.uptime_s),
        "interface_list": list(interfaces),
    }


def interfaces(
    states: Iterable[InterfaceState], *, speed: float = -1.0, mtu: int = -1, mac_address: str = ""
) -> dict[str, Shape]:
    """`get_interfaces`; the arguments are the driver's blanks."""
    return {
        state.name: {
            "is_up": state.oper_status == "up",
            "is_enabled": state.admin_status != "down",
            "description": state.description or "",
            "last_flapped": -1.0 if state.last_flap_s is None else float(state.last_flap_s),
            "mtu": mtu if state.mtu is None else state.mtu,
            "speed": speed if state.speed_bps is None else state.speed_bps / 1e6,
            "mac_address": mac(state.mac_address) or mac_address,
        }
        for state in states
    }


def interfaces_counters(states: Iterable[InterfaceState], *, unknown: int = -1) -> dict[str, dict[str, int]]:
    """`get_interfaces_counters`."""
    return {
        state.name: {
            f"{side}_{counter}": unknown if (value := getattr(state, f"{ours}_{counter}")) is None else value
            for side, ours in _DIRECTIONS.items()
            for counter in _COUNTERS
        }
        for state in states
    }


def interfaces_ip(states: Iterable[InterfaceState]) -> dict[str, Shape]:
    """`get_interfaces_ip`: only interfaces with addresses, and only their families."""
    found: dict[str, Shape] = {}
    for state in states:
        for text in state.addresses:
            address = ipaddress.ip_interface(text)
            family = found.setdefault(state.name, {}).setdefault(f"ipv{address.version}", {})
            family[str(address.ip)] = {"prefix_length": address.network.prefixlen}
    return found


def arp_table(entries: Iterable[ArpState], *, vrf: str | None = None, age: float = -1.0) -> list[Shape]:
    """`get_arp_table`: IPv4 only; of one VRF where one is named."""
    return [
        {
            "interface": entry.interface,
            "mac": mac(entry.mac_address),
            "ip": entry.address,
            "age": age if entry.age_s is None else float(entry.age_s),
        }
        for entry in entries
        if ":" not in entry.address and vrf in (None, entry.vrf)
    ]


def ipv6_neighbors_table(entries: Iterable[ArpState], *, age: float = -1.0) -> list[Shape]:
    """`get_ipv6_neighbors_table`; the state in the case in which the record holds it."""
    return [
        {
            "interface": entry.interface,
            "mac": mac(entry.mac_address),
            "ip": entry.address,
            "age": age if entry.age_s is None else float(entry.age_s),
            "state": entry.state or "",
        }
        for entry in entries
        if ":" in entry.address
    ]


def mac_address_table(entries: Iterable[MacState]) -> list[Shape]:
    """`get_mac_address_table`."""
    return [
        {
            "mac": mac(entry.mac_address),
            "interface": entry.interface,
            "vlan": entry.vlan or 0,
            "static": entry.type != "dynamic",
            "active": entry.active is not False,
            "moves": -1 if entry.moves is None else entry.moves,
            "last_move": -1.0 if entry.last_move_s is None else float(entry.last_move_s),
        }
        for entry in entries
    ]


def lldp_neighbors(neighbors: Iterable[NeighborState]) -> dict[str, list[Shape]]:
    """`get_lldp_neighbors`: who is at the other end, by its name or else its chassis."""
    found: dict[str, list[Shape]] = {}
    for neighbor in neighbors:
        row = {"hostname": neighbor.system_name or neighbor.chassis_id, "port": neighbor.port_id}
        found.setdefault(neighbor.local_interface, []).append(row)
    return found


def lldp_neighbors_detail(
    neighbors: Iterable[NeighborState], *, parents: Mapping[str, str] | None = None
) -> dict[str, list[Shape]]:
    """`get_lldp_neighbors_detail`; `parents` names the aggregates by their members."""
    found: dict[str, list[Shape]] = {}
    for neighbor in neighbors:
        row = {
            "parent_interface": (parents or {}).get(neighbor.local_interface, ""),
            "remote_port": neighbor.port_id,
            "remote_port_description": neighbor.port_description or "",
            "remote_chassis_id": mac(neighbor.chassis_id)
            if neighbor.chassis_id_type == "mac-address"
            else neighbor.chassis_id,
            "remote_system_name": neighbor.system_name or "",
            "remote_system_description": neighbor.system_description or "",
            "remote_system_capab": list(neighbor.supported_capabilities or neighbor.capabilities),
            "remote_system_enable_capab": list(neighbor.capabilities),
        }
        found.setdefault(neighbor.local_interface, []).append(row)
    return found


def bgp_neighbors(
    sessions: Iterable[BgpSessionState], *, router_ids: Mapping[str, str] | None = None, families: Sequence[str] = ()
) -> dict[str, Shape]:
    """`get_bgp_neighbors`: by VRF (the default one is `global`) and peer.

    `router_ids` names VRFs that may have no session; `families` are those that every peer shows.
    """
    found: dict[str, Shape] = {}
    for vrf, router_id in (router_ids or {}).items():
        found["global" if vrf == "default" else vrf] = {"router_id": router_id, "peers": {}}
    for session in sessions:
        name = "global" if session.vrf == "default" else session.vrf
        instance = found.setdefault(name, {"router_id": session.local_router_id or "", "peers": {}})
        peer = instance["peers"].setdefault(session.peer, _peer(session, families))
        peer["address_family"][_family(session)] = prefixes(session.pfx_rx, session.pfx_accepted, session.pfx_tx)
    return found


def _peer(session: BgpSessionState, families: Iterable[str]) -> Shape:
    return {
        "local_as": -1 if session.asn is None else session.asn,
        "remote_as": -1 if session.peer_asn is None else session.peer_asn,
        "remote_id": session.router_id or "",
        "is_up": session.state == "Established",
        "is_enabled": session.enabled is not False,
        "description": session.description or "",
        "uptime": -1 if session.uptime_s is None else session.uptime_s,
        "address_family": {family: prefixes() for family in families},
    }


def _family(session: BgpSessionState) -> str:
    """ipv4 and ipv6 stand for their unicast; others say what they carry."""
    return session.afi if session.safi == "unicast" else f"{session.afi} {session.safi}".strip()


def prefixes(received: int | None = None, accepted: int | None = None, sent: int | None = None) -> dict[str, int]:
    """The counts of one family of `get_bgp_neighbors`."""
    counts = {"received_prefixes": received, "accepted_prefixes": accepted, "sent_prefixes": sent}
    return {name: -1 if count is None else count for name, count in counts.items()}


def environment(parts: Iterable[EnvironmentState]) -> Shape:
    """`get_environment`; every group is there, empty where the device has none of it."""
    found: Shape = {"fans": {}, "temperature": {}, "power": {}, "cpu": {}, "memory": {}}
    for part in parts:
        if part.kind == "fan":
            found["fans"][part.name] = {"status": part.ok is not False}
        elif part.kind == "temperature":
            found["temperature"][part.name] = temperature(part)
        elif part.kind == "power":
            found["power"][part.name] = {
                "status": part.ok is not False,
                "capacity": -1.0 if part.capacity_w is None else part.capacity_w,
                "output": -1.0 if part.output_w is None else part.output_w,
            }
        elif part.kind == "cpu":
            index = int(part.name) if part.name.isdigit() else len(found["cpu"])
            found["cpu"][index] = {"%usage": -1.0 if part.usage_percent is None else part.usage_percent}
        elif part.kind == "memory" and not found["memory"]:
            found["memory"] = {"used_ram": part.used_bytes, "available_ram": part.available_bytes}
    return found


def temperature(part: EnvironmentState) -> Shape:
    """A sensor of `get_environment`: alerts from the device's own thresholds."""
    degrees = part.temperature_c
    return {
        "temperature": -1.0 if degrees is None else degrees,
        "is_alert": degrees is not None and part.warning_c is not None and degrees >= part.warning_c,
        "is_critical": degrees is not None and part.critical_c is not None and degrees >= part.critical_c,
    }


def optics(lanes: Iterable[OpticsState], *, dark: float = 0.0, rest: float = 0.0) -> dict[str, Shape]:
    """`get_optics`: `dark` stands for a power that is unknown, `rest` for averages and extremes that nobody keeps."""
    found: dict[str, Shape] = {}
    for lane in lanes:
        channels = found.setdefault(lane.interface, {"physical_channels": {"channel": []}})["physical_channels"]
        state = {
            "input_power": _instant(lane.rx_power_dbm, dark, rest),
            "output_power": _instant(lane.tx_power_dbm, dark, rest),
            "laser_bias_current": _instant(lane.bias_ma, 0.0, 0.0),
        }
        channels["channel"].append({"index": lane.lane, "state": state})
    return found


def _instant(value: float | None, unknown: float, rest: float) -> dict[str, float]:
    return {"instant": unknown if value is None else value, "avg": rest, "min": rest, "max": rest}


def users(accounts: Iterable[User]) -> dict[str, Shape]:
    """`get_users`."""
    return {
        user.name: {
            "level": user.privilege or 0,
            "password": user.password_hash or "",
            "sshkeys": list(user.ssh_keys),
        }
        for user in accounts
    }


def vlans(states: Iterable[VlanState]) -> dict[str, Shape]:
    """`get_vlans`: by the VLAN's number as text."""
    return {str(state.id): {"name": state.name or "", "interfaces": list(state.interfaces)} for state in states}


def network_instances(states: Iterable[VrfState], *, rd: str = "") -> dict[str, Shape]:
    """`get_network_instances`: VRFs are L3VRF, the default one is DEFAULT_INSTANCE; `rd` stands for none."""
    return {
        state.name: {
            "name": state.name,
            "type": "DEFAULT_INSTANCE" if state.name == "default" else state.type or "L3VRF",
            "state": {"route_distinguisher": state.rd or rd},
            "interfaces": {"interface": {name: {} for name in state.interfaces}},
        }
        for state in states
    }


def snmp_information(agent: SnmpServer, *, chassis_id: str = "", access_list: str = "") -> Shape:
    """`get_snmp_information`; the arguments are the blanks for a chassis and an access list."""
    return {
        "chassis_id": agent.chassis_id or chassis_id,
        "contact": agent.contact or "",
        "location": agent.location or "",
        "community": {
            community.name: {"acl": community.acl or access_list, "mode": community.access}
            for community in agent.communities
        },
    }


def ntp_stats(associations: Iterable[NtpState]) -> list[Shape]:
    """`get_ntp_stats`; the reachability is the number as the devices print it."""
    return [
        {
            "remote": peer.address,
            "referenceid": peer.reference_id or "",
            "synchronized": peer.state == "synchronized",
            "stratum": -1 if peer.stratum is None else peer.stratum,
            "type": peer.type or "",
            "when": "" if peer.when_s is None else str(peer.when_s),
            "hostpoll": -1 if peer.poll_s is None else peer.poll_s,
            "reachability": -1 if peer.reachability is None else int(f"{peer.reachability:o}"),
            "delay": -1.0 if peer.delay_ms is None else peer.delay_ms,
            "offset": -1.0 if peer.offset_ms is None else peer.offset_ms,
            "jitter": -1.0 if peer.jitter_ms is None else peer.jitter_ms,
        }
        for peer in associations
    ]


def configurations(*, running: str = "", startup: str = "", candidate: str = "") -> dict[str, str]:
    """`get_config`."""
    return {"running": running, "candidate": candidate, "startup": startup}


def mac(address: str | None) -> str:
    """A MAC address as NAPALM writes it; empty where there is none."""
    return (address or "").upper()
