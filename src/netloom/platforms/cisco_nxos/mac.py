"""The MAC address table of a Nexus."""

from __future__ import annotations

from netloom.model.mac import MacState
from netloom.platforms.cisco_nxos import show_mac
from netloom.platforms.cisco_nxos.screens import telling
from netloom.platforms.contract import Read
from netloom.platforms.replies import Reader, merged

READ = Read("show mac address-table | json")

_READERS = (
    Reader(show_mac.KNOWS_REPLY, show_mac.mac_replies),
    Reader(show_mac.KNOWS, show_mac.macs),
)


def observed(*outputs: str) -> list[MacState]:
    """Every entry of the table."""
    return merged(telling(outputs), _READERS)
