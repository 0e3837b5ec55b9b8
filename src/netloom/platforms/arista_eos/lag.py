"""Link aggregates."""

from __future__ import annotations

from netloom.model.lag import LagState
from netloom.platforms.arista_eos import show_port_channel

READ = show_port_channel.READ


def observed(*outputs: str) -> list[LagState]:
    """Every aggregate, as eAPI or the command line tells."""
    return show_port_channel.lags(outputs)
