"""Who is logged in (`show system users`), and the accounts of the configuration."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from netloom.model.user import UserState
from netloom.platforms.juniper_junos import notation
from netloom.platforms.replies import Reader
from netloom.platforms.xml_output import all_text, number_of, text, texts

if TYPE_CHECKING:
    from netloom.platforms.xml_output import Element

_HEADING = re.compile(r"^USER\s+TTY\s+FROM\s+LOGIN@?\s+IDLE", re.MULTILINE)
_ROW = re.compile(r"^(\S+)\s+(\S+)\s+(\S+)\s+(\S+)\s+(-|[\d:]+\S*)(?:\s|$)")


def sessions(reply: Element) -> Iterator[UserState]:
    """Everybody who is logged in."""
    for entry in reply.iter("user-entry"):
        idle = number_of(entry, "idle-time", "seconds")
        yield UserState(
            name=text(entry, "user") or "",
            line=text(entry, "tty"),
            address=_origin(text(entry, "from")),
            idle_s=idle if idle is not None else idle_seconds(text(entry, "idle-time")),
        )


def _origin(shown: str | None) -> str | None:
    return None if shown in (None, "-") else shown


def idle_seconds(shown: str | None) -> int | None:
    """`4:33` counts hours and minutes, `5` minutes, `2days` days."""
    if not shown or shown == "-":
        return 0 if shown == "-" else None
    if shown.isdigit():
        return int(shown) * 60
    hours, colon, minutes = shown.partition(":")
    if colon and hours.isdigit() and minutes.isdigit():
        return int(hours) * 3600 + int(minutes) * 60
    return notation.seconds(shown)


def accounts(configuration: Element) -> Iterator[UserState]:
    """The accounts, with their class as the role."""
    for user in configuration.iterfind("system/login/user"):
        role = text(user, "class")
        yield UserState(name=text(user, "name") or "", roles=(role,) if role else (), ssh_keys=tuple(keys(user)))
    for root in configuration.iterfind("system/root-authentication"):
        yield UserState(name="root", roles=("super-user",), ssh_keys=tuple(keys(root)))


def keys(account: Element) -> Iterator[str]:
    """An account's SSH keys, in the order of the configuration."""
    for element in account.iter():
        if str(element.tag).startswith("ssh-"):
            found = texts(element, "name")
            yield from found or filter(None, [" ".join(all_text(element).split())])


def screen(shown: str) -> list[UserState]:
    """The table of who is logged in."""
    match = _HEADING.search(shown)
    rows = (_ROW.match(line) for line in shown[match.end() if match else 0 :].splitlines())
    return [
        UserState(name=row[1], line=row[2], address=_origin(row[3]), idle_s=idle_seconds(row[5])) for row in rows if row
    ]


SCREENS: tuple[Reader[UserState], ...] = (Reader(_HEADING, screen),)
