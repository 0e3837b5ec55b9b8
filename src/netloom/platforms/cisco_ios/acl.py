"""The access lists of a Cisco IOS device."""

from __future__ import annotations

from netloom.model.acl import AclState
from netloom.platforms.cisco_ios import screen, show_access_lists
from netloom.platforms.contract import Read

READ = (Read("show ip access-lists"), Read("show ipv6 access-list"))


def observed(*outputs: str) -> list[AclState]:
    """Every list, its rules and how often they matched."""
    return screen.records(outputs, show_access_lists.READERS)
