"""Routes, address resolution, OSPF adjacencies."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from ipaddress import ip_address, ip_interface
from typing import Any

from netloom.lab.simulation.device import Command, Device
from netloom.lab.simulation.network import bgp_sessions, cable_of, interfaces
from netloom.lab.simulation.ospf import Adjacency, adjacencies
from netloom.lab.simulation.rib import Route, routes
from netloom.lab.simulation.shell import Answer
from netloom.lab.simulation.vendors.cisco_nxos.addresses import vrf_numbers
from netloom.lab.simulation.vendors.cisco_nxos.ports import mac_of, ports
from netloom.lab.simulation.vendors.cisco_nxos.rows import table
from netloom.lab.simulation.vendors.cisco_nxos.shell import Note, NxosShell
from netloom.lab.simulation.vendors.cisco_nxos.system import clock_face
from netloom.model.bgp import Bgp
from netloom.model.ospf import Ospf
from netloom.platforms.interface_names import CISCO_NXOS

_DISTANCES = {"direct": 0, "local": 0, "static": 1, "ebgp": 20, "ibgp": 200}
_NOT_RUNNING = Answer("Note:  process currently not running\n", Note())


@dataclass(frozen=True, slots=True)
class _Path:
    """One next hop, as the table shows it."""

    prefix: str
    vrf: str
    address: str | None
    interface: str | None
    source: str
    kind: str | None
    distance: int
    tag: int | None


# ---- routes -----------------------------------------------------------------------------------


def _paths(device: Device, version: int) -> Iterator[_Path]:
    asn = next((record.asn for record in device.records("bgp") if isinstance(record, Bgp)), 0)
    tags = {session.neighbor.peer: session.remote_as for session in bgp_sessions(device)}
    for route in routes(device):
        if route.version == version:
            yield from _of_route(device, route, asn, tags)


def _of_route(device: Device, route: Route, asn: int, tags: Mapping[str, int]) -> Iterator[_Path]:
    if route.protocol == "connected":
        for address in _held(device, route):
            yield _Path(route.prefix, route.vrf, address, route.interface, "direct", None, 0, None)
            host = f"{address}/{32 if ip_address(address).version == 4 else 128}"
            yield _Path(host, route.vrf, address, route.interface, "local", None, 0, None)
        return
    dropped = route.interface in ("blackhole", "reject", "Null0")
    interface, kind = ("Null0", "discard") if dropped else (route.interface, None)
    if route.protocol == "static":
        yield _Path(route.prefix, route.vrf, route.next_hop, interface, "static", kind, route.distance or 1, route.tag)
        return
    kind = "external" if route.protocol == "ebgp" else "internal"
    tag = tags.get(route.next_hop or "")
    yield _Path(route.prefix, route.vrf, route.next_hop, None, f"bgp-{asn}", kind, _DISTANCES[route.protocol], tag)


def _held(device: Device, route: Route) -> Iterator[str]:
    for record in interfaces(device):
        if record.name == route.interface:
            for text in record.addresses:
                if str(ip_interface(text).network) == route.prefix:
                    yield str(ip_interface(text).ip)


def _routes(shell: NxosShell, words: str, version: int) -> Answer:
    device, typed = shell.device, words.split()
    vrf = typed[typed.index("vrf") + 1] if "vrf" in typed and typed.index("vrf") + 1 < len(typed) else "default"
    asked = [word for word in typed if word[0].isdigit()]
    paths = [path for path in _paths(device, version) if not asked or path.prefix in asked]
    name, age, text, rows = ("IP" if version == 4 else "IPv6"), clock_face(device.uptime_s), "", []
    for number in (item for item in vrf_numbers(device) if vrf in ("all", item)):
        found: dict[str, list[_Path]] = {}
        for path in paths:
            if path.vrf == number:
                found.setdefault(path.prefix, []).append(path)
        text += f'{chr(10) if text else ""}{name} Route Table for VRF "{number}"\n{_LEGEND}'
        for prefix, own in found.items():
            attached = ", attached" if any(path.source in ("direct", "local") for path in own) else ""
            text += f"{prefix}, ubest/mbest: {len(own)}/0{attached}\n{''.join(_hop(path, age) for path in own)}"
        prefixes = table("prefix", (_prefix_row(prefix, own, age) for prefix, own in found.items()))
        if prefixes:
            family = {"addrf": "ipv4" if version == 4 else "ipv6", **prefixes}
            rows.append({"vrf-name-out": number, **table("addrf", [family])})
    return Answer(text, table("vrf", rows))


_LEGEND = (
    "'*' denotes best ucast next-hop\n'**' denotes best mcast next-hop\n'[x/y]' denotes [preference/metric]\n"
    "'%<string>' in via output denotes VRF <string>\n\n"
)


def _hop(path: _Path, age: str) -> str:
    place = [path.address] if path.address else []
    place += [CISCO_NXOS.short(path.interface)] if path.interface and path.source != "static" else []
    if not place:
        place = [path.interface or "Null0"]
    rest = "".join([f", {path.kind}" if path.kind else "", f", tag {path.tag}" if path.tag else ""])
    return f"    *via {', '.join(place)}, [{path.distance}/0], {age}, {path.source}{rest}\n"


def _prefix_row(prefix: str, own: list[_Path], age: str) -> dict[str, Any]:
    attached = any(path.source in ("direct", "local") for path in own)
    paths = (
        {
            "ipnexthop": path.address,
            "ifname": CISCO_NXOS.short(path.interface)
            if path.interface and (path.source != "static" or not path.address)
            else None,
            "uptime": age,
            "pref": path.distance,
            "metric": 0,
            "clientname": path.source,
            "type": path.kind,
            "tag": path.tag,
            "ubest": True,
        }
        for path in own
    )
    return {"ipprefix": prefix, "ucast-nhops": len(own), "mcast-nhops": 0, "attached": attached, **table("path", paths)}


# ---- address resolution -----------------------------------------------------------------------


def _neighbors(device: Device, version: int) -> Iterator[tuple[str, str, str, str, str]]:
    """VRF, address, MAC, interface and port of each address at the far end of a cable."""
    for port in ports(device):
        cable = cable_of(device, port.name)
        far = device.world.get(cable.neighbor) if cable is not None else None
        own = [address.network for address in (port.ipv4 if version == 4 else port.ipv6)]
        if cable is None or far is None or not port.up:
            continue
        for record in interfaces(far):
            for text in record.addresses:
                held = ip_interface(text)
                if held.version == version and held.network in own:
                    yield port.vrf, str(held.ip), mac_of(far, cable.neighbor_interface), port.name, port.name


def _arps(shell: NxosShell, words: str = "") -> Answer:
    typed = words.split()
    vrf = typed[typed.index("vrf") + 1] if "vrf" in typed and typed.index("vrf") + 1 < len(typed) else "default"
    found = [entry for entry in _neighbors(shell.device, 4) if vrf in ("all", entry[0])]
    title = "all contexts" if vrf == "all" else f"context {vrf}"
    text = (
        "\nFlags: * - Adjacencies learnt on non-active FHRP router\n       + - Adjacencies synced via CFSoE\n"
        "       # - Adjacencies Throttled for Glean\n       CP - Added via L2RIB, Control plane Adjacencies\n\n"
        f"IP ARP Table for {title}\nTotal number of entries: {len(found)}\n"
        "Address         Age       MAC Address     Interface       Flags\n"
    )
    text += "".join(f"{address:<15} 00:01:00  {mac}  {name}\n" for _, address, mac, name, _ in found)
    vrfs: dict[str, list[dict[str, Any]]] = {}
    for name, address, mac, interface, phy in found:
        row = {"intf-out": interface, "ip-addr-out": address, "time-stamp": "00:01:00", "mac": mac, "phy-intf": phy}
        vrfs.setdefault(name if vrf == "all" else vrf, []).append(row)
    rows = ({"vrf-name-out": name, "cnt-total": len(own), **table("adj", own)} for name, own in vrfs.items())
    return Answer(text, table("vrf", rows))


def _ipv6_neighbors(shell: NxosShell, words: str = "") -> Answer:
    vrf = "all" if "all" in words else "default"
    found = [entry for entry in _neighbors(shell.device, 6) if vrf in ("all", entry[0])]
    text = (
        "\nFlags: # - Adjacencies Throttled for Glean\n\n"
        f"IPv6 Adjacency Table for {'all contexts' if vrf == 'all' else 'VRF default'}\n"
    )
    text += (
        f"Total number of entries: {len(found)}\nAddress         Age       MAC Address     Pref Source     Interface\n"
    )
    text += "".join(
        f"{address}\n                00:01:00  {mac}  50   icmpv6     {name}\n" for _, address, mac, name, _ in found
    )
    vrfs: dict[str, list[dict[str, Any]]] = {}
    for name, address, mac, interface, _ in found:
        row = {
            "ipv6-addr": address,
            "time-stamp": "00:01:00",
            "mac": mac,
            "pref": "50",
            "owner": "icmpv6",
            "intf-out": interface,
        }
        vrfs.setdefault(name, []).append(row)
    rows = ({"vrf-name-out": name, "cnt-total": len(own), **table("adj", own)} for name, own in vrfs.items())
    return Answer(text, table("vrf", rows))


# ---- OSPF -------------------------------------------------------------------------------------


def _ospf(shell: NxosShell, words: str = "") -> Answer:
    device, typed = shell.device, words.split()
    vrf = typed[typed.index("vrf") + 1] if "vrf" in typed and typed.index("vrf") + 1 < len(typed) else "default"
    instances = [record for record in device.records("ospf") if isinstance(record, Ospf) and vrf in ("all", record.vrf)]
    if not instances:
        return _NOT_RUNNING
    found, age, text, rows = adjacencies(device), clock_face(device.uptime_s), "", []
    for instance in instances:
        process = instance.process or "1"
        own = [entry for entry in found if (entry.process, entry.vrf) == (process, instance.vrf)]
        text += f" OSPF Process ID {process} VRF {instance.vrf}\n Total number of neighbors: {len(own)}\n"
        text += " Neighbor ID     Pri State            Up Time  Address         Interface\n" if own else ""
        text += "".join(_ospf_line(entry, age) for entry in own)
        nbrs = table("nbr", (_ospf_row(entry, device.uptime_s) for entry in own))
        rows.append({"ptag": process, "cname": instance.vrf, "nbrcount": len(own), **nbrs})
    return Answer(text, table("ctx", rows))


def _ospf_line(entry: Adjacency, age: str) -> str:
    state, name = f"FULL/{entry.role or ' -'}", CISCO_NXOS.short(entry.interface)
    return f" {entry.neighbor_id:<15} {entry.priority:>3} {state:<16} {age:<8} {entry.address:<15} {name} \n"


def _ospf_row(entry: Adjacency, uptime_s: float) -> dict[str, Any]:
    days, rest = divmod(int(uptime_s), 86_400)
    return {
        "rid": entry.neighbor_id,
        "priority": entry.priority,
        "state": "FULL",
        "drstate": entry.role or "-",
        "uptime": f"P{days}DT{rest // 3600}H{rest // 60 % 60}M{rest % 60}S",
        "addr": entry.address,
        "intf": CISCO_NXOS.short(entry.interface),
    }


COMMANDS = (
    Command("show ip route", lambda shell: _routes(shell, "", 4)),
    Command("show ip route ...", lambda shell, words: _routes(shell, words, 4)),
    Command("show ipv6 route", lambda shell: _routes(shell, "", 6)),
    Command("show ipv6 route ...", lambda shell, words: _routes(shell, words, 6)),
    Command("show ip arp", _arps),
    Command("show ip arp ...", _arps),
    Command("show ipv6 neighbor", _ipv6_neighbors),
    Command("show ipv6 neighbor ...", _ipv6_neighbors),
    Command("show ip ospf neighbors", _ospf),
    Command("show ip ospf neighbors ...", _ospf),
)
