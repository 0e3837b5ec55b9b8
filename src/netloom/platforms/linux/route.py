"""The routing tables of a Linux host."""

from __future__ import annotations

from dataclasses import replace

from netloom.model.route import RouteState
from netloom.platforms import iproute2_route

READ = tuple(replace(read, where="cli") for read in iproute2_route.READ)


def observed(*outputs: str) -> list[RouteState]:
    """Routes from `ip route`, both families, and the tables that VRFs own."""
    return iproute2_route.routes(*outputs)
