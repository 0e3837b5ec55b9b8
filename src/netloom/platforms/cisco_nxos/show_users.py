"""`show user-account` and `show users`: accounts, and who is logged in."""

from __future__ import annotations

import re

from netloom.model.user import UserState
from netloom.platforms.cisco_nxos.screens import age, sections
from netloom.platforms.cisco_nxos.tables import everywhere, holds, replies, texts, word
from netloom.platforms.contract import Read
from netloom.platforms.json_output import Object

READ = Read("show user-account | json")
KNOWS_REPLY = holds(r"usr_name|TABLE_template|TABLE_sessions|TABLE_users|p_name")
KNOWS = re.compile(r"^user:|^NAME\s+LINE\s+TIME", re.MULTILINE)

_ACCOUNT = re.compile(r"^user:[ \t]*(\S+)[ \t]*$", re.MULTILINE)
_ROLES = re.compile(r"^\s*roles?:[ \t]*(.*?)[ \t]*$", re.MULTILINE)
_KEY = re.compile(r"^\s*(?:ssh public key:)?\s*((?:ssh|ecdsa)-\S+ [A-Za-z0-9+/=]+)", re.MULTILINE)
_SESSION = re.compile(
    r"^(\S+)\s+(\S+)\s+(\w{3}\s+\d+\s+\d+:\d+(?::\d+)?)\s+(\S+)\s+(\d+)[ \t]*(.*?)[ \t]*$", re.MULTILINE
)
_FROM = re.compile(r"\(([0-9a-fA-F.:]+)\)")
_PRIVILEGES = {"network-admin": 15, "vdc-admin": 15}


def users(output: str) -> list[UserState]:
    """Accounts or sessions, whichever the screen lists."""
    if _ACCOUNT.search(output):
        return [_account(match[1], body) for match, body in sections(output, _ACCOUNT)]
    return [
        UserState(name=name, line=line, address=match[1] if (match := _FROM.search(rest)) else None, idle_s=_idle(idle))
        for name, line, _, idle, _, rest in _SESSION.findall(output)
    ]


def _account(name: str, body: str) -> UserState:
    roles = tuple(role for text in _ROLES.findall(body) for role in text.split())
    return UserState(name=name, privilege=privilege(roles), roles=roles, ssh_keys=tuple(_KEY.findall(body)))


def user_replies(output: str) -> list[UserState]:
    """Accounts or sessions of the replies."""
    found: list[UserState] = []
    for reply in replies(output):
        found += [_account_reply(name, row) for row in everywhere(reply, "template") if (name := word(row, "usr_name"))]
        found += [
            UserState(name=name, line=word(row, "line", "p_line"), address=word(row, "address"))
            for row in everywhere(reply, "sessions|users")
            if (name := word(row, "name", "p_name"))
        ]
    return found


def _account_reply(name: str, row: Object) -> UserState:
    roles = tuple(role for source in (row, *everywhere(row, "role")) for role in texts(source, "role"))
    keys = tuple(_KEY.findall(word(row, "sshkey_info") or ""))
    return UserState(name=name, privilege=privilege(roles), roles=roles, ssh_keys=keys)


def privilege(roles: tuple[str, ...]) -> int | None:
    """The level of the roles that stand for one."""
    levels = [_PRIVILEGES[role] for role in roles if role in _PRIVILEGES]
    levels += [int(role.removeprefix("priv-")) for role in roles if re.fullmatch(r"priv-\d+", role)]
    return max(levels, default=None)


def _idle(text: str) -> int | None:
    """`.` is just now; `old` is more than a day, which the device does not count."""
    return 0 if text == "." else age(f"{text}:00" if re.fullmatch(r"\d+:\d+", text) else text)
