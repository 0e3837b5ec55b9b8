"""What an EOS device says of its routing protocols."""

from __future__ import annotations

from netloom.lab.simulation.device import Command

COMMANDS: tuple[Command, ...] = ()
