"""The way of a packet: longest-prefix match hop by hop, every equal-cost branch, and why it stops."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_interface, ip_network
from typing import Literal

from netloom.errors import UsageError
from netloom.model.route import NextHop, RouteState
from netloom.topology.graph import build
from netloom.topology.view import DeviceView, NetworkView

HOP_LIMIT = 32

Outcome = Literal["forwarded", "delivered", "dropped"]


@dataclass(frozen=True, slots=True)
class Hop:
    """One device on one branch of the way."""

    device: str
    in_interface: str = ""
    out_interface: str = ""
    next_hop: str = ""
    """The next hop's address; empty for a directly connected destination."""
    prefix: str = ""
    """The route that decided."""
    protocol: str = ""
    outcome: Outcome = "forwarded"
    reason: str = ""
    """Why it was delivered or dropped here."""


@dataclass(frozen=True, slots=True)
class Branch:
    """One way from the source to where it ends."""

    hops: tuple[Hop, ...]

    @property
    def delivered(self) -> bool:
        """Whether the packet arrives."""
        return self.hops[-1].outcome == "delivered"


@dataclass(frozen=True, slots=True)
class PathResult:
    """Every branch from a source to a destination."""

    source: str
    """A device."""
    destination: str
    """An address."""
    branches: tuple[Branch, ...]

    @property
    def delivered(self) -> bool:
        """Whether every branch arrives."""
        return all(branch.delivered for branch in self.branches)


def trace(view: NetworkView, source: str, destination: str) -> PathResult:
    """Walk from a device (name or address) to an address (or a device's); raises UsageError for unknown ends."""
    start = _source_device(view, source)
    target = _destination_address(view, destination, _family_of(source))
    walker = _Walker(view, ip_address(target))
    branches = tuple(Branch(hops) for hops in walker.walk(start, "", ()))
    return PathResult(start, target, branches)


def _family_of(source: str) -> int:
    try:
        return ip_address(source).version
    except ValueError:
        return 4


def _source_device(view: NetworkView, source: str) -> str:
    found = view.by_name(source)
    if found is None and (owner := view.owner(source)):
        found = owner[0]
    if found is None:
        raise UsageError(f"no device is called {source!r} or holds that address", hint="netloom inventory lists them")
    return found


def _destination_address(view: NetworkView, destination: str, version: int) -> str:
    try:
        return str(ip_address(destination))
    except ValueError:
        pass
    device = view.by_name(destination)
    if device is None:
        raise UsageError(f"{destination!r} is neither an address nor a device", hint="netloom inventory lists them")
    address = _own_address(view.devices[device], version)
    if address is None:
        raise UsageError(f"no IPv{version} address of {device} is known", hint="netloom collect reads them")
    return address


def _own_address(device: DeviceView, version: int) -> str | None:
    """A loopback's address first, then any other that is not for management or link-local."""
    candidates = []
    for interface in device.interfaces:
        for text in interface.addresses:
            address = ip_interface(text)
            usable = not address.is_link_local and not address.is_loopback
            if address.version == version and usable and str(address.ip) != device.management_address:
                is_loopback = interface.name.startswith("lo") or interface.type == "softwareLoopback"
                candidates.append((not is_loopback, interface.name, str(address.ip)))
    return min(candidates)[2] if candidates else None


