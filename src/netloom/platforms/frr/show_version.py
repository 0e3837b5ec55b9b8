"""`show version`, with what the system beneath FRR adds."""

from __future__ import annotations

import re
from dataclasses import replace

from netloom.model.device import DeviceState
from netloom.platforms import system_mib, unix_system
from netloom.platforms.complement import filled
from netloom.platforms.contract import Columns, Read

READ = (Read("show version"), unix_system.READ)
WALK = system_mib.COLUMNS

_FIRST_LINE = re.compile(r"(?m)^(?P<name>FRRouting|FRR) (?P<version>\S+) \((?P<hostname>[^)\s]+)\)")


def devices(shown: str, system: str = "") -> list[DeviceState]:
    """The router; its version is FRR's, its uptime and description the system's; raises ValueError."""
    beneath = unix_system.devices(system)
    first = _FIRST_LINE.search(shown)
    if first is None:
        if shown.strip():
            raise ValueError(f"expected «FRRouting VERSION (HOSTNAME)», got {shown.strip()[:80]!r}")
        return [replace(device, vendor=None, os_version=None) for device in beneath]
    router = DeviceState(hostname=first["hostname"], vendor="FRRouting", os_version=first["version"])
    return [filled(router, beneath[0] if beneath else None)]


def walked(columns: Columns) -> list[DeviceState]:
    """The system group's view."""
    return system_mib.devices(columns)
