"""Durations as FRR prints them."""

from __future__ import annotations

import re

_SECONDS = {"y": 365 * 86400, "w": 7 * 86400, "d": 86400, "h": 3600, "m": 60, "s": 1}


def seconds(words: str | None) -> int | None:
    """00:01:02, 1d02h03m, 01w2d03h or 1y02w3d in seconds; None for `never` and for what is none of these."""
    if words is None:
        return None
    words = words.strip()
    if clock := re.fullmatch(r"(\d+):(\d\d):(\d\d)", words):
        hours, minutes, rest = (int(part) for part in clock.groups())
        return hours * 3600 + minutes * 60 + rest
    if re.fullmatch(r"(?:\d+[ywdhms])+", words):
        return sum(int(count) * _SECONDS[unit] for count, unit in re.findall(r"(\d+)([ywdhms])", words))
    return None
