"""BFD sessions of an FRR router."""

from __future__ import annotations

from netloom.model.bfd_peer import BfdPeerState
from netloom.platforms.frr import show_bfd

READ = show_bfd.READ


def observed(output: str) -> list[BfdPeerState]:
    """Every VRF's sessions, whoever asked for them."""
    return show_bfd.peers(output)
