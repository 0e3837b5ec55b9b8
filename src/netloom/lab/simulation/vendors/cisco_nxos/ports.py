"""The interfaces of a simulated Nexus as all its tables tell them."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import IPv4Interface, IPv6Interface, ip_interface

from netloom.lab.simulation.device import Device, Traffic
from netloom.lab.simulation.network import interfaces, is_up
from netloom.model.interface import Interface
from netloom.model.lag import Lag
from netloom.model.switchport import Switchport
from netloom.model.vlan import Vlan
from netloom.platforms.interface_names import CISCO_NXOS

_KINDS = ("mgmt", "Ethernet", "port-channel", "loopback", "Vlan", "Tunnel", "nve")
_NATURAL = re.compile(r"\d+|\D+")
_GIGABIT_KBIT = 1_000_000
_TEN_GIGABIT_KBIT = 10_000_000
ALL_VLANS = "1-4094"
SPEEDS = {1_000_000: ("1000 Mb/s", "1000"), 10_000_000: ("10 Gb/s", "10G"), 8_000_000: ("auto", "auto")}
"""kbit/s → as `show interface` says it, and as tables do."""


@dataclass(frozen=True, slots=True)
class Port:
    """One interface: what is configured, and how it stands."""

    record: Interface
    up: bool
    reason: str
    """Why it is down; empty where it is up."""
    switchport: Switchport | None
    """None where it routes."""
    mac: str
    traffic: Traffic
    lag: str | None
    """The port channel that it is a member of."""
    index: int

    @property
    def name(self) -> str:
        """As the configuration spells it."""
        return self.record.name

    @property
    def short(self) -> str:
        """As tables spell it."""
        return CISCO_NXOS.short(self.record.name)

    @property
    def kind(self) -> str:
        """Ethernet, mgmt, port-channel, loopback, Vlan, …"""
        return next((kind for kind in _KINDS if self.name.startswith(kind)), "other")

    @property
    def mtu(self) -> int:
        """In octets."""
        return self.record.mtu or 1500

    @property
    def kbit(self) -> int:
        """Its bandwidth."""
        return {"loopback": 8_000_000, "port-channel": _TEN_GIGABIT_KBIT, "Ethernet": _TEN_GIGABIT_KBIT}.get(
            self.kind, _GIGABIT_KBIT
        )

    @property
    def vrf(self) -> str:
        """The VRF that it routes in."""
        return self.record.vrf or "default"

    @property
    def ipv4(self) -> list[IPv4Interface]:
        """Its addresses, the primary one first."""
        return [found for text in self.record.addresses if isinstance(found := ip_interface(text), IPv4Interface)]

    @property
    def ipv6(self) -> list[IPv6Interface]:
        """Its addresses."""
        return [found for text in self.record.addresses if isinstance(found := ip_interface(text), IPv6Interface)]


def ports(device: Device) -> list[Port]:
    """Every interface, in the device's order."""
    switching = {record.interface: record for record in device.records("switchport") if isinstance(record, Switchport)}
    lags = [record for record in device.records("lag") if isinstance(record, Lag)]
    member_of = {member: lag.name for lag in lags for member in lag.members}
    records = sorted(interfaces(device), key=lambda record: _order(record.name))
    up = {record.name: is_up(device, record) for record in records}
    for lag in lags:
        up[lag.name] = up.get(lag.name, False) and any(up.get(member, False) for member in lag.members)
    found = []
    for index, record in enumerate(records, start=1):
        switch = switching.get(record.name)
        if switch is None and not record.addresses and re.fullmatch(r"Ethernet[\d/]+", record.name):
            switch = Switchport(record.name)
        found.append(
            Port(
                record,
                up[record.name],
                "" if up[record.name] else _reason(record),
                None if switch is None or switch.mode == "routed" else switch,
                mac_of(device, record.name),
                device.traffic(record.name),
                member_of.get(record.name),
                index,
            )
        )
    return found


def port(device: Device, name: str) -> Port | None:
    """One interface by any spelling of its name."""
    wanted = CISCO_NXOS.long(name)
    return next((found for found in ports(device) if found.name == wanted), None)


def named(device: Device, words: str) -> list[Port]:
    """The interfaces that the last words of a command name: all for none, one, or a kind."""
    wanted = "".join(words.split())
    if not wanted:
        return ports(device)
    one = port(device, wanted)
    return [one] if one is not None else []


def mac_of(device: Device, interface: str) -> str:
    """A MAC address of its own, as NX-OS spells them."""
    plain = device.mac.replace(":", "")[:8] + f"{zlib.crc32(interface.encode()) & 0xFFFF:04x}"
    return ".".join(plain[at : at + 4] for at in (0, 4, 8))


def vlans(device: Device) -> dict[int, Vlan]:
    """Every VLAN; VLAN 1 is always there."""
    found = {record.id: record for record in device.records("vlan") if isinstance(record, Vlan)}
    return dict(sorted({1: Vlan(1, "default"), **found}.items()))


def vlan_name(device: Device, number: int) -> str:
    """Its name, or the one that it has by itself."""
    known = vlans(device).get(number)
    if known is None:
        return "Vlan not created"
    return known.name or ("default" if number == 1 else f"VLAN{number:04}")


def carried(own: Port, device: Device) -> Iterator[int]:
    """The VLANs that a switching port carries."""
    switch = own.switchport
    if switch is None:
        return
    if switch.mode != "trunk":
        yield switch.access_vlan or 1
        return
    allowed = set(numbers(switch.allowed_vlans or ALL_VLANS))
    yield from (number for number in vlans(device) if number in allowed)


def numbers(text: str) -> Iterator[int]:
    """`1,10-12` → 1, 10, 11, 12."""
    for part in text.split(","):
        first, _, last = part.partition("-")
        if first.isdigit():
            yield from range(int(first), int(last or first) + 1)


def _order(name: str) -> tuple[int, list[tuple[int, int, str]]]:
    kind = next((at for at, start in enumerate(_KINDS) if name.startswith(start)), len(_KINDS))
    return kind, [(0, int(part), "") if part.isdigit() else (1, 0, part) for part in _NATURAL.findall(name)]


def _reason(record: Interface) -> str:
    if not record.enabled:
        return "Administratively down"
    if record.name.startswith("port-channel"):
        return "No operational members"
    return "Link not connected"
