"""The interfaces of a Linux host."""

from __future__ import annotations

from dataclasses import replace

from netloom.model.interface import InterfaceState
from netloom.platforms import if_mib, iproute2
from netloom.platforms.contract import Columns

READ = (replace(iproute2.INTERFACES, where="cli"), replace(iproute2.SPEEDS, where="cli"))
WALK = if_mib.COLUMNS
COMPLEMENT = True


def observed(links: str, speeds: str = "") -> list[InterfaceState]:
    """Interfaces from `ip address`, their speeds from sysfs."""
    return iproute2.interfaces(links, speeds)


def walked(columns: Columns) -> list[InterfaceState]:
    """Interfaces from IF-MIB."""
    return if_mib.interfaces(columns)
