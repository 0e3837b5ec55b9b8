"""Getters of tables: ARP, IPv6 neighbors, MAC addresses, LLDP."""

from __future__ import annotations

import re
from dataclasses import replace

from netloom.compat.napalm import shapes
from netloom.compat.napalm.cisco_ios.names import expanded
from netloom.compat.napalm.replies import Replies
from netloom.compat.napalm.shapes import Shape
from netloom.model.neighbor import NeighborState
from netloom.model.text import canonical_address, canonical_mac
from netloom.platforms.cisco_ios import arp, neighbor, screen, show_arp, show_mac

_NO_PORT = ("CPU", "Router", "Switch", "vPC", "Drop", "Sup-eth1")


def get_arp_table(replies: Replies) -> list[Shape]:
    """From `show arp`; ages in minutes."""
    asked = ("show arp | exclude Incomplete", "show arp", "show ip arp")
    vrfs = [text for question in ("show arp vrf", "show ip arp vrf") for text in replies.starting(question).values()]
    entries = arp.observed(replies.first(*asked) or next(iter(vrfs), ""))
    resolved = [entry for entry in entries if entry.mac_address]
    return shapes.arp_table([replace(entry, age_s=_minutes(entry.age_s)) for entry in resolved])


def get_arp_table_with_vrf(replies: Replies) -> list[Shape]:
    """From `show arp vrf NAME`."""
    vrfs = [text for question in ("show arp vrf", "show ip arp vrf") for text in replies.starting(question).values()]
    entries = [entry for text in vrfs for entry in arp.observed(text) if entry.mac_address]
    return shapes.arp_table([replace(entry, age_s=_minutes(entry.age_s)) for entry in entries])


def _minutes(seconds: float | None) -> float | None:
    return None if seconds is None else seconds / 60


def get_ipv6_neighbors_table(replies: Replies) -> list[Shape]:
    """From `show ipv6 neighbors`; ages in minutes, states and interfaces as they are printed."""
    return [
        {
            "interface": row["interface"],
            "mac": "" if row["mac"] == "-" else canonical_mac(row["mac"]).upper(),
            "ip": canonical_address(row["address"]),
            "age": float(row["age"]) if row["age"].isdigit() else -1.0,
            "state": row["state"],
        }
        for text in screen.outputs([replies.first("show ipv6 neighbors")])
        for row in screen.rows(text, show_arp.ROW6)
    ]


def get_mac_address_table(replies: Replies) -> list[Shape]:
    """From `show mac address-table`, ports as they are printed."""
    texts = screen.outputs([replies.first("show mac-address-table", "show mac address-table")])
    entries = [entry for text in texts for entry in show_mac.entries(text, _ports)]
    return shapes.mac_address_table(entries)


def _ports(words: str) -> list[str]:
    ports = [name for name in re.split(r"[,\s]+", words.strip(", \n")) if name]
    return ["" if name in _NO_PORT else name for name in ports]


def _lldp(replies: Replies) -> list[NeighborState]:
    details = replies.first("show lldp neighbors detail")
    local = [
        text
        for stem, text in replies.starting("show lldp neighbors").items()
        if stem.endswith("detail") and stem != "detail"
    ]
    return neighbor.observed(details, *local, replies.first("show lldp neighbors"))


def get_lldp_neighbors(replies: Replies) -> dict[str, list[Shape]]:
    """From `show lldp neighbors detail`, with the local interfaces of `show lldp neighbors`."""
    return shapes.lldp_neighbors(_shown(each) for each in _lldp(replies))


def _shown(each: NeighborState) -> NeighborState:
    """The chassis in the place of a missing name, MAC addresses in capitals."""
    chassis = each.chassis_id.upper() if each.chassis_id_type == "mac-address" else each.chassis_id
    port = each.port_id.upper() if each.port_id_type == "mac-address" else each.port_id
    return replace(
        each, local_interface=expanded(each.local_interface), system_name=each.system_name or chassis, port_id=port
    )


def get_lldp_neighbors_detail(replies: Replies) -> dict[str, list[Shape]]:
    """From `show lldp neighbors detail`, with the local interfaces of `show lldp neighbors`."""
    return shapes.lldp_neighbors_detail(_detailed(each) for each in _lldp(replies))


def _detailed(each: NeighborState) -> NeighborState:
    """The description's first line; a port's MAC address as IOS writes it; capabilities in alphabetical order."""
    port = each.port_id
    if each.port_id_type == "mac-address":
        digits = port.replace(":", "")
        port = ".".join(digits[at : at + 4] for at in (0, 4, 8))
    return replace(
        each,
        local_interface=expanded(each.local_interface),
        port_id=port,
        system_description=(each.system_description or "").split("\n")[0],
        supported_capabilities=tuple(sorted(each.supported_capabilities)),
        capabilities=tuple(sorted(each.capabilities)),
    )
