"""A Cisco IOS device itself."""

from __future__ import annotations

from netloom.model.device import DeviceState
from netloom.platforms.cisco_ios import screen, show_version
from netloom.platforms.contract import Read

READ = (Read("show version"), Read("show hosts"))


def observed(*outputs: str) -> list[DeviceState]:
    """The device, its domain from `show hosts`."""
    return show_version.devices(screen.outputs(outputs))
