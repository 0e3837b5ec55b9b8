"""What an IOS device says of its routes, VRFs and OSPF."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from ipaddress import IPv4Network, ip_interface, ip_network

from netloom.lab.simulation.device import Command, Device
from netloom.lab.simulation.network import interfaces, is_up
from netloom.lab.simulation.ospf import Adjacency, adjacencies, ospf_router_id
from netloom.lab.simulation.rib import Route, routes
from netloom.lab.simulation.shell import Answer
from netloom.lab.simulation.vendors.cisco_ios.shell import IosShell
from netloom.lab.simulation.vendors.cisco_ios.system import ago
from netloom.model.bgp import Bgp
from netloom.model.interface import Interface
from netloom.model.ospf import Ospf
from netloom.model.vrf import Vrf

_CODES = """\
Codes: L - local, C - connected, S - static, R - RIP, M - mobile, B - BGP
       D - EIGRP, EX - EIGRP external, O - OSPF, IA - OSPF inter area
       N1 - OSPF NSSA external type 1, N2 - OSPF NSSA external type 2
       E1 - OSPF external type 1, E2 - OSPF external type 2
       i - IS-IS, su - IS-IS summary, L1 - IS-IS level-1, L2 - IS-IS level-2
       ia - IS-IS inter area, * - candidate default, U - per-user static route
       o - ODR, P - periodic downloaded static route, H - NHRP, l - LISP
       a - application route
       + - replicated route, % - next hop override, p - overrides from PfR

"""
_CODES6 = """\
Codes: C - Connected, L - Local, S - Static, U - Per-user Static route
       B - BGP, R - RIP, H - NHRP, I1 - ISIS L1
       I2 - ISIS L2, IA - ISIS interarea, IS - ISIS summary, D - EIGRP
       EX - EIGRP external, ND - ND Default, NDp - ND Prefix, DCE - Destination
       O - OSPF Intra, OI - OSPF Inter, OE1 - OSPF ext 1, OE2 - OSPF ext 2
"""
_LETTERS = {"connected": "C", "static": "S", "ebgp": "B", "ibgp": "B", "local": "L"}
_DISTANCES = {"connected": 0, "static": 1, "ebgp": 20, "ibgp": 200}
_DEAD_S = 40
_NONE = "0.0.0.0"  # noqa: S104 - no designated router


def tables(device: Device) -> list[str]:
    """The names of the routing tables, the global one first."""
    return ["default", *(record.name for record in device.records("vrf") if isinstance(record, Vrf))]


def _locals(device: Device, vrf: str, version: int) -> Iterator[tuple[str, str, str]]:
    """The device's own addresses, as routes: prefix, letter, the rest of the line."""
    for record in interfaces(device):
        if (record.vrf or "default") == vrf and is_up(device, record):
            for address in map(ip_interface, record.addresses):
                full = 32 if version == 4 else 128
                if address.version == version and address.network.prefixlen < full:
                    yield f"{address.ip}/{full}", "L", f"is directly connected, {record.name}"


# ---- IPv4 ---------------------------------------------------------------------------------------


def _lines(device: Device, vrf: str) -> dict[str, tuple[str, list[str]]]:
    """Prefix → its letter and what leads there."""
    found: dict[str, tuple[str, list[str]]] = {}
    for route in routes(device):
        if route.version == 4 and route.vrf == vrf:
            found.setdefault(route.prefix, (_letter(route), []))[1].append(_way(device, route))
    for prefix, letter, way in _locals(device, vrf, 4):
        found.setdefault(prefix, (letter, []))[1].append(way)
    return dict(sorted(found.items(), key=lambda item: IPv4Network(item[0])))


def _letter(route: Route) -> str:
    return f"{_LETTERS[route.protocol]}{'*' if ip_network(route.prefix).prefixlen == 0 else ' '}"


def _way(device: Device, route: Route) -> str:
    distance = route.distance if route.distance is not None else _DISTANCES[route.protocol]
    if route.protocol == "connected" or (route.protocol == "static" and route.next_hop is None):
        name = "Null0" if route.interface in ("blackhole", "reject", "Null0") else route.interface
        return f"is directly connected, {name}"
    age = f", {ago(device.uptime_s)}" if route.protocol in ("ebgp", "ibgp") else ""
    return f"[{distance}/0] via {route.next_hop}{age}"


