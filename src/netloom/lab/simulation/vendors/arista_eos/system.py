"""What an EOS device says of itself, its ports and its surroundings."""

from __future__ import annotations

from netloom.lab.simulation.device import Command

COMMANDS: tuple[Command, ...] = ()
