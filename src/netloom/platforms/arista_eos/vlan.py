"""VLANs."""

from __future__ import annotations

from netloom.model.vlan import VlanState
from netloom.platforms.arista_eos import show_vlan

READ = show_vlan.READ


def observed(*outputs: str) -> list[VlanState]:
    """Every VLAN, as eAPI or the command line tells."""
    return show_vlan.vlans(outputs)