def _classful(prefix: str) -> IPv4Network:
    first = int(prefix.partition(".")[0])
    length = 8 if first < 128 else 16 if first < 192 else 24
    return IPv4Network(f"{prefix.partition('/')[0]}/{length}", strict=False)


def _table(device: Device, vrf: str) -> str:
    lines = _lines(device, vrf)
    default = next((ways[0] for prefix, (_, ways) in lines.items() if prefix == "0.0.0.0/0"), "")
    hop = default.partition("via ")[2].partition(",")[0]
    last_resort = f"is {hop} to network 0.0.0.0" if hop else "is not set"
    text = f"{_CODES}Gateway of last resort {last_resort}\n\n"
    majors: dict[str, list[str]] = {}
    for prefix in lines:
        subnet, whole = IPv4Network(prefix), _classful(prefix)
        below = subnet.prefixlen > whole.prefixlen or (subnet == whole and _has_subnets(lines, whole))
        majors.setdefault(str(whole) if below else prefix, []).append(prefix)
    for major, prefixes in majors.items():
        inside = prefixes != [major]
        if inside:
            lengths = {IPv4Network(prefix).prefixlen for prefix in prefixes}
            many = f"variably subnetted, {len(prefixes)} subnets, {len(lengths)} masks"
            words = many if len(lengths) > 1 else f"subnetted, {len(prefixes)} subnets"
            text += f"      {_named(major, lengths)} is {words}\n"
        for prefix in prefixes:
            text += "".join(_printed(prefix, *lines[prefix], pad=8 if inside else 5))
    return text


def _named(major: str, lengths: set[int]) -> str:
    """Where all subnets have one mask IOS names that one."""
    return major if len(lengths) > 1 else f"{major.partition('/')[0]}/{lengths.copy().pop()}"


def _has_subnets(prefixes: Iterable[str], major: IPv4Network) -> bool:
    return any(prefix != str(major) and IPv4Network(prefix).subnet_of(major) for prefix in prefixes)


def _printed(prefix: str, letter: str, ways: list[str], *, pad: int) -> Iterator[str]:
    head = f"{letter:<{pad}} {prefix}"
    yield f"{head} {ways[0]}\n"
    for way in ways[1:]:
        yield f"{' ' * len(head)} {way}\n"


def _routes(shell: IosShell, vrf: str = "default") -> Answer:
    known = tables(shell.device)
    if vrf == "*":
        parts = [_table(shell.device, name) if name == "default" else _of_vrf(shell, name) for name in known]
        return Answer("\n".join(parts))
    if vrf not in known:
        return Answer(f"% IP routing table vrf {vrf} does not exist\n", refused=True)
    return Answer(_table(shell.device, vrf) if vrf == "default" else _of_vrf(shell, vrf))


def _of_vrf(shell: IosShell, vrf: str) -> str:
    return f"\nRouting Table: {vrf}\n{_table(shell.device, vrf)}"


def _entry(shell: IosShell, prefix: str, mask: str = "", vrf: str = "default") -> Answer:
    """One route's own screen."""
    try:
        wanted = IPv4Network(f"{prefix}/{mask}" if mask else prefix, strict=False)
    except ValueError:
        return shell.lacks(f"show ip route {prefix}")
    found = [route for route in routes(shell.device) if route.version == 4 and route.vrf == vrf]
    found = [route for route in found if wanted.subnet_of(IPv4Network(route.prefix))]
    exact = [route for route in found if not (mask or "/" in prefix) or IPv4Network(route.prefix) == wanted]
    if not exact:
        return Answer("% Subnet not in table\n" if found else "% Network not in table\n")
    route = max(exact, key=lambda item: IPv4Network(item.prefix).prefixlen)
    table = f"\nRouting Table: {vrf}\n" if vrf != "default" else ""
    return Answer(f"{table}{_described(shell.device, route)}")


