"""VRFs."""

from __future__ import annotations

from netloom.model.vrf import VrfState
from netloom.platforms.arista_eos import show_vrf

READ = show_vrf.READ


def observed(*outputs: str) -> list[VrfState]:
    """Every VRF, as eAPI or the command line tells."""
    return show_vrf.vrfs(outputs)
