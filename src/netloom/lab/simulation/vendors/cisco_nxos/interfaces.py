"""`show interface`, on the screen."""

from __future__ import annotations

from netloom.lab.simulation.device import Command, Device
from netloom.lab.simulation.shell import Answer
from netloom.lab.simulation.vendors.cisco_nxos.interface_replies import ETHERNET, HARDWARE, rate, reply
from netloom.lab.simulation.vendors.cisco_nxos.ports import SPEEDS, Port, named, ports
from netloom.lab.simulation.vendors.cisco_nxos.rows import table
from netloom.lab.simulation.vendors.cisco_nxos.shell import NxosShell
from netloom.lab.simulation.vendors.cisco_nxos.system import clock_face


def _interfaces(shell: NxosShell, words: str = "") -> Answer:
    found = named(shell.device, words)
    if not found:
        return Answer(f"{' ' * 20}^\nInvalid range at '^' marker.\n", refused=True)
    text = "".join(f"{_screen(shell.device, port)}\n" for port in found)
    return Answer(text, table("interface", (reply(shell.device, port) for port in found)))


def _screen(device: Device, port: Port) -> str:
    if port.kind == "Vlan":
        return _svi(port)
    description = f"  Description: {port.record.description}\n" if port.record.description else ""
    address = f"  Internet Address is {port.ipv4[0]}\n" if port.ipv4 else ""
    head = f"{port.name} is {'up' if port.up else 'down'}{f' ({port.reason})' if port.reason else ''}\n"
    head += f"admin state is {'up' if port.record.enabled else 'down'},{_role(port)}\n"
    body = (
        f"{description}{address}  MTU {port.mtu} bytes, BW {port.kbit} Kbit, DLY 10 usec\n"
        "  reliability 255/255, txload 1/255, rxload 1/255\n"
    )
    return _loopback(port, head, body) if port.kind == "loopback" else _ethernet(device, port, head, body)


def _loopback(port: Port, head: str, body: str) -> str:
    moved = port.traffic
    return (
        f"{head}  Hardware: Loopback\n{body}  Encapsulation LOOPBACK, medium is broadcast\n"
        f"  Auto-mdix is turned off\n    {moved.packets} packets input {moved.octets} bytes\n"
        "    0 multicast frames 0 compressed\n    0 input errors 0 frame 0 overrun 0 fifo\n"
        f"    {moved.packets} packets output {moved.octets} bytes 0 underruns\n"
        "    0 output errors 0 collisions 0 fifo\n    0 out_carrier_errors\n"
    )


def _ethernet(device: Device, port: Port, head: str, body: str) -> str:
    bits = rate(device, port)
    tag = "ARPA, medium is broadcast" if not port.record.vlan else f"802.1Q Virtual LAN, Vlan ID {port.record.vlan}"
    hardware = HARDWARE.get(port.kind, ETHERNET)
    flap = f"  Last link flapped {clock_face(device.uptime_s)}\n" if port.kind == "Ethernet" else ""
    return (
        f"{head}  Hardware: {hardware}, address: {port.mac} (bia {port.mac})\n{body}  Encapsulation {tag}\n"
        f"{_mode(port)}  full-duplex, {SPEEDS[port.kbit][0]}\n  Auto-Negotiation is turned on\n"
        "  Input flow-control is off, output flow-control is off\n  EtherType is 0x8100 \n"
        f"{_members(device, port)}{flap}"
        '  Last clearing of "show interface" counters never\n  1 interface resets\n'
        f"  Load-Interval #1: 30 seconds\n    30 seconds input rate {bits} bits/sec, {bits // 4000} packets/sec\n"
        f"    30 seconds output rate {bits} bits/sec, {bits // 4000} packets/sec\n{_counters(port)}"
    )


def _counters(port: Port) -> str:
    packets, octets = port.traffic.packets, port.traffic.octets
    cast = f"    {packets} unicast packets  0 multicast packets  0 broadcast packets\n"
    return (
        f"  RX\n{cast}    {packets} input packets  {octets} bytes\n    0 jumbo packets  0 storm suppression packets\n"
        "    0 runts  0 giants  0 CRC  0 no buffer\n"
        "    0 input error  0 short frame  0 overrun   0 underrun  0 ignored\n"
        "    0 watchdog  0 bad etype drop  0 bad proto drop  0 if down drop\n"
        "    0 input with dribble  0 input discard\n    0 Rx pause\n"
        f"  TX\n{cast}    {packets} output packets  {octets} bytes\n    0 jumbo packets\n"
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


COMMANDS = (
    Command("show interface", _interfaces),
    Command("show interface ...", _interfaces),
)
