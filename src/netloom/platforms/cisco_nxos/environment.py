"""What keeps a Nexus running."""

from __future__ import annotations

from netloom.model.environment import EnvironmentState
from netloom.platforms.cisco_nxos import show_environment, show_module, show_resources
from netloom.platforms.cisco_nxos.screens import telling
from netloom.platforms.contract import Read
from netloom.platforms.replies import Reader, merged

READ = (Read("show environment | json"), Read("show system resources | json"))

_READERS = (
    Reader(show_environment.KNOWS_REPLY, show_environment.part_replies),
    Reader(show_resources.KNOWS_REPLY, show_resources.part_replies),
    *show_module.READERS,
    Reader(show_environment.KNOWS, show_environment.parts),
    Reader(show_resources.KNOWS, show_resources.parts),
)


def observed(*outputs: str) -> list[EnvironmentState]:
    """Fans, temperatures, supplies, processors and memory."""
    return merged(telling(outputs), _READERS)
