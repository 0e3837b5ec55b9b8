"""BGP communities as FRR spells and sorts them (RFC 1997, RFC 8326, RFC 7999)."""

from __future__ import annotations

from collections.abc import Iterable

_WELL_KNOWN = {
    "internet": 0,
    "graceful-shutdown": 0xFFFF0000,
    "accept-own": 0xFFFF0001,
    "route-filter-translated-v4": 0xFFFF0002,
    "route-filter-v4": 0xFFFF0003,
    "route-filter-translated-v6": 0xFFFF0004,
    "route-filter-v6": 0xFFFF0005,
    "llgr-stale": 0xFFFF0006,
    "no-llgr": 0xFFFF0007,
    "accept-own-nexthop": 0xFFFF0008,
    "blackhole": 0xFFFF029A,
    "no-export": 0xFFFFFF01,
    "no-advertise": 0xFFFFFF02,
    "local-AS": 0xFFFFFF03,
    "no-peer": 0xFFFFFF04,
}
_NAMES = {number: name for name, number in _WELL_KNOWN.items()}
_NUMBERS = {name.lower(): number for name, number in _WELL_KNOWN.items()}


def spelled(communities: Iterable[str]) -> tuple[str, ...]:
    """Sorted by number, well-known ones by name, `additive` last."""
    words = list(communities)
    numbers = sorted({_number(word) for word in words if word not in ("additive", "none")})
    shown = [_NAMES.get(number, f"{number >> 16}:{number & 0xFFFF}") for number in numbers]
    return (*shown, *(word for word in ("none", "additive") if word in words))


def _number(word: str) -> int:
    if word.lower() in _NUMBERS:
        return _NUMBERS[word.lower()]
    high, colon, low = word.partition(":")
    parts = (high, low) if colon else ("0", high)
    if not all(part.isdigit() for part in parts):
        raise ValueError(f"expected a community such as 65000:1 or no-export, got {word!r}")
    return (int(parts[0]) << 16) + int(parts[1])
