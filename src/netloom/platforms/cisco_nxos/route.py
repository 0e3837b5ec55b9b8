"""The routing tables of a Nexus."""

from __future__ import annotations

from netloom.model.route import RouteState
from netloom.platforms.cisco_nxos import show_bgp_table, show_route
from netloom.platforms.cisco_nxos.screens import telling
from netloom.platforms.replies import Reader, merged

READ = show_route.READ

_READERS = (
    Reader(show_route.KNOWS_REPLY, show_route.route_replies),
    Reader(show_route.KNOWS, show_route.routes),
    Reader(show_bgp_table.KNOWS, show_bgp_table.routes),
)


def observed(*outputs: str) -> list[RouteState]:
    """One route a prefix and protocol, with all its next hops."""
    return merged(telling(outputs), _READERS)
