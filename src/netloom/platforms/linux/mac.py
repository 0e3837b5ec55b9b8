"""The forwarding tables of the bridges of a Linux host."""

from __future__ import annotations

from netloom.model.mac import MacState
from netloom.platforms import iproute2

READ = iproute2.FORWARDING


def observed(output: str) -> list[MacState]:
    """Entries from `bridge fdb`."""
    return iproute2.forwarding(output)
