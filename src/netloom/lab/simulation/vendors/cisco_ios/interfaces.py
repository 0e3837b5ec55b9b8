"""What an IOS device says of its interfaces."""

from __future__ import annotations

from collections.abc import Callable
from ipaddress import ip_interface

from netloom.lab.simulation.device import Command, Device
from netloom.lab.simulation.shell import Answer
from netloom.lab.simulation.vendors.cisco_ios.ports import Port, ports
from netloom.lab.simulation.vendors.cisco_ios.shell import IosShell
from netloom.lab.simulation.vendors.cisco_ios.system import dotted
from netloom.model.ospf_interface import OspfInterface
from netloom.model.switchport import Switchport
from netloom.platforms.interface_names import CISCO_IOS

_HARDWARE = {
    "Loopback": "Loopback",
    "Tunnel": "Tunnel",
    "Vlan": "Ethernet SVI, address is {mac} (bia {mac})",
    "Port-channel": "GEChannel, address is {mac} (bia {mac})",
    "Null": "Unknown",
}
_PHYSICAL = "simulated vNIC, address is {mac} (bia {mac})"
_COLUMNS = ("IHQ", "IQD", "OHQ", "OQD", "RXBS", "RXPS", "TXBS", "TXPS", "TRTL")


def chosen(shell: IosShell, name: str) -> list[Port]:
    """The interfaces of a name such as `gi1`; none where there is none."""
    wanted = shell.interface(name)
    return [port for port in ports(shell.device) if port.name == wanted]


def _each(paragraph: Callable[[Device, Port], str], command: str) -> Callable[..., Answer]:
    """A command that tells of every interface, or of the one that it names."""

    def answer(shell: IosShell, name: str = "") -> Answer:
        listed = chosen(shell, name) if name else ports(shell.device)
        if not listed:
            return shell.unknown(f"{command} {name}")
        return Answer("".join(paragraph(shell.device, port) for port in listed))

    return answer


def _paragraph(device: Device, port: Port) -> str:
    switched = f" ({port.status})" if port.switched else ""
    hardware = _HARDWARE.get(port.kind, _PHYSICAL).format(mac=dotted(port.mac))
    text = f"{port.head}{switched} \n  Hardware is {hardware}\n"
    if port.record.description:
        text += f"  Description: {port.record.description}\n"
    for address in port.addresses(4)[:1]:
        text += f"  Internet address is {address}\n"
    delay = {"Loopback": 5000, "Tunnel": 50_000}.get(port.kind, 10)
    text += (
        f"  MTU {port.mtu} bytes, BW {port.kilobits} Kbit/sec, DLY {delay} usec, \n"
        f"     reliability 255/255, txload 1/255, rxload 1/255\n  {_encapsulation(port)}\n"
    )
    if port.physical and "." in port.name:
        return f"{text}  ARP type: ARPA, ARP Timeout 04:00:00\n  Keepalive set (10 sec)\n"
    if port.physical:
        text += (
            f"  Keepalive set (10 sec)\n  Full Duplex, {port.kilobits // 1000}Mbps, link type is auto, media type is "
        )
        text += "Virtual\n  output flow-control is unsupported, input flow-control is unsupported\n"
        text += "  ARP type: ARPA, ARP Timeout 04:00:00\n"
    return text + _counters(device, port)


def _encapsulation(port: Port) -> str:
    if port.record.vlan is not None:
        return f"Encapsulation 802.1Q Virtual LAN, Vlan ID  {port.record.vlan}."
    return f"Encapsulation {({'Loopback': 'LOOPBACK', 'Tunnel': 'TUNNEL'}).get(port.kind, 'ARPA')}, loopback not set"


def _moved(device: Device, port: Port) -> tuple[int, int, int, int]:
    """Octets, packets, and both a second."""
    if not port.up or not port.physical:
        return 0, 0, 0, 0
    moved = device.traffic(port.name)
    seconds = max(1.0, device.uptime_s)
    return moved.octets, moved.packets, int(moved.octets * 8 / seconds), int(moved.packets / seconds)


