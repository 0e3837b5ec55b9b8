"""What devices say of a plan themselves, told beneath the plan and beside it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from netloom.intent.change import Outcome
from netloom.intent.own_words import hidden, untold
from netloom.intent.parting import Look, Parting
from netloom.intent.secrecy import printable
from netloom.platforms.contract import load_platform

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
    return [*(f"      {MARK} {line}" for line in _quoted(look)), verdict(look)]


def beside(ours: Sequence[str], look: Look, width: int) -> list[str] | None:
    """The plan's lines and the device's own side by side; None where the width does not hold them."""
    theirs = _quoted(look)
    left = max(map(len, ours), default=0)
    if not theirs or left + 3 + max(map(len, theirs)) > width:
        return None
    rows = max(len(ours), len(theirs))
    pairs = zip([*ours, *[""] * (rows - len(ours))], [*theirs, *[""] * (rows - len(theirs))], strict=True)
    return [f"{our:<{left}} {MARK} {their}".rstrip() for our, their in pairs] + [verdict(look)]


def _quoted(look: Look) -> list[str]:
    """The device's own words under their title."""
    if not look.difference:
        return []
    return [f"{printable(look.device)} in its own words:", *look.difference.splitlines()]


def look_data(look: Look) -> dict[str, Any]:
    """The same for programs: text without secrets, and what only one side says."""
    parting = look.parting or Parting()
    return {
        "state": look.state,
        "difference": look.difference,
        "unplanned": _parts(parting.unplanned),
        "untold": _parts(parting.untold),
        "detail": look.detail,
    }


def look_of(outcome: Outcome) -> Look | None:
    """What a device said of its candidate in the course of a change; None where it came to none, or has none."""
    plan = outcome.plan
    if not outcome.difference and outcome.parting is None:
        return None
    platform = load_platform(plan.platform)
    shown = hidden(platform, outcome.difference, (outcome.base, plan.predicted))
    if outcome.parting is not None:
        after = ", although what runs is as planned" if platform.told_afterwards is not None else ""
        return Look(plan.device, "parts", shown, outcome.parting, f"{outcome.parting}{after}")
    if untold(platform, outcome.difference):
        return Look(plan.device, "untold", shown, detail="its release cannot compare before a change")
    return Look(plan.device, "agrees", shown)


def _parts(parts: Sequence[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"what": verb, "line": text} for verb, text in parts]
