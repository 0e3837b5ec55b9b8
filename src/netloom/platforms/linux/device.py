"""A Linux host itself."""

from __future__ import annotations

from dataclasses import replace

from netloom.model.device import DeviceState
from netloom.platforms import system_mib, unix_system
from netloom.platforms.contract import Columns

READ = replace(unix_system.READ, where="cli")
WALK = system_mib.COLUMNS
COMPLEMENT = True


def observed(output: str) -> list[DeviceState]:
    """The host from `uname` and os-release."""
    return unix_system.devices(output)


def walked(columns: Columns) -> list[DeviceState]:
    """The host from SNMP's system group."""
    return system_mib.devices(columns)
