"""Time by NTP."""

from __future__ import annotations

from netloom.model.ntp import NtpState
from netloom.platforms.arista_eos import show_ntp

READ = show_ntp.READ


def observed(*outputs: str) -> list[NtpState]:
    """Every association, as eAPI or the command line tells."""
    return show_ntp.associations(outputs)
