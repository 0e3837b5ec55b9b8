"""Interfaces, and who and what is behind them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from netloom.compat.napalm import shapes
from netloom.compat.napalm.replies import Replies
from netloom.compat.napalm.shapes import Shape
from netloom.model.text import canonical_mac
from netloom.platforms.arista_eos import arp, interface, mac, neighbor, vlan
from netloom.platforms.arista_eos import optics as optics_noun
from netloom.platforms.arista_eos.reply import objects, structured
from netloom.platforms.json_output import items, members


def interfaces(replies: Replies) -> dict[str, Shape]:
    """`last_flapped` is the moment, by the switch's clock."""
    output = replies.first("show interfaces")
    found = shapes.interfaces(interface.observed(output), speed=0.0)
    for name, moment in _moments(output):
        found[name]["last_flapped"] = moment
    return found


def _moments(output: str) -> Iterator[tuple[str, float]]:
    for document in objects(output) if structured(output) else ():
        for name, values in members(document.get("interfaces")):
            yield name, float(values.get("lastStatusChangeTimestamp", -1.0))


def interfaces_counters(replies: Replies) -> dict[str, dict[str, int]]:
    """All but subinterfaces, which never count; -1 where another interface does not."""
    output = replies.first("show interfaces")
    found = shapes.interfaces_counters(interface.observed(output))
    hardware = {
        name: values.get("hardware")
        for document in (objects(output) if structured(output) else ())
        for name, values in members(document.get("interfaces"))
    }
    return {name: counters for name, counters in found.items() if hardware.get(name) != "subinterface"}


def interfaces_ip(replies: Replies) -> dict[str, Shape]:
    """Every interface that routes, with both families even where they are empty."""
    found: dict[str, Shape] = {}
    states = interface.observed(
        replies.first("show ip interface", "show ip interface vrf all"),
        replies.first("show ipv6 interface", "show ipv6 interface vrf all"),
    )
    addressed = shapes.interfaces_ip(states)
    for state in states:
        found[state.name] = {"ipv4": {}, "ipv6": {}} | addressed.get(state.name, {})
    return found


def arp_table(replies: Replies) -> list[Shape]:
    """Of all VRFs."""
    return _arp_rows(replies, None)


def arp_table_of_test_vrf(replies: Replies) -> list[Shape]:
    """Of the VRF that NAPALM's test asks for."""
    return _arp_rows(replies, "TEST")


def _arp_rows(replies: Replies, vrf: str | None) -> list[Shape]:
    """NAPALM names the port behind a VLAN's interface in the same text."""
    entries = arp.observed(*replies.starting("show arp").values(), *replies.starting("show ip arp").values())
    rows = shapes.arp_table(entries, vrf=vrf)
    told = [entry for entry in entries if ":" not in entry.address and vrf in (None, entry.vrf)]
    for row, entry in zip(rows, told, strict=True):
        if entry.port:
            row["interface"] = f"{entry.interface}, {entry.port}"
    return rows


def ipv6_neighbors_table(replies: Replies) -> list[Shape]:
    """Of all VRFs."""
    return shapes.ipv6_neighbors_table(arp.observed(*replies.starting("show ipv6 neighbors").values()))


def mac_address_table(replies: Replies) -> list[Shape]:
    """Unicast entries; `last_move` is the moment, by the switch's clock."""
    output = replies.first("show mac address-table")
    if not structured(output):
        return shapes.mac_address_table(mac.observed(output))
    return [_mac_row(entry) for table in objects(output) for entry in _entries(table)]


def _entries(table: Any) -> Iterator[Any]:
    return items((table.get("unicastTable") or {}).get("tableEntries"))


def _mac_row(entry: Any) -> Shape:
    return {
        "mac": shapes.mac(canonical_mac(str(entry.get("macAddress")))),
        "interface": entry.get("interface"),
        "vlan": entry.get("vlanId"),
        "active": True,
        "static": entry.get("entryType") == "static",
        "moves": entry.get("moves", 0),
        "last_move": entry.get("lastMove", 0.0),
    }


def lldp_neighbors(replies: Replies) -> dict[str, list[Shape]]:
    """By the local port."""
    return shapes.lldp_neighbors(neighbor.observed(replies.first("show lldp neighbors", "show lldp neighbors detail")))


def lldp_neighbors_detail(replies: Replies) -> dict[str, list[Shape]]:
    """The parent interface is the port itself; capabilities are sorted."""
    found = shapes.lldp_neighbors_detail(neighbor.observed(*_details(replies)))
    for port, rows in found.items():
        for row in rows:
            row["parent_interface"] = port
            for name in ("remote_system_capab", "remote_system_enable_capab"):
                row[name] = sorted(row[name])
    return found


def _details(replies: Replies) -> list[str]:
    return [output for what, output in replies.starting("show lldp neighbors").items() if what.endswith("detail")]


def optics(replies: Replies) -> dict[str, Shape]:
    """NAPALM takes a value that the switch does not tell for 0."""
    return shapes.optics(optics_noun.observed(replies.first("show interfaces transceiver")))


def vlans(replies: Replies) -> dict[str, Shape]:
    """By the VLAN's number."""
    return shapes.vlans(vlan.observed(replies.first("show vlan", "show vlan all-ports")))
