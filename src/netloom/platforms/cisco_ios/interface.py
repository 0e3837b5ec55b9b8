"""The interfaces of a Cisco IOS device."""

from __future__ import annotations

from netloom.model.interface import InterfaceState
from netloom.platforms.cisco_ios import screen, show_interface, show_interface_tables, show_ip_interface
from netloom.platforms.contract import Read

READ = (Read("show interfaces"), Read("show ip interface"), Read("show ipv6 interface"))
_READERS = (*show_interface.READERS, *show_ip_interface.READERS, *show_interface_tables.READERS)


def observed(*outputs: str) -> list[InterfaceState]:
    """Every interface that any of the outputs tells of, with the addresses of all."""
    found = screen.records(outputs, _READERS, unite=("addresses",))
    return [show_interface_tables.with_lengths(state) for state in found]
