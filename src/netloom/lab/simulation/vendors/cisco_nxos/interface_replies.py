"""`show interface`, as a structured reply: each kind of interface has members of its own."""

from __future__ import annotations

from typing import Any

from netloom.lab.simulation.device import Device
from netloom.lab.simulation.vendors.cisco_nxos.ports import SPEEDS, Port
from netloom.lab.simulation.vendors.cisco_nxos.system import clock_face

HARDWARE = {"mgmt": "Ethernet", "port-channel": "Port-Channel"}
ETHERNET = "100/1000/10000 Ethernet"
_ERRORS = ("inerr", "crc", "indiscard", "outerr", "outdiscard")


def rate(device: Device, port: Port) -> int:
    """Bits a second, so far."""
    return int(port.traffic.octets * 8 / device.uptime_s) if port.up and device.uptime_s >= 1 else 0


def reply(device: Device, port: Port) -> dict[str, Any]:
    """The row of an interface."""
    if port.kind == "Vlan":
        return _svi(port)
    found: dict[str, Any] = {
        "interface": port.name,
        "state": "up" if port.up else "down",
        "state_rsn_desc": port.reason or None,
        "admin_state": "up" if port.record.enabled else "down",
    }
    return found | (_loopback(port) if port.kind == "loopback" else _ethernet(device, port))


def _address(port: Port, start: str) -> dict[str, Any]:
    if not port.ipv4:
        return {}
    own = port.ipv4[0]
    prefix = {"ip_addr": str(own.ip), "ip_mask": own.network.prefixlen, "ip_prefix": str(own.network.network_address)}
    return {f"{start}_{name}": value for name, value in prefix.items()}


def _svi(port: Port) -> dict[str, Any]:
    moved = port.traffic
    return {
        "interface": port.name,
        "svi_admin_state": "up" if port.record.enabled else "down",
        "svi_rsn_desc": port.reason or None,
        "svi_line_proto": "up" if port.up else "down",
        "svi_mac": f"  {port.mac}",
        "svi_desc": port.record.description,
        **_address(port, "svi"),
        "svi_mtu": port.mtu,
        "svi_bw": port.kbit,
        "svi_delay": "10",
        "svi_ucast_pkts_in": moved.packets,
        "svi_ucast_bytes_in": moved.octets,
        "svi_ucast_pkts_out": moved.packets,
        "svi_ucast_bytes_out": moved.octets,
    }


def _loopback(port: Port) -> dict[str, Any]:
    moved = port.traffic
    return {
        "desc": port.record.description,
        **_address(port, "eth"),
        "eth_mtu": port.mtu,
        "eth_bw": port.kbit,
        "loop_in_pkts": moved.packets,
        "loop_in_bytes": moved.octets,
        "loop_out_pkts": moved.packets,
        "loop_out_bytes": moved.octets,
    }


def _ethernet(device: Device, port: Port) -> dict[str, Any]:
    switch = port.switchport
    return {
        "eth_bundle": port.lag,
        "share_state": "Dedicated" if port.kind == "Ethernet" else None,
        "eth_hw_desc": HARDWARE.get(port.kind, ETHERNET),
        "eth_hw_addr": port.mac,
        "eth_bia_addr": port.mac,
        "desc": port.record.description,
        "eth_encap_vlan": port.record.vlan,
        **_address(port, "eth"),
        "eth_mtu": port.mtu,
        "eth_bw": port.kbit,
        "eth_dly": "10",
        "medium": "broadcast",
        "eth_mode": "routed" if switch is None else "trunk" if switch.mode == "trunk" else "access",
        "eth_duplex": "full",
        "eth_speed": SPEEDS[port.kbit][0],
        "eth_autoneg": "on",
        "eth_link_flapped": clock_face(device.uptime_s) if port.kind == "Ethernet" else None,
        "eth_clear_counters": "never",
        **_counts(device, port),
    }


def _counts(device: Device, port: Port) -> dict[str, Any]:
    start, line = ("vdc_lvl_", "_") if port.kind == "mgmt" else ("eth_", "")
    packets, octets, bits = port.traffic.packets, port.traffic.octets, rate(device, port)
    counts = {"pkts": packets, "ucast": packets, "mcast": 0, "bcast": 0, "bytes": octets}
    found = {f"{start}{side}{line}{name}": count for side in ("in", "out") for name, count in counts.items()}
    if port.kind == "mgmt":
        return found
    return found | {"eth_inrate1_bits": bits, "eth_outrate1_bits": bits} | {f"eth_{name}": 0 for name in _ERRORS}
