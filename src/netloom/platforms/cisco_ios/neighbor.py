"""What a Cisco IOS device hears of its neighbors, by LLDP and CDP."""

from __future__ import annotations

from netloom.model.neighbor import NeighborState
from netloom.platforms.cisco_ios import screen, show_cdp, show_lldp
from netloom.platforms.contract import Read

READ = (Read("show lldp neighbors detail"), Read("show lldp neighbors"), Read("show cdp neighbors detail"))
COMPLEMENT = True
_READERS = (*show_lldp.READERS, *show_cdp.READERS)


def observed(*outputs: str) -> list[NeighborState]:
    """One neighbor a link and protocol."""
    texts = screen.outputs(outputs)
    rows = screen.records([text for text in texts if show_lldp.is_table(text)], _READERS)
    rest = screen.records([text for text in texts if not show_lldp.is_table(text)], _READERS)
    return show_lldp.joined(rest, rows)
