"""Numbers as people read them: three digits and a prefix, with the unit that they have."""

from __future__ import annotations

from math import isfinite

_PREFIXES = ((1e18, "E"), (1e15, "P"), (1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k"))
_WORDS = ("flows", "flows/s")
"""Units before which a prefix stands apart."""
_SMALL = ((1.0, ""), (1e-3, "m"), (1e-6, "µ"), (1e-9, "n"))


def quantity(value: float | None, unit: str = "", *, digits: int = 3) -> str:
    """`1.23 Gbit/s`, `12.3 k`, `4 %`; nothing for nothing."""
    if value is None or not isfinite(value):
        return ""
    if unit == "%" or (unit == "s" and abs(value) >= 1):
        return f"{plain(value, digits)} {unit}"
    number, prefix = scaled(value, digits, small=unit == "s")
    apart = " " if prefix and unit in _WORDS else ""
    return f"{number} {prefix}{apart}{unit}".rstrip()


def scaled(value: float, digits: int = 3, *, small: bool = False) -> tuple[str, str]:
    """The digits and the prefix: 1.23 and M."""
    size = abs(value)
    for scale, prefix in (*_PREFIXES, *(_SMALL if small and size else _SMALL[:1])):
        # 999,999 is 1 M rather than 1000 k
        if float(f"{size / scale:.{digits}g}") >= 1:
            return plain(value / scale, digits), prefix
    return plain(value, digits), ""


def plain(value: float, digits: int = 3) -> str:
    """Without a prefix and without an exponent."""
    rounded = float(f"{value:.{digits}g}")
    if rounded == int(rounded):
        return f"{int(rounded)}"
    whole = len(str(int(abs(rounded)))) if abs(rounded) >= 1 else 0
    return f"{rounded:.{max(digits - whole, 1) if abs(rounded) >= 0.1 else 6}f}".rstrip("0").rstrip(".")


def change_words(now: float, before: float) -> str:
    """How a number moved against what it was: `+12 %`, `new`, `gone`, `7.5x`."""
    if now == before:
        return "0 %"
    if not before:
        return "new"
    if not now:
        return "gone"
    if now / before >= 3:
        return f"{plain(now / before, 2)}x"
    return f"{(now / before - 1) * 100:+.{0 if abs(now / before - 1) >= 0.1 else 1}f} %"
