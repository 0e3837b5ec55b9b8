"""The access lists of a Nexus."""

from __future__ import annotations

from netloom.model.acl import AclState
from netloom.platforms.cisco_nxos import show_access_lists
from netloom.platforms.replies import Reader, merged

READ = show_access_lists.READ

_READERS = (
    Reader(show_access_lists.KNOWS_REPLY, show_access_lists.list_replies),
    Reader(show_access_lists.KNOWS, show_access_lists.lists),
)


def observed(*outputs: str) -> list[AclState]:
    """Every list, with the matches of its rules."""
    return merged(outputs, _READERS)
