"""The MAC address table of a Cisco IOS switch."""

from __future__ import annotations

from netloom.model.mac import MacState
from netloom.platforms.cisco_ios import screen, show_mac
from netloom.platforms.contract import Read

READ = Read("show mac address-table")


def observed(*outputs: str) -> list[MacState]:
    """One entry a MAC address, VLAN and port."""
    return screen.records(outputs, show_mac.READERS)
