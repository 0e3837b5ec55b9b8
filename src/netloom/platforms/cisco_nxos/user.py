"""The accounts of a Nexus."""

from __future__ import annotations

import re
from dataclasses import replace

from netloom.errors import Unsupported
from netloom.model.config import Config, Line
from netloom.model.user import User, UserState
from netloom.platforms.cisco_nxos import show_users
from netloom.platforms.cisco_nxos.change import change
from netloom.platforms.cisco_nxos.screens import telling
from netloom.platforms.replies import Reader, merged

READ = show_users.READ

_READERS = (
    Reader(show_users.KNOWS_REPLY, show_users.user_replies),
    Reader(show_users.KNOWS, show_users.users),
)


_PASSWORD = re.compile(r"username (\S+) password (?:(\d) )?(\S+)(?: +role (\S+))?(?: .*)?")
_ROLE = re.compile(r"username (\S+) role (\S+)")
_KEY = re.compile(r"username (\S+) sshkey (.+)")
_BUILT_IN = "admin"
"""NX-OS does not let it go."""
_HASHED = ("5", "8", "9")
_WORDS = ("username ",)


def configured(config: Config) -> list[User]:
    """Every account, with all lines that name it."""
    found: dict[str, User] = {}
    for text in config.tree:
        if not text.startswith(_WORDS):
            continue
        if match := _PASSWORD.fullmatch(text):
            known = found.get(match[1], User(match[1]))
            roles = (match[4], *known.roles) if match[4] else known.roles
            found[match[1]] = replace(known, password_type=match[2], password_hash=match[3], roles=roles)
        elif match := _ROLE.fullmatch(text):
            known = found.get(match[1], User(match[1]))
            found[match[1]] = replace(known, roles=(*known.roles, match[2]))
        elif match := _KEY.fullmatch(text):
            known = found.get(match[1], User(match[1]))
            found[match[1]] = replace(known, ssh_keys=(*known.ssh_keys, match[2].strip()))
    return list(found.values())


def lines(record: User, config: Config) -> list[Line]:
    """The line of the password, which names the first role, then the other roles and the key."""
    start = f"username {record.name}"
    texts, roles = [], list(record.roles)
    if record.password_hash is not None:
        shown = _shown(record.name, config)
        first = shown[4] if shown and shown[4] in roles else roles[0] if roles else None
        hashed = f"{record.password_type} " if record.password_type else ""
        text = f"{start} password {hashed}{record.password_hash}" + (f"  role {first}" if first else "")
        same = (record.password_type, record.password_hash, first)
        texts.append(shown[0] if shown is not None and shown.group(2, 3, 4) == same else text)
        roles = [role for role in roles if role != first]
    texts += [f"{start} role {role}" for role in roles]
    texts += [f"{start} sshkey {key}" for key in record.ssh_keys]
    return [Line(text) for text in texts]


def render(have: User | None, want: User | None, config: Config) -> list[Line]:
    """The least change; lost roles are taken away by name, for a new password line only adds its own."""
    if want is None:
        return [Line(f"no username {have.name}")] if have is not None and have.name != _BUILT_IN else []
    if want != have:
        _check(want)
    found = change(have, want, config, lines)
    lost = [role for role in (have.roles if have is not None else ()) if role not in want.roles]
    for role in lost:
        undo = Line(f"no username {want.name} role {role}")
        if undo not in found:
            found.append(undo)
    return found


def canonical(record: User) -> User:
    """Roles in order."""
    return replace(record, roles=tuple(sorted(set(record.roles))))


def _shown(name: str, config: Config) -> re.Match[str] | None:
    """The line that holds the password."""
    matches = (_PASSWORD.fullmatch(text) for text in config.tree if text.startswith(f"username {name} password "))
    return next(filter(None, matches), None)


def _check(want: User) -> None:
    if want.privilege is not None or want.uid is not None:
        raise Unsupported(
            f"user {want.name}: NX-OS has roles, no privilege and no uid", device="", hint="wish for roles"
        )
    if len(want.ssh_keys) > 1:
        raise Unsupported(f"user {want.name}: NX-OS keeps one SSH key, not {len(want.ssh_keys)}", device="")
    if want.password_hash is not None and want.password_type not in _HASHED:
        raise ValueError(
            f"expected password_type 5, 8 or 9 and the hash that the device shows, got {want.password_type!r}"
        )
    if want.password_hash is None and not want.roles and not want.ssh_keys:
        raise ValueError("expected a password_hash, a role or an ssh_key, for NX-OS shows no account without one")


def observed(*outputs: str) -> list[UserState]:
    """Accounts, or who is logged in."""
    return merged(telling(outputs), _READERS)
