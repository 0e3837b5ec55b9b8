"""The port channels of a Cisco IOS device."""

from __future__ import annotations

from netloom.model.lag import LagState
from netloom.platforms.cisco_ios import screen, show_etherchannel
from netloom.platforms.contract import Read

READ = Read("show etherchannel summary")


def observed(*outputs: str) -> list[LagState]:
    """Every port channel and its members."""
    return screen.records(outputs, show_etherchannel.READERS)
