"""What an IOS device says of switching: VLANs, switchports, trunks, aggregates, MAC addresses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from netloom.lab.simulation import learned
from netloom.lab.simulation.device import Command, Device
from netloom.lab.simulation.shell import Answer
from netloom.lab.simulation.vendors.cisco_ios.ports import Port, ports
from netloom.lab.simulation.vendors.cisco_ios.shell import IosShell
from netloom.lab.simulation.vendors.cisco_ios.system import dotted, is_switch
from netloom.model.interface import Interface
from netloom.model.switchport import Switchport
from netloom.model.text import vlan_ranges, vlan_tags
from netloom.model.vlan import Vlan
from netloom.platforms.interface_names import CISCO_IOS

_DEFAULT_VLAN = 1
_LEGACY = {1002: "fddi-default", 1003: "token-ring-default", 1004: "fddinet-default", 1005: "trnet-default"}
_PORTS_A_ROW = 4


@dataclass(frozen=True, slots=True)
class Switching:
    """A port that switches, and how."""

    port: Port
    own: Switchport

    @property
    def trunks(self) -> bool:
        """Whether it carries tagged frames, up or not."""
        return self.own.mode == "trunk"

    @property
    def untagged(self) -> int:
        """The VLAN of frames without a tag."""
        return (self.own.native_vlan if self.trunks else self.own.access_vlan) or _DEFAULT_VLAN

    def carries(self, tag: int) -> bool:
        """Whether a VLAN's frames pass."""
        return tag in vlan_tags(self.own.allowed_vlans) if self.trunks else tag == self.untagged


def switching(device: Device) -> list[Switching]:
    """Every port that switches."""
    said = {item.interface: item for item in device.records("switchport") if isinstance(item, Switchport)}
    return [Switching(port, said.get(port.name) or Switchport(port.name)) for port in ports(device) if port.switched]


def vlans(device: Device) -> dict[int, Vlan]:
    """Every VLAN, the first one included."""
    found = {record.id: record for record in device.records("vlan") if isinstance(record, Vlan)}
    return dict(sorted(({_DEFAULT_VLAN: Vlan(_DEFAULT_VLAN, "default")} | found).items()))


def named(known: dict[int, Vlan], tag: int) -> str:
    """A VLAN's name, and what stands for one that is not there."""
    return (known[tag].name or f"VLAN{tag:04}") if tag in known else "Inactive"


def _rows(first: str, items: Iterable[str]) -> Iterator[str]:
    """A row and those that continue it."""
    listed = list(items)
    for at in range(0, max(1, len(listed)), _PORTS_A_ROW):
        shown = ", ".join(listed[at : at + _PORTS_A_ROW])
        yield f"{first if at == 0 else ' ' * 48}{shown}".rstrip()


def _vlan_brief(shell: IosShell, *_: str) -> Answer:
    device = shell.device
    if not is_switch(device):
        return shell.lacks("show vlan brief")
    text = f"\nVLAN Name                             Status    Ports\n---- {'-' * 32} {'-' * 9} {'-' * 31}\n"
    known = vlans(device)
    for tag, record in known.items():
        inside = [item for item in switching(device) if not item.trunks or not item.port.up]
        members = [item.port.short for item in inside if (item.own.access_vlan or _DEFAULT_VLAN) == tag]
        status = "active" if record.enabled else "suspended"
        text += "".join(f"{row}\n" for row in _rows(f"{tag:<4} {named(known, tag):<32} {status:<9} ", members))
    text += "".join(f"{tag:<4} {name:<32} {'act/unsup':<9}\n" for tag, name in _LEGACY.items())
    return Answer(text)


def _vlan_id(shell: IosShell, tag: str) -> Answer:
    device, known = shell.device, vlans(shell.device)
    if not is_switch(device):
        return shell.lacks(f"show vlan id {tag}")
    number = int(tag) if tag.isdigit() else 0
    if number not in known:
        return Answer(f"VLAN id {tag} not found in current VLAN database\n", refused=True)
    members = [item.port.short for item in switching(device) if item.carries(number)]
    text = f"\nVLAN Name                             Status    Ports\n---- {'-' * 32} {'-' * 9} {'-' * 31}\n"
    status = "active" if known[number].enabled else "suspended"
    return Answer(
        text + "".join(f"{row}\n" for row in _rows(f"{number:<4} {named(known, number):<32} {status:<9} ", members))
    )


