"""What devices say of a plan themselves, told beneath the plan and beside it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from netloom.intent.parting import Look, Parting
from netloom.intent.secrecy import printable

MARK = "¦"
"""Stands before the device's own words."""


def verdict(look: Look) -> str:
    """One line: whether the device says the same as the plan."""
    name = printable(look.device)
    return {
        "agrees": f"= {name}: its own difference says the same as the plan",
        "parts": f"! {name}: its own difference is another than the plan's: {printable(look.detail)}",
        "untold": f"? {name}: {printable(look.detail)}",
        "failed": f"! {name}: could not be asked: {printable(look.detail)}",
    }[look.state]


def beneath(look: Look) -> list[str]:
    """The device's own words and the verdict, for below the plan."""
    return [*(f"      {MARK} {line}" for line in look.difference.splitlines()), verdict(look)]


def beside(ours: Sequence[str], look: Look, width: int) -> list[str] | None:
    """The plan's lines and the device's own side by side; None where the width does not hold them."""
    theirs = look.difference.splitlines()
    left = max(map(len, ours), default=0)
    if not theirs or left + 3 + max(map(len, theirs)) > width:
        return None
    rows = max(len(ours), len(theirs))
    pairs = zip([*ours, *[""] * (rows - len(ours))], [*theirs, *[""] * (rows - len(theirs))], strict=True)
    return [f"{our:<{left}} {MARK} {their}".rstrip() for our, their in pairs] + [verdict(look)]


def look_data(look: Look) -> dict[str, Any]:
    """The same for programs."""
    return own_data(look.state, look.difference, look.parting, look.detail)


def own_data(state: str, difference: str, parting: Parting | None, detail: str) -> dict[str, Any]:
    """A device's own difference for programs: text without secrets, and what only one side says."""
    return {
        "state": state,
        "difference": difference,
        "unplanned": _parts(parting.unplanned) if parting is not None else [],
        "untold": _parts(parting.untold) if parting is not None else [],
        "detail": detail,
    }


def _parts(parts: Sequence[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"what": verb, "line": text} for verb, text in parts]
