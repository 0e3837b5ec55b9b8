"""What a static route changes in others: FRR keeps one tag for all next hops of a prefix at one distance."""

from __future__ import annotations

import re
from collections.abc import Callable

from netloom.model.config import Line
from netloom.platforms.rules import Sheet

_ROUTE = re.compile(r"(ip(?:v6)? route \S+ )(\S+(?: (?!tag )[^\d\s]\S*)?)( tag \d+)?( \d+)?")


def effect(draft: Sheet, line: Line) -> Callable[[], None] | None:
    """What is to be done after a line."""
    if not line.text.startswith(("ip route ", "ipv6 route ")):
        return None
    shown = draft.rules.section(line.path).shown(line.text)
    match = _ROUTE.fullmatch(shown or "")
    return (lambda: _share_tag(draft, line, match)) if match is not None else None


def _share_tag(draft: Sheet, line: Line, route: re.Match[str]) -> None:
    start, _, tag, distance = route.groups()
    for text in draft.starting(line.path, start):
        other = _ROUTE.fullmatch(text)
        if other is not None and other[4] == distance and other[3] != tag:
            draft.put(line.path, f"{start}{other[2]}{tag or ''}{distance or ''}", instead_of=text)
