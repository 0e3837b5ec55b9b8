"""The order of changes: what is named stands before what names it, and goes after it."""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from dataclasses import dataclass

from netloom.intent.merge import natural
from netloom.model.noun import Record

Name = tuple[str, tuple[str, ...]]
"""A noun and a key."""

LATER = {"ospf_interface": "ospf", "switchport": "vlan", "interface": "vlan"}
"""Nouns whose records stand in objects of another, or carry them, without naming each."""

MAIN = ("bgp", ("default",))
"""An instance whose AS number those in VRFs have, on some systems."""


@dataclass(frozen=True, slots=True)
class Change:
    """One object that is to change."""

    noun: str
    key: tuple[str, ...]
    before: Record | None
    after: Record | None
    reason: str

    @property
    def name(self) -> Name:
        """What others name it by."""
        return self.noun, self.key


def ordered(changes: Sequence[Change]) -> list[Change]:
    """Creations and updates with the referred first, then deletions with the referrers first.

    An interface that goes and holds an address that another takes has to go before.
    """
    living = [change for change in changes if change.after is not None]
    taken = {address for change in living for address in _gained(change)}
    dying = [change for change in changes if change.after is None]
    early = [change for change in dying if change.noun == "interface" and taken & _lost(change)]
    late = [change for change in dying if change not in early]
    return [*reversed(_sorted(early)), *_sorted(living), *reversed(_sorted(late))]


def _sorted(changes: Sequence[Change]) -> list[Change]:
    """Topologically, ties by name; a cycle is cut at its first name."""
    known = {change.name: change for change in changes}
    waits = {name: _needs(change, known) for name, change in known.items()}
    rank = {name: at for at, name in enumerate(sorted(known, key=lambda name: (name[0], natural(name[1]))))}
    feeds: dict[Name, list[Name]] = {name: [] for name in known}
    for name, needs in waits.items():
        for needed in needs:
            feeds[needed].append(name)
    ready = [(rank[name], name) for name, needs in waits.items() if not needs]
    heapq.heapify(ready)
    made: list[Change] = []
    while waits:
        if not ready:
            name = _cut(waits, rank)
            heapq.heappush(ready, (rank[name], name))
        _, name = heapq.heappop(ready)
        if waits.pop(name, None) is None:
            continue
        made.append(known[name])
        for waiting in feeds[name]:
            if waiting in waits:
                waits[waiting].discard(name)
                if not waits[waiting]:
                    heapq.heappush(ready, (rank[waiting], waiting))
    return made


def _cut(waits: dict[Name, set[Name]], rank: dict[Name, int]) -> Name:
    """The first name of a cycle; what merely waits for the cycle is not in it."""
    trail: list[Name] = [min(waits, key=lambda name: rank[name])]
    while True:
        name = min(waits[trail[-1]], key=lambda needed: rank[needed])
        if name in trail:
            return min(trail[trail.index(name) :], key=lambda member: rank[member])
        trail.append(name)


def _needs(change: Change, known: dict[Name, Change]) -> set[Name]:
    record = change.after or change.before
    assert record is not None  # noqa: S101 - a change has one side at least
    named = {(ref.noun, ref.key) for ref in record.refs if (ref.noun, ref.key) in known} - {change.name}
    around = {name for name in known if name[0] == LATER.get(change.noun)}
    if change.noun == MAIN[0] and MAIN in known and change.name != MAIN:
        around.add(MAIN)
    return named | _frees(change, known) | around


def _frees(change: Change, known: dict[Name, Change]) -> set[Name]:
    """An address that moves leaves its old interface before the new one takes it."""
    gained = _gained(change) if change.noun == "interface" else set()
    if not gained:
        return set()
    others = [other for name, other in known.items() if name != change.name and other.noun == "interface"]
    return {other.name for other in others if gained & _lost(other)}


def _gained(change: Change) -> set[str]:
    return set(getattr(change.after, "addresses", ())) - set(getattr(change.before, "addresses", ()))


def _lost(change: Change) -> set[str]:
    return set(getattr(change.before, "addresses", ())) - set(getattr(change.after, "addresses", ()))
