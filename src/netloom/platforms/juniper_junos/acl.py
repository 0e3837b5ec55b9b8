"""Firewall filters."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Literal

from netloom.errors import Unsupported
from netloom.model.acl import Acl, AclEntry, AclState
from netloom.model.config import Config, Line, Tree
from netloom.platforms.contract import Read
from netloom.platforms.juniper_junos import show_firewall
from netloom.platforms.juniper_junos.filter_terms import canonical_term, read_term, write_term
from netloom.platforms.juniper_junos.outputs import Forms
from netloom.platforms.juniper_junos.spelling import Words
from netloom.platforms.juniper_junos.statements import changed, lines_of, section
from netloom.platforms.juniper_junos.terms import numbered, told_apart
from netloom.platforms.juniper_junos.tree import active, below

Family = Literal["ipv4", "ipv6"]
_HOMES: dict[Family, tuple[Words, ...]] = {
    "ipv4": (("firewall", "family", "inet", "filter"), ("firewall", "filter")),
    "ipv6": (("firewall", "family", "inet6", "filter"),),
}
"""Where filters stand; older releases have those for IPv4 right below `firewall`."""


def configured(config: Config) -> list[Acl]:
    """Every filter of the two families with its terms in order."""
    found: dict[tuple[str, ...], Acl] = {}
    for family, home, name, under in _filters(config):
        record = Acl(name, family, entries=tuple(_entries(under, family)))
        if record.key not in found and _home(record, config) == home:
            found[record.key] = record
    return list(found.values())


def lines(record: Acl, config: Config) -> list[Line]:
    """The statements of its terms."""
    return lines_of(_paths(record, config), config)


def render(have: Acl | None, want: Acl | None, config: Config) -> list[Line]:
    """The least change; terms that come or move are put in their places."""
    if want is None:
        return changed(config, [], [], [(*_home(have, config), have.name)] if have is not None else [])
    for entry in want.entries:
        if entry.action is None:
            hint = "name the rule (`name`) instead"
            raise Unsupported(f"acl {want.name}, rule {entry.sequence}: Junos has no remarks", device="", hint=hint)
    entries = sorted(want.entries, key=lambda entry: entry.sequence)
    entries = [canonical_term(entry, want.family) for entry in entries]
    want = canonical(replace(want, entries=told_apart(f"acl {want.name}", entries)))
    base = (*_home(want, config), want.name, "term")
    gone = set(_names(have)) - set(_names(want)) if have is not None else set()
    before = _paths(have, config) if have is not None else []
    return changed(config, before, _paths(want, config), [(*base, name) for name in sorted(gone)])


def canonical(record: Acl) -> Acl:
    """Rules in order, numbered as the terms that they become."""
    entries = sorted(record.entries, key=lambda entry: entry.sequence)
    numbers = numbered(_names(replace(record, entries=tuple(entries))))
    made = [
        replace(canonical_term(entry, record.family), sequence=sequence, name=name)
        for entry, (sequence, name) in zip(entries, numbers, strict=True)
    ]
    return replace(record, type="extended", entries=tuple(made))


def _filters(config: Config) -> Iterator[tuple[Family, Words, str, Tree]]:
    for family, homes in _HOMES.items():
        for home in homes:
            for name, under in section(config, *home).items():
                yield family, home, name, under


def _home(record: Acl, config: Config) -> Words:
    homes = _HOMES[record.family]
    return next((home for home in homes if record.name in section(config, *home)), homes[0])


def _entries(under: Tree, family: Family) -> Iterator[AclEntry]:
    terms = under.get("term", {})
    for (sequence, name), term in zip(numbered(list(terms)), terms.values(), strict=True):
        yield canonical_term(read_term(AclEntry(sequence, name=name), term, family), family)


def _names(record: Acl) -> list[str]:
    return [entry.name or str(entry.sequence) for entry in record.entries]


def _paths(record: Acl, config: Config) -> list[Words]:
    """The filter, and every term with its statements."""
    base = (*_home(record, config), record.name)
    found: list[Words] = [base]
    for name, entry in zip(_names(record), record.entries, strict=True):
        path = (*base, "term", name)
        found.append(path)
        found += [(*path, *words) for words in write_term(entry, below(active(config), path), record.family)]
    return found


READ = Read("show firewall | display xml | no-more", rpc="<get-firewall-information/>")

_FORMS: Forms[AclState] = Forms({"firewall-information": show_firewall.acls}, show_firewall.SCREENS)


def observed(*outputs: str) -> list[AclState]:
    """`show firewall`: the counters of filters."""
    return _FORMS.observed(outputs)
