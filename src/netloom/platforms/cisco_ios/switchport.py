"""How the ports of a Cisco IOS switch switch."""

from __future__ import annotations

from netloom.model.switchport import SwitchportState
from netloom.platforms.cisco_ios import screen, show_switchport
from netloom.platforms.contract import Read

READ = Read("show interfaces switchport")


def observed(*outputs: str) -> list[SwitchportState]:
    """One record a port."""
    return screen.records(outputs, show_switchport.READERS)
