"""Where a device's own difference of a candidate and the plan part."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from netloom.intent.secrecy import shown
from netloom.model.config import Line
from netloom.platforms.contract import Platform, Shift
from netloom.platforms.redaction import scrub

_FEW = 3

Part = tuple[Literal["adds", "removes"], str]
"""What becomes of a line, and the line with its secrets hidden."""


@dataclass(frozen=True, slots=True)
class Parting:
    """What only one of the two says."""

    unplanned: tuple[Part, ...] = ()
    """The device would do it, and the plan does not say so."""
    untold: tuple[Part, ...] = ()
    """The plan says so, and the device does not."""
    why: str = ""
    """Why they cannot be held against each other: the device's words are not understood."""

    def __str__(self) -> str:
        if self.why:
            return f"it is not understood: {self.why}"
        said = [_few("the device {0} {1!r}, which is not planned", self.unplanned)] if self.unplanned else []
        said += [_few("the device does not say that it {0} {1!r}", self.untold)] if self.untold else []
        return "; ".join(said)


@dataclass(frozen=True, slots=True)
class Look:
    """What one device says of its plan."""

    device: str
    state: Literal["agrees", "parts", "untold", "failed"]
    """`untold`: the system tells no difference of its own before a change."""
    difference: str = ""
    """In the device's own words, without secrets."""
    parting: Parting | None = None
    detail: str = ""
    error: Exception | None = None


def parting(platform: Platform, difference: str, base: str, predicted: str) -> Parting | None:
    """What parts a device's own difference from the plan; None where they agree, or nothing can be compared."""
    if platform.difference is None:
        return None
    try:
        compared = platform.difference(difference, platform.parse(base), platform.parse(predicted))
    except ValueError as exc:
        return Parting(why=scrub(str(exc), platform.secrets))
    if compared is None or compared[0] == compared[1]:
        return None
    told, ours = compared
    unplanned, untold = _unmatched(_excess(told, ours), _excess(ours, told), platform)
    return Parting(unplanned, untold) if unplanned or untold else None


def _excess(one: Shift, other: Shift) -> list[tuple[Literal["adds", "removes"], str]]:
    """What the first shifts further than the second."""
    found: list[tuple[Literal["adds", "removes"], str]] = []
    for text in sorted(one):
        by, only = one[text], other.get(text, 0)
        if by > max(only, 0):
            found.append(("adds", text))
        elif by < min(only, 0):
            found.append(("removes", text))
    return found


def _unmatched(
    unplanned: Sequence[Part], untold: Sequence[Part], platform: Platform
) -> tuple[tuple[Part, ...], tuple[Part, ...]]:
    """Without the lines that differ in a secret alone: a device may hash it anew, or with another salt."""
    both = [[(verb, shown(Line(text), platform.secrets)) for verb, text in parts] for parts in (unplanned, untold)]
    paired = Counter(part for part in both[0] if "…" in part[1]) & Counter(part for part in both[1] if "…" in part[1])
    return _without(both[0], paired.copy()), _without(both[1], paired.copy())


def _without(parts: Iterable[Part], paired: Counter[Part]) -> tuple[Part, ...]:
    """The parts that have no match; of a statement and what stands below it, what stands below."""
    left: list[Part] = []
    for part in parts:
        if paired[part] > 0:
            paired[part] -= 1
        else:
            left.append(part)
    return tuple(
        (verb, text) for verb, text in left if not any(verb == v and other.startswith(f"{text} ") for v, other in left)
    )


def _few(form: str, parts: Sequence[Part]) -> str:
    said = "; ".join(form.format(*part) for part in parts[:_FEW])
    more = len(parts) - _FEW
    return f"{said} (and {more} more)" if more > 0 else said
