"""An FRR router itself."""

from __future__ import annotations

from netloom.model.device import DeviceState
from netloom.platforms.contract import Columns
from netloom.platforms.frr import show_version

READ = show_version.READ
WALK = show_version.WALK
COMPLEMENT = True


def observed(shown: str, system: str = "") -> list[DeviceState]:
    """FRR's version, with what the system beneath it tells."""
    return show_version.devices(shown, system)


def walked(columns: Columns) -> list[DeviceState]:
    """The system group's view."""
    return show_version.walked(columns)
