"""The interfaces of a simulated Junos device: physical ones with their units, and how they stand."""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from netloom.lab.simulation.device import Device
from netloom.lab.simulation.network import interfaces, is_up
from netloom.model.interface import Interface
from netloom.model.lag import Lag
from netloom.model.switchport import Switchport
from netloom.model.text import vlan_tags
from netloom.model.vlan import Vlan

_SPEEDS = {"ge": "1000mbps", "xe": "10Gbps", "et": "40Gbps", "fe": "100mbps", "em": "1000mbps", "fxp": "1000mbps"}
_NO_PORT = re.compile(r"(?:lo|irb|vlan|ae|gr-|ip-|st|vtep|dsc|lsi)")
_SWITCHED_MTU = 1514


@dataclass(slots=True)
class Port:
    """A physical interface."""

    record: Interface
    index: int
    up: bool
    units: list[Unit] = field(default_factory=list)

    @property
    def name(self) -> str:
        """Its name."""
        return self.record.name

    @property
    def speed(self) -> str | None:
        """As Junos writes it; None for what has no port."""
        return None if _NO_PORT.match(self.name) else _SPEEDS.get(re.split(r"[-\d]", self.name)[0], "1000mbps")

    @property
    def mtu(self) -> int | None:
        """As configured, or what is usual; None for what has none."""
        return self.record.mtu or (None if self.name.startswith("lo") else _SWITCHED_MTU)

    @property
    def kind(self) -> str:
        """The link-level type."""
        return "Loopback" if self.name.startswith("lo") else "Ethernet"


@dataclass(slots=True)
class Unit:
    """A logical interface."""

    record: Interface
    index: int
    up: bool
    switches: bool = False
    aggregate: str | None = None

    @property
    def name(self) -> str:
        """Its name, with the unit's number."""
        return self.record.name


def ports(device: Device) -> list[Port]:
    """Every physical interface with its units, in the order of the configuration."""
    records = interfaces(device)
    switching = {record.interface for record in device.records("switchport") if isinstance(record, Switchport)}
    members = {name: lag.name for lag in device.records("lag") if isinstance(lag, Lag) for name in lag.members}
    found: dict[str, Port] = {}
    for record in records:
        if "." not in record.name:
            found[record.name] = Port(record, _index(record.name), is_up(device, record))
    for record in records:
        physical, dot, _ = record.name.partition(".")
        if dot and physical in found:
            port = found[physical]
            port.up = port.up or (port.record.enabled and is_up(device, record))
            up = port.up and record.enabled
            port.units.append(Unit(record, _index(record.name), up, record.name in switching))
    for port in found.values():
        if port.name in members and not port.units:
            unit = Interface(f"{port.name}.0", enabled=port.record.enabled)
            port.units.append(Unit(unit, _index(unit.name), port.up, aggregate=f"{members[port.name]}.0"))
    for aggregate in {*members.values()} & {*found}:
        _carried(found[aggregate], [found[name] for name, own in members.items() if own == aggregate and name in found])
    return list(found.values())


def _carried(aggregate: Port, members: list[Port]) -> None:
    """An aggregate is up where a member is."""
    aggregate.up = aggregate.record.enabled and any(member.up for member in members)
    for unit in aggregate.units:
        unit.up = aggregate.up and unit.record.enabled


def named(device: Device, pattern: str | None) -> list[Port]:
    """The interfaces of a name or pattern; a unit's name finds its interface with that unit alone."""
    every = ports(device)
    if not pattern:
        return every
    found = [port for port in every if fnmatchcase(port.name, pattern)]
    for port in every if not found else ():
        port.units = [unit for unit in port.units if fnmatchcase(unit.name, pattern)]
        if port.units:
            found.append(port)
    return found


def vlans(device: Device) -> dict[int, tuple[str, list[tuple[Unit, bool]]]]:
    """VLAN → its name, and the units in it with whether they tag it."""
    named_by = {
        record.id: record.name or f"vlan{record.id}" for record in device.records("vlan") if isinstance(record, Vlan)
    }
    found: dict[int, tuple[str, list[tuple[Unit, bool]]]] = {tag: (name, []) for tag, name in named_by.items()}
    units = {unit.name: unit for port in ports(device) for unit in port.units}
    for record in device.records("switchport"):
        if not isinstance(record, Switchport) or record.interface not in units:
            continue
        for tag, tagged in memberships(record, tuple(found)):
            if tag in found:
                found[tag][1].append((units[record.interface], tagged))
    return found


def memberships(record: Switchport, known: tuple[int, ...]) -> list[tuple[int, bool]]:
    """The VLANs of a port, each with whether it is tagged."""
    if record.mode != "trunk":
        return [(record.access_vlan, False)] if record.access_vlan is not None else []
    allowed = known if record.allowed_vlans is None else sorted(vlan_tags(record.allowed_vlans))
    found = [(tag, tag != record.native_vlan) for tag in allowed]
    native = record.native_vlan
    return found if native is None or native in allowed else [*found, (native, False)]


def _index(name: str) -> int:
    """An SNMP index that stays."""
    return 500 + zlib.crc32(name.encode()) % 30_000
