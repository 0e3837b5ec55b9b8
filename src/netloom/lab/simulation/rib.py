"""The routes of simulated devices: connected, static, and those that BGP brings over sessions that stand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import ip_address, ip_interface, ip_network
from typing import TYPE_CHECKING, Literal

from netloom.lab.simulation.network import bgp_sessions, interfaces, is_up
from netloom.lab.simulation.vendor import load_vendor
from netloom.model.bgp import Bgp
from netloom.model.static_route import StaticRoute

if TYPE_CHECKING:
    from netloom.lab.simulation.device import Device


@dataclass(frozen=True, slots=True)
class Route:
    """A route that a device would use; distances are the vendor's to say."""

    prefix: str
    protocol: Literal["connected", "static", "ebgp", "ibgp", "local"]
    """`local`: an address of its own, where the system lists those beside the networks."""
    vrf: str = "default"
    next_hop: str | None = None
    interface: str | None = None
    """Where the next hop is; `blackhole`, `reject` or `Null0` for what is dropped."""
    distance: int | None = None
    """As configured."""
    tag: int | None = None
    as_path: tuple[int, ...] = ()
    """Of a BGP route, the nearest AS first."""

    @property
    def version(self) -> int:
        """4 or 6."""
        return ip_network(self.prefix).version


def routes(device: Device) -> list[Route]:
    """The best route to each prefix of each VRF, in the order of prefixes."""
    best: dict[tuple[str, str], list[Route]] = {}
    for route in (*_connected(device), *_static(device), *_from_bgp(device)):
        found = best.setdefault((route.vrf, route.prefix), [])
        if not found or (found[0].protocol, len(found[0].as_path)) == (route.protocol, len(route.as_path)):
            found.append(route)
    listed = [route for found in best.values() for route in found]
    return sorted(listed, key=lambda route: (route.vrf, route.version, ip_network(route.prefix)))


def _connected(device: Device) -> Iterator[Route]:
    for record in interfaces(device):
        if is_up(device, record):
            for address in record.addresses:
                network = ip_interface(address).network
                yield Route(str(network), "connected", record.vrf or "default", interface=record.name)


def _static(device: Device) -> Iterator[Route]:
    for record in device.records("static_route"):
        if not isinstance(record, StaticRoute):
            continue
        interface = record.interface or outgoing(device, record.next_hop, record.vrf)
        if interface is not None:
            yield Route(
                record.prefix, "static", record.vrf, record.next_hop, interface, record.distance, tag=record.tag
            )


def outgoing(device: Device, address: str | None, vrf: str = "default") -> str | None:
    """The interface that an address is directly behind."""
    if address is None:
        return None
    for route in _connected(device):
        if route.vrf == vrf and ip_address(address) in ip_network(route.prefix):
            return route.interface
    return None


def _from_bgp(device: Device) -> Iterator[Route]:
    """What each peer announces, and what others announced to it; the shortest way to each device counts."""
    seen = {device.spec.name}
    ways = _onward(device, None, internal=False, as_path=())
    while ways:
        way = ways.pop(0)
        peer = device.world.get(way.device)
        if peer is None or peer.spec.name in seen:
            continue
        seen.add(peer.spec.name)
        interface = outgoing(device, way.next_hop)
        protocol: Literal["ebgp", "ibgp"] = "ibgp" if way.internal else "ebgp"
        for prefix in announced(peer):
            yield Route(prefix, protocol, "default", way.next_hop, interface, as_path=way.as_path)
        ways += _onward(peer, way.next_hop, internal=way.internal, as_path=way.as_path)


@dataclass(frozen=True, slots=True)
class _Way:
    device: str
    next_hop: str
    internal: bool
    """Whether the first peer on it is one of our own AS."""
    as_path: tuple[int, ...]


def _onward(device: Device, next_hop: str | None, *, internal: bool, as_path: tuple[int, ...]) -> list[_Way]:
    """Over each session that stands; no route from an internal peer is told to another (RFC 4271, section 9.2.1)."""
    found = []
    for session in bgp_sessions(device):
        within = session.local_as == session.remote_as
        if not session.established or (internal and within):
            continue
        path = as_path if within else (*as_path, session.remote_as)
        first = next_hop or session.neighbor.peer
        found.append(_Way(session.peer_device, first, within if next_hop is None else internal, path))
    return found


def own_routes(device: Device) -> list[Route]:
    """What it knows by itself: connected and static."""
    return [*_connected(device), *_static(device)]


def announced(device: Device) -> list[str]:
    """The prefixes that a device brings into BGP itself."""
    announces = load_vendor(device.spec.platform).announces
    if announces is not None:
        return list(announces(device))
    here = own_routes(device)
    known = {route.prefix for route in here if route.vrf == "default"}
    found: dict[str, None] = {}
    for record in device.records("bgp"):
        if isinstance(record, Bgp) and record.vrf == "default":
            found |= dict.fromkeys(network.prefix for network in record.networks if network.prefix in known)
            for source in record.redistribute:
                families = [route for route in here if f"ipv{route.version}" == source.family]
                found |= dict.fromkeys(route.prefix for route in families if route.protocol == source.protocol)
    return list(found)
