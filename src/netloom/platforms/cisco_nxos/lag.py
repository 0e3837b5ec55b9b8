"""The port channels of a Nexus."""

from __future__ import annotations

from netloom.model.lag import LagState
from netloom.platforms.cisco_nxos import show_port_channel
from netloom.platforms.contract import Read
from netloom.platforms.replies import Reader, merged

READ = Read("show port-channel summary | json")

_READERS = (
    Reader(show_port_channel.KNOWS_REPLY, show_port_channel.lag_replies),
    Reader(show_port_channel.KNOWS, show_port_channel.lags),
)


def observed(*outputs: str) -> list[LagState]:
    """Every port channel, with its members."""
    return merged(outputs, _READERS)
