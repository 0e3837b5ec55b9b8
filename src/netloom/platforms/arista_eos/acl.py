"""Access lists."""

from __future__ import annotations

from netloom.model.acl import AclState
from netloom.platforms.arista_eos import show_access_lists

READ = show_access_lists.READ


def observed(*outputs: str) -> list[AclState]:
    """Every access list, as eAPI or the command line tells."""
    return show_access_lists.acls(outputs)
