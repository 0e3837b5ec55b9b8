"""`show lldp neighbors`, brief and in detail."""

from __future__ import annotations

import re

from netloom.model.neighbor import NeighborState
from netloom.model.text import canonical_address, canonical_mac
from netloom.platforms.cisco_nxos.screens import long_name, number, sections, told, value
from netloom.platforms.cisco_nxos.tables import everywhere, holds, replies, texts, word
from netloom.platforms.cisco_nxos.tables import number as count
from netloom.platforms.contract import Read
from netloom.platforms.discovery_words import CHASSIS_TYPES, LLDP_LETTERS, PORT_TYPES, named
from netloom.platforms.interface_names import CISCO_NXOS
from netloom.platforms.json_output import Object

READ = Read("show lldp neighbors detail | json")
KNOWS_REPLY = holds(r"TABLE_nbor\w*|l_port_id")
KNOWS = re.compile(r"^Chassis id:|^Device ID\s+Local Intf\s+Hold-time", re.MULTILINE)

_HEADING = re.compile(r"^Chassis id:[ \t]*(.*?)[ \t]*$", re.MULTILINE)
_PORT = re.compile(r"^Port id:[ \t]*(.*?)[ \t]*$", re.MULTILINE)
_LOCAL = re.compile(r"^Local Port id:[ \t]*(\S+)", re.MULTILINE)
_PORT_DESCRIPTION = re.compile(r"^Port Description:[ \t]*(.*?)[ \t]*$", re.MULTILINE)
_NAME = re.compile(r"^System Name:[ \t]*(.*?)[ \t]*$", re.MULTILINE)
_DESCRIPTION = re.compile(r"^System Description:[ \t]*(.*?)[ \t]*$", re.MULTILINE)
_TTL = re.compile(r"^Time remaining:[ \t]*(\d+)", re.MULTILINE)
_SUPPORTED = re.compile(r"^System Capabilities:[ \t]*(.*?)[ \t]*$", re.MULTILINE)
_ENABLED = re.compile(r"^Enabled Capabilities:[ \t]*(.*?)[ \t]*$", re.MULTILINE)
_MANAGEMENT = re.compile(r"^Management Address(?: IPV6)?:[ \t]*(\S+)", re.MULTILINE)
_VLAN = re.compile(r"^Vlan ID:[ \t]*(\d+)", re.MULTILINE)
_ROW = re.compile(
    r"(?P<name>.*?)\s+(?P<local>\S+)\s+(?P<ttl>\d+)\s+(?P<capabilities>[RBTCWPSO, ]*?)\s+(?P<port>\S.*?)\s*"
)
_MAC = re.compile(r"(?:[0-9a-fA-F]{4}\.){2}[0-9a-fA-F]{4}|(?:[0-9a-fA-F]{2}[:-]){5}[0-9a-fA-F]{2}")


def neighbors(output: str) -> list[NeighborState]:
    """Every neighbor of the screen."""
    found = [_detailed(heading[1], body) for heading, body in sections(output, _HEADING)]
    return found or _table(output)


def _detailed(chassis: str, body: str) -> NeighborState:
    local, port = value(body, _LOCAL), value(body, _PORT) or ""
    if local is None:
        raise ValueError(f"expected the local port of LLDP neighbor {chassis!r}, got none")
    return NeighborState(
        local_interface=long_name(local),
        chassis_id=_identifier(chassis),
        chassis_id_type=_kind(chassis),
        port_id=_identifier(port),
        port_id_type=_kind(port),
        port_description=value(body, _PORT_DESCRIPTION),
        system_name=value(body, _NAME),
        system_description=value(body, _DESCRIPTION),
        management_addresses=_addresses(_MANAGEMENT.findall(body)),
        vlan=number(value(body, _VLAN)) or None,
        supported_capabilities=capabilities(value(body, _SUPPORTED)),
        capabilities=capabilities(value(body, _ENABLED)),
        ttl_s=number(value(body, _TTL)),
    )


def _table(output: str) -> list[NeighborState]:
    """Rows; a long name stands on the line above."""
    found, before, inside = [], "", False
    for line in output.splitlines():
        if re.match(r"Device ID\s+Local Intf", line):
            inside = True
        elif inside and (match := _ROW.fullmatch(line)) and CISCO_NXOS.knows(match["local"]):
            name = match["name"].strip() or before
            before = ""
            found.append(_row(name, match))
        elif inside:
            before = line.strip()
    return found


def _row(name: str, match: re.Match[str]) -> NeighborState:
    return NeighborState(
        local_interface=long_name(match["local"]),
        chassis_id=_identifier(name),
        chassis_id_type=_kind(name),
        port_id=_identifier(match["port"]),
        port_id_type=_kind(match["port"]),
        system_name=None if _MAC.fullmatch(name) else name,
        capabilities=capabilities(match["capabilities"]),
        ttl_s=int(match["ttl"]),
    )


def neighbor_replies(output: str) -> list[NeighborState]:
    """Every neighbor of the replies."""
    return [
        _reply(local, row)
        for reply in replies(output)
        for row in everywhere(reply, r"nbor\w*")
        if (local := word(row, "l_port_id"))
    ]


def _reply(local: str, row: Object) -> NeighborState:
    chassis, port = word(row, "chassis_id") or "", word(row, "port_id") or ""
    name = told(word(row, "sys_name"))
    # the table without details puts the name where the details have the chassis
    brief = "sys_name" not in row and "sys_desc" not in row
    return NeighborState(
        local_interface=long_name(local),
        chassis_id=_identifier(chassis),
        chassis_id_type=_told_kind(CHASSIS_TYPES, None if brief else count(row, "chassis_type"), chassis),
        port_id=_identifier(port),
        port_id_type=_told_kind(PORT_TYPES, count(row, "port_type"), port),
        port_description=told(word(row, "port_desc")),
        system_name=name or (chassis if brief and not _MAC.fullmatch(chassis) else None),
        system_description=(word(row, "sys_desc") or "").partition("\n")[0].strip() or None,
        management_addresses=_addresses([*texts(row, "mgmt_addr"), *texts(row, "mgmt_addr_ipv6")]),
        vlan=count(row, "vlan_id") or None,
        supported_capabilities=capabilities(word(row, "system_capability")),
        capabilities=capabilities(word(row, "enabled_capability", "capability")),
        ttl_s=count(row, "ttl", "hold_time"),
    )


def capabilities(letters: str | None) -> tuple[str, ...]:
    """`B, R` → bridge, router."""
    return tuple(LLDP_LETTERS[letter] for letter in letters or "" if letter in LLDP_LETTERS)


def _told_kind(types: tuple[str, ...], number: int | None, text: str) -> str:
    return named(types, number) if number in range(1, len(types) + 1) else _kind(text)


def _kind(text: str) -> str:
    if _MAC.fullmatch(text):
        return "mac-address"
    return "interface-name" if re.fullmatch(r"[A-Za-z][A-Za-z-]*\d+(?:[/.:]\d+)*", text) and "/" in text else "local"


def _identifier(text: str) -> str:
    return canonical_mac(text) if _MAC.fullmatch(text) else text


def _addresses(found: list[str]) -> tuple[str, ...]:
    addresses = []
    for text in found:
        try:
            addresses.append(canonical_address(text))
        except ValueError:
            continue  # «not advertised», or a MAC address where there is no IP address
    return tuple(dict.fromkeys(addresses))
