"""Accounts."""

from __future__ import annotations

from netloom.model.user import UserState
from netloom.platforms.arista_eos import show_users

READ = show_users.READ


def observed(*outputs: str) -> list[UserState]:
    """Accounts and who is logged in, as eAPI or the command line tells."""
    return show_users.users(outputs)
