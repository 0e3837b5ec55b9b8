"""Whether two sightings are one device: by any address, MAC or name, the sure signs before the names."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable

from netloom.model.interface import InterfaceState
from netloom.model.neighbor import NeighborState
from netloom.model.text import canonical_mac

_FACTORY_NAMES = ("", "localhost", "(none)", "switch", "router", "debian", "ubuntu", "cumulus", "vyos")
"""Names that many devices bear and that tell none of them apart."""


class Identities:
    """Devices by what tells them apart."""

    def __init__(self) -> None:
        self._signs: dict[str, str] = {}
        self._names: dict[str, dict[str, str]] = {}

    def add(self, device: str, signs: Iterable[str], *names: str | None) -> None:
        """Remember a device's signs and names; the first to show a sign keeps it."""
        for sign in signs:
            self._signs.setdefault(sign, device)
        for name in names:
            if name and _short(name) not in _FACTORY_NAMES:
                self._names.setdefault(_short(name), {}).setdefault(name.lower(), device)

    def find(self, signs: Iterable[str], name: str | None = None) -> str | None:
        """The device that shows one of these signs, else the one that bears this name, short or fully qualified."""
        for sign in signs:
            if sign in self._signs:
                return self._signs[sign]
        if not name:
            return None
        bearers = self._names.get(_short(name), {})
        if name.lower() in bearers:
            return bearers[name.lower()]
        alike = {device for other, device in bearers.items() if "." not in name or "." not in other}
        return alike.pop() if len(alike) == 1 else None


def signs_of_neighbor(neighbor: NeighborState) -> list[str]:
    """What a neighbor tells of itself that nobody else should."""
    macs = [
        identifier
        for kind, identifier in (
            (neighbor.chassis_id_type, neighbor.chassis_id),
            (neighbor.port_id_type, neighbor.port_id),
        )
        if kind == "mac-address"
    ]
    addresses = list(neighbor.management_addresses)
    if neighbor.chassis_id_type == "network-address":
        addresses.append(neighbor.chassis_id)
    return [*_mac_signs(macs), *_address_signs(addresses)]


def signs_of_interfaces(interfaces: Iterable[InterfaceState]) -> list[str]:
    """The MAC and IP addresses that a device holds."""
    held = list(interfaces)
    macs = [interface.mac_address for interface in held if interface.mac_address]
    return [*_mac_signs(macs), *_address_signs(address for interface in held for address in interface.addresses)]


def address_sign(address: str) -> list[str]:
    """The sign of one address; none where it is a name or says nothing of a device."""
    return _address_signs([address])


def _mac_signs(macs: Iterable[str]) -> list[str]:
    signs = []
    for mac in macs:
        try:
            text = canonical_mac(mac)
        except ValueError:
            continue
        # all zero, and virtual routers' (RFC 5798 section 7.3), which wander between devices
        if text != "00:00:00:00:00:00" and not text.startswith("00:00:5e:00:0"):
            signs.append(f"mac {text}")
    return signs


def _address_signs(addresses: Iterable[str]) -> list[str]:
    signs = []
    for address in addresses:
        try:
            ip = ipaddress.ip_interface(address).ip
        except ValueError:
            continue
        if not (ip.is_link_local or ip.is_loopback or ip.is_unspecified or ip.is_multicast):
            signs.append(f"address {ip}")
    return signs


def _short(name: str) -> str:
    return name.lower().partition(".")[0]
