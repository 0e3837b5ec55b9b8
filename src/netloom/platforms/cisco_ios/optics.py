"""The optical transceivers of a Cisco IOS device."""

from __future__ import annotations

from netloom.model.optics import OpticsState
from netloom.platforms.cisco_ios import screen, show_transceiver
from netloom.platforms.contract import Read

READ = (Read("show interfaces transceiver"), Read("show inventory"))
COMPLEMENT = True


def observed(*outputs: str) -> list[OpticsState]:
    """One record a lane."""
    return screen.records(outputs, show_transceiver.READERS)