def _routed_vlans(shell: IosShell) -> Answer:
    """Routers' own: the tags of subinterfaces."""
    if is_switch(shell.device):
        return shell.lacks("show vlans")
    tagged: dict[int, list[str]] = {}
    for record in shell.device.records("interface"):
        if isinstance(record, Interface) and record.vlan is not None:
            tagged.setdefault(record.vlan, []).append(record.name)
    if not tagged:
        return Answer("\nNo Virtual LANs configured.\n\n")
    text = ""
    for tag, names in sorted(tagged.items()):
        text += f"\nVirtual LAN ID:  {tag} (IEEE 802.1Q Encapsulation)\n\n"
        text += "".join(f"   vLAN Trunk Interface:   {name}\n\n" for name in names)
        text += "   Protocols Configured:   Address:              Received:        Transmitted:\n"
    return Answer(text)


def _switchports(shell: IosShell, name: str = "") -> Answer:
    device, known = shell.device, vlans(shell.device)
    if not is_switch(device):
        return shell.lacks("show interfaces switchport")
    said = {item.interface: item for item in device.records("switchport") if isinstance(item, Switchport)}
    text = ""
    for port in ports(device):
        if name and port.name != shell.interface(name):
            continue
        if not (port.physical or port.kind == "Port-channel") or "." in port.name:
            continue
        item = Switching(port, said.get(port.name) or Switchport(port.name))
        text += _switchport(item, known) if port.switched else f"Name: {port.short}\nSwitchport: Disabled\n\n"
    return Answer(text)


def _switchport(item: Switching, known: dict[int, Vlan]) -> str:
    modes = {"access": "static access", "trunk": "trunk"}
    administrative = modes.get(item.own.mode or "", "dynamic auto")
    operational = "down" if not item.port.up else "trunk" if item.trunks else "static access"
    if item.port.up and item.port.lag is not None:
        operational += f" (member of bundle {CISCO_IOS.short(item.port.lag.name)})"
    access, native = item.own.access_vlan or _DEFAULT_VLAN, item.own.native_vlan or _DEFAULT_VLAN
    voice = f"{item.own.voice_vlan} ({named(known, item.own.voice_vlan)})" if item.own.voice_vlan else "none"
    return (
        f"Name: {item.port.short}\nSwitchport: Enabled\nAdministrative Mode: {administrative}\n"
        f"Operational Mode: {operational}\nAdministrative Trunking Encapsulation: dot1q\n"
        f"{'' if operational == 'down' else f'Operational Trunking Encapsulation: {_tagging(item)}{chr(10)}'}"
        f"Negotiation of Trunking: {'Off' if item.own.mode == 'access' else 'On'}\n"
        f"Access Mode VLAN: {access} ({named(known, access)})\n"
        f"Trunking Native Mode VLAN: {native} ({named(known, native)})\n"
        f"Administrative Native VLAN tagging: disabled\nVoice VLAN: {voice}\n"
        "Administrative private-vlan host-association: none \nAdministrative private-vlan mapping: none \n"
        f"Operational private-vlan: none\nTrunking VLANs Enabled: {(item.own.allowed_vlans or 'ALL').upper()}\n"
        "Pruning VLANs Enabled: 2-1001\nCapture Mode Disabled\nCapture VLANs Allowed: ALL\n\nProtected: false\n"
        "Unknown unicast blocked: disabled\nUnknown multicast blocked: disabled\nAppliance trust: none\n\n"
    )


def _tagging(item: Switching) -> str:
    return "dot1q" if item.trunks else "native"