def _counters(device: Device, port: Port) -> str:
    octets, packets, bits, rate = _moved(device, port)
    last = "00:00:00" if port.up else "never"
    return (
        f"  Last input {last}, output {last}, output hang never\n"
        '  Last clearing of "show interface" counters never\n'
        "  Input queue: 0/375/0/0 (size/max/drops/flushes); Total output drops: 0\n"
        "  Queueing strategy: fifo\n  Output queue: 0/40 (size/max)\n"
        f"  5 minute input rate {bits} bits/sec, {rate} packets/sec\n"
        f"  5 minute output rate {bits} bits/sec, {rate} packets/sec\n"
        f"     {packets} packets input, {octets} bytes, 0 no buffer\n"
        "     Received 0 broadcasts (0 IP multicasts)\n     0 runts, 0 giants, 0 throttles \n"
        "     0 input errors, 0 CRC, 0 frame, 0 overrun, 0 ignored\n     0 watchdog, 0 multicast, 0 pause input\n"
        f"     {packets} packets output, {octets} bytes, 0 underruns\n     Output 0 broadcasts (0 IP multicasts)\n"
        "     0 output errors, 0 collisions, 0 interface resets\n     0 unknown protocol drops\n"
        "     0 babbles, 0 late collision, 0 deferred\n     0 lost carrier, 0 no carrier, 0 pause output\n"
        "     0 output buffer failures, 0 output buffers swapped out\n"
    )


def _ip_paragraph(_: Device, port: Port) -> str:
    addresses = port.addresses(4)
    if not addresses:
        return f"{port.head}\n  Internet protocol processing disabled\n"
    record = port.record
    text = (
        f"{port.head}\n  Internet address is {addresses[0]}\n  Broadcast address is 255.255.255.255\n"
        f"  Address determined by setup command\n  MTU is {min(port.mtu, 1500)} bytes\n  Helper address is not set\n"
        "  Directed broadcast forwarding is disabled\n"
    )
    text += "".join(f"  Secondary address {address}\n" for address in addresses[1:])
    text += (
        f"  Outgoing access list is {record.acl_out or 'not set'}\n"
        f"  Inbound  access list is {record.acl_in or 'not set'}\n"
        "  Proxy ARP is enabled\n  Local Proxy ARP is disabled\n  Security level is default\n"
        "  Split horizon is enabled\n"
        "  ICMP redirects are always sent\n  ICMP unreachables are always sent\n  ICMP mask replies are never sent\n"
        "  IP fast switching is enabled\n  IP CEF switching is enabled\n"
    )
    return text + (f'  VPN Routing/Forwarding "{record.vrf}"\n' if record.vrf else "")


def _ipv6_paragraph(_: Device, port: Port) -> str:
    addresses = [ip_interface(address) for address in port.addresses(6)]
    if not addresses:
        return ""
    told = "".join(f"    {str(item.ip).upper()}, subnet is {str(item.network).upper()} \n" for item in addresses)
    return (
        f"{port.head}\n  IPv6 is enabled, link-local address is {port.link_local} \n"
        f"  No Virtual link-local address(es):\n  Global unicast address(es):\n{told}"
        f"  Joined group address(es):\n    FF02::1\n    FF02::2\n  MTU is {min(port.mtu, 1500)} bytes\n"
        "  ICMP error messages limited to one every 100 milliseconds\n  ICMP redirects are enabled\n"
        "  ICMP unreachables are sent\n  ND DAD is enabled, number of DAD attempts: 1\n"
        "  ND reachable time is 30000 milliseconds (using 30000)\n"
        + (f'  VPN Routing/Forwarding "{port.record.vrf}"\n' if port.record.vrf else "")
    )


# ---- tables -------------------------------------------------------------------------------------


def _ip_brief(shell: IosShell, name: str = "") -> str:
    listed = chosen(shell, name) if name else ports(shell.device)
    text = "Interface              IP-Address      OK? Method Status                Protocol\n"
    for port in listed:
        address = next((item.partition("/")[0] for item in port.addresses(4)), "unassigned")
        method = "unset" if address == "unassigned" else "manual"
        text += f"{port.name:<22} {address:<15} YES {method:<6} {port.link:<21} {port.protocol:<8}\n"
    return text


