"""Routing: OSPF's neighbors, instances and routes."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_interface, ip_network

from netloom.lab.simulation import rib
from netloom.lab.simulation.device import Device
from netloom.lab.simulation.network import is_up, router_id
from netloom.lab.simulation.ospf import Adjacency, adjacencies
from netloom.lab.simulation.vendors.juniper_junos.elements import Element, el, listed
from netloom.lab.simulation.vendors.juniper_junos.shows import Options, Show, columns, seconds_of, span, told
from netloom.model.bgp import Bgp
from netloom.model.interface import Interface
from netloom.model.vrf import Vrf
from netloom.platforms.juniper_junos.tree import active, below


def _adjacencies(device: Device, options: Options) -> dict[str, list[Adjacency]]:
    found: dict[str, list[Adjacency]] = {}
    wanted = options.get("instance", "master")
    for adjacency in adjacencies(device):
        name = "master" if adjacency.vrf == "default" else adjacency.vrf
        if wanted in ("all", name):
            found.setdefault(name, []).append(adjacency)
    return found


def _ospf(device: Device, options: Options) -> Element:
    instances = []
    for name, neighbors in _adjacencies(device, options).items():
        shown = [_ospf_neighbor(device, neighbor, detail="detail" in options) for neighbor in neighbors]
        if options.get("instance") != "all":
            return told("ospf-neighbor-information", "routing", *shown)
        instances.append(listed("ospf-instance-neighbor", [el("ospf-instance-name", name), *shown]))
    return told("ospf-neighbor-information", "routing", *instances)


def _ospf_neighbor(device: Device, neighbor: Adjacency, *, detail: bool) -> Element:
    element = el(
        "ospf-neighbor",
        el("neighbor-address", neighbor.address),
        el("interface-name", neighbor.interface),
        el("ospf-neighbor-state", "Full"),
        el("neighbor-id", neighbor.neighbor_id),
        el("neighbor-priority", neighbor.priority),
        el("activity-timer", 35),
    )
    if detail:
        designated, backup = _designated(device, neighbor)
        age = device.uptime_s
        element.extend(
            [
                el("ospf-area", neighbor.area),
                el("options", "0x52"),
                el("dr-address", designated),
                el("bdr-address", backup),
                el("neighbor-up-time", span(age), seconds_of(age)),
                el("neighbor-adjacency-time", span(age), seconds_of(age)),
            ]
        )
    return element


def _designated(device: Device, neighbor: Adjacency) -> tuple[str, str]:
    """The designated router's address on the link, and its backup's."""
    nobody = "0.0.0.0"  # noqa: S104 - an address of nobody
    if neighbor.role is None:
        return nobody, nobody
    records = (record for record in device.records("interface") if isinstance(record, Interface))
    own = (item for record in records if record.name == neighbor.interface for item in record.addresses)
    ours = next((item.partition("/")[0] for item in own if ":" not in item), nobody)
    return (neighbor.address, ours) if neighbor.role == "DR" else (ours, neighbor.address)


def _ospf_screen(device: Device, options: Options) -> str:
    found = _adjacencies(device, options)
    if not found:
        return "" if device.records("ospf") else "OSPF instance is not running\n"
    shown = ""
    for name, neighbors in found.items():
        shown += f"Instance: {name}\n" if options.get("instance") == "all" else ""
        rows = [("Address", "Interface", "State", "ID", "Pri", "Dead")]
        rows += [
            (neighbor.address, neighbor.interface, "Full", neighbor.neighbor_id, str(neighbor.priority), "35")
            for neighbor in neighbors
        ]
        table = columns(rows, (17, 23, 10, 16, 5)).splitlines()
        shown += f"{table[0]}\n"
        for neighbor, line in zip(neighbors, table[1:], strict=True):
            shown += f"{line}\n"
            if "detail" in options:
                designated, backup = _designated(device, neighbor)
                shown += f"  Area {neighbor.area}, opt 0x52, DR {designated}, BDR {backup}\n"
                shown += f"  Up {span(device.uptime_s)}, adjacent {span(device.uptime_s)}\n"
    return shown


def _ospf3(device: Device, options: Options) -> Element:
    del device, options
    return told("ospf3-neighbor-information", "routing")


def _ospf3_screen(device: Device, options: Options) -> str:
    del device, options
    return "OSPF3 instance is not running\n"


def _instances(device: Device, options: Options) -> Element:
    found = [el("instance-core", el("instance-name", "master"), el("instance-type", "forwarding"))]
    tree = active(device.config)
    for record in device.records("vrf"):
        if not isinstance(record, Vrf):
            continue
        body = below(tree, ("routing-instances", record.name)) or {}
        kind = next(iter(body.get("instance-type", {})), "virtual-router")
        core = el("instance-core", el("instance-name", record.name), el("instance-type", kind))
        if "detail" in options or "extensive" in options:
            core.append(el("router-id", router_id(device)))
            core.append(el("instance-state", "Active"))
            core.extend([el("instance-interface", el("interface-name", name)) for name in body.get("interface", {})])
            if record.rd:
                core.append(el("instance-route-distinguisher", record.rd))
        core.append(el("instance-rib", el("irib-name", f"{record.name}.inet.0"), el("irib-active-count", 0)))
        found.append(core)
    return told("instance-information", "routing", *found)


def _instances_screen(device: Device, options: Options) -> str:
    if "detail" not in options:
        rows = [("Instance", "Type"), ("         Primary RIB", "Active/holddown/hidden")]
        rows += [
            (core.findtext("instance-name") or "", core.findtext("instance-type") or "")
            for core in _instances(device, options)
        ]
        return columns(rows, (21,))
    shown = ""
    for core in _instances(device, options):
        shown += f"{core.findtext('instance-name')}:\n  Router ID: {router_id(device)}\n"
        shown += f"  Type: {core.findtext('instance-type')}        State: Active\n"
        names = [each.text or "" for each in core.iter("interface-name")]
        shown += "  Interfaces:\n" + "".join(f"    {name}\n" for name in names) if names else ""
        rd = core.findtext("instance-route-distinguisher")
        shown += f"  Route-distinguisher: {rd}\n" if rd else ""
    return shown


_PROTOCOLS = {
    "connected": ("Direct", 0),
    "static": ("Static", 5),
    "ebgp": ("BGP", 170),
    "ibgp": ("BGP", 170),
    "local": ("Local", 0),
}
_DROPPED = {"blackhole": "Discard", "Null0": "Discard", "reject": "Reject"}


def _tables(device: Device, options: Options) -> dict[str, list[rib.Route]]:
    wanted, table = options.get("destination"), options.get("table")
    found: dict[str, list[rib.Route]] = {}
    for route in (*rib.routes(device), *_locals(device)):
        family = "inet" if route.version == 4 else "inet6"
        name = f"{family}.0" if route.vrf == "default" else f"{route.vrf}.{family}.0"
        if table not in (None, name) or (wanted is not None and not _covers(route.prefix, wanted)):
            continue
        if options.get("protocol", _PROTOCOLS[route.protocol][0].lower()) == _PROTOCOLS[route.protocol][0].lower():
            found.setdefault(name, []).append(route)
    tables = sorted(found.items(), key=lambda item: (item[0].count("."), item[0]))
    return {name: sorted(routes, key=lambda route: ip_network(route.prefix)) for name, routes in tables}


def _covers(prefix: str, wanted: str) -> bool:
    network, asked = ip_interface(prefix).network, ip_interface(wanted)
    return network.version == asked.version and asked.ip in network


def _locals(device: Device) -> list[rib.Route]:
    """A device's own addresses, which Junos lists beside the networks."""
    found = []
    for record in device.records("interface"):
        if isinstance(record, Interface) and is_up(device, record):
            for address in record.addresses:
                interface = ip_interface(address)
                if interface.network.num_addresses > 1:
                    own = f"{interface.ip}/{interface.max_prefixlen}"
                    found.append(rib.Route(own, "local", record.vrf or "default", interface=record.name))
    return found


