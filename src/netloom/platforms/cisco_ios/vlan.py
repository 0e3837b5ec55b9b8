"""The VLANs of a Cisco IOS switch."""

from __future__ import annotations

from netloom.model.vlan import VlanState
from netloom.platforms.cisco_ios import screen, show_vlan
from netloom.platforms.contract import Read

READ = Read("show vlan brief")


def observed(*outputs: str) -> list[VlanState]:
    """Every VLAN and its access ports."""
    return screen.records(outputs, show_vlan.READERS, unite=("interfaces",))
