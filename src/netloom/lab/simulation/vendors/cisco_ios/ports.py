"""The interfaces of an IOS device as they stand, by configuration, cables and time."""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import IPv6Interface, ip_interface

from netloom.lab.simulation.device import Device
from netloom.lab.simulation.network import interfaces, is_up
from netloom.lab.simulation.vendors.cisco_ios.system import is_switch
from netloom.model.interface import Interface
from netloom.model.lag import Lag
from netloom.model.switchport import Switchport
from netloom.platforms.interface_names import CISCO_IOS

_SPEEDS = {"Fast": 100, "TwoGigabit": 2500, "TenGig": 10_000, "TwentyFive": 25_000, "Forty": 40_000, "Hundred": 100_000}
_GIGABIT = 1000
_ORDER = ("Vlan", "Fast", "Gigabit", "TwoGig", "TenGig", "TwentyFive", "Forty", "Hundred")


@dataclass(frozen=True, slots=True)
class Port:
    """One interface and how it stands."""

    record: Interface
    up: bool
    kind: str
    """The word before the number: GigabitEthernet, Loopback, …"""
    switched: bool
    mac: str
    """The device's own: what neighbors learn of it."""
    lag: Lag | None = None
    """The aggregate that it is a member of."""

    @property
    def name(self) -> str:
        """In full."""
        return self.record.name

    @property
    def short(self) -> str:
        """As tables have it."""
        return CISCO_IOS.short(self.name)

    @property
    def physical(self) -> bool:
        """Whether there is a socket."""
        return "Ethernet" in self.kind or "Gig" in self.kind

    @property
    def link(self) -> str:
        """The first word about its state."""
        return "up" if self.up else "down" if self.record.enabled else "administratively down"

    @property
    def status(self) -> str:
        """The word of switches."""
        return "connected" if self.up else "notconnect" if self.record.enabled else "disabled"

    @property
    def protocol(self) -> str:
        """The line protocol."""
        return "up" if self.up else "down"

    @property
    def kilobits(self) -> int:
        """The bandwidth."""
        if self.kind == "Loopback":
            return 8_000_000
        if self.kind == "Tunnel":
            return 100
        return 1000 * next((speed for word, speed in _SPEEDS.items() if self.kind.startswith(word)), _GIGABIT)

    @property
    def mtu(self) -> int:
        """In octets."""
        return self.record.mtu or {"Loopback": 1514, "Tunnel": 17916}.get(self.kind, 1500)

    def addresses(self, version: int) -> list[str]:
        """Of one IP version, the primary one first."""
        return [address for address in self.record.addresses if ip_interface(address).version == version]

    @property
    def head(self) -> str:
        """How both `show interfaces` and `show ip interface` begin."""
        return f"{self.name} is {self.link}, line protocol is {self.protocol}"

    @property
    def link_local(self) -> str:
        """EUI-64 (RFC 4291, appendix A)."""
        octets = bytes.fromhex(self.mac.replace(":", ""))
        host = bytes((octets[0] ^ 2, *octets[1:3], 0xFF, 0xFE, *octets[3:]))
        return str(IPv6Interface(bytes((0xFE, 0x80, 0, 0, 0, 0, 0, 0, *host))).ip).upper()


def ports(device: Device) -> list[Port]:
    """Every interface, in the order of IOS's tables."""
    modes = {record.interface: record.mode for record in device.records("switchport") if isinstance(record, Switchport)}
    lags = [record for record in device.records("lag") if isinstance(record, Lag)]
    members = {member: lag for lag in lags for member in lag.members}
    links = {record.name: is_up(device, record) for record in interfaces(device)}
    for lag in lags:
        links[lag.name] = links.get(lag.name, False) and any(links.get(member, False) for member in lag.members)
    switch = is_switch(device)
    found = []
    for record in interfaces(device):
        kind = record.name.rstrip("0123456789/.")
        carries = kind == "Port-channel" or "Ethernet" in kind or "Gig" in kind
        routed = modes.get(record.name) == "routed" or record.addresses or "." in record.name
        switched = switch and carries and not routed and record.name != "GigabitEthernet0/0"
        found.append(Port(record, links[record.name], kind, switched, device.mac, members.get(record.name)))
    return sorted(found, key=_place)


def _place(port: Port) -> tuple[int, list[int]]:
    rank = next((rank for rank, word in enumerate(_ORDER) if port.kind.startswith(word)), len(_ORDER))
    return rank, [int(part) for part in re.findall(r"\d+", port.name)]
