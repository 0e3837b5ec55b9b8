"""The switch itself."""

from __future__ import annotations

from netloom.model.device import DeviceState
from netloom.platforms.arista_eos import show_version

READ = show_version.READ


def observed(*outputs: str) -> list[DeviceState]:
    """The device, as eAPI or the command line tells."""
    return show_version.devices(outputs)
