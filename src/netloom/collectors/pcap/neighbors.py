"""LLDP and CDP frames to neighbors."""

from __future__ import annotations

from typing import Any

from netloom.codecs import cdp, lldp
from netloom.model.neighbor_frame import NeighborFrame
from netloom.platforms.discovery_words import CDP_BITS, CHASSIS_TYPES, LLDP_BITS, PORT_TYPES, named


def of_lldp(found: lldp.Lldp, *, interface: str | None, src_mac: str | None, received_ns: int) -> NeighborFrame:
    """The neighbor that a data unit describes."""
    extensions = _extensions(found.organizational)
    return NeighborFrame(
        time_received_ns=received_ns,
        local_interface=interface or "",
        src_mac=src_mac,
        chassis_id=found.chassis_id,
        chassis_id_type=named(CHASSIS_TYPES, found.chassis_id_type),
        port_id=found.port_id,
        port_id_type=named(PORT_TYPES, found.port_id_type),
        port_description=found.port_description,
        system_name=found.system_name,
        system_description=found.system_description,
        management_addresses=found.management_addresses,
        vlan=extensions.get("port_vlan", {}).get("vlan") or None,
        supported_capabilities=_bits(found.capabilities, LLDP_BITS),
        capabilities=_bits(found.enabled, LLDP_BITS),
        ttl_s=found.ttl_s,
        extensions=extensions or None,
    )


def of_cdp(found: cdp.Cdp, *, interface: str | None, src_mac: str | None, received_ns: int) -> NeighborFrame:
    """The neighbor that a message describes."""
    told = {
        "vtp_domain": found.vtp_domain,
        "full_duplex": found.full_duplex,
        "voice_vlan": found.voice_vlan,
        "consumption_w": found.consumption_w,
        "mtu": found.mtu,
        "system_oid": found.system_oid,
        "location": found.location,
        **{f"{kind:#06x}": value.hex() for kind, value in found.unknown},
    }
    return NeighborFrame(
        time_received_ns=received_ns,
        local_interface=interface or "",
        src_mac=src_mac,
        chassis_id=found.device_id or "",
        port_id=found.port_id or "",
        port_id_type="interface-name",
        system_name=found.system_name or found.device_id,
        management_addresses=found.management_addresses or found.addresses,
        platform=found.platform,
        system_version=found.software,
        vlan=found.native_vlan,
        capabilities=_bits(found.capabilities, CDP_BITS),
        ttl_s=found.ttl_s,
        protocol="CDP",
        extensions={name: value for name, value in told.items() if value is not None} or None,
    )


def _bits(value: int | None, names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for at, name in enumerate(names) if (value or 0) >> at & 1))


def _extensions(organizational: tuple[lldp.Organizational, ...]) -> dict[str, Any]:
    """By name; a list where there are several of one kind."""
    found: dict[str, Any] = {}
    for each in organizational:
        name = each.name or f"{each.oui:06x}.{each.subtype}"
        value = dict(each.values) if each.name else each.data.hex()
        if name not in found:
            found[name] = value
        else:
            before = found[name]
            found[name] = [*(before if isinstance(before, list) else [before]), value]
    return found
