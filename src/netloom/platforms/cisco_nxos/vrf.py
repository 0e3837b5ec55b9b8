"""The VRFs of a Nexus."""

from __future__ import annotations

from netloom.model.vrf import VrfState
from netloom.platforms.cisco_nxos import show_vrf
from netloom.platforms.replies import Reader, merged

READ = show_vrf.READ

_READERS = (
    Reader(show_vrf.KNOWS_REPLY, show_vrf.vrf_replies),
    Reader(show_vrf.KNOWS, show_vrf.vrfs),
)


def observed(*outputs: str) -> list[VrfState]:
    """Every VRF, with its interfaces."""
    return merged(outputs, _READERS)
