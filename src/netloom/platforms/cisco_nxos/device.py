"""A Nexus itself."""

from __future__ import annotations

from netloom.model.device import DeviceState
from netloom.platforms.cisco_nxos import show_version

READ = show_version.READ


def observed(*outputs: str) -> list[DeviceState]:
    """What the device says of itself, each fact from the first output that knows it."""
    return show_version.devices(*outputs)
