"""Routing policies of a Junos device: their terms are named, and stand in order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from netloom.errors import Unsupported
from netloom.model.config import Config, Line, Tree
from netloom.model.route_map import RouteMap, RouteMapEntry
from netloom.platforms.juniper_junos.policy_terms import canonical_term, read_term, write_term
from netloom.platforms.juniper_junos.spelling import Words
from netloom.platforms.juniper_junos.statements import changed, lines_of, section
from netloom.platforms.juniper_junos.terms import numbered, told_apart
from netloom.platforms.juniper_junos.tree import active, below

LAST = 65535
"""The number of what a policy says after all terms, in none."""
_BASE = ("policy-options", "policy-statement")
_CANNOT = ("description", "match_acl", "match_next_hop", "set_weight")


def configured(config: Config) -> list[RouteMap]:
    """Every policy with its terms in order."""
    return [RouteMap(name, tuple(_entries(under, config))) for name, under in section(config, *_BASE).items()]


def lines(record: RouteMap, config: Config) -> list[Line]:
    """The statements of its terms."""
    return lines_of(_paths(record, config), config)


def render(have: RouteMap | None, want: RouteMap | None, config: Config) -> list[Line]:
    """The least change; terms that come or move are put in their places."""
    if want is None:
        return changed(config, [], [], [(*_BASE, have.name)] if have is not None else [])
    entries = [canonical_term(entry) for entry in sorted(want.entries, key=lambda entry: entry.sequence)]
    last = [entry for entry in entries if _is_last(entry)]
    terms = told_apart(f"route map {want.name}", [entry for entry in entries if not _is_last(entry)])
    want = canonical(replace(want, entries=(*terms, *last)))
    for entry in want.entries:
        _refuse(f"route map {want.name}, entry {entry.sequence}", entry, config)
    gone = set(_names(have)) - set(_names(want)) if have is not None else set()
    before = _paths(have, config) if have is not None else []
    leaving = [(*_BASE, want.name, "term", name) for name in sorted(gone) if name]
    return changed(config, before, _paths(want, config), leaving)


def canonical(record: RouteMap) -> RouteMap:
    """Entries in order, numbered as the terms that they become."""
    entries = [canonical_term(entry) for entry in sorted(record.entries, key=lambda entry: entry.sequence)]
    last = [entry for entry in entries if _is_last(entry)]
    terms = [entry for entry in entries if not _is_last(entry)]
    numbers = numbered([entry.name or str(entry.sequence) for entry in terms])
    made = [
        replace(entry, sequence=sequence, name=name) for entry, (sequence, name) in zip(terms, numbers, strict=True)
    ]
    return replace(record, entries=(*made, *last))


def _is_last(entry: RouteMapEntry) -> bool:
    return entry.sequence == LAST and entry.name is None


def _entries(under: Tree, config: Config) -> Iterator[RouteMapEntry]:
    terms = under.get("term", {})
    for (sequence, name), term in zip(numbered(list(terms)), terms.values(), strict=True):
        yield read_term(RouteMapEntry(sequence, "permit", name=name), term, config)
    last: Tree = {word: under[word] for word in ("from", "to", "then") if word in under}
    if last:
        yield read_term(RouteMapEntry(LAST, "permit"), last, config)


def _names(record: RouteMap) -> list[str]:
    """The terms' names; the statements after them have none."""
    return ["" if _is_last(entry) else entry.name or str(entry.sequence) for entry in record.entries]


def _paths(record: RouteMap, config: Config) -> list[Words]:
    home = (*_BASE, record.name)
    found: list[Words] = [home]
    for name, entry in zip(_names(record), record.entries, strict=True):
        path = (*home, "term", name) if name else home
        there = below(active(config), path)
        found += [path] if name else []
        found += [(*path, *words) for words in write_term(entry, there, config)]
    return found


def _refuse(place: str, entry: RouteMapEntry, config: Config) -> None:
    for field in _CANNOT:
        if getattr(entry, field) is not None:
            raise Unsupported(f"{place}: Junos has no {field}", device="")
    if entry.on_match not in (None, "next"):
        raise Unsupported(f"{place}: Junos goes to the next term only, got {entry.on_match!r}", device="")
    if entry.action == "deny" and entry.on_match is not None:
        raise ValueError(f"{place}: expected on_match with permit only, got deny")
    known = section(config, "policy-options", "community")
    for name in entry.set_community:
        if ":" in name and name not in known:
            hint = "define it with a template (policy-options community NAME members …) and name it here"
            raise Unsupported(f"{place}: Junos sets communities by name, got {name}", device="", hint=hint)
