"""What an EOS device says of switching: VLANs, trunks, aggregates, MAC addresses, LLDP neighbors."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from netloom.lab.simulation.device import Command, Device
from netloom.lab.simulation.network import cable_of, interfaces
from netloom.lab.simulation.shell import Answer
from netloom.lab.simulation.spec import Cable
from netloom.lab.simulation.vendors.arista_eos.ports import Port, chosen, ports
from netloom.lab.simulation.vendors.arista_eos.shell import EosShell
from netloom.lab.simulation.vendors.arista_eos.system import dotted, fqdn
from netloom.model.lag import Lag
from netloom.model.switchport import Switchport
from netloom.model.text import vlan_ranges, vlan_tags
from netloom.model.vlan import Vlan
from netloom.platforms.interface_names import ARISTA_EOS

_DEFAULT_VLAN = 1
_HOLD_S = 120


@dataclass(frozen=True, slots=True)
class Switching:
    """A port that switches, and the VLANs that it carries."""

    port: Port
    own: Switchport

    @property
    def trunk(self) -> bool:
        """Whether it carries tagged frames."""
        return self.own.mode == "trunk"

    @property
    def untagged(self) -> int:
        """The VLAN of frames without a tag."""
        return (self.own.native_vlan if self.trunk else self.own.access_vlan) or _DEFAULT_VLAN

    def carries(self, tag: int) -> bool:
        """Whether a VLAN's frames pass."""
        return tag in vlan_tags(self.own.allowed_vlans) if self.trunk else tag == self.untagged


def switching(device: Device) -> list[Switching]:
    """Every port that switches, also by default; members of an aggregate switch as a part of it."""
    said = {record.interface: record for record in device.records("switchport") if isinstance(record, Switchport)}
    found = [port for port in ports(device) if port.bridged and port.lag is None]
    return [Switching(port, said.get(port.name) or Switchport(port.name)) for port in found]


def vlans(device: Device) -> dict[int, Vlan]:
    """Every VLAN, the first one included."""
    found = {record.id: record for record in device.records("vlan") if isinstance(record, Vlan)}
    return dict(sorted(({_DEFAULT_VLAN: Vlan(_DEFAULT_VLAN, "default")} | found).items()))


def _vlan(shell: EosShell, tag: str = "") -> Answer:
    device, text, data = shell.device, "", {}
    switched, names = switching(device), {port.name for port in ports(device)}
    for number, record in vlans(device).items():
        if tag and str(number) != tag:
            continue
        members = [item.port.name for item in switched if item.port.up and item.carries(number)]
        if f"Vlan{number}" in names:
            members.append("Cpu")
        name = record.name or f"VLAN{number:04}"
        status = "active" if record.enabled else "suspended"
        private = {name: {"privatePromoted": False} for name in members}
        data[str(number)] = {"name": name, "dynamic": False, "status": status, "interfaces": private}
        listed = ", ".join(ARISTA_EOS.short(member) for member in members)
        text += f"{number:<5} {name:<32} {status:<9} {listed}".rstrip() + "\n"
    if tag and not data:
        return Answer(f"% VLAN {tag} not found in current VLAN database\n", refused=True)
    head = f"VLAN  {'Name':<32} {'Status':<9} Ports\n----- {'-' * 32} {'-' * 9} {'-' * 31}\n"
    return Answer(f"{head}{text}\n", {"sourceDetail": "", "vlans": data})


def _switchport(shell: EosShell, name: str = "") -> Answer:
    """Also of routed ports: that they do not switch."""
    listed = chosen(shell, name) if name else ports(shell.device)
    if isinstance(listed, Answer):
        return listed
    said = {item.interface: item for item in shell.device.records("switchport") if isinstance(item, Switchport)}
    data, text = {}, ""
    for port in listed:
        if port.hardware not in ("ethernet", "portChannel") or port.name.startswith("Management"):
            continue
        info = _switchport_info(said.get(port.name) or Switchport(port.name), vlans(shell.device))
        data[port.name] = {"enabled": port.bridged, "switchportInfo": info}
        text += _switchport_text(port, info)
    return Answer(text, {"switchports": data})


def _switchport_info(own: Switchport, known: dict[int, Vlan]) -> dict[str, Any]:
    access, native = own.access_vlan or _DEFAULT_VLAN, own.native_vlan or _DEFAULT_VLAN
    info: dict[str, Any] = {
        "mode": "trunk" if own.mode == "trunk" else "access",
        "accessVlanId": access,
        "accessVlanName": _named(known, access),
        "trunkingNativeVlanId": native,
        "trunkingNativeVlanName": _named(known, native),
        "trunkAllowedVlans": "ALL" if own.allowed_vlans is None else own.allowed_vlans.upper(),
        "tpid": "0x8100",
        "macLearning": True,
        "dynamicAllowedVlans": {},
        "staticTrunkGroups": [],
        "dynamicTrunkGroups": [],
    }
    return info if own.voice_vlan is None else info | {"phoneVlan": own.voice_vlan}


