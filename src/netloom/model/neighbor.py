"""A neighbor on a link, as LLDP or a like protocol tells (openconfig-lldp, IEEE 802.1AB)."""

from __future__ import annotations

from dataclasses import dataclass

from netloom.model.noun import Noun, Record


@dataclass(frozen=True, slots=True)
class NeighborState(Record):
    """What the other end of a link says of itself."""

    local_interface: str
    chassis_id: str
    chassis_id_type: str = "local"
    """mac-address, network-address, interface-name, chassis-component, interface-alias, port-component or local."""
    port_id: str = ""
    port_id_type: str = "local"
    """interface-name, mac-address, network-address, interface-alias, port-component, agent-circuit-id or local."""
    port_description: str | None = None
    system_name: str | None = None
    system_description: str | None = None
    management_addresses: tuple[str, ...] = ()
    platform: str | None = None
    """The hardware, where the protocol tells it (CDP)."""
    system_version: str | None = None
    """The software, where the protocol tells it apart from the description (CDP)."""
    vlan: int | None = None
    """The native VLAN, or the port's."""
    supported_capabilities: tuple[str, ...] = ()
    """What it could do, where that is told apart."""
    capabilities: tuple[str, ...] = ()
    """The enabled ones: bridge, router, station, wlan-access-point, …"""
    ttl_s: int | None = None
    protocol: str = "LLDP"

    IDENTITY = ("local_interface", "chassis_id", "port_id")


NOUN = Noun("neighbor", "neighbors", state=NeighborState)
