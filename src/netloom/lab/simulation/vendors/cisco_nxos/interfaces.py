"""`show interface` and its tables, and the interfaces' addresses."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from netloom.lab.simulation.device import Command, Device
from netloom.lab.simulation.shell import Answer
from netloom.lab.simulation.vendors.cisco_nxos.ports import SPEEDS, Port, named, ports
from netloom.lab.simulation.vendors.cisco_nxos.rows import table
from netloom.lab.simulation.vendors.cisco_nxos.shell import NxosShell
from netloom.lab.simulation.vendors.cisco_nxos.system import clock_face


def _interfaces(shell: NxosShell, words: str = "") -> Answer:
    found = named(shell.device, words)
    if not found:
        return Answer(f"{' ' * 20}^\nInvalid range at '^' marker.\n", refused=True)
    text = "".join(f"{_screen(shell.device, port)}\n" for port in found)
    return Answer(text, table("interface", (_reply(shell.device, port) for port in found)))


def _screen(device: Device, port: Port) -> str:
    state = "up" if port.up else "down"
    moved = port.traffic
    bits = _rate(device, port)
    if port.kind == "Vlan":
        return _svi(port)
    head = f"{port.name} is {state}{f' ({port.reason})' if port.reason else ''}\n"
    head += f"admin state is {'up' if port.record.enabled else 'down'},{_role(port)}\n"
    description = f"  Description: {port.record.description}\n" if port.record.description else ""
    address = f"  Internet Address is {port.ipv4[0]}\n" if port.ipv4 else ""
    tag = "ARPA, medium is broadcast" if not port.record.vlan else f"802.1Q Virtual LAN, Vlan ID {port.record.vlan}"
    body = (
        f"{description}{address}  MTU {port.mtu} bytes, BW {port.kbit} Kbit, DLY 10 usec\n"
        "  reliability 255/255, txload 1/255, rxload 1/255\n"
    )
    if port.kind == "loopback":
        counts = (
            f"    {moved.packets} packets input {moved.octets} bytes\n    0 multicast frames 0 compressed\n"
            "    0 input errors 0 frame 0 overrun 0 fifo\n"
        )
        sent = (
            f"    {moved.packets} packets output {moved.octets} bytes 0 underruns\n"
            "    0 output errors 0 collisions 0 fifo\n    0 out_carrier_errors\n"
        )
        return (
            f"{head}  Hardware: Loopback\n{body}  Encapsulation LOOPBACK, medium is broadcast\n"
            f"  Auto-mdix is turned off\n{counts}{sent}"
        )
    hardware = {"mgmt": "Ethernet", "port-channel": "Port-Channel"}.get(port.kind, "100/1000/10000 Ethernet")
    flap = f"  Last link flapped {clock_face(device.uptime_s)}\n" if port.kind == "Ethernet" else ""
    return (
        f"{head}  Hardware: {hardware}, address: {port.mac} (bia {port.mac})\n{body}  Encapsulation {tag}\n"
        f"{_mode(port)}  full-duplex, {SPEEDS[port.kbit][0]}\n  Auto-Negotiation is turned on\n"
        "  Input flow-control is off, output flow-control is off\n  EtherType is 0x8100 \n"
        f"{_members(device, port)}{flap}"
        '  Last clearing of "show interface" counters never\n  1 interface resets\n'
        f"  Load-Interval #1: 30 seconds\n    30 seconds input rate {bits} bits/sec, {bits // 4000} packets/sec\n"
        f"    30 seconds output rate {bits} bits/sec, {bits // 4000} packets/sec\n"
        f"  RX\n    {moved.packets} unicast packets  0 multicast packets  0 broadcast packets\n"
        f"    {moved.packets} input packets  {moved.octets} bytes\n    0 jumbo packets  0 storm suppression packets\n"
        "    0 runts  0 giants  0 CRC  0 no buffer\n"
        "    0 input error  0 short frame  0 overrun   0 underrun  0 ignored\n"
        "    0 watchdog  0 bad etype drop  0 bad proto drop  0 if down drop\n"
        "    0 input with dribble  0 input discard\n"
        f"    0 Rx pause\n  TX\n    {moved.packets} unicast packets  0 multicast packets  0 broadcast packets\n"
        f"    {moved.packets} output packets  {moved.octets} bytes\n    0 jumbo packets\n"
        "    0 output error  0 collision  0 deferred  0 late collision\n"
        "    0 lost carrier  0 no carrier  0 babble  0 output discard\n    0 Tx pause\n"
    )


def _svi(port: Port) -> str:
    protocol = "up" if port.up else "down"
    admin = f"{protocol}" if port.record.enabled else "administratively down"
    address = f"  Internet Address is {port.ipv4[0]}\n" if port.ipv4 else ""
    description = f"  Description: {port.record.description}\n" if port.record.description else ""
    return (
        f"{port.name} is {admin}, line protocol is {protocol}, autostate enabled\n"
        f"  Hardware is EtherSVI, address is  {port.mac}\n{description}{address}"
        f"  MTU {port.mtu} bytes, BW {port.kbit} Kbit, DLY 10 usec,\n"
        "   reliability 255/255, txload 1/255, rxload 1/255\n"
        "  Encapsulation ARPA, loopback not set\n  Keepalive not supported\n  ARP type: ARPA\n"
        '  Last clearing of "show interface" counters never\n'
    )


def _role(port: Port) -> str:
    if port.lag is not None:
        return f" Dedicated Interface\n  Belongs to {port.lag.replace('port-channel', 'Po')}"
    return " Dedicated Interface" if port.kind == "Ethernet" else ""


def _mode(port: Port) -> str:
    if port.switchport is None:
        return ""
    return f"  Port mode is {'trunk' if port.switchport.mode == 'trunk' else 'access'}\n"


def _members(device: Device, port: Port) -> str:
    if port.kind != "port-channel":
        return ""
    members = [other.short for other in ports(device) if other.lag == port.name]
    return f"  Members in this channel: {', '.join(members)}\n" if members else ""


def _rate(device: Device, port: Port) -> int:
    return int(port.traffic.octets * 8 / device.uptime_s) if port.up and device.uptime_s >= 1 else 0


def _reply(device: Device, port: Port) -> dict[str, Any]:
    state, admin = "up" if port.up else "down", "up" if port.record.enabled else "down"
    moved, bits = port.traffic, _rate(device, port)
    address = {}
    if port.ipv4:
        own = port.ipv4[0]
        address = {
            "ip_addr": str(own.ip),
            "ip_mask": own.network.prefixlen,
            "ip_prefix": str(own.network.network_address),
        }
    if port.kind == "Vlan":
        return {
            "interface": port.name,
            "svi_admin_state": admin,
            "svi_rsn_desc": port.reason or None,
            "svi_line_proto": state,
            "svi_mac": f"  {port.mac}",
            "svi_desc": port.record.description,
            **{f"svi_{name}": value for name, value in address.items()},
            "svi_mtu": port.mtu,
            "svi_bw": port.kbit,
            "svi_delay": "10",
            "svi_ucast_pkts_in": moved.packets,
            "svi_ucast_bytes_in": moved.octets,
            "svi_ucast_pkts_out": moved.packets,
            "svi_ucast_bytes_out": moved.octets,
        }
    found: dict[str, Any] = {
        "interface": port.name,
        "state": state,
        "state_rsn_desc": port.reason or None,
        "admin_state": admin,
    }
    if port.kind == "loopback":
        return found | {
            "desc": port.record.description,
            **{f"eth_{name}": value for name, value in address.items()},
            "eth_mtu": port.mtu,
            "eth_bw": port.kbit,
            "loop_in_pkts": moved.packets,
            "loop_in_bytes": moved.octets,
            "loop_out_pkts": moved.packets,
            "loop_out_bytes": moved.octets,
        }
    way = "vdc_lvl" if port.kind == "mgmt" else "eth"
    counts = {
        f"{way}_{side}{name}": count
        for side in ("in", "out")
        for name, count in _counts(way, moved.packets, moved.octets)
    }
    return found | {
        "eth_bundle": port.lag,
        "share_state": "Dedicated" if port.kind == "Ethernet" else None,
        "eth_hw_desc": {"mgmt": "Ethernet", "port-channel": "Port-Channel"}.get(port.kind, "100/1000/10000 Ethernet"),
        "eth_hw_addr": port.mac,
        "eth_bia_addr": port.mac,
        "desc": port.record.description,
        "eth_encap_vlan": port.record.vlan,
        **{f"eth_{name}": value for name, value in address.items()},
        "eth_mtu": port.mtu,
        "eth_bw": port.kbit,
        "eth_dly": "10",
        "medium": "broadcast",
        "eth_mode": "routed" if port.switchport is None else "trunk" if port.switchport.mode == "trunk" else "access",
        "eth_duplex": "full",
        "eth_speed": SPEEDS[port.kbit][0],
        "eth_autoneg": "on",
        "eth_link_flapped": clock_face(device.uptime_s) if port.kind == "Ethernet" else None,
        "eth_clear_counters": "never",
        "eth_inrate1_bits": bits if way == "eth" else None,
        "eth_outrate1_bits": bits if way == "eth" else None,
        **counts,
        **(
            {f"eth_{name}": 0 for name in ("inerr", "crc", "indiscard", "outerr", "outdiscard")} if way == "eth" else {}
        ),
    }


def _counts(way: str, packets: int, octets: int) -> Iterator[tuple[str, int]]:
    line = "_" if way == "vdc_lvl" else ""
    yield from (
        (f"{line}pkts", packets),
        (f"{line}ucast", packets),
        (f"{line}mcast", 0),
        (f"{line}bcast", 0),
        (f"{line}bytes", octets),
    )


COMMANDS = (
    Command("show interface", _interfaces),
    Command("show interface ...", _interfaces),
)
