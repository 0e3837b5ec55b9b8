"""Time by NTP."""

from __future__ import annotations

from netloom.model.ntp import NtpState
from netloom.platforms.contract import Read
from netloom.platforms.juniper_junos import show_ntp
from netloom.platforms.juniper_junos.outputs import Forms

READ = Read("show ntp associations no-resolve", rpc="<command>show ntp associations no-resolve</command>")

_FORMS: Forms[NtpState] = Forms({}, show_ntp.SCREENS)


def observed(*outputs: str) -> list[NtpState]:
    """`show ntp associations`."""
    return _FORMS.observed(outputs)