def _routes(device: Device, options: Options) -> Element:
    tables = []
    for name, routes in _tables(device, options).items():
        grouped: dict[str, list[rib.Route]] = {}
        for route in routes:
            grouped.setdefault(route.prefix, []).append(route)
        entries = [
            el("rt", *_destination(prefix, options), _route_entry(device, found)) for prefix, found in grouped.items()
        ]
        tables.append(
            listed(
                "route-table",
                entries,
                el("table-name", name),
                el("destination-count", len(grouped)),
                el("total-route-count", len(grouped)),
                el("active-route-count", len(grouped)),
                el("holddown-route-count", 0),
                el("hidden-route-count", 0),
            )
        )
    return told("route-information", "routing", *tables)


def _destination(prefix: str, options: Options) -> Iterator[Element]:
    """In full the length stands apart."""
    if "extensive" in options or "detail" in options:
        yield el("rt-destination", prefix.partition("/")[0])
        yield el("rt-prefix-length", prefix.partition("/")[2])
    else:
        yield el("rt-destination", prefix)


def _of_bgp(device: Device, route: rib.Route) -> Iterator[Element]:
    yield el("local-preference", 100)
    yield el("learned-from", route.next_hop)
    local = next((record.asn for record in device.records("bgp") if isinstance(record, Bgp)), None)
    yield el("local-as", local)
    if route.as_path:
        yield el("peer-as", route.as_path[0])
    yield el("peer-id", route.next_hop)
    yield el("as-path", " ".join(["AS path:", *map(str, route.as_path), "I"]))


