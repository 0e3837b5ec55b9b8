"""What LLDP and CDP tell of the far ends of cables."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import ip_interface
from typing import Any

from netloom.lab.simulation.device import Command, Device
from netloom.lab.simulation.network import interfaces
from netloom.lab.simulation.shell import Answer
from netloom.lab.simulation.spec import Cable
from netloom.lab.simulation.vendors.cisco_nxos.ports import Port, mac_of, ports
from netloom.lab.simulation.vendors.cisco_nxos.rows import table
from netloom.lab.simulation.vendors.cisco_nxos.shell import Note, NxosShell
from netloom.lab.simulation.vendors.cisco_nxos.system import domain_of
from netloom.platforms.contract import load_platform

_SECONDS = 110
_NOBODY = "ERROR: No neighbour information\n"
_NO_CDP = Answer("Note: CDP is not enabled\n", Note())
_SPEAK_CDP = ("cisco_nxos", "cisco_ios")


@dataclass(frozen=True, slots=True)
class _Far:
    """A neighbor, as it introduces itself."""

    port: Port
    cable: Cable
    platform: str
    name: str
    description: str
    mac: str
    address: str | None
    native: int


def _far_ends(device: Device) -> Iterator[_Far]:
    for port in ports(device):
        cable = next((each for each in device.spec.cables if each.interface == port.name), None)
        if cable is None or not port.up:
            continue
        far = device.world.get(cable.neighbor)
        platform = far.spec.platform if far is not None else cable.neighbor_platform
        domain = domain_of(far) if far is not None else ""
        name = far.hostname if far is not None else cable.neighbor
        yield _Far(
            port,
            cable,
            platform,
            f"{name}.{domain}" if domain else name,
            f"{load_platform(platform).title}, simulated by netloom" if platform else "simulated by netloom",
            mac_of(far if far is not None else device, cable.neighbor_interface),
            _management(far) if far is not None else None,
            (port.switchport.native_vlan or port.switchport.access_vlan or 1) if port.switchport is not None else 0,
        )


def _management(device: Device) -> str | None:
    found = [(record.name, ip_interface(text).ip) for record in interfaces(device) for text in record.addresses]
    first = [address for name, address in found if name.lower().startswith(("mgmt", "management", "fxp", "me"))]
    return str(first[0]) if first else str(found[0][1]) if found else device.spec.address


def _lldp(shell: NxosShell) -> Answer:
    found = list(_far_ends(shell.device))
    if not found:
        return Answer(_NOBODY, refused=True)
    text = f"{_LEGEND}Device ID            Local Intf      Hold-time  Capability  Port ID  \n"
    text += "".join(
        f"{far.name[:20]:<20} {far.port.short:<15} 120        BR          {far.cable.neighbor_interface}\n"
        for far in found
    )
    rows = (
        {
            "chassis_type": "7",
            "chassis_id": far.name,
            "l_port_id": far.port.short,
            "hold_time": "120",
            "capability": "BR",
            "port_type": "7",
            "port_id": far.cable.neighbor_interface,
        }
        for far in found
    )
    return Answer(
        f"{text}Total entries displayed: {len(found)}\n", table("nbor", rows) | {"neigh_count": str(len(found))}
    )


_LEGEND = (
    "Capability codes:\n  (R) Router, (B) Bridge, (T) Telephone, (C) DOCSIS Cable Device\n"
    "  (W) WLAN Access Point, (P) Repeater, (S) Station, (O) Other\n"
)


def _lldp_details(shell: NxosShell, name: str = "") -> Answer:
    found = [
        far
        for far in _far_ends(shell.device)
        if not name or far.port.name.lower() == name.lower() or far.port.short.lower() == name.lower()
    ]
    if not found:
        return Answer(_NOBODY, refused=True)
    text = f"{_LEGEND}Device ID            Local Intf      Hold-time  Capability  Port ID  \n\n"
    text += "".join(
        f"Chassis id: {far.mac}\nPort id: {far.cable.neighbor_interface}\nLocal Port id: {far.port.short}\n"
        f"Port Description: {far.cable.neighbor_interface}\nSystem Name: {far.name}\n"
        f"System Description: {far.description}\n"
        f"Time remaining: {_SECONDS} seconds\nSystem Capabilities: B, R\nEnabled Capabilities: B, R\n"
        f"Management Address: {far.address or 'not advertised'}\nManagement Address IPV6: not advertised\n"
        f"Vlan ID: {far.native or 'not advertised'}\n\n\n"
        for far in found
    )
    rows = (_lldp_row(far) for far in found)
    data = table("nbor_detail", rows) | {"neigh_count": str(len(found))}
    return Answer(f"{text}Total entries displayed: {len(found)}\n", data)


def _lldp_row(far: _Far) -> dict[str, Any]:
    return {
        "chassis_type": "4",
        "chassis_id": far.mac,
        "port_type": "5",
        "port_id": far.cable.neighbor_interface,
        "l_port_id": far.port.short,
        "port_desc": far.cable.neighbor_interface,
        "sys_name": far.name,
        "sys_desc": far.description,
        "ttl": _SECONDS,
        "system_capability": "B, R",
        "enabled_capability": "B, R",
        "mgmt_addr_type": "IPV4",
        "mgmt_addr": far.address or "not advertised",
        "mgmt_addr_ipv6_type": "IPV6",
        "mgmt_addr_ipv6": "not advertised",
        "vlan_id": far.native or "not advertised",
    }


def _cdp(shell: NxosShell) -> Answer:
    if "no cdp enable" in shell.device.config.tree:
        return _NO_CDP
    found = [far for far in _far_ends(shell.device) if far.platform in _SPEAK_CDP]
    text = (
        "Capability Codes: R - Router, T - Trans-Bridge, B - Source-Route-Bridge\n"
        "                  S - Switch, H - Host, I - IGMP, r - Repeater,\n"
        "                  V - VoIP-Phone, D - Remotely-Managed-Device,\n                  s - Supports-STP-Dispute\n\n"
        "Device-ID          Local Intrfce  Hldtme Capability  Platform      Port ID\n"
    )
    text += "".join(
        f"{far.name}\n"
        f"{'':<19}{far.port.short:<14} {_SECONDS:<6} R S s       SIMULATED     {far.cable.neighbor_interface}\n"
        for far in found
    )
    rows = (
        {
            "ifindex": far.port.index,
            "device_id": far.name,
            "intf_id": far.port.name,
            "ttl": _SECONDS,
            "capability": ["router", "switch"],
            "platform_id": "SIMULATED",
            "port_id": far.cable.neighbor_interface,
        }
        for far in found
    )
    return Answer(f"{text}\nTotal entries displayed: {len(found)}\n", table("cdp_neighbor_brief_info", rows))


def _cdp_details(shell: NxosShell) -> Answer:
    if "no cdp enable" in shell.device.config.tree:
        return _NO_CDP
    found = [far for far in _far_ends(shell.device) if far.platform in _SPEAK_CDP]
    text = "".join(
        f"----------------------------------------\nDevice ID:{far.name}\nSystem Name: {far.name}\n\n"
        "Interface address(es):\n"
        + (f"    IPv4 Address: {far.address}\n" if far.address else "")
        + f"Platform: SIMULATED, Capabilities: Router Switch Supports-STP-Dispute\n"
        f"Interface: {far.port.name}, Port ID (outgoing port): {far.cable.neighbor_interface}\n"
        f"Holdtime: {_SECONDS} sec\n\n"
        f"Version:\n{far.description}\n\nAdvertisement Version: 2\n\nNative VLAN: {far.native}\nDuplex: full\n"
        "Mgmt address(es):\n" + (f"    IPv4 Address: {far.address}\n" if far.address else "")
        for far in found
    )
    data = table("cdp_neighbor_detail_info", (_cdp_row(far) for far in found))
    return Answer(text, data | {"neigh_count": str(len(found))} if data else {})


def _cdp_row(far: _Far) -> dict[str, Any]:
    return {
        "ifindex": far.port.index,
        "device_id": far.name,
        "sysname": far.name,
        "numaddr": "1",
        "v4addr": far.address,
        "platform_id": "SIMULATED",
        "capability": ["router", "switch", "Supports-STP-Dispute"],
        "intf_id": far.port.name,
        "port_id": far.cable.neighbor_interface,
        "ttl": _SECONDS,
        "version": far.description,
        "version_no": "v2",
        "native_vlan": far.native or None,
        "duplexmode": "full",
        "v4mgmtaddr": far.address,
    }


COMMANDS = (
    Command("show lldp neighbors", _lldp),
    Command("show lldp neighbors detail", _lldp_details),
    Command("show lldp neighbors interface <name> detail", _lldp_details),
    Command("show cdp neighbors", _cdp),
    Command("show cdp neighbors detail", _cdp_details),
)
