"""The interfaces of an FRR router."""

from __future__ import annotations

from netloom.model.interface import InterfaceState
from netloom.platforms.contract import Columns
from netloom.platforms.frr import show_interface

READ = show_interface.READ
WALK = show_interface.WALK
COMPLEMENT = True


def observed(shown: str, kernel: str = "") -> list[InterfaceState]:
    """FRR's view, completed from the kernel's."""
    return show_interface.interfaces(shown, kernel)


def walked(columns: Columns) -> list[InterfaceState]:
    """IF-MIB's view."""
    return show_interface.walked(columns)