def _switchport_text(port: Port, info: dict[str, Any]) -> str:
    mode = "trunk" if info["mode"] == "trunk" else "static access"
    phone = f"Phone VLAN: {info['phoneVlan']}\n" if "phoneVlan" in info else ""
    return (
        f"Name: {port.short}\nSwitchport: {'Enabled' if port.bridged else 'Disabled'}\n"
        f"Administrative Mode: {mode}\nOperational Mode: {mode if port.up else 'down'}\n"
        "MAC Address Learning: enabled\nDot1q ethertype/TPID: 0x8100 (active)\n"
        f"Access Mode VLAN: {info['accessVlanId']} ({info['accessVlanName']})\n"
        f"Trunking Native Mode VLAN: {info['trunkingNativeVlanId']} ({info['trunkingNativeVlanName']})\n"
        f"Administrative Native VLAN tagging: disabled\nTrunking VLANs Enabled: {info['trunkAllowedVlans']}\n{phone}"
        "Static Trunk Groups:\nDynamic Trunk Groups:\nSource interface filtering: enabled\n\n"
    )


def _named(known: dict[int, Vlan], tag: int) -> str:
    record = known.get(tag)
    return (record.name if record is not None else None) or f"VLAN{tag:04}"


def _trunks(shell: EosShell) -> Answer:
    known = vlans(shell.device)
    listed = [item for item in switching(shell.device) if item.trunk and item.port.up]
    text = f"{'Port':<15} {'Mode':<15} {'Status':<14} Native vlan\n"
    text += "".join(f"{item.port.short:<15} {'trunk':<15} {'trunking':<14} {item.untagged}\n" for item in listed)
    active = {item.port.name: vlan_ranges(tag for tag in known if item.carries(tag)) or "None" for item in listed}
    columns = {
        "Vlans allowed": {item.port.name: item.own.allowed_vlans or "All" for item in listed},
        "Vlans allowed and active in management domain": active,
        "Vlans in spanning tree forwarding state": active,
    }
    for head, words in columns.items():
        text += f"\n{'Port':<15} {head}\n"
        text += "".join(f"{item.port.short:<15} {words[item.port.name]}\n" for item in listed)
    data = {
        item.port.name: {
            "portMode": "trunk",
            "nativeVlan": item.untagged,
            "allowedVlans": columns["Vlans allowed"][item.port.name],
        }
        for item in listed
    }
    return Answer(text, {"trunks": data})


def _lags(device: Device) -> Iterator[tuple[Lag, list[str], list[str]]]:
    """Each aggregate, its active members and the others."""
    links = {port.name: port.up for port in ports(device)}
    for record in device.records("lag"):
        if isinstance(record, Lag):
            active = [name for name in record.members if links.get(name, False)]
            yield record, active, [name for name in record.members if name not in active]


_INACTIVE = "link down in LACP negotiation"


def _port_channels(shell: EosShell, *_: str) -> Answer:
    data, text = {}, ""
    for lag, active, inactive in _lags(shell.device):
        protocol = "static" if lag.mode == "on" else "lacp"
        mode = {"on": "on", "passive": "passive"}.get(lag.mode or "", "active")
        data[lag.name] = {
            "fallbackState": "unconfigured",
            "currWeight": len(active),
            "maxWeight": 16,
            "minSpeed": "0 gbps",
            "activePorts": {name: {"protocol": protocol, "lacpMode": mode, "weight": 1} for name in active},
            "inactivePorts": {name: {"protocol": protocol, "reasonUnconfigured": _INACTIVE} for name in inactive},
            "recircFeature": [],
        }
        words = ("Static", "On") if protocol == "static" else ("LACP", mode.capitalize())
        text += _port_channel_text(lag, active, inactive, words)
    return Answer(text, {"portChannels": data})


