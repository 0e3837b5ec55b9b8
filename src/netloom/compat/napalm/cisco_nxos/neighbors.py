"""NAPALM's getters about who is beside a Nexus: LLDP, ARP, MAC addresses."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from netloom.compat.napalm import shapes
from netloom.compat.napalm.cisco_nxos.names import is_json, spelled
from netloom.compat.napalm.replies import Replies
from netloom.model.arp import ArpState
from netloom.model.neighbor import NeighborState
from netloom.platforms.cisco_nxos import arp, mac, neighbor, screens
from netloom.platforms.cisco_nxos.tables import everywhere, number, replies, word
from netloom.platforms.json_output import Object

_ARP = (
    "show ip arp vrf all | exc INCOMPLETE",
    "show ip arp vrf default | exc INCOMPLETE",
    "show ip arp",
    "show ip arp vrf all",
    "show ip arp vrf default",
    "show ip arp | json",
)
_TABLE = re.compile(r"^(?P<name>.*?)\s+(?P<local>\S+)\s+\d+\s+(?:[RBTCWPSO, ]*?)\s+(?P<port>\S+)\s*$")


def get_arp_table(asked: Replies) -> object:
    """Resolved IPv4 entries; an age that the device does not count is -1."""
    reply = asked.first(*_ARP) or next(iter(asked.starting("show ip arp").values()), "")
    return [row | {"age": round(row["age"], 1)} for row in shapes.arp_table(_resolved(arp.observed(reply)))]


def get_ipv6_neighbors_table(asked: Replies) -> object:
    """IPv6 neighbors."""
    reply = asked.first("show ipv6 neighbor", "show ipv6 neighbor vrf all", "show ipv6 neighbor | json")
    return shapes.ipv6_neighbors_table(_resolved(arp.observed(reply)))


def _resolved(entries: Iterable[ArpState]) -> list[ArpState]:
    return [entry for entry in entries if entry.mac_address]


def get_mac_address_table(asked: Replies) -> object:
    """The MAC address table; from JSON every entry counts as active, from screens what was learned."""
    reply = asked.first("show mac address-table", "show mac address-table | json")
    if is_json(reply):
        rows = (row for each in replies(reply) for row in everywhere(each, r"mac_address\w*"))
        return [_mac(row) for row in rows if word(row, "disp_mac_addr")]
    states = (
        replace(entry, interface=_port(entry.interface), active=entry.type == "dynamic")
        for entry in mac.observed(reply)
    )
    return shapes.mac_address_table(states)


def _port(name: str) -> str:
    return spelled(name.replace("vPC Peer-Link", "vPC-Peer-Link"))


def _mac(row: Object) -> dict[str, Any]:
    return {
        "mac": shapes.mac(screens.mac(word(row, "disp_mac_addr") or "")),
        "interface": word(row, "disp_port") or "",
        "vlan": number(row, "disp_vlan") or 0,
        "active": True,
        "static": word(row, "disp_is_static") != "0",
        "moves": 0,
        "last_move": 0.0,
    }


def get_lldp_neighbors(asked: Replies) -> object:
    """Who is there: by the details, or by the table with the ports as it spells them."""
    detail = asked.first("show lldp neighbors detail", "show lldp neighbors detail | json")
    if detail:
        return shapes.lldp_neighbors(_as_shown(neighbor.observed(detail)))
    reply = asked.first("show lldp neighbors", "show lldp neighbors | json")
    if is_json(reply):
        return shapes.lldp_neighbors(neighbor.observed(reply))
    found: dict[str, Any] = {}
    for line in reply.splitlines():
        if (match := _TABLE.match(line)) and "Hold-time" not in line:
            row = {"hostname": match["name"].strip(), "port": match["port"]}
            found.setdefault(match["local"], []).append(row)
    return found


def get_lldp_neighbors_detail(asked: Replies) -> object:
    """The details; identifiers as the device prints them."""
    states = neighbor.observed(asked.first("show lldp neighbors detail", "show lldp neighbors detail | json"))
    return shapes.lldp_neighbors_detail(_as_shown(states))


def _as_shown(states: Iterable[NeighborState]) -> list[NeighborState]:
    return [
        replace(
            state,
            local_interface=spelled(state.local_interface),
            chassis_id=_dotted(state.chassis_id, state.chassis_id_type),
            chassis_id_type="local",
            port_id=_dotted(state.port_id, state.port_id_type),
            supported_capabilities=tuple(sorted(state.supported_capabilities)),
            capabilities=tuple(sorted(state.capabilities)),
        )
        for state in states
    ]


def _dotted(identifier: str, kind: str) -> str:
    """A MAC address in Cisco's notation."""
    digits = identifier.replace(":", "")
    return ".".join((digits[:4], digits[4:8], digits[8:])) if kind == "mac-address" else identifier
