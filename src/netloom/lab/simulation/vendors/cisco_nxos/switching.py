"""VLANs, port channels, MAC addresses, VRFs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from netloom.lab.simulation.device import Command, Device
from netloom.lab.simulation.network import cable_of
from netloom.lab.simulation.shell import Answer
from netloom.lab.simulation.vendors.cisco_nxos.addresses import vrf_numbers
from netloom.lab.simulation.vendors.cisco_nxos.ports import Port, carried, mac_of, ports, vlan_name, vlans
from netloom.lab.simulation.vendors.cisco_nxos.rows import table
from netloom.lab.simulation.vendors.cisco_nxos.shell import NxosShell
from netloom.model.lag import Lag
from netloom.model.vrf import Vrf
from netloom.platforms.interface_names import CISCO_NXOS

_WIDTH = 31
"""Of the ports' column in `show vlan`."""


def _vlans(shell: NxosShell) -> Answer:
    device = shell.device
    members: dict[int, list[Port]] = {}
    for port in ports(device):
        if port.lag is None:
            for number in carried(port, device):
                members.setdefault(number, []).append(port)
    text = "\nVLAN Name                             Status    Ports\n"
    text += "---- -------------------------------- --------- -------------------------------\n"
    rows: list[dict[str, Any]] = []
    for number, vlan in vlans(device).items():
        own = members.get(number, [])
        first, *rest = _wrapped([port.short for port in own]) or [""]
        status = "active" if vlan.enabled else "act/lshut"
        text += f"{number:<4} {vlan_name(device, number):<32} {status:<9} {first}\n"
        text += "".join(f"{'':<48}{line}\n" for line in rest)
        rows.append(
            {
                "vlanshowbr-vlanid": number,
                "vlanshowbr-vlanid-utf": number,
                "vlanshowbr-vlanname": vlan_name(device, number),
                "vlanshowbr-vlanstate": "active",
                "vlanshowbr-shutstate": "noshutdown" if vlan.enabled else "shutdown",
                "vlanshowplist-ifidx": ",".join(port.name for port in own) or None,
            }
        )
    return Answer(text, table("vlanbriefxbrief", rows))


def _wrapped(names: list[str]) -> list[str]:
    lines: list[str] = []
    for name in names:
        if lines and len(lines[-1]) + len(name) + 2 <= _WIDTH:
            lines[-1] += f", {name}"
        else:
            lines.append(name)
    return lines


def _channels(shell: NxosShell) -> Answer:
    device = shell.device
    lags = [record for record in device.records("lag") if isinstance(record, Lag)]
    found = {port.name: port for port in ports(device)}
    if not lags:
        return Answer()
    rule = "-" * 80 + "\n"
    text = (
        "Flags:  D - Down        P - Up in port-channel (members)\n"
        "        I - Individual  H - Hot-standby (LACP only)\n"
        "        s - Suspended   r - Module-removed\n        b - BFD Session Wait\n        S - Switched    R - Routed\n"
        "        U - Up (port-channel)\n        p - Up in delay-lacp mode (member)\n"
        "        M - Not in use. Min-links not met\n"
        f"{rule}Group Port-       Type     Protocol  Member Ports\n      Channel\n{rule}"
    )
    rows = []
    for lag in lags:
        own = found.get(lag.name)
        group = lag.name.removeprefix("port-channel")
        layer = "R" if own is not None and own.switchport is None else "S"
        status = "U" if own is not None and own.up else "D"
        protocol = "LACP" if lag.mode in ("active", "passive") else "NONE"
        members = [(name, "P" if status == "U" and name in found and found[name].up else "D") for name in lag.members]
        listed = "    ".join(f"{CISCO_NXOS.short(name)}({flag})" for name, flag in members)
        text += f"{group:<5} {f'Po{group}({layer}{status})':<11} {'Eth':<8} {protocol:<9} {listed or '--'}\n"
        rows.append(
            {
                "group": group,
                "port-channel": lag.name,
                "layer": layer,
                "status": status,
                "type": "Eth",
                "prtcl": protocol,
            }
            | table("member", ({"port": name, "port-status": flag} for name, flag in members))
        )
    return Answer(text, table("channel", rows))


