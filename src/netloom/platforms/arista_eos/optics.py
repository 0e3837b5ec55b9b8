"""Optical transceivers."""

from __future__ import annotations

from netloom.model.optics import OpticsState
from netloom.platforms.arista_eos import show_transceiver

READ = show_transceiver.READ


def observed(*outputs: str) -> list[OpticsState]:
    """Every lane, as eAPI or the command line tells."""
    return show_transceiver.optics(outputs)
