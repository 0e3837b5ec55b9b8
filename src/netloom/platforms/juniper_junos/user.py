"""Who is logged in, and the accounts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from netloom.errors import Unsupported
from netloom.model.config import Config, Line, Tree
from netloom.model.user import User, UserState
from netloom.platforms.contract import Read
from netloom.platforms.juniper_junos import show_users
from netloom.platforms.juniper_junos.outputs import Forms
from netloom.platforms.juniper_junos.spelling import Words
from netloom.platforms.juniper_junos.statements import changed, lines_of, number, section, value

_ROOT = "root"
_KEYS = {"ssh-rsa": "ssh-rsa", "ssh-dsa": "ssh-dss", "ssh-ecdsa": "ecdsa-sha2-", "ssh-ed25519": "ssh-ed25519"}
"""Junos' statement for a public key → how the key itself begins."""


def configured(config: Config) -> list[User]:
    """Every account; root's stands apart and has no class."""
    system = section(config, "system")
    found = []
    for name, below in system.get("login", {}).get("user", {}).items():
        role = value(below, "class")
        secrets = below.get("authentication", {})
        found.append(_user(User(name, roles=(role,) if role else (), uid=number(below, "uid")), secrets))
    if "root-authentication" in system:
        found.append(_user(User(_ROOT), system["root-authentication"]))
    return found


def lines(record: User, config: Config) -> list[Line]:
    """Its statements."""
    return lines_of(_paths(record, config), config)


def render(have: User | None, want: User | None, config: Config) -> list[Line]:
    """The least change; root's account cannot go."""
    if want is None:
        return changed(config, [], [], [_home(have.name)] if have is not None and have.name != _ROOT else [])
    title = f"user {want.name}"
    if want.privilege is not None:
        raise Unsupported(f"{title}: Junos has classes, not numbers", device="", hint="state the class in roles")
    if want.name == _ROOT and (want.roles or want.uid is not None):
        raise Unsupported(f"{title}: Junos fixes the class and uid of root", device="")
    if want.name != _ROOT and len(want.roles) != 1:
        hint = "state one class in roles: super-user, operator, read-only, unauthorized or one of your own"
        raise Unsupported(f"{title}: Junos needs one login class, got {len(want.roles)}", device="", hint=hint)
    return changed(config, _paths(have, config) if have is not None else [], _paths(want, config))


def canonical(record: User) -> User:
    """Keys in order; a hash says itself how it was made."""
    return replace(record, ssh_keys=tuple(sorted(record.ssh_keys)), password_type=None)


def _user(record: User, secrets: Tree) -> User:
    keys = sorted(key for word in _KEYS for key in secrets.get(word, {}))
    return replace(record, password_hash=value(secrets, "encrypted-password"), ssh_keys=tuple(keys))


def _home(name: str) -> Words:
    return ("system", "root-authentication") if name == _ROOT else ("system", "login", "user", name)


def _paths(record: User, config: Config) -> list[Words]:
    home = _home(record.name)
    found: list[Words] = [home]
    found += [(*home, "class", role) for role in record.roles]
    if record.uid is not None:
        found.append((*home, "uid", str(record.uid)))
    base = home if record.name == _ROOT else (*home, "authentication")
    return found + list(_secret_paths(record, base, section(config, *base)))


def _secret_paths(record: User, base: Words, there: Tree) -> Iterator[Words]:
    if record.password_hash is not None:
        yield (*base, "encrypted-password", record.password_hash)
    for key in record.ssh_keys:
        known = [word for word in _KEYS if key in there.get(word, {})]
        word = next(iter(known), None) or next((word for word, start in _KEYS.items() if key.startswith(start)), None)
        if word is None:
            raise Unsupported(f"user {record.name}: Junos does not know keys such as {key.split()[0]}", device="")
        yield (*base, word, key)


READ = (
    Read("show system users | display xml | no-more", rpc="<get-system-users-information/>"),
    Read(
        "show configuration | display xml | no-more",
        rpc="<get-configuration database='committed'><configuration><system><login/></system></configuration>"
        "</get-configuration>",
    ),
)

_FORMS: Forms[UserState] = Forms(
    {
        "system-users-information": show_users.sessions,
        "configuration": show_users.accounts,
    },
    show_users.SCREENS,
)


def observed(*outputs: str) -> list[UserState]:
    """`show system users`, and the accounts of a configuration in XML."""
    return _FORMS.observed(outputs)
