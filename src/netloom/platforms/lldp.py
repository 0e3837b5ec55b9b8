"""LLDP neighbors (IEEE 802.1AB) as lldpd's own client prints them and as LLDP-MIB tells them."""

from __future__ import annotations

from netloom.model.neighbor import NeighborState
from netloom.platforms import if_mib, smi
from netloom.platforms.contract import Columns, Read
from netloom.platforms.discovery_words import CHASSIS_TYPES, LLDP_LETTERS, PORT_TYPES, named
from netloom.platforms.json_output import Object, flag, integer, items, objects, text

READ = Read("lldpcli -f json0 show neighbors details 2>&1", where="shell")

_LOCAL = "1.0.8802.1.1.2.1.3.7.1"
_REMOTE = "1.0.8802.1.1.2.1.4.1.1"
_LOCAL_TYPE, _LOCAL_ID, _LOCAL_DESCRIPTION = (f"{_LOCAL}.{at}" for at in (2, 3, 4))
_CHASSIS_TYPE, _CHASSIS, _PORT_TYPE, _PORT, _PORT_DESCRIPTION = (f"{_REMOTE}.{at}" for at in (4, 5, 6, 7, 8))
_NAME, _DESCRIPTION, _CAPABILITIES = (f"{_REMOTE}.{at}" for at in (9, 10, 12))
_MANAGEMENT = "1.0.8802.1.1.2.1.4.2.1.3"

COLUMNS = (
    *(_LOCAL_TYPE, _LOCAL_ID, _LOCAL_DESCRIPTION, if_mib.NAME),
    *(_CHASSIS_TYPE, _CHASSIS, _PORT_TYPE, _PORT, _PORT_DESCRIPTION),
    *(_NAME, _DESCRIPTION, _CAPABILITIES, _MANAGEMENT),
)

_CLIENT_TYPES = {
    "mac": "mac-address",
    "ip": "network-address",
    "ifname": "interface-name",
    "ifalias": "interface-alias",
    "chassis": "chassis-component",
    "port": "port-component",
    "cid": "agent-circuit-id",
    "agentcid": "agent-circuit-id",
}
_CLIENT_CAPABILITIES = {
    "wlan": "wlan-access-point",
    "tel": "telephone",
    "docsis": "docsis-cable-device",
}


def observed(output: str) -> list[NeighborState]:
    """Neighbors from `lldpcli -f json0`, the form in which every member is a list."""
    return [
        _told_by_client(interface)
        for document in objects(output)
        for lldp in items(document.get("lldp"))
        for interface in items(lldp.get("interface"))
        if text(interface, "name")
    ]


def _told_by_client(interface: Object) -> NeighborState:
    chassis = next(items(interface.get("chassis")), {})
    port = next(items(interface.get("port")), {})
    chassis_id = next(items(chassis.get("id")), {})
    port_id = next(items(port.get("id")), {})
    return NeighborState(
        local_interface=text(interface, "name") or "",
        chassis_id=_lowered(text(chassis_id, "type"), text(chassis_id, "value")),
        chassis_id_type=_CLIENT_TYPES.get(text(chassis_id, "type") or "", "local"),
        port_id=_lowered(text(port_id, "type"), text(port_id, "value")),
        port_id_type=_CLIENT_TYPES.get(text(port_id, "type") or "", "local"),
        port_description=_value(port, "descr"),
        system_name=_value(chassis, "name"),
        system_description=_value(chassis, "descr"),
        management_addresses=tuple(
            address for entry in items(chassis.get("mgmt-ip")) if (address := text(entry, "value"))
        ),
        capabilities=tuple(
            _CLIENT_CAPABILITIES.get(name.lower(), name.lower())
            for entry in items(chassis.get("capability"))
            if flag(entry, "enabled") and (name := text(entry, "type"))
        ),
        ttl_s=integer(next(items(port.get("ttl")), {}), "value"),
        protocol=text(interface, "via") or "LLDP",
    )


def _value(holder: Object, name: str) -> str | None:
    return text(next(items(holder.get(name)), {}), "value")


def _lowered(kind: str | None, value: str | None) -> str:
    return (value or "").lower() if kind == "mac" else value or ""


def neighbors(columns: Columns) -> list[NeighborState]:
    """Neighbors from LLDP-MIB; the remote table's index is time mark, local port number, remote index."""
    management = _management_addresses(columns)
    return [
        _told_by_agent(columns, instance, management.get(tuple(instance.split(".")), ()))
        for instance in columns.get(_CHASSIS, {})
        if instance.count(".") == 2
    ]


def _told_by_agent(columns: Columns, instance: str, management: tuple[str, ...]) -> NeighborState:
    chassis_type = named(CHASSIS_TYPES, smi.number(columns, _CHASSIS_TYPE, instance))
    port_type = named(PORT_TYPES, smi.number(columns, _PORT_TYPE, instance))
    return NeighborState(
        local_interface=_local_interface(columns, instance.split(".")[1]),
        chassis_id=_identifier(chassis_type, smi.octets(columns, _CHASSIS, instance)),
        chassis_id_type=chassis_type,
        port_id=_identifier(port_type, smi.octets(columns, _PORT, instance)),
        port_id_type=port_type,
        port_description=smi.text(columns, _PORT_DESCRIPTION, instance),
        system_name=smi.text(columns, _NAME, instance),
        system_description=smi.text(columns, _DESCRIPTION, instance),
        management_addresses=management,
        capabilities=_capabilities(smi.octets(columns, _CAPABILITIES, instance)),
    )


def _local_interface(columns: Columns, port: str) -> str:
    """The name of a local port number: its port id where that is a name, else ifName (lldpd numbers by ifIndex)."""
    told = smi.text(columns, _LOCAL_ID, port)
    if told and named(PORT_TYPES, smi.number(columns, _LOCAL_TYPE, port)) == "interface-name":
        return told
    return smi.text(columns, if_mib.NAME, port) or smi.text(columns, _LOCAL_DESCRIPTION, port) or port


def _identifier(kind: str, value: bytes) -> str:
    if kind == "mac-address" and len(value) == 6:
        return value.hex(":")
    if kind == "network-address" and value[:1] in (b"\1", b"\2"):  # IANA address family number, then the address
        return smi.address(value[1:]) or value.hex()
    words = value.rstrip(b"\0").decode("utf-8", "replace")
    return words if words.isprintable() else value.hex(":")


def _capabilities(bits: bytes) -> tuple[str, ...]:
    return tuple(name for at, name in enumerate(LLDP_LETTERS.values()) if bits[:1] and bits[0] & (0x80 >> at))


def _management_addresses(columns: Columns) -> dict[tuple[str, ...], tuple[str, ...]]:
    """Remote row → addresses; the address, its subtype and length stand in the index."""
    found: dict[tuple[str, ...], tuple[str, ...]] = {}
    for instance in columns.get(_MANAGEMENT, {}):
        parts = tuple(instance.split("."))
        if (address := smi.indexed_address(parts[3:])) is not None:
            found[parts[:3]] = (*found.get(parts[:3], ()), address)
    return found