def _described(device: Device, route: Route) -> str:
    distance = route.distance if route.distance is not None else _DISTANCES[route.protocol]
    protocol = f"bgp {_own_as(device)}" if route.protocol in ("ebgp", "ibgp") else route.protocol
    kind = {"connected": " (connected, via interface)", "ibgp": ", type internal"}.get(route.protocol, "")
    hop, told = f"directly connected, via {route.interface}", ""
    if route.protocol in ("ebgp", "ibgp"):
        age = ago(device.uptime_s)
        hop, told = (
            f"{route.next_hop}, from {route.next_hop}, {age} ago",
            f"  Last update from {route.next_hop} {age} ago\n",
        )
    elif route.next_hop is not None:
        hop = route.next_hop
    return (
        f'Routing entry for {route.prefix}\n  Known via "{protocol}", distance {distance}, metric 0{kind}\n{told}'
        f"  Routing Descriptor Blocks:\n  * {hop}\n      Route metric is 0, traffic share count is 1\n"
    )


def _entry_of_vrf(shell: IosShell, vrf: str, prefix: str, mask: str = "") -> Answer:
    if vrf not in tables(shell.device):
        return Answer(f"% IP routing table vrf {vrf} does not exist\n", refused=True)
    return _entry(shell, prefix, mask, vrf)


def _own_as(device: Device) -> int:
    return next((record.asn for record in device.records("bgp") if isinstance(record, Bgp)), 0)


# ---- IPv6 ---------------------------------------------------------------------------------------


def _table6(device: Device, vrf: str) -> str:
    found: dict[str, list[str]] = {}
    for route in routes(device):
        if route.version == 6 and route.vrf == vrf:
            distance = route.distance if route.distance is not None else _DISTANCES[route.protocol]
            head = f"{_LETTERS[route.protocol]:<3} {route.prefix.upper()} [{distance}/0]"
            hop = (route.next_hop or "").upper()
            found.setdefault(head, []).append(f"     via {hop or f'{route.interface}, directly connected'}")
    for prefix, letter, way in _locals(device, vrf, 6):
        name = way.rpartition(" ")[2]
        found.setdefault(f"{letter:<3} {prefix.upper()} [0/0]", []).append(f"     via {name}, receive")
    found.setdefault("L   FF00::/8 [0/0]", []).append("     via Null0, receive")
    name = "default" if vrf == "default" else vrf
    head = f"IPv6 Routing Table - {name} - {len(found)} entries\n{_CODES6}"
    return head + "".join(f"{route}\n" + "".join(f"{way}\n" for way in ways) for route, ways in found.items())


def _routes6(shell: IosShell, vrf: str = "default") -> Answer:
    known = tables(shell.device)
    if vrf == "*":
        return Answer("\n".join(_table6(shell.device, name) for name in known[1:]))
    if vrf not in known:
        return Answer(f"% IPv6 routing table vrf {vrf} does not exist\n", refused=True)
    return Answer(_table6(shell.device, vrf))


# ---- VRFs ---------------------------------------------------------------------------------------


def _members(device: Device, vrf: str) -> list[str]:
    return [item.name for item in device.records("interface") if isinstance(item, Interface) and item.vrf == vrf]


def _vrfs(shell: IosShell) -> str:
    text = "  Name                             Default RD            Protocols   Interfaces\n"
    for record in shell.device.records("vrf"):
        if isinstance(record, Vrf):
            rd, protocols = record.rd or "<not set>", ",".join(record.routing or ("ipv4",))
            names = [shell.short(name) for name in _members(shell.device, record.name)]
            text += f"  {record.name:<32} {rd:<21} {protocols:<11} {names[0] if names else ''}".rstrip() + "\n"
            text += "".join(f"{' ' * 69}{name}\n" for name in names[1:])
    return text


def _vrf_details(shell: IosShell) -> str:
    text = ""
    records = [record for record in shell.device.records("vrf") if isinstance(record, Vrf)]
    for number, record in enumerate(records, start=1):
        names = "".join(f"    {shell.short(name):<25}\n" for name in _members(shell.device, record.name))
        text += (
            f"VRF {record.name} (VRF Id = {number}); default RD {record.rd or '<not set>'}; default VPNID <not set>\n"
        )
        text += f"  Description: {record.description}\n" if record.description else ""
        text += "  New CLI format, supports multiple address-families\n  Flags: 0x180C\n"
        text += f"  Interfaces:\n{names}" if names else "  No interfaces\n"
        for family in ("ipv4", "ipv6"):
            if family not in (record.routing or ("ipv4",)):
                text += f"Address family {family} unicast not active\n"
                continue
            text += f"Address family {family} unicast (Table ID = 0x{number:X}):\n  Flags: 0x0\n"
            for kind, targets in (("Export", record.export_targets), ("Import", record.import_targets)):
                rows = "".join(f"    RT:{target}\n" for target in targets)
                text += f"  {kind} VPN route-target communities\n{rows}" if rows else ""
            text += "  No import route-map\n  No global export route-map\n  No export route-map\n"
            text += "  VRF label distribution protocol: not configured\n  VRF label allocation mode: per-prefix\n"
        text += "Address family ipv4 multicast not active\nAddress family ipv6 multicast not active\n\n"
    return text


