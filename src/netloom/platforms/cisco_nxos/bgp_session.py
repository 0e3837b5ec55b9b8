"""The BGP sessions of a Nexus."""

from __future__ import annotations

from netloom.model.bgp_session import BgpSessionState
from netloom.platforms import bgp4_mib
from netloom.platforms.cisco_nxos import show_bgp_neighbors, show_bgp_summary
from netloom.platforms.cisco_nxos.absent import FEATURE_OFF
from netloom.platforms.cisco_nxos.screens import telling
from netloom.platforms.contract import Columns
from netloom.platforms.replies import Reader, merged

READ = show_bgp_summary.READ
ABSENT = FEATURE_OFF
WALK = bgp4_mib.COLUMNS

_READERS = (
    Reader(show_bgp_neighbors.KNOWS_REPLY, show_bgp_neighbors.session_replies),
    Reader(show_bgp_summary.KNOWS_REPLY, show_bgp_summary.session_replies),
    Reader(show_bgp_neighbors.KNOWS, show_bgp_neighbors.sessions),
    Reader(show_bgp_summary.KNOWS, show_bgp_summary.sessions),
)


def observed(*outputs: str) -> list[BgpSessionState]:
    """One session a neighbor, address family and VRF."""
    return merged(telling(outputs), _READERS)


def walked(columns: Columns) -> list[BgpSessionState]:
    """The peers with IPv4 addresses: BGP4-MIB knows no others, and no VRF."""
    return bgp4_mib.sessions(columns)
