"""The transceivers of a Nexus."""

from __future__ import annotations

from netloom.model.optics import OpticsState
from netloom.platforms.cisco_nxos import inventory, show_transceiver
from netloom.platforms.cisco_nxos.screens import telling
from netloom.platforms.replies import Reader, merged

READ = show_transceiver.READ

_READERS = (
    Reader(show_transceiver.KNOWS_REPLY, show_transceiver.lane_replies),
    Reader(show_transceiver.KNOWS, show_transceiver.lanes),
    Reader(inventory.KNOWS, show_transceiver.listed),
)


def observed(*outputs: str) -> list[OpticsState]:
    """One record a lane."""
    return merged(telling(outputs), _READERS)
