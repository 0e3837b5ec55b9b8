"""Interfaces of every kind."""

from __future__ import annotations

from netloom.model.interface import InterfaceState
from netloom.platforms.arista_eos import show_interfaces

READ = show_interfaces.READ


def observed(*outputs: str) -> list[InterfaceState]:
    """Every interface, as eAPI or the command line tells."""
    return show_interfaces.interfaces(outputs)
