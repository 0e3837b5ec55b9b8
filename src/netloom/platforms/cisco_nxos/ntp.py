"""The time of a Nexus."""

from __future__ import annotations

from netloom.model.ntp import NtpState
from netloom.platforms.cisco_nxos import show_ntp
from netloom.platforms.replies import Reader, merged

READ = show_ntp.READ

_READERS = (
    Reader(show_ntp.KNOWS_REPLY, show_ntp.association_replies),
    Reader(show_ntp.KNOWS, show_ntp.associations),
)


def observed(*outputs: str) -> list[NtpState]:
    """Every server and peer."""
    return merged(outputs, _READERS)
