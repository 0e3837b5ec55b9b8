"""`show interface brief`, `status`, `switchport`, `counters`, `transceiver` and the like."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from netloom.lab.simulation.device import Command, Device
from netloom.lab.simulation.network import cable_of
from netloom.lab.simulation.shell import Answer
from netloom.lab.simulation.vendors.cisco_nxos.ports import SPEEDS, Port, ports, vlan_name
from netloom.lab.simulation.vendors.cisco_nxos.rows import table
from netloom.lab.simulation.vendors.cisco_nxos.shell import NxosShell
from netloom.model.text import canonical_vlan_set

_RULE = "-" * 80 + "\n"


def _brief(shell: NxosShell) -> Answer:
    found = ports(shell.device)
    parts = [_brief_management([port for port in found if port.kind == "mgmt"])]
    switched = [port for port in found if port.kind == "Ethernet"]
    channels = [port for port in found if port.kind == "port-channel"]
    parts += [_brief_ethernet(switched), _brief_channels(channels)]
    others = [port for port in found if port.kind in ("loopback", "Vlan")]
    parts += [_brief_virtual(kind, [port for port in others if port.kind == kind]) for kind in ("loopback", "Vlan")]
    return Answer("\n".join(part for part in parts if part), table("interface", (_brief_row(port) for port in found)))


def _brief_row(port: Port) -> dict[str, Any]:
    return {
        "interface": port.name,
        "vlan": _vlan_cell(port),
        "type": "eth",
        "portmode": _port_mode(port),
        "state": "up" if port.up else "down",
        "state_rsn_desc": port.reason or "none",
        "speed": SPEEDS[port.kbit][1],
        "ratemode": "D",
        "ip_addr": str(port.ipv4[0].ip) if port.ipv4 and port.kind == "mgmt" else None,
        "mtu": port.mtu if port.kind == "mgmt" else None,
    }


def _brief_management(found: Sequence[Port]) -> str:
    rows = "".join(
        f"{port.name:<6} {'--':<12} {'up' if port.up else 'down':<7}{str(port.ipv4[0].ip) if port.ipv4 else '--':<37}"
        f"{SPEEDS[port.kbit][1]:<9} {port.mtu}\n"
        for port in found
    )
    return (
        f"{_RULE}Port   VRF          Status IP Address                              Speed    MTU\n{_RULE}{rows}"
        if rows
        else ""
    )


def _brief_ethernet(found: Sequence[Port]) -> str:
    rows = "".join(f"{_brief_line(port)} {(port.lag or '--').removeprefix('port-channel')}\n" for port in found)
    head = (
        "Ethernet      VLAN    Type Mode   Status  Reason                   Speed     Port\n"
        "Interface                                                                    Ch #\n"
    )
    return f"{_RULE}{head}{_RULE}{rows}" if rows else ""


def _brief_channels(found: Sequence[Port]) -> str:
    rows = "".join(f"{_brief_line(port)} lacp\n" for port in found)
    head = (
        "Port-channel VLAN    Type Mode   Status  Reason                    Speed   Protocol\n"
        "Interface                                                                          \n"
    )
    return f"{_RULE}{head}{_RULE}{rows}" if rows else ""


def _brief_line(port: Port) -> str:
    state, speed = "up" if port.up else "down", f"{SPEEDS[port.kbit][1]}(D)"
    head = f"{port.short:<13} {_vlan_cell(port):<7} eth  {_port_mode(port):<6} {state:<7}"
    return f"{head} {port.reason or 'none':<25} {speed:>8}"


def _brief_virtual(kind: str, found: Sequence[Port]) -> str:
    if kind == "Vlan":
        head = "Interface Secondary VLAN(Type)                    Status Reason\n"
        rows = "".join(
            f"{port.name:<9} {'--':<39} {'up' if port.up else 'down':<6} {port.reason or '--'}\n" for port in found
        )
    else:
        head = "Interface     Status     Description\n"
        rows = "".join(
            f"{port.short:<13} {'up' if port.up else 'down':<10} {port.record.description or '--'}\n" for port in found
        )
    return f"{_RULE}{head}{_RULE}{rows}" if rows else ""


def _port_mode(port: Port) -> str:
    return "routed" if port.switchport is None else port.switchport.mode or "access"


def _vlan_cell(port: Port) -> str:
    if port.switchport is None:
        return "--"
    return "trunk" if port.switchport.mode == "trunk" else str(port.switchport.access_vlan or 1)


def _status(shell: NxosShell) -> Answer:
    found = ports(shell.device)
    rows = [(port, _status_word(port), "routed" if port.switchport is None else _vlan_cell(port)) for port in found]
    text = f"\n{_RULE}Port          Name               Status    Vlan      Duplex  Speed   Type\n{_RULE}"
    text += "".join(
        f"{port.short:<13} {(port.record.description or '--')[:18]:<18} {status:<9} {vlan:<9} "
        f"full    {SPEEDS[port.kbit][1]:<7} --\n"
        for port, status, vlan in rows
    )
    data = table(
        "interface",
        (
            {
                "interface": port.name,
                "name": port.record.description,
                "state": status,
                "vlan": vlan,
                "duplex": "full",
                "speed": SPEEDS[port.kbit][1],
                "type": "--",
            }
            for port, status, vlan in rows
        ),
    )
    return Answer(text, data)


def _status_word(port: Port) -> str:
    if port.up:
        return "connected"
    return "disabled" if not port.record.enabled else "notconnec" if port.kind != "Vlan" else "down"


def _descriptions(shell: NxosShell) -> Answer:
    found = ports(shell.device)
    text = f"\n{_RULE}Port          Type   Speed   Description\n{_RULE}"
    text += "".join(
        f"{port.short:<13} eth    {SPEEDS[port.kbit][1]:<7} {port.record.description or '--'}\n" for port in found
    )
    rows = (
        {"interface": port.name, "type": "eth", "speed": SPEEDS[port.kbit][1], "desc": port.record.description or "--"}
        for port in found
    )
    return Answer(text, table("interface", rows))


def _switchports(shell: NxosShell) -> Answer:
    device, found = (
        shell.device,
        [port for port in ports(shell.device) if port.kind in ("Ethernet", "port-channel") and "." not in port.name],
    )
    rows = [_switchport_row(device, port) for port in found]
    text = "".join(
        f"Name: {row['interface']}\n  Switchport: {row['switchport']}\n"
        + (
            "  Switchport Monitor: Not enabled \n  Switchport Block Multicast: Not enabled \n"
            "  Switchport Block Unicast: Not enabled \n"
            f"  Operational Mode: {row['oper_mode']}\n"
            f"  Access Mode VLAN: {row['access_vlan']} ({row['access_vlan_name']})\n"
            f"  Trunking Native Mode VLAN: {row['native_vlan']} ({row['native_vlan_name']})\n"
            f"  Trunking VLANs Allowed: {row['trunk_vlans']}\n  Voice VLAN: {row['voice_vlan']}\n"
            if row["switchport"] == "Enabled"
            else ""
        )
        for row in rows
    )
    return Answer(text, table("interface", rows))


def _switchport_row(device: Device, port: Port) -> dict[str, Any]:
    switch = port.switchport
    if switch is None:
        return {"interface": port.name, "switchport": "Disabled"}
    access, native = switch.access_vlan or 1, switch.native_vlan or 1
    return {
        "interface": port.name,
        "switchport": "Enabled",
        "switchport_monitor": "Not enabled",
        "oper_mode": "trunk" if switch.mode == "trunk" else "access",
        "access_vlan": access,
        "access_vlan_name": vlan_name(device, access),
        "native_vlan": native,
        "native_vlan_name": vlan_name(device, native),
        "trunk_vlans": canonical_vlan_set(switch.allowed_vlans) if switch.allowed_vlans else "1-4094",
        "voice_vlan": switch.voice_vlan or "none",
    }


def _counters(shell: NxosShell) -> Answer:
    found = [port for port in ports(shell.device) if port.kind in ("Ethernet", "mgmt", "port-channel")]
    head = f"\n{_RULE}Port                                     InOctets                      InUcastPkts\n{_RULE}"
    text = head + "".join(f"{port.short:<28} {port.traffic.octets:>20} {port.traffic.packets:>30}\n" for port in found)
    text += head.replace("InOctets ", "OutOctets").replace("InUcast", "OutUcast")
    text += "".join(f"{port.short:<28} {port.traffic.octets:>20} {port.traffic.packets:>30}\n" for port in found)
    rows = (
        {"interface_rx": port.name, "eth_inbytes": port.traffic.octets, "eth_inucast": port.traffic.packets}
        for port in found
    )
    sent = (
        {"interface_tx": port.name, "eth_outbytes": port.traffic.octets, "eth_outucast": port.traffic.packets}
        for port in found
    )
    return Answer(text, table("rx_counters", rows) | table("tx_counters", sent))


def _detailed_counters(shell: NxosShell) -> Answer:
    found = [port for port in ports(shell.device) if port.kind in ("Ethernet", "mgmt", "port-channel")]
    names = ("inpkts", "inucast", "inbytes", "outpkts", "outucast", "outbytes")
    labels = ("In Packets", "In Unicast Packets", "In Octets", "Out Packets", "Out Unicast Packets", "Out Octets")
    text, rows = "", []
    for port in found:
        counts = [port.traffic.packets, port.traffic.packets, port.traffic.octets] * 2
        text += f"\n{port.name}\n" + "".join(
            f"  {at}. {label}: = {count}\n" for at, (label, count) in enumerate(zip(labels, counts, strict=True))
        )
        zeros = {
            f"eth_{name}": 0
            for name in ("inmcast", "inbcast", "outmcast", "outbcast", "inerr", "outerr", "indiscard", "outdiscard")
        }
        rows.append(
            {
                "interface": port.name,
                **{f"eth_{name}": count for name, count in zip(names, counts, strict=True)},
                **zeros,
            }
        )
    return Answer(text, table("interface", rows))


_DIAGNOSTICS = (
    "           SFP Detail Diagnostics Information (internal calibration)\n"
    f"  {'-' * 76}\n"
    "                Current              Alarms                  Warnings\n"
    "                Measurement     High        Low         High          Low\n"
    f"  {'-' * 76}\n"
    "  Temperature   31.25 C        75.00 C     -5.00 C     70.00 C        0.00 C\n"
    "  Voltage        3.31 V         3.63 V      2.97 V      3.46 V        3.13 V\n"
    "  Current        6.12 mA       10.50 mA     2.50 mA    10.50 mA       2.50 mA\n"
    "  Tx Power      -2.41 dBm       1.69 dBm  -11.30 dBm   -1.30 dBm     -7.30 dBm\n"
    "  Rx Power      -2.80 dBm       1.99 dBm  -13.97 dBm   -1.00 dBm     -9.91 dBm\n"
    "  Transmit Fault Count = 0\n"
    f"  {'-' * 76}\n"
    "  Note: ++  high-alarm; +  high-warning; --  low-alarm; -  low-warning\n\n"
)
_MEASURED = {"temperature": "31.25", "voltage": "3.31", "current": "6.12", "tx_pwr": "-2.41", "rx_pwr": "-2.80"}


def _transceivers(shell: NxosShell, *, details: bool) -> Answer:
    """An optic in each port that has a cable."""
    device = shell.device
    text, rows = "", []
    for port in (each for each in ports(device) if each.kind == "Ethernet" and "." not in each.name):
        if cable_of(device, port.name) is None:
            text += f"{port.name}\n    transceiver is not present\n\n"
            rows.append({"interface": port.name, "sfp": "not present"})
            continue
        serial = f"{device.serial}{port.index:02}"
        text += (
            f"{port.name}\n    transceiver is present\n    type is 10Gbase-SR\n    name is NETLOOM\n"
            f"    part number is SIMULATED\n    revision is 1\n    serial number is {serial}\n"
            f"    nominal bitrate is 10300 MBit/sec\n\n{_DIAGNOSTICS if details else ''}"
        )
        row = {"interface": port.name, "sfp": "present", "type": "10Gbase-SR", "name": "NETLOOM", "rev": "1"}
        row |= {"partnum": "SIMULATED", "serialnum": serial, "nom_bitrate": "10300"}
        rows.append(row | (_MEASURED if details else {}))
    return Answer(text, table("interface", rows))


COMMANDS = (
    Command("show interface brief", _brief),
    Command("show interface status", _status),
    Command("show interface description", _descriptions),
    Command("show interface switchport", _switchports),
    Command("show interface counters", _counters),
    Command("show interface counters detailed", _detailed_counters),
    Command("show interface transceiver", lambda shell: _transceivers(shell, details=False)),
    Command("show interface transceiver details", lambda shell: _transceivers(shell, details=True)),
)
