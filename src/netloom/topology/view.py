"""What the drawings and the path know of the network: observed records, indexed by every identifier."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from ipaddress import ip_interface

from netloom.model.bgp_session import BgpSessionState
from netloom.model.device import DeviceState
from netloom.model.interface import InterfaceState
from netloom.model.neighbor import NeighborState
from netloom.model.route import RouteState
from netloom.model.text import canonical_mac


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceView:
    """One device: its place in the inventory and what was last seen of it."""

    name: str
    platform: str | None = None
    role: str | None = None
    tier: int | None = None
    """0 is drawn at the top; None lets the layout decide."""
    reachable: bool = True
    simulated: bool = False
    """It only pretends to be such a device: every drawing says so."""
    management_address: str | None = None
    device: DeviceState | None = None
    interfaces: tuple[InterfaceState, ...] = ()
    neighbors: tuple[NeighborState, ...] = ()
    bgp_sessions: tuple[BgpSessionState, ...] = ()
    routes: tuple[RouteState, ...] = ()


@dataclass(slots=True)
class NetworkView:
    """All devices, found by name, address or MAC; an identifier that several devices share finds none."""

    devices: Mapping[str, DeviceView]
    _names: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set), repr=False)
    _addresses: dict[str, set[tuple[str, str]]] = field(default_factory=lambda: defaultdict(set), repr=False)
    _macs: dict[str, set[tuple[str, str]]] = field(default_factory=lambda: defaultdict(set), repr=False)

    def __post_init__(self) -> None:
        for device in self.devices.values():
            self._index(device)

    def _index(self, device: DeviceView) -> None:
        names = {device.name, device.device.hostname if device.device else device.name}
        for name in names:
            self._names[name.lower()].add(device.name)
            self._names[name.lower().partition(".")[0]].add(device.name)
        if device.management_address:
            self._addresses[device.management_address].add((device.name, ""))
        for interface in device.interfaces:
            for address in interface.addresses:
                self._addresses[str(ip_interface(address).ip)].add((device.name, interface.name))
            if interface.mac_address and not _shared_mac(interface.mac_address):
                self._macs[canonical_mac(interface.mac_address)].add((device.name, interface.name))

    def interface(self, device: str, name: str) -> InterfaceState | None:
        """One interface's state."""
        return next((item for item in self.devices[device].interfaces if item.name == name), None)

    def by_name(self, name: str) -> str | None:
        """The device of this name, short or fully qualified, in any case."""
        exact = _single(self._names.get(name.lower(), set()))
        return exact or _single(self._names.get(name.lower().partition(".")[0], set()))

    def owner(self, address: str) -> tuple[str, str] | None:
        """The device and interface that hold an address (the interface is empty where it is not known)."""
        owners = self._addresses.get(address, set())
        device = _single({name for name, _ in owners})
        if device is None:
            return None
        return device, next((interface for _, interface in sorted(owners, reverse=True)), "")

    def by_mac(self, mac: str) -> tuple[str, str] | None:
        """The device and interface with this MAC address."""
        try:
            owners = self._macs.get(canonical_mac(mac), set())
        except ValueError:
            return None
        device = _single({name for name, _ in owners})
        if device is None:
            return None
        return device, next(interface for _, interface in sorted(owners))

    def neighbor_device(self, neighbor: NeighborState) -> str | None:
        """The device that an LLDP neighbor is: by name, by management address, or by any MAC address."""
        if neighbor.system_name and (found := self.by_name(neighbor.system_name)):
            return found
        for address in neighbor.management_addresses:
            if owner := self.owner(address):
                return owner[0]
        for mac in (neighbor.chassis_id, neighbor.port_id):
            if owner := self.by_mac(mac):
                return owner[0]
        return self.by_name(neighbor.chassis_id)

    def neighbor_interface(self, device: str, neighbor: NeighborState) -> str:
        """The far interface's name on `device`, by name, MAC, ifIndex or description; the port id where all fail."""
        interfaces = self.devices[device].interfaces
        for text in (neighbor.port_id, neighbor.port_description):
            for interface in interfaces:
                if text and text == interface.name:
                    return interface.name
        owner = self.by_mac(neighbor.port_id)
        if owner and owner[0] == device:
            return owner[1]
        for interface in interfaces:
            if neighbor.port_id_type == "local" and neighbor.port_id == str(interface.ifindex):
                return interface.name
            if interface.description and interface.description in (neighbor.port_id, neighbor.port_description):
                return interface.name
        return neighbor.port_id


def _single(found: Iterable[str]) -> str | None:
    names = set(found)
    return names.pop() if len(names) == 1 else None


def _shared_mac(mac: str) -> bool:
    """Loopbacks' zero and virtual routers' addresses (RFC 5798 section 7.3) tell nothing of a device."""
    text = mac.lower()
    return text == "00:00:00:00:00:00" or text.startswith("00:00:5e:00:0")
