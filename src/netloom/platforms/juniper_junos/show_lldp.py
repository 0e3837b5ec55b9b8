"""LLDP neighbors: `show lldp neighbors`, all in brief or one interface's in full."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from netloom.model.neighbor import NeighborState
from netloom.platforms.juniper_junos import notation, tables
from netloom.platforms.replies import Reader
from netloom.platforms.xml_output import every, integer, text, texts

if TYPE_CHECKING:
    from netloom.platforms.xml_output import Element

_HEADING = re.compile(r"^Local Interface\s+(?:Parent Interface\s+)?Chassis Id\s+Port info", re.MULTILINE)
_DETAIL = re.compile(r"^\s*(?:Local Interface|Chassis ID)\s*:", re.MULTILINE)
_FIELD = re.compile(r"^\s*([A-Za-z][A-Za-z ]*?)\s*:\s?(.*)$")
_TYPES = {
    "mac": "mac-address",
    "network": "network-address",
    "interface name": "interface-name",
    "interface alias": "interface-alias",
    "chassis component": "chassis-component",
    "port component": "port-component",
    "agent circuit": "agent-circuit-id",
}
CAPABILITIES = {
    "other": "other",
    "repeater": "repeater",
    "bridge": "bridge",
    "wlan access point": "wlan-access-point",
    "router": "router",
    "telephone": "telephone",
    "docsis cable device": "docsis-cable-device",
    "station only": "station",
    "station": "station",
}
"""As Junos writes them, and as the model does."""
_CAPABILITY = re.compile("|".join(sorted(CAPABILITIES, key=len, reverse=True)))


def neighbors(reply: Element) -> Iterator[NeighborState]:
    """Every neighbor."""
    for element in every(reply, "lldp-neighbor-information"):
        local = text(element, "lldp-local-interface", "lldp-local-port-id")
        chassis = text(element, "lldp-remote-chassis-id") or ""
        port = text(element, "lldp-remote-port-id") or ""
        if local is None:
            continue
        chassis_type = identifier_type(text(element, "lldp-remote-chassis-id-subtype"), chassis)
        port_type = identifier_type(text(element, "lldp-remote-port-id-subtype"), port)
        yield NeighborState(
            local_interface=local,
            chassis_id=identifier(chassis, chassis_type),
            chassis_id_type=chassis_type,
            port_id=identifier(port, port_type),
            port_id_type=port_type,
            port_description=text(element, "lldp-remote-port-description"),
            system_name=text(element, "lldp-remote-system-name"),
            system_description=text(
                element, "lldp-system-description/lldp-remote-system-description", "lldp-remote-system-description"
            ),
            management_addresses=tuple(
                found
                for shown in texts(element, "lldp-remote-management-address")
                if (found := notation.address(shown)) is not None
            ),
            supported_capabilities=capabilities(text(element, "lldp-remote-system-capabilities-supported")),
            capabilities=capabilities(text(element, "lldp-remote-system-capabilities-enabled")),
            ttl_s=integer(element, "lldp-ttl"),
        )


def identifier_type(subtype: str | None, value: str) -> str:
    """The model's word for a kind of identifier; one that is not told is known by its form."""
    shown = (subtype or "").lower()
    for start, kind in _TYPES.items():
        if shown.startswith(start):
            return kind
    return "mac-address" if not shown and notation.mac(value) == value.lower() and value else "local"


def identifier(value: str, kind: str) -> str:
    """A MAC address in canonical form, everything else as it stands."""
    return (notation.mac(value) or value) if kind == "mac-address" else value


def capabilities(shown: str | None) -> tuple[str, ...]:
    """`Bridge WLAN Access Point Router ` in the model's words."""
    found = [CAPABILITIES[word] for word in _CAPABILITY.findall((shown or "").lower())]
    return tuple(dict.fromkeys(found))


def brief(shown: str) -> list[NeighborState]:
    """The table of all neighbors; older releases have no column for the aggregate."""
    found = []
    for cells in tables.rows(shown, _HEADING):
        local, *_, chassis, port, system = (*cells, "", "") if len(cells) < 4 else cells
        kind = identifier_type(None, chassis)
        found.append(
            NeighborState(
                local_interface=local,
                chassis_id=identifier(chassis, kind),
                chassis_id_type=kind,
                port_id=port,
                system_name=system or None,
            )
        )
    return found


def detail(shown: str) -> list[NeighborState]:
    """Neighbors in full, a field a line."""
    records: list[dict[str, str]] = []
    field = ""
    for line in shown.splitlines():
        if match := _FIELD.match(line):
            field, value = match[1].lower(), match[2].strip()
            if not records or (field in ("index", "local interface") and "local interface" in records[-1]):
                records.append({})
            records[-1].setdefault(field, value)
        elif field == "system description" and line.strip() and records:
            records[-1][field] += f"\n{line.strip()}"
        else:
            field = ""
    return [_of_fields(record) for record in records if record.get("chassis id")]


def _of_fields(record: dict[str, str]) -> NeighborState:
    chassis, port = record["chassis id"], record.get("port id", "")
    chassis_type = identifier_type(record.get("chassis type"), chassis)
    port_type = identifier_type(record.get("port type"), port)
    ttl = re.search(r"time to live: (\d+)", " ".join(f"{name}: {value}" for name, value in record.items()).lower())
    address = notation.address(record.get("address"))
    return NeighborState(
        local_interface=record.get("local interface", ""),
        chassis_id=identifier(chassis, chassis_type),
        chassis_id_type=chassis_type,
        port_id=identifier(port, port_type),
        port_id_type=port_type,
        port_description=record.get("port description") or None,
        system_name=record.get("system name") or None,
        system_description=record.get("system description") or None,
        management_addresses=(address,) if address else (),
        supported_capabilities=capabilities(record.get("supported")),
        capabilities=capabilities(record.get("enabled")),
        ttl_s=int(ttl[1]) if ttl else None,
    )


SCREENS: tuple[Reader[NeighborState], ...] = (Reader(_HEADING, brief), Reader(_DETAIL, detail))
