"""Processors, memory, fans, sensors and supplies of a Cisco IOS device."""

from __future__ import annotations

from netloom.model.environment import EnvironmentState
from netloom.platforms.cisco_ios import screen, show_environment, show_module, show_processes
from netloom.platforms.contract import Read

READ = (Read("show processes cpu"), Read("show processes memory sorted"), Read("show environment all"))
COMPLEMENT = True
_READERS = (*show_processes.READERS, *show_module.READERS, *show_environment.READERS)


def observed(*outputs: str) -> list[EnvironmentState]:
    """One record a part."""
    return screen.records(outputs, _READERS)
