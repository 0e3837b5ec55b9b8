"""The forwarding tables of the bridges of a Linux host."""

from __future__ import annotations

from dataclasses import replace

from netloom.model.mac import MacState
from netloom.platforms import iproute2

READ = replace(iproute2.FORWARDING, where="cli")


def observed(output: str) -> list[MacState]:
    """Entries from `bridge fdb`."""
    return iproute2.forwarding(output)
