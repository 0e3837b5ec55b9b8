"""OSPF adjacencies of simulated devices: both ends of a cable speak it in one area and one network."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Address, ip_interface, ip_network
from typing import TYPE_CHECKING, Literal

from netloom.lab.simulation.network import cable_of, interfaces, is_up, router_id
from netloom.model.interface import Interface
from netloom.model.ospf import Ospf
from netloom.model.ospf_interface import OspfInterface

if TYPE_CHECKING:
    from netloom.lab.simulation.device import Device


@dataclass(frozen=True, slots=True)
class Adjacency:
    """A neighbor in state Full."""

    interface: str
    neighbor_id: str
    address: str
    area: str
    process: str
    vrf: str
    priority: int
    role: Literal["DR", "BDR"] | None
    """The neighbor's; None where the link elects none."""


def adjacencies(device: Device) -> list[Adjacency]:
    """Every OSPF neighbor."""
    return [found for record in interfaces(device) if (found := _over(device, record)) is not None]


def ospf_router_id(device: Device, vrf: str = "default") -> str:
    """As configured for OSPF, or as BGP would take it."""
    configured = (item.router_id for item in _instances(device) if item.vrf == vrf)
    return next((found for found in configured if found), None) or router_id(device)


def area_of(device: Device, record: Interface) -> tuple[str, Ospf] | None:
    """The area that an interface is in, and the instance; None where OSPF does not speak there."""
    instance = next((item for item in _instances(device) if item.vrf == (record.vrf or "default")), None)
    own = _settings(device, record.name)
    if instance is None or (instance.passive_default if own is None or own.passive is None else own.passive):
        return None
    if own is not None and own.area is not None:
        return own.area, instance
    here = [ip_interface(address).ip for address in record.addresses if ":" not in address]
    for network in instance.networks:
        if any(address in ip_network(network.prefix) for address in here):
            return network.area, instance
    return None


def _over(device: Device, record: Interface) -> Adjacency | None:
    cable = cable_of(device, record.name)
    far = device.world.get(cable.neighbor) if cable is not None else None
    found = area_of(device, record)
    if cable is None or far is None or found is None or not is_up(device, record):
        return None
    area, instance = found
    ours = {ip_interface(address).network for address in record.addresses if ":" not in address}
    for other in interfaces(far):
        there = area_of(far, other) if cable_of(far, other.name) is not None else None
        shared = [item for item in other.addresses if ":" not in item and ip_interface(item).network in ours]
        if there is None or there[0] != area or not shared or not is_up(far, other):
            continue
        settings = _settings(far, other.name)
        neighbor_id = ospf_router_id(far, instance.vrf)
        point_to_point = settings is not None and settings.network_type == "point-to-point"
        first = IPv4Address(neighbor_id) > IPv4Address(ospf_router_id(device, instance.vrf))
        return Adjacency(
            interface=record.name,
            neighbor_id=neighbor_id,
            address=str(ip_interface(shared[0]).ip),
            area=area,
            process=instance.process or "1",
            vrf=instance.vrf,
            priority=settings.priority if settings is not None and settings.priority is not None else 1,
            role=None if point_to_point else "DR" if first else "BDR",
        )
    return None


def _instances(device: Device) -> list[Ospf]:
    return [record for record in device.records("ospf") if isinstance(record, Ospf)]


def _settings(device: Device, interface: str) -> OspfInterface | None:
    records = (record for record in device.records("ospf_interface") if isinstance(record, OspfInterface))
    return next((record for record in records if record.interface == interface), None)
