"""The VLANs of a Nexus."""

from __future__ import annotations

from netloom.model.vlan import VlanState
from netloom.platforms.cisco_nxos import show_vlan
from netloom.platforms.contract import Read
from netloom.platforms.replies import Reader, merged

READ = Read("show vlan brief | json")

_READERS = (
    Reader(show_vlan.KNOWS_REPLY, show_vlan.vlan_replies),
    Reader(show_vlan.KNOWS, show_vlan.vlans),
)


def observed(*outputs: str) -> list[VlanState]:
    """Every VLAN, with the ports that carry it."""
    return merged(outputs, _READERS)
