"""What an EOS device says of routing: VRFs, routes, OSPF, and the neighbors' addresses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from ipaddress import ip_interface, ip_network
from typing import Any

from netloom.lab.simulation.device import Command, Device
from netloom.lab.simulation.network import cable_of, interfaces, is_up
from netloom.lab.simulation.ospf import Adjacency, adjacencies
from netloom.lab.simulation.rib import Route, routes
from netloom.lab.simulation.shell import Answer
from netloom.lab.simulation.vendors.arista_eos.shell import EosShell
from netloom.lab.simulation.vendors.arista_eos.system import dotted
from netloom.model.ospf import Ospf
from netloom.model.vrf import Vrf
from netloom.platforms.interface_names import ARISTA_EOS

_DEFAULT, _ALL = "default", "all"
_TYPES = {"connected": "connected", "static": "static", "ebgp": "eBGP", "ibgp": "iBGP"}
_CODES = {"connected": "C", "static": "S", "ebgp": "B E", "ibgp": "B I"}
_DISTANCES = {"connected": 0, "static": 1, "ebgp": 200, "ibgp": 200}
_NOWHERE = {"blackhole": "drop", "Null0": "drop", "reject": "unreachable"}
_DEAD_S = 36

_CODES_LEGEND = (
    "Codes: C - connected, S - static, K - kernel,\n"
    "       O - OSPF, IA - OSPF inter area, E1 - OSPF external type 1,\n"
    "       E2 - OSPF external type 2, N1 - OSPF NSSA external type 1,\n"
    "       N2 - OSPF NSSA external type2, B - Other BGP Routes,\n"
    "       B I - iBGP, B E - eBGP, R - RIP, I L1 - IS-IS level 1,\n"
    "       I L2 - IS-IS level 2, O3 - OSPFv3, A B - BGP Aggregate,\n"
    "       A O - OSPF Summary, NG - Nexthop Group Static Route,\n"
    "       V - VXLAN Control Service, M - Martian,\n"
    "       DH - DHCP client installed default route,\n"
    "       DP - Dynamic Policy Route, L - VRF Leaked\n"
)


def vrf_names(device: Device) -> list[str]:
    """Every VRF, the default one first."""
    named = [record.name for record in device.records("vrf") if isinstance(record, Vrf)]
    return [_DEFAULT, *(name for name in named if name != _DEFAULT)]


def _asked(device: Device, vrf: str) -> list[str] | Answer:
    if vrf == _ALL:
        return vrf_names(device)
    return (
        [vrf]
        if vrf in vrf_names(device)
        else Answer(f"% IP Routing table for VRF {vrf} does not exist.\n", refused=True)
    )


# ---- VRFs ----------------------------------------------------------------------------------------


def _vrfs(shell: EosShell) -> Answer:
    device = shell.device
    known = {record.name: record for record in device.records("vrf") if isinstance(record, Vrf)}
    text = "Maximum number of VRFs allowed: 1023\n   VRF             Protocols       State         Interfaces\n"
    text += f"{'-' * 15} {'-' * 15} {'-' * 16} {'-' * 39}\n"
    data = {}
    for name in vrf_names(device):
        members = [item.name for item in interfaces(device) if (item.vrf or _DEFAULT) == name and item.addresses]
        own = known.get(name)
        routing = {"ipv4": _routes_in(device, name, own, "ipv4"), "ipv6": _routes_in(device, name, own, "ipv6")}
        data[name] = {
            "routeDistinguisher": (own.rd if own is not None else None) or "",
            "vrfState": "up",
            "protocols": {
                family: {"supported": True, "protocolState": "up", "routingState": "up" if on else "down"}
                for family, on in routing.items()
            },
            "interfaces": members,
            "interfacesV4": members,
            "interfacesV6": [],
        }
        short = ", ".join(ARISTA_EOS.short(member) for member in members)
        for family, on in routing.items():
            words = "routing" if on else "no routing"
            text += (
                f"   {name:<15} {'IPv' + family[-1]:<15} {words:<13} {short if family == 'ipv4' else ''}".rstrip()
                + "\n"
            )
    return Answer(text, {"vrfs": data})


def _routes_in(device: Device, name: str, own: Vrf | None, family: str) -> bool:
    if name == _DEFAULT:
        return ("ip routing" if family == "ipv4" else "ipv6 unicast-routing") in device.config.tree
    return own is not None and family in own.routing


# ---- routes --------------------------------------------------------------------------------------


def _routes(shell: EosShell, version: int, vrf: str = _DEFAULT, asked: str = "") -> Answer:
    names = _asked(shell.device, vrf)
    if isinstance(names, Answer):
        return names
    wanted = asked.split(maxsplit=1)[0] if asked.split() else ""
    text, data = "", {}
    for name in names:
        listed = [route for route in routes(shell.device) if route.vrf == name and route.version == version]
        listed = _matching(listed, wanted, longer="longer-prefixes" in asked)
        text += f"VRF: {name}\n{_CODES_LEGEND}\n{_shown(listed, version)}\n"
        data[name] = {
            "routes": dict(_told(listed)),
            "allRoutesProgrammedKernel": True,
            "allRoutesProgrammedHardware": True,
            "routingDisabled": False,
            "defaultRouteState": "reachable"
            if any(ip_network(route.prefix).prefixlen == 0 for route in listed)
            else "notSet",
        }
    return Answer(text, {"vrfs": data})


def _matching(listed: list[Route], wanted: str, *, longer: bool) -> list[Route]:
    """The route that an address or prefix takes, or all within a prefix."""
    try:
        network = ip_network(wanted, strict=False)
    except ValueError:
        return listed
    if longer:
        return [route for route in listed if ip_network(route.prefix).subnet_of(network)]  # type: ignore[arg-type] # of one version
    over = [route for route in listed if network.subnet_of(ip_network(route.prefix))]  # type: ignore[arg-type] # of one version
    best = max((ip_network(route.prefix).prefixlen for route in over), default=-1)
    return [route for route in over if ip_network(route.prefix).prefixlen == best]


def _shown(listed: list[Route], version: int) -> str:
    """The default route stands apart from the others."""
    defaults = [route for route in listed if ip_network(route.prefix).prefixlen == 0]
    others = [route for route in listed if route not in defaults]
    text = "".join(_lines(route, first=first) for route, first in _firsts(defaults))
    head = f"Gateway of last resort:\n{text}\n" if defaults else "Gateway of last resort is not set\n\n"
    return (text if version == 6 else head) + "".join(_lines(route, first=first) for route, first in _firsts(others))


def _firsts(listed: list[Route]) -> Iterator[tuple[Route, bool]]:
    before = ""
    for route in listed:
        yield route, route.prefix != before
        before = route.prefix


def _lines(route: Route, *, first: bool) -> str:
    code = f" {_CODES[route.protocol]:<8} "
    if route.protocol == "connected":
        return f"{code}{route.prefix} is directly connected, {route.interface}\n"
    distance = route.distance or _DISTANCES[route.protocol]
    head = f"{code}{route.prefix} [{distance}/0]" if first else " " * (len(code) + len(route.prefix) + 8)
    if route.interface in _NOWHERE:
        return f"{code}{route.prefix} is directly connected, Null0\n"
    hop = f"{route.next_hop}, {route.interface}" if route.next_hop else str(route.interface)
    return f"{head} via {hop}\n"


def _told(listed: Iterable[Route]) -> Iterator[tuple[str, dict[str, Any]]]:
    whole: dict[str, dict[str, Any]] = {}
    for route in listed:
        action = _NOWHERE.get(route.interface or "", "forward")
        entry = whole.setdefault(
            route.prefix,
            {
                "hardwareProgrammed": True,
                "kernelProgrammed": True,
                "routeType": _TYPES[route.protocol],
                "routeAction": action,
                "directlyConnected": route.protocol == "connected",
                "preference": route.distance or _DISTANCES[route.protocol],
                "metric": 0,
                "vias": [],
            },
        )
        if route.tag is not None:
            entry["tag"] = route.tag
        if action == "forward":
            hop = {"nexthopAddr": route.next_hop} if route.next_hop else {}
            entry["vias"].append(hop | {"interface": route.interface})
    yield from whole.items()


# ---- OSPF ----------------------------------------------------------------------------------------


def _ospf_neighbors(shell: EosShell, vrf: str = _DEFAULT) -> Answer:
    device = shell.device
    data: dict[str, Any] = {}
    for instance in device.records("ospf"):
        if isinstance(instance, Ospf) and vrf in (_ALL, instance.vrf):
            data.setdefault(instance.vrf, {"instList": {}})["instList"][instance.process or "1"] = {
                "ospfNeighborEntries": []
            }
    text = "Neighbor ID     Instance VRF      Pri State                  Dead Time   Address         Interface\n"
    for item in adjacencies(device):
        if vrf in (_ALL, item.vrf):
            data[item.vrf]["instList"][item.process]["ospfNeighborEntries"].append(_ospf_entry(item))
            state = f"FULL/{item.role}" if item.role else "FULL"
            text += (
                f"{item.neighbor_id:<15} {item.process:<8} {item.vrf:<8} {item.priority:<3} {state:<22} "
                f"00:00:{_DEAD_S}    {item.address:<15} {item.interface}\n"
            )
    return Answer(text if data else "", {"vrfs": data})


def _ospf_entry(item: Adjacency) -> dict[str, Any]:
    return {
        "routerId": item.neighbor_id,
        "priority": item.priority,
        "drState": item.role or "DROther",
        "interfaceName": item.interface,
        "interfaceAddress": item.address,
        "adjacencyState": "full",
        "inactivity": 0.0,
        "options": {},
        "details": {"areaId": item.area, "stateTime": 0.0, "retransmissionCount": 0},
    }


# ---- neighbors' addresses ------------------------------------------------------------------------


def _entries(device: Device, version: int) -> Iterator[tuple[str, str, str, str]]:
    """VRF, address, MAC address and interface of what answers on a cable."""
    for record in interfaces(device):
        cable = cable_of(device, record.name)
        far = device.world.get(cable.neighbor) if cable is not None else None
        if far is None or not is_up(device, record):
            continue
        ours = {ip_interface(address).network for address in record.addresses}
        for other in interfaces(far):
            for address in other.addresses:
                item = ip_interface(address)
                if item.version == version and item.network in ours and is_up(far, other):
                    yield record.vrf or _DEFAULT, str(item.ip), far.mac, record.name


def _arp(shell: EosShell, vrf: str = _DEFAULT) -> Answer:
    return _table(shell, vrf, 4)


def _ipv6_neighbors(shell: EosShell, vrf: str = _DEFAULT) -> Answer:
    return _table(shell, vrf, 6)


def _table(shell: EosShell, vrf: str, version: int) -> Answer:
    names = _asked(shell.device, vrf)
    if isinstance(names, Answer):
        return names
    title = "Address         Age (sec)  Hardware Addr   Interface\n"
    if version == 6:
        title = "IPv6 Address                                  Age Hardware Addr    State Interface\n"
    text, data = "", {}
    for name in names:
        listed = [entry for entry in _entries(shell.device, version) if entry[0] == name]
        text += (f"VRF: {name}\n\n" if vrf == _ALL else "") + title
        for _, address, mac, interface in listed:
            if version == 4:
                text += f"{address:<15} {'0:00:10':<10} {dotted(mac):<15} {interface}\n"
            else:
                text += f"{address:<44} {'0:00:10':>4} {dotted(mac):<16} {'REACH':<5} {ARISTA_EOS.short(interface)}\n"
        text += "\n"
        entries: list[dict[str, Any]] = [
            {"address": address, "hwAddress": dotted(mac), "interface": interface, "age": 10}
            for _, address, mac, interface in listed
        ]
        data[name] = {f"ipV{version}Neighbors": entries, "totalEntries": len(entries), "dynamicEntries": len(entries)}
    # without a VRF, eAPI tells the table of the default one by itself
    return Answer(text, {"vrfs": data} if vrf == _ALL else data[vrf])


def _bound(version: int, answer: Any) -> Any:
    return lambda shell, *taken: answer(shell, version, *taken)


COMMANDS = (
    Command("show vrf", _vrfs),
    Command("show ip route", _bound(4, _routes)),
    Command("show ip route vrf <vrf>", _bound(4, _routes)),
    Command("show ip route vrf <vrf> ...", _bound(4, _routes)),
    Command("show ip route <prefix>", lambda shell, prefix: _routes(shell, 4, _DEFAULT, prefix)),
    Command("show ipv6 route", _bound(6, _routes)),
    Command("show ipv6 route vrf <vrf>", _bound(6, _routes)),
    Command("show ipv6 route vrf <vrf> ...", _bound(6, _routes)),
    Command("show ip ospf neighbor", _ospf_neighbors),
    Command("show ip ospf neighbor vrf <vrf>", _ospf_neighbors),
    Command("show ip arp", _arp),
    Command("show ip arp vrf <vrf>", _arp),
    Command("show arp", _arp),
    Command("show arp vrf <vrf>", _arp),
    Command("show ipv6 neighbors", _ipv6_neighbors),
    Command("show ipv6 neighbors vrf <vrf>", _ipv6_neighbors),
)
