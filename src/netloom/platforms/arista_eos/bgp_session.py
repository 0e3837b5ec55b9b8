"""BGP sessions."""

from __future__ import annotations

from netloom.model.bgp_session import BgpSessionState
from netloom.platforms.arista_eos import reply, show_bgp

READ = show_bgp.READ
ABSENT = reply.ABSENT


def observed(*outputs: str) -> list[BgpSessionState]:
    """Sessions of every VRF, as eAPI or the command line tells."""
    return show_bgp.sessions(outputs)