# ---- OSPF ---------------------------------------------------------------------------------------


def _ospf_neighbors(shell: IosShell) -> str:
    text = "\nNeighbor ID     Pri   State           Dead Time   Address         Interface\n"
    for item in adjacencies(shell.device):
        role = item.role or "  -"
        text += f"{item.neighbor_id:<15} {item.priority:>3}   {f'FULL/{role}':<15} 00:00:{_DEAD_S - 5}    "
        text += f"{item.address:<15} {item.interface}\n"
    return text if text.count("\n") > 2 else ""


def _ospf_details(shell: IosShell) -> str:
    return "".join(_ospf_neighbor(shell.device, item) for item in adjacencies(shell.device))


def _ospf_neighbor(device: Device, item: Adjacency) -> str:
    own = next((record for record in interfaces(device) if record.name == item.interface), None)
    ours = next((str(ip_interface(each).ip) for each in (own.addresses if own else ()) if ":" not in each), _NONE)
    pair = {"DR": (item.address, ours), "BDR": (ours, item.address)}.get(item.role or "", (_NONE, _NONE))
    return (
        f" Neighbor {item.neighbor_id}, interface address {item.address}\n"
        f"    In the area {item.area} via interface {item.interface}\n"
        f"    Neighbor priority is {item.priority}, State is FULL, 6 state changes\n"
        f"    DR is {pair[0]} BDR is {pair[1]}\n    Options is 0x12 in Hello (E-bit, L-bit)\n"
        "    Options is 0x52 in DBD (E-bit, L-bit, O-bit)\n    LLS Options is 0x1 (LR)\n"
        f"    Dead timer due in 00:00:{_DEAD_S - 5}\n    Neighbor is up for {ago(device.uptime_s)}\n"
        "    Index 1/1/1, retransmission queue length 0, number of retransmission 0\n"
        "    First 0x0(0)/0x0(0)/0x0(0) Next 0x0(0)/0x0(0)/0x0(0)\n"
        "    Last retransmission scan length is 0, maximum is 0\n"
        "    Last retransmission scan time is 0 msec, maximum is 0 msec\n"
    )


def _protocols(shell: IosShell) -> str:
    text = "*** IP Routing is NSF aware ***\n\n"
    for record in shell.device.records("ospf"):
        if isinstance(record, Ospf):
            text += f'Routing Protocol is "ospf {record.process or 1}"\n  Router ID {ospf_router_id(shell.device)}\n\n'
    for record in shell.device.records("bgp"):
        if isinstance(record, Bgp) and record.vrf == "default":
            text += f'Routing Protocol is "bgp {record.asn}"\n  IGP synchronization is disabled\n\n'
    return text


COMMANDS = (
    Command("show ip route", _routes),
    Command("show ip route vrf <vrf>", _routes),
    Command("show ip route <prefix>", _entry),
    Command("show ip route <prefix> <mask>", _entry),
    Command("show ip route vrf <vrf> <prefix>", _entry_of_vrf),
    Command("show ip route vrf <vrf> <prefix> <mask>", _entry_of_vrf),
    Command("show ipv6 route", _routes6),
    Command("show ipv6 route vrf <vrf>", _routes6),
    Command("show vrf", _vrfs),
    Command("show ip vrf", _vrfs),
    Command("show vrf detail", _vrf_details),
    Command("show ip vrf detail", _vrf_details),
    Command("show ip ospf neighbor", _ospf_neighbors),
    Command("show ip ospf neighbor detail", _ospf_details),
    Command("show ip protocols", _protocols),
)
