"""What changed between two states of a noun."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from netloom.model.filter import Filter
from netloom.store.schema import STORE_COLUMNS, Table

VOLATILE: Mapping[str, frozenset[str]] = {
    "": frozenset(
        {
            "uptime_s",
            "last_change_s",
            "ttl_s",
            "in_octets",
            "in_packets",
            "in_errors",
            "in_discards",
            "out_octets",
            "out_packets",
            "out_errors",
            "out_discards",
        }
    ),
    "arp": frozenset({"state"}),
}
"""Columns that move by themselves, of every noun and of single nouns: they make no change."""

Row = dict[str, Any]
Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """One object that came, went or differs."""

    hostname: str
    key: Key
    """The record's identity as text."""
    action: Literal["added", "removed", "changed"]
    before: Row | None
    after: Row | None
    fields: tuple[str, ...] = ()
    """The columns that differ."""
    namespace: str = "default"


def changes(table: Table, before: Iterable[Row], after: Iterable[Row], question: Filter) -> list[Change]:
    """The changes between two states, of objects that the filter means before or after."""
    volatile = (VOLATILE[""] | VOLATILE.get(table.name, frozenset())) - set(table.identity)
    compared = [name for name in table.visible if name not in volatile and name not in STORE_COLUMNS]
    old, new = _by_key(table, before), _by_key(table, after)
    found = []
    for place in [*old, *(place for place in new if place not in old)]:
        had, has = old.get(place), new.get(place)
        if not any(row is not None and question.matches(row) for row in (had, has)):
            continue
        differing = tuple(name for name in compared if had and has and had[name] != has[name])
        if had is None or has is None or differing:
            action: Literal["added", "removed", "changed"] = "added" if not had else "changed" if has else "removed"
            namespace, hostname, key, _ = place
            found.append(Change(hostname, key, action, had, has, differing, namespace))
    return sorted(found, key=lambda change: (change.namespace, change.hostname))


def _by_key(table: Table, rows: Iterable[Row]) -> dict[tuple[str, str, Key, int], Row]:
    """Rows by their identity; of several with the same one the first meets the first."""
    count: dict[tuple[str, str, Key], int] = defaultdict(int)
    found = {}
    for row in rows:
        key = tuple("" if row[name] is None else str(row[name]) for name in table.identity)
        place = (row["namespace"], row["hostname"], key)
        found[*place, count[place]] = row
        count[place] += 1
    return found