def _port_channel_text(lag: Lag, active: list[str], inactive: list[str], words: tuple[str, str]) -> str:
    text = (
        f"Port Channel {lag.name} (Fallback State: Unconfigured):\nMinimum links: {lag.min_links or 'unconfigured'}\n"
    )
    text += f"Minimum speed: unconfigured\nCurrent weight/Max weight: {len(active)}/16\n"
    if active:
        text += "  Active Ports:\n"
        text += "    Port            Time Became Active   Protocol     Mode         Weight   State\n"
        text += "    --------------- -------------------- ------------ ------------ -------- -----\n"
        row = f"{'0:00:00':<20} {words[0]:<12} {words[1]:<12} {1:<8} Rx,Tx"
        text += "".join(f"    {name:<15} {row}\n" for name in active)
    if inactive:
        text += "  Configured, but inactive ports:\n    Port            Time Became Inactive    Reason\n"
        text += "    --------------- ----------------------- ------------------------------\n"
        text += "".join(f"    {name:<15} {'Always':<23} {_INACTIVE}\n" for name in inactive)
    return f"{text}\n"


def _port_channel_summary(shell: EosShell) -> Answer:
    flags = "Flags\n------- --------------------------------------------\n  U - In Use, D - Down, P - Bundled\n\n"
    text = "Port-Channel       Protocol    Ports\n------------------ ----------- ----------------\n"
    data: dict[str, Any] = {}
    for lag, active, inactive in _lags(shell.device):
        protocol = "Static" if lag.mode == "on" else "LACP(a)"
        members = [f"{ARISTA_EOS.short(name)}(PG+)" for name in active]
        members += [f"{ARISTA_EOS.short(name)}(D)" for name in inactive]
        name = f"{ARISTA_EOS.short(lag.name)}({'U' if active else 'D'})"
        text += f"   {name:<15} {protocol:<11} {' '.join(members)}\n"
        data[lag.name] = {
            "linkState": "up" if active else "down",
            "protocol": "static" if lag.mode == "on" else "lacp",
            "ports": {
                member: {"linkState": "up" if member in active else "down", "bundled": member in active}
                for member in lag.members
            },
        }
    return Answer(flags + text, {"portChannels": data, "numberOfChannelsInUse": len(data)})


def _macs(shell: EosShell) -> Answer:
    """What answers behind each switching port: the device on the other end of its cable."""
    device, entries, text = shell.device, [], ""
    for item in switching(device):
        for far in dict.fromkeys(_behind(device, item.port)):
            entries.append(
                {
                    "macAddress": far.mac,
                    "interface": item.port.name,
                    "vlanId": item.untagged,
                    "entryType": "dynamic",
                    "moves": 1,
                    "lastMove": 0.0,
                }
            )
            text += (
                f"{item.untagged:>4}    {dotted(far.mac)}    DYNAMIC     {item.port.short:<10} 1       0:00:01 ago\n"
            )
    head = (
        "          Mac Address Table\n------------------------------------------------------------------\n\n"
        "Vlan    Mac Address       Type        Ports      Moves   Last Move\n"
        "----    -----------       ----        -----      -----   ---------\n"
    )
    tail = (
        f"Total Mac Addresses for this criterion: {len(entries)}\n\n"
        "          Multicast Mac Address Table\n------------------------------------------------------------------\n\n"
        "Vlan    Mac Address       Type        Ports\n----    -----------       ----        -----\n"
        "Total Mac Addresses for this criterion: 0\n"
    )
    data = {
        "unicastTable": {"tableEntries": entries},
        "multicastTable": {"tableEntries": []},
        "disabledMacLearningVlans": [],
    }
    return Answer(head + text + tail, data)


def _behind(device: Device, port: Port) -> Iterator[Device]:
    """The devices at the end of a port's cables that are up."""
    members = [other for other in ports(device) if other.lag == port.name] or [port]
    for member in members:
        cable = cable_of(device, member.name)
        if cable is not None and member.up and cable.neighbor in device.world:
            yield device.world[cable.neighbor]


@dataclass(frozen=True, slots=True)
class _Neighbor:
    port: Port
    cable: Cable
    far: Device | None

    @property
    def name(self) -> str:
        return fqdn(self.far) if self.far is not None else self.cable.neighbor

    @property
    def chassis(self) -> str:
        return self.far.mac if self.far is not None else "02:53:00:00:00:00"

    @property
    def description(self) -> str:
        if self.far is None:
            return f"{self.cable.neighbor_platform or 'a system'} outside the lab"
        return f"{self.far.platform.title}, simulated by netloom"

    @property
    def port_description(self) -> str:
        if self.far is None:
            return ""
        found = (item.description for item in interfaces(self.far) if item.name == self.cable.neighbor_interface)
        return next(found, None) or ""


def _neighbors(device: Device, name: str = "") -> list[_Neighbor]:
    found = []
    for port in ports(device):
        cable = cable_of(device, port.name)
        if cable is not None and cable.interface == port.name and port.up and name in ("", port.name):
            found.append(_Neighbor(port, cable, device.world.get(cable.neighbor)))
    return found


