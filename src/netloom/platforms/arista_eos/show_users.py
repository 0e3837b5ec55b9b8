"""Accounts and people logged in, as `show users accounts` and `show users` tell them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from netloom.model.user import UserState
from netloom.platforms.arista_eos import reply
from netloom.platforms.contract import Read
from netloom.platforms.json_output import Object, integer, items, members, text
from netloom.platforms.replies import Reader

READ = Read("show users accounts | json")

_ACCOUNT = re.compile(r"^user: *(?P<name>\S+)", re.MULTILINE | re.IGNORECASE)
_LABEL = re.compile(r"^ *(?P<label>role|privilege level|ssh public key): *(?P<value>.*?) *$", re.MULTILINE)
_HEAD = re.compile(r"^ *Line +User +Host\(s\) +Idle +Location", re.MULTILINE)
_ROW = re.compile(
    r"\*? *(?:\d+ +)?(?P<line>(?:con|vty|tty|pts|aux)[ /]?\d+|\S+) +(?P<user>\S+) +(?P<host>\S+) +"
    r"(?P<idle>\d+[:\w]*|-) +(?P<where>\S+)"
)


def users(outputs: tuple[str, ...]) -> list[UserState]:
    """Accounts, and who is logged in."""
    return reply.observed(outputs, READERS)


def _json(document: Object) -> Iterator[UserState]:
    if "users" not in document:
        raise ValueError(f"expected a reply about users, got members {', '.join(document)[:80]!r}")
    for name, values in members(document["users"]):
        role, key = text(values, "role"), text(values, "sshAuthorizedKey")
        yield UserState(
            name=text(values, "username") or name,
            privilege=integer(values, "privLevel"),
            roles=(role,) if role else (),
            ssh_keys=tuple(line for line in (key or "").splitlines() if line.strip()),
        )
    if isinstance(document["users"], list):
        yield from (_session(entry) for entry in items(document["users"]))


def _session(entry: Object) -> UserState:
    return UserState(
        name=text(entry, "user", "username") or "",
        line=text(entry, "line", "tty"),
        address=text(entry, "location", "host"),
        idle_s=integer(entry, "idleTime", "idle"),
    )


def _accounts(output: str) -> Iterator[UserState]:
    for head, body in reply.sections(_ACCOUNT, output):
        told = {match["label"]: match["value"] for match in _LABEL.finditer(body)}
        role, key = told.get("role", ""), told.get("ssh public key", "")
        yield UserState(
            name=head["name"],
            privilege=reply.integer(told.get("privilege level")),
            roles=(role,) if role and not role.startswith("<") else (),
            ssh_keys=(key,) if key and not key.startswith("<") else (),
        )


def _logged_in(output: str) -> Iterator[UserState]:
    for line in output.splitlines():
        row = _ROW.fullmatch(line.strip())
        if row and row["user"] != "User":
            yield UserState(
                name=row["user"],
                line=row["line"],
                address=None if row["where"] == "-" else row["where"],
                idle_s=reply.age(row["idle"]),
            )


READERS = (
    reply.json_reader(_json),
    Reader(_ACCOUNT, lambda output: list(_accounts(output))),
    Reader(_HEAD, lambda output: list(_logged_in(output))),
)
