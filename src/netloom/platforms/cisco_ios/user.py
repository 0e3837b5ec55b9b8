"""Accounts of a Cisco IOS device, and who is logged in."""

from __future__ import annotations

import re
from dataclasses import replace

from netloom.errors import Unsupported
from netloom.model.config import Config, Line
from netloom.model.user import User, UserState
from netloom.platforms.cisco_ios import screen, show_users
from netloom.platforms.cisco_ios.change import change
from netloom.platforms.contract import Read

READ = Read("show users")
_USER = re.compile(r"username (\S+)(?: privilege (\d+))?(?: (?:nopassword|(secret|password) (?:(\d+) )?(\S.*)))?")
_BY_HASH = {"$1$": "5", "$8$": "8", "$9$": "9"}
_PASSWORDS = ("0", "6", "7")
_KINDS = ("0", "4", "5", "6", "7", "8", "9")


def configured(config: Config) -> list[User]:
    """Every local account; other lines about one are left to the unmodelled."""
    found = [user for text in config.tree if text.startswith("username ") and (user := _user(text))]
    return list({user.name: user for user in reversed(found)}.values())[::-1]


def lines(record: User, config: Config) -> list[Line]:
    """Its line, spelled as the configuration does."""
    shown = canonical(record)
    for text in config.tree:
        if text.startswith(f"username {record.name}") and _user(text) == shown:
            return [Line(text)]
    return [Line(_text(shown))]


def render(have: User | None, want: User | None, config: Config) -> list[Line]:
    """The least change; a secret cannot stand beside a password, so the old one goes first."""
    if want is not None:
        for field in ("roles", "ssh_keys", "uid"):
            if getattr(want, field) not in (None, ()):
                raise Unsupported(f"user {want.name}: IOS keeps no {field} in an account's line", device="")
        if (kind := canonical(want).password_type) is not None and kind not in _KINDS:
            raise ValueError(f"user {want.name}: expected a password_type of {', '.join(_KINDS)}, got {kind}")
    return change(have, want, config, lines)


def canonical(record: User) -> User:
    """The kind of a hash that says its kind itself; privilege 1 is the default."""
    kind = record.password_type
    if record.password_hash is not None:
        kind = _BY_HASH.get(record.password_hash[:3]) or kind or "0"
    return replace(record, password_type=kind, privilege=None if record.privilege == 1 else record.privilege)


def _user(text: str) -> User | None:
    match = _USER.fullmatch(text)
    if match is None:
        return None
    name, privilege, _, kind, word = match.groups()
    return canonical(User(name, int(privilege) if privilege else None, password_hash=word, password_type=kind))


def _text(user: User) -> str:
    text = f"username {user.name}"
    text += f" privilege {user.privilege}" if user.privilege is not None else ""
    if user.password_hash is None:
        return text
    word = "password" if user.password_type in _PASSWORDS else "secret"
    return f"{text} {word} {user.password_type} {user.password_hash}"


def observed(*outputs: str) -> list[UserState]:
    """Who is logged in."""
    return screen.records(outputs, show_users.READERS)