def _trunks(shell: IosShell) -> Answer:
    if not is_switch(shell.device):
        return shell.lacks("show interfaces trunk")
    known = vlans(shell.device)
    listed = [item for item in switching(shell.device) if item.trunks and item.port.up and item.port.lag is None]
    if not listed:
        return Answer("\n")
    text = "\nPort           Mode             Encapsulation  Status        Native vlan\n"
    text += "".join(
        f"{item.port.short:<14} {'on':<16} {'802.1q':<14} {'trunking':<13} {item.untagged}\n" for item in listed
    )
    active = {item.port.name: vlan_ranges(tag for tag in known if item.carries(tag)) or "none" for item in listed}
    columns = (
        ("Vlans allowed on trunk", {item.port.name: item.own.allowed_vlans or "1-4094" for item in listed}),
        ("Vlans allowed and active in management domain", active),
        ("Vlans in spanning tree forwarding state and not pruned", active),
    )
    for head, told in columns:
        text += f"\nPort           {head}\n" + "".join(
            f"{item.port.short:<14} {told[item.port.name]}\n" for item in listed
        )
    return Answer(text)


_LEGEND = """\
Flags:  D - down        P - bundled in port-channel
        I - stand-alone s - suspended
        H - Hot-standby (LACP only)
        R - Layer3      S - Layer2
        U - in use      f - failed to allocate aggregator

        M - not in use, minimum links not met
        u - unsuitable for bundling
        w - waiting to be aggregated
        d - default port

        A - formed by Auto LAG

"""


def _etherchannels(shell: IosShell) -> Answer:
    listed = [port for port in ports(shell.device) if port.kind == "Port-channel"]
    text = (
        f"{_LEGEND}\nNumber of channel-groups in use: {len(listed)}\nNumber of aggregators:           {len(listed)}\n\n"
    )
    text += "Group  Port-channel  Protocol    Ports\n------+-------------+-----------+" + "-" * 47 + "\n"
    for port in listed:
        members = [other for other in ports(shell.device) if other.lag is not None and other.lag.name == port.name]
        number = port.name.removeprefix("Port-channel")
        flags = f"{'S' if port.switched else 'R'}{'U' if port.up else 'D'}"
        mode = next((other.lag.mode for other in members if other.lag is not None), None)
        protocol = "-" if mode in ("on", None) else "LACP"
        shown = "".join(f"{f'{other.short}({_bundled(other)})':<15}" for other in members)
        text += f"{number:<6} {f'{port.short}({flags})':<15} {protocol:>5}      {shown}\n"
    return Answer(text)


def _bundled(port: Port) -> str:
    return "P" if port.up else "D"


def _macs(shell: IosShell, *_: str) -> Answer:
    device = shell.device
    if not is_switch(device):
        return shell.lacks("show mac address-table")
    lags = {port.name: port.lag.name for port in ports(device) if port.lag is not None}
    found = [(item.vlan, item.mac, lags.get(item.interface, item.interface)) for item in learned.mac_addresses(device)]
    rows = [(vlan, mac, "DYNAMIC", CISCO_IOS.short(port)) for vlan, mac, port in found]
    text = (
        "          Mac Address Table\n-------------------------------------------\n\n"
        "Vlan    Mac Address       Type        Ports\n----    -----------       --------    -----\n"
        f" All    {'0100.0ccc.cccc'}    STATIC      CPU\n"
    )
    text += "".join(f"{vlan:>4}    {dotted(mac)}    {kind:<11} {port}\n" for vlan, mac, kind, port in rows)
    return Answer(f"{text}Total Mac Addresses for this criterion: {len(rows) + 1}\n")


COMMANDS = (
    Command("show vlan", _vlan_brief),
    Command("show vlan brief", _vlan_brief),
    Command("show vlan id <tag>", _vlan_id),
    Command("show vlans", _routed_vlans),
    Command("show interfaces switchport", _switchports),
    Command("show interfaces <name> switchport", _switchports),
    Command("show interfaces trunk", _trunks),
    Command("show etherchannel summary", _etherchannels),
    Command("show mac address-table", _macs),
    Command("show mac address-table dynamic", _macs),
)
