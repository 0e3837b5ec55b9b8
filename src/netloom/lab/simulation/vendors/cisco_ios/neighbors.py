"""What an IOS device hears of its neighbors: LLDP, CDP, ARP and IPv6 neighbor discovery."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from ipaddress import ip_address, ip_interface

from netloom.lab.simulation import learned
from netloom.lab.simulation.device import Command, Device
from netloom.lab.simulation.network import cable_of, interfaces
from netloom.lab.simulation.shell import Answer
from netloom.lab.simulation.spec import Cable
from netloom.lab.simulation.vendors.cisco_ios.ports import Port, ports
from netloom.lab.simulation.vendors.cisco_ios.shell import IosShell
from netloom.lab.simulation.vendors.cisco_ios.system import domain, dotted, image, model
from netloom.platforms.interface_names import CISCO_IOS

_HOLD_S, _CDP_HOLD_S = 120, 180


@dataclass(frozen=True, slots=True)
class Neighbor:
    """What is at the other end of a cable."""

    port: Port
    cable: Cable
    far: Device | None
    mac: str

    @property
    def name(self) -> str:
        """The system's name."""
        if self.far is None:
            return self.cable.neighbor
        suffix = domain(self.far)
        return f"{self.far.hostname}.{suffix}" if suffix else self.far.hostname

    @property
    def description(self) -> str:
        """The system's description."""
        if self.far is None:
            return f"{self.cable.neighbor_platform or 'a system'} outside the simulation"
        if self.far.platform.name == "cisco_ios":
            return f"{image(self.far)}, simulated by netloom"
        return f"{self.far.platform.title}, simulated by netloom"

    @property
    def model(self) -> str:
        """The chassis of a device of this kind."""
        own = self.far is not None and self.far.platform.name == "cisco_ios"
        return model(self.far) if self.far is not None and own else "simulated"

    @property
    def far_port(self) -> str:
        """The port's short name, as IOS sends it in LLDP; others send theirs in full."""
        own = self.far is not None and self.far.platform.name == "cisco_ios"
        return CISCO_IOS.short(self.cable.neighbor_interface) if own else self.cable.neighbor_interface

    @property
    def port_description(self) -> str:
        """The port's description."""
        listed = interfaces(self.far) if self.far is not None else []
        found = (item.description for item in listed if item.name == self.cable.neighbor_interface)
        return next(found, None) or self.cable.neighbor_interface


def neighbors(device: Device) -> Iterator[Neighbor]:
    """Every neighbor over a cable that is up."""
    for port in ports(device):
        cable = cable_of(device, port.name)
        if cable is not None and cable.interface == port.name and port.up:
            far = device.world.get(cable.neighbor)
            yield Neighbor(port, cable, far, learned.mac_of(device, cable.neighbor))


def _by_lldp(shell: IosShell, name: str) -> list[Neighbor] | None:
    """None where LLDP does not run."""
    if "lldp run" not in shell.device.config.tree:
        return None
    wanted = shell.interface(name) if name else ""
    return [item for item in neighbors(shell.device) if wanted in ("", item.port.name)]


def _lldp(shell: IosShell, name: str = "") -> Answer:
    listed = _by_lldp(shell, name)
    if listed is None:
        return Answer("% LLDP is not enabled\n", refused=True)
    text = (
        "Capability codes:\n    (R) Router, (B) Bridge, (T) Telephone, (C) DOCSIS Cable Device\n"
        "    (W) WLAN Access Point, (P) Repeater, (S) Station, (O) Other\n\n"
        "Device ID           Local Intf     Hold-time  Capability      Port ID\n"
    )
    for item in listed:
        text += f"{item.name[:20]:<20}{item.port.short:<15}{_HOLD_S:<11}{'B,R':<16}{item.far_port}\n"
    return Answer(f"{text}\nTotal entries displayed: {len(listed)}\n\n")


def _lldp_detail(shell: IosShell, name: str = "") -> Answer:
    listed = _by_lldp(shell, name)
    if listed is None:
        return Answer("% LLDP is not enabled\n", refused=True)
    text = ""
    for item in listed:
        address = f"    IP: {item.far.spec.address}\n" if item.far is not None else ""
        managed = f"Management Addresses:\n{address}" if address else "Management Addresses - not advertised\n"
        text += (
            "------------------------------------------------\n"
            f"Local Intf: {item.port.short}\nChassis id: {dotted(item.mac)}\nPort id: {item.far_port}\n"
            f"Port Description: {item.port_description}\nSystem Name: {item.name}\n\n"
            f"System Description: \n{item.description}\n\nTime remaining: {_HOLD_S - 9} seconds\n"
            f"System Capabilities: B,R\nEnabled Capabilities: R\n{managed}"
            "Auto Negotiation - not supported\nPhysical media capabilities - not advertised\n"
            "Media Attachment Unit type - not advertised\nVlan ID: - not advertised\n\n"
        )
    return Answer(f"{text}\nTotal entries displayed: {len(listed)}\n\n")


