"""What an SSH login comes to, whichever core tried it: the check of the host key, and errors that name the device."""

from __future__ import annotations

from netloom.errors import AuthenticationFailed, DeviceError, HostKeyChanged, OperationTimeout, Refused, Unreachable
from netloom.model.host import Access
from netloom.transports.host_keys import HostKeys, fingerprint

COLUMNS, ROWS = 511, 1000
"""Devices fold longer lines; some take no wider terminal than 511 columns."""
KEEPALIVE_S = 30
CHANNELS = 8
"""Commands at once on one connection; sshd's MaxSessions is 10."""


def default_port(access: Access) -> int:
    """The port of SSH itself, or of NETCONF over it (RFC 6242)."""
    return 830 if access.transport == "netconf" else 22


def check_host_key(access: Access, keys: HostKeys, algorithm: str, blob: bytes) -> HostKeyChanged | None:
    """Pin the key of a device that was never seen; the error where another one is pinned, or this one is revoked."""
    pinned = keys.pinned(access.name)
    offered = [known for known in pinned if known.fingerprint == fingerprint(blob)]
    if not pinned:
        keys.trust(access.name, algorithm, blob)
    elif not offered or any(known.revoked for known in offered):
        known = next((known for known in pinned if known.algorithm == algorithm), pinned[0])
        return HostKeyChanged(
            f"host key changed. Expected: {known.algorithm} {known.fingerprint}. "
            f"Actual: {algorithm} {fingerprint(blob)}. No credential was sent",
            device=access.name,
            hint=f"if you know why it changed: netloom trust {access.name}",
        )
    return None


def denied(access: Access) -> DeviceError:
    """The device takes none of the credentials."""
    return AuthenticationFailed(
        f"{_place(access)} accepts none of the credentials of {access.username or 'the default user'!r}",
        device=access.name,
    )


def too_slow(access: Access) -> DeviceError:
    """It is open, and no more."""
    return Unreachable(
        f"{_place(access)} is open, but no login within {access.connect_timeout_s:g} s", device=access.name
    )


def hung_up(access: Access, reason: object, *, authenticating: bool) -> DeviceError:
    """The connection was lost in the middle of the login."""
    if authenticating:
        return AuthenticationFailed(f"{_place(access)} hung up during the login: {reason}", device=access.name)
    return Refused(
        f"{_place(access)} hung up before the login: {reason}", device=access.name, hint="are all its lines busy?"
    )


def no_session(access: Access, reason: str | None) -> DeviceError:
    """The device opens no channel, for a reason of its own or without one in time."""
    if reason is None:
        return OperationTimeout(
            f"no session opened within {access.connect_timeout_s:g} s",
            device=access.name,
            hint="are all its lines busy?",
        )
    return Refused(f"the device opens no session: {reason}", device=access.name, hint="are all its lines busy?")


def shortened(command: str) -> str:
    """A command as messages have it."""
    return command if len(command) <= 60 else f"{command[:57]}…"


def _place(access: Access) -> str:
    return f"{access.address} port {access.port or default_port(access)}"
