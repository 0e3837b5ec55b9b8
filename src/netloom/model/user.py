"""A person's or a program's account on a device (openconfig-aaa)."""

from __future__ import annotations

from dataclasses import dataclass

from netloom.model.noun import Noun, Record
from netloom.model.text import SecretText, Word


@dataclass(frozen=True, slots=True)
class User(Record):
    """An account as configured."""

    name: Word
    privilege: int | None = None
    """0–15, on systems that count."""
    roles: tuple[Word, ...] = ()
    """Roles, groups or, on Junos, the login class."""
    password_hash: SecretText | None = None
    """As the device shows it."""
    password_type: Word | None = None
    """How it is hashed, in the system's word: 5, 7, 8, 9, sha512, …; None where the hash itself says so."""
    ssh_keys: tuple[SecretText, ...] = ()
    """Public keys, in OpenSSH's form."""
    uid: int | None = None

    IDENTITY = ("name",)


@dataclass(frozen=True, slots=True)
class UserState(Record):
    """An account, or somebody who is logged in."""

    name: str
    privilege: int | None = None
    roles: tuple[str, ...] = ()
    ssh_keys: tuple[str, ...] = ()
    line: str | None = None
    """The terminal of somebody who is logged in."""
    address: str | None = None
    """Where they came from."""
    idle_s: int | None = None

    IDENTITY = ("name", "line")


NOUN = Noun("user", "users", record=User, state=UserState)