def _by_cdp(shell: IosShell, name: str) -> list[Neighbor]:
    """Neighbors that speak it: Cisco's; both ends may have turned it off."""
    wanted = shell.interface(name) if name else ""
    return [
        item
        for item in neighbors(shell.device)
        if wanted in ("", item.port.name)
        and item.far is not None
        and item.far.platform.name.startswith("cisco")
        and not {"no cdp run", "no cdp enable"} & set(item.far.config.tree)
    ]


def _off(shell: IosShell) -> Answer | None:
    return Answer("% CDP is not enabled\n", refused=True) if "no cdp run" in shell.device.config.tree else None


def _cdp(shell: IosShell, name: str = "") -> Answer:
    listed = _by_cdp(shell, name)
    text = (
        "Capability Codes: R - Router, T - Trans Bridge, B - Source Route Bridge\n"
        "                  S - Switch, H - Host, I - IGMP, r - Repeater, P - Phone, \n"
        "                  D - Remote, C - CVTA, M - Two-port Mac Relay \n\n"
        "Device ID        Local Intrfce     Holdtme    Capability  Platform  Port ID\n"
    )
    for item in listed:
        local, far = (_spaced(CISCO_IOS.short(each)) for each in (item.port.name, item.cable.neighbor_interface))
        head = f"{item.name:<16}" if len(item.name) < 17 else f"{item.name}\n{'':<16}"
        text += f"{head} {local:<17} {_CDP_HOLD_S - 30:<10} {'R S I':<12}{item.model:<10}{far}\n"
    return _off(shell) or Answer(f"{text}\nTotal cdp entries displayed : {len(listed)}\n")


def _spaced(short: str) -> str:
    """`Gig 0/1`: CDP's table parts the word from the number."""
    word = short.rstrip("0123456789/.:")
    return f"{ {'Gi': 'Gig', 'Te': 'Ten', 'Fa': 'Fas'}.get(word, word) } {short.removeprefix(word)}"


def _cdp_detail(shell: IosShell, name: str = "") -> Answer:
    text, listed = "", _by_cdp(shell, name)
    for item in listed:
        address = item.far.spec.address if item.far is not None else ""
        text += (
            "-------------------------\n"
            f"Device ID: {item.name}\nEntry address(es): \n  IP address: {address}\n"
            f"Platform: cisco {item.model},  Capabilities: Router Switch IGMP \n"
            f"Interface: {item.port.name},  Port ID (outgoing port): {item.cable.neighbor_interface}\n"
            f"Holdtime : {_CDP_HOLD_S - 30} sec\n\nVersion :\n{item.description}\n\nadvertisement version: 2\n"
            f"Duplex: full\nManagement address(es): \n  IP address: {address}\n\n\n"
        )
    return _off(shell) or Answer(f"{text}Total cdp entries displayed : {len(listed)}\n")


# ---- addresses ----------------------------------------------------------------------------------


def _in_vrf(device: Device, vrf: str) -> Callable[[str | None], bool]:
    del device
    return lambda own: (own or "default") == vrf


def _arp(shell: IosShell, vrf: str = "default") -> Answer:
    device, inside = shell.device, _in_vrf(shell.device, vrf)
    text = "Protocol  Address          Age (min)  Hardware Addr   Type   Interface\n"
    rows: list[tuple[str, str, str, str]] = []
    for port in ports(device):
        if port.up and port.kind not in ("Loopback", "Tunnel") and inside(port.record.vrf):
            rows += [(str(ip_interface(item).ip), "-", port.mac, port.name) for item in port.addresses(4)]
    for entry in learned.addresses(device):
        if ":" not in entry.address and inside(entry.vrf) and entry.address not in {row[0] for row in rows}:
            rows.append((entry.address, "4", entry.mac, entry.interface))
    for address, age, mac, interface in sorted(rows, key=lambda row: ip_address(row[0])):
        text += f"Internet  {address:<16} {age:>9}   {dotted(mac)}  ARPA   {interface}\n"
    return Answer(text)


def _nd(shell: IosShell, vrf: str = "default") -> Answer:
    inside = _in_vrf(shell.device, vrf)
    text = "IPv6 Address                              Age Link-layer Addr State Interface\n"
    for entry in learned.addresses(shell.device):
        if ":" in entry.address and inside(entry.vrf):
            address, interface = entry.address.upper(), CISCO_IOS.short(entry.interface)
            text += f"{address:<41} {'0':>3} {dotted(entry.mac)}  REACH {interface}\n"
    return Answer(text)


COMMANDS = (
    Command("show lldp neighbors", _lldp),
    Command("show lldp neighbors <name>", _lldp),
    Command("show lldp neighbors detail", _lldp_detail),
    Command("show lldp neighbors <name> detail", _lldp_detail),
    Command("show cdp neighbors", _cdp),
    Command("show cdp neighbors <name>", _cdp),
    Command("show cdp neighbors detail", _cdp_detail),
    Command("show cdp neighbors <name> detail", _cdp_detail),
    Command("show arp", _arp),
    Command("show ip arp", _arp),
    Command("show arp vrf <vrf>", _arp),
    Command("show ip arp vrf <vrf>", _arp),
    Command("show ipv6 neighbors", _nd),
    Command("show ipv6 neighbors vrf <vrf>", _nd),
)