def _macs(shell: NxosShell) -> Answer:
    """Of every device behind a cable in a switching port, and the gateways of our own VLANs."""
    rows = list(_learnt(shell.device))
    text = (
        "Legend: \n        * - primary entry, G - Gateway MAC, (R) - Routed MAC, O - Overlay MAC\n"
        "        age - seconds since last seen,+ - primary entry using vPC Peer-Link,\n"
        "        (T) - True, (F) - False, C - ControlPlane MAC, ~ - vsan\n"
        "   VLAN     MAC Address      Type      age     Secure NTFY Ports\n"
        "---------+-----------------+--------+---------+------+----+------------------\n"
    )
    for flag, vlan, mac, kind, name in rows:
        age, place = ("-", name) if flag == "G" else ("0", CISCO_NXOS.short(name))
        text += f"{flag} {vlan:>5}     {mac}   {kind:<8} {age:<10} F      F    {place}\n"
    data = table(
        "mac_address",
        (
            {
                "disp_mac_addr": mac,
                "disp_type": f"{flag} ",
                "disp_vlan": vlan,
                "disp_is_static": "enabled" if kind == "static" else "disabled",
                "disp_age": "-" if flag == "G" else "0",
                "disp_is_secure": "disabled",
                "disp_is_ntfy": "disabled",
                "disp_port": name,
            }
            for flag, vlan, mac, kind, name in rows
        ),
    )
    return Answer(text, data)


def _learnt(device: Device) -> Iterator[tuple[str, str, str, str, str]]:
    for port in ports(device):
        cable = cable_of(device, port.name)
        far = device.world.get(cable.neighbor) if cable is not None else None
        if cable is not None and far is not None and port.up:
            for number in carried(port, device):
                yield "*", str(number), mac_of(far, cable.neighbor_interface), "dynamic", port.lag or port.name
        if port.kind == "Vlan" and port.up:
            yield "G", port.name.removeprefix("Vlan"), port.mac, "static", "sup-eth1(R)"


def _vrfs(shell: NxosShell) -> Answer:
    found = vrf_numbers(shell.device)
    text = "VRF-Name                           VRF-ID State   Reason                        \n"
    text += "".join(
        f"{name:<34} {number:>6} Up      --                            \n" for name, number in found.items()
    )
    rows = (
        {"vrf_name": name, "vrf_id": number, "vrf_state": "Up", "vrf_reason": "--"} for name, number in found.items()
    )
    return Answer(text, table("vrf", rows))


def _vrf_details(shell: NxosShell) -> Answer:
    known = {record.name: record for record in shell.device.records("vrf") if isinstance(record, Vrf)}
    text, rows = "", []
    for name, number in vrf_numbers(shell.device).items():
        own = known.get(name)
        rd = (own.rd if own is not None else None) or "0:0"
        text += (
            f"VRF-Name: {name}, VRF-ID: {number}, State: Up\n    VPNID: unknown\n    RD: {rd}\n"
            "    Max Routes: 0  Mid-Threshold: 0\n"
        )
        text += "".join(
            f"    Table-ID: 0x{start}{number:07x}, AF: {family}, Fwd-ID: 0x{start}{number:07x}, State: Up\n"
            for start, family in (("8", "IPv6"), ("0", "IPv4"))
        )
        text += "\n"
        tables = table(
            "tib",
            (
                {
                    "tib_id": f"0x{start}{number:07x}",
                    "tib_af": family,
                    "tib_fwd_id": f"0x{start}{number:07x}",
                    "tib_state": "Up",
                }
                for start, family in (("8", "IPv6"), ("0", "IPv4"))
            ),
        )
        rows.append(
            {
                "vrf_name": name,
                "vrf_id": number,
                "vrf_state": "Up",
                "vpnid": "unknown",
                "rd": rd,
                "max_routes": "0",
                "mid_threshold": "0",
                **tables,
            }
        )
    return Answer(text, table("vrf", rows))


def _vrf_members(shell: NxosShell) -> Answer:
    ids = vrf_numbers(shell.device)
    found = [port for port in ports(shell.device) if port.switchport is None]
    text = "Interface                 VRF-Name                        VRF-ID  Site-of-Origin\n"
    text += "".join(f"{port.name:<25} {port.vrf:<31} {ids.get(port.vrf, 3):>6}  --\n" for port in found)
    rows = ({"if_name": port.name, "vrf_name": port.vrf, "vrf_id": ids.get(port.vrf, 3), "soo": "--"} for port in found)
    return Answer(text, table("if", rows))


COMMANDS = (
    Command("show vlan", _vlans),
    Command("show vlan brief", _vlans),
    Command("show port-channel summary", _channels),
    Command("show mac address-table", _macs),
    Command("show vrf", _vrfs),
    Command("show vrf all", _vrfs),
    Command("show vrf detail", _vrf_details),
    Command("show vrf all detail", _vrf_details),
    Command("show vrf interface", _vrf_members),
    Command("show vrf all interface", _vrf_members),
)
