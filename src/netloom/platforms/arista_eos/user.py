"""Accounts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from netloom.errors import Unsupported
from netloom.model.config import Config, Line
from netloom.model.user import User, UserState
from netloom.platforms.arista_eos import show_users
from netloom.platforms.arista_eos.change import change
from netloom.platforms.arista_eos.rules import rules_of
from netloom.platforms.lines import apply_lines

READ = show_users.READ

_USER = re.compile(
    r"username (?P<name>\S+)(?: privilege (?P<privilege>\d+))?(?: role (?P<role>\S+))?(?: shell (?P<shell>\S+))?"
    r"(?: (?:(?P<open>nopassword)|secret (?:(?P<type>0|5|8a|\*|sha512) )?(?P<secret>\S+)))?"
)
_KEY = re.compile(r"username (\S+) ssh-?key( secondary)? (.+)")
_OPEN = "nopassword"
_HASHES = {"$6$": "sha512", "$1$": "5"}
_PRIVILEGE = 1


def configured(config: Config) -> list[User]:
    """Every account; `nopassword` is a type of password."""
    return [user for user, _ in _users(config)]


def lines(record: User, config: Config) -> list[Line]:
    """The account's line and those of its keys, spelled as the configuration does."""
    shown = canonical(record)
    present = {user.name: match for user, match in _users(config)}.get(record.name)
    shell = f" shell {present['shell']}" if present is not None and present["shell"] else ""
    privilege = shown.privilege
    if privilege is None and present is not None and present["privilege"] == str(_PRIVILEGE):
        privilege = _PRIVILEGE
    text = f"username {shown.name}"
    text += f" privilege {privilege}" if privilege is not None else ""
    text += f" role {shown.roles[0]}" if shown.roles else ""
    text += shell
    if shown.password_type == _OPEN:
        text += f" {_OPEN}"
    elif shown.password_hash is not None:
        text += f" secret {shown.password_type + ' ' if shown.password_type else ''}{shown.password_hash}"
    return [Line(text), *(Line(key) for key in _key_texts(shown, config))]


def render(have: User | None, want: User | None, config: Config) -> list[Line]:
    """The least change; a line about a user keeps what it does not say, so that a role that goes, goes by itself."""
    if want is not None:
        _refuse(canonical(want))
    first = _losses(have, want) if have is not None and want is not None else []
    if have is None or want is None or not first:
        return change(have, want, config, lines)
    kept = replace(have, roles=have.roles if want.roles else (), privilege=want.privilege and have.privilege)
    return [*first, *change(kept, want, apply_lines(config, first, rules_of(config)), lines)]


def canonical(record: User) -> User:
    """Without the default privilege; the hash's type as EOS says it."""
    secret = record.password_hash
    found = next((name for start, name in _HASHES.items() if secret and secret.startswith(start)), None)
    return replace(
        record,
        privilege=None if record.privilege == _PRIVILEGE else record.privilege,
        password_type=record.password_type or found,
    )


def losses(have: Config, want: Config) -> list[Line]:
    """What takes roles and privileges away that accounts have and are not to have."""
    wanted = {user.name: user for user, _ in _users(want)}
    pairs = ((user, wanted[user.name]) for user, _ in _users(have) if user.name in wanted)
    return [line for user, other in pairs for line in _losses(user, other)]


def _losses(have: User, want: User) -> list[Line]:
    """What is said to take a role or a privilege away."""
    gone = [Line(f"no username {have.name} role")] if have.roles and not want.roles else []
    if canonical(have).privilege is not None and canonical(want).privilege is None:
        gone.append(Line(f"username {have.name} privilege {_PRIVILEGE}"))
    return gone


def _users(config: Config) -> Iterator[tuple[User, re.Match[str]]]:
    for text in config.tree:
        if not text.startswith("username ") or not (match := _USER.fullmatch(text)):
            continue
        keys = (key[3] for line in config.tree if (key := _KEY.fullmatch(line)) and key[1] == match["name"])
        yield (
            canonical(
                User(
                    name=match["name"],
                    privilege=int(match["privilege"]) if match["privilege"] else None,
                    roles=(match["role"],) if match["role"] else (),
                    password_hash=match["secret"],
                    password_type=match["open"] or match["type"],
                    ssh_keys=tuple(keys),
                )
            ),
            match,
        )


def _key_texts(record: User, config: Config) -> Iterator[str]:
    present = {(match[1], match[3]): text for text in config.tree if (match := _KEY.fullmatch(text))}
    for at, key in enumerate(record.ssh_keys):
        plain = f"username {record.name} ssh-key {'secondary ' if at else ''}{key}"
        yield present.get((record.name, key), plain)


def _refuse(want: User) -> None:
    title = f"user {want.name}"
    if want.uid is not None:
        raise Unsupported(f"{title}: EOS chooses the uid", device="")
    if len(want.roles) > 1:
        raise Unsupported(f"{title}: EOS gives a user one role, got {', '.join(want.roles)}", device="")
    if len(want.ssh_keys) > 2:
        raise Unsupported(f"{title}: EOS keeps two keys, got {len(want.ssh_keys)}", device="")
    if want.password_hash is None and want.password_type != _OPEN:
        raise ValueError(f"{title}: expected a password_hash, or password_type: {_OPEN}, got neither")
    if want.password_hash is not None and want.password_type in (None, "0"):
        hint = "give it as the switch shows it, with password_type: sha512"
        raise Unsupported(f"{title}: EOS hides passwords, so that this one could not be verified", device="", hint=hint)


def observed(*outputs: str) -> list[UserState]:
    """Accounts and who is logged in, as eAPI or the command line tells."""
    return show_users.users(outputs)
