"""The interfaces' addresses, by VRF: `show ip interface` and `show ipv6 interface`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from netloom.lab.simulation.device import Command, Device
from netloom.lab.simulation.shell import Answer
from netloom.lab.simulation.vendors.cisco_nxos.ports import Port, ports
from netloom.lab.simulation.vendors.cisco_nxos.rows import table
from netloom.lab.simulation.vendors.cisco_nxos.shell import NxosShell


def _by_vrf(found: Iterable[Port]) -> dict[str, list[Port]]:
    by_vrf: dict[str, list[Port]] = {}
    for port in found:
        by_vrf.setdefault(port.vrf, []).append(port)
    return dict(sorted(by_vrf.items()))


def vrf_numbers(device: Device) -> dict[str, int]:
    """The number of each VRF: default 1, management 2, the others from 3 on."""
    others = [str(getattr(record, "name", "")) for record in device.records("vrf")]
    return {"default": 1, "management": 2} | {
        name: at for at, name in enumerate((name for name in others if name != "management"), 3)
    }


def _wanted(words: str) -> tuple[str, bool]:
    """The VRF asked for, `all` for every one; and whether only a brief is."""
    typed = words.split()
    brief = any("brief".startswith(word) and len(word) > 1 for word in typed)
    vrf = typed[typed.index("vrf") + 1] if "vrf" in typed and typed.index("vrf") + 1 < len(typed) else "default"
    return vrf, brief


def _ip_interfaces(shell: NxosShell, words: str = "") -> Answer:
    vrf, brief = _wanted(words)
    found = {
        name: members
        for name, members in _by_vrf(port for port in ports(shell.device) if port.ipv4).items()
        if vrf in ("all", name)
    }
    ids = vrf_numbers(shell.device)
    text, vrfs, rows = "", [], []
    for name, members in found.items():
        text += f'{chr(10) if text else ""}IP Interface Status for VRF "{name}"({ids.get(name, 3)})\n'
        text += "Interface            IP Address      Interface Status\n" if brief else ""
        for port in members:
            vrfs.append({"vrf-name-out": name})
            rows.append(_ip_row(port))
            text += _ip_brief(port) if brief else _ip_screen(port)
    return Answer(text, table("vrf", vrfs) | table("intf", rows))


def _states(port: Port) -> str:
    state = "up" if port.up else "down"
    return f"protocol-{state}/link-{state}/admin-{'up' if port.record.enabled else 'down'}"


def _ip_brief(port: Port) -> str:
    return f"{port.short:<20} {port.ipv4[0].ip!s:<15} {_states(port)}\n"


def _ip_screen(port: Port) -> str:
    own, *others = port.ipv4
    text = f"{port.name}, Interface status: {_states(port)}, iod: {port.index},\n"
    text += f"  IP address: {own.ip}, IP subnet: {own.network} route-preference: 0, tag: 0\n"
    text += "".join(
        f"  IP address: {other.ip}, IP subnet: {other.network} secondary route-preference: 0, tag: 0\n"
        for other in others
    )
    return (
        f"{text}  IP broadcast address: 255.255.255.255\n  IP MTU: {port.mtu} bytes (using link MTU)\n"
        "  IP proxy ARP : disabled\n"
    )


def _ip_row(port: Port) -> dict[str, Any]:
    own, *others = port.ipv4
    state = "up" if port.up else "down"
    row = {
        "intf-name": port.name,
        "proto-state": state,
        "link-state": state,
        "admin-state": "up" if port.record.enabled else "down",
        "iod": port.index,
        "prefix": str(own.ip),
        "subnet": str(own.network.network_address),
        "masklen": own.network.prefixlen,
        "num-addr": len(port.ipv4),
        "bcast-addr": "255.255.255.255",
        "mtu": port.mtu,
    }
    return row | table(
        "secondary_address",
        (
            {
                "prefix1": str(other.ip),
                "subnet1": str(other.network.network_address),
                "masklen1": other.network.prefixlen,
            }
            for other in others
        ),
    )


def _ipv6_interfaces(shell: NxosShell, words: str = "") -> Answer:
    vrf, _ = _wanted(words)
    found = {
        name: members
        for name, members in _by_vrf(port for port in ports(shell.device) if port.ipv6).items()
        if vrf in ("all", name)
    }
    ids = vrf_numbers(shell.device)
    text, rows = "", []
    for name, members in found.items():
        text += f'{chr(10) if text else ""}IPv6 Interface Status for VRF "{name}"({ids.get(name, 3)})\n'
        for port in members:
            local = next((own for own in port.ipv6 if own.is_link_local), None)
            link_local = str(local.ip) if local is not None else f"fe80::{port.index:x}"
            addresses = [str(own) for own in port.ipv6 if own is not local]
            text += f"{port.name}, Interface status: {_states(port)}, iod: {port.index}\n  IPv6 address:\n"
            text += "".join(f"    {address} [VALID]\n" for address in addresses)
            text += (
                f"  IPv6 link-local address: {link_local} (default) [VALID]\n"
                f"  IPv6 interface MTU: {port.mtu} (using link MTU)\n"
            )
            state = "up" if port.up else "down"
            rows.append(
                {
                    "vrf-name-out": name,
                    "intf-name": port.name,
                    "proto-state": state,
                    "link-state": state,
                    "admin-state": "up" if port.record.enabled else "down",
                    "iod": port.index,
                }
                | table("addr", ({"addr": address} for address in addresses))
                | {"linklocal-addr": link_local, "mtu": port.mtu}
            )
    return Answer(text, table("intf", rows))


COMMANDS = (
    Command("show ip interface", _ip_interfaces),
    Command("show ip interface ...", _ip_interfaces),
    Command("show ipv6 interface", _ipv6_interfaces),
    Command("show ipv6 interface ...", _ipv6_interfaces),
)
