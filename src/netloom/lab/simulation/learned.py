"""What simulated devices have learned of their neighbors: ARP and ND entries, and MAC addresses on switched ports."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import ip_interface
from typing import TYPE_CHECKING

from netloom.lab.simulation.network import cable_of, interfaces, is_up
from netloom.model.interface import Interface
from netloom.model.switchport import Switchport
from netloom.model.text import vlan_tags
from netloom.model.vlan import Vlan

if TYPE_CHECKING:
    from netloom.lab.simulation.device import Device
    from netloom.lab.simulation.spec import Cable


@dataclass(frozen=True, slots=True)
class LearnedAddress:
    """A neighbor's address."""

    address: str
    mac: str
    interface: str
    vrf: str = "default"
    port: str | None = None
    """Behind which switched port, where the interface is a VLAN's."""


@dataclass(frozen=True, slots=True)
class LearnedMac:
    """A MAC address in a VLAN."""

    mac: str
    vlan: int
    interface: str


def mac_of(device: Device, name: str) -> str:
    """The MAC address of a device by its name, also of one that is not simulated."""
    far = device.world.get(name)
    if far is not None:
        return far.mac
    return ":".join(f"{octet:02x}" for octet in (0x02, 0x53, *zlib.crc32(name.encode()).to_bytes(4, "big")))


def addresses(device: Device) -> list[LearnedAddress]:
    """The addresses of neighbors in networks that both ends are in."""
    found: dict[tuple[str, str], LearnedAddress] = {}
    for record in interfaces(device):
        if not is_up(device, record):
            continue
        own = cable_of(device, record.name)
        for cable in (own,) if own is not None else _switched(device):
            for address in _held(device, cable):
                if _is_near(address, record):
                    plain = str(ip_interface(address).ip)
                    port = None if own is not None else cable.interface
                    vrf = record.vrf or "default"
                    entry = LearnedAddress(plain, mac_of(device, cable.neighbor), record.name, vrf, port)
                    found.setdefault((record.name, plain), entry)
    return list(found.values())


def _switched(device: Device) -> list[Cable]:
    """The cables in ports that have no address themselves."""
    routed = {record.name.partition(".")[0] for record in interfaces(device) if record.addresses}
    return [cable for cable in device.spec.cables if cable.interface not in routed]


def _is_near(address: str, record: Interface) -> bool:
    """Whether an address is another one in a network of the interface."""
    own = [ip_interface(item) for item in record.addresses]
    other = ip_interface(address).ip
    return any(other in item.network for item in own) and all(other != item.ip for item in own)


def _held(device: Device, cable: Cable) -> Iterator[str]:
    far = device.world.get(cable.neighbor)
    if far is not None:
        for record in interfaces(far):
            if record.enabled:
                yield from record.addresses


def mac_addresses(device: Device) -> list[LearnedMac]:
    """The neighbors behind switched ports that are up, in every VLAN of the port."""
    known = [record.id for record in device.records("vlan") if isinstance(record, Vlan)]
    records = {record.name: record for record in interfaces(device)}
    found = []
    for port in device.records("switchport"):
        cable = cable_of(device, port.interface) if isinstance(port, Switchport) else None
        record = records.get(port.interface) if isinstance(port, Switchport) else None
        if not isinstance(port, Switchport) or cable is None or record is None or not is_up(device, record):
            continue
        found += [LearnedMac(mac_of(device, cable.neighbor), tag, port.interface) for tag in _tags(port, known)]
    return found


def _tags(port: Switchport, known: list[int]) -> list[int]:
    if port.mode != "trunk":
        return [port.access_vlan] if port.access_vlan in known else []
    allowed = known if port.allowed_vlans is None else vlan_tags(port.allowed_vlans)
    return [tag for tag in known if tag in allowed]
