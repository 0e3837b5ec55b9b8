"""What an EOS device says of its interfaces, by configuration, cables and time."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_interface
from typing import Any

from netloom.lab.simulation.device import Command, Device
from netloom.lab.simulation.network import cable_of, interfaces, is_up
from netloom.lab.simulation.shell import Answer
from netloom.lab.simulation.vendors.arista_eos.shell import EosShell
from netloom.lab.simulation.vendors.arista_eos.system import dotted
from netloom.model.interface import Interface
from netloom.model.lag import Lag
from netloom.model.switchport import Switchport
from netloom.platforms.interface_names import ARISTA_EOS

_HARDWARE = {
    "Loopback": "loopback",
    "Vlan": "vlan",
    "Port-Channel": "portChannel",
    "Tunnel": "tunnel",
    "Vxlan": "vxlan",
}
_SCREEN = {"ethernet": "Ethernet", "loopback": "Loopback", "vlan": "Vlan", "portChannel": "Port-Channel"}
_SCREEN |= {"subinterface": "Subinterface", "tunnel": "Tunnel", "vxlan": "Vxlan"}
_TEN_GIGABIT, _GIGABIT = 10_000_000_000, 1_000_000_000
_LONGEST_FRAME, _LOOPBACK_MTU, _ROUTED_MTU = 9214, 65535, 1500


@dataclass(frozen=True, slots=True)
class Port:
    """One interface and how it stands."""

    record: Interface
    up: bool
    hardware: str
    bridged: bool
    mac: str
    lag: str | None = None
    """The aggregate that it is a member of."""

    @property
    def name(self) -> str:
        """In full."""
        return self.record.name

    @property
    def short(self) -> str:
        """As tables have it."""
        return ARISTA_EOS.short(self.record.name)

    @property
    def status(self) -> str:
        """The link, in EOS's words."""
        return "connected" if self.up else "notconnect" if self.record.enabled else "disabled"

    @property
    def protocol(self) -> str:
        """The line protocol."""
        return "up" if self.up else "down"

    @property
    def link(self) -> str:
        """The link, as long descriptions begin."""
        return self.protocol if self.record.enabled else "administratively down"

    @property
    def brief(self) -> str:
        """The link, as tables say."""
        return self.protocol if self.record.enabled else "admin down"

    @property
    def speed(self) -> int:
        """Bits a second."""
        if self.hardware not in ("ethernet", "portChannel", "subinterface"):
            return 0
        return _GIGABIT if self.name.startswith("Management") else _TEN_GIGABIT

    @property
    def mtu(self) -> int:
        """Of IP where it routes, of frames where it switches."""
        if self.record.mtu is not None:
            return self.record.mtu
        return _LOOPBACK_MTU if self.hardware == "loopback" else _LONGEST_FRAME if self.bridged else _ROUTED_MTU

    def addresses(self, version: int) -> list[str]:
        """Of one IP version, the primary one first."""
        return [address for address in self.record.addresses if ip_interface(address).version == version]


def ports(device: Device) -> list[Port]:
    """Every interface."""
    routed = {
        record.interface
        for record in device.records("switchport")
        if isinstance(record, Switchport) and record.mode == "routed"
    }
    lags = [record for record in device.records("lag") if isinstance(record, Lag)]
    members = {member: lag.name for lag in lags for member in lag.members}
    links = {record.name: is_up(device, record) for record in interfaces(device)}
    for lag in lags:
        links[lag.name] = links.get(lag.name, False) and any(links.get(member, False) for member in lag.members)
    found = []
    for record in interfaces(device):
        kind = record.name.rstrip("0123456789/.")
        hardware = "subinterface" if "." in record.name else _HARDWARE.get(kind, "ethernet")
        switches = hardware in ("ethernet", "portChannel") and not record.name.startswith("Management")
        bridged = switches and record.name not in routed and not record.addresses
        lag_name = members.get(record.name)
        found.append(Port(record, links[record.name], hardware, bridged, device.mac, lag_name))
    return found


