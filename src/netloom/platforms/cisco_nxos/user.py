"""The accounts of a Nexus."""

from __future__ import annotations

from netloom.model.user import UserState
from netloom.platforms.cisco_nxos import show_users
from netloom.platforms.replies import Reader, merged

READ = show_users.READ

_READERS = (
    Reader(show_users.KNOWS_REPLY, show_users.user_replies),
    Reader(show_users.KNOWS, show_users.users),
)


def observed(*outputs: str) -> list[UserState]:
    """Accounts, or who is logged in."""
    return merged(outputs, _READERS)
