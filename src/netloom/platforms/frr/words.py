"""Values out of FRR's lines."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable

from netloom.model.config import Tree

_KEEPALIVE, _HOLD = 60, 180


def value(lines: Iterable[str], beginning: str) -> str | None:
    """What follows a beginning in the first line that has it."""
    for text in lines:
        if text.startswith(beginning):
            return text[len(beginning) :]
    return None


def number(lines: Iterable[str], beginning: str) -> int | None:
    """The number that ends the first line with this beginning; None where it is not a number alone."""
    found = value(lines, beginning)
    return int(found) if found is not None and found.isdigit() else None


def word(lines: Iterable[str], beginning: str) -> str | None:
    """The one word that ends a line with this beginning; None where more follows."""
    found = value(lines, beginning)
    return found if found is not None and " " not in found else None


def existing(section: Tree, line: str) -> str:
    """The line of a section that begins so and says more, or the line itself."""
    if line in section:
        return line
    return next((text for text in section if text.startswith(f"{line} ")), line)


def one_line(text: str | None) -> str | None:
    """Free text as FRR keeps it: words with one space between them."""
    return " ".join(text.split()) or None if text is not None else None


def keepalive(seconds: int, hold_time: int) -> int:
    """The keepalive interval that FRR makes of the one asked for: at most a third of the hold time."""
    return min(seconds, hold_time // 3)


def timer_pair(seconds: int | None, hold_time: int | None) -> tuple[int, int] | None:
    """Keepalive and hold time as FRR shows them, None where neither is set."""
    if seconds is None and hold_time is None:
        return None
    hold_time = _HOLD if hold_time is None else hold_time
    return keepalive(_KEEPALIVE if seconds is None else seconds, hold_time), hold_time


def is_address(text: str) -> bool:
    """Whether a word is an IPv4 or IPv6 address."""
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def family_of(prefix: str) -> str:
    """`ip` or `ipv6`, as FRR's lines begin."""
    return "ipv6" if ":" in prefix else "ip"
