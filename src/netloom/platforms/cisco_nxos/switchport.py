"""How the ports of a Nexus switch."""

from __future__ import annotations

from netloom.model.switchport import SwitchportState
from netloom.platforms.cisco_nxos import show_switchport
from netloom.platforms.contract import Read
from netloom.platforms.replies import Reader, merged

READ = Read("show interface switchport | json")

_READERS = (
    Reader(show_switchport.KNOWS_REPLY, show_switchport.port_replies),
    Reader(show_switchport.KNOWS, show_switchport.ports),
)


def observed(*outputs: str) -> list[SwitchportState]:
    """Every port that can switch."""
    return merged(outputs, _READERS)
