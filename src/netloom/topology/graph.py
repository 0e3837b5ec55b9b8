"""The network as nodes and links, a layer at a time: LLDP, IP subnets, BGP sessions."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from ipaddress import ip_interface
from typing import Literal

from netloom.model.bgp_session import BgpSessionState
from netloom.topology.view import DeviceView, NetworkView

Layer = Literal["lldp", "ip", "bgp"]
LinkState = Literal["up", "down", "unknown"]


@dataclass(frozen=True, slots=True)
class Node:
    """A device, a subnet that several devices share, or a neighbor that the inventory does not know."""

    name: str
    kind: Literal["device", "subnet", "unknown"] = "device"
    role: str | None = None
    platform: str | None = None
    tier: int | None = None
    reachable: bool = True
    simulated: bool = False

    @property
    def label(self) -> str:
        """Its name, and what a drawing must not hide."""
        return f"{self.name} (simulated)" if self.simulated else self.name


@dataclass(frozen=True, slots=True, order=True)
class Endpoint:
    """One end of a link; the interface is empty where a layer has none."""

    device: str
    interface: str = ""

    def __str__(self) -> str:
        return f"{self.device}:{self.interface}" if self.interface else self.device


@dataclass(frozen=True, slots=True)
class Link:
    """Two ends, the lesser first, and how sure we are of them."""

    a: Endpoint
    b: Endpoint
    layer: Layer
    state: LinkState = "unknown"
    label: str = ""
    seen_by: tuple[str, ...] = ()
    """The devices that reported it."""
    one_sided: bool = False
    """Only one of two ends that could have reported it did."""


@dataclass(frozen=True, slots=True)
class Topology:
    """One layer of the network."""

    layer: Layer
    nodes: tuple[Node, ...]
    links: tuple[Link, ...]

    def node(self, name: str) -> Node:
        """The node of this name; raises KeyError."""
        for node in self.nodes:
            if node.name == name:
                return node
        raise KeyError(name)


def build(view: NetworkView, layer: Layer) -> Topology:
    """The topology of one layer."""
    links, extra = {"lldp": _lldp, "ip": _ip, "bgp": _bgp}[layer](view)
    nodes = [_device_node(device) for device in view.devices.values()]
    ordered = sorted(links, key=lambda link: (link.a, link.b))
    return Topology(layer, tuple(nodes + sorted(extra, key=lambda node: node.name)), tuple(ordered))


def _device_node(device: DeviceView) -> Node:
    return Node(device.name, "device", device.role, device.platform, device.tier, device.reachable, device.simulated)


def _lldp(view: NetworkView) -> tuple[list[Link], list[Node]]:
    """LLDP's links: both ends' reports merged, so that each cable is drawn once."""
    reports: dict[tuple[Endpoint, Endpoint], set[str]] = defaultdict(set)
    unknown: dict[str, Node] = {}
    for device in view.devices.values():
        for neighbor in device.neighbors:
            far = view.neighbor_device(neighbor)
            if far is None:
                far = neighbor.system_name or neighbor.chassis_id
                unknown[far] = Node(far, "unknown", tier=None)
                end = Endpoint(far, neighbor.port_id)
            else:
                end = Endpoint(far, view.neighbor_interface(far, neighbor))
            a, b = sorted((Endpoint(device.name, neighbor.local_interface), end))
            reports[a, b].add(device.name)
    links = []
    for (a, b), seen_by in reports.items():
        able = {end.device for end in (a, b) if end.device in view.devices}
        one_sided = len(able) == 2 and len(seen_by) == 1
        links.append(Link(a, b, "lldp", _cable_state(view, a, b), "", tuple(sorted(seen_by)), one_sided))
    return links, list(unknown.values())


def _cable_state(view: NetworkView, a: Endpoint, b: Endpoint) -> LinkState:
    states = set()
    for end in (a, b):
        interface = view.interface(end.device, end.interface) if end.device in view.devices else None
        if interface and interface.oper_status:
            states.add(interface.oper_status)
    if not states:
        return "unknown"
    return "up" if states == {"up"} else "down"


def _ip(view: NetworkView) -> tuple[list[Link], list[Node]]:
    """Interfaces with addresses in one subnet; three or more of them meet in a node for the subnet."""
    members: dict[str, set[Endpoint]] = defaultdict(set)
    for device in view.devices.values():
        for interface in device.interfaces:
            for text in interface.addresses:
                address = ip_interface(text)
                if address.is_link_local or address.is_loopback or address.network.num_addresses == 1:
                    continue
                if device.management_address == str(address.ip):
                    continue
                members[str(address.network)].add(Endpoint(device.name, interface.name))
    links, subnets = [], []
    for prefix, ends in members.items():
        if len({end.device for end in ends}) == 2 and len(ends) == 2:
            a, b = sorted(ends)
            links.append(Link(a, b, "ip", _cable_state(view, a, b), prefix, (a.device, b.device)))
        elif len(ends) > 2:
            subnets.append(Node(prefix, "subnet"))
            for end in ends:
                a, b = sorted((end, Endpoint(prefix)))
                links.append(Link(a, b, "ip", _cable_state(view, end, end), "", (end.device,)))
    return links, subnets


def _bgp(view: NetworkView) -> tuple[list[Link], list[Node]]:
    """BGP sessions: up where every end that reports it says Established, in all its address families."""
    reports: dict[tuple[Endpoint, Endpoint], dict[str, list[BgpSessionState]]] = defaultdict(lambda: defaultdict(list))
    unknown: dict[str, Node] = {}
    for device in view.devices.values():
        for session in device.bgp_sessions:
            far = _bgp_peer(view, device, session)
            if far is None:
                far = session.peer_hostname or session.peer
                unknown[far] = Node(far, "unknown")
            a, b = sorted((Endpoint(device.name), Endpoint(far)))
            reports[a, b][device.name].append(session)
    links = []
    for (a, b), seen in reports.items():
        sessions = [session for rows in seen.values() for session in rows]
        state: LinkState = "up" if all(session.state == "Established" for session in sessions) else "down"
        first = next(row for name in sorted(seen) for row in seen[name])
        near, far_asn = (first.asn, first.peer_asn) if a.device in seen else (first.peer_asn, first.asn)
        label = f"AS {near} - {far_asn}" if near and far_asn else ""
        one_sided = len(seen) == 1 and a.device in view.devices and b.device in view.devices
        links.append(Link(a, b, "bgp", state, label, tuple(sorted(seen)), one_sided))
    return links, list(unknown.values())


def _bgp_peer(view: NetworkView, device: DeviceView, session: BgpSessionState) -> str | None:
    """The far device: by the peer's address, or for an unnumbered session by the neighbor on the interface."""
    if owner := view.owner(session.peer):
        return owner[0]
    for neighbor in device.neighbors:
        if neighbor.local_interface == session.peer:
            return view.neighbor_device(neighbor)
    return view.by_name(session.peer_hostname) if session.peer_hostname else None
