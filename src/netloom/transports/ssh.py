"""SSH to devices (RFC 4251–4254): terminals, subsystems, commands and files, by whichever core suits a device.

A password over modern algorithms takes the thin core (ssh_thin), which costs a fraction of the processor time; keys,
agents, jump hosts, files and whatever is older take asyncssh (ssh_full). What a device gets to see is the same.
"""

from __future__ import annotations

from typing import Protocol

from netloom.model.host import Access
from netloom.transports.channel import Channel, Completed, Receiver
from netloom.transports.host_keys import HostKeys


class SshConnection(Protocol):
    """An authenticated connection that opens channels."""

    @property
    def closed(self) -> bool:
        """Whether the connection broke or was hung up."""

    async def open_shell(self, receiver: Receiver) -> Channel:
        """A terminal with the login shell."""
        ...

    async def open_subsystem(self, name: str, receiver: Receiver) -> Channel:
        """A channel to one of the server's subsystems, such as `netconf`."""
        ...

    async def store(self, path: str, data: bytes) -> None:
        """Write a file on the device by SFTP; raises DeviceError."""

    async def execute(self, command: str, *, stdin: bytes = b"", timeout_s: float | None = None) -> Completed:
        """Run a command in a channel of its own, without a terminal."""
        ...

    def abort(self) -> None:
        """Hang up without a word."""

    async def close(self) -> None:
        """Hang up, and on the jump hosts as well."""


async def connect_ssh(access: Access, keys: HostKeys) -> SshConnection:
    """Connect and log in, over the jump hosts if any; raises DeviceError with the device at fault."""
    if _is_plain(access):
        from netloom.transports.ssh_thin import Unsuited, connect_thin  # noqa: PLC0415 - cryptography is slow to import

        try:
            return await connect_thin(access, keys)
        except Unsuited:
            pass
    from netloom.transports.ssh_full import connect_full  # noqa: PLC0415 - asyncssh is slow to import

    return await connect_full(access, keys)


def _is_plain(access: Access) -> bool:
    """Whether the thin core knows all that this login needs."""
    return (
        access.password is not None
        and access.private_key is None
        and access.jump is None
        and not access.legacy_algorithms
    )
