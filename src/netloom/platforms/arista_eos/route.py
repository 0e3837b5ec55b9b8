"""Routes."""

from __future__ import annotations

from netloom.model.route import RouteState
from netloom.platforms.arista_eos import reply, show_route

READ = show_route.READ
ABSENT = reply.ABSENT


def observed(*outputs: str) -> list[RouteState]:
    """Routes of every VRF and family, as eAPI or the command line tells."""
    return show_route.routes(outputs)
