"""A channel of bytes to a device's terminal, whichever protocol carries it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from netloom.errors import DeviceError


class Receiver(Protocol):
    """Whom a channel tells what arrives."""

    def received(self, data: bytes) -> None:
        """Bytes arrived."""

    def lost(self, error: DeviceError) -> None:
        """The channel is gone; called once, also after `close`."""


class Channel(Protocol):
    """A terminal on the device."""

    newline: bytes
    """What the return key sends."""

    def write(self, data: bytes) -> None:
        """Send keys; never blocks, and does nothing once the channel is gone."""

    def close(self) -> None:
        """Hang up."""


@dataclass(frozen=True, slots=True)
class Completed:
    """A command that ran in a channel of its own."""

    stdout: bytes
    stderr: bytes
    status: int | None
    """The exit status; None where a signal ended it or the device gave none."""
