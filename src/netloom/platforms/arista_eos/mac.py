"""The forwarding table."""

from __future__ import annotations

from netloom.model.mac import MacState
from netloom.platforms.arista_eos import show_mac

READ = show_mac.READ


def observed(*outputs: str) -> list[MacState]:
    """Every entry, as eAPI or the command line tells."""
    return show_mac.macs(outputs)