def chosen(shell: EosShell, name: str) -> list[Port] | Answer:
    """The interfaces of a name such as `Et1`, or the refusal of it."""
    wanted = shell.interface(name)
    found = [port for port in ports(shell.device) if port.name == wanted]
    return found or Answer("% Interface does not exist\n", refused=True)


def _interfaces(shell: EosShell, name: str = "") -> Answer:
    listed = chosen(shell, name) if name else ports(shell.device)
    if isinstance(listed, Answer):
        return listed
    data = {port.name: _told(shell.device, port) for port in listed}
    return Answer("".join(_paragraph(shell.device, port) for port in listed), {"interfaces": data})


def _told(device: Device, port: Port) -> dict[str, Any]:
    """One interface, as eAPI tells it."""
    now = time.time()
    told: dict[str, Any] = {
        "name": port.name,
        "forwardingModel": "dataLink" if port.lag else "bridged" if port.bridged else "routed",
        "lineProtocolStatus": port.protocol,
        "interfaceStatus": port.status,
        "hardware": port.hardware,
        "interfaceAddress": [_ipv4(port)] if port.addresses(4) else [],
        "description": port.record.description or "",
        "bandwidth": port.speed,
        "mtu": port.mtu,
        "l2Mru": 0,
        "l3MtuConfigured": port.record.mtu is not None,
        "lastStatusChangeTimestamp": now - device.uptime_s,
    }
    if port.hardware != "loopback":
        told |= {"physicalAddress": port.mac, "burnedInAddress": port.mac}
    if port.hardware in ("ethernet", "portChannel"):
        told |= {"duplex": "duplexFull", "autoNegotiate": "off", "loopbackMode": "loopbackNone", "lanes": 0}
        told["interfaceStatistics"] = _rates()
        told["interfaceCounters"] = {"counterRefreshTime": now} | _counters(device, port)
    if port.lag:
        told["interfaceMembership"] = f"Member of {port.lag}"
    return told


def _ipv4(port: Port) -> dict[str, Any]:
    """Addresses, as eAPI nests them."""
    nested = [
        {"address": address.partition("/")[0], "maskLen": int(address.partition("/")[2])}
        for address in port.addresses(4)
    ]
    none = {"address": "0.0.0.0", "maskLen": 0}  # noqa: S104 - stands for none
    return {
        "primaryIp": nested[0] if nested else none,
        "secondaryIps": {item["address"]: item for item in nested[1:]},
        "secondaryIpsOrderedList": nested[1:],
        "virtualIp": none,
        "virtualSecondaryIps": {},
        "virtualSecondaryIpsOrderedList": [],
        "broadcastAddress": "255.255.255.255",
        "dhcp": False,
    }


def _rates() -> dict[str, Any]:
    return {"updateInterval": 300.0, "inBitsRate": 0.0, "inPktsRate": 0.0, "outBitsRate": 0.0, "outPktsRate": 0.0}


def _counters(device: Device, port: Port) -> dict[str, Any]:
    moved = device.traffic(port.name)
    octets, packets = (moved.octets, moved.packets) if port.up else (0, 0)
    both = {"Octets": octets, "UcastPkts": packets, "MulticastPkts": 0, "BroadcastPkts": 0, "Discards": 0}
    both["TotalPkts"] = packets
    return {
        **{f"in{name}": value for name, value in both.items()},
        **{f"out{name}": value for name, value in both.items()},
        "totalInErrors": 0,
        "totalOutErrors": 0,
        "linkStatusChanges": 1,
        "inputErrorsDetail": dict.fromkeys(
            ("runtFrames", "giantFrames", "fcsErrors", "alignmentErrors", "symbolErrors", "rxPause"), 0
        ),
        "outputErrorsDetail": dict.fromkeys(("collisions", "lateCollisions", "deferredTransmissions", "txPause"), 0),
    }