class _Walker:
    def __init__(self, view: NetworkView, target: IPv4Address | IPv6Address) -> None:
        self.view = view
        self.target = target
        self.far_ends = _far_ends(view)

    def walk(self, device: str, arrived_on: str, before: tuple[Hop, ...]) -> Iterator[tuple[Hop, ...]]:
        here = Hop(device, arrived_on)
        if self.holds_target(device):
            yield (*before, replace(here, outcome="delivered", reason=f"{device} holds {self.target}"))
            return
        if any(hop.device == device for hop in before):
            yield (*before, replace(here, outcome="dropped", reason=f"loop: {device} was passed already"))
            return
        if len(before) >= HOP_LIMIT:
            yield (*before, replace(here, outcome="dropped", reason=f"more than {HOP_LIMIT} hops"))
            return
        routes = self.best_routes(device)
        if not routes:
            known = "no route" if self.view.devices[device].routes else "its routes are not known"
            yield (*before, replace(here, outcome="dropped", reason=f"{known} to {self.target}"))
            return
        for route in routes:
            for next_hop in _usable(route):
                yield from self.follow(replace(here, prefix=route.prefix, protocol=route.protocol), next_hop, before)

    def follow(self, here: Hop, next_hop: NextHop, before: tuple[Hop, ...]) -> Iterator[tuple[Hop, ...]]:
        here = replace(here, out_interface=next_hop.interface or "", next_hop=next_hop.address or "")
        if next_hop.kind not in ("forward", "receive"):
            yield (*before, replace(here, outcome="dropped", reason=f"{next_hop.kind} route {here.prefix}"))
            return
        interface = self.view.interface(here.device, here.out_interface)
        if interface and interface.oper_status not in (None, "up", "unknown"):
            yield (*before, replace(here, outcome="dropped", reason=f"{here.out_interface} is {interface.oper_status}"))
            return
        far = self.resolve(here, next_hop)
        if far is None:
            yield (*before, self.last_known(here))
            return
        yield from self.walk(far[0], far[1], (*before, here))

    def last_known(self, here: Hop) -> Hop:
        if not here.next_hop:
            reason = f"{self.target} is on {here.out_interface}'s network {here.prefix}, on no known device"
            return replace(here, outcome="delivered", reason=reason)
        return replace(here, outcome="dropped", reason=f"no known device holds next hop {here.next_hop}")

    def resolve(self, here: Hop, next_hop: NextHop) -> tuple[str, str] | None:
        """The device and interface where the packet arrives."""
        address = next_hop.address or str(self.target)
        link_local = ip_address(address).is_link_local
        owner = None if link_local else self.view.owner(address)
        if owner is not None:
            return owner
        if next_hop.address is None:
            return None
        return self.far_ends.get((here.device, here.out_interface)) or self.view.owner(address)

    def holds_target(self, device: str) -> bool:
        owner = self.view.owner(str(self.target))
        return owner is not None and owner[0] == device

    def covered_bits(self, prefix: str) -> int:
        """The prefix's length where it holds the target, else -1."""
        version, network, mask, length = _network(prefix)
        matches = version == self.target.version and int(self.target) & mask == network
        return length if matches else -1

    def best_routes(self, device: str) -> list[RouteState]:
        """The selected routes of the longest matching prefix in the default VRF."""
        best: list[RouteState] = []
        length = -1
        for route in self.view.devices[device].routes:
            if not route.selected or route.vrf != "default":
                continue
            covered = self.covered_bits(route.prefix)
            if covered > length:
                best, length = [], covered
            if covered == length and covered >= 0:
                best.append(route)
        return best


@cache
def _network(prefix: str) -> tuple[int, int, int, int]:
    """A prefix as version, network, mask and length."""
    network = ip_network(prefix, strict=False)
    return network.version, int(network.network_address), int(network.netmask), network.prefixlen


def _usable(route: RouteState) -> tuple[NextHop, ...]:
    active = tuple(hop for hop in route.next_hops if hop.active)
    return active or (NextHop(kind="unreachable", active=False),)


def _far_ends(view: NetworkView) -> dict[tuple[str, str], tuple[str, str]]:
    """Interface → the far end of its cable: how unnumbered next hops find their device."""
    ends: dict[tuple[str, str], tuple[str, str]] = {}
    for link in build(view, "lldp").links:
        if link.a.device in view.devices and link.b.device in view.devices:
            ends[link.a.device, link.a.interface] = (link.b.device, link.b.interface)
            ends[link.b.device, link.b.interface] = (link.a.device, link.a.interface)
    return ends
