"""LLDP neighbors, as `show lldp neighbors` and its detail tell them."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator
from typing import Any

from netloom.model.neighbor import NeighborState
from netloom.platforms.arista_eos import reply
from netloom.platforms.contract import Read
from netloom.platforms.json_output import Object, integer, items, members, text
from netloom.platforms.replies import Reader

READ = Read("show lldp neighbors detail | json")

_ID_TYPES = {
    "chassiscomponent": "chassis-component",
    "interfacealias": "interface-alias",
    "portcomponent": "port-component",
    "macaddress": "mac-address",
    "networkaddress": "network-address",
    "interfacename": "interface-name",
    "agentcircuitid": "agent-circuit-id",
    "locallyassigned": "local",
    "local": "local",
}
"""IEEE 802.1AB tables 8-2 and 8-3, spelled without spaces."""
_CAPABILITIES = {
    "other": "other",
    "repeater": "repeater",
    "bridge": "bridge",
    "wlanaccesspoint": "wlan-access-point",
    "router": "router",
    "telephone": "telephone",
    "docsis": "docsis-cable-device",
    "docsiscabledevice": "docsis-cable-device",
    "stationonly": "station",
    "station": "station",
    "cvlan": "c-vlan",
    "svlan": "s-vlan",
    "twoportmacrelay": "two-port-mac-relay",
}

_HEAD = re.compile(r"^ *Port +Neighbor Device ID +Neighbor Port ID +TTL", re.MULTILINE)
_ROW = re.compile(
    r"(?P<port>[A-Z][\w/.-]*\d) +(?P<device>\S.*?)(?: {2,}| )(?P<remote>(?<= {2})\S.*?|\S+) +(?P<ttl>\d+)"
)
_INTERFACE = re.compile(r"^Interface (?P<name>\S+) detected (?P<count>\d+) LLDP neighbors", re.MULTILINE)
_NEIGHBOR = re.compile(r"^ +Neighbor (?P<chassis>.+?)/(?P<port>.+?), age .*$", re.MULTILINE)
_LABELS = {
    "chassis_type": r"Chassis ID type: *(.+?) *(?:\(\d+\))? *$",
    "chassis": r"^ +Chassis ID +: *(.*?) *$",
    "port_type": r"Port ID type: *(.+?) *(?:\(\d+\))? *$",
    "port": r"^ +Port ID +: *(.*?) *$",
    "ttl": r"Time To Live: *(\d+)",
    "port_description": r"Port Description: *(.*?) *$",
    "name": r"System Name: *(.*?) *$",
    "description": r"System Description: *(.*?) *$",
    "supported": r"System Capabilities *: *(.*?) *$",
    "enabled": r"Enabled Capabilities *: *(.*?) *$",
    "vlan": r"IEEE802.1 Port VLAN ID: *(\d+)",
}
_LABELLED = {name: re.compile(pattern, re.MULTILINE) for name, pattern in _LABELS.items()}
_MANAGEMENT = re.compile(r"^ +Management Address +: *(\S+)", re.MULTILINE)


def neighbors(outputs: tuple[str, ...]) -> list[NeighborState]:
    """Every neighbor on every port."""
    return reply.observed(outputs, READERS)


def _json(document: Object) -> Iterator[NeighborState]:
    if "lldpNeighbors" not in document:
        raise ValueError(f"expected a reply about LLDP, got members {', '.join(document)[:80]!r}")
    listed = document["lldpNeighbors"]
    if isinstance(listed, list):
        yield from (_listed(entry) for entry in items(listed))
    for name, told in members(listed):
        yield from (_described(reply.long(name), entry) for entry in items(told.get("lldpNeighborInfo")))


def _listed(entry: Object) -> NeighborState:
    """The short form tells no chassis: the name stands for it."""
    name = text(entry, "neighborDevice")
    return NeighborState(
        local_interface=reply.long(str(entry["port"])),
        chassis_id=name or "",
        port_id=unquoted(text(entry, "neighborPort")) or "",
        system_name=name,
        ttl_s=integer(entry, "ttl"),
    )


def _described(interface: str, entry: Object) -> NeighborState:
    port: Any = entry.get("neighborInterfaceInfo") or {}
    told: Any = entry.get("systemCapabilities") or {}
    chassis_type = id_type(text(entry, "chassisIdType"))
    port_type = id_type(text(port, "interfaceIdType"))
    return NeighborState(
        local_interface=interface,
        chassis_id=_identity(text(entry, "chassisId"), chassis_type),
        chassis_id_type=chassis_type,
        port_id=_identity(text(port, "interfaceId_v2") or text(port, "interfaceId"), port_type),
        port_id_type=port_type,
        port_description=unquoted(text(port, "interfaceDescription")),
        system_name=text(entry, "systemName"),
        system_description=text(entry, "systemDescription"),
        management_addresses=tuple(
            _management(str(address["address"])) for address in items(entry.get("managementAddresses"))
        ),
        vlan=integer(port, "portVlanId") or None,
        supported_capabilities=capabilities(told),
        capabilities=capabilities(name for name, enabled in told.items() if enabled),
        ttl_s=integer(entry, "ttl"),
    )


def _table(output: str) -> Iterator[NeighborState]:
    for line in output[_end(output) :].splitlines():
        if row := _ROW.fullmatch(line.strip()):
            yield NeighborState(
                local_interface=reply.long(row["port"]),
                chassis_id=row["device"],
                port_id=row["remote"],
                system_name=row["device"],
                ttl_s=int(row["ttl"]),
            )


def _end(output: str) -> int:
    match = _HEAD.search(output)
    return match.end() if match else 0


def _details(output: str) -> Iterator[NeighborState]:
    for port, paragraphs in reply.sections(_INTERFACE, output):
        for head, body in reply.sections(_NEIGHBOR, paragraphs):
            yield _paragraph(reply.long(port["name"]), head, body)


def _paragraph(interface: str, head: re.Match[str], body: str) -> NeighborState:
    said = {name: match[1] for name, pattern in _LABELLED.items() if (match := pattern.search(body))}
    chassis_type, port_type = id_type(said.get("chassis_type")), id_type(said.get("port_type"))
    return NeighborState(
        local_interface=interface,
        chassis_id=_identity(said.get("chassis") or head["chassis"], chassis_type),
        chassis_id_type=chassis_type,
        port_id=_identity(said.get("port") or head["port"], port_type),
        port_id_type=port_type,
        port_description=unquoted(said.get("port_description")),
        system_name=unquoted(said.get("name")),
        system_description=unquoted(said.get("description")),
        management_addresses=tuple(_management(address) for address in _MANAGEMENT.findall(body)),
        vlan=reply.integer(said.get("vlan")) or None,
        supported_capabilities=capabilities(said.get("supported", "").split(",")),
        capabilities=capabilities(said.get("enabled", "").split(",")),
        ttl_s=reply.integer(said.get("ttl")),
    )


def id_type(word: str | None) -> str:
    """«MAC address», macAddress → mac-address; what is unknown is local."""
    return _ID_TYPES.get(_plain(word or ""), "local")


def capabilities(words: Any) -> tuple[str, ...]:
    """«WLAN Access Point», wlanAccessPoint → wlan-access-point."""
    plain = (_plain(word) for word in words)
    return tuple(_CAPABILITIES.get(word, word) for word in plain if word and word != "none")


def _plain(word: str) -> str:
    return re.sub(r"\(\d+\)|[^a-z]", "", word.lower())


def unquoted(word: str | None) -> str | None:
    """The text within quotation marks, which EOS puts around others' words; None where it is empty."""
    return (word or "").strip().strip('"') or None


def _identity(word: str | None, kind: str) -> str:
    plain = unquoted(word) or ""
    return reply.mac(plain) or plain if kind == "mac-address" else plain


def _management(address: str) -> str:
    try:
        return str(ipaddress.ip_address(address))
    except ValueError:
        return reply.mac(address) or address


READERS = (
    reply.json_reader(_json),
    Reader(_HEAD, lambda output: list(_table(output))),
    Reader(_INTERFACE, lambda output: list(_details(output))),
)
