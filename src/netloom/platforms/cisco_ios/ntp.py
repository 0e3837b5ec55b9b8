"""Time by NTP on a Cisco IOS device."""

from __future__ import annotations

from netloom.model.ntp import NtpState
from netloom.platforms.cisco_ios import screen, show_ntp
from netloom.platforms.contract import Read

READ = Read("show ntp associations")


def observed(*outputs: str) -> list[NtpState]:
    """One association a server."""
    return screen.records(outputs, show_ntp.READERS)
