"""Getters of neighbors, VLANs and the tables of addresses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netloom.compat.napalm import shapes
from netloom.compat.napalm.juniper_junos import reading
from netloom.compat.napalm.replies import Replies
from netloom.compat.napalm.shapes import Shape
from netloom.platforms.juniper_junos import mac, notation, show_lldp, vlan
from netloom.platforms.xml_output import decimal, text

if TYPE_CHECKING:
    from netloom.platforms.xml_output import Element

_LLDP = "get-lldp-neighbors-information"
_OF_INTERFACE = ("get-lldp-interface-neighbors", "get-lldp-interface-neighbors-information")
_VLANS = ("get-vlan-information", "get-bridge-instance-information")
_MACS = ("get-ethernet-switching-table-information", "get-bridge-mac-table")


def _neighbors(replies: Replies) -> list[Element]:
    return reading.every(replies, _LLDP, "lldp-neighbor-information")


def _local(neighbor: Element) -> str:
    return text(neighbor, "lldp-local-interface", "lldp-local-port-id") or ""


def get_lldp_neighbors(replies: Replies) -> dict[str, list[Shape]]:
    """The other end's name and port; old releases tell the port's description alone."""
    found: dict[str, list[Shape]] = {}
    for neighbor in _neighbors(replies):
        port = text(neighbor, "lldp-remote-port-id", "lldp-remote-port-description")
        row = {"hostname": str(text(neighbor, "lldp-remote-system-name")), "port": str(port)}
        found.setdefault(_local(neighbor), []).append(row)
    return found


def get_lldp_neighbors_detail(replies: Replies) -> dict[str, list[Shape]]:
    """Each interface that has a neighbor is asked about by itself."""
    found: dict[str, list[Shape]] = {}
    for interface in dict.fromkeys(_local(neighbor) for neighbor in _neighbors(replies)):
        asked = [f"{rpc}{interface}" for rpc in _OF_INTERFACE]
        answer = reading.reply(replies, *asked, *_OF_INTERFACE)
        found[interface] = [_detail(row) for element in answer for row in element.iter("lldp-neighbor-information")]
    return found


def _detail(neighbor: Element) -> Shape:
    chassis = text(neighbor, "lldp-remote-chassis-id") or ""
    return {
        "parent_interface": text(neighbor, "lldp-local-parent-interface-name") or "",
        "remote_port": text(neighbor, "lldp-remote-port-id") or "",
        "remote_port_description": text(neighbor, "lldp-remote-port-description") or "",
        "remote_chassis_id": shapes.mac(notation.mac(chassis)) or chassis,
        "remote_system_name": text(neighbor, "lldp-remote-system-name") or "",
        "remote_system_description": text(
            neighbor, "lldp-system-description/lldp-remote-system-description", "lldp-remote-system-description"
        )
        or "",
        "remote_system_capab": sorted(
            show_lldp.capabilities(text(neighbor, "lldp-remote-system-capabilities-supported"))
        ),
        "remote_system_enable_capab": sorted(
            show_lldp.capabilities(text(neighbor, "lldp-remote-system-capabilities-enabled"))
        ),
    }


def get_vlans(replies: Replies) -> dict[str, Shape]:
    """VLANs or bridge domains; nothing on what knows neither."""
    return shapes.vlans(vlan.observed(replies.first(*_VLANS)))


def get_mac_address_table(replies: Replies) -> list[Shape]:
    """Junos tells of no moves."""
    entries = shapes.mac_address_table(mac.observed(replies.first(*_MACS)))
    return [entry | {"moves": 0, "last_move": 0.0} for entry in entries]


def get_arp_table(replies: Replies) -> list[Shape]:
    """The age is the time until an entry expires; interfaces stand as Junos writes them."""
    return [
        {
            "interface": text(entry, "interface-name") or "",
            "mac": shapes.mac(notation.mac(text(entry, "mac-address"))),
            "ip": notation.address(text(entry, "ip-address")) or "",
            "age": decimal(entry, "time-to-expire"),
        }
        for entry in reading.every(replies, "get-arp-table-information", "arp-table-entry")
    ]


def get_ipv6_neighbors_table(replies: Replies) -> list[Shape]:
    """As `get_arp_table`, with a state."""
    return [
        {
            "interface": text(entry, "ipv6-nd-interface-name") or "",
            "mac": shapes.mac(notation.mac(text(entry, "ipv6-nd-neighbor-l2-address"))),
            "ip": notation.address(text(entry, "ipv6-nd-neighbor-address")) or "",
            "age": decimal(entry, "ipv6-nd-expire"),
            "state": text(entry, "ipv6-nd-state") or "",
        }
        for entry in reading.every(replies, "get-ipv6-nd-information", "ipv6-nd-entry")
    ]