def _lldp(shell: EosShell, name: str = "") -> Answer:
    listed = _neighbors(shell.device, shell.interface(name) if name else "")
    text = (
        "Last table change time   : 0:00:10 ago\n"
        f"Number of table inserts  : {len(listed)}\nNumber of table deletes  : 0\nNumber of table drops    : 0\n"
        "Number of table age-outs : 0\n\n"
        f"{'Port':<13} {'Neighbor Device ID':<32} {'Neighbor Port ID':<22} TTL\n"
        f"{'-' * 13} {'-' * 32} {'-' * 22} ---\n"
    )
    text += "".join(
        f"{item.port.short:<13} {item.name:<32} {item.cable.neighbor_interface:<22} {_HOLD_S}\n" for item in listed
    )
    entries = [
        {
            "port": item.port.name,
            "neighborDevice": item.name,
            "neighborPort": item.cable.neighbor_interface,
            "ttl": _HOLD_S,
        }
        for item in listed
    ]
    counts = {"tablesInserts": len(listed), "tablesDeletes": 0, "tablesDrops": 0, "tablesAgeOuts": 0}
    return Answer(text, counts | {"tablesLastChangeTime": 10.0, "lldpNeighbors": entries})


def _lldp_detail(shell: EosShell, name: str = "") -> Answer:
    wanted = shell.interface(name) if name else ""
    found = {item.port.name: item for item in _neighbors(shell.device, wanted)}
    data, text = {}, ""
    for port in ports(shell.device):
        if port.hardware != "ethernet" or wanted not in ("", port.name):
            continue
        item = found.get(port.name)
        data[port.name] = {"lldpNeighborInfo": [_described(item)] if item is not None else []}
        text += f"Interface {port.name} detected {len(data[port.name]['lldpNeighborInfo'])} LLDP neighbors:\n\n"
        text += _paragraph(item) if item is not None else ""
    return Answer(text, {"lldpNeighbors": data})


def _described(item: _Neighbor) -> dict[str, Any]:
    interface = item.cable.neighbor_interface
    port: dict[str, Any] = {"interfaceIdType": "interfaceName", "interfaceId": f'"{interface}"'}
    port |= {"interfaceId_v2": interface, "interfaceDescription": item.port_description, "portVlanId": 0}
    told: dict[str, Any] = {
        "chassisIdType": "macAddress",
        "chassisId": dotted(item.chassis),
        "systemName": item.name,
        "systemDescription": item.description,
        "systemCapabilities": {"bridge": True, "router": True},
        "managementAddresses": [],
        "neighborInterfaceInfo": port,
        "neighborDiscoveryTime": 0.0,
        "lastChangeTime": 0.0,
        "lastContactTime": 0.0,
        "ttl": _HOLD_S,
    }
    if item.far is not None:
        told["managementAddresses"] = [{"addressType": "ipv4", "address": item.far.spec.address}]
    return told


def _paragraph(item: _Neighbor) -> str:
    chassis, interface = dotted(item.chassis), item.cable.neighbor_interface
    text = (
        f'  Neighbor {chassis}/"{interface}", age 10 seconds\n'
        "  Discovered 0:01:00 ago; Last changed 0:01:00 ago\n"
        f"  - Chassis ID type: MAC address (4)\n    Chassis ID     : {chassis}\n"
        f'  - Port ID type: Interface name (5)\n    Port ID        : "{interface}"\n'
        f'  - Time To Live: {_HOLD_S} seconds\n  - Port Description: "{item.port_description}"\n'
        f'  - System Name: "{item.name}"\n  - System Description: "{item.description}"\n'
        "  - System Capabilities : Bridge, Router\n    Enabled Capabilities: Bridge, Router\n"
    )
    if item.far is not None:
        text += f"  - Management Address Subtype: IPv4 (1)\n    Management Address        : {item.far.spec.address}\n"
    return f"{text}\n"


COMMANDS = (
    Command("show vlan", _vlan),
    Command("show vlan <tag>", _vlan),
    Command("show vlan brief", _vlan),
    Command("show interfaces switchport", _switchport),
    Command("show interfaces <name> switchport", _switchport),
    Command("show interfaces trunk", _trunks),
    Command("show port-channel", _port_channels),
    Command("show port-channel detailed", _port_channels),
    Command("show port-channel dense", _port_channel_summary),
    Command("show port-channel summary", _port_channel_summary),
    Command("show mac address-table", _macs),
    Command("show lldp neighbors", _lldp),
    Command("show lldp neighbors <name>", _lldp),
    Command("show lldp neighbors detail", _lldp_detail),
    Command("show lldp neighbors <name> detail", _lldp_detail),
)