def _paragraph(device: Device, port: Port) -> str:
    """One interface, as the screen tells it."""
    address = "" if port.hardware == "loopback" else f", address is {dotted(port.mac)} (bia {dotted(port.mac)})"
    lines = [
        f"{port.name} is {port.link}, line protocol is {port.protocol} ({port.status})",
        f"  Hardware is {_SCREEN[port.hardware]}{address}",
    ]
    if port.record.description:
        lines.append(f"  Description: {port.record.description}")
    if port.lag:
        lines.append(f"  Member of {port.lag}")
    for number, item in enumerate(port.addresses(4)):
        lines.append(f"  {'Internet' if number == 0 else 'Secondary'} address is {item}")
    if port.addresses(4):
        lines.append("  Broadcast address is 255.255.255.255")
    width = f" , BW {port.speed // 1000} kbit" if port.speed else ""
    lines.append(f"  {'Ethernet' if port.bridged else 'IP'} MTU {port.mtu} bytes{width}")
    if port.hardware == "ethernet":
        lines.append(f"  Full-duplex, {port.speed // _GIGABIT}Gb/s, auto negotiation: off, uni-link: disabled")
    lines.append(f"  {'Up' if port.up else 'Down'} {_since(device)}")
    if port.hardware in ("ethernet", "portChannel"):
        lines += _counted(_counters(device, port))
    return "".join(f"{line}\n" for line in lines)