def _ipv6_brief(shell: IosShell) -> str:
    text = ""
    for port in ports(shell.device):
        addresses = [str(ip_interface(item).ip).upper() for item in port.addresses(6)]
        listed = [port.link_local, *addresses] if addresses else ["unassigned"]
        text += f"{port.name:<22} [{port.link}/{port.protocol}]\n" + "".join(f"    {item}\n" for item in listed)
    return text


def _descriptions(shell: IosShell) -> str:
    text = "Interface                      Status         Protocol Description\n"
    for port in ports(shell.device):
        link = "admin down" if not port.record.enabled else port.link
        text += f"{port.short:<30} {link:<14} {port.protocol:<8} {port.record.description or ''}".rstrip() + "\n"
    return text


def _status(shell: IosShell) -> Answer:
    said = {item.interface: item for item in shell.device.records("switchport") if isinstance(item, Switchport)}
    listed = [port for port in ports(shell.device) if port.physical and "." not in port.name]
    if not any(port.switched for port in listed):
        return shell.lacks("show interfaces status")
    text = "\nPort         Name               Status       Vlan       Duplex  Speed Type\n"
    for port in listed:
        own = said.get(port.name) or Switchport(port.name)
        trunk = own.mode == "trunk"
        vlan = "routed" if not port.switched else "trunk" if trunk and port.up else str(own.access_vlan or 1)
        duplex, speed = ("a-full", f"a-{port.kilobits // 1000}") if port.up else ("auto", "auto")
        name = (port.record.description or "")[:18]
        text += f"{port.short:<12} {name:<18} {port.status:<12} {vlan:<10} {duplex:>7} {speed:>6} 10/100/1000BaseTX\n"
    return Answer(text)


def _summary(shell: IosShell) -> str:
    text = (
        "\n *: interface is up\n IHQ: pkts in input hold queue     IQD: pkts dropped from input queue\n"
        " OHQ: pkts in output hold queue    OQD: pkts dropped from output queue\n"
        " RXBS: rx rate (bits/sec)          RXPS: rx rate (pkts/sec)\n"
        " TXBS: tx rate (bits/sec)          TXPS: tx rate (pkts/sec)\n TRTL: throttle count\n\n"
        f"  {'Interface':<22}" + "".join(f"{word:>10}" for word in _COLUMNS) + "\n"
        f"{'-' * 117}\n"
    )
    for port in ports(shell.device):
        *_, bits, rate = _moved(shell.device, port)
        numbers = (0, 0, 0, 0, bits, rate, bits, rate, 0)
        text += f"{'*' if port.up else ' '} {port.name:<22}" + "".join(f"{number:>10}" for number in numbers) + "\n"
    return text


def _ospf_brief(shell: IosShell) -> str:
    text = "Interface    PID   Area            IP Address/Mask    Cost  State Nbrs F/C\n"
    listed = {port.name: port for port in ports(shell.device)}
    for item in shell.device.records("ospf_interface"):
        if isinstance(item, OspfInterface) and item.area is not None and item.interface in listed:
            port = listed[item.interface]
            address = next(iter(port.addresses(4)), "Unnumbered")
            state = "P2P" if item.network_type == "point-to-point" else "DR" if port.up else "DOWN"
            text += f"{CISCO_IOS.short(port.name):<12} {item.process or '1':<5} {item.area:<15} {address:<18} "
            text += f"{item.cost or 1:<5} {state:<5} 0/0\n"
    return text


_interfaces = _each(_paragraph, "show interfaces")
_ip_interfaces = _each(_ip_paragraph, "show ip interface")
_ipv6_interfaces = _each(_ipv6_paragraph, "show ipv6 interface")

COMMANDS = (
    Command("show interfaces", _interfaces),
    Command("show interfaces <name>", _interfaces),
    Command("show interfaces description", _descriptions),
    Command("show interfaces status", _status),
    Command("show interfaces summary", _summary),
    Command("show ip interface", _ip_interfaces),
    Command("show ip interface <name>", _ip_interfaces),
    Command("show ip interface brief", _ip_brief),
    Command("show ip interface brief <name>", _ip_brief),
    Command("show ipv6 interface", _ipv6_interfaces),
    Command("show ipv6 interface <name>", _ipv6_interfaces),
    Command("show ipv6 interface brief", _ipv6_brief),
    Command("show ip ospf interface brief", _ospf_brief),
)
