"""Accounts of a Cisco IOS device, and who is logged in."""

from __future__ import annotations

from netloom.model.user import UserState
from netloom.platforms.cisco_ios import screen, show_users
from netloom.platforms.contract import Read

READ = Read("show users")


def observed(*outputs: str) -> list[UserState]:
    """Who is logged in."""
    return screen.records(outputs, show_users.READERS)
