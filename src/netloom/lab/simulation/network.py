"""What simulated devices see of one another: links that are up, sessions that both ends are configured for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import ip_interface
from typing import TYPE_CHECKING

from netloom.model.bgp import Bgp
from netloom.model.bgp_neighbor import BgpNeighbor
from netloom.model.bgp_peer_group import BgpPeerGroup
from netloom.model.interface import Interface

if TYPE_CHECKING:
    from netloom.lab.simulation.device import Device
    from netloom.lab.simulation.spec import Cable

_VIRTUAL = re.compile(r"(?i)(?:lo|vl|port-channel|po|tunnel|nve|vxlan|irb|ae|bridge|bdi|mgmt|management|me|fxp|em)")


@dataclass(frozen=True, slots=True)
class BgpSession:
    """One configured neighbor and how its session stands."""

    neighbor: BgpNeighbor
    local_as: int
    remote_as: int
    router_id: str
    peer_router_id: str
    established: bool
    peer_device: str = ""
    """The name of the device that holds the peer's address; empty where none does."""


def interfaces(device: Device) -> list[Interface]:
    """Every interface: configured ones, and those that have a cable."""
    found = [record for record in device.records("interface") if isinstance(record, Interface)]
    known = {record.name for record in found}
    return found + [Interface(cable.interface) for cable in device.spec.cables if cable.interface not in known]


def cable_of(device: Device, interface: str) -> Cable | None:
    """The cable in an interface, or in the one that it is a part of."""
    parents = (interface, interface.partition(".")[0])
    return next((cable for cable in device.spec.cables if cable.interface in parents), None)


def is_up(device: Device, record: Interface) -> bool:
    """Whether it is switched on, and so is the far end of its cable; what needs no cable is up by itself."""
    if not switched_on(device, record) or {record.name, record.name.partition(".")[0]} & device.links_down:
        return False
    cable = cable_of(device, record.name)
    if cable is None:
        return bool(_VIRTUAL.match(record.name)) or bool(record.addresses)
    far = device.world.get(cable.neighbor)
    if far is None:
        return True
    other = next((item for item in interfaces(far) if item.name == cable.neighbor_interface), None)
    return (other is None or switched_on(far, other)) and cable.neighbor_interface not in far.links_down


def switched_on(device: Device, record: Interface) -> bool:
    """Whether neither it nor the interface that it is a part of is shut."""
    physical, dot, _ = record.name.partition(".")
    parent = next((item for item in interfaces(device) if item.name == physical), None) if dot else None
    return record.enabled and (parent is None or parent.enabled)


def router_id(device: Device) -> str:
    """As configured, or the highest address of a loopback, or of any interface."""
    for record in device.records("bgp"):
        if isinstance(record, Bgp) and record.router_id:
            return record.router_id
    addresses = [
        (record.name.lower().startswith("lo"), ip_interface(address).ip)
        for record in interfaces(device)
        for address in record.addresses
        if ":" not in address
    ]
    return str(max(addresses)[1]) if addresses else "0.0.0.0"  # noqa: S104 - a router id


def bgp_sessions(device: Device) -> list[BgpSession]:
    """Every BGP neighbor; a session stands where the peer is configured for it too."""
    instances = {record.vrf: record for record in device.records("bgp") if isinstance(record, Bgp)}
    found = []
    for neighbor in device.records("bgp_neighbor"):
        if not isinstance(neighbor, BgpNeighbor):
            continue
        local = instances.get(neighbor.vrf) or instances.get("default")
        local_as = local.asn if local is not None else 0
        remote_as = _remote_as(device, neighbor) or local_as
        peer = _holder(device, neighbor.peer)
        stands = neighbor.enabled and peer is not None and _answers(peer, device, local_as, remote_as)
        far_id = router_id(peer) if peer is not None and stands else "0.0.0.0"  # noqa: S104 - a router id
        name = peer.spec.name if peer is not None else ""
        found.append(BgpSession(neighbor, local_as, remote_as, router_id(device), far_id, stands, name))
    return found


def _remote_as(device: Device, neighbor: BgpNeighbor) -> int | None:
    """The peer's AS by the neighbor itself or its group."""
    groups = [group for group in device.records("bgp_peer_group") if isinstance(group, BgpPeerGroup)]
    said = [neighbor.remote_as, *(group.remote_as for group in groups if group.name == neighbor.peer_group)]
    return next((number for number in said if isinstance(number, int)), None)


def _holder(device: Device, address: str) -> Device | None:
    """The neighboring device that has an address on the other end of a cable that is up."""
    for record in interfaces(device):
        cable = cable_of(device, record.name)
        far = device.world.get(cable.neighbor) if cable is not None else None
        if far is not None and cable is not None and is_up(device, record):
            held = {str(ip_interface(item).ip) for other in _behind(far, cable) for item in other.addresses}
            if address in held:
                return far
    return None


def _behind(far: Device, cable: Cable) -> list[Interface]:
    """The far interfaces that are reached over a cable: its own end, and those that need none."""
    ends = ((record, cable_of(far, record.name)) for record in interfaces(far))
    return [record for record, end in ends if end is None or end.interface == cable.neighbor_interface]


def _answers(peer: Device, device: Device, local_as: int, remote_as: int) -> bool:
    ours = {str(ip_interface(item).ip) for record in interfaces(device) for item in record.addresses}
    peers_as = {record.asn for record in peer.records("bgp") if isinstance(record, Bgp)}
    return remote_as in peers_as and any(
        isinstance(record, BgpNeighbor)
        and record.enabled
        and record.peer in ours
        and _remote_as(peer, record) in (local_as, None)
        for record in peer.records("bgp_neighbor")
    )
