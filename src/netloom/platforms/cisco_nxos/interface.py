"""The interfaces of a Nexus."""

from __future__ import annotations

from dataclasses import replace

from netloom.model.interface import InterfaceState
from netloom.platforms.cisco_nxos import (
    interface_replies,
    show_counters,
    show_interface,
    show_interface_tables,
    show_ip_interface,
)
from netloom.platforms.complement import complemented
from netloom.platforms.contract import Read
from netloom.platforms.replies import Reader, merged

READ = (
    Read("show interface | json"),
    Read("show ip interface vrf all | json"),
    Read("show ipv6 interface vrf all | json"),
)

_READERS = (
    Reader(interface_replies.KNOWS_IP, interface_replies.ip_interfaces),
    Reader(interface_replies.KNOWS, interface_replies.interfaces),
    Reader(show_counters.KNOWS, show_counters.interfaces),
    Reader(show_interface_tables.KNOWS, show_interface_tables.interfaces),
    Reader(show_ip_interface.KNOWS, show_ip_interface.interfaces),
    Reader(show_interface.KNOWS, show_interface.interfaces),
)


def observed(*outputs: str) -> list[InterfaceState]:
    """Every interface, with what its state, its addresses and its counters tell."""
    apart = [merged([output], _READERS) for output in outputs]
    addresses: dict[str, list[str]] = {}
    for states in apart:
        for state in states:
            addresses.setdefault(state.name, []).extend(state.addresses)
    found: list[InterfaceState] = []
    for states in apart:
        found = complemented(found, states)
    return [replace(state, addresses=_once(addresses[state.name])) for state in found]


def _once(addresses: list[str]) -> tuple[str, ...]:
    """Each address once, with its length where any output tells it: briefs do not."""
    lengths = {text.partition("/")[0] for text in addresses if "/" in text}
    return tuple(dict.fromkeys(text for text in addresses if "/" in text or text not in lengths))
