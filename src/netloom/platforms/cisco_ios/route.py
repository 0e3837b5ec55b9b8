"""The routing tables of a Cisco IOS device, both families, all VRFs."""

from __future__ import annotations

from netloom.model.route import RouteState
from netloom.platforms.cisco_ios import screen, show_bgp_table, show_ipv6_route, show_route, show_route_entry
from netloom.platforms.contract import Read

READ = (Read("show ip route vrf *"), Read("show ipv6 route"), Read("show ipv6 route vrf *"))
COMPLEMENT = True
_READERS = (*show_ipv6_route.READERS, *show_route_entry.READERS, *show_route.READERS, *show_bgp_table.READERS)


def observed(*outputs: str) -> list[RouteState]:
    """One route a VRF, prefix and protocol, with all its next hops."""
    return screen.records(outputs, _READERS, unite=("next_hops",))