def _since(device: Device) -> str:
    seconds = int(device.uptime_s)
    minutes = seconds // 60
    parts = ((minutes // 1440, "day"), (minutes // 60 % 24, "hour"), (minutes % 60, "minute"), (seconds % 60, "second"))
    said = [f"{count} {word}{'' if count == 1 else 's'}" for count, word in parts if count]
    return ", ".join(said) or "0 seconds"


def _counted(told: dict[str, Any]) -> list[str]:
    return [
        "  Loopback Mode : None",
        "  1 link status changes since last clear",
        '  Last clearing of "show interface" counters never',
        "  5 minutes input rate 0 bps (0.0% with framing overhead), 0 packets/sec",
        "  5 minutes output rate 0 bps (0.0% with framing overhead), 0 packets/sec",
        f"     {told['inTotalPkts']} packets input, {told['inOctets']} bytes",
        "     Received 0 broadcasts, 0 multicast",
        "     0 runts, 0 giants",
        "     0 input errors, 0 CRC, 0 alignment, 0 symbol, 0 input discards",
        "     0 PAUSE input",
        f"     {told['outTotalPkts']} packets output, {told['outOctets']} bytes",
        "     Sent 0 broadcasts, 0 multicast",
        "     0 output errors, 0 collisions",
        "     0 late collision, 0 deferred, 0 output discards",
        "     0 PAUSE output",
    ]


def _media(port: Port) -> str:
    return "10/100/1000" if port.speed == _GIGABIT else "EbraTestPhyPort"


def _status(shell: EosShell) -> Answer:
    listed = [port for port in ports(shell.device) if port.hardware in ("ethernet", "portChannel")]
    head = f"{'Port':<10} {'Name':<24} {'Status':<12} {'Vlan':<10} {'Duplex':<6} {'Speed':<6} {'Type':<15} Flags\n"
    tags = vlan_words(shell.device)
    rows = [
        f"{port.short:<10} {(port.record.description or '')[:24]:<24} {port.status:<12} {tags(port):<10} {'full':<6} "
        f"{f'{port.speed // _GIGABIT}G':<6} {_media(port)}\n"
        for port in listed
    ]
    data = {
        port.name: {
            "description": port.record.description or "",
            "linkStatus": port.status,
            "lineProtocolStatus": port.protocol,
            "vlanInformation": {"interfaceMode": "bridged" if port.bridged else "routed"},
            "bandwidth": port.speed,
            "duplex": "duplexFull",
            "autoNegotiateActive": False,
            "interfaceType": _media(port),
        }
        for port in listed
    }
    return Answer(head + "".join(rows), {"interfaceStatuses": data})


def vlan_words(device: Device) -> Callable[[Port], str]:
    """What the Vlan column says of a port."""
    switching = {record.interface: record for record in device.records("switchport") if isinstance(record, Switchport)}

    def word(port: Port) -> str:
        own = switching.get(port.name)
        if port.lag:
            return f"in {ARISTA_EOS.short(port.lag)}"
        if not port.bridged:
            return "routed"
        return "trunk" if own is not None and own.mode == "trunk" else str(own.access_vlan or 1) if own else "1"

    return word


def _description(shell: EosShell) -> Answer:
    head = f"{'Interface':<30} {'Status':<14} {'Protocol':<18} Description\n"
    listed = ports(shell.device)
    rows = (
        f"{port.short:<30} {port.brief:<14} {port.protocol:<18} {port.record.description or ''}".rstrip()
        for port in listed
    )
    data = {
        port.name: {
            "description": port.record.description or "",
            "interfaceStatus": port.protocol if port.record.enabled else "adminDown",
            "lineProtocolStatus": port.protocol,
        }
        for port in listed
    }
    return Answer(head + "".join(f"{row}\n" for row in rows), {"interfaceDescriptions": data})


def _counter_table(shell: EosShell) -> Answer:
    listed = [port for port in ports(shell.device) if port.hardware in ("ethernet", "portChannel")]
    text, told = "", {port.name: _counters(shell.device, port) for port in listed}
    for side, way in (("In", "in"), ("Out", "out")):
        names = ("Octets", "UcastPkts", "MulticastPkts", "BroadcastPkts")
        heads = [f"{side}{name.replace('Multicast', 'Mcast').replace('Broadcast', 'Bcast')}" for name in names]
        text += f"{'Port':<10}{''.join(f'{head:>18}' for head in heads)}\n"
        for port in listed:
            text += f"{port.short:<10}{''.join(f'{told[port.name][way + name]:>18}' for name in names)}\n"
        text += "\n"
    return Answer(text, {"interfaces": told})


def _routed(device: Device, version: int, vrf: str) -> list[Port]:
    own = "default" if vrf == "" else vrf
    return [
        port for port in ports(device) if port.addresses(version) and (own in ("all", port.record.vrf or "default"))
    ]


def _ip_interface(shell: EosShell, vrf: str = "all") -> Answer:
    listed = _routed(shell.device, 4, vrf)
    data, text = {}, ""
    for port in listed:
        own = port.record.vrf or "default"
        data[port.name] = {
            "name": port.name,
            "lineProtocolStatus": port.protocol,
            "interfaceStatus": port.status,
            "enabled": port.record.enabled,
            "mtu": port.mtu,
            "vrf": own,
            "description": port.record.description or "",
            "interfaceAddress": _ipv4(port),
            "proxyArp": False,
            "ipv4Routable240": False,
        }
        text += f"{port.name} is {port.link}, line protocol is {port.protocol} ({port.status})\n"
        for number, item in enumerate(port.addresses(4)):
            text += f"  {'Internet' if number == 0 else 'Secondary'} address is {item}\n"
        text += (
            f"  Broadcast address is 255.255.255.255\n  IPv6 Interface Forwarding : None\n  IP MTU {port.mtu} bytes\n"
        )
        text += f"  VPN Routing/Forwarding is in VRF {own}\n" if own != "default" else ""
    return Answer(text, {"interfaces": data})


def _ip_brief(shell: EosShell) -> Answer:
    listed = _routed(shell.device, 4, "all")
    head = f"{'':<63}Address\n{'Interface':<17} {'IP Address':<21} {'Status':<11} {'Protocol':<14} {'MTU':<9} Owner\n"
    head += f"{'-' * 17} {'-' * 21} {'-' * 11} {'-' * 14} {'-' * 8} {'-' * 7}\n"
    rows = (
        f"{port.name:<17} {port.addresses(4)[0]:<21} {port.brief:<11} {port.protocol:<14} {port.mtu}\n"
        for port in listed
    )
    whole = _ip_interface(shell).data
    return Answer(head + "".join(rows), whole)


def _ipv6_interface(shell: EosShell, vrf: str = "all") -> Answer:
    listed = _routed(shell.device, 6, vrf)
    if not listed:
        return Answer("% No IPv6 configured interfaces\n", refused=True)
    data, text = {}, ""
    for port in listed:
        found = [ip_interface(address) for address in port.addresses(6)]
        nested = [{"address": str(item.ip), "subnet": str(item.network), "active": port.up} for item in found]
        link_local = _link_local(port.mac)
        data[port.name] = {
            "name": port.name,
            "lineProtocolStatus": port.protocol,
            "interfaceStatus": port.status,
            "mtu": port.mtu,
            "vrf": port.record.vrf or "default",
            "state": "enabled",
            "addresses": nested,
            "linkLocal": {"address": link_local, "subnet": "fe80::/64", "active": port.up},
            "multicastGroupAddresses": ["ff02::1", "ff02::2"],
        }
        text += f"{port.name} is {port.link}, line protocol is {port.protocol} ({port.status})\n"
        text += f"  IPv6 is enabled, link-local is {link_local}/64\n  Global unicast address(es):\n"
        text += "".join(f"    {item.ip}, subnet is {item.network}\n" for item in found)
        text += f"  IPv6 MTU is {port.mtu}\n"
    return Answer(text, {"interfaces": data})


def _link_local(mac: str) -> str:
    """By RFC 4291, appendix A."""
    octets = bytearray.fromhex(mac.replace(":", ""))
    octets[0] ^= 2
    return str(IPv6Address(bytes.fromhex("fe80000000000000") + octets[:3] + b"\xff\xfe" + octets[3:]))


def _transceivers(shell: EosShell) -> Answer:
    """Ports with a cable have a module; light arrives where the link is up."""
    data: dict[str, Any] = {}
    head = (
        "                                      Bias      Optical   Optical\n"
        "          Temp       Voltage   Current   Tx Power  Rx Power\n"
        "Port      (Celsius)  (Volts)   (mA)      (dBm)     (dBm)     Last Update\n"
        "-----     ---------  --------  --------  --------  --------  -------------------\n"
    )
    for port in ports(shell.device):
        if port.hardware != "ethernet" or cable_of(shell.device, port.name) is None:
            continue
        received = -2.5 if port.up else -30.0
        data[port.name] = {
            "displayName": port.name,
            "vendorSn": shell.device.serial,
            "mediaType": "SIMULATED",
            "temperature": 30.5,
            "voltage": 3.3,
            "txBias": 6.1,
            "txPower": -2.1,
            "rxPower": received,
            "narrowBand": False,
            "updateTime": time.time(),
        }
        head += f"{port.short:<9} {30.5:<10.2f} {3.3:<9.2f} {6.1:<9.2f} {-2.1:<9.2f} {received:<9.2f} 0:00:01 ago\n"
    return Answer(head, {"interfaces": data})


COMMANDS = (
    Command("show interfaces", _interfaces),
    Command("show interfaces <name>", _interfaces),
    Command("show interfaces status", _status),
    Command("show interfaces description", _description),
    Command("show interfaces counters", _counter_table),
    Command("show interfaces transceiver", _transceivers),
    Command("show ip interface", _ip_interface),
    Command("show ip interface vrf <vrf>", _ip_interface),
    Command("show ip interface brief", _ip_brief),
    Command("show ipv6 interface", _ipv6_interface),
    Command("show ipv6 interface vrf <vrf>", _ipv6_interface),
)
