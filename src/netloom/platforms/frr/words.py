"""Values as FRR's lines hold them."""

from __future__ import annotations

_KEEPALIVE, _HOLD = 60, 180


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


def family_of(prefix: str) -> str:
    """`ip` or `ipv6`, as FRR's lines begin."""
    return "ipv6" if ":" in prefix else "ip"
