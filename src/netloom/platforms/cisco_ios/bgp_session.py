"""BGP sessions of a Cisco IOS device, all address families and VRFs."""

from __future__ import annotations

from netloom.model.bgp_session import BgpSessionState
from netloom.platforms.cisco_ios import screen, show_bgp, show_bgp_neighbors
from netloom.platforms.contract import Read

READ = (Read("show bgp all neighbors"), Read("show bgp all summary"))
COMPLEMENT = True
_READERS = (*show_bgp_neighbors.READERS, *show_bgp.READERS)


def observed(*outputs: str) -> list[BgpSessionState]:
    """One session a peer, address family and VRF."""
    return show_bgp_neighbors.folded(screen.records(outputs, _READERS))
