"""The VRFs of a Cisco IOS device."""

from __future__ import annotations

from netloom.model.vrf import VrfState
from netloom.platforms.cisco_ios import screen, show_vrf
from netloom.platforms.contract import Read

READ = Read("show vrf detail")


def observed(*outputs: str) -> list[VrfState]:
    """Every VRF and its interfaces."""
    return screen.records(outputs, show_vrf.READERS, unite=("interfaces",))