def _route_entry(device: Device, routes: list[rib.Route]) -> Element:
    first = routes[0]
    protocol, preference = _PROTOCOLS[first.protocol]
    age = device.uptime_s
    hops: list[Element] = []
    dropped = _DROPPED.get(first.interface or "")
    for at, route in enumerate(routes):
        if first.protocol == "local":
            hops.append(el("nh", el("nh-local-interface", route.interface)))
        elif not dropped:
            hop = el("nh", el("selected-next-hop") if not at else None)
            hop.extend([el("to", route.next_hop)] if route.next_hop else [])
            hop.append(el("via", route.interface))
            hops.append(hop)
    return el(
        "rt-entry",
        el("active-tag", "*"),
        el("current-active"),
        el("last-active"),
        el("protocol-name", protocol),
        el("preference", first.distance if first.distance is not None else preference),
        el("age", span(age), seconds_of(age)),
        el("tag", first.tag) if first.tag is not None else None,
        *(_of_bgp(device, first) if protocol == "BGP" else ()),
        el("nh-type", "Local" if first.protocol == "local" else dropped)
        if dropped or first.protocol == "local"
        else None,
        *hops,
    )


def _routes_screen(device: Device, options: Options) -> str:
    shown = ""
    for table in _routes(device, options):
        count = table.findtext("destination-count")
        shown += (
            f"\n{table.findtext('table-name')}: {count} destinations, {count} routes "
            f"({count} active, 0 holddown, 0 hidden)\n"
            "+ = Active Route, - = Last Active, * = Both\n\n"
        )
        for route in table.iter("rt"):
            entry = route.find("rt-entry")
            assert entry is not None  # noqa: S101 - made above
            tag = f", tag {entry.findtext('tag')}" if entry.find("tag") is not None else ""
            if entry.find("learned-from") is not None:
                tag = f", localpref 100, from {entry.findtext('learned-from')}"
            how = f"*[{entry.findtext('protocol-name')}/{entry.findtext('preference')}] {entry.findtext('age')}{tag}"
            length = route.findtext("rt-prefix-length")
            name = f"{route.findtext('rt-destination')}{f'/{length}' if length else ''}"
            shown += f"{name:<19}{how}\n"
            if entry.find("as-path") is not None:
                shown += f"{'':<22}{entry.findtext('as-path')}, validation-state: unverified\n"
            shown += "".join(f"{'':<20}{line}\n" for line in _hop_lines(entry))
    return shown


def _hop_lines(entry: Element) -> Iterator[str]:
    kind = entry.findtext("nh-type")
    if kind in ("Discard", "Reject"):
        yield f"   {kind}"
    for hop in entry.iter("nh"):
        if (own := hop.findtext("nh-local-interface")) is not None:
            yield f"   Local via {own}"
            continue
        to = f"to {hop.findtext('to')} " if hop.find("to") is not None else ""
        yield f"{'>' if hop.find('selected-next-hop') is not None else ' '}  {to}via {hop.findtext('via')}"


SHOWS = (
    Show(
        command="show ospf neighbor",
        rpcs=("get-ospf-neighbor-information",),
        element=_ospf,
        screen=_ospf_screen,
        values={"instance": "instance"},
    ),
    Show(
        command="show ospf3 neighbor",
        rpcs=("get-ospf3-neighbor-information",),
        element=_ospf3,
        screen=_ospf3_screen,
        values={"instance": "instance"},
    ),
    Show(
        command="show route instance",
        rpcs=("get-instance-information",),
        element=_instances,
        screen=_instances_screen,
        argument="instance-name",
    ),
    Show(
        command="show route",
        rpcs=("get-route-information",),
        element=_routes,
        screen=_routes_screen,
        flags="exact active-path",
        values={"table": "table", "protocol": "protocol"},
        argument="destination",
    ),
)
