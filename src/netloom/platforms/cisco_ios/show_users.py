"""`show users`: who is logged in."""

from __future__ import annotations

import re
from collections.abc import Iterator

from netloom.model.user import UserState
from netloom.platforms.durations import seconds
from netloom.platforms.replies import Reader

_HEADER = re.compile(r"(?m)^ *Line +User +Host\(s\) +Idle +Location")
_ROW = re.compile(
    r"^(?P<start>\s*\*?\s*\d+ +(?P<line>(?:con|aux|tty|vty) +\d+(?:/\d+)*))(?P<between>.*?)\s"
    r"(?P<idle>(?:\d+:)?\d+:\d\d|(?:\d+[ywdh])+|never)(?:\s+(?P<location>\S+))?\s*$"
)
_BEGINS = re.compile(r"^\s*\*?\s*\d+ +(?:con|aux|tty|vty) ")
_SESSION = re.compile(
    r"^ *(?P<interface>V[it]\S*) +(?P<user>\S+) +(?P<mode>PPP\w*|\S+) +(?P<idle>\d+:\d\d:\d\d|-|\S+)"
    r"(?: +(?P<peer>[\d.]+))?\s*$"
)


def _users(text: str) -> Iterator[UserState]:
    header = _HEADER.search(text)
    host_at = header[0].index("Host(s)") if header else 0
    for line in text.splitlines():
        if row := _ROW.match(line):
            idle = row["idle"]
            yield UserState(
                name=_user(row, host_at),
                line=" ".join(row["line"].split()),
                address=row["location"],
                idle_s=seconds(idle),
            )
        elif session := _SESSION.match(line):
            yield UserState(name=session["user"], line=session["interface"], address=session["peer"])
        elif _BEGINS.match(line):
            raise ValueError(f"expected somebody who is logged in, got {line.strip()[:100]!r}")


def _user(row: re.Match[str], host_at: int) -> str:
    """The word before the host's column; a console may be open without a user."""
    words = list(re.finditer(r"\S+", row["between"]))
    if not words or (len(words) == 1 and len(row["start"]) + words[0].start() >= host_at):
        return ""
    return words[0][0]


READERS = (Reader(_HEADER, _users),)
