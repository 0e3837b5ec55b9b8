"""Interfaces' names as NAPALM expands them, and as the device printed them."""

from __future__ import annotations

import re

from netloom.platforms.cisco_ios import screen

_EXPANDED = {"HundredGigE": "HundredGigabitEthernet", "TwentyFiveGigE": "TwentyFiveGigE"}


def expanded(name: str) -> str:
    """A shortened name in full; NAPALM spells some kinds otherwise than IOS does."""
    long = screen.interface(name)
    kind = re.match(r"[A-Za-z-]+", long)
    return f"{_EXPANDED[kind[0]]}{long[kind.end() :]}" if kind and kind[0] in _EXPANDED else long
